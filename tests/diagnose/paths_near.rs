//! What nearly fits: each kind of near miss once, on a PKI made for it.

use crate::support;
use mtlscope::capture::{Der, Side, Trust};
use mtlscope::diagnose::{CauseId, DropReason, NearMissKind, PathsInput, StepFrom, paths};
use support::paths::*;
use support::pki::{minted, now};

#[test]
fn what_was_not_sent_is_found_and_named_with_its_file() {
    let report = report(
        &with(&leaf("issuer")),
        &Place {
            sent: &["leaf"],
            trust: &["root"],
            known: &["issuer"],
            ..Place::default()
        },
    );
    assert_eq!(
        outcomes(&report),
        [(vec!["payments", "Mesh Issuer", "Mesh Root"], "not-sent")]
    );
    let told = words(&report, DropReason::NotSent);
    assert!(told.contains("old.pem") && told.contains("completes"), "{told}");
    let miss = miss(&report, NearMissKind::IssuerInOtherSlot);
    assert_eq!(miss.candidate_from.file.as_deref(), Some("old.pem"));
}

#[test]
fn a_root_that_the_judge_does_not_trust_and_the_other_side_does() {
    let pki = with(&format!(
        r#"(name: "other", subject: "Elsewhere", is_ca: true), {}"#,
        leaf("issuer")
    ));
    let report = report(
        &pki,
        &Place {
            sent: &["leaf", "issuer"],
            trust: &["other"],
            peer_trust: &["root"],
            ..Place::default()
        },
    );
    let told = words(&report, DropReason::RootNotTrusted);
    assert!(told.contains("the server trusts (peer-ca.pem)"), "{told}");
    let miss = miss(&report, NearMissKind::IssuerInOtherSlot);
    assert_eq!(
        (miss.differs[0].has.as_str(), miss.differs[0].wanted.as_str()),
        ("server's trust", "client's trust")
    );
    assert_eq!(
        report
            .near_miss(&miss.child, CauseId::UnknownIssuer)
            .map(|miss| miss.kind),
        Some(NearMissKind::IssuerInOtherSlot)
    );
}

#[test]
fn nobody_has_the_issuer() {
    let pki = with(&format!(
        r#"(name: "other", subject: "Elsewhere", is_ca: true), {}"#,
        leaf("issuer")
    ));
    let report = report(
        &pki,
        &Place {
            sent: &["leaf"],
            trust: &["other"],
            ..Place::default()
        },
    );
    assert_eq!(
        outcomes(&report),
        [(vec!["payments", "Mesh Issuer"], "issuer-not-at-hand")]
    );
    assert_eq!(report.paths[0].steps[1].from.from, StepFrom::Absent);
    assert!(report.near_misses.is_empty(), "{:#?}", report.near_misses);
}

#[test]
fn the_same_name_with_another_key() {
    let pki = with(&format!(
        r#"(name: "twin", subject: "Mesh Root", is_ca: true), {}"#,
        leaf("issuer")
    ));
    let report = report(
        &pki,
        &Place {
            sent: &["leaf", "issuer"],
            trust: &["twin"],
            ..Place::default()
        },
    );
    let told = words(&report, DropReason::KeyIdDiffers);
    assert!(told.contains("Mesh Issuer was signed by a “Mesh Root”"), "{told}");
    let miss = miss(&report, NearMissKind::SameNameOtherKey);
    assert_eq!(miss.same, [("subject", "CN=Mesh Root".to_owned())]);
    assert_eq!(miss.differs[0].what, "key identifier");
    assert_ne!(miss.differs[0].has, miss.differs[0].wanted);
    assert!(miss.words.contains("ca.pem"), "{}", miss.words);
}

#[test]
fn a_damaged_signature_has_no_other_key() {
    let pki = with(
        r#"(name: "leaf", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], damage: Signature)"#,
    );
    let report = report(
        &pki,
        &Place {
            sent: &["leaf", "issuer"],
            trust: &["root"],
            ..Place::default()
        },
    );
    let told = words(&report, DropReason::SignatureFails);
    assert!(told.contains("not the work of"), "{told}");
}

#[test]
fn a_name_that_reads_the_same_in_another_string_type() {
    let pki = format!(
        r#"[{ROOT}, (name: "printable", subject: "Mesh Root", key_of: "root", is_printable: true, is_ca: true), {}]"#,
        leaf("root")
    );
    let report = report(
        &pki,
        &Place {
            sent: &["leaf"],
            trust: &["printable"],
            ..Place::default()
        },
    );
    let miss = miss(&report, NearMissKind::NameEncodingDiffers);
    assert_eq!(
        (miss.differs[0].has.as_str(), miss.differs[0].wanted.as_str()),
        ("PrintableString", "UTF8String")
    );
    assert!(
        miss.words.contains("its key made the signature"),
        "{}",
        miss.words
    );
}

#[test]
fn one_organisation_and_the_wrong_one_of_its_two_authorities() {
    let pki = format!(
        r#"[(name: "cluster", subject: "cluster-ca v0", organization: "io.strimzi", is_ca: true),
            (name: "clients", subject: "clients-ca v0", organization: "io.strimzi", is_ca: true), {}]"#,
        leaf("cluster")
    );
    let report = report(
        &pki,
        &Place {
            sent: &["leaf"],
            trust: &["clients"],
            ..Place::default()
        },
    );
    let miss = miss(&report, NearMissKind::SimilarName);
    assert_eq!(
        (miss.differs[0].has.as_str(), miss.differs[0].wanted.as_str()),
        ("clients-ca v0", "cluster-ca v0")
    );
    assert_eq!(miss.same, [("organisation", "O=io.strimzi".to_owned())]);
}

#[test]
fn the_key_is_there_under_another_name() {
    let pki = format!(
        r#"[{ROOT}, (name: "renamed", subject: "Shop Authority", key_of: "root", is_ca: true), {}]"#,
        leaf("root")
    );
    let report = report(
        &pki,
        &Place {
            sent: &["leaf"],
            trust: &["renamed"],
            ..Place::default()
        },
    );
    let miss = miss(&report, NearMissKind::SameKeyOtherName);
    assert_eq!(miss.candidate_name, "Shop Authority");
}

#[test]
fn leaf_and_issuer_have_changed_places() {
    let report = report(
        &with(&leaf("issuer")),
        &Place {
            sent: &["issuer", "leaf"],
            trust: &["root"],
            ..Place::default()
        },
    );
    assert_eq!(outcomes(&report)[0].1, "leaf-is-ca");
    let miss = miss(&report, NearMissKind::SwappedOrder);
    assert_eq!(
        (miss.child_name.as_str(), miss.candidate_name.as_str()),
        ("Mesh Issuer", "payments")
    );
    assert_eq!(miss.differs[0].has, "2nd in the chain");
}

#[test]
fn a_renewed_one_lies_at_hand() {
    let pki = with(&format!(
        r#"(name: "worn", subject: "Mesh Issuer", key_of: "issuer", issuer: "root", is_ca: true, from_hours: -90, until_hours: -48), {}"#,
        leaf("issuer")
    ));
    let report = report(
        &pki,
        &Place {
            sent: &["leaf", "worn"],
            trust: &["root"],
            known: &["issuer"],
            ..Place::default()
        },
    );
    let miss = miss(&report, NearMissKind::ExpiredTwin);
    assert!(miss.words.contains("lies in old.pem"), "{}", miss.words);
    assert_eq!(miss.differs[0].what, "validity");
    // The path through the renewed one is told as well.
    assert!(words(&report, DropReason::NotSent).contains("old.pem"));
    assert!(words(&report, DropReason::Expired).contains("Mesh Issuer"));
}

#[test]
fn a_root_that_signed_itself_and_was_signed_by_another() {
    let pki = format!(
        r#"[{ROOT}, (name: "old", subject: "Old Root", is_ca: true),
            (name: "cross", subject: "Mesh Root", key_of: "root", issuer: "old", is_ca: true), {}]"#,
        leaf("root")
    );
    let report = report(
        &pki,
        &Place {
            sent: &["leaf", "root"],
            trust: &["old"],
            known: &["cross"],
            ..Place::default()
        },
    );
    let miss = miss(&report, NearMissKind::SelfSignedTwin);
    assert_eq!(
        (miss.differs[0].has.as_str(), miss.differs[0].wanted.as_str()),
        ("itself", "Old Root")
    );
    let told = words(&report, DropReason::NotSent);
    assert!(told.contains("completes this path"), "{told}");
}

#[test]
fn without_a_store_nothing_is_dropped() {
    let pki = minted(&with(&leaf("issuer")));
    let chain = [der(&pki, "leaf"), der(&pki, "issuer")];
    let report = paths(&PathsInput {
        chain: &chain,
        trust: None,
        judge: Side::Client,
        at_hand: &[],
        clock_unix_s: now(),
    });
    assert_eq!(
        outcomes(&report),
        [(vec!["payments", "Mesh Issuer", "Mesh Root"], "not-known")]
    );
    assert!(!report.is_worth_telling());
}

/// Names that cross-sign each other without end, each with many keys: the search is bounded, quick, and says that it was.
#[test]
fn a_mesh_without_end_comes_to_an_end() {
    let mut recipes = r#"(name: "root", subject: "Mesh Root", is_ca: true), (name: "stray", subject: "Stray", is_ca: true)"#.to_owned();
    let mut names = vec!["leaf".to_owned()];
    for key in 0..4 {
        recipes += &format!(r#", (name: "east{key}", subject: "East", issuer: "stray", is_ca: true)"#);
        recipes += &format!(r#", (name: "west{key}", subject: "West", issuer: "stray", is_ca: true)"#);
    }
    for key in 0..4 {
        for other in 0..4 {
            recipes += &format!(
                r#", (name: "ew{key}{other}", subject: "East", key_of: "east{key}", issuer: "west{other}", is_ca: true)"#
            );
            recipes += &format!(
                r#", (name: "we{key}{other}", subject: "West", key_of: "west{key}", issuer: "east{other}", is_ca: true)"#
            );
            names.extend([format!("ew{key}{other}"), format!("we{key}{other}")]);
        }
    }
    recipes += r#", (name: "fake", subject: "East", is_ca: true)"#;
    let pki = minted(&format!("[{recipes}, {}]", leaf("east0")));
    let sent: Vec<&str> = names.iter().map(String::as_str).collect();
    // Once with no way out, once with a root that every path reaches by name and none by signature.
    // rustls itself spends its whole budget on it, which takes seconds in a debug build: only ours is asked here.
    let chain: Vec<Der> = sent.iter().map(|name| der(&pki, name)).collect();
    for root in ["root", "fake"] {
        let trust = Trust {
            roots: vec![der(&pki, root)],
            clock_unix_s: now(),
            ..Trust::default()
        };
        let report = paths(&PathsInput {
            chain: &chain,
            trust: Some(&trust),
            judge: Side::Client,
            at_hand: &[],
            clock_unix_s: trust.clock_unix_s,
        });
        assert!(report.paths.len() <= 24 && report.more > 100, "{}", report.more);
        // What is tried is bounded, not the time that it takes: 100,000 certificates are looked at, and each ends at most one path.
        assert!(report.is_cut_short && report.more <= 100_000, "{}", report.more);
    }
}
