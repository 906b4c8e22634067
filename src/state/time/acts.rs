//! How the time line is worked out, and what moves the needle.

use std::sync::Arc;

use super::{TimeCommand, TimeDone, TimeJob};
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::experiment::time::{FIRST_UNIX_S, LAST_UNIX_S, time_line};
use crate::state::effect::Effect;
use crate::state::features::{Done, Job, OnFailure};
use crate::state::root::State;
use crate::state::tools::Tools;

impl TimeJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> TimeDone {
        let ticket = self.ticket;
        let work = move || time_line(&self.setup, self.now_unix_s, &self.cancel).map(Arc::new);
        TimeDone {
            ticket,
            line: tools.off_thread(work).await,
        }
    }

    // What was drawn stays.
    #[allow(clippy::unused_self, reason = "as every job's")]
    pub(in crate::state) fn on_failure(&self) -> OnFailure {
        Box::new(|sentence| Done::Told(Some(sentence)))
    }
}

impl State {
    /// Where the needle stands: under the pointer, else at the client's clock, else now.
    pub fn needle_unix_s(&self) -> i64 {
        self.time
            .dragged_to
            .or(self.lab.setup.sides.client.policy.clock_unix_s)
            .unwrap_or_else(|| self.now_at_bench())
    }

    /// The two sides judge at different times: the strip speaks of one time for both.
    pub fn clocks_differ(&self) -> bool {
        let clock = |side: Side| self.lab.setup.sides.of(side).policy.clock_unix_s;
        clock(Side::Client) != clock(Side::Server)
    }

    pub(in crate::state) fn apply_time(&mut self, command: &TimeCommand) -> Vec<Effect> {
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
    pub(in crate::state) fn time_changed(&mut self) -> Vec<Effect> {
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
            now_unix_s: self.now_at_bench(),
            cancel: self.time.cancel.clone(),
        }))]
    }

    pub(in crate::state) fn absorb_time(&mut self, done: TimeDone) -> Vec<Effect> {
        if done.ticket == self.time.ticket && done.line.is_some() {
            self.time.line = done.line;
        }
        Vec::new()
    }
}
