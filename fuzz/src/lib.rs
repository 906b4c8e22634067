//! What the fuzz targets share: bytes wrapped into captures, and what holds of any transcript whatsoever.

use std::sync::{Arc, LazyLock};

use mtlscope::analysis::Analysis;
use mtlscope::capture::{Capture, KeyLog, Origin, PerSide, Segment, Side};
use mtlscope::decode::{Transcript, decode_with};
use mtlscope::session;

/// Stored sessions: their secrets open what seeds made from them hold.
pub const SESSIONS: [(&str, &str); 6] = [
    ("good-tls13", include_str!("../../tests/fixtures/sessions/good-tls13.ron")),
    ("good-tls12", include_str!("../../tests/fixtures/sessions/good-tls12.ron")),
    (
        "hello-retry-request",
        include_str!("../../tests/fixtures/sessions/hello-retry-request.ron"),
    ),
    ("root-rotated", include_str!("../../tests/fixtures/sessions/root-rotated.ron")),
    (
        "client-missing-intermediate",
        include_str!("../../tests/fixtures/sessions/client-missing-intermediate.ron"),
    ),
    (
        "everything-wrong",
        include_str!("../../tests/fixtures/sessions/everything-wrong.ron"),
    ),
];

static KEY_LOG: LazyLock<KeyLog> = LazyLock::new(|| {
    let mut log = KeyLog::default();
    for (name, text) in SESSIONS {
        let Ok(session) = session::parse(text, name) else {
            continue;
        };
        for secret in &session.capture.secrets {
            log.read(&format!(
                "{} {} {}\n",
                secret.label.key_log_word(),
                hexadecimal(&secret.client_random),
                hexadecimal(&secret.value)
            ));
        }
    }
    log
});

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A capture of these runs of bytes and nothing else.
pub fn capture(segments: impl IntoIterator<Item = (Side, Vec<u8>)>) -> Capture {
    Capture {
        origin: Origin::Packets,
        started_at_unix_us: 1_800_000_000_000_000,
        carrier: None,
        segments: (0..)
            .zip(segments)
            .map(|(at_us, (from, bytes))| Segment {
                at_us,
                from,
                bytes,
                altered: None,
            })
            .collect(),
        secrets: Vec::new(),
        events: Vec::new(),
        sides: PerSide::default(),
        at_hand: Vec::new(),
    }
}

/// Segments from a fuzzer's bytes: two bytes say whose it is (the highest bit) and how long, then it follows.
pub fn segments(mut data: &[u8]) -> Vec<(Side, Vec<u8>)> {
    let mut segments = Vec::new();
    while let Some(([high, low], rest)) = data.split_first_chunk() {
        let side = if high & 0x80 == 0 { Side::Client } else { Side::Server };
        let length = usize::from(u16::from_be_bytes([high & 0x7f, *low])).min(rest.len());
        let (bytes, rest) = rest.split_at(length);
        segments.push((side, bytes.to_vec()));
        data = rest;
    }
    segments
}

/// The other way round, for seeds.
pub fn from_segments<'a>(segments: impl IntoIterator<Item = (Side, &'a [u8])>) -> Vec<u8> {
    let mut out = Vec::new();
    for (side, bytes) in segments {
        for part in bytes.chunks(0x7fff) {
            let [high, low] = (part.len() as u16).to_be_bytes();
            out.extend([high | if side == Side::Server { 0x80 } else { 0 }, low]);
            out.extend_from_slice(part);
        }
    }
    out
}

/// One handshake message with its header, in as many records as it needs.
pub fn records(message: &[u8]) -> Vec<u8> {
    message
        .chunks(1 << 14)
        .flat_map(|part| {
            let [high, low] = (part.len() as u16).to_be_bytes();
            [&[22, 3, 3, high, low], part].concat()
        })
        .collect()
}

/// A handshake message's header before its body.
pub fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], &length24(body)[..], body].concat()
}

/// The length of these bytes in three bytes.
pub fn length24(bytes: &[u8]) -> [u8; 3] {
    let [_, a, b, c] = (bytes.len() as u32).to_be_bytes();
    [a, b, c]
}

/// A ServerHello that chooses TLS 1.3, or TLS 1.2 with this suite.
pub fn server_hello(is_13: bool, suite: u16) -> Vec<u8> {
    let [high, low] = suite.to_be_bytes();
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend([0, high, low, 0]);
    if is_13 {
        body.extend([0, 6, 0, 43, 0, 2, 3, 4]);
    }
    message(2, &body)
}

/// Decodes with and without secrets, and checks what holds for any bytes.
pub fn decode_and_check(capture: &Capture) -> Transcript {
    let transcript = decode_with(capture, Some(&KEY_LOG));
    check(&transcript);
    transcript
}

/// Decodes, judges and tells.
pub fn analyse(capture: Capture) {
    let transcript = decode_and_check(&capture);
    let _ = Analysis::of_decoded(Arc::new(capture), transcript);
}

/// Every byte of every message lies in exactly one leaf, and every range within its buffer.
pub fn check(transcript: &Transcript) {
    for message in &transcript.messages {
        assert_eq!(message.root.range, 0..message.bytes.len(), "{}", message.kind);
        let mut owners = vec![0u8; message.bytes.len()];
        message.root.walk(&mut |field| match field.buffer {
            None if field.children.is_empty() => {
                for owner in &mut owners[field.range.clone()] {
                    *owner += 1;
                }
            }
            None => {}
            Some(buffer) => assert!(field.range.end <= transcript.buffers[buffer.0].bytes.len()),
        });
        assert!(
            owners.iter().all(|count| *count == 1),
            "{}: a byte is not owned once",
            message.kind
        );
    }
    for record in &transcript.records {
        let wire = &transcript.buffers[usize::from(record.side == Side::Server)].bytes;
        assert!(record.wire.start <= record.wire.end && record.wire.end <= wire.len());
    }
}
