//! The same failure in other stacks' words, as real programs said them.
//!
//! `assets/rosetta.ron` is written by a test that runs the programs on loopback, never by hand.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::CauseId;
use crate::capture::Side;

/// What was said when one program met a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saying {
    /// The fault, stable: `client-expired-intermediate`. Several faults can have one cause.
    pub fault: String,
    /// The fault's cause id.
    pub cause: String,
    /// Who ought to refuse.
    pub judge: Side,
    /// The program on that side: `OpenSSL`.
    pub stack: String,
    /// `3.0.19`.
    pub version: String,
    /// Who spoke.
    pub side: Side,
    /// The program that spoke: the stack itself, or what stood at the other end.
    pub speaker: String,
    /// The stack let the fault pass.
    pub accepted: bool,
    /// The words; empty where nothing was said.
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

/// What was said when a stack met this cause on the judge's side, each stack's rows together; empty where no run was
/// recorded. Of several faults of one cause, the first tells.
pub fn other_words(cause: CauseId, judge: Option<Side>) -> Vec<&'static Saying> {
    let of_cause = || {
        SAYINGS
            .iter()
            .filter(|saying| saying.cause == cause.word() && judge.is_none_or(|judge| judge == saying.judge))
    };
    let fault = of_cause().next().map(|saying| saying.fault.as_str());
    of_cause()
        .filter(|saying| Some(saying.fault.as_str()) == fault)
        .collect()
}
