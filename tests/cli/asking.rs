//! `--ask`: the flags, the exit status, and what a program wrote is made safe; with stub programs, so that nothing has to be
//! installed.

use crate::support::command::{json, mtlscope, status};
use crate::support::openssl::Workshop;

/// A chain with its root, and a stub that says this when it is asked for its verdict.
fn workshop(script: &str) -> Workshop {
    use std::os::unix::fs::PermissionsExt;
    let made = Workshop::new();
    made.root("ca", "/CN=Shop Root");
    let extensions = "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost\n";
    made.issue("server", "/CN=payments", "ca", extensions);
    let stub = made.path("stub");
    let text = format!("#!/bin/sh\nif [ \"$1\" = version ]; then echo OpenSSL 9.9.9; exit 0; fi\n{script}\n");
    std::fs::write(&stub, text).expect("written");
    std::fs::set_permissions(&stub, PermissionsExt::from_mode(0o755)).expect("set");
    made
}

fn verified(made: &Workshop, more: &[&str]) -> std::process::Output {
    let (chain, trust) = (made.argument("server.pem"), made.argument("ca.pem"));
    let program = format!("openssl={}", made.argument("stub"));
    let mut all = vec![
        "verify",
        &chain,
        "--trust",
        &trust,
        "--ask",
        "openssl",
        "--ask-program",
        &program,
    ];
    all.extend(more);
    mtlscope(&all)
}

const REFUSES: &str = "printf 'error 10 at 0 depth lookup: \\033[2J certificate has expired\\n' >&2; exit 2";

#[test]
fn a_refusal_is_told_in_every_form_and_fails_only_where_it_is_asked_to() {
    if !crate::support::openssl::is_at_hand(
        "a_refusal_is_told_in_every_form_and_fails_only_where_it_is_asked_to",
    ) {
        return;
    }
    let made = workshop(REFUSES);
    for format in ["text", "json", "sarif", "junit"] {
        let output = verified(&made, &["--format", format]);
        assert_eq!(status(&output), 0, "{format}: rustls accepts it");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("error 10 at 0 depth lookup"), "{format}: {text}");
        assert!(!text.contains('\u{1b}'), "{format}: it steers the terminal");
        let strict = verified(&made, &["--format", format, "--ask-strict"]);
        assert_eq!(status(&strict), 1, "{format}");
    }
    let found = json(&verified(&made, &["--format", "json"]));
    let opinion = &found["chains"][0]["opinions"][0];
    assert_eq!(opinion["stack"], "OpenSSL");
    assert_eq!(opinion["version"], "9.9.9");
    assert_eq!(opinion["way"], "chain-tool");
    assert_eq!(opinion["verdict"], "refuses");
    assert_eq!(opinion["exit_status"], 2);
    let found = json(&verified(&made, &["--format", "sarif", "--ask-strict"]));
    // A leaf that is made in another second than its root outlives it, which is a note of its own.
    let results = found["runs"][0]["results"].as_array().expect("results");
    let refusals: Vec<_> = results
        .iter()
        .filter(|result| result["ruleId"] == "refused-by-another-stack")
        .collect();
    assert_eq!(refusals.len(), 1, "{results:#?}");
    assert_eq!(refusals[0]["level"], "error");
}

#[test]
fn a_crash_is_no_refusal_and_an_unknown_name_is_a_mistake() {
    if !crate::support::openssl::is_at_hand("a_crash_is_no_refusal_and_an_unknown_name_is_a_mistake") {
        return;
    }
    let made = workshop("kill -SEGV $$");
    let output = verified(&made, &["--ask-strict", "--format", "json"]);
    assert_eq!(status(&output), 0);
    let opinion = &json(&output)["chains"][0]["opinions"][0];
    assert_eq!(
        (&opinion["verdict"], &opinion["reason"]),
        (&"no-answer".into(), &"crashed".into())
    );
    let output = mtlscope(&["lab", "--ask", "opensl"]);
    assert_eq!(status(&output), 2);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("openssl, gnutls, curl, go"), "{said}");
}
