//! The diagnosis told: ordered steps for the stage, in six chapters.
//!
//! A pure function of transcript and diagnosis. Knows nothing of pixels: the stage's layout decides where a row stands.

mod types;

pub use types::{Band, Belief, BeliefSpan, Chapter, ChapterState, Row, RowKind, Step, Story};
