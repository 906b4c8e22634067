//! Text as people have it: YAML, JSON, OpenVPN profiles, PEM in disguise. What is refused is refused in one line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtlscope::pki::read_text;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    match read_text(&text) {
        Ok(bundle) => {
            for (at, certificate) in bundle.certificates.iter().enumerate() {
                assert_eq!(certificate.entry, at);
            }
        }
        Err(error) => assert!(!error.to_string().contains('\n')),
    }
});
