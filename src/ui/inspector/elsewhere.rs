//! What passes here and another stack refuses, or a program may ask for, with what mends it.

use egui::Ui;

use crate::analysis::Analysis;
use crate::diagnose::{Cause, Warned};
use crate::state::{Command, Section, State};
use crate::ui::draw;
use crate::ui::theme;

/// The section; nothing where every stack on record accepts both chains.
pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    let refused: Vec<&Warned> = analysis.warned().iter().filter(|one| !one.is_demand).collect();
    if refused.is_empty() {
        return;
    }
    let title = ("It passes here, not everywhere", &*refused.len().to_string());
    super::fold::section(ui, state, Section::Elsewhere, title, commands, |ui, commands| {
        let palette = theme::palette(ui);
        for one in refused {
            let name = one
                .cause
                .certificate
                .as_ref()
                .map_or_else(String::new, |of| super::graph::common_name(&of.subject));
            draw::heading(ui, &name);
            let rows = one
                .rows
                .iter()
                .filter_map(|at| analysis.diagnosis.matrix.get(*at));
            for row in rows {
                draw::body(
                    ui,
                    &format!("{}: {}", row.check.words(), row.detail),
                    *palette.text,
                );
            }
            mend(ui, &one.cause, commands);
        }
    });
}

/// What is told of one row of the matrix: its demand in words, and what mends it.
pub(super) fn of_row(ui: &mut Ui, analysis: &Analysis, row: usize, commands: &mut Vec<Command>) {
    for one in analysis.warned().iter().filter(|one| one.rows.contains(&row)) {
        if one.is_demand {
            draw::body(ui, &one.cause.detail, *theme::palette(ui).text);
        }
        mend(ui, &one.cause, commands);
    }
}

fn mend(ui: &mut Ui, cause: &Cause, commands: &mut Vec<Command>) {
    for remedy in cause.remedies.iter().filter(|remedy| remedy.is_general()) {
        draw::body(ui, &remedy.text, *theme::palette(ui).text_muted);
        if !remedy.commands.is_empty() {
            draw::commands(ui, &remedy.commands, commands);
        }
        ui.add_space(2.0);
    }
}
