//! Needs a real peer: the `openssl` command. Private keys that it reads and rustls does not: what is wrong in them is told, and where
//! OpenSSL can mend it, the command that is told mends it.

use crate::support::machine::corpora;
use crate::support::openssl::{Workshop, is_at_hand};
use crate::support::revocation::run;
use mtlscope::pki::read_file;

#[test]
fn what_openssl_reads_and_rustls_does_not_is_told_and_mended() {
    let test = "what_openssl_reads_and_rustls_does_not_is_told_and_mended";
    let Some(root) = corpora(test).filter(|_| is_at_hand(test)) else {
        return;
    };
    let folder = root.join("pyca/cryptography_vectors/asymmetric");
    let form = |file: &str| {
        if file.contains("unused_bits") {
            &["-inform", "DER"][..]
        } else {
            &[]
        }
    };
    for (file, wrong, is_valid, is_mended) in [
        (
            "EC/ec_private_key_non_zero_unused_bits.der",
            "bits of its last byte are unused",
            true,
            true,
        ),
        (
            "Traditional_OpenSSL_Serialization/rsa-wrong-version.pem",
            "says version 17",
            true,
            false,
        ),
        (
            "PEM_Serialization/rsa-bad-1025-q-is-2.pem",
            "its modulus is even",
            true,
            false,
        ),
        (
            "PKCS8/ec-invalid-private-scalar.pem",
            "number has 115 bytes",
            false,
            false,
        ),
    ] {
        let made = Workshop::new();
        let name = file.rsplit('/').next().expect("a name");
        std::fs::copy(folder.join(file), made.path(name)).expect("copied");
        let error = read_file(&made.path(name)).expect_err("it is told").to_string();
        assert!(
            error.contains(wrong) && error.contains("OpenSSL reads it") || error.contains("reads the key"),
            "{error}"
        );
        let asked = [&["pkey", "-in", name, "-noout"][..], form(name)].concat();
        assert!(run(&made, &asked).0, "{name}: OpenSSL reads it");
        let (_, words) = run(&made, &[&asked[..], &["-check"]].concat());
        assert_eq!(words.contains("Key is valid"), is_valid, "{name}: {words}");
        assert_eq!(error.contains("invalid"), !is_valid, "{error}");
        let command = error.split("openssl ").nth(1);
        assert_eq!(command.is_some(), is_mended, "{error}");
        if let Some(command) = command {
            let path = made.argument(name);
            let command = command.replace(&path, name);
            let words: Vec<&str> = command.split(' ').collect();
            assert!(run(&made, &words).0, "{command}");
            let bundle = read_file(&made.path("new.key")).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(bundle.keys.len(), 1);
        }
    }
}
