//! Private keys of every type, in every form, under every label: told by what stands in them.

use super::load::{pem, sentence};
use crate::support;
use mtlscope::pki::{Bundle, der_element, read_bytes, read_file};
use rustls::crypto::aws_lc_rs::sign::any_supported_type;

const LABELS: [&str; 3] = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

/// A key of each type that is signed with, as PKCS#8 and, where its type has one, in the form of its own that PKCS#8 wraps.
fn keys() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    [
        ("P-256", &rcgen::PKCS_ECDSA_P256_SHA256),
        ("P-384", &rcgen::PKCS_ECDSA_P384_SHA384),
        ("P-521", &rcgen::PKCS_ECDSA_P521_SHA512),
        ("RSA-2048", &rcgen::PKCS_RSA_SHA256),
        ("Ed25519", &rcgen::PKCS_ED25519),
    ]
    .into_iter()
    .map(|(kind, algorithm)| {
        let pkcs8 = rcgen::KeyPair::generate_for(algorithm)
            .expect("a key")
            .serialize_der();
        let mut forms = vec![pkcs8.clone()];
        if kind != "Ed25519" {
            forms.push(wrapped(&pkcs8));
        }
        (kind, forms)
    })
    .collect()
}

/// What a PrivateKeyInfo wraps: version, algorithm, then the key of the algorithm's own form in an OCTET STRING.
fn wrapped(pkcs8: &[u8]) -> Vec<u8> {
    let (contents, _) = der_element(pkcs8).expect("a sequence");
    let (_, rest) = der_element(contents).expect("the version");
    let (_, rest) = der_element(rest).expect("the algorithm");
    der_element(rest).expect("the key").0.to_vec()
}

fn holds_one_that_signs(bundle: &Bundle, kind: &str, what: &str) {
    assert_eq!((bundle.keys.len(), bundle.certificates.len()), (1, 0), "{what}");
    let key = &bundle.keys[0].key;
    assert_eq!(key.kind.to_string(), kind, "{what}");
    any_supported_type(&key.der).unwrap_or_else(|error| panic!("{what}: rustls refuses it: {error}"));
}

#[test]
fn form_and_type_are_told_by_the_bytes_whatever_the_label() {
    for (kind, forms) in keys() {
        for (form, der) in forms.iter().enumerate() {
            let what = format!("{kind}, form {form}");
            let bundle = read_bytes(der, "key.der").unwrap_or_else(|error| panic!("{what}: {error}"));
            holds_one_that_signs(&bundle, kind, &what);
            for label in LABELS {
                let what = format!("{what}, {label}");
                let text = pem(label, der);
                let bundle =
                    read_bytes(text.as_bytes(), "key.pem").unwrap_or_else(|error| panic!("{what}: {error}"));
                holds_one_that_signs(&bundle, kind, &what);
            }
        }
    }
}

#[test]
fn a_damaged_key_is_called_damaged_and_not_of_another_kind() {
    for (kind, forms) in keys() {
        for der in forms {
            // Whole frames, with the numbers in them spoilt.
            let mut spoilt = der.clone();
            let length = spoilt.len();
            for byte in &mut spoilt[length - 40..] {
                *byte = 0;
            }
            let text = pem("PRIVATE KEY", &spoilt);
            // An EC key goes by its secret number alone in some forms, so not every one is refused.
            if let Err(error) = read_bytes(text.as_bytes(), "key.pem") {
                sentence(&error, "key.pem, line 1", &["damaged", "openssl pkey"]);
                assert!(!error.what.contains("of the kind"), "{kind}: {error}");
            } else {
                assert!(
                    !matches!(kind, "RSA-2048" | "Ed25519"),
                    "{kind} loads although it is spoilt"
                );
            }
        }
    }
}

#[test]
fn kinds_that_rustls_does_not_sign_with_are_named() {
    // AlgorithmIdentifiers, as DER.
    let ed448: &[u8] = &[0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x71];
    let x25519: &[u8] = &[0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e];
    let secp256k1: &[u8] = &[
        0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00,
        0x0a,
    ];
    for (algorithm, kind) in [(ed448, "Ed448"), (x25519, "X25519"), (secp256k1, "EC secp256k1")] {
        let mut contents = vec![0x02, 0x01, 0x00];
        contents.extend(algorithm);
        contents.extend([0x04, 0x03, 0x04, 0x01, 0x07]);
        let mut der = vec![0x30, contents.len() as u8];
        der.extend(contents);
        let error = read_bytes(&der, "odd.der").expect_err("it is not signed with");
        sentence(&error, "odd.der", &[&format!("of the kind {kind},"), "P-256"]);
        let error = read_bytes(pem("EC PRIVATE KEY", &der).as_bytes(), "odd.pem").expect_err("as above");
        sentence(&error, "odd.pem, line 1", &[&format!("of the kind {kind},")]);
    }
    // SEC1 with its curve beside it.
    let sec1 = [
        0x30, 0x0f, 0x02, 0x01, 0x01, 0x04, 0x01, 0x07, 0xa0, 0x07, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a,
    ];
    let error = read_bytes(&sec1, "odd.der").expect_err("it is not signed with");
    sentence(&error, "odd.der", &["of the kind EC secp256k1,"]);
}

#[test]
fn what_openssl_writes_loads_in_every_type_form_and_encoding() {
    if !support::openssl::is_at_hand("what_openssl_writes_loads_in_every_type_form_and_encoding") {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new("openssl")
            .args(arguments)
            .current_dir(directory.path())
            .output()
            .expect("it runs");
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let types: [(&str, &[&str]); 6] = [
        ("P-256", &["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
        ("P-384", &["EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
        ("P-521", &["EC", "-pkeyopt", "ec_paramgen_curve:P-521"]),
        ("RSA-2048", &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
        ("RSA-3072", &["RSA", "-pkeyopt", "rsa_keygen_bits:3072"]),
        ("Ed25519", &["ED25519"]),
    ];
    for (kind, options) in types {
        run(&[&["genpkey", "-out", "new.pem", "-algorithm"], options].concat());
        for encoding in ["PEM", "DER"] {
            // `pkey -outform DER` writes the type's own form, `pkcs8 -topk8` PKCS#8, `-traditional` the own form in both.
            for (command, form) in [
                (&["pkey"][..], &[][..]),
                (&["pkcs8", "-topk8", "-nocrypt"], &[]),
                (&["pkey"], &["-traditional"]),
            ] {
                if kind == "Ed25519" && !form.is_empty() {
                    continue;
                }
                let what = format!("{kind} {encoding} {command:?} {form:?}");
                let file = ["-in", "new.pem", "-outform", encoding, "-out", "written"];
                run(&[command, &file, form].concat());
                let bundle = read_file(&directory.path().join("written"))
                    .unwrap_or_else(|error| panic!("{what}: {error}"));
                holds_one_that_signs(&bundle, kind, &what);
            }
        }
        // Encrypted, both ways: said to be so, in both encodings.
        for encoding in ["PEM", "DER"] {
            run(&[
                "pkcs8", "-topk8", "-in", "new.pem", "-outform", encoding, "-out", "closed", "-passout",
                "pass:x",
            ]);
            let error = read_file(&directory.path().join("closed")).expect_err("encrypted");
            assert!(error.what.contains("encrypted"), "{kind} {encoding}: {error}");
        }
    }
    for (kind, options) in [
        (
            "EC secp256k1",
            &["EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"][..],
        ),
        ("EC P-224", &["EC", "-pkeyopt", "ec_paramgen_curve:secp224r1"]),
        ("Ed448", &["ED448"]),
        ("RSASSA-PSS", &["RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"]),
    ] {
        run(&[&["genpkey", "-out", "odd.pem", "-algorithm"], options].concat());
        let path = directory.path().join("odd.pem");
        let error = read_file(&path).expect_err("it is not signed with");
        assert!(error.what.contains(&format!("of the kind {kind},")), "{error}");
    }
}
