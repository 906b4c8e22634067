//! Proven fixes of the run on the stage: how the search goes, what it found, one click to apply and one to undo.

mod acts;

use std::sync::Arc;
use std::time::Duration;

use super::lab::Setup;
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::experiment::repair::{Progress, ProvenFix};
use crate::setup::LabSetup;

/// What the user can ask of proven fixes.
#[derive(Clone, Debug, PartialEq)]
pub enum RepairCommand {
    /// Change the set-up as this fix of the run on the stage says, and run it.
    ApplyFix(usize),
    /// Put the set-up back as it was before the last fix, and run it.
    UndoFix,
    /// Put the run that proves this fix on the stage.
    ShowProof(usize),
    /// End the search for fixes.
    CancelFixes,
}

/// What the worker does: it searches edits that make a failing set-up work.
#[derive(Debug)]
pub struct RepairJob {
    /// Which request.
    pub ticket: u64,
    /// What was run.
    pub setup: Box<LabSetup>,
    /// What came of it.
    pub analysis: Arc<Analysis>,
    /// Ends it early.
    pub cancel: Cancel,
}

/// What the worker answers of a search.
#[derive(Debug)]
pub enum RepairDone {
    /// How far it is.
    Progress {
        /// Which request.
        ticket: u64,
        /// How far.
        progress: Progress,
    },
    /// It ended.
    Fixes {
        /// Which request.
        ticket: u64,
        /// How far it came.
        progress: Progress,
        /// What it found, or why it could not begin.
        result: Result<FixResult, String>,
    },
}

/// The search for the lab's last failing run, and what was applied since.
#[derive(Debug, Default)]
pub struct Repair {
    /// The search; `None` before the first failing run.
    pub search: Option<FixSearch>,
    /// What was applied, oldest first; each can be undone in its turn.
    pub applied: Vec<Applied>,
}

/// One search.
#[derive(Debug)]
pub struct FixSearch {
    /// The failing run.
    pub of: Arc<Analysis>,
    /// Ends it.
    pub(super) cancel: Cancel,
    /// Which request.
    pub ticket: u64,
    /// How far it is.
    pub progress: Progress,
    /// What it found; `None` while it goes on.
    pub result: Option<FixResult>,
}

/// What a search found.
#[derive(Debug)]
pub struct FixResult {
    /// Smallest first.
    pub fixes: Vec<OfferedFix>,
    /// Time in all.
    pub took: Duration,
    /// Not everything was tried.
    pub is_cut_short: bool,
}

/// A fix with the run that proves it, ready for the stage.
#[derive(Clone, Debug)]
pub struct OfferedFix {
    /// The fix.
    pub fix: Arc<ProvenFix>,
    /// Its proof.
    pub proof: Arc<Analysis>,
}

/// A fix that was applied, with what it replaced.
#[derive(Debug)]
pub struct Applied {
    /// What was done.
    pub words: String,
    before: Setup,
    scenario: Option<String>,
}
