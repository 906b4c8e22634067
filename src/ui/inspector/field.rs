//! A name and its value, side by side.

use egui::{Ui, vec2};

use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// One line: the name in a column of its own.
pub(super) fn field(ui: &mut Ui, name: &str, value: &str) {
    let palette = theme::palette(ui);
    ui.horizontal_top(|ui| {
        ui.allocate_ui(vec2(104.0, 18.0), |ui| {
            ui.set_width(104.0);
            ui.label(
                egui::RichText::new(name)
                    .font(theme::text(size::SMALL + 0.5, Weight::Regular))
                    .color(*palette.text_muted),
            );
        });
        ui.add(
            egui::Label::new(
                egui::RichText::new(draw::drawn(value))
                    .font(theme::mono(size::SMALL + 0.5))
                    .color(*palette.text),
            )
            .wrap(),
        );
    });
}
