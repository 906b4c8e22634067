//! Which actions stand in the menu "More", and what they do.

use egui_material_icons::icons;

use crate::state::{
    Command, CompareCommand, PanelCommand, PanelSide, PastedCommand, SavingCommand, State, WindowCommand,
};

pub(super) const PASTE: Command = Command::Pasted(PastedCommand::ShowPasteBox(true));
pub(super) const COMPARE: Command = Command::Compare(CompareCommand::Begin);
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
    pub(super) fn is_short(self) -> bool {
        self >= Self::Files
    }
}

/// Of a list of connections and of a comparison there is nothing to save.
pub(super) fn can_save(state: &State) -> bool {
    state.document().is_some()
        && state.list().is_none()
        && state.comparison().is_none()
        && !state.workshop.is_open
}

/// As a session is saved, so it is given to others.
pub(super) const EXPORT: &str = "Export";

/// The ways to fold both panels: an icon, words, and what they do.
pub(super) fn folds(state: &State) -> impl Iterator<Item = (&'static str, &'static str, Command)> {
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
    // Two ladders leave no space for a set-up.
    let left = state.comparison().is_none().then_some((PanelSide::Left, left));
    left.into_iter()
        .chain([(PanelSide::Right, right)])
        .map(|(side, (icon, words))| {
            let toggle = Command::Panels(PanelCommand::Toggle(side));
            (icon.codepoint, words, toggle)
        })
}
