//! One certificate (DER), as a server sends it in TLS 1.2 and in TLS 1.3: decoded and judged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtlscope::capture::Side;
use shared::{length24, message, records, server_hello};

fuzz_target!(|der: &[u8]| {
    let entry = [&length24(der)[..], der].concat();
    for is_13 in [false, true] {
        let body = if is_13 {
            let entry = [&entry[..], &[0, 0]].concat();
            [&[0], &length24(&entry)[..], &entry].concat()
        } else {
            [&length24(&entry)[..], &entry].concat()
        };
        let hello = server_hello(is_13, if is_13 { 0x1301 } else { 0xc02b });
        shared::analyse(shared::capture([
            (Side::Server, records(&hello)),
            (Side::Server, records(&message(11, &body))),
        ]));
    }
});
