//! The middle when no connection is on it: being prepared, could not begin, or nothing yet.

use egui::{RichText, Ui, vec2};
use egui_material_icons::icons;

use super::theme::{self, Weight, palette, size};
use super::widgets::primary_button;
use crate::state::{Command, LabCommand, RunStatus, State, WindowCommand};

/// Shows what there is instead of a connection.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let (title, words) = match &state.lab.run {
        RunStatus::Starting => (
            "One moment",
            "A small PKI is being minted: a root, an issuer, a client and a server.",
        ),
        RunStatus::Running { .. } => (
            "Shaking hands",
            "Client and server are at it. Ctrl+R again when they are done.",
        ),
        RunStatus::CouldNotBegin(sentence) => ("Nothing was run", sentence.as_str()),
        RunStatus::Idle => (
            "Nothing on the stage",
            "Run the handshake with what is on the left, or choose a scenario.",
        ),
    };
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.32).max(20.0));
        ui.label(
            RichText::new(title)
                .font(theme::text(22.0, Weight::SemiBold))
                .color(*p.text_strong),
        );
        ui.scope(|ui| {
            ui.set_max_width(420.0);
            let text = RichText::new(words)
                .font(theme::text(size::BODY + 0.5, Weight::Regular))
                .color(*p.text);
            ui.add(egui::Label::new(text).wrap());
        });
        ui.add_space(14.0);
        if matches!(state.lab.run, RunStatus::Idle | RunStatus::CouldNotBegin(_)) {
            let icon = icons::ICON_PLAY_ARROW.codepoint;
            if primary_button(ui, icon, "Run the handshake", vec2(170.0, 34.0)).clicked() {
                commands.push(Command::Lab(LabCommand::Run));
            }
            if !state.lab.scenarios.is_empty() && ui.link("or choose a scenario").clicked() {
                commands.push(Command::Window(WindowCommand::ShowGallery(true)));
            }
        }
    });
}
