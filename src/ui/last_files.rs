//! The files of the last time, offered again in one line: nothing is read before the user says so.

use egui::Ui;

use super::widgets::{offer_line, offer_link};
use crate::printable::{printable, shortened};
use crate::state::{Command, Document, LabCommand, State};

/// So many names stand in the line.
const MOST_NAMES: usize = 3;

/// Shows the offer until it is taken or declined.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    if state.lab.last_files.is_empty() || !state.document().is_some_and(Document::is_own) {
        return;
    }
    let words = format!("Last time: {}.", names(state));
    let is_closed = offer_line(ui, &words, "Do not load them", |ui| {
        if offer_link(ui, "Load them again") {
            commands.push(Command::Lab(LabCommand::LoadLastFiles));
        }
    });
    if is_closed {
        commands.push(Command::Lab(LabCommand::DeclineLastFiles));
    }
}

/// Each file once, though it was in two slots: `ca.pem, server.pem and 2 more`.
fn names(state: &State) -> String {
    let mut names: Vec<String> = Vec::new();
    for file in &state.lab.last_files {
        let name = file.path.file_name().unwrap_or(file.path.as_os_str());
        let name = printable(&shortened(&name.to_string_lossy(), 32)).into_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.len().saturating_sub(MOST_NAMES) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..MOST_NAMES].join(", ")),
    }
}
