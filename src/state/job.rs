//! What the worker can be asked to do, and what it answers.

use std::path::PathBuf;
use std::sync::Arc;

use super::SetupSlot;
use super::dialogs::PickPurpose;
use super::fit::SlotFit;
use super::lists::ListsSeen;
use super::picker::Entry;
use super::repair::FixResult;
use super::root::ScenarioCard;
use super::settings::Settings;
use super::setup::Setup;
use super::slot::Slot;
use super::sort::Sorted;
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::{PerSide, Side};
use crate::experiment::repair::Progress;
use crate::experiment::time::TimeLine;
use crate::fetch::{FetchError, Place};
use crate::net::Reach;
use crate::pki::Bundle;
use crate::source::lab::{LabError, LabSetup};
use crate::survey::Survey;

/// Something slow to do.
#[derive(Debug)]
pub enum Job {
    /// Mint the built-in identities (unless a set-up was given on the command line) and list the scenarios.
    Start {
        /// The set-up to start with instead.
        setup: Option<Box<Setup>>,
    },
    /// Read files, or pasted text, and sort out what they hold.
    Read {
        /// Which request.
        ticket: u64,
        /// What to read.
        offers: Vec<Offer>,
        /// The slot they were meant for.
        target: Option<(Side, SetupSlot)>,
        /// What they are to fit with.
        setup: Box<Setup>,
    },
    /// Read the set-up's files again, run the pair, and analyse.
    Run {
        /// The set-up.
        setup: Box<Setup>,
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
    /// Search edits that make a failing set-up work.
    FindFixes {
        /// Which request.
        ticket: u64,
        /// What was run.
        setup: Box<LabSetup>,
        /// What came of it.
        analysis: Arc<Analysis>,
        /// Ends it early.
        cancel: Cancel,
    },
    /// Work out when a set-up works.
    TimeLine {
        /// Which request.
        ticket: u64,
        /// The set-up.
        setup: Box<LabSetup>,
        /// Now, in seconds since the epoch.
        now_unix_s: i64,
        /// Ends it early.
        cancel: Cancel,
    },
    /// Fetch what a certificate names.
    Fetch {
        /// Which request.
        ticket: u64,
        /// What, and where.
        place: Place,
        /// How far from here.
        reach: Reach,
        /// Ends it early.
        cancel: Cancel,
    },
    /// Mint a scenario.
    OpenScenario(String),
    /// Mint the built-in identities again.
    BuiltIn,
    /// Read a session and analyse it.
    OpenSession(PathBuf),
    /// Read a packet capture and look at every connection in it.
    OpenPackets {
        /// The file.
        path: PathBuf,
        /// The key log to take secrets from; `None`: those that lie beside the file.
        key_log: Option<PathBuf>,
        /// Ends it early.
        cancel: Cancel,
    },
    /// Decode, judge and tell one connection of a packet capture.
    OpenConnection {
        /// The file.
        path: PathBuf,
        /// Its connections.
        survey: Arc<Survey>,
        /// Which row.
        row: usize,
    },
    /// Write a session.
    SaveSession {
        /// Where.
        path: PathBuf,
        /// Its title.
        title: String,
        /// Its notes.
        notes: String,
        /// The evidence, and what follows from it (which is not written).
        analysis: Arc<Analysis>,
    },
    /// List a directory for our own picker.
    ListDirectory(PathBuf),
    /// Ask the system's dialog for a path.
    AskSystem {
        /// Which request.
        ticket: u64,
        /// For what.
        purpose: PickPurpose,
        /// Where to begin.
        directory: Option<PathBuf>,
    },
    /// Remember the settings.
    SaveSettings(Settings),
}

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// A file.
    File(PathBuf),
    /// A file with revocation lists or OCSP responses, for this side to judge by.
    Lists(Side, PathBuf),
    /// Pasted text.
    Text(String),
}

/// What the worker answers.
#[derive(Debug)]
pub enum Done {
    /// The set-up to start with, or why there is none.
    Started {
        /// The set-up.
        setup: Result<Box<Setup>, String>,
        /// The gallery.
        scenarios: Vec<ScenarioCard>,
    },
    /// Files were read.
    Read {
        /// Which request.
        ticket: u64,
        /// What becomes of each, in order.
        sorted: Vec<(Offer, Sorted)>,
        /// The slot they were meant for.
        target: Option<(Side, SetupSlot)>,
    },
    /// A run ended.
    Ran(Result<Box<Ran>, RunError>),
    /// The dots were judged.
    Fits {
        /// Which request.
        ticket: u64,
        /// The dots.
        fits: Vec<SlotFit>,
        /// And of each side's revocation lists.
        lists: Box<PerSide<ListsSeen>>,
    },
    /// How far a search for fixes is.
    FixProgress {
        /// Which request.
        ticket: u64,
        /// How far.
        progress: Progress,
    },
    /// A search for fixes ended.
    Fixes {
        /// Which request.
        ticket: u64,
        /// How far it came.
        progress: Progress,
        /// What it found, or why it could not begin.
        result: Result<FixResult, String>,
    },
    /// The network was asked.
    Fetched {
        /// Which request.
        ticket: u64,
        /// What came.
        result: Result<Bundle, FetchError>,
    },
    /// It was worked out when a set-up works; `None` where that was given up.
    TimeLine {
        /// Which request.
        ticket: u64,
        /// The line.
        line: Option<Arc<TimeLine>>,
    },
    /// A scenario or the built-in identities were minted.
    Minted {
        /// The scenario; `None` for the built-in identities.
        scenario: Option<String>,
        /// The set-up, or why there is none.
        setup: Result<Box<Setup>, String>,
    },
    /// A session was read.
    Opened {
        /// Its file.
        path: PathBuf,
        /// Title, notes, and all that follows from the evidence.
        session: Result<Box<Opened>, String>,
    },
    /// What was to be opened as a session is a packet capture.
    IsPackets(PathBuf),
    /// How far the reading of a packet capture is.
    PacketsProgress {
        /// The file.
        path: PathBuf,
        /// `Reading packets`, `Looking at connections`.
        what: &'static str,
        /// 0 to 1.
        fraction: f32,
        /// `12,000 packets`.
        words: String,
    },
    /// A packet capture was read.
    Packets {
        /// The file.
        path: PathBuf,
        /// Which request.
        cancel: Cancel,
        /// The connections and the key logs used, or why there are none.
        result: Result<(Arc<Survey>, Vec<PathBuf>), String>,
    },
    /// A connection of a packet capture was opened.
    Connection {
        /// The file.
        path: PathBuf,
        /// Which row.
        row: usize,
        /// All that follows from it.
        result: Result<Arc<Analysis>, String>,
    },
    /// A session was written.
    Saved {
        /// Its file.
        path: PathBuf,
        /// Which evidence: it is saved now.
        analysis: Arc<Analysis>,
        /// Or why it was not.
        result: Result<(), String>,
    },
    /// A directory was listed.
    Listed {
        /// The directory.
        directory: PathBuf,
        /// What is in it.
        entries: Result<Vec<Entry>, String>,
    },
    /// The system's dialog answered.
    SystemAnswered {
        /// Which request.
        ticket: u64,
        /// The path chosen; `None` for Cancel, and for a system without a dialog.
        path: Option<PathBuf>,
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
    /// Files that could be read before cannot be read now: the sentences.
    Files(Vec<(Side, SetupSlot, String)>),
    /// The pair could not begin, or was cancelled.
    Lab(LabError),
}

/// A session that was read.
#[derive(Debug)]
pub struct Opened {
    /// Its title.
    pub title: String,
    /// Its notes.
    pub notes: String,
    /// The evidence and all that follows.
    pub analysis: Arc<Analysis>,
}
