//! The stage: the six-chapter stepper and the ladder, played up to the playhead.
//!
//! `model` says what is drawn, `layout` where (pure and tested), `paint` with what colours, `motion` what moves for a moment;
//! `grid` draws a ladder on rows that are given, `carrier` says what carried the TLS; `selected` says which row is selected,
//! `seen` how much was seen, `lit` what stands out.

mod carrier;
pub(super) mod grid;
mod layout;
mod lit;
mod marks;
mod model;
mod motion;
mod paint;
mod rows;
#[cfg(test)]
mod scene_tests;
mod seen;
mod selected;
mod times;

use super::{stepper, theme};
use crate::state::{Command, State};
use egui::style::ScrollAnimation;
use egui::{Id, Rect, Sense, Ui, vec2};
use layout::{Layout, ladder_width};
use model::Scene;
use motion::Motion;
use selected::selected_step;

/// The middle of the window.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    ui.painter()
        .rect_filled(ui.available_rect_before_wrap(), 0.0, *palette.stage);
    let Some(analysis) = state.analysis() else {
        super::empty::show(ui, state, commands);
        return;
    };
    ui.spacing_mut().item_spacing.y = 0.0;
    stepper::show(ui, state, commands);
    let scene = Scene::new(analysis, state);
    let is_reduced = state.playback.is_motion_reduced();
    let motion = Motion::follow(
        ui,
        "stage",
        analysis,
        scene.rows.len(),
        scene.happened,
        is_reduced,
    );
    let stage = ui.available_rect_before_wrap();
    let heads = paint::Heads::of(stage.height());
    let layout = Layout::new(
        &scene.shapes(),
        scene.room(stage.width(), stage.height() - heads.height),
    );
    // The ladder stands in the middle of a stage that is wider than it needs.
    let aside = vec2((stage.width() - ladder_width(stage.width())) / 2.0, 0.0);
    let (strip, _) = ui.allocate_exact_size(vec2(stage.width(), heads.height), Sense::hover());
    let strip = strip.translate(aside);
    paint::heads(ui, strip, &scene, &layout, heads);
    carrier::show(ui, strip.left(), heads.middle(strip), &analysis.capture, &layout);
    let to_show = to_be_shown(ui, state, &scene, &layout, &motion);
    egui::ScrollArea::vertical()
        .auto_shrink([false, false])
        .id_salt("ladder")
        .show(ui, |ui| {
            let width = ui.available_width();
            let (rect, _) = ui.allocate_exact_size(vec2(width, layout.height), Sense::hover());
            let ladder = rect.translate(aside);
            paint::ladder(ui, ladder, &scene, &layout, &motion);
            for (index, (item, place)) in scene.rows.iter().zip(&layout.rows).enumerate() {
                rows::interact(
                    ui,
                    ladder,
                    (item, place, motion.opacity(index)),
                    &layout,
                    commands,
                );
            }
            if let Some(rows) = to_show {
                let animation = if is_reduced || ui.ctx().cumulative_pass_nr() < 2 {
                    ScrollAnimation::none()
                } else {
                    ui.style().scroll_animation
                };
                let rows = rows.translate(ladder.min.to_vec2());
                ui.scroll_to_rect_animation(rows, None, animation);
            }
        });
}

/// What is to be brought into sight: the row at the playhead with the place of the next, when the playhead has moved or the
/// stage has another height; else the selected row, when another was selected.
fn to_be_shown(ui: &Ui, state: &State, scene: &Scene<'_>, layout: &Layout, motion: &Motion) -> Option<Rect> {
    let id = Id::unique("ladder in sight");
    let selected = selected_step(state);
    let height = ui.available_height().round() as u32;
    let (before, height_before): (Option<usize>, u32) = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    ui.data_mut(|data| data.insert_temp(id, (selected, height)));
    if motion.has_moved || height != height_before {
        return scene.rows.len().checked_sub(1).map(|row| layout.to_be_seen(row));
    }
    let selected = selected.filter(|_| selected != before)?;
    layout.rows.get(selected).map(|place| place.rect)
}
