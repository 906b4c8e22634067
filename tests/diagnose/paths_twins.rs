//! Two roots of one name, one on each side: no path may run through both, and the right one misleads nobody.

use crate::support;
use mtlscope::capture::{AtHand, Side, Slot, Trust};
use mtlscope::diagnose::{
    CauseId, Certainty, ChainInput, CheckKind, DropReason, NearMissKind, Outcome, PathOutcome, PathReport,
    PathsInput, explain_chain, paths,
};
use support::paths::{der, told};
use support::pki::{minted, now};

/// The client judges a server whose root is `root`; `trusted` is in its store, the other on the server's side.
fn report(trusted: &str) -> PathReport {
    let pki = minted(
        r#"[(name: "root", subject: "Mesh Root", is_ca: true), (name: "twin", subject: "Mesh Root", is_ca: true),
            (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true),
            (name: "leaf", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"])]"#,
    );
    let der = |name: &str| pki.find(name).expect("minted").certificate.der.clone();
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
            within: None,
            wrapping: None,
            der: der(other),
        }],
        clock_unix_s: trust.clock_unix_s,
    })
}

#[test]
fn a_root_at_hand_ends_its_path_and_completes_nothing() {
    let report = report("twin");
    let outcomes: Vec<(usize, DropReason)> = report
        .paths
        .iter()
        .map(|path| match &path.outcome {
            PathOutcome::Dropped(dropped) => {
                assert!(!dropped.words.contains("completes"), "{}", dropped.words);
                (path.steps.len(), dropped.why)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        outcomes,
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
    assert_eq!(report.paths[0].outcome, PathOutcome::Taken);
    assert!(report.near_misses.is_empty(), "{:?}", report.near_misses);
    assert!(!report.is_worth_telling());
}

/// A CA with two certificates of one key, the one that was sent by a root that nobody here trusts: what is missing is the
/// other one, and neither the root of the first nor any new trust.
#[test]
fn the_other_certificate_of_a_cross_signed_ca_is_what_is_missing() {
    let pki = minted(
        r#"[(name: "old", subject: "Root 1", organization: "Acme", is_ca: true), (name: "new", subject: "Root 2", organization: "Acme", is_ca: true),
            (name: "by-old", subject: "Issuer", issuer: "old", is_ca: true),
            (name: "by-new", subject: "Issuer", issuer: "new", is_ca: true, key_of: "by-old"),
            (name: "leaf", subject: "payments", issuer: "by-old", sans: ["DNS:payments.shop.svc"])]"#,
    );
    let der = |name: &str| pki.find(name).expect("minted").certificate.der.clone();
    let trust = Trust {
        roots: vec![der("old")],
        clock_unix_s: now(),
        ..Trust::default()
    };
    let chain = [der("leaf"), der("by-new")];
    let at_hand: Vec<AtHand> = ["by-old", "new"]
        .into_iter()
        .map(|name| AtHand {
            side: None,
            slot: Slot::Known,
            file: Some(format!("{name}.pem")),
            entry: 0,
            line: Some(1),
            within: None,
            wrapping: None,
            der: der(name),
        })
        .collect();
    let explained = explain_chain(
        &ChainInput {
            chain: &chain,
            trust: Some(&trust),
            judge: Side::Client,
            at_hand: &[],
            clock_unix_s: trust.clock_unix_s,
            key_in_use: None,
            possession: None,
        },
        &at_hand,
        None,
    );
    let first = &explained.causes[0];
    assert_eq!(
        (first.id, first.certainty),
        (CauseId::MissingIntermediate, Certainty::Proven),
        "{:?}",
        explained.causes
    );
    assert!(
        first
            .detail
            .contains("Another certificate of Issuer, by Root 1, lies in by-old.pem"),
        "{}",
        first.detail
    );
    let commands: Vec<&String> = first
        .remedies
        .iter()
        .flat_map(|remedy| &remedy.commands)
        .collect();
    assert!(
        commands.iter().all(|command| !command.contains("new.pem"))
            && commands.iter().any(|command| command.contains("by-old.pem")),
        "{commands:?}"
    );
    // The signature of what ends the path is known, and said not to be judged.
    let row = explained
        .judgement
        .matrix
        .iter()
        .find(|row| row.check == CheckKind::Signature && row.outcome == Outcome::Unknown)
        .expect("the path ends there");
    assert!(
        row.detail.contains("by Root 2, which is at hand"),
        "{}",
        row.detail
    );
    // And the root of the path that would hold is not "another CA of the same organisation".
    let report = paths(&PathsInput {
        chain: &chain,
        trust: Some(&trust),
        judge: Side::Client,
        at_hand: &at_hand,
        clock_unix_s: trust.clock_unix_s,
    });
    assert!(
        report
            .near_misses
            .iter()
            .all(|miss| miss.kind != NearMissKind::SimilarName),
        "{:?}",
        report.near_misses
    );
}

/// A certificate past its time; what lies at hand in its stead, and what is said of it.
#[test]
fn what_counts_as_a_renewal() {
    let recipes = r#"[
        (name: "root", subject: "Mesh Root", is_ca: true), (name: "strange", subject: "Elsewhere", is_ca: true),
        (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true),
        (name: "worn-issuer", subject: "Mesh Issuer", issuer: "root", key_of: "issuer", is_ca: true, from_hours: -90, until_hours: -48),
        (name: "rekeyed-issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true),
        (name: "worn", subject: "payments", issuer: "issuer", from_hours: -90, until_hours: -48),
        (name: "early", subject: "payments", issuer: "issuer", key_of: "worn", from_hours: 10, until_hours: 48),
        (name: "worn-again", subject: "payments", issuer: "issuer", key_of: "worn", from_hours: -80, until_hours: -1),
        (name: "same-key", subject: "payments", issuer: "issuer", key_of: "worn"),
        (name: "other-key", subject: "payments", issuer: "issuer"),
        (name: "by-another", subject: "payments", issuer: "strange"),
        (name: "same-key-by-another", subject: "payments", issuer: "strange", key_of: "worn"),
        (name: "other-name", subject: "refunds", issuer: "issuer", key_of: "worn"),
    ]"#;
    let pki = minted(recipes);
    let key = Some("the same name and key, valid until");
    let issuer = Some("the same name and issuer, with a key of its own, valid until");
    for (sent, known, words) in [
        ("worn", &["same-key"][..], key),
        ("worn", &["other-key"], issuer),
        ("worn", &["same-key-by-another"], key),
        // In whichever order they lie there, the one of the same key: nothing but the certificate changes then.
        ("worn", &["other-key", "same-key"], key),
        ("worn", &["same-key", "other-key"], key),
        // Another key from another issuer is another certificate.
        ("worn", &["by-another"], None),
        ("worn", &["other-name"], None),
        ("worn", &["worn-again"], None),
        ("worn", &["early"], None),
        ("worn", &[], None),
        // One that is not yet valid has a twin as well, and one that is valid needs none.
        ("early", &["same-key"], key),
        ("same-key", &["other-key"], None),
        ("worn-issuer", &["issuer"], key),
        // A CA with another key is another CA.
        ("worn-issuer", &["rekeyed-issuer"], None),
        ("worn-issuer", &["rekeyed-issuer", "issuer"], key),
    ] {
        let leaf = if sent == "worn-issuer" { "same-key" } else { sent };
        let chain = match sent {
            "worn-issuer" => vec![leaf, sent],
            _ => vec![sent, "issuer"],
        };
        let report = told(&pki, &chain, Some(&["root"]), known);
        let renewals: Vec<_> = report
            .near_misses
            .iter()
            .filter(|miss| miss.kind == NearMissKind::ExpiredTwin)
            .collect();
        assert_eq!(
            renewals.len(),
            usize::from(words.is_some()),
            "{sent}, {known:?}: {renewals:?}"
        );
        if let (Some(words), [miss]) = (words, renewals.as_slice()) {
            assert!(miss.words.contains(words), "{sent}, {known:?}: {}", miss.words);
            let is_same_key = Some(words) == key;
            let twin = known.iter().find(|name| {
                is_same_key == name.contains("same-key") || **name == "issuer" || known.len() == 1
            });
            let wanted = mtlscope::pki::sha256_hex(&der(&pki, twin.expect("it lies there")));
            assert_eq!(miss.candidate.sha256, wanted, "{sent}, {known:?}");
        }
    }
}

/// Of one name and key, one signed by itself and one by another CA, where neither is trusted.
#[test]
fn a_twin_that_signed_itself_is_told_once_and_only_where_it_helps() {
    let pki = minted(
        r#"[(name: "root", subject: "Mesh Root", is_ca: true), (name: "old", subject: "Old Root", is_ca: true),
            (name: "cross", subject: "Mesh Root", key_of: "root", issuer: "old", is_ca: true),
            (name: "leaf", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"])]"#,
    );
    let twins = |sent: &[&str], trust: Option<&[&str]>, known: &[&str]| {
        let report = told(&pki, sent, trust, known);
        let misses = report.near_misses.iter();
        misses
            .filter(|miss| miss.kind == NearMissKind::SelfSignedTwin)
            .count()
    };
    assert_eq!(twins(&["leaf", "root"], Some(&["old"]), &["cross"]), 1);
    assert_eq!(twins(&["leaf", "cross"], Some(&["old"]), &["root"]), 1);
    assert_eq!(
        twins(&["leaf", "root", "cross"], Some(&["old"]), &[]),
        1,
        "not once from each"
    );
    assert_eq!(twins(&["leaf", "root"], Some(&["root"]), &["cross"]), 0);
    assert_eq!(twins(&["leaf", "root"], None, &["cross"]), 0);
    assert_eq!(twins(&["leaf", "root"], Some(&["old"]), &[]), 0);
    assert_eq!(twins(&["leaf", "root"], Some(&["old"]), &["root"]), 0);
}
