//! The files of the last time, offered again in one line: nothing is read before the user says so.

use egui::{Frame, Margin, RichText, Ui};
use egui_material_icons::icons;

use super::theme::{self, Weight, palette, size};
use super::widgets::icon_button;
use crate::printable::{printable, shortened};
use crate::state::{Command, Document, LabCommand, State};

/// So many names stand in the line.
const MOST_NAMES: usize = 3;

/// Shows the offer until it is taken or declined.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    if state.lab.last_files.is_empty() || !state.document().is_some_and(Document::is_own) {
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
                ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
                let words = RichText::new(format!("Last time: {}.", names(state)))
                    .font(theme::text(size::SMALL + 1.0, Weight::Regular));
                ui.label(words.color(*p.text));
                let words =
                    RichText::new("Load them again").font(theme::text(size::SMALL + 1.0, Weight::Medium));
                if ui.link(words).clicked() {
                    commands.push(Command::Lab(LabCommand::LoadLastFiles));
                }
                if icon_button(ui, icons::ICON_CLOSE.codepoint, "Do not load them").clicked() {
                    commands.push(Command::Lab(LabCommand::DeclineLastFiles));
                }
            });
        });
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
