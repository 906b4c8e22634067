//! What an end of the lab may do less, or ask for more: names served, schemes, SPIFFE IDs, hanging up.

use crate::support::field;
use field::{Run, Subject, scenario};
use mtlscope::cancel::Cancel;
use mtlscope::capture::{EventKind, Origin, Side, SideEvidence, VerdictCode};
use mtlscope::decode::decode;
use mtlscope::diagnose::{CauseId, Certainty, Verdict, diagnose};
use mtlscope::setup::Fault;
use mtlscope::source::lab::{LabError, run_blocking};

#[test]
fn a_server_answers_for_its_names_only_and_that_is_not_a_missing_certificate() {
    let mut setup = scenario("sni-rejected");
    for (asked, names, cause) in [
        (
            "payments.shop.svc",
            vec!["ledger.shop.svc"],
            Some(CauseId::SniRejected),
        ),
        ("LEDGER.shop.svc", vec!["ledger.shop.svc"], None),
        ("ledger.shop.svc", vec!["*.shop.svc"], None),
        (
            "a.ledger.shop.svc",
            vec!["*.shop.svc"],
            Some(CauseId::SniRejected),
        ),
        // No name is sent for an address: there is none to choose by.
        ("10.0.0.7", vec!["ledger.shop.svc"], Some(CauseId::SniRejected)),
    ] {
        asked.clone_into(&mut setup.server_name);
        setup.parties.server.policy.limits.server_names = names.into_iter().map(str::to_owned).collect();
        let run = Run::new(&setup);
        assert_eq!(
            run.diagnosis.causes.first().map(|cause| cause.id),
            cause,
            "{asked}: {:?}",
            run.ids()
        );
        if let Some(cause) = run.diagnosis.causes.first() {
            assert_eq!(
                (cause.certainty, cause.side),
                (Certainty::Proven, Some(Side::Server))
            );
            let first = &cause.evidence[0];
            let message = &run.transcript.messages[first.message.expect("the ClientHello")];
            let bytes = &message.bytes[first.range.clone()];
            if asked == "10.0.0.7" {
                assert_eq!(bytes, message.bytes, "all of it shows that no name is there");
            } else {
                assert!(
                    String::from_utf8_lossy(bytes).contains(asked),
                    "the bytes show the name"
                );
                assert!(bytes.len() < 60, "and no more");
            }
        }
    }
    // The name is served, and nothing is there to serve it with.
    "ledger.shop.svc".clone_into(&mut setup.server_name);
    setup.parties.server.policy.limits.server_names = vec!["ledger.shop.svc".to_owned()];
    setup.parties.server.identity = None;
    assert_eq!(Run::new(&setup).ids(), ["server-certificate-missing"]);
}

#[test]
fn alert_112_names_it_from_packets_alone() {
    let mut capture = Run::of("sni-rejected").capture;
    capture.origin = Origin::Packets;
    capture.sides.client = SideEvidence::default();
    capture.sides.server = SideEvidence::default();
    capture.events.clear();
    capture.at_hand.clear();
    let mut changed = 0;
    for segment in capture
        .segments
        .iter_mut()
        .filter(|segment| segment.from == Side::Server)
    {
        if let [21, .., code] = segment.bytes.as_mut_slice() {
            *code = 112;
            changed += 1;
        }
    }
    assert_eq!(changed, 1, "the alert travels in clear");
    let transcript = decode(&capture);
    let diagnosis = diagnose(&capture, &transcript);
    let first = diagnosis.causes.first().expect("the alert is all there is");
    assert_eq!(
        (first.id, first.certainty),
        (CauseId::SniRejected, Certainty::Possible)
    );
    let commands = format!("{:?}", first.remedies);
    assert!(commands.contains("-servername payments.shop.svc"), "{commands}");
}

#[test]
fn a_spiffe_id_is_compared_whole_and_refused_in_words_of_ours() {
    let run = Run::of("spiffe-id-mismatch");
    run.first(CauseId::SpiffeIdMismatch, Side::Client, Subject::Is("CN=billing"));
    let verdict = run.capture.sides.client.verdict.as_ref().expect("it ended");
    assert_eq!(verdict.stack, "mtlscope on rustls");
    assert_eq!(run.transcript.sni, None);
    let run = Run::of("server-expects-other-workload");
    run.first(CauseId::SpiffeIdMismatch, Side::Server, Subject::Is("CN=orders"));
    // The chain comes first, and there rustls speaks for itself.
    let mut setup = scenario("spiffe-id-mismatch");
    setup.parties.client.trust.clear();
    let run = Run::new(&setup);
    run.first(
        CauseId::NoTrustAnchors,
        Side::Client,
        Subject::Is("CN=Mesh Issuer"),
    );
    let verdict = run.capture.sides.client.verdict.as_ref().expect("it ended");
    assert_eq!(verdict.stack, "rustls");
    // What is no SPIFFE ID is said before anything runs.
    "spiffe://Shop/".clone_into(&mut setup.server_name);
    let error = run_blocking(&setup, &Cancel::default()).expect_err("it is none");
    assert!(matches!(error, LabError::SpiffeId { .. }), "{error}");
}

#[test]
fn a_certificate_with_two_uris_is_nobodys() {
    // X509-SVID §2: exactly one URI; more must be refused, though one of them fits.
    let text = include_str!("../../assets/scenarios/good-spiffe.ron").replace(
        r#"sans: ["URI:spiffe://shop.example/ns/shop/sa/payments"]"#,
        r#"sans: ["URI:spiffe://shop.example/ns/shop/sa/payments", "URI:https://payments.shop.example/"]"#,
    );
    let run = Run::ron(&text);
    run.first(
        CauseId::SpiffeIdMismatch,
        Side::Client,
        Subject::Is("CN=payments"),
    );
    assert_eq!(Run::of("good-spiffe").diagnosis.verdict, Verdict::Accepted);
}

#[test]
fn whoever_hangs_up_says_nothing_and_the_other_is_left() {
    for side in Side::BOTH {
        let mut setup = scenario("good-tls13");
        setup.fault = Some(Fault::HangUp(side));
        let run = Run::new(&setup);
        run.first(CauseId::PeerClosed, side.peer(), Subject::Nobody);
        assert_eq!(run.diagnosis.verdict, Verdict::Unfinished);
        assert_eq!(
            run.capture.sides.of(side).verdict,
            None,
            "its stack took no part in the end"
        );
        let left = run
            .capture
            .sides
            .of(side.peer())
            .verdict
            .as_ref()
            .expect("it ended");
        assert_eq!(left.code, VerdictCode::TransportEnded);
        let ended = run
            .capture
            .events
            .iter()
            .find(|event| event.kind == EventKind::TransportEnded);
        let last = run.capture.segments.last().expect("there are bytes");
        assert!(
            last.at_us <= ended.expect("it is noted").at_us,
            "nothing comes after the end"
        );
    }
}

#[test]
fn what_is_refused_unread_is_not_blamed_for_its_names() {
    assert_eq!(
        Run::of("unknown-critical-extension").ids(),
        ["unknown-critical-extension"]
    );
}
