//! The lab's part of the state, and its runs: one at a time, each answering the request that began it.

mod acts;

use std::time::{Duration, Instant};

use super::bench::Bench;
use super::closed::ClosedFiles;
use super::job::ScenarioCard;
use super::setup::Setup;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::fetch::Place;
use crate::state::opinions::Opinions;
use crate::state::repair::Repair;
use crate::state::settings::SlotFile;

/// The set-up and its runs.
#[derive(Debug, Default)]
pub struct Lab {
    /// What the left panel shows.
    pub setup: Setup,
    /// Whether a handshake is running.
    pub run: RunStatus,
    /// The set-up is no longer what the last run was made of.
    pub is_setup_newer: bool,
    /// Of the last run: issuers that nobody here has, where they are said to be, and who judges.
    pub issuers_elsewhere: Vec<(Side, Place)>,
    /// The scenarios that the gallery shows.
    pub scenarios: Vec<ScenarioCard>,
    /// The scenario that the set-up came from; `None` once it was something else.
    pub scenario: Option<String>,
    /// The files of the last time, to offer them again; empty once they were taken or declined.
    pub last_files: Vec<SlotFile>,
    /// What waits for its passphrase.
    pub closed: ClosedFiles,
    /// When the changed set-up runs by itself.
    pub(in crate::state) run_due: Option<Instant>,
    /// Which of the lab's tabs the set-up belongs to.
    pub bench: Bench,
    /// What belongs to the other tabs.
    pub(in crate::state) shelf: Vec<Shelved>,
    /// The run under way began by itself at the start: a session that the user opened keeps the stage.
    pub(in crate::state) is_first_run: bool,
    /// The next run opens a scenario.
    pub(in crate::state) is_opening: bool,
    /// The run under way: an answer to an older request changes nothing.
    pub(in crate::state) request: Option<RunRequest>,
    /// The last request for the dots.
    pub(in crate::state) fit_ticket: u64,
    /// The last request for a set-up; 0 for the one at the start.
    pub(in crate::state) mint_ticket: u64,
}

/// A changed set-up is left alone for so long before it runs by itself.
pub(super) const RUNS_AFTER: Duration = Duration::from_millis(150);

impl Lab {
    /// The request whose run is under way.
    pub fn run_ticket(&self) -> Option<u64> {
        self.request.as_ref().map(|request| request.ticket)
    }
}

/// What a run was begun for. Its result bears this title, whatever was loaded meanwhile.
#[derive(Debug)]
pub(in crate::state) struct RunRequest {
    ticket: u64,
    /// Title and notes of the scenario that was run.
    told: Option<(String, String)>,
    /// It opens a scenario: the story begins at its beginning, and whoever watches guesses first.
    is_opening: bool,
    /// Ends it.
    cancel: Cancel,
}

/// What belongs to a tab of the lab that is not on the stage.
#[derive(Debug)]
pub(in crate::state) struct Shelved {
    bench: Bench,
    setup: Setup,
    scenario: Option<String>,
    is_setup_newer: bool,
    issuers_elsewhere: Vec<(Side, Place)>,
    repair: Repair,
    opinions: Opinions,
}

/// Whether a handshake is running.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RunStatus {
    /// Identities are being minted, nothing has run yet.
    #[default]
    Starting,
    /// Nothing is under way.
    Idle,
    /// A handshake is under way.
    Running {
        /// Since when.
        since: Instant,
        /// The user asked it to end.
        is_cancelled: bool,
    },
    /// The last run could not begin, and why.
    CouldNotBegin(String),
}
