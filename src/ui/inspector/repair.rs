//! Proven fixes: what was tried, what worked, and one click to do it.

use std::time::Duration;

use egui::{Role, Ui, WidgetInfo};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_WARNING};

use super::fetching;
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::{Verdict, what_is_missing};
use crate::state::{Command, Document, FixResult, FixSearch, OfferedFix, RepairCommand, State};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};
use crate::ui::widgets::primary_button;

/// The section. Nothing where there is nothing to mend.
pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    if analysis.diagnosis.verdict == Verdict::Accepted {
        return;
    }
    let palette = theme::palette(ui);
    let Some(search) = state.fix_search() else {
        if state.document().is_some_and(|document| !document.is_lab()) {
            heading(ui);
            let is_packets = state
                .document()
                .is_some_and(|document: &Document| document.connection.is_some());
            let what = if is_packets {
                "packets hold"
            } else {
                "a session holds"
            };
            draw::body(
                ui,
                &format!(
                    "A fix is proven by running it, and that needs the private keys: {what} none. Load the files in the Lab \
                     and run them there; what works is then offered here."
                ),
                *palette.text_muted,
            );
        }
        return;
    };
    heading(ui);
    match &search.result {
        None => searching(ui, search, commands),
        Some(result) => {
            let missing = what_is_missing(&analysis.diagnosis.causes);
            found(ui, search, result, &missing, commands);
            if result.fixes.is_empty() {
                elsewhere(ui, state, analysis, commands);
            }
        }
    }
}

/// An issuer that nobody here has, where the certificate itself says where it is.
fn elsewhere(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    let judge = analysis.diagnosis.causes.first().and_then(|cause| cause.side);
    for (_, place) in state
        .lab
        .issuers_elsewhere
        .iter()
        .filter(|(side, _)| Some(*side) == judge)
    {
        draw::body(
            ui,
            &format!("{} says where its issuer's certificate is:", place.whose),
            *theme::palette(ui).text,
        );
        for url in &place.urls {
            ui.label(egui::RichText::new(url).font(theme::mono(size::SMALL + 0.5)));
        }
        fetching::ask(
            ui,
            state,
            place.clone(),
            judge.unwrap_or(Side::Client),
            0.0,
            commands,
        );
    }
}

fn heading(ui: &mut Ui) {
    ui.add_space(8.0);
    draw::heading(ui, "Proven fixes");
}

fn searching(ui: &mut Ui, search: &FixSearch, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    ui.horizontal(|ui| {
        let words = format!(
            "Trying small edits with the real stack… {} tried",
            search.progress.tried
        );
        ui.label(egui::RichText::new(words).color(*palette.text_muted));
        let stop = ui.link("Stop");
        stop.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Stop the search for fixes"));
        if stop.clicked() {
            commands.push(Command::Repair(RepairCommand::CancelFixes));
        }
    });
}

fn found(ui: &mut Ui, search: &FixSearch, result: &FixResult, missing: &str, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let tried = search.progress.tried;
    let edits = if tried == 1 { "edit" } else { "edits" };
    let ending = match (search.progress.succeeded, result.is_cut_short) {
        (0, false) => "none makes this handshake succeed".to_owned(),
        (0, true) => "none has succeeded so far, and the search was cut short".to_owned(),
        (1, _) => "1 succeeds".to_owned(),
        (many, _) => format!("{many} succeed"),
    };
    draw::body(
        ui,
        &format!("Tried {tried} {edits} in {}; {ending}.", duration(result.took)),
        *palette.text_muted,
    );
    if result.fixes.is_empty() {
        draw::body(ui, missing, *palette.text);
    }
    for (index, offered) in result.fixes.iter().enumerate() {
        one(ui, index, offered, commands);
    }
}

fn duration(took: Duration) -> String {
    let ms = took.as_millis();
    if ms < 10_000 {
        format!("{} ms", ms.max(1))
    } else {
        format!("{} s", took.as_secs())
    }
}

fn one(ui: &mut Ui, index: usize, offered: &OfferedFix, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let fix = &offered.fix;
    draw::card(ui, *palette.card, *palette.border, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        for words in &fix.words {
            signed(
                ui,
                ICON_CHECK_CIRCLE.codepoint,
                *palette.good,
                words,
                *palette.text_strong,
            );
        }
        for caution in &fix.cautions {
            signed(ui, ICON_WARNING.codepoint, *palette.warn, caution, *palette.text);
        }
        if !fix.commands.is_empty() {
            draw::commands(ui, &fix.commands, commands);
        }
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = 26.0;
            ui.spacing_mut().button_padding.y = 3.0;
            let spoken = format!("Apply fix {} and run", index + 1);
            let apply = if index == 0 {
                primary_button(ui, "", "Apply and run", egui::vec2(0.0, 26.0))
            } else {
                ui.button("Apply and run")
            };
            apply.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
            if apply
                .on_hover_text("Changes the set-up here, and no file; Ctrl+Z undoes it")
                .clicked()
            {
                commands.push(Command::Repair(RepairCommand::ApplyFix(index)));
            }
            let proof = ui.link(
                egui::RichText::new("Show the proof").font(theme::text(size::SMALL + 0.5, Weight::Regular)),
            );
            let spoken = format!("Show the proof of fix {}", index + 1);
            proof.widget_info(|| WidgetInfo::labeled(Role::Link, true, &spoken));
            if proof
                .on_hover_text("The run in which both sides accepted")
                .clicked()
            {
                commands.push(Command::Repair(RepairCommand::ShowProof(index)));
            }
        });
    });
}

/// A sign, and words beside it.
fn signed(ui: &mut Ui, sign: &str, color: egui::Color32, words: &str, ink: egui::Color32) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 7.0;
        ui.label(egui::RichText::new(sign).font(theme::icon(16.0)).color(color));
        draw::body(ui, words, ink);
    });
}
