//! The time machine: the strip over all validity windows, and the needle that is dragged along it.

mod acts;

use std::sync::Arc;

use crate::cancel::Cancel;
use crate::experiment::time::TimeLine;
use crate::setup::LabSetup;

/// What the user can ask of the time machine.
#[derive(Clone, Debug, PartialEq)]
pub enum TimeCommand {
    /// Show or hide it.
    ToggleTimeMachine,
    /// Its needle is dragged here, in seconds since the epoch; no clock is set yet.
    DragNeedle(i64),
}

/// What the worker does: it works out when a set-up works.
#[derive(Debug)]
pub struct TimeJob {
    /// Which request.
    pub ticket: u64,
    /// The set-up.
    pub setup: Box<LabSetup>,
    /// Now, in seconds since the epoch.
    pub now_unix_s: i64,
    /// Ends it early.
    pub cancel: Cancel,
}

/// It was worked out when a set-up works.
#[derive(Debug)]
pub struct TimeDone {
    /// Which request.
    pub ticket: u64,
    /// The line; `None` where that was given up.
    pub line: Option<Arc<TimeLine>>,
}

/// The time machine's panel.
#[derive(Debug, Default)]
pub struct TimeMachine {
    /// Whether the panel is open. A closed one costs nothing.
    pub is_open: bool,
    /// When the set-up works; `None` until it is worked out.
    pub line: Option<Arc<TimeLine>>,
    /// Where the needle is while it is dragged: no clock is set yet.
    pub dragged_to: Option<i64>,
    /// The last request.
    pub ticket: u64,
    cancel: Cancel,
}
