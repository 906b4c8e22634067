//! The pasted error: its text, what it means, and what the handshake on the stage says to each meaning.

mod acts;

use crate::diagnose::{LogReading, Settled};

/// What the user can ask of the pasted error.
#[derive(Clone, Debug, PartialEq)]
pub enum PastedCommand {
    /// Show or hide the box for it.
    ShowPasteBox(bool),
    /// What stands in that box.
    PasteError(String),
}

/// What stands in the box, and what it means.
#[derive(Clone, Debug, Default)]
pub struct Pasted {
    /// The text as it was typed or pasted.
    pub text: String,
    /// What it means.
    pub reading: LogReading,
    /// Candidates in the order in which they are shown, each with what the handshake on the stage says to it: what it
    /// shows first, what it rules out last. Indexes into the reading's candidates.
    pub settled: Vec<(usize, Settled)>,
}
