//! A container or an encrypted key, with a passphrase that may fit: PKCS#12, Java's stores, PKCS#7, PKCS#8.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtlscope::pki::{Passphrase, Passphrases, read_bytes_with, sorted};

fuzz_target!(|data: &[u8]| {
    let passphrases = Passphrases::one(Passphrase::new("changeit".to_owned()));
    match read_bytes_with(data, "fuzz.bin", &passphrases) {
        Ok(bundle) => {
            let sorted = sorted(&bundle);
            let count: usize = sorted.presented.iter().map(|one| one.chain.len()).sum();
            assert_eq!(count + sorted.authorities.len(), bundle.certificates.len());
            assert!(!bundle.is_empty() && bundle.recognised.len() == 1);
        }
        Err(error) => assert!(!error.to_string().contains('\n')),
    }
});
