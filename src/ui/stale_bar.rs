//! The bar over the stage while the set-up is newer than the run below it: what is seen is not what would happen now.

use egui::Ui;
use egui_material_icons::icons::{ICON_HISTORY, ICON_PLAY_ARROW};

use super::news_line::{self, News, NewsButton};
use super::theme::palette;
use crate::state::{Command, Document, LabCommand, State};

/// Shows the bar while it is so and the lab's run is on the stage.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let is_lab = state.document().is_some_and(Document::is_lab);
    if !state.lab.is_setup_newer || !is_lab || state.is_running() {
        return;
    }
    let p = palette(ui);
    let news = News {
        icon: ICON_HISTORY.codepoint,
        ink: *p.warn,
        fill: *p.warn_soft,
        words: "The set-up was changed after this run: what you see is the run before.",
        hover: "",
        button: NewsButton {
            icon: ICON_PLAY_ARROW.codepoint,
            word: "Run again",
            spoken: "Run with the changed set-up",
            hover: "Ctrl+R",
            is_enabled: true,
        },
    };
    if news_line::show(ui, &news) {
        commands.push(Command::Lab(LabCommand::Run));
    }
}
