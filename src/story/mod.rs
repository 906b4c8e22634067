//! The diagnosis told: ordered steps for the stage, in six chapters.
//!
//! A pure function of transcript and diagnosis. Knows nothing of pixels: the stage's layout decides where a row stands.
//!
//! `flights` joins messages to rows, `moments` finds what happened without an arrow (a verification, a time-out),
//! `plot` puts both in the order of their times and into chapters, `captions` and `explain` word them, `chapters` and
//! `beliefs` sum up. `integrity` tells what came of a byte that the wire changed.

mod beliefs;
mod captions;
mod chapters;
mod explain;
mod figures;
mod flights;
mod integrity;
mod moments;
mod plot;
pub mod shorten;
mod types;
mod work;

#[cfg(test)]
mod tests;

pub use captions::{alpn_not_answered, cause_words};
pub use figures::{duration, moment};
pub use integrity::{Integrity, integrity};
pub use types::{Band, Belief, BeliefSpan, Chapter, ChapterState, Row, RowKind, Step, Story};

use crate::capture::Capture;
use crate::decode::Transcript;
use crate::diagnose::Diagnosis;

/// Tells a diagnosis: rows and steps in the order of time, chapters, key bands, and what each side believes.
pub fn tell(capture: &Capture, transcript: &Transcript, diagnosis: &Diagnosis) -> Story {
    let plot = plot::plot(capture, transcript, diagnosis);
    let two_truths = beliefs::two_truths(diagnosis, &plot);
    let steps: Vec<Step> = plot
        .scenes
        .iter()
        .map(|scene| Step {
            chapter: scene.chapter,
            side: scene.side(),
            title: captions::title(scene, transcript),
            caption: captions::caption(scene, transcript, two_truths.as_ref()),
            explanation: explain::explanation(scene, transcript, diagnosis),
            at_us: scene.at_us,
        })
        .collect();
    Story {
        chapters: chapters::chapters(&plot, transcript, diagnosis),
        beliefs: beliefs::beliefs(&plot, transcript, diagnosis),
        bands: plot::bands(&plot, transcript),
        rows: plot
            .scenes
            .iter()
            .enumerate()
            .map(|(index, scene)| Row {
                kind: scene.row_kind(),
                is_break: plot.break_at == Some(index),
            })
            .collect(),
        two_truths: two_truths.map(|truth| truth.words),
        integrity: integrity(capture, diagnosis),
        steps,
    }
}
