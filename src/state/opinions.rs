//! What other stacks say of the lab's last run: asked when the user says so, and after each run where the settings do.

mod acts;
mod standing;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::{Capture, Side};
use crate::opinion::{Opinion, Presence};
use crate::setup::LabSetup;
use crate::stack::Stack;

/// What the user can ask of other stacks' opinions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpinionCommand {
    /// Ask every stack on this machine about the lab's last run.
    Ask,
    /// End that; what was said so far stays.
    Cancel,
    /// Show what was said where this side judges.
    Show(Side),
    /// Open the row of a stack to its command and exact words, or fold it.
    ToggleRow(Side, Stack),
    /// Put the handshake with this stack on the stage.
    OpenOnStage(Side, Stack),
}

/// What the worker does.
#[derive(Debug)]
pub enum OpinionJob {
    /// Find the stacks, and ask each.
    Ask {
        /// Which request.
        ticket: u64,
        /// What was run.
        setup: Box<LabSetup>,
        /// Ends it early.
        cancel: Cancel,
    },
    /// Analyse the handshake that an opinion came from.
    Open {
        /// What its tab is called.
        title: String,
        /// What our end recorded.
        capture: Arc<Capture>,
    },
}

/// What the worker answers.
#[derive(Debug)]
pub enum OpinionDone {
    /// Which stacks are here.
    Found {
        /// Which request.
        ticket: u64,
        /// Every stack that can be asked somewhere.
        stacks: Vec<(Stack, Presence)>,
    },
    /// One of them answered.
    Said {
        /// Which request.
        ticket: u64,
        /// As whom it was asked.
        judge: Side,
        /// What it said.
        opinion: Arc<Opinion>,
    },
    /// All were asked: everything once more, for what is told meanwhile may be lost.
    Ended {
        /// Which request.
        ticket: u64,
        /// What came of it, or why nothing did.
        result: Result<Answers, String>,
    },
    /// A handshake is ready for the stage.
    Opened {
        /// What its tab is called.
        title: String,
        /// The evidence and all that follows.
        analysis: Arc<Analysis>,
    },
}

/// The answers to one request.
#[derive(Debug, Default)]
pub struct Answers {
    /// Every stack that can be asked somewhere.
    pub stacks: Vec<(Stack, Presence)>,
    /// What each said, and as whom it was asked.
    pub said: Vec<(Side, Arc<Opinion>)>,
}

/// What is known of other stacks' opinions.
#[derive(Debug, Default)]
pub struct Opinions {
    /// What can be asked about.
    run: Option<LastRun>,
    /// What was asked last.
    asked: Option<Asked>,
    /// Rows that are open to their exact words.
    open_rows: BTreeSet<(Side, Stack)>,
    /// Whose judgement the user wants to see.
    shown: Option<Side>,
}

/// The lab's last run.
#[derive(Debug)]
struct LastRun {
    of: Arc<Analysis>,
    setup: Box<LabSetup>,
    fingerprint: u64,
}

/// A round of questions to all stacks.
#[derive(Debug)]
pub struct Asked {
    /// The run that was asked about.
    pub of: Arc<Analysis>,
    /// When, in seconds since the epoch.
    pub at_unix_s: i64,
    /// One for each side that judges.
    pub rounds: Vec<Round>,
    /// It ended, or was ended.
    pub is_over: bool,
    fingerprint: u64,
    /// Which request.
    pub ticket: u64,
    cancel: Cancel,
}

/// What was asked of one judge's side.
#[derive(Clone, Debug)]
pub struct Round {
    /// Who judges.
    pub judge: Side,
    /// How many authorities it trusts.
    pub trusted: usize,
    /// A time was asked for.
    pub has_time: bool,
    /// One for each stack, in the order in which they are told; none while they are being found.
    pub rows: Vec<Row>,
}

/// One stack.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which.
    pub stack: Stack,
    /// Whether it is here.
    pub presence: Presence,
    /// What it said; `None` until it has.
    pub opinion: Option<Arc<Opinion>>,
}

/// What the run itself came to, of one judge's chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Whether it took the chain.
    pub accepts: bool,
    /// Its words of a refusal.
    pub words: String,
    /// How long it took to judge, in microseconds.
    pub took_us: u64,
}
