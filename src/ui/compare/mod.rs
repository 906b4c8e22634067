//! Compare: two handshakes side by side on one grid of rows, and what changed and matters at the right.
//!
//! `halves` is the place of each, `grid` says where each row stands, `ladders` paints both and what lies between them, `heads` chooses the two, `steps` is
//! the stepper of both; `waiting` stands in the middle until there is something to compare. `panel` is the right:
//! `changes` ranks what differs, `beside` shows both sides of the row that is looked at.

mod beside;
mod changes;
mod grid;
mod halves;
mod heads;
mod ladders;
mod panel;
mod steps;
mod waiting;

use egui::Ui;

use super::theme;
use crate::state::{Command, Comparing, State};

use halves::Halves;
pub use heads::slot_at;
pub use panel::show as panel;

/// The middle of the window.
pub fn show(ui: &mut Ui, state: &State, comparing: &Comparing, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let place = ui.available_rect_before_wrap();
    ui.painter().rect_filled(place, 0.0, *palette.stage);
    ui.spacing_mut().item_spacing.y = 0.0;
    let halves = Halves::of(place);
    heads::show(ui, state, comparing, halves, commands);
    let (Some(found), Some(both)) = (comparing.found(), comparing.analyses()) else {
        waiting::show(ui, state, comparing, halves, commands);
        return;
    };
    steps::show(ui, comparing, found, commands);
    ladders::show(ui, comparing, found, both, halves, commands);
}
