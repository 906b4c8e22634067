//! What stays shut, and what of the rest can be told then.

use std::path::Path;

use mtlscope::cancel::Cancel;
use mtlscope::capture::{Capture, Segment, Side};
use mtlscope::decode::{Body, FinishedFacts, Transcript, decode};
use mtlscope::session::load;
use mtlscope::setup::{Fault, FaultTarget, TlsVersion};
use mtlscope::source::lab::run_blocking;

use crate::support::pki::{USUAL, minted, setup};

fn good() -> Capture {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sessions/good-tls13.ron");
    Capture::clone(&load(&path).expect("a session").capture)
}

/// The same, whose client offers early data (RFC 8446 §4.2.10): an extension is added to its hello.
fn offering_early_data() -> Capture {
    let mut capture = good();
    let hello = &mut capture.segments[0].bytes;
    assert_eq!((hello[0], hello[5]), (22, 1), "a ClientHello");
    // The session id, the suites and the compression methods lie before the extensions.
    let mut at = 5 + 4 + 2 + 32;
    at += 1 + usize::from(hello[at]);
    at += 2 + usize::from(u16::from_be_bytes([hello[at], hello[at + 1]]));
    at += 1 + usize::from(hello[at]);
    for place in [3, 7, at] {
        let length = u16::from_be_bytes([hello[place], hello[place + 1]]) + 4;
        hello[place..place + 2].copy_from_slice(&length.to_be_bytes());
    }
    // First: a pre-shared key would have to stay last.
    hello.splice(at + 2..at + 2, [0, 42, 0, 0]);
    capture
}

fn finished(transcript: &Transcript, side: Side) -> FinishedFacts {
    transcript
        .messages
        .iter()
        .filter(|message| message.side == side)
        .find_map(|message| match &message.body {
            Body::Finished(facts) => Some(facts.clone()),
            _ => None,
        })
        .unwrap_or_else(|| panic!("the {}'s Finished opens", side.word()))
}

/// Early data that nobody opens is no part of the handshake; a record of the server's is.
#[test]
fn a_shut_record_of_the_handshake_forbids_checksums_and_early_data_does_not() {
    let hello = &good().segments[0];
    let garbage = |side: Side| Segment {
        at_us: hello.at_us,
        from: side,
        bytes: [&[23, 3, 3, 0, 40][..], &[0xa5; 40]].concat(),
        altered: None,
    };
    for (offers, side, is_torn) in [
        (true, Side::Client, false),
        (true, Side::Server, true),
        (false, Side::Client, true),
    ] {
        let mut capture = if offers { offering_early_data() } else { good() };
        let at = match side {
            Side::Client => 1,
            // After its hello, under its handshake keys.
            Side::Server => 2,
        };
        let first = &mut capture.segments[1];
        assert_eq!(first.from, Side::Server);
        let length = 5 + usize::from(u16::from_be_bytes([first.bytes[3], first.bytes[4]]));
        let rest = first.bytes.split_off(length);
        let rest = Segment {
            bytes: rest,
            ..first.clone()
        };
        capture.segments.insert(2, rest);
        capture.segments.insert(at, garbage(side));
        let transcript = decode(&capture);
        let facts = finished(&transcript, Side::Server);
        assert_eq!(
            facts.computed.is_none(),
            is_torn,
            "offers {offers}, shut {side:?}: {facts:?}"
        );
        assert_eq!(
            facts.why_not.is_some_and(|why| why.contains("stayed shut")),
            is_torn,
            "offers {offers}, shut {side:?}"
        );
    }
}

/// A ChangeCipherSpec is under no keys and counted by none (RFC 8446 §5, appendix D.4).
#[test]
fn a_change_of_the_cipher_that_was_swallowed_is_not_counted() {
    let pki = minted(USUAL);
    let mut setup = setup(&pki, &["client", "issuer"]);
    setup.parties.client.policy.versions = vec![TlsVersion::Tls13];
    for from in Side::BOTH {
        // The first record of each side is its hello, the second this one.
        setup.fault = Some(Fault::Drop(FaultTarget { from, record: 1 }));
        let capture = run_blocking(&setup, &Cancel::default()).expect("the run begins");
        let transcript = decode(&capture);
        let lost: Vec<(u8, bool)> = transcript
            .records
            .iter()
            .filter(|record| record.altered.is_some())
            .map(|record| (record.content_type, record.error.is_some()))
            .collect();
        assert_eq!(lost, [(20, true)], "{from:?}");
        let odd: Vec<&String> = transcript
            .records
            .iter()
            .filter(|record| record.altered.is_none())
            .filter_map(|record| record.error.as_ref())
            .collect();
        assert!(odd.is_empty(), "{from:?}: {odd:?}");
        for side in Side::BOTH {
            let facts = finished(&transcript, side);
            assert_eq!(facts.computed.as_ref(), Some(&facts.sent), "{from:?}");
        }
    }
}
