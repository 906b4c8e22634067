//! What tells TLS, by what secrets are found, and how much of a long connection is looked at.

use super::*;
use crate::capture::{Alteration, Gap};

fn session(name: &str) -> Capture {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/sessions")
        .join(format!("{name}.ron"));
    Capture::clone(&crate::session::load(&path).expect("a session").capture)
}

/// A handshake in the clear tells; where none was recorded, whole records do, unless something strange lies among them.
#[test]
fn a_connection_speaks_tls_by_its_handshake_or_by_its_records() {
    let whole = decode_with(&session("good-tls12"), None);
    assert!(speaks_tls(&whole));
    for kind in [
        MessageKind::ClientHello,
        MessageKind::ServerHello,
        MessageKind::Certificate,
        MessageKind::ServerKeyExchange,
    ] {
        let mut only = whole.clone();
        only.messages.retain(|message| message.kind == kind);
        only.records.clear();
        assert!(speaks_tls(&only), "{kind:?}");
    }
    let mut retried = decode_with(&session("hello-retry-request"), None);
    retried.records.clear();
    retried
        .messages
        .retain(|message| message.kind == MessageKind::HelloRetryRequest);
    assert!(!retried.messages.is_empty() && speaks_tls(&retried));
    let mut other = whole.clone();
    other.records.clear();
    other
        .messages
        .retain(|message| message.kind == MessageKind::Finished);
    assert!(!speaks_tls(&other), "neither a record nor a hello");
    let mut records = whole.clone();
    records.messages.clear();
    assert!(speaks_tls(&records));
    for (content_type, length, is_tls) in [
        (19, 6, false),
        (20, 6, true),
        (23, 6, true),
        (24, 6, false),
        (22, 5, false),
    ] {
        let mut one = records.clone();
        one.records.truncate(1);
        one.records[0].content_type = content_type;
        let bytes = one.records[0].wire.start;
        one.records[0].wire = bytes..bytes + length;
        assert_eq!(speaks_tls(&one), is_tls, "type {content_type}, {length} bytes");
    }
    let strange = decode_with(
        &Capture {
            segments: vec![Segment {
                at_us: 0,
                from: Side::Client,
                bytes: b"GET / HTTP/1.1\r\n\r\n".to_vec(),
                altered: None,
            }],
            ..session("good-tls12")
        },
        None,
    );
    assert!(!speaks_tls(&strange));
    records.messages = strange.messages;
    assert!(!speaks_tls(&records), "records, and something else");
}

#[test]
fn secrets_are_looked_up_by_every_hello_once() {
    for (name, hellos) in [("good-tls12", 1), ("good-tls13", 1), ("hello-retry-request", 2)] {
        let capture = session(name);
        let transcript = decode_with(&capture, None);
        let said = transcript
            .messages
            .iter()
            .filter(|message| message.kind == MessageKind::ClientHello);
        assert_eq!(said.count(), hellos, "{name}");
        let randoms = client_randoms(&transcript);
        let known: Vec<&[u8]> = vec![&capture.secrets[0].client_random];
        assert_eq!(randoms, known, "{name}");
    }
}

/// Of each side the first 96 KiB, where both together have more than four times that.
#[test]
fn of_a_long_connection_the_head_of_each_side_is_looked_at_first() {
    const HEAD: usize = 96 << 10;
    let segment = |from, length: usize, altered| Segment {
        at_us: 7,
        from,
        bytes: vec![1; length],
        altered,
    };
    let with = |segments: Vec<Segment>| Capture {
        segments,
        ..session("good-tls13")
    };
    assert!(head_of(&with(vec![segment(Side::Client, 4 * HEAD, None)])).is_none());
    let gap = Some(Alteration::Missing {
        bytes: 9,
        why: Gap::NotRecorded,
    });
    let capture = with(vec![
        segment(Side::Client, HEAD - 1, None),
        segment(Side::Server, 3 * HEAD, gap.clone()),
        segment(Side::Client, 2, gap.clone()),
        segment(Side::Client, 5, None),
    ]);
    let head = head_of(&capture).expect("it is long");
    let told: Vec<(Side, usize, u64, Option<Alteration>)> = head
        .segments
        .iter()
        .map(|one| (one.from, one.bytes.len(), one.at_us, one.altered.clone()))
        .collect();
    assert_eq!(
        told,
        [
            (Side::Client, HEAD - 1, 7, None),
            (Side::Server, HEAD, 7, gap.clone()),
            (Side::Client, 1, 7, gap),
            (Side::Client, 0, 7, None)
        ]
    );
    assert!(head.secrets.is_empty() && head.events.is_empty() && head.at_hand.is_empty());
    assert_eq!(
        (head.origin, head.started_at_unix_us, &head.carrier),
        (capture.origin, capture.started_at_unix_us, &capture.carrier)
    );
}
