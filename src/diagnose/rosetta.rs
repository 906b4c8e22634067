//! The same failure in other stacks' words, as real programs said them.
//!
//! `assets/rosetta.ron` is written by a test that runs the programs on loopback, never by hand.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::CauseId;
use crate::capture::Side;

/// What one program said when it met a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saying {
    /// The fault's cause id.
    pub cause: String,
    /// Who judged, in the run that was recorded.
    pub judge: Side,
    /// `OpenSSL`.
    pub stack: String,
    /// `3.0.19`.
    pub version: String,
    /// Who spoke.
    pub side: Side,
    /// Its words.
    pub words: String,
}

static SAYINGS: LazyLock<Vec<Saying>> = LazyLock::new(|| {
    // The asset is part of the binary and a test parses it.
    ron::from_str(include_str!("../../assets/rosetta.ron")).unwrap_or_default()
});

/// Everything that was heard.
pub(super) fn all() -> &'static [Saying] {
    &SAYINGS
}

/// What others say when `judge` refuses for this cause; empty where no run was recorded.
pub fn other_words(cause: CauseId, judge: Option<Side>) -> Vec<&'static Saying> {
    SAYINGS
        .iter()
        .filter(|saying| saying.cause == cause.word() && judge.is_none_or(|judge| judge == saying.judge))
        .collect()
}
