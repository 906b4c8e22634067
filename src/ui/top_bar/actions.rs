//! What one can do, at the right end of the bar.

use egui::{Ui, vec2};
use egui_material_icons::icons;

use super::super::at_right;
use super::super::theme::{self, Weight, size};
use super::super::widgets::{icon_button, primary_button};
use super::folded::{COMPARE, EXPORT, Folded, HELP, PASTE, SAVE, can_save, folds};
use super::menus;
use super::parts::{GAP, button_width, with_key};
use crate::state::{Command, LabCommand, RunStatus, State};

/// A run shorter than this does not turn the button: it would only flicker.
const SHOWS_CANCEL_AFTER_S: f32 = 0.2;

/// How wide the actions are.
pub(super) fn width(ui: &Ui, folded: Folded) -> f32 {
    let icon = button_width(ui, icons::ICON_SETTINGS.codepoint, theme::icon(18.0), 32.0);
    let words = |words: &str| button_width(ui, words, theme::text(size::BODY, Weight::Medium), 0.0);
    let mut all = vec![icon, run_words(ui, folded).1];
    if folded < Folded::Help {
        all.push(icon);
    }
    if folded < Folded::Panels {
        all.extend([icon, icon]);
    }
    if folded < Folded::Files {
        all.extend([words("Open"), words("Save"), words(EXPORT)]);
    }
    if folded < Folded::Paste {
        all.extend([words("Paste an error"), words("Compare…")]);
    } else {
        all.push(icon);
    }
    all.iter().sum::<f32>() + GAP * (all.len() - 1) as f32
}

/// Shows them.
pub(super) fn show(ui: &mut Ui, state: &State, folded: Folded, commands: &mut Vec<Command>) {
    at_right::show(ui, "actions", |ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        if folded < Folded::Panels {
            fold_buttons(ui, state, commands);
        }
        menus::settings(ui, state, commands);
        if folded < Folded::Help && icon_button(ui, icons::ICON_HELP.codepoint, "Keys and help (?)").clicked()
        {
            commands.push(HELP);
        }
        if folded < Folded::Paste {
            let paste = ui.add(egui::Button::new("Paste an error").min_size(vec2(0.0, 32.0)));
            if with_key(paste, &PASTE).clicked() {
                commands.push(PASTE);
            }
            let compare = ui.add(egui::Button::new("Compare…").min_size(vec2(0.0, 32.0)));
            if with_key(compare, &COMPARE).clicked() {
                commands.push(COMPARE);
            }
        } else {
            menus::more(ui, state, folded, commands);
        }
        if folded < Folded::Files {
            menus::export(ui, state, commands);
            menus::open(ui, state, commands);
            let button = egui::Button::new("Save").min_size(vec2(0.0, 32.0));
            if with_key(ui.add_enabled(can_save(state), button), &SAVE).clicked() {
                commands.push(SAVE);
            }
        }
        run_button(ui, state, folded, commands);
    });
}

/// The words of Run, and how wide it is whatever it says.
fn run_words(ui: &Ui, folded: Folded) -> (&'static str, f32) {
    let (words, least) = if folded.is_short() {
        ("Run", 70.0)
    } else {
        ("Run handshake", 138.0)
    };
    // As `primary_button` draws it: an icon, a gap, words.
    let width = button_width(ui, words, theme::text(size::BODY, Weight::SemiBold), 0.0);
    (words, (width + 18.0 + 5.0).max(least))
}

fn fold_buttons(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    for (icon, words, toggle) in folds(state) {
        if with_key(icon_button(ui, icon, words), &toggle).clicked() {
            commands.push(toggle);
        }
    }
}

fn run_button(ui: &mut Ui, state: &State, folded: Folded, commands: &mut Vec<Command>) {
    let (words, width) = run_words(ui, folded);
    let least = vec2(width, 32.0);
    if let RunStatus::Running { since, is_cancelled } = &state.lab.run {
        let seconds = since.elapsed().as_secs_f32();
        if seconds > SHOWS_CANCEL_AFTER_S {
            // Short, it keeps its width whatever it says.
            let words = if folded.is_short() {
                "Cancel".to_owned()
            } else if *is_cancelled {
                "Cancelling…".to_owned()
            } else {
                format!("Cancel · {seconds:.1} s")
            };
            let response = ui.add_enabled(!is_cancelled, egui::Button::new(words).min_size(least));
            response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, "Cancel the run")
            });
            if response.clicked() {
                commands.push(Command::Lab(LabCommand::CancelRun));
            }
            return;
        }
    }
    let can_run = !state.keeps_lesson_back() && !state.workshop.is_open;
    let response = ui
        .add_enabled_ui(can_run, |ui| {
            primary_button(ui, icons::ICON_PLAY_ARROW.codepoint, words, least)
        })
        .inner;
    if with_key(response, &Command::Lab(LabCommand::Run)).clicked() {
        commands.push(Command::Lab(LabCommand::Run));
    }
}
