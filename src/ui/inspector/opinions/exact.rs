//! What a stack was asked with, and all that it wrote.

use egui::{Role, Ui, WidgetInfo};
use egui_material_icons::icons::ICON_CONTENT_COPY;

use super::words;
use crate::opinion::{Opinion, Presence};
use crate::pki::shell_command;
use crate::printable::{printable, printable_lines};
use crate::state::{Command, OpinionCommand, Round, Row, WindowCommand};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// So much of a program's words is drawn; the rest is in what is copied.
const MOST_LINES: usize = 24;

/// The command, and all that the program wrote.
pub(super) fn show(
    ui: &mut Ui,
    (round, row): (&Round, &Row),
    opinion: &Opinion,
    given: bool,
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let command = shell_command(opinion.command.iter().map(|word| printable(word)));
    let output = printable_lines(opinion.output.trim_end()).into_owned();
    let name = opinion.stack.name();
    ui.horizontal_top(|ui| {
        ui.add_space(28.0);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            draw::code_box(ui, |ui| {
                ui.horizontal_top(|ui| {
                    let width = ui.available_width() - 30.0;
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        ui.spacing_mut().item_spacing.y = 2.0;
                        if !command.is_empty() {
                            draw::code_lines(ui, std::slice::from_ref(&command), 8, *palette.text_muted);
                        }
                        let lines: Vec<String> = output.lines().map(str::to_owned).collect();
                        if lines.is_empty() {
                            let words = if command.is_empty() {
                                "It was not run."
                            } else {
                                "It wrote nothing."
                            };
                            draw::code_lines(ui, &[words.to_owned()], 1, *palette.text_muted);
                        }
                        if draw::code_lines(ui, &lines, MOST_LINES, *palette.text_strong) {
                            draw::code_lines(ui, &["…".to_owned()], 1, *palette.text_muted);
                        }
                    });
                    let copy = egui::RichText::new(ICON_CONTENT_COPY.codepoint).font(theme::icon(15.0));
                    let copy = ui.add(egui::Button::new(copy).frame(false));
                    let spoken = format!("Copy the command and words of {name}");
                    copy.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
                    if copy.on_hover_text("Copy the command and its words").clicked() {
                        commands.push(Command::Window(WindowCommand::Copy {
                            text: format!("{command}\n{output}\n"),
                            what: "the command and its words",
                        }));
                    }
                });
            });
            for aside in words::asides(round, opinion) {
                draw::body(ui, aside, *palette.text_muted);
            }
            if let (true, Presence::Installed { program, .. }) = (given, &row.presence) {
                let place = printable(&program.display().to_string()).into_owned();
                draw::body(
                    ui,
                    &format!("It is at {place}, as you said."),
                    *palette.text_muted,
                );
                let words = "Use the one on the path";
                if ui
                    .link(egui::RichText::new(words).font(theme::text(size::SMALL + 0.5, Weight::Regular)))
                    .clicked()
                {
                    let command = OpinionCommand::UseProgram(opinion.stack, None);
                    commands.push(Command::Opinion(command));
                }
            }
            if opinion.capture.is_some() {
                let text = egui::RichText::new("Open on the stage")
                    .font(theme::text(size::SMALL + 0.5, Weight::Regular));
                let link = ui.link(text);
                let spoken = format!("Open the handshake with {name} on the stage");
                link.widget_info(|| WidgetInfo::labeled(Role::Link, true, &spoken));
                if link.clicked() {
                    let command = OpinionCommand::OpenOnStage(round.judge, opinion.stack);
                    commands.push(Command::Opinion(command));
                }
            }
            ui.add_space(8.0);
        });
    });
}
