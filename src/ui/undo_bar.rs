//! The bar over the stage after a fix was applied: what was done, and one click to take it back.

use egui::Ui;
use egui_material_icons::icons::{ICON_BUILD, ICON_UNDO};

use super::news_line::{self, News, NewsButton};
use super::theme::palette;
use crate::state::{Command, Document, RepairCommand, State};

/// Shows the bar while there is something to undo and the lab's run is on the stage.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let is_lab = state.document().is_none_or(Document::is_lab);
    let Some(applied) = state.repair.applied.last().filter(|_| is_lab) else {
        return;
    };
    let p = palette(ui);
    let news = News {
        icon: ICON_BUILD.codepoint,
        ink: *p.good,
        fill: *p.good_soft,
        words: &format!("Applied: {}", applied.words),
        hover: &applied.words,
        button: NewsButton {
            icon: ICON_UNDO.codepoint,
            word: "Undo",
            spoken: "Undo the fix",
            hover: "Puts the set-up back and runs it (Ctrl+Z)",
            is_enabled: !state.is_running(),
        },
    };
    if news_line::show(ui, &news) {
        commands.push(Command::Repair(RepairCommand::UndoFix));
    }
}
