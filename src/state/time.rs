//! The time machine: the strip over all validity windows, and the needle that is dragged along it.

use std::sync::Arc;

use super::effect::Effect;
use super::features::{Done, Job, OnFailure};
use super::root::State;
use super::tools::Tools;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::experiment::time::{FIRST_UNIX_S, LAST_UNIX_S, TimeLine, time_line};
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

impl TimeJob {
    pub(super) async fn run(self, tools: &Tools) -> TimeDone {
        let ticket = self.ticket;
        let work = move || time_line(&self.setup, self.now_unix_s, &self.cancel).map(Arc::new);
        TimeDone {
            ticket,
            line: tools.off_thread(work).await,
        }
    }

    // What was drawn stays.
    #[allow(clippy::unused_self, reason = "as every job's")]
    pub(super) fn on_failure(&self) -> OnFailure {
        Box::new(|sentence| Done::Told(Some(sentence)))
    }
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

impl State {
    /// Where the needle stands: under the pointer, else at the client's clock, else now.
    pub fn needle_unix_s(&self) -> i64 {
        self.time
            .dragged_to
            .or(self.lab.setup.sides.client.policy.clock_unix_s)
            .unwrap_or(self.now_unix_s)
    }

    /// The two sides judge at different times: the strip speaks of one time for both.
    pub fn clocks_differ(&self) -> bool {
        let clock = |side: Side| self.lab.setup.sides.of(side).policy.clock_unix_s;
        clock(Side::Client) != clock(Side::Server)
    }

    pub(super) fn apply_time(&mut self, command: &TimeCommand) -> Vec<Effect> {
        match command {
            TimeCommand::ToggleTimeMachine => self.toggle_time_machine(),
            TimeCommand::DragNeedle(unix_s) => {
                self.time.dragged_to = Some((*unix_s).clamp(FIRST_UNIX_S, LAST_UNIX_S));
                Vec::new()
            }
        }
    }

    fn toggle_time_machine(&mut self) -> Vec<Effect> {
        self.time.is_open = !self.time.is_open;
        self.time.dragged_to = None;
        self.time_changed()
    }

    /// The set-up changed: while the panel is open, the line is worked out anew. What was drawn stays until then.
    pub(super) fn time_changed(&mut self) -> Vec<Effect> {
        self.time.cancel.cancel();
        if !self.time.is_open {
            return Vec::new();
        }
        let ticket = self.ticket();
        self.time.ticket = ticket;
        self.time.cancel = Cancel::default();
        vec![Effect::Work(Job::Time(TimeJob {
            ticket,
            setup: Box::new(self.lab.setup.to_lab()),
            now_unix_s: self.now_unix_s,
            cancel: self.time.cancel.clone(),
        }))]
    }

    pub(super) fn absorb_time(&mut self, done: TimeDone) -> Vec<Effect> {
        if done.ticket == self.time.ticket && done.line.is_some() {
            self.time.line = done.line;
        }
        Vec::new()
    }
}
