//! A PKI laid out, and every path through it.

use mtlscope::capture::{AtHand, Der, Side, Slot, Trust};
use mtlscope::diagnose::{DropReason, NearMiss, NearMissKind, PathOutcome, PathReport, PathsInput, paths};
use mtlscope::pki::Minted;
use mtlscope::source::oracle;

use super::pki::{minted, now};

/// What lies where, by the recipes' names.
#[derive(Default)]
pub struct Place<'a> {
    pub sent: &'a [&'a str],
    pub trust: &'a [&'a str],
    /// In `old.pem`, known to nobody.
    pub known: &'a [&'a str],
    /// What the sender trusts.
    pub peer_trust: &'a [&'a str],
}

pub fn der(pki: &Minted, name: &str) -> Der {
    pki.find(name).expect("minted").certificate.der.clone()
}

pub fn at_hand(pki: &Minted, names: &[&str], side: Option<Side>, slot: Slot, file: &str) -> Vec<AtHand> {
    names
        .iter()
        .enumerate()
        .map(|(entry, name)| AtHand {
            side,
            slot,
            file: Some(file.to_owned()),
            entry,
            line: Some(1),
            within: None,
            wrapping: None,
            der: der(pki, name),
        })
        .collect()
}

/// The report of a client that judges a server; and rustls agrees with it.
pub fn report(recipes: &str, place: &Place<'_>) -> PathReport {
    report_of(&minted(recipes), place)
}

pub fn report_of(pki: &Minted, place: &Place<'_>) -> PathReport {
    let chain: Vec<Der> = place.sent.iter().map(|name| der(pki, name)).collect();
    let trust = Trust {
        roots: place.trust.iter().map(|name| der(pki, name)).collect(),
        expected_name: None,
        clock_unix_s: now(),
        ..Trust::default()
    };
    let mut hand = at_hand(
        pki,
        place.sent,
        Some(Side::Server),
        Slot::Certificate,
        "server.pem",
    );
    hand.extend(at_hand(
        pki,
        place.trust,
        Some(Side::Client),
        Slot::Trust,
        "ca.pem",
    ));
    hand.extend(at_hand(
        pki,
        place.peer_trust,
        Some(Side::Server),
        Slot::Trust,
        "peer-ca.pem",
    ));
    hand.extend(at_hand(pki, place.known, None, Slot::Known, "old.pem"));
    let report = paths(&PathsInput {
        chain: &chain,
        trust: Some(&trust),
        judge: Side::Client,
        at_hand: &hand,
        clock_unix_s: trust.clock_unix_s,
    });
    let is_taken = report.paths.iter().any(|path| path.outcome == PathOutcome::Taken);
    // A trust without a name lets rustls skip purposes: those are asked of a server that judges.
    let verdict = oracle::judge(&chain, &trust, Side::Client);
    assert!(
        !is_taken || verdict.is_ok(),
        "rustls: {verdict:?}, ours: {report:#?}"
    );
    report
}

/// What is told of `sent` where `known` lies at hand and `trust` is the client's store; `None`: it is not known.
pub fn told(pki: &Minted, sent: &[&str], trust: Option<&[&str]>, known: &[&str]) -> PathReport {
    let ders = |names: &[&str]| -> Vec<Der> { names.iter().map(|name| der(pki, name)).collect() };
    let trust = trust.map(|names| Trust {
        roots: ders(names),
        clock_unix_s: now(),
        ..Trust::default()
    });
    paths(&PathsInput {
        chain: &ders(sent),
        trust: trust.as_ref(),
        judge: Side::Client,
        at_hand: &at_hand(pki, known, None, Slot::Known, "old.pem"),
        clock_unix_s: now(),
    })
}

pub fn outcomes(report: &PathReport) -> Vec<(Vec<&str>, &str)> {
    report
        .paths
        .iter()
        .map(|path| {
            let names = path.steps.iter().map(|step| step.name.as_str()).collect();
            let outcome = match &path.outcome {
                PathOutcome::Taken => "taken",
                PathOutcome::Dropped(dropped) => dropped.why.word(),
                PathOutcome::NotKnown => "not-known",
            };
            (names, outcome)
        })
        .collect()
}

pub fn words(report: &PathReport, why: DropReason) -> &str {
    report
        .paths
        .iter()
        .find_map(|path| match &path.outcome {
            PathOutcome::Dropped(dropped) if dropped.why == why => Some(dropped.words.as_str()),
            _ => None,
        })
        .unwrap_or_else(|| panic!("no {why:?}: {:?}", outcomes(report)))
}

pub fn miss(report: &PathReport, kind: NearMissKind) -> &NearMiss {
    report
        .near_misses
        .iter()
        .find(|miss| miss.kind == kind)
        .unwrap_or_else(|| panic!("no {kind:?}: {:#?}", report.near_misses))
}

pub const ROOT: &str = r#"(name: "root", subject: "Mesh Root", is_ca: true)"#;
pub const ISSUER: &str = r#"(name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true)"#;

pub fn with(more: &str) -> String {
    format!("[{ROOT}, {ISSUER}, {more}]")
}

pub fn leaf(issuer: &str) -> String {
    format!(
        r#"(name: "leaf", subject: "payments", issuer: "{issuer}", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"])"#
    )
}
