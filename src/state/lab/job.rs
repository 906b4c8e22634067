//! What the worker does for the lab, and what it answers.

mod acts;

use std::sync::Arc;

use super::closed::Closed;
use super::fit::SlotFit;
use super::offer::Offer;
use super::passphrases::Refused;
use super::setup::Setup;
use super::slot::{ListsSeen, SetupSlot, Slot};
use super::sorted::Sorted;
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::{PerSide, Side};
use crate::fetch::Place;
use crate::pki::{Passphrase, Passphrases};
use crate::setup::LabSetup;
use crate::source::lab::LabError;

/// What the worker does for the lab.
#[derive(Debug)]
pub enum LabJob {
    /// Mint the built-in identities (unless a set-up was given on the command line) and list the scenarios.
    Start {
        /// The set-up to start with instead.
        setup: Option<Box<Setup>>,
    },
    /// Mint a scenario, or the built-in identities again.
    Mint {
        /// Which request.
        ticket: u64,
        /// The scenario's id; `None` for the built-in identities.
        scenario: Option<String>,
    },
    /// Read files, or pasted text, and sort out what they hold.
    Read {
        /// What to read.
        offers: Vec<Offer>,
        /// The slot they were meant for.
        target: Option<(Side, SetupSlot)>,
        /// What they are to fit with.
        setup: Box<Setup>,
    },
    /// Try a passphrase on something that is closed.
    Open {
        /// Which request.
        ticket: u64,
        /// What is closed.
        closed: Box<Closed>,
        /// What may open it.
        passphrase: Passphrase,
        /// Those that did not, each alone.
        tried: Passphrases,
        /// What it is to fit with.
        setup: Box<Setup>,
    },
    /// Read the set-up's files again, run the pair, and analyse.
    Run {
        /// Which request.
        ticket: u64,
        /// The set-up.
        setup: Box<Setup>,
        /// Ends it early.
        cancel: Cancel,
    },
    /// Judge the dots.
    JudgeFit {
        /// Which request.
        ticket: u64,
        /// The set-up.
        setup: Box<Setup>,
        /// Now, in seconds since the epoch.
        now_unix_s: i64,
    },
}

/// What the worker answers the lab.
#[derive(Debug)]
pub enum LabDone {
    /// The set-up to start with, or why there is none.
    Started {
        /// The set-up.
        setup: Result<Box<Setup>, String>,
        /// The gallery.
        scenarios: Vec<ScenarioCard>,
    },
    /// A scenario or the built-in identities were minted.
    Minted {
        /// Which request.
        ticket: u64,
        /// The scenario; `None` for the built-in identities.
        scenario: Option<String>,
        /// The set-up, or why there is none.
        setup: Result<Box<Setup>, String>,
    },
    /// Files were read.
    Read {
        /// What becomes of each, in order.
        sorted: Vec<Sorted>,
        /// The slot they were meant for.
        target: Option<(Side, SetupSlot)>,
    },
    /// A passphrase was tried.
    Opened {
        /// Which request.
        ticket: u64,
        /// What opened it, if it did.
        passphrases: Passphrases,
        /// What becomes of what it opened; still closed where it did not.
        sorted: Sorted,
    },
    /// A run ended.
    Ran {
        /// Which request.
        ticket: u64,
        /// What came of it.
        result: Result<Box<Ran>, RunError>,
    },
    /// The dots were judged.
    Fits {
        /// Which request.
        ticket: u64,
        /// The dots.
        fits: Vec<SlotFit>,
        /// And of each side's revocation lists.
        lists: Box<PerSide<ListsSeen>>,
    },
}

/// A run that ended, well or not.
#[derive(Debug)]
pub struct Ran {
    /// The evidence and all that follows.
    pub analysis: Arc<Analysis>,
    /// What was run, its files read again.
    pub setup: Box<LabSetup>,
    /// Issuers that nobody here has, and where the certificates say they are; each with who judges.
    pub issuers_elsewhere: Vec<(Side, Place)>,
    /// The slots that were read again.
    pub read_again: Vec<(Side, SetupSlot, Slot)>,
}

/// Why there was no run.
#[derive(Debug)]
pub enum RunError {
    /// Files that could be read before cannot be read now.
    Files(Vec<Refused>),
    /// The pair could not begin, or was cancelled.
    Lab(LabError),
    /// The worker could not do it: the sentence.
    Worker(String),
}

/// A scenario as the gallery shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioCard {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// What to look for.
    pub look_for: String,
    /// The heading that it stands under.
    pub heading: &'static str,
}

impl ScenarioCard {
    /// Whether it speaks of every word of a text, wherever: in its words, its id or its heading.
    pub fn speaks_of(&self, text: &str) -> bool {
        let all = [
            self.id.as_str(),
            &self.title,
            &self.summary,
            &self.look_for,
            self.heading,
        ]
        .map(str::to_lowercase);
        text.to_lowercase()
            .split_whitespace()
            .all(|word| all.iter().any(|words| words.contains(word)))
    }
}
