//! Telling a run of the lab pair, and what holds for every story.

use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::Side;
use mtlscope::decode::Protection;
use mtlscope::setup::LabSetup;
use mtlscope::source::lab::run_blocking;
use mtlscope::story::{Belief, ChapterState, RowKind, Story};

use super::pki::{USUAL, minted, setup};

/// Leaf and intermediate, as it should be.
pub const GOOD: &[&str] = &["client", "issuer"];

/// Runs the usual PKI with this client chain, changed as `change` says.
pub fn analysis(client: &[&str], change: impl FnOnce(&mut LabSetup)) -> Analysis {
    let mut setup = setup(&minted(USUAL), client);
    change(&mut setup);
    Analysis::of(Arc::new(
        run_blocking(&setup, &Cancel::default()).expect("the run begins"),
    ))
}

pub fn titles(story: &Story) -> Vec<(u8, String)> {
    story
        .steps
        .iter()
        .map(|step| (step.chapter, step.title.clone()))
        .collect()
}

pub fn told(steps: &[(u8, &str)]) -> Vec<(u8, String)> {
    steps
        .iter()
        .map(|(chapter, title)| (*chapter, (*title).to_owned()))
        .collect()
}

pub fn states(story: &Story) -> Vec<ChapterState> {
    story.chapters.iter().map(|chapter| chapter.state).collect()
}

pub fn beliefs(story: &Story, side: Side) -> Vec<(Belief, usize)> {
    story
        .beliefs
        .of(side)
        .iter()
        .map(|span| (span.belief, span.from_step))
        .collect()
}

pub fn bands(story: &Story) -> Vec<(Protection, std::ops::Range<usize>)> {
    story
        .bands
        .iter()
        .map(|band| (band.keys, band.rows.clone()))
        .collect()
}

/// What holds for every story.
pub fn assert_whole(analysis: &Analysis) {
    let story = &analysis.story;
    assert_eq!(story.rows.len(), story.steps.len(), "a step for each row");
    assert!(
        story.steps.is_sorted_by_key(|step| step.at_us),
        "in the order of their times: {:?}",
        story.steps
    );
    let mut messages: Vec<usize> = story
        .rows
        .iter()
        .filter_map(|row| match &row.kind {
            RowKind::Flight { messages, .. } => Some(messages.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    messages.sort_unstable();
    let all: Vec<usize> = (0..analysis.transcript.messages.len()).collect();
    assert_eq!(messages, all, "each message is on exactly one row");
    for step in &story.steps {
        assert!((1..=6).contains(&step.chapter));
        assert!(!step.title.is_empty() && !step.caption.is_empty(), "{step:?}");
        assert!(
            step.explanation.ends_with('.'),
            "a sentence: {}",
            step.explanation
        );
    }
    for chapter in &story.chapters {
        let steps: Vec<usize> = (0..story.steps.len())
            .filter(|step| story.steps[*step].chapter == chapter.number)
            .collect();
        assert_eq!(
            (chapter.first_step, chapter.last_step),
            (steps.first().copied(), steps.last().copied())
        );
    }
    for side in Side::BOTH {
        let spans = story.beliefs.of(side);
        assert_eq!(spans[0].belief, Belief::Handshaking);
        assert!(spans.is_sorted_by_key(|span| span.from_step), "{spans:?}");
    }
}
