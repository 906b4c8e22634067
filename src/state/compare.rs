//! Comparisons: two handshakes in a tab of their own, what came of putting them side by side, a playhead over both.

mod acts;
mod model;
mod work;

pub use model::{ComparePhase, CompareTab, Compared, Comparing, Comparisons, Place, Rest, title_of_both};

use std::path::PathBuf;
use std::sync::Arc;

use super::documents::Document;
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::compare::{Both, Comparison, Which};
use crate::setup::LabSetup;
use crate::survey::Survey;

/// What the user can ask of comparisons. All but the first two are about the one in the middle.
#[derive(Clone, Debug, PartialEq)]
pub enum CompareCommand {
    /// Begin one with what is on the stage.
    Begin,
    /// Put this comparison in the middle.
    Show(u64),
    /// Close this comparison; its private keys go with it.
    Close(u64),
    /// Take this open document.
    TakeDocument(Which, usize),
    /// Take this row of this open packet capture.
    TakeConnection(Which, PathBuf, usize),
    /// Ask for a session.
    ChooseSession(Which),
    /// Take these sessions, as they were dropped: the first into this place, or into the one that is free.
    TakeFiles(Vec<PathBuf>, Option<Which>),
    /// A for B and B for A.
    Swap,
    /// End the work.
    Cancel,
    /// Begin the work again.
    Again,
    /// Look at this row of the grid.
    SelectRow(usize),
    /// Show this tab of the panel.
    ShowTab(CompareTab),
    /// Open or close one of the lists of what does not matter.
    Toggle(Rest),
    /// Put one of the two on the stage.
    ShowSide(Which),
    /// Put one of the two on the stage, at the bytes of this difference.
    ShowBytes(Which, usize),
    /// Put B on the stage, at what mends it.
    ShowFix,
    /// Put the whole comparison on the clipboard as text.
    Copy,
}

/// One of the two, as the worker takes it.
pub type Given = (Arc<Analysis>, Option<Arc<LabSetup>>);

/// What the worker does for comparisons.
#[derive(Debug)]
pub enum CompareJob {
    /// Compare two handshakes.
    Compare {
        /// Which request.
        ticket: u64,
        /// Both, each with the set-up that it was run with.
        both: Both<Given>,
        /// Ends it early.
        cancel: Cancel,
    },
    /// Read a session.
    Session {
        /// Which request.
        ticket: u64,
        /// The file.
        path: PathBuf,
    },
    /// Decode, judge and tell one connection of a packet capture.
    Connection {
        /// Which request.
        ticket: u64,
        /// The file.
        path: PathBuf,
        /// Its connections.
        survey: Arc<Survey>,
        /// Which row.
        row: usize,
    },
}

/// What the worker answers.
#[derive(Debug)]
pub enum CompareDone {
    /// Two handshakes were compared.
    Compared {
        /// Which request.
        ticket: u64,
        /// What was found, or why nothing was.
        result: Result<Arc<Comparison>, String>,
    },
    /// One of the two was read.
    Loaded {
        /// Which request.
        ticket: u64,
        /// It, or why it could not be read.
        result: Result<Box<Document>, String>,
    },
}
