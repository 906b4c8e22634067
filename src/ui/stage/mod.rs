//! The stage: the six-chapter stepper and the ladder, played up to the playhead.
//!
//! `model` says what is drawn, `layout` where (pure and tested), `paint` with what colours.

mod layout;
mod marks;
mod model;
mod paint;
mod rows;

use super::{stepper, theme};
use crate::state::{Command, Selection, State};
use egui::{Sense, Ui, vec2};
use layout::Layout;
use model::Scene;

/// The middle of the window.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    ui.painter()
        .rect_filled(ui.available_rect_before_wrap(), 0.0, *palette.stage);
    let Some(analysis) = state.analysis() else {
        super::empty::show(ui, state, commands);
        return;
    };
    stepper::show(ui, state, commands);
    let scene = Scene::new(analysis, state);
    let follow = state.playback.is_playing();
    egui::ScrollArea::vertical()
        .auto_shrink([false, false])
        .id_salt("ladder")
        .show(ui, |ui| {
            let width = ui.available_width();
            let layout = Layout::new(&scene.shapes(), width);
            let (rect, _) = ui.allocate_exact_size(vec2(width, layout.height), Sense::hover());
            paint::ladder(ui, rect, &scene, &layout);
            for (item, place) in scene.rows.iter().zip(&layout.rows) {
                rows::interact(ui, rect, item, place, &layout, commands);
            }
            // The playhead stays in sight while it moves.
            if follow && let Some(last) = layout.rows.last() {
                ui.scroll_to_rect(last.rect.translate(rect.min.to_vec2()), None);
            }
        });
}

/// The step that the selection belongs to.
pub(super) fn selected_step(state: &State) -> Option<usize> {
    let story = &state.analysis()?.story;
    match &state.selection {
        Selection::Step(step) => Some(*step),
        Selection::Field { message, .. } => story.rows.iter().position(|row| model::holds(row, *message)),
        _ => None,
    }
}
