//! Needs a real peer: the `openssl` command. What `explain` prints, with the files at hand, is run as it is printed; then the lab pair,
//! with what came of it, shakes hands. One line of the table is one fault, in another program's words.

use super::explain_cases::{AGAIN, Files, GOOD, Makes, PRELUDE, cases};
use super::openssl_remedies::{in_shell, told, workshop};
use crate::support::openssl::{Workshop, is_at_hand};
use serde_json::Value;

fn flags(files: &Files) -> Vec<String> {
    let named = [
        ("--client-cert", files.client[0]),
        ("--client-key", files.client[1]),
        ("--server-cert", files.server[0]),
        ("--server-key", files.server[1]),
        ("--client-trust", files.client_trust),
        ("--server-trust", files.server_trust),
        ("--server-name", files.name),
    ];
    let named = named.iter().flat_map(|(flag, value)| [*flag, *value]);
    named
        .chain(files.more.iter().copied())
        .map(str::to_owned)
        .collect()
}

fn run(made: &Workshop, command: &[&str], files: &[String]) -> Value {
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    told(made, &[command, &files].concat())
}

/// The commands of the confirmed candidate's remedies with these words, each run; and before them what takes a certificate out of a
/// file of several, where an earlier remedy says it.
fn follow(made: &Workshop, candidate: &Value, words: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for remedy in candidate["remedies"].as_array().expect("remedies") {
        let text = remedy["text"].as_str().expect("text");
        let is_followed = words.iter().any(|words| text.contains(words));
        for command in remedy["commands"].as_array().expect("commands") {
            let command = command.as_str().expect("text");
            if is_followed {
                in_shell(made, command);
                all.push(command.to_owned());
            } else if command.starts_with("awk ") && command.contains("exit}") {
                in_shell(made, command);
            }
        }
    }
    all
}

/// The last file of certificates that a command writes.
fn written(commands: &[String]) -> Option<String> {
    let mut targets = commands.iter().rev().filter_map(|command| {
        let (_, file) = command.rsplit_once(" > ")?;
        let file = file.split_whitespace().next()?;
        (!file.contains(".ext")).then(|| file.to_owned())
    });
    targets.next()
}

/// The new key, where one is made for what is presented.
fn new_key(commands: &[String]) -> Option<String> {
    let request = commands.iter().rfind(|command| command.contains("req -new"))?;
    request
        .split_whitespace()
        .skip_while(|word| *word != "-key")
        .nth(1)
        .map(str::to_owned)
}

#[test]
fn what_explain_prints_mends_it() {
    if !is_at_hand("what_explain_prints_mends_it") {
        return;
    }
    let mut wrong = Vec::new();
    for case in cases() {
        let made = workshop();
        in_shell(&made, &format!("{PRELUDE}{}", case.made));
        let flags = flags(&case.files);
        let explained = run(&made, &["explain", case.line], &flags);
        let first = &explained["candidates"][0];
        if first["id"] != case.id || first["settled"] != "confirmed" {
            wrong.push(format!(
                "{}: {} is {}: {}",
                case.id, first["id"], first["settled"], case.line
            ));
            continue;
        }
        // A key that cannot sign has no handshake at all.
        let before = if case.id == "weak-key" && !made.path("mid.pem").exists() {
            Value::Null
        } else {
            run(&made, &["lab"], &flags)
        };
        let commands = follow(&made, first, case.words);
        let mut after = flags.clone();
        let mut set = |flag: &str, value: Option<String>| {
            let at = after.iter().position(|one| one == flag).expect("it is given");
            if let (Some(value), Some(place)) = (value, after.get_mut(at + 1)) {
                *place = value;
            }
        };
        match case.makes {
            Makes::ClientChain => {
                set("--client-cert", written(&commands));
                set("--client-key", new_key(&commands));
            }
            Makes::ServerChain => {
                set("--server-cert", written(&commands));
                set("--server-key", new_key(&commands));
            }
            Makes::ClientTrust => set("--client-trust", written(&commands)),
            Makes::ServerTrust => set("--server-trust", written(&commands)),
            Makes::ClientKey(file) => set("--client-key", Some(file.to_owned())),
        }
        let ended = run(&made, &["lab"], &after);
        let is_told = commands.is_empty() && !matches!(case.makes, Makes::ClientKey(_));
        if before["verdict"] == "accepted" || is_told || ended["verdict"] != "accepted" {
            wrong.push(format!(
                "{}: {} before, {} after {commands:#?}\n{after:?}\n{:#}\n{:#}",
                case.id, before["verdict"], ended["verdict"], ended["causes"][0]["id"], first["remedies"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

const REFUSED: &str = "error 26 at 0 depth lookup: unsuitable certificate purpose";

/// Netscape's certificate type: rustls does not look, OpenSSL's check of purposes does. What is issued again passes there, whatever
/// it is issued again for.
#[test]
fn the_netscape_type_of_another_is_left_out_of_what_is_issued_again() {
    if !is_at_hand("the_netscape_type_of_another_is_left_out_of_what_is_issued_again") {
        return;
    }
    let cases = [
        (
            "wrong-purpose",
            REFUSED,
            "$CLI nsCertType=server",
            "sign bad int /CN=bad ''",
            "sslclient",
            true,
        ),
        (
            "wrong-purpose",
            REFUSED,
            "$CLI nsCertType=objsign,email",
            "sign bad int /CN=bad ''",
            "sslclient",
            true,
        ),
        (
            "wrong-purpose",
            REFUSED,
            "$SRV nsCertType=client",
            "sign bad int /CN=bad ''",
            "sslserver",
            false,
        ),
        (
            "expired",
            "error 10 at 0 depth lookup: certificate has expired",
            "$SRV nsCertType=client",
            "dated bad int /CN=bad 20240101000000Z 20240131000000Z",
            "sslserver",
            false,
        ),
    ];
    for (id, line, extensions, signed, purpose, is_client) in cases {
        let made = workshop();
        let subject = "subjectAltName=DNS:api.acme.test";
        in_shell(
            &made,
            &format!(
                "{PRELUDE}{signed} {extensions} {subject}; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem"
            ),
        );
        let files = if is_client {
            Files {
                client: ["bad-full.pem", "bad.key"],
                ..GOOD
            }
        } else {
            Files {
                server: ["bad-full.pem", "bad.key"],
                ..GOOD
            }
        };
        let asked = |chain: &str| {
            let arguments = [
                "verify",
                "-purpose",
                purpose,
                "-CAfile",
                "root.pem",
                "-untrusted",
                chain,
                chain,
            ];
            std::process::Command::new("openssl")
                .args(arguments)
                .current_dir(made.path(""))
                .output()
                .expect("openssl runs")
                .status
                .success()
        };
        assert!(!asked("bad-full.pem"), "{extensions}: OpenSSL refuses it");
        let explained = run(&made, &["explain", line], &flags(&files));
        let first = &explained["candidates"][0];
        assert_eq!(
            (&first["id"], &first["settled"]),
            (&id.into(), &"confirmed".into()),
            "{extensions}"
        );
        let says = first["remedies"].to_string();
        assert!(says.contains("Not kept of the old one: nsCertType"), "{says}");
        let commands = follow(&made, first, AGAIN);
        let new = written(&commands).expect("a chain is written");
        assert!(asked(&new), "{extensions}: {commands:#?}");
    }
}
