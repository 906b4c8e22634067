//! What a file holds, where it was given for something else.

use super::*;
use crate::pki::{LoadedStatus, Recipe, mint};

fn bundle(certificates: usize, lists: usize, responses: usize, keys: usize) -> Bundle {
    let recipes: Vec<Recipe> = ron::from_str(r#"[(name: "a", subject: "a")]"#).expect("recipes");
    let minted = mint(&recipes, 1_800_000_000).expect("it mints");
    let found = minted.find("a").expect("minted");
    let status = || LoadedStatus {
        der: vec![0x30, 0].into(),
        file: None,
        line: None,
        within: None,
        wrapping: None,
    };
    Bundle {
        certificates: vec![found.certificate.clone(); certificates],
        keys: vec![found.key.clone(); keys],
        revocation_lists: (0..lists).map(|_| status()).collect(),
        ocsp_responses: (0..responses).map(|_| status()).collect(),
        ..Bundle::default()
    }
}

#[test]
fn what_is_in_a_file_is_named_by_the_first_kind() {
    for (counts, wanted, has_status, is_empty) in [
        ((0, 0, 0, 0), "nothing of use", false, true),
        ((1, 1, 1, 1), "a certificate", true, false),
        ((0, 1, 1, 1), "a revocation list", true, false),
        ((0, 0, 1, 1), "an OCSP response", true, false),
        ((0, 0, 0, 1), "a private key", false, false),
        ((1, 0, 0, 0), "a certificate", false, false),
        ((0, 0, 1, 0), "an OCSP response", true, false),
        ((0, 1, 0, 0), "a revocation list", true, false),
    ] {
        let (certificates, lists, responses, keys) = counts;
        let bundle = bundle(certificates, lists, responses, keys);
        assert_eq!(what_is_in(&bundle), wanted, "{counts:?}");
        assert_eq!(
            (bundle.has_status(), bundle.is_empty()),
            (has_status, is_empty),
            "{counts:?}"
        );
    }
}

/// Lists and responses are told apart, wherever they lie; a file with neither is refused by what it holds.
#[test]
fn what_is_known_of_revocation_is_read_from_its_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    // An OCSP response that says nothing but that it will (tryLater), as PEM.
    std::fs::write(
        path("response.pem"),
        "-----BEGIN OCSP RESPONSE-----\nMAMKAQM=\n-----END OCSP RESPONSE-----\n",
    )
    .expect("written");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/containers");
    let list = fixtures.join("ca.crl");
    let certificate = fixtures.join("orders.pem");
    let read = |paths: &[PathBuf]| {
        let mut files = Files::new(&PassphraseFlags::default()).expect("no passphrase");
        revocation(&mut files, paths).map(|all| (all.lists.len(), all.responses.len()))
    };
    assert_eq!(read(&[]).ok(), Some((0, 0)));
    assert_eq!(read(std::slice::from_ref(&list)).ok(), Some((1, 0)));
    assert_eq!(read(&[path("response.pem")]).ok(), Some((0, 1)));
    assert_eq!(
        read(&[path("response.pem"), list.clone(), list.clone()]).ok(),
        Some((2, 1))
    );
    let Unusable(words) = read(&[list.clone(), certificate.clone()]).expect_err("no list");
    assert!(
        words.contains("there is no revocation list here, but a certificate;"),
        "{words}"
    );
    let stapled = |paths: &[PathBuf]| {
        let mut files = Files::new(&PassphraseFlags::default()).expect("no passphrase");
        responses(&mut files, paths).map(|all| all.len())
    };
    assert_eq!(
        stapled(&[path("response.pem"), path("response.pem")]).ok(),
        Some(2)
    );
    for (file, what) in [(list, "a revocation list"), (certificate, "a certificate")] {
        let Unusable(words) = stapled(&[path("response.pem"), file]).expect_err("no response");
        assert!(
            words.contains(&format!("there is no OCSP response here, but {what};")),
            "{words}"
        );
    }
}
