//! A key log; every secret that was read is found again by its client random.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtlscope::capture::KeyLog;

fuzz_target!(|text: &str| {
    let mut log = KeyLog::default();
    assert_eq!(log.read(text), log.len());
    for secret in log.secrets() {
        assert!(log.of(&secret.client_random).contains(secret));
    }
});
