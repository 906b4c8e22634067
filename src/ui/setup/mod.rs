//! The left panel: who takes part, what they are willing to speak, and what if.

mod at_hand;
mod card;
mod drop_box;
mod limits;
mod lists_row;
mod policy;
mod recorded;
mod slot_row;
mod what_if;

use egui::{ScrollArea, Ui};

use super::widgets::heading;
use crate::capture::{Origin, Side};
use crate::state::{Command, State};

pub use slot_row::slot_at;

/// Width of the scroll bar's strip at the right.
const SCROLL_BAR_STRIP: f32 = 12.0;

/// Shows the panel.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    slot_row::forget_places(ui.ctx());
    // Notes lie over the panel's foot; half of it stays in any case.
    let height = ui.available_height();
    let free = (height - super::notes::height(ui.ctx())).max(height * 0.5);
    ScrollArea::vertical()
        .id_salt("setup")
        .max_height(free)
        .auto_shrink([false, false])
        .show(ui, |ui| {
            // The scroll bar has its own strip: it never lies on a card.
            ui.set_max_width(ui.available_width() - SCROLL_BAR_STRIP);
            ui.add_space(12.0);
            ui.spacing_mut().item_spacing.y = 6.0;
            if let Some(document) = state
                .document()
                .filter(|document| document.analysis.capture.origin == Origin::Packets)
            {
                recorded::show(ui, state, document, commands);
                return;
            }
            heading(ui, "Identities");
            ui.add_space(2.0);
            for side in Side::BOTH {
                card::show(ui, state, side, commands);
                ui.add_space(4.0);
            }
            if let Some(here) = state.lesson_here() {
                at_hand::show(ui, &here.attempt.at_hand, commands);
                ui.add_space(4.0);
            }
            drop_box::show(ui, commands);
            ui.add_space(6.0);
            ui.spacing_mut().item_spacing.y = 4.0;
            heading(ui, "Policy");
            policy::show(ui, state, commands);
            limits::show(ui, state, commands);
            ui.add_space(4.0);
            heading(ui, "What if");
            what_if::show(ui, state, commands);
            ui.add_space(4.0);
        });
}
