//! Golden text: saved captures, their transcripts, diagnoses and stories, word for word.
//!
//! After a wanted change: `INSTA_UPDATE=always cargo test --test golden`, then read the difference.

use crate::support;
use std::fmt::Write;
use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::capture::Side;
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

#[test]
fn diagnoses() {
    for name in SESSIONS {
        let analysis = analysis(name);
        let diagnosis = &analysis.diagnosis;
        let mut out = format!("{}\n", diagnosis.verdict.word());
        for cause in &diagnosis.causes {
            let _ = writeln!(
                out,
                "{} {} reported={}",
                cause.id.word(),
                cause.certainty.word(),
                cause.reported
            );
            let _ = writeln!(out, "  {}\n  {}", cause.title, cause.detail);
            for evidence in &cause.evidence {
                let _ = writeln!(
                    out,
                    "  proof {:?} {:?}: {}",
                    evidence.message, evidence.range, evidence.words
                );
            }
            for remedy in &cause.remedies {
                let _ = writeln!(out, "  mend {}", remedy.text);
                for command in &remedy.commands {
                    let _ = writeln!(out, "    $ {command}");
                }
            }
        }
        for row in &diagnosis.matrix {
            let subject = row
                .certificate
                .as_ref()
                .map_or("-", |certificate| certificate.subject.as_str());
            let place = format!("{} {} {subject}", row.side.word(), row.role.word());
            let _ = writeln!(
                out,
                "{place}: {} {}: {}",
                row.check.word(),
                row.outcome.word(),
                row.detail
            );
        }
        insta::assert_snapshot!(format!("diagnosis-{name}"), out);
    }
}

#[test]
fn stories() {
    for name in SESSIONS {
        let analysis = Arc::new(analysis(name));
        let story = &analysis.story;
        let mut out = String::new();
        for chapter in &story.chapters {
            let _ = writeln!(
                out,
                "{}. {} {:?}: {}",
                chapter.number, chapter.title, chapter.state, chapter.note
            );
        }
        for step in &story.steps {
            let _ = writeln!(
                out,
                "{} {} {} | {}",
                step.chapter,
                step.side.word(),
                step.title,
                step.caption
            );
            let _ = writeln!(out, "    {}", step.explanation);
        }
        for band in &story.bands {
            let _ = writeln!(out, "band {} {:?}", band.keys.word(), band.rows);
        }
        for side in Side::BOTH {
            for span in story.beliefs.of(side) {
                let _ = writeln!(
                    out,
                    "{} {:?} from step {}",
                    side.word(),
                    span.belief,
                    span.from_step
                );
            }
        }
        let _ = writeln!(out, "two truths: {:?}", story.two_truths);
        insta::assert_snapshot!(format!("story-{name}"), out);
    }
}
