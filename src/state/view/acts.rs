//! How the selection, the tab and the playhead are moved.

use super::{InspectorTab, Selection, ViewCommand};
use crate::diagnose::Outcome;
use crate::state::effect::Effect;
use crate::state::playback::Playback;
use crate::state::root::State;
use crate::story::RowKind;

impl State {
    pub(in crate::state) fn apply_view(&mut self, command: ViewCommand) -> Vec<Effect> {
        match command {
            ViewCommand::Select(selection) => self.select(selection),
            ViewCommand::ShowTab(tab) => self.tab = tab,
            ViewCommand::ToggleRow(row) => {
                if !self.open_rows.remove(&row) {
                    self.open_rows.insert(row);
                }
            }
            ViewCommand::TogglePlay => self.move_playhead(Playback::toggle),
            ViewCommand::StepBy(steps) => self.move_playhead(|playback| playback.step_by(steps)),
            ViewCommand::First => self.move_playhead(Playback::first),
            ViewCommand::Last => self.move_playhead(Playback::last),
            ViewCommand::Seek(position) => self.move_playhead(|playback| playback.seek(position)),
            ViewCommand::SetSpeed(speed) => self.move_playhead(|playback| playback.set_speed(speed)),
            ViewCommand::JumpToChapter(number) => {
                if let Some(comparing) = self.comparison_mut() {
                    comparing.jump_to(number);
                    return Vec::new();
                }
                let first = self.analysis().and_then(|analysis| {
                    let chapters = &analysis.story.chapters;
                    let chapter = chapters.iter().find(|chapter| chapter.number == number)?;
                    chapter.first_step
                });
                if let Some(first) = first {
                    self.move_playhead(|playback| playback.seek(first as f32 + 1.0));
                    // Where the words to the step stand.
                    self.tab = InspectorTab::Why;
                }
            }
        }
        Vec::new()
    }

    /// One rule: a row opens Fields with its plain words, a capsule opens Checks at the first that fails, a field stays where
    /// fields are read; a check and a cause are told on their own tabs. A certificate keeps the tab.
    fn select(&mut self, selection: Selection) {
        let (selection, tab) = match selection {
            Selection::Step(step) => self.of_row(step),
            Selection::Field { .. } if self.tab == InspectorTab::Bytes => (selection, InspectorTab::Bytes),
            Selection::Field { .. } => (selection, InspectorTab::Fields),
            Selection::Check(_) => (selection, InspectorTab::Checks),
            Selection::Cause(_) => (selection, InspectorTab::Why),
            other => (other, self.tab),
        };
        self.selection = selection;
        self.tab = tab;
        self.settings.panels.pull_out_inspector();
    }

    /// What a row of the ladder selects, and where that is told.
    fn of_row(&self, step: usize) -> (Selection, InspectorTab) {
        let here = Selection::Step(step);
        let Some(analysis) = self.analysis() else {
            return (here, self.tab);
        };
        match analysis.story.rows.get(step).map(|row| &row.kind) {
            Some(RowKind::Flight { .. }) => (here, InspectorTab::Fields),
            Some(RowKind::Verification { matrix, .. }) => {
                let has_failed = |check: &usize| {
                    let row = analysis.diagnosis.matrix.get(*check);
                    row.is_some_and(|row| row.outcome == Outcome::Fail)
                };
                // A judgement that is still being made has no failure yet.
                let failed = matrix
                    .iter()
                    .copied()
                    .find(has_failed)
                    .filter(|_| step < self.playback.ended_steps());
                (failed.map_or(here, Selection::Check), InspectorTab::Checks)
            }
            _ => (here, InspectorTab::Why),
        }
    }

    /// The playhead of what is in the middle.
    fn move_playhead(&mut self, change: impl FnOnce(&mut Playback)) {
        if let Some(comparing) = self.comparison_mut() {
            change(&mut comparing.playback);
            comparing.follow_playhead();
            return;
        }
        change(&mut self.playback);
        self.follow_playhead();
    }

    /// The selection goes with the playhead: the step under way, or the whole connection at either end.
    pub(in crate::state) fn follow_playhead(&mut self) {
        let visible = self.playback.visible_steps();
        self.selection = if self.playback.is_at_end() || visible == 0 {
            Selection::Nothing
        } else {
            Selection::Step(visible - 1)
        };
        self.lesson_watched();
    }

    /// Lets playback time pass, in seconds; whether something moved.
    pub fn advance(&mut self, seconds: f32) -> bool {
        if let Some(comparing) = self.comparison_mut() {
            let moved = comparing.playback.advance(seconds);
            if moved {
                comparing.follow_playhead();
            }
            return moved;
        }
        let before = self.playback.visible_steps();
        let moved = self.playback.advance(seconds);
        if moved && (before != self.playback.visible_steps() || self.playback.is_at_end()) {
            self.follow_playhead();
        }
        moved
    }
}
