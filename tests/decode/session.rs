//! Sessions: whole or not at all, the same story for ever, and never a private key.

use crate::support;
use std::sync::Arc;

use base64::Engine;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{MOST_IN_LIST, Side};
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
        ("-----BEGIN EC PRIVATE KEY-----\nMIIB", "private key"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIB", "private key"),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB", "private key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nMIIB", "private key"),
        (
            "MtlscopeSession(\n  version: 1,\n  notes: \"-----BEGIN EC PRIVATE KEY-----\\nMIIB\",\n)",
            "private key",
        ),
        ("{\"json\": true}", "does not begin with MtlscopeSession"),
        (&good[..good.len() / 2], "damaged"),
        (&good.replacen("version: 1", "version: 0", 1), "it has no version"),
        (&good.replacen("version: 1", "version: 2", 1), "newer mtlscope"),
        (&good.replacen("version: 1", "version: 99", 1), "newer mtlscope"),
        (&good.replacen("segments", "segmints", 1), "damaged"),
    ];
    for (text, words) in cases {
        let error = parse(text, "x.ron").expect_err(words).to_string();
        assert!(error.starts_with("x.ron") && error.contains(words), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }
    // What an editor puts before a text is no part of it.
    for before in ["\u{feff}", "\n\n", "\u{feff}\n  "] {
        parse(&format!("{before}{good}"), "x.ron").expect("it opens");
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

#[cfg(unix)]
#[test]
fn a_save_goes_through_links_and_keeps_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (session, _) = session();
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name);
    let mode = |name: &str| std::fs::metadata(at(name)).expect("a file").permissions().mode() & 0o777;
    save(&at("new.ron"), &session).expect("it is saved");
    assert_eq!(mode("new.ron"), 0o600, "it may hold TLS secrets");
    for (name, before) in [("shared.ron", 0o664), ("open.ron", 0o644), ("own.ron", 0o600)] {
        std::fs::write(at(name), OLD).expect("a file");
        std::fs::set_permissions(at(name), std::fs::Permissions::from_mode(before)).expect("set");
        save(&at(name), &session).expect("it is saved");
        assert_eq!(mode(name), before, "{name}");
        assert_eq!(load(&at(name)).expect("it opens"), session);
    }
    std::fs::create_dir(at("deep")).expect("a directory");
    // Relative, absolute, of links, and to a place where there is nothing yet.
    symlink("../shared.ron", at("deep/relative")).expect("a link");
    symlink(at("deep/relative"), at("twice")).expect("a link");
    symlink("deep/later.ron", at("dangling")).expect("a link");
    for (link, file) in [("twice", "shared.ron"), ("dangling", "deep/later.ron")] {
        let _ = std::fs::write(at("shared.ron"), OLD);
        save(&at(link), &session).expect("it is saved");
        assert!(std::fs::symlink_metadata(at(link)).expect("a link").is_symlink());
        let metadata = std::fs::symlink_metadata(at(file)).expect("a file");
        assert!(metadata.is_file(), "{file}");
        assert_eq!(load(&at(file)).expect("it opens"), session);
    }
}

#[cfg(unix)]
#[test]
fn a_save_is_never_onto_what_is_no_file() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (session, _) = session();
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name);
    let fifo = std::process::Command::new("mkfifo")
        .arg(at("fifo"))
        .status()
        .expect("mkfifo runs");
    assert!(fifo.success());
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).expect("a socket");
    std::fs::create_dir(at("directory")).expect("a directory");
    std::fs::write(at("protected"), "old").expect("a file");
    std::fs::set_permissions(at("protected"), std::fs::Permissions::from_mode(0o444)).expect("set");
    symlink("/dev/null", at("to-device")).expect("a link");
    symlink("to-itself", at("to-itself")).expect("a link");
    symlink("fifo", at("to-fifo")).expect("a link");
    symlink("missing/x.ron", at("to-nowhere")).expect("a link");
    let before = std::fs::read_dir(directory.path()).expect("a directory").count();
    for (name, words) in [
        ("fifo", "a pipe"),
        ("socket", "a socket"),
        ("directory", "a directory"),
        ("protected", "write-protected"),
        ("to-device", "a device"),
        ("to-itself", "circle"),
        ("to-fifo", "a pipe"),
        ("to-nowhere", "No such file"),
    ] {
        let error = save(&at(name), &session).expect_err(name).to_string();
        assert!(error.contains(words) && error.contains(name), "{error}");
    }
    let after = std::fs::read_dir(directory.path()).expect("a directory").count();
    assert_eq!(after, before, "nothing half-written stays");
    assert_eq!(std::fs::read_to_string(at("protected")).expect("a file"), "old");
}

/// A key that the run was just given, a page of notes, a link to either: nothing but a session, or nothing, is replaced.
#[cfg(unix)]
#[test]
fn a_save_replaces_sessions_and_nothing_else() {
    use std::os::unix::fs::symlink;
    let (session, _) = session();
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name);
    for text in [
        "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
        "notes of the night",
        "(theme: Dark)",
        "MtlscopeSessions are described here",
        "\u{0}\u{1}\u{2}",
    ] {
        std::fs::write(at("own"), text).expect("a file");
        let _ = std::fs::remove_file(at("link"));
        symlink("own", at("link")).expect("a link");
        std::fs::hard_link(at("own"), at("hard")).expect("a link");
        for name in ["own", "link", "hard"] {
            let error = save(&at(name), &session).expect_err(name).to_string();
            assert!(error.contains("no session of mtlscope"), "{error}");
            assert_eq!(std::fs::read_to_string(at(name)).expect("a file"), text);
        }
        std::fs::remove_file(at("hard")).expect("removed");
    }
    // Nothing is lost with an empty file; and a session is replaced, as an editor left it too.
    for text in [
        "",
        OLD,
        "\u{feff}\n  MtlscopeSession(version: 9)",
        "MtlscopeSession (\n",
    ] {
        std::fs::write(at("own"), text).expect("a file");
        save(&at("own"), &session).expect("it is saved");
        assert_eq!(load(&at("own")).expect("it opens"), session);
    }
}

/// As far as saving looks at it.
const OLD: &str = "MtlscopeSession(version: 1, title: \"old\")";

#[test]
fn what_could_not_be_opened_again_is_not_saved() {
    let (mut session, _) = session();
    session.notes = "n".repeat(64 * 1024 * 1024 + 1);
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("large.ron");
    std::fs::write(&path, "old").expect("a file");
    let error = save(&path, &session).expect_err("too large").to_string();
    assert!(error.contains("can be opened again"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), "old");
}

#[test]
fn notes_may_quote_a_certificate_and_no_key() {
    let (mut session, _) = session();
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("x.ron");
    "-----BEGIN CERTIFICATE-----\nMIIB".clone_into(&mut session.notes);
    save(&path, &session).expect("it is saved");
    assert_eq!(load(&path).expect("it opens"), session);
    for label in [
        "PRIVATE KEY",
        "EC PRIVATE KEY",
        "RSA PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
    ] {
        session.notes = format!("-----BEGIN {label}-----\nMIIB");
        let error = save(&path, &session).expect_err(label).to_string();
        assert!(error.contains("hold a private key"), "{error}");
    }
    assert!(
        load(&path).expect("it opens").notes.contains("CERTIFICATE"),
        "untouched"
    );
}

#[test]
fn a_damaged_session_shows_nothing_of_a_key_in_it() {
    let body = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLlU0GmCDLOcjAYZH";
    for text in [
        format!("MtlscopeSession({body}: 1)"),
        format!("MtlscopeSession(version: {body})"),
        format!("MtlscopeSession(version: 1, title: \"\", notes: \"\", {body}: 2)"),
    ] {
        let error = parse(&text, body).expect_err("damaged").to_string();
        for start in 0..body.len() - 8 {
            assert!(!error.contains(&body[start..start + 8]), "{error}");
        }
    }
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

#[test]
fn the_version_is_told_before_anything_else_is_read() {
    // Whatever follows: a later version may have other fields, and a file of 64 MiB is not read twice.
    for rest in ["", "future: [", "title: 5, capture: #!"] {
        let text = format!("MtlscopeSession /* by hand */ (\n  version: 99, {rest}");
        let error = parse(&text, "x.ron").expect_err("newer").to_string();
        assert!(error.contains("newer mtlscope"), "{error}");
    }
    let error = parse("MtlscopeSession(version: 0, ", "x.ron")
        .expect_err("none")
        .to_string();
    assert!(error.contains("it has no version"), "{error}");
    // Somebody has put it elsewhere.
    let (session, _) = session();
    let good = to_text(&session).expect("text");
    let moved = good.replacen("  version: 1,\n", "", 1);
    let moved = format!("{}  version: 1,\n)\n", moved.trim_end().trim_end_matches(')'));
    assert_eq!(parse(&moved, "x.ron").expect("it opens"), session);
    let error = parse(&moved.replacen("version: 1,", "version: 2,", 1), "x.ron").expect_err("newer");
    assert!(error.to_string().contains("newer mtlscope"), "{error}");
    let error = parse(&moved.replacen("version: 1,", "version: 0,", 1), "x.ron").expect_err("none");
    assert!(error.to_string().contains("it has no version"), "{error}");
}

#[test]
fn a_list_of_more_than_can_be_meant_is_refused() {
    let (session, _) = session();
    let good = to_text(&session).expect("text");
    let with = |count: usize, place: &str| {
        let start = good.find(place).expect("the list") + place.len();
        let (before, after) = good.split_at(start);
        let text = format!("{before}{}{after}", "\"\",".repeat(count));
        parse(&text, "x.ron")
    };
    for place in ["versions: [", "roots: [", "chain: ["] {
        let known = 16;
        assert!(with(MOST_IN_LIST - known, place).is_ok(), "{place}");
        let error = with(MOST_IN_LIST + 1, place).expect_err(place).to_string();
        assert!(error.contains("a list of more than 131072 here"), "{error}");
    }
    let whole = with(MOST_IN_LIST - 16, "versions: [").expect("it opens");
    let policy = whole.capture.sides.client.policy.as_ref().expect("a policy");
    assert_eq!(
        policy.versions.capacity(),
        policy.versions.len(),
        "no more room than it needs"
    );
}
