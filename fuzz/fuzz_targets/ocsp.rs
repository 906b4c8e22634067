//! One OCSP response (DER), stapled as TLS 1.2 staples it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtlscope::capture::Side;
use shared::{length24, message, records, server_hello};

fuzz_target!(|der: &[u8]| {
    let body = [&[1], &length24(der)[..], der].concat();
    shared::decode_and_check(&shared::capture([
        (Side::Server, records(&server_hello(false, 0xc02b))),
        (Side::Server, records(&message(22, &body))),
    ]));
});
