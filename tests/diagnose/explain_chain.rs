//! A chain explained alone and the same chain explained in a handshake: one logic, so one answer.

use crate::support::pki;

use mtlscope::cancel::Cancel;
use mtlscope::capture::{AtHand, Der, Side, Slot};
use mtlscope::decode::decode;
use mtlscope::diagnose::{Cause, CauseId, ChainInput, CheckKind, Outcome, diagnose, explain_chain};
use mtlscope::source::lab::run_blocking;
use mtlscope::source::oracle;
use pki::{minted, now, setup};

const RECIPES: &str = r#"[
    (name: "root", subject: "Mesh Root", is_ca: true),
    (name: "other", subject: "Other Root", is_ca: true),
    (name: "impostor", subject: "Mesh Root", is_ca: true),
    (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true, path_len: 0),
    (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"]),
    (name: "client", subject: "orders", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"]),
    (name: "of-other", subject: "orders", issuer: "other", purposes: ["clientAuth"]),
    (name: "of-impostor", subject: "orders", issuer: "impostor", purposes: ["clientAuth"]),
    (name: "alone", subject: "orders", purposes: ["clientAuth"]),
    (name: "everything", subject: "orders", issuer: "other", purposes: ["serverAuth"], from_hours: -48, until_hours: -24),
    (name: "altered", subject: "orders", issuer: "issuer", purposes: ["clientAuth"], damage: Signature),
    (name: "critical", subject: "orders", issuer: "issuer", purposes: ["clientAuth"], unknown_critical_extension: true),
    (name: "narrow", subject: "Narrow Issuer", issuer: "root", is_ca: true, permitted_dns: ["here.svc"]),
    (name: "outside", subject: "orders", issuer: "narrow", sans: ["DNS:there.svc"], purposes: ["clientAuth"]),
    (name: "broken", subject: "Broken Issuer", issuer: "root", is_ca: true, damage: Truncated),
    (name: "below-broken", subject: "orders", issuer: "broken", purposes: ["clientAuth"]),
]"#;

type Told<'a> = (&'a str, bool, &'a str, &'a str, Vec<&'a [String]>);

fn told(cause: &Cause) -> Told<'_> {
    (
        cause.id.word(),
        cause.reported,
        &cause.title,
        &cause.detail,
        cause
            .remedies
            .iter()
            .map(|remedy| remedy.commands.as_slice())
            .collect(),
    )
}

#[test]
fn with_and_without_a_handshake_the_causes_are_the_same() {
    let pki = minted(RECIPES);
    let mut seen = Vec::new();
    for chain in [
        &["client", "issuer"][..],
        &["client"],
        &["of-other"],
        &["of-impostor"],
        &["alone"],
        &["everything"],
        &["altered", "issuer"],
        &["critical", "issuer"],
        &["outside", "narrow"],
        &["issuer", "client"],
        &["below-broken", "broken"],
    ] {
        let mut setup = setup(&pki, chain);
        // Both at the same second.
        setup.parties.server.policy.clock_unix_s = Some(now());
        let capture = run_blocking(&setup, &Cancel::default()).expect("it runs");
        let in_handshake = diagnose(&capture, &decode(&capture));
        let ders: Vec<Der> = chain
            .iter()
            .map(|name| pki.find(name).expect("minted").certificate.der.clone())
            .collect();
        let trust = capture.sides.server.trust.as_ref().expect("the server's trust");
        let verdict = oracle::judge(&ders, trust, Side::Server);
        let explained = explain_chain(
            &ChainInput {
                chain: &ders,
                trust: Some(trust),
                judge: Side::Server,
                at_hand: &[],
                clock_unix_s: trust.clock_unix_s,
                key_in_use: None,
                possession: None,
            },
            &capture.at_hand,
            verdict.as_ref().err(),
        );
        assert_eq!(verdict.is_err(), explained.judgement.is_refused(), "{chain:?}");
        let of_server: Vec<_> = in_handshake
            .causes
            .iter()
            .filter(|cause| cause.side == Some(Side::Server))
            .map(told)
            .collect();
        let alone: Vec<_> = explained.causes.iter().map(told).collect();
        assert_eq!(alone, of_server, "{chain:?}");
        assert_eq!(alone.is_empty(), verdict.is_ok(), "{chain:?}");
        // Each names bytes of the certificate itself.
        for cause in &explained.causes {
            let evidence = &cause.evidence[0];
            assert!(
                evidence.message.is_none() && !evidence.range.is_empty(),
                "{chain:?}: {cause:?}"
            );
        }
        seen.extend(explained.causes.iter().map(|cause| cause.id));
    }
    for id in [
        CauseId::MissingIntermediate,
        CauseId::UnknownIssuer,
        CauseId::SameNameDifferentKey,
        CauseId::Malformed,
        CauseId::NameConstraintViolated,
    ] {
        assert!(seen.contains(&id), "{} was never told: {seen:?}", id.word());
    }
}

#[test]
fn evidence_points_at_the_extension_that_a_check_looked_at() {
    let pki = minted(RECIPES);
    let der = |name: &str| pki.find(name).expect("minted").certificate.der.clone();
    let trust = mtlscope::capture::Trust {
        roots: vec![der("root")],
        clock_unix_s: now(),
        ..Default::default()
    };
    for (chain, check, id) in [
        (
            ["outside", "narrow"],
            CheckKind::NameConstraints,
            CauseId::NameConstraintViolated,
        ),
        (
            ["critical", "issuer"],
            CheckKind::CriticalExtensions,
            CauseId::UnknownCriticalExtension,
        ),
    ] {
        let ders = chain.map(der);
        let at_hand: Vec<AtHand> = ders
            .iter()
            .enumerate()
            .map(|(entry, der)| AtHand {
                side: Some(Side::Client),
                slot: Slot::Certificate,
                file: Some("chain.pem".to_owned()),
                entry,
                line: Some(1 + 10 * entry),
                within: None,
                wrapping: None,
                der: der.clone(),
            })
            .collect();
        let input = ChainInput {
            chain: &ders,
            trust: Some(&trust),
            judge: Side::Server,
            at_hand: &[],
            clock_unix_s: trust.clock_unix_s,
            key_in_use: None,
            possession: None,
        };
        let explained = explain_chain(&input, &at_hand, None);
        let row = explained
            .judgement
            .matrix
            .iter()
            .find(|row| row.check == check && row.outcome == Outcome::Fail)
            .expect("the check fails");
        let cause = explained
            .causes
            .iter()
            .find(|cause| cause.id == id)
            .expect("its cause");
        assert_eq!(cause.certificate, row.certificate);
        let judged = ders
            .iter()
            .find(|der| {
                Some(mtlscope::pki::sha256_hex(der.as_bytes()))
                    == row.certificate.as_ref().map(|it| it.sha256.clone())
            })
            .expect("one of the chain");
        let range = cause.evidence[0].range.clone();
        if check == CheckKind::CriticalExtensions {
            // An Extension: SEQUENCE { OBJECT IDENTIFIER …
            let bytes = &judged.as_bytes()[range.clone()];
            assert_eq!((bytes[0], bytes[2]), (0x30, 0x06), "{bytes:02x?}");
            assert!(range.len() < 60, "{range:?}");
        }
        assert!(
            cause
                .evidence
                .iter()
                .any(|one| one.words.contains("lies in chain.pem, line "))
        );
        // No stack was asked: nobody reported anything.
        assert!(explained.causes.iter().all(|cause| !cause.reported));
    }
}
