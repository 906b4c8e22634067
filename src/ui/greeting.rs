//! The first start: one line that says what this is, that the files are samples, and three ways to break it.

use egui::{Frame, Margin, RichText, Ui};
use egui_material_icons::icons;

use super::theme::{self, Weight, palette, size};
use super::widgets::icon_button;
use crate::capture::Side;
use crate::setup::{Fault, FaultTarget};
use crate::state::{Command, Document, LabCommand, SettingsCommand, SetupSlot, Source, State};

const YEAR_S: i64 = 365 * 86_400;

/// Shows it until it is dismissed, while the samples are what is on the stage.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let is_sample = state
        .lab
        .setup
        .slots()
        .all(|(_, _, content)| matches!(content.source, Source::BuiltIn));
    let is_lab = state.document().is_some_and(Document::is_lab);
    if state.settings.is_greeted || !is_sample || !is_lab {
        return;
    }
    let p = palette(ui);
    Frame::new()
        .inner_margin(Margin::symmetric(14, 7))
        .fill(*p.card)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = egui::vec2(10.0, 4.0);
                // A way that does not fit goes to the next line whole.
                ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
                let words = "A real mTLS handshake; the files are samples. Break it:";
                let words = RichText::new(words).font(theme::text(size::SMALL + 1.0, Weight::Regular));
                ui.label(words.color(*p.text));
                for (words, broken) in ways(state.now_unix_s) {
                    let words = RichText::new(words).font(theme::text(size::SMALL + 1.0, Weight::Medium));
                    if ui.link(words).clicked() {
                        commands.push(Command::Lab(broken));
                        commands.push(Command::Lab(LabCommand::Run));
                        commands.push(Command::Settings(SettingsCommand::Greeted));
                    }
                }
                if icon_button(ui, icons::ICON_CLOSE.codepoint, "Do not show this again").clicked() {
                    commands.push(Command::Settings(SettingsCommand::Greeted));
                }
            });
        });
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
