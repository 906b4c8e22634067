//! `mtlscope lesson`: the built-in lessons, asked, answered, checked and seeded.

use std::fs;
use std::path::Path;

use crate::support::command::{json, mtlscope, status, stderr, stdout};

pub const GOOD: &str = include_str!("../../assets/lessons/06-my-browser.md");

pub fn pack(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

pub fn check(path: &Path) -> std::process::Output {
    mtlscope(&["lesson", "check", path.to_str().expect("a path")])
}

/// One line, so that what is looked for may stand across the break of a line.
pub fn words(output: &std::process::Output) -> String {
    let all = format!("{} {}", stdout(output), stderr(output));
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_built_in_lesson_can_be_taught() {
    let output = mtlscope(&["lesson", "check", "--format", "json"]);
    let report = json(&output);
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!(report["problems"], serde_json::json!([]));
    assert_eq!(report["lessons"], 13);
    assert_eq!(status(&output), 0);
    let list = json(&mtlscope(&["lesson", "list", "--format", "json"]));
    let ids: Vec<&str> = list["lessons"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|lesson| lesson["id"].as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "six-steps",
            "connected",
            "padlock",
            "in-between",
            "one-bit",
            "my-browser",
            "one-of-us",
            "one-sidecar",
            "looked-fine",
            "new-root",
            "and-then",
            "works-today",
            "round-trip",
        ]
    );
}

#[test]
fn a_question_tells_nothing_until_it_is_answered() {
    let asked = mtlscope(&["lesson", "run", "my-browser"]);
    assert_eq!(status(&asked), 0);
    let before = words(&asked);
    assert!(before.contains("Where is it mended for everybody?") && before.contains("--answer A, B, C or D"));
    assert!(
        !before.contains("intermediate") && !before.contains("Whoever presents") && !before.contains("Hint")
    );
    let hints = words(&mtlscope(&["lesson", "run", "my-browser", "--hints", "2"]));
    assert!(hints.contains("Hint 2:") && !hints.contains("Hint 3:"));
    let right = mtlscope(&["lesson", "run", "my-browser", "--answer", "a"]);
    assert_eq!(status(&right), 0);
    assert!(words(&right).contains("✓ A it is") && words(&right).contains("REJECTED"));
    let wrong = mtlscope(&["lesson", "run", "my-browser", "--answer", "B"]);
    assert_eq!(status(&wrong), 1);
    assert!(words(&wrong).contains("You said B; it is A"));
    let report = json(&mtlscope(&["lesson", "run", "my-browser", "--format", "json"]));
    assert_eq!(report["answer"], serde_json::Value::Null);
    assert_eq!(report["analysis"], serde_json::Value::Null);
    assert!(report["options"][0]["because"].is_null());
    let report = json(&mtlscope(&[
        "lesson",
        "run",
        "my-browser",
        "--answer",
        "B",
        "--solution",
        "--format",
        "json",
    ]));
    assert_eq!(
        (
            &report["right"],
            &report["answer"],
            &report["solved"],
            &report["analysis"]["verdict"]
        ),
        (&false.into(), &"A".into(), &true.into(), &"rejected".into())
    );
    let twin = words(&mtlscope(&[
        "lesson",
        "run",
        "my-browser",
        "--twin",
        "--answer",
        "C",
    ]));
    assert!(twin.contains("✓ C it is"), "{twin}");
    let unknown = mtlscope(&["lesson", "run", "my-\u{202e}browser"]);
    assert_eq!(status(&unknown), 2);
    assert!(stderr(&unknown).contains("my-\\u{202e}browser") && stderr(&unknown).contains("my-browser"));
}

#[test]
fn each_attendee_gets_lessons_of_their_own_that_can_be_taught() {
    let folder = tempfile::tempdir().expect("a folder");
    let seed = |name: &str, out: &str| {
        let out = folder.path().join(out);
        let output = mtlscope(&[
            "lesson",
            "seed",
            "--attendee",
            name,
            "--out",
            out.to_str().expect("a path"),
        ]);
        (status(&output), stderr(&output))
    };
    assert_eq!(seed("Ada", "ada"), (0, String::new()));
    assert_eq!(seed("Ada ", "again"), (0, String::new()));
    assert_eq!(seed("Grace", "grace"), (0, String::new()));
    let (code, said) = seed("Ada", "ada");
    assert!(code == 2 && said.contains("it is there already"), "{said}");
    let text = |attendee: &str, file: &str| {
        fs::read_to_string(folder.path().join(attendee).join(file)).expect("a file")
    };
    let lesson = "06-my-browser.md";
    assert_eq!(text("ada", lesson), text("again", lesson));
    assert_ne!(text("ada", lesson), text("grace", lesson));
    for file in [lesson, "scenarios/server-missing-intermediate.ron"] {
        assert!(!text("ada", file).contains("payments"), "{file}");
    }
    assert!(text("ada", lesson).contains("\nseed: "));
    for attendee in ["ada", "grace"] {
        let output = check(&folder.path().join(attendee));
        assert_eq!(status(&output), 0, "{attendee}: {}", words(&output));
    }
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(left.len(), 3, "nothing half-written stays");
}

#[test]
fn the_lesson_in_the_readme_can_be_taught() {
    let readme = include_str!("../../README.md");
    let lesson = readme.split("````markdown\n").nth(1).expect("the lesson");
    let lesson = lesson.split("````").next().expect("its end");
    let output = check(pack(&[("forgotten.md", lesson)]).path());
    assert_eq!(status(&output), 0, "{}", words(&output));
}

/// Lesson “It works today” says what `verify` answers; here it is asked.
#[test]
fn verify_answers_as_the_lesson_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
    let made = mtlscope(&[
        "lab",
        "--scenario",
        "outlives-its-ca",
        "--write-built-in",
        &at(""),
    ]);
    assert_eq!(status(&made), 0, "{}", stderr(&made));
    let chain = format!(
        "{}{}",
        fs::read_to_string(at("payments.pem")).expect("a leaf"),
        fs::read_to_string(at("mesh-issuer.pem")).expect("an issuer")
    );
    fs::write(at("chain.pem"), chain).expect("a chain");
    let verify = |more: &[&str]| {
        let chain = at("chain.pem");
        let root = at("mesh-root-2026.pem");
        let mut arguments = vec!["verify", &chain, "--trust", &root];
        arguments.extend(more);
        status(&mtlscope(&arguments))
    };
    assert_eq!(verify(&[]), 0, "it works today");
    assert_eq!(verify(&["--expires-within", "30d"]), 1, "and does not ship");
}
