//! One side's identity: its name, the time its certificate has left, its three slots.

use egui::{CornerRadius, Frame, Layout, Margin, RichText, Stroke, Ui};

use super::{lists_row, slot_row};
use crate::capture::Side;
use crate::pki::time_left;
use crate::state::{Command, SetupSlot, State};
use crate::ui::theme::{self, Weight, palette, radius, size};
use crate::ui::widgets::pill;

/// Shows the card.
pub fn show(ui: &mut Ui, state: &State, side: Side, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let frame = Frame::new()
        .fill(*p.card)
        .stroke(Stroke::new(1.0, *p.border))
        .corner_radius(CornerRadius::same(radius::CARD))
        .inner_margin(Margin::symmetric(12, 11));
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        ui.horizontal(|ui| {
            ui.set_min_height(22.0);
            let name = match side {
                Side::Client => "Client",
                Side::Server => "Server",
            };
            let title = RichText::new(name)
                .font(theme::text(size::TITLE, Weight::SemiBold))
                .color(p.side(side));
            ui.label(title);
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                time_pill(ui, state, side);
            });
        });
        for slot in SetupSlot::ALL {
            slot_row::show(ui, state, side, slot, commands);
        }
        lists_row::show(ui, state, side, commands);
    });
}

fn time_pill(ui: &mut Ui, state: &State, side: Side) {
    // Whether it is within its dates is one of the things that a room is to predict.
    if !state.shows_fits() {
        return;
    }
    let own = state.lab.setup.sides.of(side);
    let Some((not_before, not_after)) = own.certificate.validity else {
        return;
    };
    let p = palette(ui);
    // At the time that the peer judges at: what-if moves it.
    let now = state
        .lab
        .setup
        .sides
        .of(side.peer())
        .policy
        .clock_unix_s
        .unwrap_or_else(|| state.now_at_bench());
    let is_valid = (not_before..=not_after).contains(&now);
    let colour = if is_valid { *p.text_muted } else { *p.bad };
    pill(ui, &time_left(not_before, not_after, now), colour);
}
