//! How the pasted error is read, and held against the handshake on the stage.

use super::PastedCommand;
use crate::diagnose::{Settled, Shown, name_files, read_log, settle};
use crate::state::effect::Effect;
use crate::state::root::State;

/// Where no handshake is on the stage.
const NOTHING_THERE: Settled = Settled::Open {
    why: "no handshake is on the stage",
};

impl State {
    pub(in crate::state) fn apply_pasted(&mut self, command: PastedCommand) -> Vec<Effect> {
        match command {
            PastedCommand::ShowPasteBox(show) => self.show_paste_box(show),
            PastedCommand::PasteError(text) => self.read_pasted(text),
        }
        Vec::new()
    }

    /// Opens or closes the box. What was typed is kept while the window is open.
    pub(in crate::state) fn show_paste_box(&mut self, show: bool) {
        self.dialogs.is_pasting = show;
        if show {
            self.settle_pasted();
        }
    }

    /// Whether a text from the clipboard is a log line that is known.
    pub(in crate::state) fn is_error(text: &str) -> bool {
        !text.contains("-----BEGIN") && read_log(text).is_understood()
    }

    /// Reads what was pasted.
    pub(in crate::state) fn read_pasted(&mut self, text: String) {
        self.pasted.text = text;
        self.settle_pasted();
    }

    /// Holds the meanings against what is on the stage now.
    pub(in crate::state) fn settle_pasted(&mut self) {
        let mut reading = read_log(&self.pasted.text);
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
                    let shown = Shown {
                        diagnosis: &analysis.diagnosis,
                        capture: &analysis.capture,
                        transcript: &analysis.transcript,
                    };
                    settle(candidate, &reading.speaker, shown)
                });
                (index, found)
            })
            .collect();
        settled.sort_by_key(|(_, settled)| settled.order());
        self.pasted.reading = reading;
        self.pasted.settled = settled;
    }
}
