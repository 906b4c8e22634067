//! What `explain` prints of a log whose lines say different things.

use crate::support::command::{json, mtlscope, status, stdout};

fn told(text: &str) -> String {
    let output = mtlscope(&["explain", text]);
    assert_eq!(status(&output), 0);
    stdout(&output)
}

const UNKNOWN: &str = "SSL routines::tlsv1 alert unknown ca:SSL alert number 48";
const EXPIRED: &str = "curl: (60) SSL certificate problem: certificate has expired";
const NAMES: &str = "x509: certificate is valid for a.example, not b.example";

/// Each line by its number in the text, with who wrote it, the first thing that it can mean, and how many more.
#[test]
fn lines_that_differ_are_told_one_by_one() {
    let text = format!("{UNKNOWN}\n\n   {EXPIRED}  \nGET /orders 200\n{NAMES}");
    let told = told(&text);
    let (before, lines) = told.split_once("\nLine by line\n").expect("several lines");
    assert!(before.contains("What it can mean"), "{told}");
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(
        lines[..6],
        [
            "  1. SSL routines::tlsv1 alert unknown ca:SSL alert number 48",
            "     OpenSSL: The peer does not trust whoever issued the writer's certificate;",
            "     or 9 things more.",
            "  3. curl: (60) SSL certificate problem: certificate has expired",
            "     curl: The server's certificate has expired.",
            "  5. x509: certificate is valid for a.example, not b.example",
        ],
        "{told}"
    );
    let shown = json(&mtlscope(&["explain", &text, "--format", "json"]));
    let all = shown["lines"].as_array().cloned().unwrap_or_default();
    let of = |name: &str| -> Vec<String> { all.iter().map(|line| line[name].to_string()).collect() };
    assert_eq!(of("line"), ["1", "3", "5"]);
    let causes: Vec<usize> = all
        .iter()
        .map(|line| line["causes"].as_array().map_or(0, Vec::len))
        .collect();
    assert_eq!(causes[..2], [10, 1]);
    assert_eq!(
        of("means")[..2],
        [
            "\"The peer does not trust whoever issued the writer's certificate\"",
            "\"The server's certificate has expired\""
        ]
    );
}

/// The mend is printed where the words say exactly what is amiss, and files are asked for where several things may be.
#[test]
fn a_cause_alone_asks_for_no_files() {
    let one = told(EXPIRED);
    assert!(!one.contains("Line by line"), "{one}");
    assert_eq!(one.matches("Check: ").count(), 1, "{one}");
    assert!(!one.contains("Give your files"), "{one}");
    let many = told(UNKNOWN);
    assert!(many.matches("Check: ").count() > 1, "{many}");
    assert!(many.contains("Give your files"), "{many}");
}
