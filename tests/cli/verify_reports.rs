//! The SARIF and the JUnit of `mtlscope verify`, read back as the programs that take them would.

use crate::support::pki;

use crate::support::chain_files;
use crate::support::command;
use chain_files::Folder;
use command::{json, status, stdout};
use quick_xml::events::Event;
use serde_json::Value;

const RECIPES: &str = r#"[
    (name: "root", subject: "Mesh Root", is_ca: true, until_hours: 9000),
    (name: "old-root", subject: "Old Root", is_ca: true, from_hours: -48, until_hours: -24),
    (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true),
    (name: "stale", subject: "Stale Issuer", issuer: "root", is_ca: true, from_hours: -48, until_hours: -24),
    (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"]),
    (name: "below-stale", subject: "a<b>&\"c'", issuer: "stale", sans: ["DNS:payments.shop.svc"]),
    (name: "below-old", subject: "payments", issuer: "old-root", sans: ["DNS:payments.shop.svc"]),
    (name: "alone", subject: "alone", sans: ["DNS:payments.shop.svc"]),
]"#;

fn folder() -> Folder {
    let folder = Folder::new(pki::minted(RECIPES));
    folder.chain("roots.pem", &["root", "old-root"]);
    folder.chain("good.pem", &["server", "issuer"]);
    folder.chain("certs/stale & old #1.pem", &["below-stale", "stale"]);
    folder.chain("old.pem", &["below-old"]);
    folder.write("alone.der", folder.der("alone"));
    folder
}

const ALL: [&str; 8] = [
    "good.pem",
    "certs/stale & old #1.pem",
    "old.pem",
    "alone.der",
    "--trust",
    "roots.pem",
    "--name",
    "payments.shop.svc",
];

fn run(folder: &Folder, rest: &[&str], wanted: i32) -> std::process::Output {
    let arguments: Vec<&str> = ALL.iter().chain(rest).copied().collect();
    let output = folder.verify(&arguments);
    assert_eq!(status(&output), wanted, "{}", stdout(&output));
    output
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value
        .pointer(path)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("no {path} in {value}"))
}

#[test]
fn sarif_holds_to_its_form() {
    let folder = folder();
    let log = json(&run(&folder, &["--format", "sarif", "--expires-within", "2d"], 1));
    assert_eq!(text(&log, "/version"), "2.1.0");
    assert!(text(&log, "/$schema").ends_with("sarif-2.1.0.json"));
    assert_eq!(log["runs"].as_array().map(Vec::len), Some(1));
    let run = &log["runs"][0];
    assert_eq!(text(run, "/tool/driver/name"), "mtlscope");
    assert_eq!(text(run, "/tool/driver/version"), env!("CARGO_PKG_VERSION"));
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for rule in rules {
        for path in [
            "/id",
            "/shortDescription/text",
            "/fullDescription/text",
            "/help/text",
            "/help/markdown",
        ] {
            assert!(!text(rule, path).is_empty(), "{rule}");
        }
        let id = text(rule, "/id");
        assert!(
            id == "expires-soon"
                || id == "not-accepted-everywhere"
                || id == "unusual"
                || mtlscope::diagnose::CauseId::from_word(id).is_some(),
            "{id}"
        );
    }
    let results = run["results"].as_array().expect("results");
    let mut fingerprints = std::collections::BTreeSet::new();
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("a number") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&text(result, "/level")));
        assert!(!text(result, "/message/text").is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert!(
            place["region"]["startLine"]
                .as_u64()
                .is_some_and(|line| line >= 1)
        );
        let uri = text(place, "/artifactLocation/uri");
        assert!(!uri.starts_with('/') && !uri.contains([' ', '#']), "{uri}");
        assert!(
            fingerprints.insert(text(result, "/partialFingerprints/mtlscopeFinding~1v1")),
            "{result}"
        );
    }
    let found = |rule: &str| {
        results
            .iter()
            .filter(|result| result["ruleId"] == rule)
            .map(|result| {
                (
                    text(result, "/level"),
                    text(result, "/locations/0/physicalLocation/artifactLocation/uri"),
                    result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64(),
                )
            })
            .collect::<Vec<_>>()
    };
    // The line is that of the certificate at fault: the second of its file.
    let file = std::fs::read_to_string(folder.path().join("certs/stale & old #1.pem")).expect("it is there");
    let second = file
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains("BEGIN"))
        .nth(1)
        .map(|(line, _)| line as u64 + 1);
    assert!(found("expired").contains(&("error", "certs/stale%20%26%20old%20%231.pem", second)));
    // An expired root is in the trust file, and only a warning.
    let roots = std::fs::read_to_string(folder.path().join("roots.pem")).expect("it is there");
    let old = roots
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains("BEGIN"))
        .nth(1)
        .map(|(line, _)| line as u64 + 1);
    assert!(
        found("expired").contains(&("warning", "roots.pem", old)),
        "{:?}",
        found("expired")
    );
    assert_eq!(
        found("self-signed-not-trusted"),
        [("error", "alone.der", Some(1))]
    );
    assert!(
        found("expires-soon")
            .iter()
            .any(|(level, uri, _)| (*level, *uri) == ("warning", "good.pem"))
    );
    let strict = json(&self::run(&folder, &["--format", "sarif", "--strict"], 1));
    assert!(
        strict["runs"][0]["results"]
            .as_array()
            .expect("results")
            .iter()
            .all(|result| result["level"] != "warning")
    );
}

#[test]
fn sarif_says_that_a_file_was_not_judged() {
    let folder = folder();
    let log = json(&run(&folder, &["absent.pem", "--format", "sarif"], 2));
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notifications = invocation["toolExecutionNotifications"]
        .as_array()
        .expect("a list");
    let error = notifications
        .iter()
        .find(|one| one["level"] == "error")
        .expect("an error");
    assert!(text(error, "/message/text").starts_with("absent.pem: there is no such file"));
    assert_eq!(
        text(error, "/locations/0/physicalLocation/artifactLocation/uri"),
        "absent.pem"
    );
}

#[derive(Debug, Default)]
struct Suite {
    name: String,
    numbers: [usize; 4],
    cases: Vec<(String, Option<String>, String)>,
}

/// Suites of a JUnit document: their cases with what is inside (`failure`, `skipped`, …) and its text.
fn junit(document: &str) -> Vec<Suite> {
    let mut reader = quick_xml::Reader::from_str(document);
    reader.config_mut().check_end_names = true;
    let mut suites: Vec<Suite> = Vec::new();
    let mut depth = 0;
    loop {
        let event = reader
            .read_event()
            .unwrap_or_else(|error| panic!("{error}: {document}"));
        let start = match event {
            Event::Start(start) => {
                depth += 1;
                start
            }
            Event::Empty(start) => start,
            Event::End(_) => {
                depth -= 1;
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        let attribute = |name: &str| {
            start
                .try_get_attribute(name)
                .expect("well-formed attributes")
                .map(|value| {
                    value
                        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                        .expect("known entities")
                        .into_owned()
                })
        };
        let number = |name: &str| {
            attribute(name)
                .and_then(|text| text.parse().ok())
                .expect("a count")
        };
        match start.name().as_ref() {
            b"testsuites" | b"properties" | b"property" => {}
            b"testsuite" => suites.push(Suite {
                name: attribute("name").expect("a name"),
                numbers: [
                    number("tests"),
                    number("failures"),
                    number("errors"),
                    number("skipped"),
                ],
                cases: Vec::new(),
            }),
            b"testcase" => suites.last_mut().expect("a suite").cases.push((
                attribute("name").expect("a name"),
                None,
                String::new(),
            )),
            inside => {
                let case = suites
                    .last_mut()
                    .and_then(|suite| suite.cases.last_mut())
                    .expect("a case");
                case.1 = Some(String::from_utf8_lossy(inside).into_owned());
                case.2 = format!(
                    "{} {}",
                    attribute("type").unwrap_or_default(),
                    attribute("message").unwrap_or_default()
                );
            }
        }
    }
    assert_eq!(depth, 0);
    suites
}

#[test]
fn junit_has_a_suite_for_each_file_and_a_case_for_each_check() {
    let folder = folder();
    let output = run(
        &folder,
        &["absent.pem", "--format", "junit", "--expires-within", "2d"],
        2,
    );
    let suites = junit(&stdout(&output));
    let names: Vec<&str> = suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "good.pem",
            "certs/stale & old #1.pem",
            "old.pem",
            "alone.der",
            "absent.pem"
        ]
    );
    for suite in &suites {
        let count = |kind: &str| {
            suite
                .cases
                .iter()
                .filter(|case| case.1.as_deref() == Some(kind))
                .count()
        };
        assert_eq!(
            suite.numbers,
            [
                suite.cases.len(),
                count("failure"),
                count("error"),
                count("skipped")
            ],
            "{}",
            suite.name
        );
        let unique: std::collections::BTreeSet<&str> =
            suite.cases.iter().map(|case| case.0.as_str()).collect();
        assert_eq!(
            unique.len(),
            suite.cases.len(),
            "two cases of {} have one name",
            suite.name
        );
    }
    let case = |suite: usize, name: &str| {
        suites[suite]
            .cases
            .iter()
            .find(|case| case.0.contains(name))
            .unwrap_or_else(|| panic!("{name}: {:?}", suites[suite].cases))
    };
    assert_eq!(case(0, "verdict of rustls-webpki").1, None);
    assert_eq!(case(0, "1 leaf CN=payments: validity").1, None);
    assert_eq!(case(0, "possession").1.as_deref(), Some("skipped"));
    let soon = case(0, "nothing ends within 2d");
    assert_eq!(soon.1.as_deref(), Some("failure"));
    assert!(soon.2.starts_with("expires-soon payments ends "), "{soon:?}");
    let stale = case(1, "2 intermediate CN=Stale Issuer: validity");
    assert_eq!(stale.1.as_deref(), Some("failure"));
    assert!(stale.2.starts_with("expired valid "), "{stale:?}");
    // What would break out of XML is escaped twice: RFC 4514 has its own way.
    let odd = case(1, r#"CN=a\<b\>&\"c': validity"#);
    assert!(odd.0.starts_with("1 leaf "), "{odd:?}");
    // It outlives its issuer: a warning, and no failure.
    assert_eq!(odd.1.as_deref(), Some("system-out"));
    assert_eq!(
        case(2, "root CN=Old Root: validity").1.as_deref(),
        Some("system-out")
    );
    assert_eq!(suites[4].cases[0].1.as_deref(), Some("error"));
    assert!(suites[4].cases[0].2.contains("absent.pem: there is no such file"));
    let strict = junit(&stdout(&run(&folder, &["--format", "junit", "--strict"], 1)));
    let warned = strict[2]
        .cases
        .iter()
        .find(|case| case.0.contains("Old Root: validity"))
        .expect("the case");
    assert_eq!(warned.1.as_deref(), Some("failure"));
}
