//! A question that only the user can answer: whose is this file?

use egui::{Context, Id, Modal, RichText, vec2};

use super::theme::{self, Weight, palette, size};
use crate::state::{Command, LabCommand, State, WindowCommand};

/// Shows the question while there is one.
pub fn show(context: &Context, state: &State, commands: &mut Vec<Command>) {
    let Some(question) = &state.dialogs.question else {
        return;
    };
    let modal = Modal::new(Id::unique("question"))
        .frame(super::help::dialog_frame(context))
        .show(context, |ui| {
            ui.set_width(super::help::dialog_width(context, 400.0));
            let p = palette(ui);
            ui.label(
                RichText::new(&question.title)
                    .font(theme::text(size::LEAD, Weight::SemiBold))
                    .color(*p.text_strong),
            );
            ui.add(egui::Label::new(RichText::new(&question.detail).color(*p.text)).wrap());
            ui.add_space(8.0);
            ui.horizontal_wrapped(|ui| {
                for (index, (words, _)) in question.answers.iter().enumerate() {
                    if ui
                        .add(egui::Button::new(words).min_size(vec2(90.0, 32.0)))
                        .clicked()
                    {
                        commands.push(Command::Lab(LabCommand::Answer(index)));
                    }
                }
                if ui
                    .add(
                        egui::Button::new("Neither")
                            .frame_when_inactive(false)
                            .min_size(vec2(0.0, 32.0)),
                    )
                    .clicked()
                {
                    commands.push(Command::Window(WindowCommand::Dismiss));
                }
            });
        });
    if modal.should_close() {
        commands.push(Command::Window(WindowCommand::Dismiss));
    }
}
