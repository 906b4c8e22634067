//! What flags and files make of a lab run.

use super::*;

#[test]
fn a_wildcard_is_asked_for_by_a_host_under_it() {
    assert_eq!(askable("*.shop.svc"), "host.shop.svc");
    assert_eq!(askable("payments.shop.svc"), "payments.shop.svc");
}

#[test]
fn lists_read_like_sentences() {
    assert_eq!(
        join(&["certificate", "key", "trust store"]),
        "certificate, key and trust store"
    );
    assert_eq!(join(&["key"]), "key");
}

#[test]
fn a_sides_own_list_wins_over_the_one_for_both() {
    let mut list = vec!["h2"];
    over(&mut list, &[], &[]);
    assert_eq!(list, ["h2"]);
    over(&mut list, &[], &["http/1.1"]);
    assert_eq!(list, ["http/1.1"]);
    over(&mut list, &["own"], &["http/1.1"]);
    assert_eq!(list, ["own"]);
}

fn pem(kind: &str, der: &[u8]) -> String {
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
    format!("-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n")
}

/// Certificates and keys in a file, by their recipes' names.
type Held = (&'static [&'static str], &'static [&'static str]);
/// What lies in the certificate's file and in the key's, where there is one; what is sent, what signs, and whether the certificate
/// is the built-in one.
type Case = (
    Option<Held>,
    Option<Held>,
    &'static [&'static str],
    &'static str,
    bool,
);

/// The key that belongs to the leaf signs, wherever it lies among others; where none does, the first; and a key file's keys
/// come before those beside the certificate.
#[test]
fn the_key_that_fits_the_leaf_signs() {
    let recipes: Vec<crate::pki::Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [(name: "ca", subject: "Root", is_ca: true), (name: "leaf", subject: "orders", issuer: "ca"),
        (name: "other", subject: "other")]"#,
    )
    .expect("recipes");
    let pki = crate::pki::mint(&recipes, 1_800_000_000).expect("it mints");
    let find = |name: &&str| pki.find(name).expect("minted");
    let folder = tempfile::tempdir().expect("a folder");
    let write = |file: &str, certificates: &[&str], keys: &[&str]| {
        let certificates = certificates
            .iter()
            .map(|one| pem("CERTIFICATE", &find(one).certificate.der));
        let keys = keys
            .iter()
            .map(|one| pem("PRIVATE KEY", find(one).key.key.der.secret_der()));
        let path = folder.path().join(file);
        std::fs::write(&path, certificates.chain(keys).collect::<String>()).expect("written");
        path
    };
    let name_of_key = |key: &LoadedKey| {
        ["ca", "leaf", "other"]
            .into_iter()
            .find(|name| find(name).key.key.public_key == key.key.public_key)
    };
    let names = |chain: &[LoadedCertificate]| -> Vec<&str> {
        let name = |one: &LoadedCertificate| {
            ["ca", "leaf", "other"]
                .into_iter()
                .find(|name| find(name).certificate.der == one.der)
        };
        chain.iter().filter_map(name).collect()
    };
    let built_in = || {
        Some(Identity {
            chain: vec![find(&"other").certificate.clone()],
            key: Some(find(&"other").key.clone()),
        })
    };
    let cases: [Case; 11] = [
        (
            Some((&["leaf", "ca"], &["ca", "leaf"])),
            None,
            &["leaf", "ca"],
            "leaf",
            false,
        ),
        (
            Some((&["leaf", "ca"], &["leaf", "ca"])),
            None,
            &["leaf", "ca"],
            "leaf",
            false,
        ),
        (
            Some((&["ca", "leaf"], &["leaf", "ca"])),
            None,
            &["ca", "leaf"],
            "ca",
            false,
        ),
        (
            Some((&["leaf"], &["other", "ca"])),
            None,
            &["leaf"],
            "other",
            false,
        ),
        (
            Some((&["leaf", "ca"], &[])),
            Some((&[], &["ca", "leaf"])),
            &["leaf", "ca"],
            "leaf",
            false,
        ),
        // A key file is meant, even where the fitting key lies elsewhere.
        (
            Some((&["leaf"], &["leaf"])),
            Some((&[], &["other"])),
            &["leaf"],
            "other",
            false,
        ),
        (
            Some((&["leaf"], &["leaf"])),
            Some((&["ca"], &["ca"])),
            &["leaf"],
            "ca",
            false,
        ),
        (
            None,
            Some((&["leaf", "ca"], &["ca", "leaf"])),
            &["leaf", "ca"],
            "leaf",
            false,
        ),
        (None, Some((&[], &["leaf"])), &["other"], "leaf", true),
        (None, Some((&[], &["leaf", "other"])), &["other"], "other", true),
        (
            Some((&["other"], &["leaf", "other", "ca"])),
            None,
            &["other"],
            "other",
            false,
        ),
    ];
    for (certificate, key, chain, signs, is_built_in) in cases {
        let place = format!("{certificate:?}, {key:?}");
        let mut files =
            Files::new(&crate::cli::passphrase::PassphraseFlags::default()).expect("no passphrase");
        let certificate =
            certificate.map(|(certificates, keys)| write("certificate.pem", certificates, keys));
        let key = key.map(|(certificates, keys)| write("key.pem", certificates, keys));
        let (found, was_built_in) = identity(
            &mut files,
            certificate.as_deref(),
            key.as_deref(),
            built_in(),
            Side::Client,
            Use::Handshake,
        )
        .unwrap_or_else(|refused| panic!("{place}: {refused:?}"));
        assert_eq!(names(&found.chain), chain, "{place}");
        assert_eq!(found.key.as_ref().and_then(name_of_key), Some(signs), "{place}");
        assert_eq!(was_built_in, is_built_in, "{place}");
    }
    // What is not there is asked for by its flag.
    let only_key = write("only.key", &[], &["leaf"]);
    let only_certificate = write("only.pem", &["leaf"], &[]);
    for (certificate, key, words) in [
        (
            Some(&only_key),
            None,
            "there is a private key here but no certificate; give the certificate's file as --server-cert",
        ),
        (
            Some(&only_certificate),
            Some(&only_certificate),
            "there is a certificate here but no private key; give the key's file as --server-key",
        ),
        (
            Some(&only_certificate),
            None,
            "a handshake needs the private key that belongs to this certificate; give it as --server-key FILE",
        ),
    ] {
        let mut files =
            Files::new(&crate::cli::passphrase::PassphraseFlags::default()).expect("no passphrase");
        let refused = identity(
            &mut files,
            certificate.map(PathBuf::as_path),
            key.map(PathBuf::as_path),
            built_in(),
            Side::Server,
            Use::Handshake,
        );
        let Unusable(told) = refused.expect_err(words);
        let file = quoted_path(certificate.or(key).expect("a file"));
        assert_eq!(told, format!("{file}: {words}"));
    }
}

/// The leaf's name is asked for, wherever it stands; a CA's only where it is first and there is no leaf with one.
#[test]
fn the_client_asks_for_the_name_of_the_leaf() {
    let recipes: Vec<crate::pki::Recipe> = ron::from_str(
        r#"#![enable(implicit_some)] [(name: "ca", subject: "Root", is_ca: true, sans: ["DNS:ca.example"]),
        (name: "leaf", subject: "orders", issuer: "ca", sans: ["URI:spiffe://a/b", "DNS:*.leaf.example", "IP:192.0.2.7"]),
        (name: "address", subject: "orders", issuer: "ca", sans: ["IP:192.0.2.7"]),
        (name: "nameless", subject: "orders", issuer: "ca")]"#,
    )
    .expect("recipes");
    let pki = crate::pki::mint(&recipes, 1_800_000_000).expect("it mints");
    for (chain, wanted) in [
        (&["leaf", "ca"][..], Some("host.leaf.example")),
        (&["ca", "leaf"], Some("host.leaf.example")),
        (&["address", "ca"], Some("192.0.2.7")),
        (&["ca"], Some("ca.example")),
        (&["ca", "nameless"], Some("ca.example")),
        (&["nameless", "ca"], None),
        (&["nameless"], None),
        (&[], None),
    ] {
        let mut setup = crate::scenario::built_in().expect("it mints");
        let before = setup.server_name.clone();
        let certificates = chain
            .iter()
            .map(|name| pki.find(name).expect("minted").certificate.clone());
        setup.parties.server.identity = Some(Identity {
            chain: certificates.collect(),
            key: None,
        });
        let note = name_from_certificate(&mut setup);
        let asks = wanted.unwrap_or(&before);
        assert_eq!(setup.server_name, asks, "{chain:?}");
        assert!(
            note.starts_with(&format!("The client asks for {asks}, ")),
            "{note}"
        );
        assert_eq!(note.contains("a built-in name"), wanted.is_none(), "{note}");
    }
}
