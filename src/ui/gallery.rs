//! The gallery: the built-in scenarios as cards. It tells what to look for, and not how it ends.

use egui::{
    Context, CornerRadius, Frame, Id, Margin, Modal, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    UiBuilder, WidgetInfo, accesskit::Role, vec2,
};

use super::theme::{self, Weight, palette, palette_for, radius, size};
use crate::state::{Command, ScenarioCard, State};

const CARD_WIDTH: f32 = 290.0;
const CARD_HEIGHT: f32 = 136.0;

/// Shows the gallery while it is open.
pub fn show(context: &Context, state: &State, commands: &mut Vec<Command>) {
    if !state.dialogs.gallery {
        return;
    }
    let available = context.content_rect().size();
    let columns = ((available.x - 120.0) / (CARD_WIDTH + 12.0))
        .floor()
        .clamp(1.0, 3.0);
    let modal = Modal::new(Id::unique("gallery")).frame(super::help::dialog_frame(context)).show(context, |ui| {
        // The last column's gap is the scroll bar's strip.
        ui.set_width(columns * (CARD_WIDTH + 12.0) + 4.0);
        super::help::title(ui, "Scenarios", commands, Command::ShowGallery(false));
        let words = "Each is minted and run when you choose it. Press Space to watch, → to step, and guess before you look.";
        ui.label(RichText::new(words).color(*palette(ui).text_muted));
        ui.add_space(8.0);
        let height = (available.y - 190.0).max(200.0);
        ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
            egui::Grid::new("scenarios").spacing(vec2(12.0, 12.0)).show(ui, |ui| {
                for (index, scenario) in state.scenarios.iter().enumerate() {
                    if card(ui, scenario, state.scenario.as_deref() == Some(&scenario.id)) {
                        commands.push(Command::OpenScenario(scenario.id.clone()));
                    }
                    if (index + 1) % columns as usize == 0 {
                        ui.end_row();
                    }
                }
            });
        });
    });
    if modal.should_close() {
        commands.push(Command::ShowGallery(false));
    }
}

/// One card; whether it was chosen.
fn card(ui: &mut Ui, scenario: &ScenarioCard, is_here: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(CARD_WIDTH, CARD_HEIGHT), Sense::click());
    let spoken = format!("{}. {} {}", scenario.title, scenario.summary, scenario.look_for);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_here, &spoken));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    let p = palette(ui);
    let fill = if response.hovered() {
        *p.control_hover
    } else {
        *p.card
    };
    let border = if response.has_focus() || is_here {
        *p.accent
    } else {
        *p.border
    };
    let corner = CornerRadius::same(radius::CARD);
    ui.painter()
        .rect(rect, corner, fill, Stroke::new(1.0, border), StrokeKind::Inside);
    let mut inner = ui.new_child(
        UiBuilder::new()
            .max_rect(rect.shrink2(vec2(14.0, 12.0)))
            .layout(egui::Layout::top_down(egui::Align::Min)),
    );
    inner.set_clip_rect(rect.intersect(ui.clip_rect()));
    inner.spacing_mut().item_spacing.y = 4.0;
    let title = RichText::new(&scenario.title)
        .font(theme::text(size::TITLE, Weight::SemiBold))
        .color(*p.text_strong);
    inner.add(egui::Label::new(title).wrap().selectable(false));
    let summary = RichText::new(&scenario.summary)
        .font(theme::text(12.5, Weight::Regular))
        .color(*p.text);
    inner.add(egui::Label::new(summary).wrap().selectable(false));
    let look_for = RichText::new(&scenario.look_for)
        .font(theme::text(size::SMALL, Weight::Regular))
        .color(*p.text_muted);
    inner.add(egui::Label::new(look_for).wrap().selectable(false));
    response.clicked()
}

/// The banner over the stage that says what to look for in the scenario on it.
pub fn look_for(ui: &mut Ui, state: &State) {
    let Some(document) = state.document().filter(|document| !document.notes.is_empty()) else {
        return;
    };
    let p = palette_for(ui.visuals().dark_mode);
    Frame::new()
        .inner_margin(Margin::symmetric(14, 8))
        .fill(*p.card)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_wrapped(|ui| {
                let strong =
                    RichText::new(&document.title).font(theme::text(size::SMALL + 1.0, Weight::SemiBold));
                ui.label(strong.color(*p.text_strong));
                let notes =
                    RichText::new(&document.notes).font(theme::text(size::SMALL + 1.0, Weight::Regular));
                ui.label(notes.color(*p.text));
            });
        });
}
