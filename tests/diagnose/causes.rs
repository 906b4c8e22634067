//! Diagnoses: the right cause first, and never a word against rustls's verdict.

use crate::support;
use mtlscope::cancel::Cancel;
use mtlscope::capture::Side;
use mtlscope::decode::decode;
use mtlscope::diagnose::{CauseId, Certainty, Diagnosis, Verdict, diagnose};
use mtlscope::setup::{Fault, FaultTarget, LabSetup, TlsVersion};
use mtlscope::source::lab::run_blocking;
use support::pki::{USUAL, minted, party, setup};

fn run(setup: &LabSetup) -> Diagnosis {
    let capture = run_blocking(setup, &Cancel::default()).expect("the run begins");
    diagnose(&capture, &decode(&capture))
}

fn ids(diagnosis: &Diagnosis) -> Vec<&'static str> {
    diagnosis.causes.iter().map(|cause| cause.id.word()).collect()
}

#[test]
fn six_faults_six_answers() {
    let pki = minted(USUAL);
    let cases: [(&[&str], bool, CauseId, Option<&str>); 7] = [
        (&[], false, CauseId::ClientCertificateMissing, None),
        (
            &["client-other"],
            false,
            CauseId::UnknownIssuer,
            Some("CN=orders"),
        ),
        (
            &["client-impostor"],
            false,
            CauseId::SameNameDifferentKey,
            Some("CN=orders"),
        ),
        (&["client"], true, CauseId::MissingIntermediate, Some("CN=orders")),
        (&["client"], false, CauseId::UnknownIssuer, Some("CN=orders")),
        (
            &["client-purpose", "issuer"],
            false,
            CauseId::WrongPurpose,
            Some("CN=orders"),
        ),
        (
            &["client-expired", "issuer"],
            false,
            CauseId::Expired,
            Some("CN=orders"),
        ),
    ];
    for version in [TlsVersion::Tls13, TlsVersion::Tls12] {
        for (chain, issuer_is_known, id, subject) in cases {
            let mut setup = setup(&pki, chain);
            setup.parties.client.policy.versions = vec![version];
            if issuer_is_known {
                setup.known = vec![pki.find("issuer").expect("minted").certificate.clone()];
            } else {
                // In this PKI the server sends the issuer too: without it nobody has it.
                setup.parties.server = party(&pki, &["server", "issuer"], &["root"]);
                if chain == ["client"] {
                    setup.parties.server = party(&pki, &["server-direct"], &["root"]);
                }
            }
            let diagnosis = run(&setup);
            assert_eq!(diagnosis.verdict, Verdict::Rejected);
            let first = diagnosis
                .causes
                .first()
                .unwrap_or_else(|| panic!("{chain:?}: no cause"));
            assert_eq!(first.id, id, "{chain:?} {version:?}: {:?}", ids(&diagnosis));
            assert_eq!(first.side, Some(Side::Server));
            assert_eq!(first.certainty, Certainty::Proven);
            assert!(first.reported, "{chain:?}: {:?}", ids(&diagnosis));
            assert_eq!(
                first
                    .certificate
                    .as_ref()
                    .map(|certificate| certificate.subject.as_str()),
                subject
            );
            assert!(
                first.evidence.iter().any(|evidence| evidence.message.is_some()),
                "{chain:?}"
            );
            assert!(first.remedies.iter().any(|remedy| !remedy.commands.is_empty()));
            let text = format!("{} {} {:?}", first.title, first.detail, first.remedies);
            assert!(!text.contains('{') || text.contains("Remedy {"), "{text}");
            for word in [
                "{judge}",
                "{sender}",
                "{file}",
                "{issuer}",
                "{row}",
                "{subject}",
                "{missing}",
                "{trusts}",
            ] {
                assert!(!text.contains(word), "{word} was not filled in: {text}");
            }
        }
    }
}

/// Each row of the certificate table: recipes to add, the server's chain, the first cause.
const SERVER_TABLE: &[(&str, &[&str], CauseId)] = &[
    (
        r#"(name: "x", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], from_hours: -48, until_hours: -24)"#,
        &["x", "issuer"],
        CauseId::Expired,
    ),
    (
        r#"(name: "x", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], from_hours: 24, until_hours: 48)"#,
        &["x", "issuer"],
        CauseId::NotYetValid,
    ),
    (
        r#"(name: "x", subject: "payments", sans: ["DNS:payments.shop.svc"])"#,
        &["x"],
        CauseId::SelfSignedNotTrusted,
    ),
    (
        r#"(name: "x", subject: "payments", issuer: "other", sans: ["DNS:payments.shop.svc"])"#,
        &["x"],
        CauseId::UnknownIssuer,
    ),
    (
        r#"(name: "x", subject: "payments", issuer: "issuer", sans: ["DNS:ledger.shop.svc"])"#,
        &["x", "issuer"],
        CauseId::NameMismatch,
    ),
    (
        r#"(name: "x", subject: "payments.shop.svc", issuer: "issuer")"#,
        &["x", "issuer"],
        CauseId::NoSan,
    ),
    (
        r#"(name: "x", subject: "payments", issuer: "issuer", sans: ["URI:spiffe://shop/ns/shop/sa/payments"])"#,
        &["x", "issuer"],
        CauseId::NameMismatch,
    ),
    (
        r#"(name: "x", subject: "payments", issuer: "issuer", sans: ["DNS:*.svc"])"#,
        &["x", "issuer"],
        CauseId::WildcardMisuse,
    ),
    (
        r#"(name: "x", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["clientAuth"])"#,
        &["x", "issuer"],
        CauseId::WrongPurpose,
    ),
    (
        r#"(name: "c", subject: "Narrow CA", issuer: "root", is_ca: true, permitted_dns: ["ledger.svc"]), (name: "x", subject: "payments", issuer: "c", sans: ["DNS:payments.shop.svc"])"#,
        &["x", "c"],
        CauseId::NameConstraintViolated,
    ),
    (
        r#"(name: "c", subject: "Second CA", issuer: "issuer", is_ca: true), (name: "x", subject: "payments", issuer: "c", sans: ["DNS:payments.shop.svc"])"#,
        &["x", "c", "issuer"],
        CauseId::PathLengthExceeded,
    ),
    (
        r#"(name: "c", subject: "No CA", issuer: "root"), (name: "x", subject: "payments", issuer: "c", sans: ["DNS:payments.shop.svc"])"#,
        &["x", "c"],
        CauseId::IssuerNotCa,
    ),
    (
        r#"(name: "x", subject: "payments", is_ca: true, issuer: "root", sans: ["DNS:payments.shop.svc"])"#,
        &["x"],
        CauseId::LeafIsCa,
    ),
    (
        r#"(name: "x", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"])"#,
        &["issuer", "x"],
        CauseId::LeafNotFirst,
    ),
    (
        r#"(name: "x", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], unknown_critical_extension: true)"#,
        &["x", "issuer"],
        CauseId::UnknownCriticalExtension,
    ),
    (
        r#"(name: "x", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], damage: Signature)"#,
        &["x", "issuer"],
        CauseId::BadSignature,
    ),
    (
        r#"(name: "x", subject: "payments", issuer: "impostor", sans: ["DNS:payments.shop.svc"])"#,
        &["x"],
        CauseId::SameNameDifferentKey,
    ),
    (
        r#"(name: "x", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], damage: Truncated)"#,
        &["x", "issuer"],
        CauseId::Malformed,
    ),
    (
        r#"(name: "i", subject: "Old Issuer", issuer: "root", is_ca: true, from_hours: -48, until_hours: -1), (name: "x", subject: "payments", issuer: "i", sans: ["DNS:payments.shop.svc"])"#,
        &["x", "i"],
        CauseId::Expired,
    ),
];

fn with(recipes: &str) -> String {
    format!("{} {recipes}]", USUAL.trim_end_matches(']'))
}

#[test]
fn every_row_of_the_certificate_table_is_named() {
    for (recipes, chain, id) in SERVER_TABLE {
        let pki = minted(&with(recipes));
        let mut setup = setup(&pki, &["client", "issuer"]);
        setup.parties.server = party(&pki, chain, &["root"]);
        let diagnosis = run(&setup);
        let first = diagnosis
            .causes
            .first()
            .unwrap_or_else(|| panic!("{recipes}: no cause"));
        assert_eq!(first.id, *id, "{recipes}: {:?}", ids(&diagnosis));
        assert_eq!(first.side, Some(Side::Client), "{recipes}");
        assert!(first.reported, "{recipes}: {:?}", diagnosis.endings);
    }
}

#[test]
fn seven_intermediates_are_too_many_and_six_are_not() {
    let mut recipes = String::new();
    let mut chain = vec!["x".to_owned()];
    for depth in 1..=7 {
        let issuer = if depth == 1 {
            "root".to_owned()
        } else {
            format!("i{}", depth - 1)
        };
        recipes +=
            &format!("(name: \"i{depth}\", subject: \"CA {depth}\", issuer: \"{issuer}\", is_ca: true), ");
        chain.insert(1, format!("i{depth}"));
    }
    for count in [6, 7] {
        let leaf = format!(
            "(name: \"x\", subject: \"payments\", issuer: \"i{count}\", sans: [\"DNS:payments.shop.svc\"])"
        );
        let pki = minted(&with(&format!("{recipes}{leaf}")));
        let names: Vec<&str> = std::iter::once("x")
            .chain(chain[8 - count..].iter().map(String::as_str))
            .collect();
        let mut setup = setup(&pki, &["client", "issuer"]);
        setup.parties.server = party(&pki, &names, &["root"]);
        let diagnosis = run(&setup);
        if count == 6 {
            assert_eq!(diagnosis.verdict, Verdict::Accepted, "{:?}", ids(&diagnosis));
        } else {
            assert_eq!(
                diagnosis.causes[0].id,
                CauseId::ChainTooLong,
                "{:?}",
                ids(&diagnosis)
            );
        }
    }
}

#[test]
fn every_fault_is_shown_not_the_first() {
    let pki = minted(&with(
        r#"(name: "x", subject: "ledger", issuer: "other", sans: ["DNS:ledger.shop.svc"], purposes: ["clientAuth"], from_hours: -48, until_hours: -24)"#,
    ));
    let mut setup = setup(&pki, &["client", "issuer"]);
    setup.parties.server = party(&pki, &["x"], &["root"]);
    let diagnosis = run(&setup);
    let found = ids(&diagnosis);
    assert_eq!(found[0], "expired");
    for id in ["expired", "unknown-issuer", "name-mismatch", "wrong-purpose"] {
        assert!(found.contains(&id), "{found:?}");
    }
    assert_eq!(diagnosis.causes.iter().filter(|cause| cause.reported).count(), 1);
}

#[test]
fn handshake_causes_are_named() {
    let pki = minted(USUAL);
    let good = || setup(&pki, &["client", "issuer"]);
    let first = |setup: &LabSetup| {
        let diagnosis = run(setup);
        let cause = diagnosis
            .causes
            .first()
            .unwrap_or_else(|| panic!("no cause: {:?}", diagnosis.endings));
        (cause.id, cause.side)
    };

    let mut case = good();
    case.parties.client.policy.versions = vec![TlsVersion::Tls12];
    case.parties.server.policy.versions = vec![TlsVersion::Tls13];
    assert_eq!(first(&case), (CauseId::NoCommonVersion, Some(Side::Server)));

    let mut case = good();
    case.parties.server.policy.alpn = vec!["http/1.1".to_owned()];
    assert_eq!(first(&case), (CauseId::AlpnMismatch, Some(Side::Server)));

    let mut case = good();
    case.parties.client.policy.groups = vec!["x25519".to_owned()];
    case.parties.server.policy.groups = vec!["secp384r1".to_owned()];
    assert_eq!(first(&case), (CauseId::NoCommonGroup, Some(Side::Server)));

    let mut case = good();
    case.parties.client.identity.as_mut().expect("an identity").key =
        Some(pki.find("server").expect("minted").key.clone());
    assert_eq!(first(&case), (CauseId::KeyMismatch, Some(Side::Server)));

    let mut case = good();
    case.parties.client.trust.clear();
    assert_eq!(first(&case), (CauseId::NoTrustAnchors, Some(Side::Client)));

    let mut case = good();
    case.parties.server.identity = None;
    assert_eq!(
        first(&case),
        (CauseId::ServerCertificateMissing, Some(Side::Client))
    );

    for (fault, id) in [
        (Fault::Http, CauseId::NotTls),
        (
            Fault::Flip(FaultTarget {
                from: Side::Server,
                record: 2,
            }),
            CauseId::Tampered,
        ),
        (
            Fault::Stall(FaultTarget {
                from: Side::Server,
                record: 2,
            }),
            CauseId::Timeout,
        ),
        (
            Fault::Cut(FaultTarget {
                from: Side::Server,
                record: 2,
            }),
            CauseId::Truncated,
        ),
    ] {
        let mut case = good();
        case.fault = Some(fault);
        assert_eq!(first(&case), (id, Some(Side::Client)), "{fault:?}");
    }
}

#[test]
fn bytes_that_were_changed_come_before_what_they_seem_to_say() {
    let pki = minted(USUAL);
    for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
        for fault in [Fault::Flip, Fault::Repeat] {
            for from in Side::BOTH {
                // Late enough to lie in the certificate flights of either version.
                let record = if from == Side::Client { 1 } else { 2 };
                let mut setup = setup(&pki, &["client", "issuer"]);
                setup.parties.client.policy.versions = vec![version];
                setup.fault = Some(fault(FaultTarget { from, record }));
                let diagnosis = run(&setup);
                if diagnosis.verdict == Verdict::Accepted {
                    // TLS 1.3 lets a ChangeCipherSpec come twice, or with other bytes than it should have: nobody reads it.
                    continue;
                }
                let first = diagnosis
                    .causes
                    .first()
                    .unwrap_or_else(|| panic!("{version:?} {from:?}: no cause"));
                assert_eq!(
                    first.id,
                    CauseId::Tampered,
                    "{version:?} {from:?}: {:?}",
                    ids(&diagnosis)
                );
                assert!(first.reported && first.certainty == Certainty::Proven);
            }
        }
    }
}

#[test]
fn a_certificate_that_is_too_large_was_not_cut() {
    let names: Vec<String> = (0..10_000)
        .map(|at| format!("\"DNS:host-{at}.shop.svc\""))
        .collect();
    let pki = minted(&with(&format!(
        r#"(name: "x", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc", {}])"#,
        names.join(", ")
    )));
    let mut setup = setup(&pki, &["client", "issuer"]);
    setup.parties.server = party(&pki, &["x", "issuer"], &["root"]);
    let diagnosis = run(&setup);
    assert_eq!(ids(&diagnosis), ["message-too-large"]);
    let cause = &diagnosis.causes[0];
    assert!(cause.reported && cause.certainty == Certainty::Proven);
    assert_eq!(cause.side, Some(Side::Client));
    let words = format!("{cause:?}");
    assert!(!words.contains("something cut or changed"), "{words}");
}
