//! What stands before a row: when it was, and whether there is a note on it.

use egui::Align2;
use egui_material_icons::icons::ICON_STICKY_NOTE_2;

use super::layout::Place;
use super::model::{Item, ItemKind};
use super::paint::Brush;
use crate::ui::draw;
use crate::ui::theme::{Weight, size};

impl Brush<'_> {
    /// A time, without its usual unit where the column is too narrow for it.
    fn time_words(&self, at_us: u64) -> String {
        let words = crate::story::moment(at_us);
        match words.strip_suffix(" ms") {
            Some(figure) if self.layout.is_tight => figure.to_owned(),
            _ => words,
        }
    }

    pub(super) fn time(&self, item: &Item, place: &Place) {
        let y = if matches!(item.kind, ItemKind::Arrow { .. }) {
            place.middle_y - 3.0
        } else {
            place.middle_y
        };
        draw::line(
            self.painter,
            self.at(self.layout.time_x, y),
            Align2::RIGHT_CENTER,
            self.time_words(item.at_us).as_str(),
            self.text(size::SMALL - 0.5, Weight::Regular),
            *self.palette.text_muted,
            self.layout.time_x - 4.0,
        );
        if item.note.is_some() {
            let at = self.at(self.layout.time_x - 8.0, y + 15.0);
            draw::icon(
                self.painter,
                at,
                ICON_STICKY_NOTE_2.codepoint,
                15.0,
                *self.palette.warn,
            );
        }
    }
}
