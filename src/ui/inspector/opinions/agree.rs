//! What all accept: a button that searches it, how far that is, and what was found.

use egui::{Role, Ui, WidgetInfo};

use super::words::number;
use crate::analysis::Analysis;
use crate::diagnose::what_is_missing;
use crate::state::{Agreement, Command, OfferedFix, OpinionCommand, State};
use crate::ui::draw;
use crate::ui::inspector::repair::{self, Buttons};
use crate::ui::theme;
use crate::ui::widgets::primary_button;

/// The section; nothing where nobody refuses.
pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    let Some(count) = state.who_could_agree() else {
        return;
    };
    ui.add_space(8.0);
    let muted = *theme::palette(ui).text_muted;
    let Some(search) = state.agreement() else {
        let words = format!("Show what all {} accept", number(count));
        let button = primary_button(ui, "", &words, egui::vec2(0.0, 28.0));
        let hint = "Small edits, each run here and then shown to every stack that was asked";
        if button.on_hover_text(hint).clicked() {
            commands.push(Command::Opinion(OpinionCommand::FindAgreement));
        }
        return;
    };
    draw::heading(ui, &format!("What all {} accept", number(count)));
    let edits = |count: usize| if count == 1 { "edit" } else { "edits" };
    match &search.result {
        None => {
            ui.horizontal(|ui| {
                let tried = search.tried;
                let words = format!("Trying small edits with each stack… {tried} tried");
                ui.label(egui::RichText::new(words).color(muted));
                let stop = ui.link("Stop");
                stop.widget_info(|| {
                    WidgetInfo::labeled(Role::Button, true, "Stop the search for what all accept")
                });
                if stop.clicked() {
                    commands.push(Command::Opinion(OpinionCommand::CancelAgreement));
                }
            });
        }
        Some(Agreement {
            fix: Some(fix),
            tried,
            ..
        }) => {
            let words = format!("{tried} {} tried, with each stack.", edits(*tried));
            draw::body(ui, &words, muted);
            found(ui, state, fix, commands);
        }
        Some(Agreement {
            fix: None,
            tried,
            is_cut_short,
        }) => {
            let ending = if *is_cut_short {
                "none is accepted by all so far, and the search was cut short"
            } else {
                "none is accepted by all"
            };
            let words = format!("{tried} {} tried, with each stack; {ending}.", edits(*tried));
            draw::body(ui, &words, muted);
            let missing = what_is_missing(&analysis.diagnosis.causes);
            if !analysis.diagnosis.causes.is_empty() {
                draw::body(ui, &missing, *theme::palette(ui).text);
            }
        }
    }
}

fn found(ui: &mut Ui, state: &State, fix: &OfferedFix, commands: &mut Vec<Command>) {
    let buttons = Buttons {
        is_first: true,
        apply: Command::Opinion(OpinionCommand::ApplyAgreement),
        spoken: "Apply what all accept, and run",
        proof: Command::Opinion(OpinionCommand::ShowAgreement),
        spoken_proof: "Show the run that all accept",
    };
    repair::offered(ui, state, fix, &[], buttons, commands);
}
