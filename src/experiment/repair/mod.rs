//! The proven fix: small edits of a failing set-up, each run through the real stack; only what then succeeded is offered.
//!
//! `edit` is one change as a value, `candidates` chooses which are worth a run, `search` runs them, `words` says them to a
//! beginner and `commands` makes them permanent with the user's own files. `agree` asks other stacks as well, and keeps only what
//! all of them take.
//!
//! Deliberately absent: client authentication made optional, and revocation lists left out. Both let a handshake succeed
//! and mend nothing.

mod agree;
mod candidates;
mod commands;
mod edit;
#[cfg(test)]
mod edit_tests;
mod search;
mod words;

#[cfg(test)]
mod hostile;

use std::sync::Arc;

pub use agree::{Agreed, Ask, Voter, agree};
pub use edit::{Edit, Spoken, Swap};
pub use search::{Budget, Found, Progress, search};

use crate::capture::Capture;

/// Edits after which both sides accepted, with the run that proves it.
#[derive(Clone, Debug)]
pub struct ProvenFix {
    /// One edit, or two where no single one works; in the order in which they are made.
    pub edits: Vec<Edit>,
    /// One sentence for each edit, naming files and subjects.
    pub words: Vec<String>,
    /// What to be careful about; empty where there is nothing.
    pub cautions: Vec<String>,
    /// Shell commands and configuration lines that make it permanent, with the user's own file names, quoted.
    pub commands: Vec<String>,
    /// The run in which both sides accepted.
    pub proof: Arc<Capture>,
}

impl ProvenFix {
    /// How many changes a person has to make.
    pub fn size(&self) -> usize {
        self.edits.len()
    }

    /// It widens trust, or leaves the real world: right for a test, and only sometimes for more.
    pub fn is_for_a_test_only(&self) -> bool {
        self.edits.iter().any(Edit::is_for_a_test_only)
    }

    /// All of it in one line.
    pub fn summary(&self) -> String {
        self.words.join(" ")
    }
}
