//! The causes beside the one that is told, each to be looked at in its turn.

use egui::{Role, Ui, WidgetInfo};

use super::told::shown_cause;
use crate::diagnose::{Cause, Certainty};
use crate::state::{Command, Section, Selection, State, ViewCommand};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// The section; nothing where there is but one cause.
pub(super) fn show(ui: &mut Ui, state: &State, causes: &[Cause], commands: &mut Vec<Command>) {
    let shown = shown_cause(state);
    let rest: Vec<(usize, &Cause)> = causes
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != shown)
        .collect();
    if rest.is_empty() {
        return;
    }
    let is_proven = |(_, cause): &(usize, &Cause)| cause.certainty == Certainty::Proven;
    let title = if rest.iter().all(is_proven) {
        "Other faults"
    } else if rest.iter().any(is_proven) {
        "Other faults, and what else it can be"
    } else {
        "What else it can be"
    };
    let note = rest.len().to_string();
    super::fold::section(
        ui,
        state,
        Section::OtherFaults,
        (title, &note),
        commands,
        |ui, commands| {
            for (index, cause) in rest {
                one(ui, index, cause, commands);
            }
        },
    );
}

fn one(ui: &mut Ui, index: usize, cause: &Cause, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let note = match (cause.certainty, cause.reported) {
        (Certainty::Possible, _) => "likely",
        (Certainty::Proven, true) => "reported",
        (Certainty::Proven, false) => "nobody said so",
    };
    let response = draw::card(ui, *palette.card, *palette.border, |ui| {
        ui.horizontal(|ui| {
            let width = ui.available_width() - 96.0;
            ui.allocate_ui(egui::vec2(width, 20.0), |ui| {
                ui.add(
                    egui::Label::new(
                        egui::RichText::new(draw::drawn(&cause.title)).color(*palette.text_strong),
                    )
                    .truncate(),
                );
            });
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.link(egui::RichText::new(note).font(theme::text(size::SMALL, Weight::Regular)))
            })
            .inner
        })
        .inner
    });
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("Show cause: {}", cause.title)));
    if response.clicked() {
        commands.push(Command::View(ViewCommand::Select(Selection::Cause(index))));
    }
}
