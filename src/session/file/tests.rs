//! What opens as a session, and the whole sentence for each thing that does not.

use super::*;
use crate::capture::Capture;

const GOOD: &str = include_str!("../../../tests/fixtures/sessions/good-tls13.ron");

fn refusal(text: &str) -> String {
    parse(text, "a b.ron").expect_err("it is no session").to_string()
}

#[test]
fn what_is_no_session_is_told_by_what_it_seems_to_be() {
    let key = "-----BEGIN EC PRIVATE KEY-----";
    let not = |looks_like: &str| {
        format!(
            "a b.ron: this is not an mtlscope session ({looks_like}); open a .ron file that mtlscope saved, or a packet \
             capture (pcap, pcapng)"
        )
    };
    let newer = |version: u32| {
        format!(
            "a b.ron: this session has format version {version}, made by a newer mtlscope; this one reads up to 1, so update \
             mtlscope"
        )
    };
    let holds_key = "a b.ron: the file holds a private key, which no session may; remove it".to_owned();
    for (text, wanted) in [
        ("", not("it is empty")),
        (" \n\t", not("it is empty")),
        ("hello", not("it does not begin with MtlscopeSession")),
        ("(version: 1)", not("it does not begin with MtlscopeSession")),
        (
            "xMtlscopeSession(version: 1)",
            not("it does not begin with MtlscopeSession"),
        ),
        ("-----BEGIN CERTIFICATE-----\n", not("it is a PEM file")),
        (key, holds_key.clone()),
        (
            &format!("MtlscopeSession(version: 1, notes: \"{key}\")"),
            holds_key.clone(),
        ),
        (&format!("{GOOD}{key}"), holds_key),
        ("MtlscopeSession(version: 0)", not("it has no version")),
        ("MtlscopeSession(version: 2)", newer(2)),
        (
            "\u{feff}\n MtlscopeSession(version: 4294967295, future: [])",
            newer(u32::MAX),
        ),
    ] {
        assert_eq!(refusal(text), wanted, "{text:.60}");
    }
}

#[test]
fn damage_is_told_by_its_line_and_column() {
    for (text, line, column) in [
        ("MtlscopeSession(\n  version: 1,\n  title: 7)", 3, 9),
        ("\u{feff}\n\nMtlscopeSession(version: 1,\n title: \"\"", 4, 10),
        ("MtlscopeSession(version: 1, title: 7)", 1, 35),
        ("\n MtlscopeSession(version: 1, title: 7)", 2, 36),
        ("\u{feff}  MtlscopeSession(version: 1, title: 7)", 1, 37),
    ] {
        let error = parse(text, "a.ron").expect_err("damaged");
        assert!(
            matches!(&error, SessionError::Damaged { name, line: at, column: beside, .. }
                if name == "a.ron" && (*at, *beside) == (line, column)),
            "{error:?}"
        );
        assert!(
            error.to_string().ends_with("); restore it from a copy"),
            "{error}"
        );
    }
    // What follows a whole session is damage too.
    assert!(refusal(&format!("{GOOD} x")).contains("the session is damaged"));
}

#[test]
fn what_an_editor_puts_before_it_does_no_harm() {
    let wanted = parse(GOOD, "a.ron").expect("a session");
    for before in ["\u{feff}", "\n\n", "\u{feff}\r\n \t", " "] {
        assert_eq!(parse(&format!("{before}{GOOD}"), "a.ron").expect(before), wanted);
    }
    let text = to_text(&wanted).expect("text");
    assert!(text.starts_with("MtlscopeSession(\n  version: 1,\n") && text.ends_with(")\n"));
    assert_eq!(parse(&text, "a.ron").expect("it opens again"), wanted);
    let session = Session {
        title: "ti\"tle\n\u{1b}".to_owned(),
        notes: "no\\tes".to_owned(),
        ..wanted.clone()
    };
    assert_eq!(
        parse(&to_text(&session).expect("text"), "a.ron").expect("it opens"),
        session
    );
    // Nothing but the secrets is left out of what is handed on.
    let bare = session.redacted();
    assert!(!session.capture.secrets.is_empty() && bare.capture.secrets.is_empty());
    let mut again = Capture::clone(&bare.capture);
    again.secrets.clone_from(&session.capture.secrets);
    assert_eq!(
        (&again, &bare.title, &bare.notes),
        (&*session.capture, &session.title, &session.notes)
    );
    assert_eq!(Session::new(Arc::clone(&bare.capture)).title, "");
}

/// As many bytes as are allowed are looked at, and one more is refused unread.
#[test]
fn the_bound_on_a_session_is_the_same_for_a_file_and_a_pipe() {
    let path = Path::new("pipe.ron");
    let blank = |bytes: u64| {
        load_from(std::io::repeat(b'x').take(bytes), path)
            .expect_err("no session")
            .to_string()
    };
    assert!(blank(LARGEST_BYTES).contains("it does not begin with MtlscopeSession"));
    let refused = blank(LARGEST_BYTES + 1);
    assert!(
        refused.contains("67 MB") && refused.starts_with("pipe.ron: "),
        "{refused}"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.ron");
    std::fs::File::create(&file)
        .and_then(|file| file.set_len(LARGEST_BYTES + 1))
        .expect("a file with nothing in it");
    assert!(load(&file).expect_err("too long").to_string().contains("67 MB"));
    std::fs::write(&file, [0xff, 0xfe]).expect("written");
    assert!(
        load(&file)
            .expect_err("no text")
            .to_string()
            .contains("(it is not text)")
    );
    std::fs::write(&file, GOOD).expect("written");
    assert_eq!(
        load(&file).expect("a session"),
        load_from(GOOD.as_bytes(), &file).expect("a session")
    );
    assert!(matches!(
        load(&folder.path().join("none.ron")),
        Err(SessionError::Read { .. })
    ));
}
