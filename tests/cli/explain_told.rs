//! What `explain` prints of a log that says the same again and again.

use crate::support::command::{json, mtlscope, status, stderr, stdout};

const LINE: &str = "SSL routines::tlsv1 alert unknown ca:SSL alert number 48";

/// The lines under this heading, up to the next one.
fn under<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = text.lines().skip_while(|line| *line != heading).skip(1);
    lines.take_while(|line| line.starts_with(' ')).collect()
}

#[test]
fn what_is_said_again_is_recognised_once() {
    let once = mtlscope(&["explain", LINE]);
    assert_eq!(status(&once), 0);
    let recognised = under(&stdout(&once), "What was recognised").join("\n");
    assert!(!recognised.is_empty());
    for (many, between) in [(2, ""), (3, "GET /orders 200\n"), (9, "\n")] {
        let text = format!("{LINE}\n{between}").repeat(many);
        let output = mtlscope(&["explain", &text]);
        assert_eq!(status(&output), 0);
        let told = stdout(&output);
        assert_eq!(
            under(&told, "What was recognised").join("\n"),
            recognised,
            "{many} times"
        );
        assert!(!told.contains("Line by line"), "all say the same: {told}");
        // JSON has each place.
        let heard = json(&mtlscope(&["explain", &text, "--format", "json"]))["heard"].clone();
        let places: Vec<u64> = heard
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| one["start"].as_u64())
            .collect();
        assert!(places.len() >= many && places.is_sorted(), "{places:?}");
    }
}

#[test]
fn a_lone_word_that_names_a_file_is_that_log() {
    let folder = tempfile::tempdir().expect("a directory");
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("error log.txt"), format!("GET /orders 200\n{LINE}\n")).expect("written");
    std::fs::write(path("empty.log"), "\n").expect("written");
    let read = mtlscope(&["explain", &path("error log.txt")]);
    assert_eq!(status(&read), 0, "{}", stderr(&read));
    let recognised = |output| under(&stdout(output), "What was recognised").join("\n");
    assert_eq!(recognised(&read), recognised(&mtlscope(&["explain", LINE])));
    for (name, problem) in [("", "this is a directory"), ("empty.log", "nothing to explain")] {
        let refused = mtlscope(&["explain", &path(name)]);
        assert_eq!(status(&refused), 2, "{name}");
        assert!(stderr(&refused).contains(problem), "{name}: {}", stderr(&refused));
    }
    // Two words are words, whatever lies beside them.
    assert_eq!(status(&mtlscope(&["explain", "nothing", &path("empty.log")])), 1);
}
