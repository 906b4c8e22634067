//! The top bar: what it is, where one is, and what one can do.
//!
//! Nothing in it is ever cut. Where the room is short the actions fold into a menu first, the least needed first; then the tabs
//! do, all but the one that is open.

mod actions;
mod folded;
mod menus;
mod parts;
mod tabs;

use egui::text::LayoutJob;
use egui::{TextFormat, Ui};

use super::theme::{self, Weight, palette};
use crate::state::{Command, State};
use folded::Folded;
use parts::GAP;

/// Below this width, in points, the brand and the tabs stand closer.
const NARROW: f32 = 1000.0;

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.x = GAP;
    ui.horizontal_centered(|ui| {
        brand(ui);
        ui.add_space(if ui.available_width() < NARROW { 4.0 } else { 16.0 });
        let room = ui.available_width() - GAP;
        let tabs = tabs::all(state);
        let wanted = tabs::least_width(ui, &tabs);
        let folded = Folded::to_leave(wanted, room, |folded| actions::width(ui, folded));
        tabs::show(ui, &tabs, room - actions::width(ui, folded), commands);
        actions::show(ui, state, folded, commands);
    });
}

fn brand(ui: &mut Ui) {
    let p = palette(ui);
    let mut job = LayoutJob::default();
    for (word, colour) in [("mt", *p.client), ("lscope", *p.server)] {
        let format = TextFormat::simple(theme::text(15.0, Weight::Bold), colour);
        job.append(word, 0.0, format);
    }
    ui.label(job);
}
