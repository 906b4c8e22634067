//! What the parts of a lesson share: its text's size, hints, quiet links.

use egui::{Button, Label, RichText, Ui, vec2};

use crate::state::{Command, LessonHere, WorkshopCommand};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, palette, size};
use crate::ui::widgets::heading;

/// The text of a lesson: larger than elsewhere, for it is read.
pub(super) const TEXT: f32 = 14.5;

/// A sentence in this size and weight, wrapped.
pub(super) fn words(ui: &mut Ui, text: &str, points: f32, weight: Weight) {
    let text = RichText::new(draw::drawn(text))
        .font(theme::text(points, weight))
        .color(*palette(ui).text_strong);
    ui.add(Label::new(text).wrap());
}

/// The button that shows one hint more.
pub(super) fn hint_button(ui: &mut Ui, here: LessonHere<'_>, commands: &mut Vec<Command>) {
    let left = here.lesson.hints.len().saturating_sub(here.attempt.hints);
    let button = Button::new("Hint").min_size(vec2(62.0, 36.0));
    let response = ui.add_enabled(left > 0, button);
    let hover = match left {
        1 => "One is left; it costs nothing".to_owned(),
        left => format!("{left} are left; they cost nothing"),
    };
    if response.on_hover_text(hover).clicked() {
        commands.push(Command::Workshop(WorkshopCommand::Hint));
    }
}

/// The hints that were taken.
pub(super) fn hints(ui: &mut Ui, here: LessonHere<'_>) {
    let p = palette(ui);
    for (number, hint) in here.lesson.hints.iter().take(here.attempt.hints).enumerate() {
        draw::card(ui, *p.card, *p.border, |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            heading(ui, &format!("Hint {}", number + 1));
            draw::body(ui, hint, *p.text);
        });
    }
}

pub(super) fn quiet_link(ui: &mut Ui, text: &str) -> egui::Response {
    let text = RichText::new(text)
        .font(theme::text(size::BODY, Weight::Regular))
        .color(*palette(ui).text_muted);
    ui.link(text)
}
