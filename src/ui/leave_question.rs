//! What is asked before unsaved words are lost: save, discard, or go on.

use egui::{Context, Id, Modal, RichText, vec2};

use super::draw;
use super::help::{dialog_frame, dialog_width};
use super::theme::{self, Weight, palette, size};
use super::widgets::primary_button;
use crate::printable::{printable, shortened};
use crate::state::{Command, LeaveAnswer, SavingCommand, State};

/// Shows the question while it is open.
pub fn show(context: &Context, state: &State, commands: &mut Vec<Command>) {
    let Some(leave) = state.saving.leave.as_ref().filter(|leave| leave.is_asking) else {
        return;
    };
    let mut answer = |answer| commands.push(Command::Saving(SavingCommand::Answer(answer)));
    let modal = Modal::new(Id::unique("leave"))
        .frame(dialog_frame(context))
        .show(context, |ui| {
            ui.set_width(dialog_width(context, 400.0));
            let p = palette(ui);
            let title = format!("Save title and notes {}?", leave.before());
            let title = RichText::new(title).font(theme::text(size::LEAD, Weight::SemiBold));
            ui.add(egui::Label::new(title.color(*p.text_strong)).wrap());
            let of = printable(&shortened(&leave.title, 80)).into_owned();
            let words = format!("What you wrote on “{of}” is in no file yet.");
            draw::body(ui, &words, *p.text);
            ui.add_space(10.0);
            ui.horizontal(|ui| {
                let save = primary_button(ui, "", "Save", vec2(90.0, 32.0));
                if save.clicked() {
                    answer(LeaveAnswer::Save);
                }
                // Enter saves: that loses nothing.
                if ui.memory(|memory| memory.focused().is_none()) {
                    save.request_focus();
                }
                for (words, given) in [("Discard", LeaveAnswer::Discard), ("Go on", LeaveAnswer::GoOn)] {
                    if ui
                        .add(egui::Button::new(words).min_size(vec2(90.0, 32.0)))
                        .clicked()
                    {
                        answer(given);
                    }
                }
            });
        });
    if modal.should_close() {
        commands.push(Command::Saving(SavingCommand::Answer(LeaveAnswer::GoOn)));
    }
}
