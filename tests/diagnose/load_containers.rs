//! Containers, encrypted keys and documents, each made with the tool that people make it with (`fixtures/containers/make.sh`).

use std::path::PathBuf;

use mtlscope::pki::{
    Bundle, CertificateFacts, LoadError, LoadReason, Passphrase, Passphrases, read_bytes_with, read_file,
    read_file_with,
};

use crate::load::sentence;

pub fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/containers")
        .join(name)
}

pub fn passphrase(text: &str) -> Passphrases {
    Passphrases::one(Passphrase::new(text.to_owned()))
}

fn with(name: &str, text: &str) -> Result<Bundle, LoadError> {
    read_file_with(&path(name), &passphrase(text))
}

fn subjects(bundle: &Bundle) -> Vec<String> {
    bundle
        .certificates
        .iter()
        .map(|one| {
            CertificateFacts::from_der(&one.der)
                .expect("it reads")
                .display_name
        })
        .collect()
}

/// Name, the line that says what it is, the subjects in their order.
const OPENED: &[(&str, &str, &[&str])] = &[
    (
        "orders.p12",
        "a PKCS#12 container: 1 private key and 2 certificates",
        &["orders", "Container Root"],
    ),
    (
        "legacy-rc2-40.p12",
        "a PKCS#12 container: 1 private key and 2 certificates",
        &["orders", "Container Root"],
    ),
    (
        "certtool.p12",
        "a PKCS#12 container: 1 private key and 2 certificates",
        &["billing", "Container Root"],
    ),
    (
        "two.java.p12",
        "a PKCS#12 container: 2 private keys and 5 certificates",
        &[
            "orders",
            "Container Root",
            "billing",
            "Container Root",
            "Container Root",
        ],
    ),
    (
        "trust.java.p12",
        "a PKCS#12 container: 1 certificate",
        &["Container Root"],
    ),
    (
        "trust.jks",
        "a Java key store (JKS): 1 certificate",
        &["Container Root"],
    ),
    (
        "trust.jceks",
        "a Java key store (JCEKS): 1 certificate",
        &["Container Root"],
    ),
    (
        "with-password.yaml",
        "the Kubernetes Secret kafka/kafka-user: 1 private key and 2 certificates",
        &["orders", "Container Root"],
    ),
];

#[test]
fn containers_open_with_their_passphrase_and_say_what_they_are() {
    for (name, recognised, wanted) in OPENED {
        let bundle = with(name, "changeit").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(bundle.recognised, [*recognised], "{name}");
        assert_eq!(subjects(&bundle), *wanted, "{name}");
        for certificate in &bundle.certificates {
            assert!(certificate.within.is_some(), "{name}");
        }
        for (at, key) in bundle.keys.iter().enumerate() {
            let leaf = &bundle.certificates[2 * at];
            let facts = CertificateFacts::from_der(&leaf.der).expect("it reads");
            assert!(key.key.matches(&facts), "{name}");
        }
    }
    for name in ["two.jks", "two.jceks"] {
        let bundle = with(name, "changeit").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((bundle.keys.len(), bundle.certificates.len()), (2, 5), "{name}");
        let places: Vec<&str> = bundle
            .keys
            .iter()
            .filter_map(|key| key.within.as_deref())
            .collect();
        assert!(places.contains(&"entry “orders”"), "{places:?}");
        for key in &bundle.keys {
            let fits = |one: &mtlscope::pki::LoadedCertificate| {
                one.within == key.within
                    && CertificateFacts::from_der(&one.der).is_ok_and(|facts| key.key.matches(&facts))
            };
            assert!(bundle.certificates.iter().any(fits), "{name}");
        }
    }
}

#[test]
fn a_passphrase_that_is_missing_and_one_that_is_wrong_are_told_apart() {
    for name in [
        "orders.p12",
        "legacy-rc2-40.p12",
        "certtool.p12",
        "two.java.p12",
        "two.jks",
        "two.jceks",
        "pbes2.key",
        "pbes2.der",
        "scrypt.key",
        "3des-cbc.key",
        "pbe-3des.key",
        "dek-aes128.key",
        "dek-aes192.key",
        "dek-aes256.key",
        "dek-des3.key",
        "dek-des.key",
    ] {
        let place = path(name).display().to_string();
        let needed = read_file(&path(name)).expect_err(name);
        assert_eq!(needed.reason, LoadReason::PassphraseNeeded, "{name}");
        sentence(&needed, &place, &["passphrase"]);
        let wrong = with(name, "another-passphrase").expect_err(name);
        assert_eq!(wrong.reason, LoadReason::PassphraseWrong, "{name}");
        sentence(&wrong, &place, &["the passphrase does not open"]);
        assert!(!wrong.to_string().contains("another-passphrase"), "{wrong}");
        let bundle = with(name, "changeit").unwrap_or_else(|error| panic!("{error}"));
        assert!(!bundle.keys.is_empty(), "{name}");
    }
    // Trusted certificates lie in the clear, as keytool shows them; nobody vouches for them then.
    let trust = read_file(&path("trust.jks")).expect("without a passphrase");
    assert!(trust.notes[0].to_string().contains("digest was not checked"));
}

#[test]
fn every_encrypted_key_is_the_one_of_its_certificate() {
    let chain = read_file(&path("orders-chain.pem")).expect("a chain");
    let facts = CertificateFacts::from_der(&chain.certificates[0].der).expect("it reads");
    for name in [
        "pbes2.key",
        "pbes2.der",
        "scrypt.key",
        "3des-cbc.key",
        "pbe-3des.key",
        "dek-aes128.key",
        "dek-aes192.key",
        "dek-aes256.key",
        "dek-des3.key",
        "dek-des.key",
    ] {
        let bundle = with(name, "changeit").unwrap_or_else(|error| panic!("{error}"));
        assert!(bundle.keys[0].key.matches(&facts), "{name}");
    }
}

#[test]
fn a_key_with_a_passphrase_of_its_own_is_named_by_its_entry() {
    let error = with("own-key-passphrase.jks", "changeit").expect_err("the key has another");
    assert_eq!(error.reason, LoadReason::PassphraseWrong);
    assert!(error.what.contains("entry “orders”"), "{error}");
    let mut both = passphrase("changeit");
    both.add(Passphrase::new("another".to_owned()));
    let bundle = read_file_with(&path("own-key-passphrase.jks"), &both).expect("both open it");
    assert_eq!(bundle.keys.len(), 2);
}

#[test]
fn what_needs_no_passphrase_is_read_without_one() {
    for name in ["unencrypted.p12", "empty-passphrase.p12"] {
        let bundle = read_file(&path(name)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(subjects(&bundle), ["orders", "Container Root"], "{name}");
        assert_eq!(bundle.keys.len(), 1);
        // Nobody named an entry: the place is that of the leaf, and its issuer's is the same.
        let places: Vec<Option<&str>> = bundle
            .certificates
            .iter()
            .map(|one| one.within.as_deref())
            .collect();
        assert_eq!(places, [Some("certificate 1"); 2], "{name}");
        assert_eq!(bundle.keys[0].within.as_deref(), Some("key 1"), "{name}");
    }
}

#[test]
fn what_is_not_read_names_its_cipher_and_the_command_that_mends_it() {
    for (name, words) in [
        ("rc2-128.p12", &["RC2-128", "openssl pkcs12 -legacy -in"][..]),
        ("mac-md5.p12", &["MD5", "openssl pkcs12 -in"]),
        ("pbe-md5-des.key", &["encrypted in a way", "openssl pkcs8"]),
        ("secret.jceks", &["holds no certificate", "keytool -list"]),
    ] {
        let error = with(name, "changeit").expect_err(name);
        let text = error.to_string();
        for word in words {
            assert!(text.contains(word), "{word}: {text}");
        }
        assert_eq!(error.reason, LoadReason::Other);
    }
    let note = with("legacy-rc2-40.p12", "changeit").expect("it opens").notes;
    assert!(
        note[0].what.contains("RC2-40") && note[0].what.contains("-legacy"),
        "{note:?}"
    );
}

/// The command that is printed for a container that is not read makes the file that then loads, and none where it fails.
#[test]
fn the_printed_command_takes_certificate_and_key_out() {
    if !crate::support::openssl::is_at_hand("the_printed_command_takes_certificate_and_key_out") {
        return;
    }
    for name in ["rc2-128.p12", "mac-md5.p12"] {
        let directory = tempfile::tempdir().expect("a directory");
        let copy = directory.path().join("it's one.p12");
        std::fs::copy(path(name), &copy).expect("a copy");
        let error = read_file_with(&copy, &passphrase("changeit")).expect_err(name);
        let (_, command) = error.mend.split_once(": ").expect("a command");
        let run = |passphrase: &str| {
            // The passphrase comes from the terminal; here from a file.
            let command = command.replace("-nodes", &format!("-nodes -passin pass:{passphrase}"));
            std::process::Command::new("sh")
                .args(["-c", &command])
                .current_dir(directory.path())
                .output()
                .expect("a shell")
        };
        assert!(!run("wrong").status.success());
        assert!(!directory.path().join("both.pem").exists());
        let output = run("changeit");
        assert!(output.status.success(), "{command}: {output:?}");
        let bundle = read_file(&directory.path().join("both.pem")).expect("it loads");
        assert_eq!((bundle.keys.len(), bundle.certificates.len()), (1, 2));
    }
}

#[test]
fn pkcs7_gives_its_certificates_and_lists() {
    for (name, what) in [
        (
            "chain.p7b",
            "a PKCS#7 container in PEM: 2 certificates and 1 revocation list",
        ),
        (
            "chain-der.p7b",
            "a PKCS#7 container: 2 certificates and 1 revocation list",
        ),
        ("signed.cms", "a PKCS#7 container in PEM: 2 certificates"),
    ] {
        let bundle = read_file(&path(name)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(bundle.recognised, [what], "{name}");
        let mut subjects = subjects(&bundle);
        subjects.sort();
        assert_eq!(subjects, ["Container Root", "orders"], "{name}");
    }
}

/// Cut at every length, and each byte turned: no panic, and one sentence.
#[test]
fn damage_gets_a_sentence() {
    let changeit = passphrase("changeit");
    let mut refused = 0;
    for name in [
        "unencrypted.p12",
        "trust.java.p12",
        "trust.jks",
        "two.jks",
        "two.jceks",
        "chain-der.p7b",
        "chain.p7b",
        "pbes2.der",
        "pbes2.key",
        "dek-aes256.key",
        "pbe-3des.key",
        "bundle.jwks",
        "secret.json",
    ] {
        let whole = std::fs::read(path(name)).expect("a fixture");
        let is_slow =
            name == "trust.java.p12" || name == "pbes2.der" || name == "pbes2.key" || name == "two.jceks";
        let step = if is_slow { 37 } else { 3 };
        let judge = |bytes: &[u8]| match read_bytes_with(bytes, "x.bin", &changeit) {
            Ok(bundle) => {
                assert!(!bundle.is_empty());
                0
            }
            Err(error) => {
                let text = error.to_string();
                assert!(
                    text.starts_with("x.bin") && !text.contains('\n') && text.len() < 420,
                    "{text}"
                );
                1
            }
        };
        for length in (0..whole.len()).step_by(step) {
            refused += judge(&whole[..length]);
        }
        for at in (0..whole.len()).step_by(step) {
            for turn in [0x01, 0x80] {
                let mut turned = whole.clone();
                turned[at] ^= turn;
                refused += judge(&turned);
            }
        }
    }
    assert!(refused > 5000, "{refused}");
}
