//! How loud each finding is in SARIF, and whose cause stands at which check in JUnit.

use std::collections::BTreeSet;

use crate::support::chain_files::Folder;
use crate::support::command::{json, stdout};
use crate::support::pki::minted;
use serde_json::Value;

const RECIPES: &str = r#"[
    (name: "root", subject: "Mesh Root", is_ca: true, until_hours: 9000),
    (name: "old-root", subject: "Old Root", is_ca: true, from_hours: -48, until_hours: -24),
    (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true, until_hours: 100),
    (name: "stale", subject: "Stale Issuer", issuer: "root", is_ca: true, from_hours: -48, until_hours: -24),
    (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], until_hours: 300),
    (name: "below-stale", subject: "refunds", issuer: "stale", sans: ["DNS:payments.shop.svc"], from_hours: -40, until_hours: -30),
    (name: "below-old", subject: "orders", issuer: "old-root", sans: ["DNS:payments.shop.svc"]),
]"#;

fn folder() -> Folder {
    let folder = Folder::new(minted(RECIPES));
    folder.chain("roots.pem", &["root", "old-root"]);
    folder.chain("good.pem", &["server", "issuer"]);
    folder.chain("bare.pem", &["server"]);
    folder.chain("stale.pem", &["below-stale", "stale"]);
    folder.chain("old.pem", &["below-old"]);
    folder
}

fn verify(folder: &Folder, files: &[&str], flags: &[&str]) -> std::process::Output {
    let common = ["--trust", "roots.pem", "--name", "payments.shop.svc"];
    let arguments: Vec<&str> = files.iter().chain(&common).chain(flags).copied().collect();
    folder.verify(&arguments)
}

/// Rule and level of every finding, each once.
fn levels(log: &Value) -> BTreeSet<(String, String)> {
    let results = log["runs"][0]["results"].as_array().expect("results");
    let word = |value: &Value| value.as_str().expect("a word").to_owned();
    results
        .iter()
        .map(|result| (word(&result["ruleId"]), word(&result["level"])))
        .collect()
}

fn pairs(list: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    let owned = |(rule, level): &(&str, &str)| ((*rule).to_owned(), (*level).to_owned());
    list.iter().map(owned).collect()
}

#[test]
fn what_is_proven_is_an_error_and_what_is_possible_a_note() {
    let folder = folder();
    for (file, flags, wanted) in [
        (
            "good.pem",
            &[][..],
            &[("expired", "note"), ("unusual", "note")][..],
        ),
        (
            "good.pem",
            &["--strict"],
            &[("expired", "note"), ("unusual", "note")],
        ),
        (
            "good.pem",
            &["--expires-within", "10d"],
            &[
                ("expired", "note"),
                ("unusual", "note"),
                ("expires-soon", "warning"),
            ],
        ),
        (
            "bare.pem",
            &[],
            &[
                ("unknown-issuer", "error"),
                ("missing-intermediate", "note"),
                ("unusual", "note"),
            ],
        ),
        ("stale.pem", &[], &[("expired", "error"), ("unusual", "note")]),
        (
            "old.pem",
            &[],
            &[("expired", "warning"), ("expired", "note"), ("unusual", "note")],
        ),
        (
            "old.pem",
            &["--strict"],
            &[("expired", "error"), ("expired", "note"), ("unusual", "note")],
        ),
    ] {
        let log = json(&verify(
            &folder,
            &[file],
            &[flags, &["--format", "sarif"]].concat(),
        ));
        assert_eq!(levels(&log), pairs(wanted), "{file} {flags:?}");
        for result in log["runs"][0]["results"].as_array().expect("results") {
            let level = match result["properties"]["certainty"].as_str() {
                Some("proven") => "error",
                Some("possible") => "note",
                _ => continue,
            };
            assert_eq!(result["level"], level, "{result}");
        }
        // A rule by itself is as loud as what falls under it by its own id; a cause is an error until it is only possible.
        for rule in log["runs"][0]["tool"]["driver"]["rules"]
            .as_array()
            .expect("rules")
        {
            let level = match rule["id"].as_str().expect("an id") {
                "expires-soon" => "warning",
                "unusual" => "note",
                _ => "error",
            };
            assert_eq!(rule["defaultConfiguration"]["level"], level, "{rule}");
        }
        let invocation = &log["runs"][0]["invocations"][0];
        let notifications = invocation["toolExecutionNotifications"]
            .as_array()
            .expect("a list");
        assert!(
            notifications.iter().all(|one| one["level"] == "note"),
            "{invocation}"
        );
    }
}

/// The failures of a JUnit document: the name of their case, and their text.
fn failures(document: &str) -> Vec<(String, String)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(document);
    let (mut name, mut is_inside, mut found) = (String::new(), false, Vec::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) if start.name().as_ref() == b"testcase" => {
                let attribute = start.try_get_attribute("name").expect("whole").expect("a name");
                name = String::from_utf8_lossy(&attribute.value).into_owned();
            }
            Event::Start(start) if start.name().as_ref() == b"failure" => {
                is_inside = true;
                found.push((name.clone(), String::new()));
            }
            Event::End(end) if end.name().as_ref() == b"failure" => is_inside = false,
            Event::Text(text) if is_inside => {
                let (_, all) = found.last_mut().expect("it began");
                all.push_str(&String::from_utf8_lossy(&text));
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// Two certificates of one chain are wrong in the same way: at each check stands the cause of its own certificate.
#[test]
fn the_cause_at_a_check_is_that_of_its_certificate() {
    let folder = folder();
    let output = verify(&folder, &["stale.pem"], &["--format", "junit"]);
    let failures = failures(&stdout(&output));
    let names: Vec<&str> = failures.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            &format!("verdict of {}", stack()),
            "1 leaf CN=refunds: validity",
            "2 intermediate CN=Stale Issuer: validity"
        ]
    );
    for (place, own, other) in [(1, "refunds", "Stale Issuer"), (2, "Stale Issuer", "refunds")] {
        let text = &failures[place].1;
        let cause = text.split("Fix: ").next().expect("it begins");
        assert!(cause.starts_with("expired: "), "{text}");
        assert!(
            cause.contains(own) && !cause.contains(other),
            "{own}, and not {other}: {cause}"
        );
        // BEGIN of the first and of the second.
        let line = text.rsplit("It lies in stale.pem:").next().expect("a line");
        let line: usize = line.trim().trim_end_matches('.').parse().expect("a number");
        let file = std::fs::read_to_string(folder.path().join("stale.pem")).expect("it is there");
        let begins = file
            .lines()
            .enumerate()
            .filter(|(_, line)| line.contains("BEGIN"))
            .nth(place - 1);
        assert_eq!(begins.map(|(line, _)| line + 1), Some(line));
    }
    // The verdict tells of both, in their order.
    let verdict = &failures[0].1;
    let order = ["refunds", "Stale Issuer"].map(|name| verdict.find(name).expect("it is told"));
    assert!(order[0] < order[1], "{verdict}");
}

fn stack() -> String {
    format!("rustls-webpki/rustls {}", mtlscope::source::lab::RUSTLS_VERSION)
}
