//! Any bytes, in segments of either side: decoded, judged and told.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| shared::analyse(shared::capture(shared::segments(data))));
