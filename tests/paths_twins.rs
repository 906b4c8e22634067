//! Two roots of one name, one on each side: no path may run through both, and the right one misleads nobody.
#![allow(missing_docs, reason = "a test")]

mod support;

use mtlscope::capture::{AtHand, Der, Side, Slot, Trust};
use mtlscope::diagnose::{DropReason, NearMissKind, PathFate, PathReport, PathsInput, paths};
use support::pki::{minted, now};

/// The client judges a server whose root is `root`; `trusted` is in its store, the other on the server's side.
fn report(trusted: &str) -> PathReport {
    let pki = minted(
        r#"[(name: "root", subject: "Mesh Root", is_ca: true), (name: "twin", subject: "Mesh Root", is_ca: true),
            (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true),
            (name: "leaf", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"])]"#,
    );
    let der = |name: &str| Der::from(pki.find(name).expect("minted").certificate.der.clone());
    let other = if trusted == "root" { "twin" } else { "root" };
    let trust = Trust {
        roots: vec![der(trusted)],
        clock_unix_s: now(),
        ..Trust::default()
    };
    paths(&PathsInput {
        chain: &[der("leaf"), der("issuer")],
        trust: Some(&trust),
        judge: Side::Client,
        at_hand: &[AtHand {
            side: Some(Side::Server),
            slot: Slot::Trust,
            file: Some("server-ca.pem".to_owned()),
            entry: 0,
            line: None,
            der: der(other),
        }],
        clock_unix_s: trust.clock_unix_s,
    })
}

#[test]
fn a_root_at_hand_ends_its_path_and_completes_nothing() {
    let report = report("twin");
    let fates: Vec<(usize, DropReason)> = report
        .paths
        .iter()
        .map(|path| match &path.fate {
            PathFate::Dropped(dropped) => {
                assert!(!dropped.words.contains("completes"), "{}", dropped.words);
                (path.steps.len(), dropped.why)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        fates,
        [(3, DropReason::KeyIdDiffers), (3, DropReason::RootNotTrusted)]
    );
    let kinds: Vec<NearMissKind> = report.near_misses.iter().map(|miss| miss.kind).collect();
    assert_eq!(
        kinds,
        [NearMissKind::SameNameOtherKey, NearMissKind::IssuerInOtherSlot]
    );
}

#[test]
fn an_impostor_on_the_other_side_is_no_near_miss_of_a_good_chain() {
    let report = report("root");
    assert_eq!(report.paths.len(), 1, "{:?}", report.paths);
    assert_eq!(report.paths[0].fate, PathFate::Taken);
    assert!(report.near_misses.is_empty(), "{:?}", report.near_misses);
    assert!(!report.is_worth_telling());
}
