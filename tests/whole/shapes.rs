//! Every extension in every place and every handshake message in every version, with bodies of every shape: digests of all that is read.

use mtlscope::capture::Side;
use mtlscope::decode::{MessageKind, decode};

use crate::digest;
use crate::sessions;
use crate::text::{self, written};
use crate::wire::{
    bodies, capture, chose_13, client_hello, extension, long, longer, message, record, server_hello, short,
};

/// The random that makes a ServerHello a HelloRetryRequest (RFC 8446 §4.1.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
    0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

fn in_record(bytes: &[u8]) -> Vec<u8> {
    record(22, 0x0303, bytes)
}

/// What is read of the last message; what comes before it is the same each time.
fn read(sent: Vec<(Side, Vec<u8>)>) -> String {
    let before = sent.len().saturating_sub(1);
    let transcript = decode(&capture(sent));
    written(|text| {
        for message in transcript.messages.iter().skip(before) {
            text::field(text, &message.root);
            text.line(format!("read as {:?}", message.body));
        }
    })
}

fn begin(version: u16, suite: u16) -> Vec<(Side, Vec<u8>)> {
    let extensions = if version == 0x0304 { chose_13() } else { Vec::new() };
    let wire = version.min(0x0303);
    vec![
        (Side::Client, in_record(&client_hello(wire, &[]))),
        (
            Side::Server,
            in_record(&server_hello(wire, [8; 32], suite, &extensions)),
        ),
    ]
}

/// A message that carries the extension, in every place where one stands.
fn placed(number: u16, body: &[u8]) -> Vec<Vec<(Side, Vec<u8>)>> {
    let one = extension(number, body);
    let after = |kind: u8, body: &[u8]| {
        let mut sent = begin(0x0304, 0x1301);
        sent.push((Side::Server, in_record(&message(kind, body))));
        sent
    };
    let hello = |random: [u8; 32]| {
        vec![(
            Side::Server,
            in_record(&server_hello(0x0303, random, 0x1301, &one)),
        )]
    };
    let entry = longer(&[&longer(&[b"leaf"]), &long(&[&one])]);
    let ticket = [
        &[0, 0, 0, 9, 0, 0, 0, 7][..],
        &short(&[&[1]]),
        &long(&[b"t"]),
        &long(&[&one]),
    ]
    .concat();
    vec![
        vec![(Side::Client, in_record(&client_hello(0x0303, &one)))],
        hello([8; 32]),
        hello(RETRY),
        after(8, &long(&[&one])),
        after(13, &[short(&[]), long(&[&one])].concat()),
        after(11, &[short(&[]), entry].concat()),
        after(4, &ticket),
    ]
}

#[test]
fn every_extension_in_every_place() {
    let numbers = (0..=66).chain([0x0a0a, 0x3374, 0x4469, 0x44cd, 0xfd00, 0xfe0d, 0xff01, 0xff02]);
    let bodies = bodies();
    let mut texts = Vec::new();
    for number in numbers {
        let mut text = String::new();
        for sent in bodies.iter().flat_map(|body| placed(number, body)) {
            text += &read(sent);
        }
        texts.push((format!("extension {number}"), text));
    }
    digest::holds("extensions", &texts);
}

/// Version and suite: one for each way to exchange keys.
const CONTEXTS: [(u16, u16); 20] = [
    (0x0300, 0x000a),
    (0x0301, 0x0003),
    (0x0301, 0x002f),
    (0x0301, 0x0033),
    (0x0302, 0x0016),
    (0x0302, 0xc013),
    (0x0303, 0x001e),
    (0x0303, 0x0032),
    (0x0303, 0x0034),
    (0x0303, 0x0031),
    (0x0303, 0x0081),
    (0x0303, 0x008c),
    (0x0303, 0x0090),
    (0x0303, 0x0094),
    (0x0303, 0xc004),
    (0x0303, 0xc01d),
    (0x0303, 0xc02f),
    (0x0303, 0xc035),
    (0x0303, 0xc0ff),
    (0x0304, 0x1301),
];

/// Every body that travelled in these sessions, as far as it was opened.
fn travelled() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for name in ["good-tls12", "good-tls13", "hello-retry-request"] {
        for message in sessions::one(name).transcript.messages {
            let is_other = matches!(
                message.kind,
                MessageKind::ApplicationData | MessageKind::Encrypted | MessageKind::Alert
            );
            if !is_other && message.bytes.len() > 4 {
                all.push(message.bytes[4..].to_vec());
            }
        }
    }
    all
}

#[test]
fn every_handshake_message_in_every_version() {
    let mut bodies = bodies();
    bodies.extend(travelled());
    let mut texts = Vec::new();
    for kind in (0..=27).chain([203, 254, 255]) {
        let mut text = String::new();
        for (version, suite) in CONTEXTS {
            for body in &bodies {
                let mut sent = begin(version, suite);
                let from = if [16, 15, 21].contains(&kind) {
                    Side::Client
                } else {
                    Side::Server
                };
                sent.push((from, in_record(&message(kind, body))));
                text += &read(sent);
            }
        }
        texts.push((format!("handshake {kind}"), text));
    }
    digest::holds("handshake", &texts);
}
