//! Bounds, sameness, notes, and what is never told.

use std::sync::Arc;

use super::{Format, Material, Theme, export};
use crate::analysis::Analysis;
use crate::session::StepNotes;
use crate::story::RowKind;

fn analysis(name: &str) -> Analysis {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/sessions")
        .join(format!("{name}.ron"));
    let session = crate::session::load(&path).expect("a session");
    Analysis::of(session.capture)
}

fn text(material: &Material, format: Format) -> String {
    let bytes = export(material, format, Theme::Light).expect("an export");
    String::from_utf8(bytes).expect("text")
}

#[test]
fn a_capture_of_many_messages_stays_bounded() {
    let mut long = analysis("good-tls13");
    let (row, step) = (long.story.rows[3].clone(), long.story.steps[3].clone());
    let RowKind::Flight { from, messages, .. } = row.kind else {
        panic!("a flight");
    };
    for number in 0..10_000 {
        let mut step = step.clone();
        step.chapter = 6;
        step.title = format!("Message {number}");
        long.story.steps.push(step);
        long.story.rows.push(crate::story::Row {
            kind: RowKind::Flight {
                from,
                messages: messages.iter().cycle().take(100).copied().collect(),
                is_alert: false,
                is_lost: false,
            },
            is_break: false,
        });
    }
    for message in &mut long.transcript.messages {
        message.bytes.resize(100_000, 7);
    }
    let material = Material::new(Arc::new(long));
    for (format, most) in [
        (Format::Html, 8_000_000),
        (Format::Svg, 400_000),
        (Format::Markdown, 400_000),
        (Format::Runbook, 40_000),
    ] {
        let text = text(&material, format);
        assert!(text.len() < most, "{format:?}: {}", text.len());
        if format != Format::Runbook {
            assert!(text.contains("steps are left out of this export"), "{format:?}");
        }
    }
    let page = text(&material, Format::Html);
    assert!(page.contains("more messages are left out of this export"));
    assert!(page.contains("more bytes are left out of this export"));
    assert!(page.contains("Message 9999"), "the end is there");
}

#[test]
fn the_same_material_gives_the_same_bytes() {
    let material = Material::new(Arc::new(analysis("root-rotated")));
    for format in Format::ALL {
        let made = || export(&material, format, Theme::Dark);
        assert_eq!(made(), made());
    }
}

#[test]
fn a_note_goes_with_its_moment_when_the_story_is_told_without_secrets() {
    let analysis = Arc::new(analysis("good-tls13"));
    let last = analysis.story.steps.len() - 1;
    let mut notes = StepNotes::default();
    notes.set(0, "the beginning");
    notes.set(last, "the end");
    let shut = Material::new(analysis)
        .with_words("", "", &notes)
        .without_secrets();
    let count = shut.analysis.story.steps.len();
    assert_eq!(shut.step_notes.of(0), Some("the beginning"));
    let end = shut.step_notes.iter().last().expect("a note");
    assert!(end.0 + 3 >= count && end.1 == "the end", "{end:?} of {count}");
}

#[test]
fn a_private_key_in_the_notes_is_not_told() {
    let key = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----";
    let material =
        Material::new(Arc::new(analysis("good-tls13"))).with_words(key, key, &StepNotes::default());
    for format in Format::ALL.into_iter().filter(|format| format.is_text()) {
        let text = text(&material, format);
        assert!(
            !text.contains("MIGHAgEA") && !text.contains("BEGIN PRIVATE"),
            "{format:?}"
        );
    }
}
