//! `mtlscope show` with other evidence than was recorded, and a reader that goes away.

use crate::support::command;
use std::fmt::Write;
use std::process::{Command, Stdio};

use command::{json, mtlscope, status, stderr, stdout};
use mtlscope::scenario;
use mtlscope::session;
use serde_json::Value;

/// A directory with a saved good handshake in it, and that file's path.
fn saved() -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("good.ron").to_string_lossy().into_owned();
    let output = mtlscope(&["lab", "--save", &file]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    (directory, file)
}

fn types(shown: &Value) -> Vec<String> {
    shown["connections"][0]["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .filter_map(|message| message["type"].as_str().map(str::to_owned))
        .collect()
}

#[test]
fn a_key_log_opens_what_a_session_without_secrets_hides() {
    let (directory, file) = saved();
    let whole = session::load(file.as_ref()).expect("the session opens");
    let redacted = directory.path().join("redacted.ron");
    session::save(&redacted, &whole.redacted()).expect("it is saved");
    let redacted = redacted.to_string_lossy();
    let mut log = "# a key log\n".to_owned();
    for secret in &whole.capture.secrets {
        writeln!(
            log,
            "{} {} {}",
            secret.label.key_log_word(),
            hex::encode(&secret.client_random),
            hex::encode(&secret.value)
        )
        .expect("a string grows");
    }
    let key_log = directory.path().join("keys.log");
    std::fs::write(&key_log, log).expect("a file");
    let sealed = mtlscope(&["show", &redacted, "--format", "json"]);
    let sealed = json(&sealed);
    assert!(types(&sealed).contains(&"Encrypted".to_owned()));
    let encrypted = sealed["connections"][0]["messages"]
        .as_array()
        .and_then(|messages| messages.iter().find(|message| message["type"] == "Encrypted"))
        .expect("what stayed shut");
    assert_eq!(encrypted["record_type"], "application_data");
    let key_log = key_log.to_string_lossy();
    let opened = json(&mtlscope(&[
        "show", &redacted, "--keylog", &key_log, "--format", "json",
    ]));
    assert_eq!(
        types(&opened),
        types(&json(&mtlscope(&["show", &file, "--format", "json"])))
    );
    let no_log = mtlscope(&["show", &redacted, "--keylog", &file]);
    assert_eq!(status(&no_log), 2);
    assert!(stderr(&no_log).contains("SSLKEYLOGFILE"), "{}", stderr(&no_log));
}

#[test]
fn another_name_is_judged_in_the_matrix() {
    let (_directory, file) = saved();
    let shown = json(&mtlscope(&[
        "show",
        &file,
        "--server-name",
        "elsewhere.example",
        "--format",
        "json",
    ]));
    let connection = &shown["connections"][0];
    let row = connection["matrix"].as_array().and_then(|rows| {
        rows.iter()
            .find(|row| row["check"] == "name" && row["outcome"] == "fail")
    });
    assert!(
        row.is_some(),
        "the certificate is for another name: {:#}",
        connection["matrix"]
    );
    assert!(
        connection["notes"][0]
            .as_str()
            .is_some_and(|note| note.contains("elsewhere.example")),
        "what was changed is said"
    );
}

#[test]
fn every_scenario_is_listed() {
    let output = mtlscope(&["lab", "--list-scenarios"]);
    let text = stdout(&output);
    assert_eq!(status(&output), 0);
    for scenario in scenario::all() {
        assert!(
            text.lines().any(|line| line == scenario.id),
            "{} is listed",
            scenario.id
        );
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mtlscope"))
        .args(["lab", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(
        words.lines().all(|line| line.starts_with("note: ")),
        "only notes: {words}"
    );
}

/// What is no session may have been meant for a capture; a key under another label is called what it is; a stranger's secrets
/// are not counted.
#[test]
fn what_is_said_of_a_file_is_true_of_it() {
    let folder = tempfile::tempdir().expect("a directory");
    let at = |name: &str| folder.path().join(name).display().to_string();
    for (name, bytes) in [
        ("empty.pcap", &b""[..]),
        ("one.pcap", b"\n"),
        ("two.pcapng", b"ab"),
    ] {
        std::fs::write(at(name), bytes).expect("a file");
        let output = mtlscope(&["show", &at(name)]);
        assert_eq!(status(&output), 2);
        let words = stderr(&output);
        assert!(words.contains("packet capture"), "{words}");
    }
    // A capture with a head and no packet.
    let head = [
        0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
    ];
    std::fs::write(at("none.pcap"), head).expect("a file");
    let words = stderr(&mtlscope(&["show", &at("none.pcap")]));
    assert!(words.contains("no TCP connection in it"), "{words}");
    let pki = crate::support::pki::minted(crate::support::pki::USUAL);
    let key = pki
        .find("client")
        .expect("minted")
        .key
        .key
        .der
        .secret_der()
        .to_vec();
    let text = crate::support::pem::pem("CERTIFICATE", &key);
    std::fs::write(at("key.pem"), &text).expect("a file");
    for flag in ["--client-cert", "--client-key", "--client-trust"] {
        let output = mtlscope(&["lab", flag, &at("key.pem")]);
        assert_eq!(status(&output), 2);
        let words = stderr(&output);
        assert!(
            words.contains("labelled as a certificate holds a private key"),
            "{words}"
        );
        assert!(!words.contains(text.lines().nth(1).expect("a line")), "{words}");
    }
    assert_eq!(status(&mtlscope(&["lab", "--save", &at("x.ron")])), 0);
    let stranger = format!("CLIENT_RANDOM {} {}\n", "ab".repeat(32), "01".repeat(48));
    std::fs::write(at("keys.log"), stranger.repeat(3)).expect("a file");
    let words = stdout(&mtlscope(&["show", &at("x.ron"), "--keylog", &at("keys.log")]));
    assert!(
        words
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("None of the 3 secrets"),
        "{words}"
    );
}
