//! The bar over the stage while the set-up is newer than the run below it: what is seen is not what would happen now.

use egui::{Frame, Margin, RichText, Ui, WidgetInfo, accesskit::Role};
use egui_material_icons::icons::{ICON_HISTORY, ICON_PLAY_ARROW};

use super::theme::{self, Weight, palette, size};
use crate::state::{Command, Document, LabCommand, State};

/// Shows the bar while it is so and the lab's run is on the stage.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let is_lab = state.document().is_some_and(Document::is_lab);
    if !state.lab.is_setup_newer || !is_lab || state.is_running() {
        return;
    }
    let p = palette(ui);
    Frame::new()
        .inner_margin(Margin::symmetric(14, 6))
        .fill(*p.warn_soft)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                ui.label(
                    RichText::new(ICON_HISTORY.codepoint)
                        .font(theme::icon(16.0))
                        .color(*p.warn),
                );
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let run = ui.button((
                        RichText::new(ICON_PLAY_ARROW.codepoint).font(theme::icon(15.0)),
                        "Run again",
                    ));
                    run.widget_info(|| {
                        WidgetInfo::labeled(Role::Button, true, "Run with the changed set-up")
                    });
                    if run.on_hover_text("Ctrl+R").clicked() {
                        commands.push(Command::Lab(LabCommand::Run));
                    }
                    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                        let words = RichText::new(
                            "The set-up was changed after this run: what you see is the run before.",
                        )
                        .font(theme::text(size::BODY, Weight::Medium))
                        .color(*p.text_strong);
                        ui.add(egui::Label::new(words).truncate());
                    });
                });
            });
        });
}
