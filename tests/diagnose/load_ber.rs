//! DER files as they should not be: containers in BER, several objects in one file, and sound ones that are nothing of ours.

use mtlscope::pki::{Bundle, LoadReason, read_bytes, read_bytes_with};

use crate::load::sentence;
use crate::load_containers::{passphrase, path};
use crate::support::ber::{ber, der, element, in_ber_all_through, indefinite};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).expect("a fixture")
}

fn ders(bundle: &Bundle) -> Vec<Vec<u8>> {
    let certificates = bundle.certificates.iter().map(|one| one.der.to_vec());
    let keys = bundle.keys.iter().map(|one| one.key.der.secret_der().to_vec());
    certificates.chain(keys).collect()
}

#[test]
fn containers_in_ber_give_what_those_in_der_give() {
    let changeit = passphrase("changeit");
    for name in [
        "orders.p12",
        "legacy-rc2-40.p12",
        "certtool.p12",
        "two.java.p12",
        "unencrypted.p12",
        "chain-der.p7b",
    ] {
        let plain = fixture(name);
        let wanted = read_bytes_with(&plain, name, &changeit).unwrap_or_else(|error| panic!("{error}"));
        // PKCS#7 has its certificates in no string: these are signed over, and may not be written anew.
        let forms = if name == "chain-der.p7b" {
            vec![indefinite(0x30, element(&plain).1)]
        } else {
            vec![ber(&plain), in_ber_all_through(&plain)]
        };
        for (number, written) in forms.iter().enumerate() {
            let read =
                read_bytes_with(written, name, &changeit).unwrap_or_else(|error| panic!("{number}: {error}"));
            assert_eq!(read.recognised, wanted.recognised, "{name} {number}");
            assert!(ders(&read) == ders(&wanted), "{name} {number}");
        }
        // The check of a container is made over what was written.
        if name == "orders.p12" {
            let error = read_bytes_with(&forms[0], name, &passphrase("wrong")).expect_err("closed");
            assert_eq!(error.reason, LoadReason::PassphraseWrong, "{error}");
        }
    }
}

#[test]
fn a_damaged_container_in_ber_gets_a_sentence() {
    let changeit = passphrase("changeit");
    let whole = ber(&fixture("unencrypted.p12"));
    let judge = |bytes: &[u8]| match read_bytes_with(bytes, "x.p12", &changeit) {
        Ok(bundle) => assert!(!bundle.is_empty()),
        Err(error) => sentence(&error, "x.p12", &[]),
    };
    for at in 0..whole.len() {
        judge(&whole[..at]);
        let mut turned = whole.clone();
        turned[at] ^= 0x81;
        judge(&turned);
    }
    let error = read_bytes_with(&whole[..whole.len() / 2], "x.p12", &changeit).expect_err("cut");
    sentence(&error, "x.p12", &["truncated or damaged"]);
}

#[test]
fn certificates_in_der_one_behind_the_other_are_all_read() {
    let text = std::fs::read_to_string(path("orders-chain.pem")).expect("a fixture");
    let chain = mtlscope::pki::read_text(&text).expect("it reads");
    let ders: Vec<&[u8]> = chain.certificates.iter().map(|one| &one.der[..]).collect();
    let both = read_bytes(&ders.concat(), "both.cer").unwrap_or_else(|error| panic!("{error}"));
    let entries: Vec<(usize, &[u8])> = both
        .certificates
        .iter()
        .map(|one| (one.entry, &one.der[..]))
        .collect();
    assert_eq!(entries, [(0, ders[0]), (1, ders[1])]);
    assert!(
        both.notes[0].what.contains("one behind the other"),
        "{:?}",
        both.notes
    );
    let more = [ders[0], b"more"].concat();
    let error = read_bytes(&more, "one.cer").expect_err("refused");
    sentence(&error, "one.cer", &["1 certificate", "4 bytes that are none"]);
}

/// What is told of each kind that openssl writes in DER besides certificates and keys.
#[test]
fn der_that_is_nothing_of_ours_is_named() {
    let certificate = mtlscope::pki::read_file(&path("orders.pem")).expect("it reads");
    let facts = mtlscope::pki::CertificateFacts::from_der(&certificate.certificates[0].der).expect("facts");
    let info = facts.spki.clone();
    let name = der(0x30, &[]);
    let algorithm = der(0x30, &[0x06, 1, 0x2a]);
    let bits = der(3, &[0, 1]);
    let request = der(0x30, &[der(2, &[0]), name, info.clone(), der(0xa0, &[])].concat());
    let request = der(0x30, &[request, algorithm.clone(), bits].concat());
    let number = [algorithm, der(4, &[1; 20]), der(4, &[2; 20]), der(2, &[9])].concat();
    let question = der(0x30, &der(0x30, &der(0x30, &der(0x30, &der(0x30, &number)))));
    let modulus = der(0x30, &[der(2, &[0x71; 256]), der(2, &[1, 0, 1])].concat());
    for (bytes, words) in [
        (info, "public key alone"),
        (modulus, "public key alone"),
        (request, "certificate signing request"),
        (question, "question to an OCSP responder"),
    ] {
        let error = read_bytes(&bytes, "x.der").expect_err(words);
        sentence(&error, "x.der", &[words]);
        assert_eq!(error.reason, LoadReason::Foreign, "{error}");
    }
    // OpenSSL's form of a DSA key.
    let numbers: Vec<u8> = [0u8, 5, 6, 7, 8, 9]
        .iter()
        .flat_map(|number| der(2, &[*number]))
        .collect();
    let error = read_bytes(&der(0x30, &numbers), "dsa.der").expect_err("DSA");
    sentence(&error, "dsa.der", &["of the kind DSA"]);
}
