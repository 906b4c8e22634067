//! A file or a paste of certificates and keys.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtlscope::pki::{CertificateFacts, read_bytes};

fuzz_target!(|data: &[u8]| {
    let Ok(bundle) = read_bytes(data, "fuzz.pem") else {
        return;
    };
    for certificate in &bundle.certificates {
        let _ = CertificateFacts::from_der(&certificate.der);
    }
});
