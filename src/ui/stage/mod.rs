//! The stage: the six-chapter stepper and the ladder, played up to the playhead.
//!
//! `model` says what is drawn, `layout` where (pure and tested), `paint` with what colours.

mod layout;
mod model;
mod paint;
mod rows;

use egui::{Sense, Ui, WidgetInfo, Role, vec2};
use egui_material_icons::icons::ICON_PLAY_ARROW;

use super::theme::{self, Weight, size};
use super::{draw, stepper};
use crate::state::{Command, Selection, State};
use layout::Layout;
use model::Scene;

/// The middle of the window.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    ui.painter().rect_filled(ui.max_rect(), 0.0, *palette.stage);
    let Some(analysis) = state.analysis() else {
        empty(ui, state, commands);
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

/// Nothing has run yet, or it is running now.
fn empty(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.36);
        if state.is_running() {
            ui.add(egui::Spinner::new().size(22.0).color(*palette.accent));
            ui.add_space(10.0);
            ui.label(
                egui::RichText::new("Shaking hands …")
                    .font(theme::text(size::LEAD, Weight::SemiBold))
                    .color(*palette.text_strong),
            );
            return;
        }
        ui.label(
            egui::RichText::new("No handshake yet")
                .font(theme::text(size::LEAD, Weight::SemiBold))
                .color(*palette.text_strong),
        );
        ui.add_space(4.0);
        draw::body(
            ui,
            "Load certificates on the left, or run the built-in pair.",
            *palette.text_muted,
        );
        ui.add_space(12.0);
        let run = ui.add(egui::Button::new((
            egui::RichText::new(ICON_PLAY_ARROW.codepoint).font(theme::icon(16.0)),
            "Run the first handshake",
        )));
        run.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Run the first handshake"));
        if run.clicked() {
            commands.push(Command::Run);
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
