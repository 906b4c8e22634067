//! The pasted error: its text, what it means, and what the handshake on the stage says to each meaning.

use super::effect::Effect;
use super::root::State;
use crate::diagnose::{LogReading, Settled, name_files, read_log, settle};

/// Where no handshake is on the stage.
const NOTHING_THERE: Settled = Settled::Open {
    why: "no handshake is on the stage",
};

/// What the user can ask of the pasted error.
#[derive(Clone, Debug, PartialEq)]
pub enum PastedCommand {
    /// Show or hide the box for it.
    ShowPasteBox(bool),
    /// What stands in that box.
    PasteError(String),
}

/// What stands in the box, and what it means.
#[derive(Clone, Debug, Default)]
pub struct Pasted {
    /// The text as it was typed or pasted.
    pub text: String,
    /// What it means.
    pub reading: LogReading,
    /// Candidates in the order in which they are shown, each with what the handshake on the stage says to it: what it
    /// shows first, what it rules out last. Indexes into the reading's candidates.
    pub settled: Vec<(usize, Settled)>,
}

impl State {
    pub(super) fn apply_pasted(&mut self, command: PastedCommand) -> Vec<Effect> {
        match command {
            PastedCommand::ShowPasteBox(show) => self.show_paste_box(show),
            PastedCommand::PasteError(text) => self.read_pasted(text),
        }
        Vec::new()
    }

    /// Opens or closes the box. What was typed is kept while the window is open.
    pub(super) fn show_paste_box(&mut self, show: bool) {
        self.dialogs.is_pasting = show;
        if show {
            self.settle_pasted();
        }
    }

    /// Whether a text from the clipboard is a log line that is known.
    pub(super) fn is_error(text: &str) -> bool {
        !text.contains("-----BEGIN") && read_log(text).is_understood()
    }

    /// Reads what was pasted.
    pub(super) fn read_pasted(&mut self, text: String) {
        self.pasted.text = text;
        self.settle_pasted();
    }

    /// Holds the meanings against what is on the stage now.
    pub(super) fn settle_pasted(&mut self) {
        let mut reading = read_log(&self.pasted.text);
        let judge = reading.speaker.judge();
        let analysis = self.analysis();
        if let Some(analysis) = analysis {
            name_files(&mut reading, &analysis.diagnosis, &analysis.capture);
        }
        let mut settled: Vec<(usize, Settled)> = reading
            .candidates
            .iter()
            .enumerate()
            .map(|(index, candidate)| {
                let found = analysis.map_or(NOTHING_THERE, |analysis| {
                    settle(candidate, judge, &analysis.diagnosis)
                });
                (index, found)
            })
            .collect();
        settled.sort_by_key(|(_, settled)| settled.order());
        self.pasted.reading = reading;
        self.pasted.settled = settled;
    }
}
