//! The menus of the top bar.

use egui::{Ui, vec2};
use egui_material_icons::icons;

use super::super::theme::palette;
use super::super::widgets::{alternative, heading, icon_button, menu_spacing};
use super::folded::{COMPARE, EXPORT, Folded, HELP, PASTE, SAVE, can_save, folds};
use super::parts::with_key;
use crate::export::Format;
use crate::printable::{printable, shortened};
use crate::state::{Command, DocumentCommand, ExportCommand, SettingsCommand, State, ThemeChoice};

/// What has no room in the bar.
pub(super) fn more(ui: &mut Ui, state: &State, folded: Folded, commands: &mut Vec<Command>) {
    let response = icon_button(ui, icons::ICON_MORE_VERT.codepoint, "More");
    egui::Popup::menu(&response).accessible_name("More").show(|ui| {
        menu_spacing(ui, 140.0);
        let mut item = |ui: &mut Ui, words: &str, is_enabled: bool, command: Command| {
            if ui.add_enabled(is_enabled, egui::Button::new(words)).clicked() {
                commands.push(command);
                ui.close();
            }
        };
        item(ui, "Paste an error", true, PASTE);
        item(ui, "Compare…", true, COMPARE);
        if folded >= Folded::Files {
            let open = Command::Document(DocumentCommand::OpenSession);
            item(ui, "Open…", true, open);
            item(ui, "Save", can_save(state), SAVE);
        }
        if folded >= Folded::Panels {
            for (_, words, toggle) in folds(state) {
                item(ui, words, true, toggle);
            }
        }
        if folded >= Folded::Help {
            item(ui, "Keys and help", true, HELP);
        }
        if folded >= Folded::Files {
            ui.menu_button(EXPORT, |ui| exports(ui, state, commands));
        }
    });
}

/// Opens a file, or one of those that were open last.
pub(super) fn open(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let button = egui::Button::new("Open").min_size(vec2(0.0, 32.0));
    if state.settings.recent.is_empty() {
        if with_key(ui.add(button), &Command::Document(DocumentCommand::OpenSession)).clicked() {
            commands.push(Command::Document(DocumentCommand::OpenSession));
        }
        return;
    }
    let response = ui.add(button);
    egui::Popup::menu(&response).accessible_name("Open").show(|ui| {
        menu_spacing(ui, 240.0);
        if ui.button("Open a session or packets…").clicked() {
            commands.push(Command::Document(DocumentCommand::OpenSession));
            ui.close();
        }
        ui.separator();
        for path in &state.settings.recent {
            let name = path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            );
            if ui
                .button(printable(&shortened(&name, 60)).as_ref())
                .on_hover_text(printable(&path.display().to_string()).as_ref())
                .clicked()
            {
                commands.push(Command::Document(DocumentCommand::OpenSessionFile(path.clone())));
                ui.close();
            }
        }
    });
}

/// What is on the stage for others: each format, and without what the secrets open.
pub(super) fn export(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let button = egui::Button::new(EXPORT).min_size(vec2(0.0, 32.0));
    let response = ui.add_enabled(can_save(state), button);
    let response = response.on_hover_text("Give it to others: a page, a picture, a runbook");
    egui::Popup::menu(&response)
        .accessible_name(EXPORT)
        // The tick is set, then a format chosen.
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| exports(ui, state, commands));
}

fn exports(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    menu_spacing(ui, 220.0);
    for format in Format::ALL {
        let button = egui::Button::new(format.words());
        if ui.add_enabled(can_save(state), button).clicked() {
            commands.push(Command::Export(ExportCommand::To(format)));
            ui.close();
        }
    }
    ui.separator();
    // A menu draws no frames; a box that is not ticked needs one.
    ui.visuals_mut().widgets.inactive.bg_stroke = egui::Stroke::new(1.0, *palette(ui).text_faint);
    let mut leaves_out = state.export.leaves_secrets_out;
    let hint = "What only the TLS secrets open is left out. The secrets themselves are never in an export.";
    if tick(ui, &mut leaves_out, "Without secrets")
        .on_hover_text(hint)
        .clicked()
    {
        commands.push(Command::Export(ExportCommand::LeaveSecretsOut(leaves_out)));
    }
}

/// Before the words of a menu's line.
const INSET: f32 = 10.0;

/// A line of a menu that is ticked or not.
fn tick(ui: &mut Ui, is_ticked: &mut bool, words: &str) -> egui::Response {
    ui.horizontal(|ui| {
        ui.add_space(INSET);
        ui.checkbox(is_ticked, words)
    })
    .inner
}

/// Theme, and how it behaves.
pub(super) fn settings(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let response = icon_button(ui, icons::ICON_SETTINGS.codepoint, "Settings");
    egui::Popup::menu(&response)
        .accessible_name("Settings")
        .show(|ui| {
            menu_spacing(ui, 210.0);
            ui.horizontal(|ui| {
                ui.add_space(INSET);
                heading(ui, "Theme");
            });
            for (choice, words) in ThemeChoice::ALL {
                if alternative(ui, state.settings.theme == choice, words) {
                    commands.push(Command::Settings(SettingsCommand::SetTheme(choice)));
                }
            }
            ui.separator();
            // A menu draws no frames; a box that is not ticked needs one.
            ui.visuals_mut().widgets.inactive.bg_stroke = egui::Stroke::new(1.0, *palette(ui).text_faint);
            let mut runs = state.settings.runs_by_itself;
            let hint = "150 ms after the last change of the set-up";
            if tick(ui, &mut runs, "Run again after a change")
                .on_hover_text(hint)
                .clicked()
            {
                commands.push(Command::Settings(SettingsCommand::SetRunsByItself(runs)));
            }
            let mut asks = state.settings.asks_after_run;
            let hint = "Whether OpenSSL, Go and the others here take the same files";
            if tick(ui, &mut asks, "Ask other stacks after each run")
                .on_hover_text(hint)
                .clicked()
            {
                commands.push(Command::Settings(SettingsCommand::SetAsksAfterRun(asks)));
            }
            let mut shows = state.settings.shows_endings;
            let hint = "Otherwise a scenario opens before its first step, and you can guess";
            if tick(ui, &mut shows, "Show how scenarios end at once")
                .on_hover_text(hint)
                .clicked()
            {
                commands.push(Command::Settings(SettingsCommand::SetShowsEndings(shows)));
            }
            let mut is_reduced = state.settings.reduce_motion;
            if tick(ui, &mut is_reduced, "Reduce motion").clicked() {
                commands.push(Command::Settings(SettingsCommand::ReduceMotion(is_reduced)));
            }
        });
}
