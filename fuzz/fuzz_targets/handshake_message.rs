//! One handshake message after a ServerHello of either version. The first byte says whose it is, of which version, and
//! with which key exchange; the rest is the message, its header included.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtlscope::capture::Side;

/// ECDHE, DHE, RSA, DH without a certificate, and a pre-shared key: each has other key exchange messages.
const SUITES: [u16; 5] = [0xc02b, 0x009e, 0x009c, 0x00a6, 0xc037];

fuzz_target!(|data: &[u8]| {
    let Some((how, message)) = data.split_first() else {
        return;
    };
    let is_13 = how & 1 == 0;
    let side = if how & 2 == 0 { Side::Server } else { Side::Client };
    let suite = if is_13 {
        0x1301
    } else {
        SUITES[usize::from(how >> 3) % SUITES.len()]
    };
    let mut segments = Vec::new();
    if how & 4 == 0 {
        segments.push((Side::Server, shared::records(&shared::server_hello(is_13, suite))));
    }
    segments.push((side, shared::records(message)));
    shared::decode_and_check(&shared::capture(segments));
});
