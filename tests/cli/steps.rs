//! The commands of a remedy in JSON and in text: which are steps of one script, and that such a script stops at its first error.

use std::process::Command;

use serde_json::Value;

use crate::support::command::{json, mtlscope, stdout};

const EXPIRED: [&str; 3] = ["lab", "--server-at", "2040-01-01T00:00:00Z"];

fn commands(remedy: &Value) -> Vec<&str> {
    let all = remedy["commands"].as_array().expect("commands");
    all.iter().map(|one| one.as_str().expect("text")).collect()
}

#[test]
fn json_says_which_commands_text_joins() {
    let analysis = json(&mtlscope(&[&EXPIRED[..], &["--format", "json"]].concat()));
    let text = stdout(&mtlscope(&EXPIRED));
    let remedies = analysis["causes"][0]["remedies"].as_array().expect("remedies");
    let shown = remedies
        .iter()
        .filter(|remedy| remedy["tool"].is_null() || remedy["tool"] == "openssl");
    let mut steps = 0;
    for remedy in shown {
        let commands = commands(remedy);
        let is_joined = remedy["stop_at_first_error"].as_bool().expect("said of each");
        for (at, command) in commands.iter().enumerate() {
            let line = format!("    {command}");
            assert!(text.contains(&line), "{line}\n{text}");
            let is_followed = text.contains(&format!("{line} &&\n"));
            assert_eq!(
                is_followed,
                is_joined && at + 1 < commands.len(),
                "{line}\n{text}"
            );
        }
        steps += usize::from(is_joined);
    }
    assert!(steps > 0, "{remedies:#?}");
}

/// As the contract says to run them: nothing is made of a file that is not there.
#[cfg(unix)]
#[test]
fn steps_end_at_the_first_error() {
    let analysis = json(&mtlscope(&[&EXPIRED[..], &["--format", "json"]].concat()));
    let remedies = analysis["causes"][0]["remedies"].as_array().expect("remedies");
    let steps = remedies
        .iter()
        .find(|remedy| remedy["stop_at_first_error"] == true)
        .expect("steps");
    let folder = tempfile::tempdir().expect("a folder");
    let script = format!("set -e\n{}\n", commands(steps).join("\n"));
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder.path())
        .output()
        .expect("a shell");
    assert!(!output.status.success());
    let made: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert!(made.is_empty(), "{made:?} of:\n{script}");
}
