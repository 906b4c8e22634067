//! Files as the tools write them that hold nothing of ours, or hold it in BER; and every document, damaged.

use mtlscope::pki::{LoadReason, read_bytes, read_file};

use crate::load::sentence;
use crate::load_containers::path;

/// Of openssl, ssh-keygen and gpg, each refused by its name.
#[test]
fn what_other_tools_write_is_refused_by_name() {
    for (name, words, is_foreign) in [
        ("orders-csr.der", "certificate signing request", true),
        ("public.der", "public key alone", true),
        ("dsa.key", "private key of the kind DSA", false),
        ("dsa.der", "private key of the kind DSA", false),
        ("ssh.key", "SSH", true),
        ("ssh.pub", "SSH public key", true),
        ("ssh2.pub", "SSH public key", true),
        ("pgp.asc", "PGP key", true),
        ("pgp.gpg", "PGP key", true),
        ("pgp-secret.gpg", "PGP key", true),
    ] {
        let bytes = std::fs::read(path(name)).expect("a fixture");
        let error = read_bytes(&bytes, name).expect_err(name);
        sentence(&error, name, &[words]);
        assert_eq!(error.reason == LoadReason::Foreign, is_foreign, "{error}");
    }
}

/// `openssl cms -stream` does not know how long it will be.
#[test]
fn a_streamed_message_is_a_bag_of_certificates() {
    let bundle = read_file(&path("signed-stream.cms")).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(bundle.recognised, ["a PKCS#7 container: 2 certificates"]);
    let plain = read_file(&path("signed.cms")).unwrap_or_else(|error| panic!("{error}"));
    let ders = |bundle: &mtlscope::pki::Bundle| -> Vec<Vec<u8>> {
        let mut all: Vec<_> = bundle.certificates.iter().map(|one| one.der.to_vec()).collect();
        all.sort();
        all
    };
    assert!(ders(&bundle) == ders(&plain));
}

/// Cut, and a byte turned: no panic, and one sentence where nothing is left.
#[test]
fn damaged_documents_get_a_sentence() {
    let mut refused = 0;
    for (name, step) in [
        ("client.ovpn", 23),
        ("kubeconfig", 23),
        ("secret.yaml", 23),
        ("configmap.yaml", 11),
        ("webhook.yaml", 29),
        ("two-documents.yaml", 37),
        ("list.json", 29),
        ("encoded-twice.yaml", 11),
        ("not-encoded.yaml", 11),
        ("trusted.pem", 3),
        ("signed.cms", 11),
        ("signed-stream.cms", 7),
        ("ca.crl", 3),
        ("orders-csr.der", 1),
        ("public.der", 1),
        ("dsa.der", 3),
        ("pgp.gpg", 1),
        ("ssh.key", 3),
    ] {
        let whole = std::fs::read(path(name)).expect("a fixture");
        let utf16 = String::from_utf8(whole.clone()).is_ok().then(|| {
            let text = String::from_utf8_lossy(&whole).into_owned();
            let units = std::iter::once(0xfeff_u16).chain(text.encode_utf16().take(1500));
            units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
        });
        let mut judge = |bytes: &[u8]| match read_bytes(bytes, "x") {
            Ok(bundle) => assert!(!bundle.is_empty()),
            Err(error) => {
                let text = error.to_string();
                assert!(
                    text.starts_with('x') && !text.contains('\n') && text.len() < 420,
                    "{text}"
                );
                refused += 1;
            }
        };
        for (form, step) in [(&whole, step), (&utf16.unwrap_or_default(), step * 9)] {
            for at in (0..form.len()).step_by(step) {
                judge(&form[..at]);
                let mut turned = form.clone();
                turned[at] ^= if at % 2 == 0 { 0x01 } else { 0x80 };
                judge(&turned);
            }
        }
    }
    assert!(refused > 500, "{refused}");
}
