//! The same failure in other stacks' words, the reader's own first.

use egui::{Role, Ui, WidgetInfo};

use crate::diagnose::{Cause, Saying, other_words};
use crate::state::{Command, State};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};
use crate::ui::widgets::{alternative, choice};

/// So many stacks are shown at first.
const SHOWN_AT_FIRST: usize = 4;

/// One stack's answer to the fault.
struct Told<'a> {
    stack: &'a str,
    version: &'a str,
    accepted: bool,
    rows: Vec<&'a Saying>,
}

/// Shows what each stack says of this cause, and which of them let it pass.
pub(super) fn show(ui: &mut Ui, state: &State, cause: &Cause, commands: &mut Vec<Command>) {
    let mut all = told(&other_words(cause.id, cause.side));
    if all.is_empty() {
        return;
    }
    let palette = theme::palette(ui);
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        draw::heading(ui, "The same failure, in other words");
    });
    your_stack(ui, state, &all, commands);
    let own = state.stack.as_deref();
    all.sort_by_key(|one| (Some(one.stack) != own, one.accepted));
    let (accepting, refusing): (Vec<&Told<'_>>, Vec<&Told<'_>>) = all.iter().partition(|one| one.accepted);
    let id = ui.scope_id().with("all stacks");
    let shows_all = ui.data(|data| data.get_temp(id)).unwrap_or(false);
    let shown = if shows_all { refusing.len() } else { SHOWN_AT_FIRST };
    for one in refusing.iter().take(shown) {
        stack(ui, one, Some(one.stack) == own);
    }
    if refusing.len() > SHOWN_AT_FIRST {
        let words = if shows_all {
            "Show fewer".to_owned()
        } else {
            format!("Show all {}", refusing.len())
        };
        if ui.link(words).clicked() {
            ui.data_mut(|data| data.insert_temp(id, !shows_all));
        }
    }
    if !accepting.is_empty() {
        let names: Vec<String> = accepting
            .iter()
            .map(|one| format!("{} {}", one.stack, one.version))
            .collect();
        ui.add_space(4.0);
        draw::body(
            ui,
            &format!("Let through, in a real run, by {}.", names.join(", ")),
            *palette.text_muted,
        );
    }
}

fn told<'a>(sayings: &[&'a Saying]) -> Vec<Told<'a>> {
    let mut all: Vec<Told<'a>> = Vec::new();
    for saying in sayings {
        match all.iter_mut().find(|one| one.stack == saying.stack) {
            Some(one) => one.rows.push(saying),
            None => all.push(Told {
                stack: &saying.stack,
                version: &saying.version,
                accepted: saying.accepted,
                rows: vec![saying],
            }),
        }
    }
    all
}

fn your_stack(ui: &mut Ui, state: &State, all: &[Told<'_>], commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(
            egui::RichText::new("Your stack")
                .font(theme::text(size::SMALL + 0.5, Weight::Regular))
                .color(*palette.text_muted),
        );
        let here = state.stack.as_deref().unwrap_or("none chosen");
        choice(ui, "Your stack", here, |ui| {
            for one in all {
                if alternative(ui, state.stack.as_deref() == Some(one.stack), one.stack) {
                    commands.push(Command::SetStack(one.stack.to_owned()));
                }
            }
        });
    });
}

/// The stack's name, and below it what each end said.
fn stack(ui: &mut Ui, told: &Told<'_>, is_own: bool) {
    let palette = theme::palette(ui);
    ui.add_space(3.0);
    let title = if is_own {
        format!("{} · your stack", told.stack)
    } else {
        told.stack.to_owned()
    };
    let color = if is_own {
        *palette.accent
    } else {
        *palette.text_strong
    };
    ui.label(
        egui::RichText::new(title)
            .font(theme::text(size::SMALL + 0.5, Weight::SemiBold))
            .color(color),
    )
    .on_hover_text(format!("{} {}, in a real run", told.stack, told.version));
    for saying in &told.rows {
        ui.horizontal_top(|ui| {
            ui.allocate_ui(egui::vec2(44.0, 16.0), |ui| {
                ui.set_width(44.0);
                ui.label(
                    egui::RichText::new(saying.side.word())
                        .font(theme::text(size::SMALL, Weight::Regular))
                        .color(*palette.text_muted),
                );
            });
            let words = if saying.words.is_empty() {
                "says nothing"
            } else {
                saying.words.as_str()
            };
            let response = ui
                .add(
                    egui::Label::new(
                        egui::RichText::new(words)
                            .font(theme::mono(size::SMALL + 0.5))
                            .color(if saying.words.is_empty() {
                                *palette.text_muted
                            } else {
                                *palette.text
                            }),
                    )
                    .wrap(),
                )
                .on_hover_text(format!("Said by {}", saying.speaker));
            response.widget_info(|| {
                WidgetInfo::labeled(
                    Role::Label,
                    true,
                    format!("{}, {}: {words}", told.stack, saying.side.word()),
                )
            });
        });
    }
}
