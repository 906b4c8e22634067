//! What other stacks say of the lab's last run: asked when the user says so, and after each run where the settings do.

mod acts;
mod agree;
mod standing;

pub use standing::verdict_verb;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::{Capture, Side};
use crate::experiment::repair::Voter;
use crate::opinion::{Opinion, Presence, Programs};
use crate::setup::LabSetup;
use crate::stack::Stack;
use crate::state::repair::OfferedFix;

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
    /// Ask for the file of this stack's program.
    ChooseProgram(Stack),
    /// This is the stack's program from now on; `None`: the one on the path.
    UseProgram(Stack, Option<PathBuf>),
    /// Search what all of them accept.
    FindAgreement,
    /// End that search.
    CancelAgreement,
    /// Change the set-up to what all accept, and run it.
    ApplyAgreement,
    /// Put the run that all accept on the stage.
    ShowAgreement,
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
        /// Where the user says that programs are.
        programs: Programs,
        /// Ends it early.
        cancel: Cancel,
    },
    /// Search edits that the run and all of these accept.
    Agree {
        /// Which request.
        ticket: u64,
        /// What was run.
        setup: Box<LabSetup>,
        /// What came of it.
        analysis: Arc<Analysis>,
        /// Who gave a verdict.
        voters: Vec<Voter>,
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
    /// One of them is being asked from now on.
    Begins {
        /// Which request.
        ticket: u64,
        /// As whom.
        judge: Side,
        /// Which.
        stack: Stack,
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
    /// How far the search for what all accept is.
    Agreeing {
        /// Which request.
        ticket: u64,
        /// Edits that were tried.
        tried: usize,
    },
    /// That search ended.
    Agreed {
        /// Which request.
        ticket: u64,
        /// What it found, or why it could not begin.
        result: Result<Agreement, String>,
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
    /// The search for what all accept.
    agreement: Option<AgreementSearch>,
}

/// A search for what all accept.
#[derive(Debug)]
pub struct AgreementSearch {
    /// The round of questions that it belongs to.
    asked: u64,
    /// Which request.
    pub ticket: u64,
    /// Edits that were tried so far.
    pub tried: usize,
    /// What it found; `None` while it goes on.
    pub result: Option<Agreement>,
    cancel: Cancel,
}

/// What such a search found.
#[derive(Clone, Debug, Default)]
pub struct Agreement {
    /// What all accept, with the run that proves it; `None` where nothing was found.
    pub fix: Option<OfferedFix>,
    /// Edits that were tried.
    pub tried: usize,
    /// Not everything was tried.
    pub is_cut_short: bool,
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
    /// Since when it is being asked, in seconds since the epoch; `None` while it waits, and once it has answered.
    pub asked_since_unix_s: Option<i64>,
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
