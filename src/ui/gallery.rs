//! The gallery: the built-in scenarios as cards under headings, and a filter. It tells what to look for, and not how it ends.

use egui::{
    Context, CornerRadius, Id, Modal, RichText, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui,
    UiBuilder, WidgetInfo, accesskit::Role, vec2,
};

use super::theme::{self, Weight, palette, radius, size};
use super::widgets::name_field;
use crate::state::{Command, LabCommand, ScenarioCard, State, WindowCommand};

const CARD_WIDTH: f32 = 290.0;
const CARD_HEIGHT: f32 = 156.0;
const GAP: f32 = 12.0;

/// Shows the gallery while it is open.
pub fn show(context: &Context, state: &State, commands: &mut Vec<Command>) {
    if !state.dialogs.gallery {
        return;
    }
    let available = context.content_rect().size();
    let columns = ((available.x - 60.0) / (CARD_WIDTH + GAP))
        .floor()
        .clamp(1.0, 3.0);
    let modal = Modal::new(Id::unique("gallery")).frame(super::help::dialog_frame(context)).show(context, |ui| {
        // The last column's gap is the scroll bar's strip.
        ui.set_width(columns * (CARD_WIDTH + GAP) + 4.0);
        super::help::title(ui, "Scenarios", commands, Command::Window(WindowCommand::ShowGallery(false)));
        let words = "Each is minted and run when you choose it. Press Space to watch, → to step, and guess before you look.";
        ui.label(RichText::new(words).color(*palette(ui).text_muted));
        ui.add_space(6.0);
        filter(ui, state, commands);
        ui.add_space(6.0);
        let height = super::help::scrolled_height(context, f32::INFINITY, 170.0);
        ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, false])
            .show(ui, |ui| cards(ui, state, columns as usize, commands));
    });
    if modal.should_close() {
        commands.push(Command::Window(WindowCommand::ShowGallery(false)));
    }
}

/// The field that narrows the choice.
fn filter(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let mut text = state.dialogs.gallery_filter.clone();
    let edit = TextEdit::singleline(&mut text)
        .hint_text("Filter: a word such as root, clock, linkerd, intermediate")
        .desired_width(ui.available_width() - 16.0)
        .margin(vec2(10.0, 7.0));
    let response = ui.add(edit);
    name_field(&response, "Show scenarios that speak of this", &text, "");
    if response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
        let mut shown = state
            .lab
            .scenarios
            .iter()
            .filter(|scenario| scenario.speaks_of(&text));
        if let (Some(only), None) = (shown.next(), shown.next()) {
            commands.push(Command::Lab(LabCommand::OpenScenario(only.id.clone())));
        }
    }
    if response.changed() {
        commands.push(Command::Window(WindowCommand::FilterGallery(text)));
    }
}

/// The cards under their headings.
fn cards(ui: &mut Ui, state: &State, columns: usize, commands: &mut Vec<Command>) {
    let shown: Vec<&ScenarioCard> = state
        .lab
        .scenarios
        .iter()
        .filter(|scenario| scenario.speaks_of(&state.dialogs.gallery_filter))
        .collect();
    if shown.is_empty() {
        let words = format!("No scenario speaks of “{}”.", state.dialogs.gallery_filter.trim());
        ui.add_space(16.0);
        ui.label(RichText::new(words).color(*palette(ui).text_muted));
    }
    for (number, under) in shown
        .chunk_by(|one, next| one.heading == next.heading)
        .enumerate()
    {
        let Some(first) = under.first() else { continue };
        if number > 0 {
            ui.add_space(18.0);
        }
        heading(ui, first.heading, under.len());
        ui.add_space(6.0);
        egui::Grid::new(("scenarios", first.heading))
            .spacing(vec2(GAP, GAP))
            .show(ui, |ui| {
                for (index, scenario) in under.iter().enumerate() {
                    if card(ui, scenario, state.lab.scenario.as_deref() == Some(&scenario.id)) {
                        commands.push(Command::Lab(LabCommand::OpenScenario(scenario.id.clone())));
                    }
                    if (index + 1) % columns == 0 {
                        ui.end_row();
                    }
                }
            });
    }
    ui.add_space(GAP);
}

/// A heading, and how many cards stand under it.
fn heading(ui: &mut Ui, words: &str, count: usize) {
    let p = palette(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let strong = RichText::new(words).font(theme::text(size::TITLE, Weight::SemiBold));
        let response = ui.label(strong.color(*p.text_strong));
        let builder = |info: &mut egui::accesskit::Node| info.set_role(Role::Heading);
        ui.ctx().accesskit_node_builder(response.id, builder);
        let small = RichText::new(count.to_string()).font(theme::text(size::SMALL, Weight::Regular));
        ui.label(small.color(*p.text_muted));
    });
}

/// One card; whether it was chosen.
fn card(ui: &mut Ui, scenario: &ScenarioCard, is_here: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(CARD_WIDTH, CARD_HEIGHT), Sense::click());
    let spoken = format!("{}. {} {}", scenario.title, scenario.summary, scenario.look_for);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_here, &spoken));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if !ui.is_rect_visible(rect) {
        return response.clicked();
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
