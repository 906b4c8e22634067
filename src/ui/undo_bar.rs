//! The bar over the stage after a fix was applied: what was done, and one click to take it back.

use egui::{Frame, Margin, RichText, Ui, WidgetInfo, accesskit::Role};
use egui_material_icons::icons::{ICON_BUILD, ICON_UNDO};

use super::theme::{self, Weight, palette, size};
use crate::state::{Command, RepairCommand, State};

/// Shows the bar while there is something to undo and the lab's run is on the stage.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let is_lab = state.document().is_none_or(crate::state::Document::is_lab);
    let Some(applied) = state.repair.applied.last().filter(|_| is_lab) else {
        return;
    };
    let p = palette(ui);
    Frame::new()
        .inner_margin(Margin::symmetric(14, 6))
        .fill(*p.good_soft)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                ui.label(
                    RichText::new(ICON_BUILD.codepoint)
                        .font(theme::icon(16.0))
                        .color(*p.good),
                );
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let undo = ui.add_enabled(
                        !state.is_running(),
                        egui::Button::new((
                            RichText::new(ICON_UNDO.codepoint).font(theme::icon(15.0)),
                            "Undo",
                        )),
                    );
                    undo.widget_info(|| {
                        WidgetInfo::labeled(Role::Button, !state.is_running(), "Undo the fix")
                    });
                    if undo
                        .on_hover_text("Puts the set-up back and runs it (Ctrl+Z)")
                        .clicked()
                    {
                        commands.push(Command::Repair(RepairCommand::UndoFix));
                    }
                    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                        let words = RichText::new(super::draw::drawn(&format!("Applied: {}", applied.words)))
                            .font(theme::text(size::BODY, Weight::Medium))
                            .color(*p.text_strong);
                        ui.add(egui::Label::new(words).truncate())
                            .on_hover_text(&applied.words);
                    });
                });
            });
        });
}
