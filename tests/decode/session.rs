//! Sessions: whole or not at all, the same story for ever, and never a private key.

use crate::support;
use std::sync::Arc;

use base64::Engine;
use mtlscope::cancel::Cancel;
use mtlscope::capture::Side;
use mtlscope::session::{Session, load, parse, save, to_text};
use mtlscope::source::lab::run_blocking;
use support::pki::{USUAL, minted, setup};

fn session() -> (Session, Vec<Vec<u8>>) {
    let pki = minted(USUAL);
    let setup = setup(&pki, &["client", "issuer"]);
    let keys = Side::BOTH
        .into_iter()
        .filter_map(|side| setup.parties.of(side).identity.as_ref()?.key.as_ref())
        .map(|loaded| loaded.key.der.secret_der().to_vec())
        .collect();
    let capture = run_blocking(&setup, &Cancel::default()).expect("the run begins");
    let mut session = Session::new(Arc::new(capture));
    "A title".clone_into(&mut session.title);
    "Notes, “quoted”,\nover two lines".clone_into(&mut session.notes);
    (session, keys)
}

#[test]
fn what_is_saved_is_what_is_opened() {
    let (session, _) = session();
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("a session.ron");
    save(&path, &session).expect("it is saved");
    assert_eq!(load(&path).expect("it opens"), session);
    assert_eq!(
        std::fs::read_dir(directory.path()).expect("a directory").count(),
        1,
        "nothing half-written stays"
    );
}

#[test]
fn no_private_key_is_ever_in_a_session() {
    let (session, keys) = session();
    let text = to_text(&session).expect("text");
    assert_eq!(keys.len(), 2);
    for key in keys {
        // Any 16 bytes in a row of the key's secret half would show, in hexadecimal or in base64 of any phase. A P-256
        // PKCS#8 file has its scalar in bytes 36 to 68.
        let scalar = &key[36..68];
        assert!(!text.contains(&hex::encode(&scalar[..16])) && !text.contains(&hex::encode(&scalar[16..])));
        for phase in 0..3 {
            let encoded = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&scalar[phase..phase + 15]);
            assert!(!text.contains(&encoded));
        }
    }
    assert!(!text.contains("PRIVATE"));
}

#[test]
fn redacting_leaves_no_secret() {
    let (session, _) = session();
    let secret = hex::encode(&session.capture.secrets[0].value);
    assert!(to_text(&session).expect("text").contains(&secret));
    assert!(!to_text(&session.redacted()).expect("text").contains(&secret));
}

#[test]
fn a_file_that_cannot_be_a_session_gets_a_sentence() {
    let (session, _) = session();
    let good = to_text(&session).expect("text");
    let cases = [
        ("", "it is empty"),
        ("-----BEGIN CERTIFICATE-----\nMIIB", "PEM file"),
        ("-----BEGIN PRIVATE KEY-----\nMIIB", "private key"),
        ("{\"json\": true}", "does not begin with MtlscopeSession"),
        (&good[..good.len() / 2], "damaged"),
        (&good.replacen("version: 1", "version: 99", 1), "newer mtlscope"),
        (&good.replacen("segments", "segmints", 1), "damaged"),
    ];
    for (text, words) in cases {
        let error = parse(text, "x.ron").expect_err(words).to_string();
        assert!(error.starts_with("x.ron") && error.contains(words), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }
    let missing = load(std::path::Path::new("/nonexistent/x.ron"))
        .expect_err("missing")
        .to_string();
    assert!(missing.contains("no such file"), "{missing}");
    let directory = load(std::path::Path::new("/"))
        .expect_err("a directory")
        .to_string();
    assert!(directory.contains("directory"), "{directory}");
}

#[test]
fn a_save_that_fails_leaves_the_old_file_alone() {
    let (session, _) = session();
    let directory = tempfile::tempdir().expect("a directory");
    let inside = directory.path().join("missing").join("x.ron");
    assert!(save(&inside, &session).is_err());
    assert!(
        save(directory.path(), &session)
            .expect_err("a directory")
            .to_string()
            .contains("directory")
    );
    assert_eq!(
        std::fs::read_dir(directory.path()).expect("a directory").count(),
        0
    );
}
