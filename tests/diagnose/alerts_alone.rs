//! An alert alone: that a side refused is proven, why is only possible, and what a passed check refutes is not listed.

use crate::support;
use mtlscope::cancel::Cancel;
use mtlscope::capture::Side;
use mtlscope::decode::{MessageKind, decode};
use mtlscope::diagnose::{CauseId, Certainty, Diagnosis, Verdict, diagnose};
use mtlscope::setup::TlsVersion;
use mtlscope::source::lab::run_blocking;
use support::pki::{USUAL, minted, setup};

fn ids(diagnosis: &Diagnosis) -> Vec<&'static str> {
    diagnosis.causes.iter().map(|cause| cause.id.word()).collect()
}

/// As from packets alone: nobody's words, nobody's store; only the alert speaks, and it proves nothing but a refusal.
fn silent(capture: &mut mtlscope::capture::Capture) {
    capture.events.clear();
    capture.at_hand.clear();
    for side in Side::BOTH {
        let known = capture.sides.of_mut(side);
        (known.trust, known.verdict, known.policy, known.key_in_use) = (None, None, None, None);
    }
}

#[test]
fn an_alert_alone_makes_causes_possible() {
    let pki = minted(USUAL);
    let setup = setup(&pki, &["client-other"]);
    let mut capture = run_blocking(&setup, &Cancel::default()).expect("the run begins");
    silent(&mut capture);
    let diagnosis = diagnose(&capture, &decode(&capture));
    assert_eq!(diagnosis.verdict, Verdict::Rejected);
    // Another CA issued it: it is not self-signed.
    assert_eq!(
        ids(&diagnosis),
        [
            "unexplained-refusal",
            "unknown-issuer",
            "missing-intermediate",
            "no-trust-anchors",
            "same-name-different-key",
            "name-encoding-differs"
        ]
    );
    assert_eq!(
        diagnosis.causes[0].title,
        "The server refused the certificate and did not say why"
    );
    assert_eq!(diagnosis.causes[0].certainty, Certainty::Proven);
    for cause in &diagnosis.causes {
        let is_first = cause.id == CauseId::UnexplainedRefusal;
        assert_eq!(cause.certainty == Certainty::Proven, is_first, "{cause:?}");
        assert_eq!(
            (cause.side, cause.reported),
            (Some(Side::Server), true),
            "{cause:?}"
        );
        assert!(cause.evidence.iter().all(|evidence| evidence.message.is_some()));
        let commands: Vec<&String> = cause
            .remedies
            .iter()
            .flat_map(|remedy| &remedy.commands)
            .collect();
        let text = format!("{} {} {commands:?}", cause.title, cause.detail);
        for brace in [
            "{judge}",
            "{sender}",
            "{file}",
            "{trust_file}",
            "{issuer",
            "{take",
            "{row}",
            "{name}",
        ] {
            assert!(!text.contains(brace), "{brace} was not filled in: {text}");
        }
        assert!(text.contains("unknown_ca"), "{text}");
    }
}

/// Every alert, by either side, at the end of every scenario, with nobody's words: no cause is listed that a check refutes.
#[test]
fn what_a_passed_check_refutes_is_not_listed() {
    use mtlscope::capture::{Capture, Segment};
    use mtlscope::diagnose::{CheckKind, Outcome};
    let decides = |id: CauseId| match id {
        CauseId::Expired | CauseId::NotYetValid | CauseId::ValidityInverted => Some(CheckKind::Validity),
        CauseId::UnknownIssuer
        | CauseId::MissingIntermediate
        | CauseId::SelfSignedNotTrusted
        | CauseId::NoTrustAnchors => Some(CheckKind::Issuer),
        CauseId::SameNameDifferentKey | CauseId::BadSignature | CauseId::WeakSignature => {
            Some(CheckKind::Signature)
        }
        CauseId::ChainTooLong | CauseId::PathLengthExceeded => Some(CheckKind::PathLength),
        CauseId::IssuerNotCa | CauseId::LeafIsCa | CauseId::LeafNotFirst => Some(CheckKind::BasicConstraints),
        CauseId::IssuerCannotSign | CauseId::KeyUsage => Some(CheckKind::KeyUsage),
        CauseId::WrongPurpose => Some(CheckKind::Purpose),
        CauseId::WeakKey => Some(CheckKind::KeySize),
        CauseId::UnsupportedAlgorithm => Some(CheckKind::Algorithm),
        CauseId::Malformed => Some(CheckKind::Encoding),
        CauseId::UnknownCriticalExtension => Some(CheckKind::CriticalExtensions),
        CauseId::UnsupportedCertificateVersion => Some(CheckKind::Version),
        CauseId::NameConstraintViolated => Some(CheckKind::NameConstraints),
        CauseId::KeyMismatch => Some(CheckKind::Possession),
        _ => None,
    };
    let with_alert = |capture: &Capture, side: Side, code: u8| {
        let mut capture = capture.clone();
        let at_us = capture.segments.last().map_or(0, |segment| segment.at_us);
        capture.segments.push(Segment {
            from: side,
            at_us: at_us + 1,
            bytes: vec![0x15, 3, 3, 0, 2, 2, code],
            ..capture.segments[0].clone()
        });
        capture
    };
    let pki = minted(USUAL);
    let (mut listed, mut unexplained) = (0, 0);
    for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
        for chain in [
            &["client", "issuer"][..],
            &["client-purpose", "issuer"],
            &["client"],
            &[],
        ] {
            let mut setup = setup(&pki, chain);
            setup.client_auth = mtlscope::capture::ClientAuth::Optional;
            setup.parties.client.policy.versions = vec![version];
            let mut capture = run_blocking(&setup, &Cancel::default()).expect("the run begins");
            silent(&mut capture);
            // What comes after the certificates would say that they were accepted.
            let certificates = decode(&capture)
                .messages
                .iter()
                .rposition(|message| message.kind == MessageKind::Certificate);
            let until = decode(&capture).messages[certificates.expect("a certificate")].at_us;
            capture.segments.retain(|segment| segment.at_us <= until);
            for side in Side::BOTH {
                for code in 0..=121 {
                    let capture = with_alert(&capture, side, code);
                    let diagnosis = diagnose(&capture, &decode(&capture));
                    for cause in &diagnosis.causes {
                        listed += 1;
                        unexplained += u32::from(cause.id == CauseId::UnexplainedRefusal);
                        let Some(check) =
                            decides(cause.id).filter(|_| cause.certainty == Certainty::Possible)
                        else {
                            continue;
                        };
                        let is_refuted = diagnosis.matrix.iter().any(|row| {
                            Some(row.side) == cause.side
                                && row.check == check
                                && row.certificate == cause.certificate
                                && row.outcome == Outcome::Pass
                        });
                        assert!(
                            !is_refuted,
                            "alert {code} by {side:?}, {version:?} {chain:?}: {cause:?}"
                        );
                    }
                    // Where an alert can mean several things, none of them is the headline.
                    let guesses = diagnosis
                        .causes
                        .iter()
                        .filter(|cause| cause.certainty == Certainty::Possible)
                        .count();
                    let headline = diagnosis.causes.first().map(|cause| cause.certainty);
                    assert!(
                        guesses < 2
                            || headline == Some(Certainty::Proven)
                            || diagnosis
                                .causes
                                .iter()
                                .any(|cause| cause.certainty == Certainty::Proven),
                        "alert {code} by {side:?}, {version:?} {chain:?}: the headline is a guess"
                    );
                }
            }
        }
    }
    assert!(listed > 1_000 && unexplained > 100, "{listed} {unexplained}");
}
