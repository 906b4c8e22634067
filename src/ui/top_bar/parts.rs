//! What the parts of the bar share.

use egui::{FontId, Response, Ui};

use super::super::theme::palette;
use crate::state::{Command, key_for};

/// Between two things of the bar.
pub(super) const GAP: f32 = 6.0;

/// The same, with the command's key told under the pointer.
pub(super) fn with_key(response: Response, command: &Command) -> Response {
    match key_for(command) {
        Some(key) => response.on_hover_text(key),
        None => response,
    }
}

/// How wide a button with this text is, which is at least as wide as `least`.
pub(super) fn button_width(ui: &Ui, text: &str, font: FontId, least: f32) -> f32 {
    let galley = ui
        .painter()
        .layout_no_wrap(text.to_owned(), font, *palette(ui).text);
    (galley.size().x + 2.0 * ui.spacing().button_padding.x)
        .ceil()
        .max(least)
}
