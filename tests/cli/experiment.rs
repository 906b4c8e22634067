//! `lab --fixes` and `lab --timeline`, as people and pipelines read them.

use crate::support;
use crate::support::command;
use command::{json, mtlscope, status, stdout};

#[test]
fn fixes_are_printed_smallest_first_with_their_commands() {
    let output = mtlscope(&["lab", "--scenario", "client-missing-intermediate", "--fixes"]);
    assert_eq!(status(&output), 1, "a fix that was found is not applied");
    let text = stdout(&output);
    assert!(text.contains("Proven fixes\n  Tried "), "{text}");
    assert!(
        text.contains("1. Let the client send Edge Issuer as well, after orders."),
        "{text}"
    );
    assert!(
        text.contains(
            "awk '/BEGIN.*CERTIFICATE-/,/END.*CERTIFICATE-/' orders.pem edge-issuer.pem > orders-chain.pem"
        ),
        "{text}"
    );
    let prose = text.lines().filter(|line| !line.starts_with("    "));
    assert!(prose.into_iter().all(|line| line.chars().count() <= 80), "{text}");
    let output = mtlscope(&[
        "lab",
        "--scenario",
        "client-missing-intermediate",
        "--fixes",
        "--format",
        "json",
    ]);
    let answer = json(&output);
    assert_eq!(answer["schema"], "mtlscope.analysis/1");
    assert_eq!(answer["fixes"][0]["edits"][0], "add-to-chain");
    assert_eq!(answer["fixes"][0]["test_only"], false);
    assert_eq!(answer["timeline"], serde_json::Value::Null);
    let search = &answer["fix_search"];
    assert!(
        search["tried"].as_u64() >= search["succeeded"].as_u64(),
        "{search}"
    );
    assert_eq!(search["cut_short"], false);
}

#[test]
fn where_nothing_helps_or_is_wrong_it_says_so() {
    let none = stdout(&mtlscope(&[
        "lab",
        "--scenario",
        "client-wrong-purpose",
        "--fixes",
    ]));
    let words: Vec<&str> = none.split_whitespace().collect();
    assert!(
        words.join(" ").contains("none makes this handshake succeed."),
        "{none}"
    );
    let good = mtlscope(&["lab", "--fixes"]);
    assert_eq!(status(&good), 0);
    assert!(stdout(&good).contains("Nothing is to be mended."));
    let plain = mtlscope(&["lab", "--format", "json"]);
    assert_eq!(json(&plain)["fixes"], serde_json::Value::Null);
}

#[test]
fn the_time_line_says_when_and_of_what() {
    let text = stdout(&mtlscope(&["lab", "--timeline"]));
    assert!(text.contains("When this pair works"), "{text}");
    assert!(text.contains("← now\n      works"), "{text}");
    assert!(text.contains("the client refuses payments: expired"), "{text}");
    let answer = json(&mtlscope(&["lab", "--timeline", "--format", "json"]));
    let spans = answer["timeline"]["spans"].as_array().expect("spans");
    assert_eq!(spans[0]["from_unix_s"], 0);
    assert_eq!(spans[spans.len() - 1]["until_unix_s"], 253_402_300_799_i64);
    let now = answer["timeline"]["now_unix_s"].as_i64().expect("a number");
    let here = spans
        .iter()
        .find(|span| span["from_unix_s"].as_i64() <= Some(now) && span["until_unix_s"].as_i64() >= Some(now))
        .expect("now");
    assert_eq!(here["works"], true);
}

#[test]
fn the_last_second_works_and_the_next_does_not() {
    let pki = support::pki::minted(support::pki::USUAL);
    let directory = tempfile::tempdir().expect("a directory");
    let pem = |label: &str, der: &[u8]| {
        let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
        format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
    };
    let find = |name: &str| pki.find(name).expect("minted");
    let certificate = |name: &str| pem("CERTIFICATE", &find(name).certificate.der);
    let write = |name: &str, text: String| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let identity = |name: &str| {
        certificate(name) + &certificate("issuer") + &pem("PRIVATE KEY", find(name).key.key.der.secret_der())
    };
    let files = [
        ("--client-cert", write("client.pem", identity("client"))),
        ("--server-cert", write("server.pem", identity("server"))),
        ("--client-trust", write("root.pem", certificate("root"))),
        ("--server-trust", write("root.pem", certificate("root"))),
    ];
    let run = |more: &[&str]| {
        let mut arguments = vec!["lab", "--format", "json"];
        for (flag, file) in &files {
            arguments.extend([*flag, file.as_str()]);
        }
        arguments.extend(more);
        json(&mtlscope(&arguments))
    };
    let answer = run(&["--timeline"]);
    let spans = answer["timeline"]["spans"].as_array().expect("spans");
    let works = spans.iter().find(|span| span["works"] == true).expect("it works");
    let from = works["from_unix_s"].as_i64().expect("a number");
    let until = works["until_unix_s"].as_i64().expect("a number");
    for (at, verdict) in [
        (from - 1, "rejected"),
        (from, "accepted"),
        (until, "accepted"),
        (until + 1, "rejected"),
    ] {
        let moment = jiff::Timestamp::from_second(at).expect("a moment").to_string();
        assert_eq!(run(&["--at", &moment])["verdict"], verdict, "{moment}");
    }
}

/// Certificates of one name that are in no file have a name each: no chain file is made with one of them twice, and what is joined is
/// there once the built-in identities are written.
#[test]
fn no_command_joins_a_certificate_with_itself() {
    for scenario in ["renamed-issuer", "expired-twin", "missed-reload", "impostor-twin"] {
        let folder = tempfile::tempdir().expect("a directory");
        let into = folder.path().join("made").display().to_string();
        let run = [
            "lab",
            "--scenario",
            scenario,
            "--fixes",
            "--format",
            "json",
            "--write-built-in",
            &into,
        ];
        let answer = json(&mtlscope(&run));
        let of = |list: &serde_json::Value, key: &str| -> Vec<String> {
            let all = list.as_array().cloned().unwrap_or_default();
            let commands = all
                .iter()
                .flat_map(|one| one[key].as_array().cloned().unwrap_or_default());
            commands
                .filter_map(|one| one.as_str().map(str::to_owned))
                .collect()
        };
        let mut commands = of(&answer["fixes"], "commands");
        for cause in answer["causes"].as_array().expect("causes") {
            commands.extend(of(&cause["remedies"], "commands"));
        }
        let joins: Vec<&String> = commands.iter().filter(|one| one.starts_with("awk ")).collect();
        assert!(!joins.is_empty(), "{scenario}");
        for join in joins {
            let (from, _) = join.rsplit_once(" > ").expect("it writes a file");
            let files: Vec<&str> = from
                .split(' ')
                .filter(|word| word.strip_suffix(".pem").is_some())
                .collect();
            let distinct: std::collections::BTreeSet<&str> = files.iter().copied().collect();
            assert_eq!(files.len(), distinct.len(), "{scenario}: {join}");
            for file in files {
                // What other commands make, and what stands for what nobody has.
                let is_made = file.contains("-new") || file.starts_with(char::is_uppercase);
                let path = folder.path().join("made").join(file);
                assert!(is_made || path.exists(), "{scenario}: {file}: {join}");
            }
        }
    }
}
