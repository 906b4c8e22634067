//! The first start: one line that says what this is, that the files are samples, and three ways to break it.

use egui::Ui;

use super::widgets::{offer_line, offer_link};
use crate::capture::Side;
use crate::setup::{Fault, FaultTarget};
use crate::state::{Command, LabCommand, SettingsCommand, SetupSlot, Source, State};

const YEAR_S: i64 = 365 * 86_400;

/// Shows it until it is dismissed, while the samples are what is on the stage.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let is_sample = state
        .lab
        .setup
        .slots()
        .all(|(_, _, content)| matches!(content.source, Source::BuiltIn));
    let is_lab = state
        .document()
        .is_some_and(|document| document.is_lab() && !document.is_lesson());
    if state.settings.is_greeted || !is_sample || !is_lab {
        return;
    }
    let is_closed = offer_line(
        ui,
        "A real mTLS handshake of samples. Break it:",
        "Do not show this again",
        |ui| {
            for (words, broken) in ways(state.now_at_bench()) {
                if offer_link(ui, words) {
                    commands.push(Command::Lab(broken));
                    commands.push(Command::Lab(LabCommand::Run));
                    commands.push(Command::Settings(SettingsCommand::Greeted));
                }
            }
        },
    );
    if is_closed {
        commands.push(Command::Settings(SettingsCommand::Greeted));
    }
}

/// Three faults that every operator meets.
fn ways(now_unix_s: i64) -> [(&'static str, LabCommand); 3] {
    let client_proof = FaultTarget {
        from: Side::Client,
        record: 2,
    };
    [
        ("let it expire", LabCommand::SetClock(Some(now_unix_s + YEAR_S))),
        (
            "no client certificate",
            LabCommand::ClearSlot(Side::Client, SetupSlot::Certificate),
        ),
        (
            "flip a bit",
            LabCommand::SetFault(Some(Fault::Flip(client_proof))),
        ),
    ]
}
