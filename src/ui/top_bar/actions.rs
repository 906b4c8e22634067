//! What one can do, at the right end of the bar.

use egui::{Ui, vec2};
use egui_material_icons::icons;

use super::super::at_right;
use super::super::theme::{self, Weight, size};
use super::super::widgets::{icon_button, primary_button};
use super::{GAP, button_width, menus, with_key};
use crate::state::{
    Command, LabCommand, PanelCommand, PanelSide, PastedCommand, RunStatus, SavingCommand, State,
    WindowCommand,
};

/// A run shorter than this does not turn the button: it would only flicker.
const SHOWS_CANCEL_AFTER_S: f32 = 0.2;

pub(super) const PASTE: Command = Command::Pasted(PastedCommand::ShowPasteBox(true));
pub(super) const SAVE: Command = Command::Saving(SavingCommand::Ask);

pub(super) const HELP: Command = Command::Window(WindowCommand::ShowHelp(true));

/// How much of the actions stands in the menu "More": each of these and all that come before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Folded {
    Nothing,
    Paste,
    Files,
    Panels,
    Help,
}

impl Folded {
    const ALL: [Self; 5] = [Self::Nothing, Self::Paste, Self::Files, Self::Panels, Self::Help];

    /// The least that leaves `wanted` of `room`, or all of it.
    pub(super) fn to_leave(wanted: f32, room: f32, width: impl Fn(Self) -> f32) -> Self {
        Self::ALL
            .into_iter()
            .find(|folded| wanted + width(*folded) <= room)
            .unwrap_or(Self::Help)
    }

    /// Whether the words of Run are short too.
    fn is_short(self) -> bool {
        self >= Self::Files
    }
}

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
        all.extend([words("Open"), words("Save")]);
    }
    if folded < Folded::Paste {
        all.push(words("Paste an error"));
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
        } else {
            menus::more(ui, state, folded, commands);
        }
        if folded < Folded::Files {
            menus::open(ui, state, commands);
            let button = egui::Button::new("Save").min_size(vec2(0.0, 32.0));
            if with_key(ui.add_enabled(can_save(state), button), &SAVE).clicked() {
                commands.push(SAVE);
            }
        }
        run_button(ui, state, folded, commands);
    });
}

/// Of a list of connections there is nothing to save.
pub(super) fn can_save(state: &State) -> bool {
    state.document().is_some() && state.list().is_none()
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

/// The ways to fold both panels: an icon, words, and what they do.
pub(super) fn folds(state: &State) -> [(&'static str, &'static str, Command); 2] {
    let panels = &state.settings.panels;
    let left = if panels.left.is_shown() {
        (icons::ICON_LEFT_PANEL_CLOSE, "Fold the set-up")
    } else {
        (icons::ICON_LEFT_PANEL_OPEN, "Show the set-up")
    };
    let right = if panels.right.is_shown() {
        (icons::ICON_RIGHT_PANEL_CLOSE, "Fold the inspector")
    } else {
        (icons::ICON_RIGHT_PANEL_OPEN, "Show the inspector")
    };
    [(PanelSide::Left, left), (PanelSide::Right, right)].map(|(side, (icon, words))| {
        let toggle = Command::Panels(PanelCommand::Toggle(side));
        (icon.codepoint, words, toggle)
    })
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
    let response = primary_button(ui, icons::ICON_PLAY_ARROW.codepoint, words, least);
    if with_key(response, &Command::Lab(LabCommand::Run)).clicked() {
        commands.push(Command::Lab(LabCommand::Run));
    }
}
