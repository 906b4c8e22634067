//! Files as people have them: whatever is wrong gets one sentence with file, place and mend.

use crate::support;
use std::path::Path;

use base64::Engine;
use mtlscope::pki::{KeyKind, read_bytes, read_file, read_text};
use support::pki::{USUAL, minted};

pub fn pem(label: &str, der: &[u8]) -> String {
    let base64 = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = (0..base64.len())
        .step_by(64)
        .map(|at| &base64[at..base64.len().min(at + 64)])
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

fn certificate(name: &str) -> (Vec<u8>, Vec<u8>) {
    let pki = minted(USUAL);
    let identity = pki.find(name).expect("minted");
    (
        identity.certificate.der.to_vec(),
        identity.key.key.der.secret_der().to_vec(),
    )
}

/// A sentence: names the place, says what and how to mend, on one line.
pub fn sentence(error: &mtlscope::pki::LoadError, name: &str, words: &[&str]) {
    let text = error.to_string();
    assert!(text.starts_with(name), "{text}");
    assert!(!text.contains('\n') && text.len() < 260, "{text}");
    assert!(error.mend.len() > 8, "{text}");
    for word in words {
        assert!(
            text.to_lowercase().contains(&word.to_lowercase()),
            "“{word}” is not in: {text}"
        );
    }
}

#[test]
fn one_file_may_hold_all_in_any_order() {
    let (leaf, key) = certificate("client");
    let (issuer, _) = certificate("issuer");
    let text = format!(
        "\u{feff}Bag Attributes\r\n    friendlyName: orders\r\nsubject=CN = orders\r\n{}some words\r\n{}{}",
        pem("PRIVATE KEY", &key).replace('\n', "\r\n"),
        pem("CERTIFICATE", &leaf).replace('\n', "\r\n"),
        pem("CERTIFICATE", &issuer)
    );
    let bundle = read_bytes(text.as_bytes(), "all.pem").expect("it loads");
    assert_eq!(bundle.certificates.len(), 2);
    assert_eq!(bundle.certificates[0].der.as_bytes(), leaf);
    assert_eq!(
        (bundle.certificates[0].entry, bundle.certificates[1].entry),
        (0, 1)
    );
    assert!(bundle.certificates[0].line.is_some_and(|line| line > 3));
    assert_eq!(bundle.keys.len(), 1);
    assert_eq!(
        bundle.keys[0].key.kind,
        KeyKind::Ec {
            curve: "P-256".to_owned()
        }
    );
    let facts = mtlscope::pki::CertificateFacts::from_der(&leaf).expect("facts");
    assert_eq!(facts.display_name, "orders");
    // Minted anew for each call: the key is that of another leaf of the same name.
    let other = mtlscope::pki::CertificateFacts::from_der(&certificate("client").0).expect("facts");
    assert!(bundle.keys[0].key.matches(&facts));
    assert!(!bundle.keys[0].key.matches(&other));
}

#[test]
fn der_is_told_apart_by_its_content() {
    let pki = minted(USUAL);
    let identity = pki.find("client").expect("minted");
    let bundle = read_bytes(&identity.certificate.der, "no-ending").expect("a certificate");
    assert_eq!((bundle.certificates.len(), bundle.keys.len()), (1, 0));
    assert_eq!(bundle.certificates[0].line, None);
    let bundle = read_bytes(identity.key.key.der.secret_der(), "misleading.crt").expect("a key");
    assert_eq!((bundle.certificates.len(), bundle.keys.len()), (0, 1));
    let facts = mtlscope::pki::CertificateFacts::from_der(&identity.certificate.der).expect("facts");
    assert!(bundle.keys[0].key.matches(&facts));
}

#[test]
fn every_form_of_key_that_openssl_writes_loads() {
    if !support::openssl::is_at_hand("every_form_of_key_that_openssl_writes_loads") {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let run = |arguments: &str| {
        let output = std::process::Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(directory.path())
            .output()
            .expect("it runs");
        assert!(
            output.status.success(),
            "{arguments}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    run("ecparam -name prime256v1 -genkey -out sec1.pem");
    run("genrsa -traditional -out pkcs1.pem 2048");
    run("genpkey -algorithm ed25519 -out ed25519.pem");
    run("pkey -in sec1.pem -out pkcs8.pem");
    run("ec -in sec1.pem -outform DER -out sec1.der");
    run("rsa -traditional -in pkcs1.pem -outform DER -out pkcs1.der");
    run("genrsa -out weak.pem 1024");
    run("pkey -in pkcs8.pem -aes256 -passout pass:x -out encrypted.pem");
    run("rsa -traditional -in pkcs1.pem -aes256 -passout pass:x -out legacy.pem");
    for (file, kind) in [
        ("sec1.pem", "P-256"),
        ("pkcs1.pem", "RSA-2048"),
        ("ed25519.pem", "Ed25519"),
        ("pkcs8.pem", "P-256"),
        ("sec1.der", "P-256"),
        ("pkcs1.der", "RSA-2048"),
        ("weak.pem", "RSA-1024"),
    ] {
        let bundle = read_file(&directory.path().join(file)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(bundle.keys[0].key.kind.to_string(), kind, "{file}");
    }
    for file in ["encrypted.pem", "legacy.pem"] {
        let path = directory.path().join(file);
        let error = read_file(&path).expect_err("encrypted");
        sentence(
            &error,
            &path.display().to_string(),
            &["encrypted", "line 1", "openssl pkey"],
        );
    }
}

#[test]
fn text_that_is_no_certificate_gets_a_sentence() {
    let (leaf, _) = certificate("client");
    let good = pem("CERTIFICATE", &leaf);
    let cases: Vec<(Vec<u8>, &[&str])> = vec![
        (b"".to_vec(), &["empty"]),
        (b" \r\n\t".to_vec(), &["empty"]),
        (
            good.replace("-----END CERTIFICATE-----", "").into_bytes(),
            &["line 1", "truncated", "END"],
        ),
        (
            pem("\u{1b}[31mEVIL\u{202e}", &leaf).into_bytes(),
            &["line 1", "block with an unreadable label"],
        ),
        (
            pem("NETSCAPE SEQUENCE", &leaf).into_bytes(),
            &["line 1", "a NETSCAPE SEQUENCE block"],
        ),
        (
            good.replacen("MII", "M\u{202e}I", 1).into_bytes(),
            &["line 2", "U+202E"],
        ),
        (good.replacen("MII", "M!I", 1).into_bytes(), &["line 2", "!"]),
        (
            pem("CERTIFICATE", &leaf[..leaf.len() / 2]).into_bytes(),
            &["line 1", "truncated or damaged"],
        ),
        (leaf[..leaf.len() / 2].to_vec(), &["truncated"]),
        (
            pem("CERTIFICATE REQUEST", &leaf).into_bytes(),
            &["signing request"],
        ),
        (pem("X509 CRL", &leaf).into_bytes(), &["revocation list"]),
        (pem("PUBLIC KEY", &leaf).into_bytes(), &["public key alone"]),
        (pem("OPENSSH PRIVATE KEY", &leaf).into_bytes(), &["SSH"]),
        (
            pem("PRIVATE KEY", &leaf).into_bytes(),
            &["labelled as a private key holds a certificate"],
        ),
        (
            pem("RSA PRIVATE KEY", &leaf).into_bytes(),
            &["labelled as a private key holds a certificate"],
        ),
        (
            b"apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: AAAA\n".to_vec(),
            &["x.pem, Secret, tls.crt", "neither PEM nor DER"],
        ),
        (
            b"\xfe\xed\xfe\xed\0\0\0\x02".to_vec(),
            &["Java key store", "keytool"],
        ),
        (b"\x30\x82\x01\x00\x02\x01\x03".to_vec(), &["truncated"]),
        (
            b"\x30\x05\x02\x01\x03\x30\x00".to_vec(),
            &["PKCS#12", "openssl asn1parse"],
        ),
        (b"hello world".to_vec(), &["no “-----BEGIN CERTIFICATE-----”"]),
        (vec![0x00, 0x9f, 0x92, 0x96, 0xff], &["neither PEM nor DER"]),
        (b"\xff\xfe-\0-\0".to_vec(), &["no “-----BEGIN CERTIFICATE-----”"]),
        (b"MIIBszCCAVmgAwIBAgIUd".to_vec(), &["without its BEGIN"]),
    ];
    for (bytes, words) in cases {
        let error = read_bytes(&bytes, "x.pem").expect_err(words[0]);
        sentence(&error, "x.pem", words);
    }
    sentence(
        &read_text("nothing").expect_err("pasted"),
        "the pasted text",
        &["no “-----BEGIN"],
    );
}

#[test]
fn files_that_cannot_be_read_get_a_sentence() {
    let directory = tempfile::tempdir().expect("a directory");
    let missing = directory.path().join("missing.pem");
    sentence(
        &read_file(&missing).expect_err("missing"),
        &missing.display().to_string(),
        &["no such file"],
    );
    sentence(
        &read_file(directory.path()).expect_err("a directory"),
        &directory.path().display().to_string(),
        &["directory"],
    );
    let large = directory.path().join("large.pem");
    let file = std::fs::File::create(&large).expect("created");
    // 100 MB that take no room: the file must be refused by its size, unread.
    file.set_len(100_000_000).expect("stretched");
    sentence(
        &read_file(&large).expect_err("large"),
        &large.display().to_string(),
        &["100 MB", "too large"],
    );
    if Path::new("/dev/zero").exists() {
        sentence(
            &read_file(Path::new("/dev/zero")).expect_err("a device"),
            "/dev/zero",
            &["device"],
        );
    }
}

#[test]
fn a_broken_certificate_in_a_good_frame_is_loaded_to_be_judged() {
    let pki = minted(r#"[(name: "x", subject: "broken", damage: Truncated)]"#);
    let der = &pki.find("x").expect("minted").certificate.der;
    let bundle = read_bytes(pem("CERTIFICATE", der).as_bytes(), "x.pem").expect("it loads");
    assert_eq!(bundle.certificates.len(), 1);
    assert!(mtlscope::pki::CertificateFacts::from_der(der).is_err());
}

/// A certificate with one byte changed may be unreadable. It is never taken for a private key, whichever byte it is.
#[test]
fn an_unreadable_certificate_is_no_private_key() {
    let (leaf, _) = certificate("client");
    let mut unreadable = 0;
    for at in 0..leaf.len() {
        for value in [0x00, 0x02, 0x30, 0xff] {
            let mut der = leaf.clone();
            der[at] = value;
            if mtlscope::pki::CertificateFacts::from_der(&der).is_ok() {
                continue;
            }
            unreadable += 1;
            match read_bytes(&der, "x.der") {
                Ok(bundle) => assert!(bundle.keys.is_empty(), "byte {at} as {value:02x}"),
                Err(error) => sentence(&error, "x.der", &[]),
            }
            assert!(
                read_bytes(pem("RSA PRIVATE KEY", &der).as_bytes(), "x.pem").is_err(),
                "byte {at} as {value:02x}"
            );
        }
    }
    assert!(unreadable > 100, "{unreadable}");
}

/// Whatever is done to a key's file, no sentence has eight characters in a row of what is in it.
#[test]
fn no_sentence_shows_anything_of_a_key() {
    let (_, key) = certificate("client");
    let good = pem("PRIVATE KEY", &key);
    let lines: Vec<&str> = good.lines().collect();
    let body = lines[1..lines.len() - 1].join("");
    let certificate_label = pem("CERTIFICATE", &key);
    let mut forms = vec![
        good.replace('\n', ""),
        good.replace('\n', "\\n"),
        good.replace('\n', "\\r\\n"),
        good.replace('\n', " "),
        good.replace("-----END PRIVATE KEY-----", ""),
        good.replace("-----BEGIN PRIVATE KEY-----", ""),
        good.replace("-----BEGIN PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----"),
        good.replace("PRIVATE KEY-----\nM", "PRIVATE KEY----M"),
        good.replace("BEGIN PRIVATE KEY", &format!("BEGIN {body}")),
        format!("-----BEGIN {body}-----\nAAAA\n-----END {body}-----\n"),
        certificate_label.replace('\n', ""),
        certificate_label,
        body.clone(),
        format!("key: {body}"),
        pem("ENCRYPTED PRIVATE KEY", &key),
        pem("OPENSSH PRIVATE KEY", &key),
        pem("EVIL KEY", &key),
    ];
    for (at, foreign) in [(3, '*'), (40, '\u{1b}'), (70, '-'), (100, '\u{202e}')] {
        let mut broken: Vec<char> = good[28..].chars().collect();
        broken[at] = foreign;
        forms.push(format!(
            "{}{}",
            &good[..28],
            broken.into_iter().collect::<String>()
        ));
    }
    let der: Vec<Vec<u8>> = vec![key[..key.len() - 1].to_vec(), key[1..].to_vec(), {
        let mut der = key.clone();
        der[20] ^= 0xff;
        der
    }];
    let inputs = forms.into_iter().map(String::into_bytes).chain(der);
    for input in inputs {
        // A key's text may also stand where its file's name is meant.
        for name in ["x.pem", &good, &body] {
            let Err(error) = read_bytes(&input, name) else {
                continue;
            };
            let text = error.to_string();
            for start in 0..body.len() - 8 {
                assert!(!text.contains(&body[start..start + 8]), "{text}");
            }
            assert!(!text.contains(&hex::encode(&key[36..44])), "{text}");
            assert!(!text.contains('\n') && text.len() < 400, "{text}");
        }
    }
}
