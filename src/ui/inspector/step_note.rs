//! The note of a step, over its fields: shown, and in a session changed.

use egui::{RichText, TextEdit, Ui, vec2};
use egui_material_icons::icons;

use super::told;
use crate::analysis::Analysis;
use crate::session::MOST_STEP_NOTE;
use crate::state::{Command, Document, SavingCommand, Selection, State};
use crate::story::RowKind;
use crate::ui::draw;
use crate::ui::theme::{palette, radius};
use crate::ui::widgets::{name_field, offer_link, small_icon_button};

/// The step that Fields speak of.
fn step(state: &State, analysis: &Analysis) -> Option<usize> {
    if let Selection::Step(step) = state.selection {
        return Some(step);
    }
    let message = told::message(state, analysis)?;
    let holds =
        |kind: &RowKind| matches!(kind, RowKind::Flight { messages, .. } if messages.contains(&message));
    analysis.story.rows.iter().position(|row| holds(&row.kind))
}

pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    let (Some(document), Some(step)) = (state.document(), step(state, analysis)) else {
        return;
    };
    let is_session = document.path.is_some();
    if is_session && state.saving.edited_step == Some(step) {
        edit(ui, document, step, commands);
        return;
    }
    let Some(words) = document.step_notes.of(step) else {
        if is_session && offer_link(ui, "Note on this step…") {
            commands.push(Command::Saving(SavingCommand::EditStep(Some(step))));
        }
        return;
    };
    let p = palette(ui);
    draw::card(ui, *p.warn_soft, *p.warn, |ui| {
        ui.horizontal_top(|ui| {
            let width = ui.available_width() - if is_session { 30.0 } else { 0.0 };
            ui.vertical(|ui| {
                ui.set_width(width);
                draw::body(ui, words, *p.text);
            });
            if is_session
                && small_icon_button(ui, icons::ICON_EDIT.codepoint, "Change the note on this step").clicked()
            {
                commands.push(Command::Saving(SavingCommand::EditStep(Some(step))));
            }
        });
    });
}

fn edit(ui: &mut Ui, document: &Document, step: usize, commands: &mut Vec<Command>) {
    let mut words = document.step_notes.of(step).unwrap_or_default().to_owned();
    let field = TextEdit::multiline(&mut words)
        .hint_text("What happened at this step, or what to look for")
        .char_limit(MOST_STEP_NOTE)
        .desired_rows(2)
        .margin(vec2(9.0, 6.0))
        .desired_width(f32::INFINITY);
    let response = ui.add(field);
    name_field(&response, "Note on this step", &words, "");
    if response.changed() {
        commands.push(Command::Saving(SavingCommand::AnnotateStep(step, words)));
    }
    let done = egui::Button::new(RichText::new("Done"))
        .corner_radius(radius::SMALL)
        .min_size(vec2(64.0, 28.0));
    if ui.add(done).clicked() {
        commands.push(Command::Saving(SavingCommand::EditStep(None)));
    }
}
