//! The time machine: the strip over all validity windows, and the needle that is dragged along it.

use std::sync::Arc;

use super::effect::Effect;
use super::job::Job;
use super::root::State;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::experiment::time::{FIRST_UNIX_S, LAST_UNIX_S, TimeLine};

/// The time machine's panel.
#[derive(Debug, Default)]
pub struct TimeMachine {
    /// Whether the panel is open. A closed one costs nothing.
    pub is_open: bool,
    /// When the set-up works; `None` until it is worked out.
    pub line: Option<Arc<TimeLine>>,
    /// Where the needle is while it is dragged: no clock is set yet.
    pub dragged_to: Option<i64>,
    /// The last asking.
    pub ticket: u64,
    cancel: Cancel,
}

impl State {
    /// Where the needle stands: under the pointer, else at the client's clock, else now.
    pub fn needle_unix_s(&self) -> i64 {
        self.time
            .dragged_to
            .or(self.setup.sides.client.clock_unix_s)
            .unwrap_or(self.now_unix_s)
    }

    /// The two sides judge at different times: the strip speaks of one time for both.
    pub fn clocks_differ(&self) -> bool {
        let clock = |side: Side| self.setup.sides.of(side).clock_unix_s;
        clock(Side::Client) != clock(Side::Server)
    }

    pub(super) fn toggle_time_machine(&mut self) -> Vec<Effect> {
        self.time.is_open = !self.time.is_open;
        self.time.dragged_to = None;
        self.time_changed()
    }

    pub(super) fn drag_needle(&mut self, unix_s: i64) {
        self.time.dragged_to = Some(unix_s.clamp(FIRST_UNIX_S, LAST_UNIX_S));
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
        vec![Effect::Work(Job::TimeLine {
            ticket,
            setup: Box::new(self.setup.to_lab()),
            now_unix_s: self.now_unix_s,
            cancel: self.time.cancel.clone(),
        })]
    }

    pub(super) fn take_time_line(&mut self, ticket: u64, line: Option<Arc<TimeLine>>) {
        if ticket == self.time.ticket && line.is_some() {
            self.time.line = line;
        }
    }
}
