//! Whole lists of causes, as data: every scenario, every alert by either side, every fault on the wire.

use crate::support;
use std::fmt::Write as _;

use mtlscope::cancel::Cancel;
use mtlscope::capture::{Capture, ClientAuth, Segment, Side, VerdictCode};
use mtlscope::decode::{Field, MessageKind, decode};
use mtlscope::diagnose::{Cause, CauseId, Certainty, Diagnosis, diagnose};
use mtlscope::scenario;
use mtlscope::setup::{Fault, FaultTarget, TlsVersion};
use mtlscope::source::lab::run_blocking;
use support::pki::{USUAL, minted, setup};

fn of_scenario(id: &str) -> Capture {
    let scenario = scenario::all()
        .iter()
        .find(|scenario| scenario.id == id)
        .expect("a scenario");
    let now = jiff::Timestamp::now().as_second();
    let mut setup = scenario.setup(now).expect("it mints");
    setup.timeout_ms = setup.timeout_ms.min(200);
    run_blocking(&setup, &Cancel::default()).expect("it runs")
}

fn line(cause: &Cause) -> String {
    let side = cause.side.map_or("both", Side::word);
    let certificate = cause
        .certificate
        .as_ref()
        .map_or_else(String::new, |certificate| format!(" of {}", certificate.subject));
    let reported = if cause.reported { ", reported" } else { "" };
    format!(
        "{} {} by the {side}{certificate}{reported}",
        cause.certainty.word(),
        cause.id.word()
    )
}

#[test]
fn every_scenario_has_just_these_causes() {
    let mut text = String::new();
    for scenario in scenario::all() {
        let capture = of_scenario(&scenario.id);
        let diagnosis = diagnose(&capture, &decode(&capture));
        let _ = writeln!(text, "{}", scenario.id);
        for cause in &diagnosis.causes {
            let _ = writeln!(text, "    {}", line(cause));
        }
    }
    insta::assert_snapshot!("scenarios", text);
}

/// As from packets alone.
fn silent(capture: &mut Capture) {
    capture.events.clear();
    capture.at_hand.clear();
    for side in Side::BOTH {
        let known = capture.sides.of_mut(side);
        (known.trust, known.verdict, known.policy, known.key_in_use) = (None, None, None, None);
    }
}

/// A good handshake up to the last certificate, and then an alert.
fn broken_off(side: Side, code: u8, good: &Capture) -> Diagnosis {
    let mut capture = good.clone();
    let last = capture.segments.last().expect("bytes").clone();
    capture.segments.push(Segment {
        from: side,
        at_us: last.at_us + 1,
        bytes: vec![0x15, 3, 3, 0, 2, 2, code],
        ..last
    });
    diagnose(&capture, &decode(&capture))
}

fn good_until_certificates(version: TlsVersion, is_whole: bool) -> Capture {
    let pki = minted(USUAL);
    let mut setup = setup(&pki, &["client", "issuer"]);
    setup.parties.client.policy.versions = vec![version];
    let mut capture = run_blocking(&setup, &Cancel::default()).expect("the run begins");
    silent(&mut capture);
    let transcript = decode(&capture);
    let until = transcript
        .messages
        .iter()
        .filter(|message| is_whole || message.side == Side::Server)
        .rfind(|message| message.kind == MessageKind::Certificate)
        .expect("a certificate")
        .at_us;
    capture.segments.retain(|segment| segment.at_us <= until);
    capture
}

#[test]
fn every_alert_means_just_this() {
    let mut text = String::new();
    for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
        for is_whole in [true, false] {
            let good = good_until_certificates(version, is_whole);
            for side in Side::BOTH {
                let seen = if is_whole {
                    "both certificates seen"
                } else {
                    "the client's not seen"
                };
                let _ = writeln!(text, "{version:?}, {seen}, an alert of the {}", side.word());
                for code in 1..=u8::MAX {
                    let diagnosis = broken_off(side, code, &good);
                    let causes: Vec<String> = diagnosis
                        .causes
                        .iter()
                        .map(|cause| {
                            format!(
                                "{}{}",
                                cause.id.word(),
                                if cause.certainty == Certainty::Proven {
                                    "!"
                                } else {
                                    ""
                                }
                            )
                        })
                        .collect();
                    // What no registry knows explains nothing, each like the others.
                    if causes != ["unexplained-refusal!"] || [43, 44, 45, 80].contains(&code) {
                        let _ = writeln!(text, "    {code:3} {}", causes.join(" "));
                    }
                }
            }
        }
    }
    insta::assert_snapshot!("alerts", text);
}

#[test]
fn a_fault_on_the_wire_is_told_once() {
    let pki = minted(USUAL);
    let count =
        |diagnosis: &Diagnosis, id: CauseId| diagnosis.causes.iter().filter(|cause| cause.id == id).count();
    for version in [TlsVersion::Tls12, TlsVersion::Tls13] {
        for from in Side::BOTH {
            for record in 0..3 {
                for fault in [Fault::Drop, Fault::Stall, Fault::Cut] {
                    let fault = fault(FaultTarget { from, record });
                    let mut setup = setup(&pki, &["client", "issuer"]);
                    setup.timeout_ms = 120;
                    setup.parties.client.policy.versions = vec![version];
                    setup.fault = Some(fault);
                    let capture = run_blocking(&setup, &Cancel::default()).expect("the run begins");
                    let diagnosis = diagnose(&capture, &decode(&capture));
                    let words = || {
                        format!(
                            "{version:?} {fault:?}: {:#?}",
                            diagnosis.causes.iter().map(line).collect::<Vec<_>>()
                        )
                    };
                    assert!(count(&diagnosis, CauseId::Timeout) <= 1, "{}", words());
                    let is_cut = capture.segments.iter().any(|segment| {
                        matches!(segment.altered, Some(mtlscope::capture::Alteration::Cut { .. }))
                    });
                    if is_cut {
                        assert_eq!(count(&diagnosis, CauseId::Truncated), 1, "{}", words());
                        assert_eq!(count(&diagnosis, CauseId::PeerClosed), 0, "{}", words());
                    }
                    let is_held = capture.segments.iter().any(|segment| {
                        matches!(
                            segment.altered,
                            Some(mtlscope::capture::Alteration::Stalled { .. })
                        )
                    });
                    if is_held {
                        assert_eq!(count(&diagnosis, CauseId::Timeout), 1, "{}", words());
                    }
                }
            }
        }
    }
}

#[test]
fn an_alert_that_one_side_received_is_one_possible_cause() {
    let mut capture = of_scenario("no-common-version");
    capture.sides.server.verdict = None;
    let client = capture.sides.client.verdict.clone().expect("a verdict");
    for (code, id) in [(70, "no-common-version"), (120, "alpn-mismatch")] {
        let mut capture = capture.clone();
        capture.sides.client.verdict = Some(mtlscope::capture::StackVerdict {
            code: VerdictCode::AlertReceived(code),
            ..client.clone()
        });
        let diagnosis = diagnose(&capture, &decode(&capture));
        let is_it = |cause: &&Cause| {
            cause.id.word() == id
                && cause
                    .evidence
                    .iter()
                    .any(|one| one.words.contains("the client offers"))
        };
        let found = diagnosis
            .causes
            .iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("{code}"));
        assert_eq!(
            (found.certainty, found.side),
            (Certainty::Possible, Some(Side::Server))
        );
    }
    // No other number has such a meaning.
    for code in (0..=u8::MAX).filter(|code| ![70, 120].contains(code)) {
        capture.sides.client.verdict = Some(mtlscope::capture::StackVerdict {
            code: VerdictCode::AlertReceived(code),
            ..client.clone()
        });
        let diagnosis = diagnose(&capture, &decode(&capture));
        let is_named_by_the_verdict = |cause: &Cause| {
            cause
                .evidence
                .iter()
                .any(|one| one.words.contains("the client offers"))
        };
        assert!(
            !diagnosis.causes.iter().any(is_named_by_the_verdict),
            "{code}: {:?}",
            diagnosis.causes
        );
    }
}

/// A message that its reader gave up for its size: whose it is, and which of the sender's, by either side.
#[test]
fn what_is_too_large_is_the_senders_largest() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sessions/good-tls13.ron");
    let session = mtlscope::session::load(&path).expect("a session");
    for judge in Side::BOTH {
        let mut capture = Capture::clone(&session.capture);
        let rustls = capture.sides.client.verdict.clone().expect("a verdict");
        for side in Side::BOTH {
            capture.sides.of_mut(side).verdict = (side == judge).then(|| mtlscope::capture::StackVerdict {
                code: VerdictCode::InvalidMessage,
                words: "received corrupt message of type HandshakePayloadTooLarge".to_owned(),
                ..rustls.clone()
            });
        }
        let transcript = decode(&capture);
        let diagnosis = diagnose(&capture, &transcript);
        let found: Vec<&Cause> = diagnosis
            .causes
            .iter()
            .filter(|cause| cause.id == CauseId::MessageTooLarge)
            .collect();
        let [cause] = found.as_slice() else {
            panic!("{:?}", diagnosis.causes);
        };
        let sender = judge.peer();
        assert_eq!(cause.side, Some(judge));
        let evidence: Vec<_> = cause.evidence.iter().filter_map(|one| one.message).collect();
        let [message] = evidence.as_slice() else {
            panic!("{:?}", cause.evidence);
        };
        let message = &transcript.messages[*message];
        assert_eq!(message.side, sender);
        let largest = transcript
            .messages
            .iter()
            .filter(|message| message.side == sender)
            .map(|message| message.bytes.len())
            .max();
        assert_eq!(Some(message.bytes.len()), largest);
        let words = format!("{} {}", cause.title, cause.detail);
        assert!(
            words.contains(&format!("Its {} has {} bytes", message.kind, message.bytes.len())),
            "{words}"
        );
        assert!(words.contains(sender.word()), "{words}");
    }
}

#[test]
fn evidence_is_just_the_field() {
    for (id, cause, field) in [
        ("bad-signature", CauseId::BadSignature, "signatureValue"),
        ("client-expired", CauseId::Expired, "validity"),
        ("client-wrong-purpose", CauseId::WrongPurpose, "ExtKeyUsageSyntax"),
        ("wrong-server-name", CauseId::NameMismatch, "GeneralNames"),
        ("client-wrong-ca", CauseId::UnknownIssuer, "issuer"),
        ("leaf-is-ca", CauseId::LeafIsCa, "BasicConstraints"),
        ("weak-key", CauseId::WeakKey, "signatureValue"),
        ("revoked", CauseId::Revoked, "serialNumber"),
    ] {
        let capture = of_scenario(id);
        let transcript = decode(&capture);
        let diagnosis = diagnose(&capture, &transcript);
        let found = diagnosis
            .causes
            .iter()
            .find(|one| one.id == cause)
            .unwrap_or_else(|| panic!("{id}: {:?}", diagnosis.causes));
        let shown = &found.evidence[0];
        let message = &transcript.messages[shown.message.expect("a message")];
        let mut ranges = Vec::new();
        message.root.walk(&mut |one: &Field| {
            if one.name == field && one.buffer.is_none() {
                ranges.push(one.range.clone());
            }
        });
        assert!(
            ranges.contains(&shown.range),
            "{id}: {:?} is no {field} of {ranges:?}",
            shown.range
        );
    }
}

#[test]
fn only_the_fault_that_the_stack_named_is_reported() {
    let capture = of_scenario("everything-wrong");
    let diagnosis = diagnose(&capture, &decode(&capture));
    assert!(diagnosis.causes.len() > 3);
    for side in Side::BOTH {
        let reported: Vec<&Cause> = diagnosis
            .causes
            .iter()
            .filter(|cause| cause.side == Some(side) && cause.reported)
            .collect();
        let families: std::collections::BTreeSet<&str> =
            reported.iter().map(|cause| cause.id.word()).collect();
        assert!(families.len() <= 1, "{side:?}: {families:?}");
    }
    assert!(diagnosis.causes[0].reported && !diagnosis.causes.last().expect("some").reported);
}

/// TLS 1.2 asks, and the client's flight was not recorded: then the alert may mean that nothing came.
#[test]
fn a_client_whose_flight_was_not_recorded_may_have_sent_nothing() {
    for client_auth in [ClientAuth::Required, ClientAuth::None] {
        let pki = minted(USUAL);
        let mut setup = setup(&pki, &[]);
        setup.parties.client.policy.versions = vec![TlsVersion::Tls12];
        setup.client_auth = client_auth;
        let mut capture = run_blocking(&setup, &Cancel::default()).expect("the run begins");
        silent(&mut capture);
        let done = decode(&capture)
            .messages
            .iter()
            .find(|message| message.kind == MessageKind::ServerHelloDone)
            .expect("done")
            .at_us;
        capture.segments.retain(|segment| segment.at_us <= done);
        for code in [40, 41, 42, 116] {
            let diagnosis = broken_off(Side::Server, code, &capture);
            let may_be = diagnosis.causes.iter().any(|cause| {
                cause.id == CauseId::ClientCertificateMissing && cause.certainty == Certainty::Possible
            });
            assert_eq!(
                may_be,
                client_auth == ClientAuth::Required,
                "{code}: {:?}",
                diagnosis.causes.iter().map(line).collect::<Vec<_>>()
            );
        }
    }
}

/// A server that lets clients go without a certificate refuses none for having none, whatever its alert may seem to say.
#[test]
fn who_may_go_without_a_certificate_is_not_told_to_bring_one() {
    for (client_auth, is_told) in [(ClientAuth::Required, true), (ClientAuth::Optional, false)] {
        let mut setup = setup(&minted(USUAL), &[]);
        setup.client_auth = ClientAuth::Required;
        let mut capture = run_blocking(&setup, &Cancel::default()).expect("the run begins");
        // Another server's: its alert is all that is known of what it concluded.
        capture.sides.server.verdict = None;
        if let Some(policy) = &mut capture.sides.server.policy {
            policy.client_auth = Some(client_auth);
        }
        let diagnosis = diagnose(&capture, &decode(&capture));
        let is_proven = diagnosis.causes.iter().any(|cause| {
            cause.id == CauseId::ClientCertificateMissing && cause.certainty == Certainty::Proven
        });
        assert_eq!(
            is_proven,
            is_told,
            "{client_auth:?}: {:?}",
            diagnosis.causes.iter().map(line).collect::<Vec<_>>()
        );
    }
}

/// From packets alone, an alert reports what its own side found, and nothing that its peer did.
#[test]
fn an_alert_reports_what_its_own_side_found() {
    let mut good = good_until_certificates(TlsVersion::Tls12, true);
    good.sides.client.trust = Some(mtlscope::capture::Trust {
        roots: vec![
            minted(USUAL)
                .find("other")
                .expect("minted")
                .certificate
                .der
                .clone(),
        ],
        clock_unix_s: support::pki::now(),
        ..mtlscope::capture::Trust::default()
    });
    for side in Side::BOTH {
        let diagnosis = broken_off(side, 48, &good);
        let found = diagnosis.causes.iter().find(|cause| {
            cause.side == Some(Side::Client)
                && cause.id == CauseId::UnknownIssuer
                && cause.certainty == Certainty::Proven
        });
        let found = found.unwrap_or_else(|| panic!("{:?}", diagnosis.causes));
        assert_eq!(found.reported, side == Side::Client, "{side:?} sent the alert");
    }
}

/// The same end told by both sides is two causes, one for each.
#[test]
fn where_both_sides_were_hung_up_on_both_are_told() {
    let mut capture = good_until_certificates(TlsVersion::Tls13, true);
    capture.segments.truncate(1);
    for side in Side::BOTH {
        capture.sides.of_mut(side).verdict = Some(mtlscope::capture::StackVerdict {
            stack: "some stack".to_owned(),
            version: "1".to_owned(),
            code: VerdictCode::TransportEnded,
            words: "unexpected end of file".to_owned(),
        });
    }
    let diagnosis = diagnose(&capture, &decode(&capture));
    let found: Vec<String> = diagnosis.causes.iter().map(line).collect();
    let of = |side: &str| format!("proven peer-closed by the {side}, reported");
    assert_eq!(found, [of("client"), of("server")]);
}
