//! Golden text: saved captures and their transcripts, word for word. `tests/whole` has their diagnoses and stories.
//!
//! After a wanted change: `INSTA_UPDATE=always CI= cargo test --test decode golden`, then read the difference.

use crate::support;
use std::fmt::Write;

use mtlscope::analysis::Analysis;
use mtlscope::decode::Field;
use mtlscope::session::load;

const SESSIONS: [&str; 6] = [
    "good-tls13",
    "good-tls12",
    "hello-retry-request",
    "root-rotated",
    "client-missing-intermediate",
    "everything-wrong",
];

fn analysis(name: &str) -> Analysis {
    let session = load(&support::window::session(name)).unwrap_or_else(|error| panic!("{error}"));
    Analysis::of(session.capture)
}

#[test]
fn captures() {
    for name in SESSIONS {
        let analysis = analysis(name);
        let mut out = String::new();
        for segment in &analysis.capture.segments {
            let _ = writeln!(
                out,
                "{:>6} us {} {} bytes",
                segment.at_us,
                segment.from.word(),
                segment.bytes.len()
            );
        }
        for event in &analysis.capture.events {
            let kind = format!("{:?}", event.kind);
            let words: String = kind.chars().take_while(|c| c.is_alphanumeric()).collect();
            let _ = writeln!(out, "{:>6} us {} {words}", event.at_us, event.side.word());
        }
        insta::assert_snapshot!(format!("capture-{name}"), out);
    }
}

fn field(out: &mut String, field: &Field, depth: usize) {
    let error = field
        .error
        .as_ref()
        .map_or_else(String::new, |error| format!("  !! {error}"));
    let indent = "  ".repeat(depth);
    let _ = writeln!(
        out,
        "{indent}{} [{}..{}] {}{error}",
        field.name, field.range.start, field.range.end, field.value
    );
    for child in &field.children {
        self::field(out, child, depth + 1);
    }
}

#[test]
fn transcripts() {
    for name in SESSIONS {
        let analysis = analysis(name);
        let mut out = String::new();
        for message in &analysis.transcript.messages {
            let _ = writeln!(
                out,
                "{} {} ({})",
                message.side.word(),
                message.kind,
                message.protection.word()
            );
            field(&mut out, &message.root, 1);
        }
        insta::assert_snapshot!(format!("transcript-{name}"), out);
    }
}
