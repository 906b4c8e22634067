//! What is looked at: the one selection that all panels share, the inspector's tab, the playhead.

use std::collections::BTreeSet;

use super::effect::Effect;
use super::root::State;
use crate::capture::Side;
use crate::diagnose::Outcome;
use crate::story::RowKind;

/// What the user can ask of what is looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewCommand {
    /// Select.
    Select(Selection),
    /// Show this tab of the inspector.
    ShowTab(InspectorTab),
    /// Open or close a row of the ladder to its messages.
    ToggleRow(usize),
    /// Play or pause.
    TogglePlay,
    /// One step forward (1) or back (-1).
    StepBy(i32),
    /// To the very beginning (nothing has happened yet).
    First,
    /// To the end.
    Last,
    /// To a position in steps: 2.5 is half-way through the third step.
    Seek(f32),
    /// To the first step of chapter 1 to 6.
    JumpToChapter(u8),
    /// Steps in a second: 0.25, 0.5, 1, 2, 4.
    SetSpeed(f32),
}

/// What is selected. Every panel follows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Nothing: the inspector speaks of the whole connection.
    #[default]
    Nothing,
    /// A step of the story (a row of the ladder).
    Step(usize),
    /// A message, or one field of it.
    Field {
        /// Index into the transcript's messages.
        message: usize,
        /// Child indexes from the message's root; empty: the whole message.
        path: Vec<usize>,
    },
    /// A certificate in the chain that `sender` presented.
    Certificate {
        /// Whose chain.
        sender: Side,
        /// Index into that chain's links.
        link: usize,
    },
    /// Any certificate at hand, sent or not.
    AnyCertificate {
        /// Lowercase hex SHA-256 of its DER.
        sha256: String,
    },
    /// A row of the matrix.
    Check(usize),
    /// A cause.
    Cause(usize),
}

/// The inspector's tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the words on the tabs")]
pub enum InspectorTab {
    #[default]
    Why,
    Checks,
    Chain,
    Fields,
    Bytes,
    Keys,
}

impl InspectorTab {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [
        Self::Why,
        Self::Checks,
        Self::Chain,
        Self::Fields,
        Self::Bytes,
        Self::Keys,
    ];
}

/// How a connection was looked at when its tab was left.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// The playhead, in steps.
    pub position: f32,
    pub is_at_end: bool,
    pub selection: Selection,
    pub tab: InspectorTab,
    pub open_rows: BTreeSet<usize>,
}

impl State {
    pub(super) fn apply_view(&mut self, command: ViewCommand) -> Vec<Effect> {
        match command {
            ViewCommand::Select(selection) => self.select(selection),
            ViewCommand::ShowTab(tab) => self.tab = tab,
            ViewCommand::ToggleRow(row) => {
                if !self.open_rows.remove(&row) {
                    self.open_rows.insert(row);
                }
            }
            ViewCommand::TogglePlay => self.move_playhead(super::Playback::toggle),
            ViewCommand::StepBy(steps) => self.move_playhead(|playback| playback.step_by(steps)),
            ViewCommand::First => self.move_playhead(super::Playback::first),
            ViewCommand::Last => self.move_playhead(super::Playback::last),
            ViewCommand::Seek(position) => self.move_playhead(|playback| playback.seek(position)),
            ViewCommand::SetSpeed(speed) => self.move_playhead(|playback| playback.set_speed(speed)),
            ViewCommand::JumpToChapter(number) => {
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

    fn move_playhead(&mut self, change: impl FnOnce(&mut super::Playback)) {
        change(&mut self.playback);
        self.follow_playhead();
    }

    /// The selection goes with the playhead: the step under way, or the whole connection at either end.
    pub(super) fn follow_playhead(&mut self) {
        let visible = self.playback.visible_steps();
        self.selection = if self.playback.is_at_end() || visible == 0 {
            Selection::Nothing
        } else {
            Selection::Step(visible - 1)
        };
    }

    /// Lets playback time pass, in seconds; whether something moved.
    pub fn advance(&mut self, seconds: f32) -> bool {
        let before = self.playback.visible_steps();
        let moved = self.playback.advance(seconds);
        if moved && (before != self.playback.visible_steps() || self.playback.is_at_end()) {
            self.follow_playhead();
        }
        moved
    }
}
