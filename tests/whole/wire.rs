//! Messages made by hand, in records in the clear, and bodies of every shape that TLS has.

use mtlscope::capture::{Capture, Origin, PerSide, Segment, Side};

/// `length` in so many bytes, then what it counts.
fn counted(bytes: usize, parts: &[&[u8]]) -> Vec<u8> {
    let all = parts.concat();
    let length = (all.len() as u64).to_be_bytes();
    [&length[8 - bytes..], &all].concat()
}

/// A vector with a length of one byte.
pub fn short(parts: &[&[u8]]) -> Vec<u8> {
    counted(1, parts)
}

/// A vector with a length of two bytes.
pub fn long(parts: &[&[u8]]) -> Vec<u8> {
    counted(2, parts)
}

/// A vector with a length of three bytes.
pub fn longer(parts: &[&[u8]]) -> Vec<u8> {
    counted(3, parts)
}

/// A handshake message.
pub fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &longer(&[body])].concat()
}

/// A record in the clear.
pub fn record(kind: u8, version: u16, content: &[u8]) -> Vec<u8> {
    [&[kind][..], &version.to_be_bytes(), &long(&[content])].concat()
}

/// An extension.
pub fn extension(number: u16, body: &[u8]) -> Vec<u8> {
    [&number.to_be_bytes()[..], &long(&[body])].concat()
}

/// A ClientHello with these extensions.
pub fn client_hello(version: u16, extensions: &[u8]) -> Vec<u8> {
    let suites = [0x13, 1, 0xc0, 0x2f, 0, 0x2f];
    let body = [
        &version.to_be_bytes()[..],
        &[7; 32],
        &short(&[&[9, 8]]),
        &long(&[&suites]),
        &short(&[&[0]]),
        &long(&[extensions]),
    ];
    message(1, &body.concat())
}

/// A ServerHello with these extensions.
pub fn server_hello(version: u16, random: [u8; 32], suite: u16, extensions: &[u8]) -> Vec<u8> {
    let body = [
        &version.to_be_bytes()[..],
        &random,
        &short(&[&[9, 8]]),
        &suite.to_be_bytes(),
        &[0],
        &long(&[extensions]),
    ];
    message(2, &body.concat())
}

/// What supported_versions of a ServerHello says where it chose TLS 1.3.
pub fn chose_13() -> Vec<u8> {
    extension(43, &[3, 4])
}

/// A recording of these bytes.
pub fn capture(sent: impl IntoIterator<Item = (Side, Vec<u8>)>) -> Capture {
    let segments = sent.into_iter().zip(1..).map(|((from, bytes), at)| Segment {
        at_us: 100 * at,
        from,
        bytes,
        altered: None,
    });
    Capture {
        origin: Origin::Packets,
        // 2026-11-28.
        started_at_unix_us: 1_795_824_000_000_000,
        carrier: None,
        segments: segments.collect(),
        secrets: Vec::new(),
        events: Vec::new(),
        sides: PerSide::default(),
        at_hand: Vec::new(),
    }
}

/// A name as DER: two parts.
fn name(letter: u8) -> Vec<u8> {
    let part = |number: u8| vec![0x31, 10, 0x30, 8, 6, 3, 0x55, 4, number, 12, 1, letter];
    [&[0x30, 24][..], &part(3), &part(10)].concat()
}

/// Bodies that fit.
fn fitting() -> Vec<Vec<u8>> {
    let one = |parts: &[&[u8]]| parts.concat();
    let share = |group: u8, key: &[u8]| one(&[&[0, group], &long(&[key])]);
    let number = 7u64.to_be_bytes();
    vec![
        vec![],
        vec![1],
        vec![2],
        vec![0, 1],
        vec![0x40, 0],
        vec![3, 4],
        vec![0, 29],
        vec![0, 0, 0, 9],
        vec![6; 8],
        vec![5; 32],
        vec![4; 48],
        short(&[&[1, 2]]),
        short(&[&[0, 0, 0, 1]]),
        short(&[&[3, 4, 3, 3, 0x0a, 0x0a]]),
        short(&[&short(&[b"ab"]), &short(&[b"c"])]),
        short(&[&long(&[b"ab"]), &long(&[b"c"])]),
        long(&[&[4, 3, 8, 4, 0x1a, 0x1a]]),
        long(&[&[0, 29, 0, 23, 0x11, 0xec]]),
        long(&[&short(&[b"h2"]), &short(&[b"http/1.1"])]),
        long(&[&long(&[b"first"]), &long(&[b"other"])]),
        long(&[&longer(&[b"first"]), &longer(&[b"other"])]),
        long(&[&long(&[&name(b'a')]), &long(&[&name(b'b')])]),
        long(&[
            &one(&[&[0], &long(&[b"one.test"])]),
            &one(&[&[0], &long(&[b"two.test"])]),
        ]),
        long(&[&one(&[&[1], &long(&[b"one"])]), &one(&[&[2], &long(&[b"two"])])]),
        long(&[&share(29, b"key"), &share(23, b"other"), &share(10, b"")]),
        share(24, b"key"),
        one(&[
            &[1],
            &long(&[&long(&[b"id"]), &long(&[b"me"])]),
            &long(&[b"more"]),
        ]),
        one(&[&[1], &long(&[]), &long(&[])]),
        one(&[&[1], &longer(&[b"response"])]),
        long(&[
            &one(&[&[1], &long(&[&long(&[]), &long(&[])])]),
            &one(&[&[2], &long(&[&long(&[]), &long(&[])])]),
        ]),
        one(&[
            &long(&[
                &one(&[&long(&[b"ticket"]), &[0, 0, 0, 9]]),
                &one(&[&long(&[b"t"]), &[1, 0, 0, 0]]),
            ]),
            &long(&[&short(&[&[1; 32]]), &short(&[&[2; 32]])]),
        ]),
        long(&[
            &short(&[&[6, 3, 0x55, 0x1d, 0x25]]),
            &long(&[&[1, 2]]),
            &short(&[&[6, 2, 0x2b, 6]]),
            &long(&[]),
        ]),
        long(&[&long(&[
            &[0],
            &[3; 32],
            &number,
            &long(&[]),
            &[4, 3],
            &long(&[&[9; 8]]),
        ])]),
        long(&[&long(&[&[1, 6], &number]), &long(&[&[2, 5], &number, &number])]),
        one(&[&[0, 0, 1, 0, 3, 42], &long(&[b"encd"]), &long(&[b"abc"])]),
        long(&[&one(&[
            &[0xfe, 0x0d],
            &long(&[
                &[7],
                &[0, 32],
                &long(&[b"key"]),
                &long(&[&[0, 1, 0, 3]]),
                &[9],
                &short(&[b"public.test"]),
                &long(&[]),
            ]),
        ])]),
        one(&[
            &[0, 0, 0, 9],
            &[4, 3],
            &longer(&[b"key"]),
            &[4, 3],
            &long(&[b"signature"]),
        ]),
        one(&[
            &[0, 0, 0, 9],
            &[0, 0, 0, 7],
            &short(&[&[1, 1]]),
            &long(&[b"ticket"]),
            &long(&[&[0, 42, 0, 4, 0, 0, 1, 0]]),
        ]),
        one(&[&[0, 0, 0, 9], &long(&[b"ticket"])]),
        one(&[&[4, 3], &long(&[b"signature"])]),
        long(&[b"signature"]),
        // Parameters of key exchanges.
        one(&[&[3, 0, 23], &short(&[&[4; 65]]), &[4, 3], &long(&[b"signature"])]),
        one(&[&[3, 0, 23], &short(&[&[4; 65]]), &long(&[b"signature"])]),
        one(&[
            &long(&[&[0xfd; 16]]),
            &long(&[&[2]]),
            &long(&[&[5; 16]]),
            &[4, 1],
            &long(&[b"signature"]),
        ]),
        one(&[
            &long(&[&[0xfd; 16]]),
            &long(&[&[2]]),
            &long(&[&[5; 16]]),
            &long(&[b"signature"]),
        ]),
        one(&[&long(&[&[0xfd; 16]]), &long(&[&[2]]), &long(&[&[5; 16]])]),
        one(&[&long(&[b"hint"]), &[3, 0, 23], &short(&[&[4; 65]])]),
        one(&[
            &long(&[b"hint"]),
            &long(&[&[0xfd; 16]]),
            &long(&[&[2]]),
            &long(&[&[5; 16]]),
        ]),
        one(&[
            &long(&[b"n"]),
            &long(&[b"g"]),
            &short(&[b"salt"]),
            &long(&[b"b"]),
            &[4, 3],
            &long(&[b"signature"]),
        ]),
        one(&[&long(&[b"identity"]), &long(&[&[1; 48]])]),
        one(&[&[1, 2], &short(&[&[8; 8]]), &short(&[b"x"])]),
        short(&[&[4; 65]]),
        // QUIC's parameters.
        one(&[
            &[1, 2, 0x40, 9],
            &[3, 4, 0x80, 0, 0xff, 0xff],
            &[0x0f, 3, 1, 2, 3],
            &[0x0c, 0],
        ]),
        // Requests for a certificate.
        one(&[
            &short(&[&[1, 64, 2]]),
            &long(&[&[4, 3, 8, 4]]),
            &long(&[&long(&[&name(b'a')]), &long(&[&name(b'b')])]),
        ]),
        one(&[&short(&[&[1, 64]]), &long(&[&long(&[&name(b'a')])])]),
        one(&[
            &short(&[b"ctx"]),
            &long(&[
                &extension(13, &long(&[&[4, 3]])),
                &extension(47, &long(&[&long(&[&name(b'c')])])),
            ]),
        ]),
        long(&[
            &extension(16, &long(&[&short(&[b"h2"])])),
            &extension(10, &long(&[&[0, 29]])),
        ]),
        // Certificates.
        one(&[
            &short(&[]),
            &longer(&[
                &longer(&[b"leaf"]),
                &long(&[&extension(5, &[])]),
                &longer(&[b"issuer"]),
                &long(&[]),
            ]),
        ]),
        longer(&[&longer(&[b"leaf"]), &longer(&[b"issuer"])]),
        one(&[&[0, 2], &[0, 1, 0], &longer(&[b"compressed"])]),
        // Data of the user, by type.
        longer(&[
            &one(&[&[0, 0], &long(&[b"one"])]),
            &one(&[&[0x40, 2], &long(&[&short(&[b"user"]), &short(&[b"domain"])])]),
        ]),
        short(&[&one(&[&[0], &[1; 20]]), &one(&[&[1], &[2; 32]])]),
        long(&[&one(&[&[1], &[1; 20]]), &one(&[&[2], &long(&[&name(b'd')])])]),
        long(&[&one(&[&[1], &[8; 20]]), &one(&[&[3], &[9; 20]])]),
        one(&[&long(&[&[0, 1, 0, 7]]), &short(&[b"mki"])]),
    ]
}

/// Bodies of every shape: those that fit somewhere, each cut short by a byte, and with one too many.
pub fn bodies() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for body in fitting() {
        let mut more = body.clone();
        more.push(0xee);
        let less = body[..body.len().saturating_sub(1)].to_vec();
        all.extend([body, less, more]);
    }
    all.dedup();
    all
}
