//! The one fix that is recommended: what was tried, what worked, and one click to do it.

use std::time::Duration;

use egui::{Role, Ui, WidgetInfo};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_WARNING};

use super::fetching;
use super::fixes::{Fixes, Offer, Proven};
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::{Remedy, what_is_missing};
use crate::state::{
    Command, FixResult, FixSearch, FoldCommand, OfferedFix, RepairCommand, Section, State, WindowCommand,
};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};
use crate::ui::widgets::primary_button;

/// So many lines of commands are seen before all are asked for: the rest of the answer stays in sight.
const MOST_LINES: usize = 9;

/// The section. Nothing where there is nothing to mend.
pub(super) fn recommended(
    ui: &mut Ui,
    state: &State,
    analysis: &Analysis,
    fixes: &Fixes<'_>,
    commands: &mut Vec<Command>,
) {
    let search = state.fix_search();
    if search.is_none() && fixes.recommended.is_none() {
        return;
    }
    ui.add_space(6.0);
    draw::heading(ui, "Fix it");
    if let Some(search) = search {
        match &search.result {
            None => searching(ui, search, commands),
            Some(result) => {
                tried(ui, search, result);
                if result.fixes.is_empty() {
                    let missing = what_is_missing(&analysis.diagnosis.causes);
                    draw::body(ui, &missing, *theme::palette(ui).text);
                    elsewhere(ui, state, analysis, commands);
                }
            }
        }
    }
    match &fixes.recommended {
        Some(Offer::Proven(fix)) => proven(ui, state, fix, commands),
        Some(Offer::Known(remedy)) => known(ui, state, remedy, commands),
        None => {}
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
            ui.label(egui::RichText::new(draw::drawn(url)).font(theme::mono(size::SMALL + 0.5)));
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

fn tried(ui: &mut Ui, search: &FixSearch, result: &FixResult) {
    let tried = search.progress.tried;
    let edits = if tried == 1 { "edit" } else { "edits" };
    let ending = match (search.progress.succeeded, result.is_cut_short) {
        (0, false) => "none makes this handshake succeed".to_owned(),
        (0, true) => "none has succeeded so far, and the search was cut short".to_owned(),
        (1, _) => "1 succeeds".to_owned(),
        (many, _) => format!("{many} succeed"),
    };
    let words = format!("Tried {tried} {edits} in {}; {ending}.", duration(result.took));
    draw::body(ui, &words, *theme::palette(ui).text_muted);
}

fn duration(took: Duration) -> String {
    let ms = took.as_millis();
    if ms < 10_000 {
        format!("{} ms", ms.max(1))
    } else {
        format!("{} s", took.as_secs())
    }
}

/// A fix that was run, with the button that does it here.
pub(super) fn proven(ui: &mut Ui, state: &State, fix: &Proven<'_>, commands: &mut Vec<Command>) {
    let number = fix.index + 1;
    let buttons = Buttons {
        is_first: fix.index == 0,
        apply: Command::Repair(RepairCommand::ApplyFix(fix.index)),
        spoken: &format!("Apply fix {number} and run"),
        proof: Command::Repair(RepairCommand::ShowProof(fix.index)),
        spoken_proof: &format!("Show the proof of fix {number}"),
    };
    offered(ui, state, fix.offered, &fix.also, buttons, commands);
}

/// What a proven fix can be told to do.
pub(super) struct Buttons<'a> {
    /// It is the one to take.
    pub is_first: bool,
    pub apply: Command,
    pub spoken: &'a str,
    pub proof: Command,
    pub spoken_proof: &'a str,
}

/// The card of a fix that was run; `also` is known of it besides.
pub(super) fn offered(
    ui: &mut Ui,
    state: &State,
    offered: &OfferedFix,
    also: &[&str],
    buttons: Buttons<'_>,
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let fix_words = &offered.fix;
    draw::card(ui, *palette.card, *palette.border, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        for words in &fix_words.words {
            let sign = ICON_CHECK_CIRCLE.codepoint;
            signed(ui, sign, *palette.good, words, *palette.text_strong);
        }
        for caution in &fix_words.cautions {
            signed(ui, ICON_WARNING.codepoint, *palette.warn, caution, *palette.text);
        }
        for text in also {
            draw::body(ui, text, *palette.text_muted);
        }
        lines(ui, state, &fix_words.commands, commands);
        ui.horizontal_wrapped(|ui| {
            low_buttons(ui);
            let apply = if buttons.is_first {
                primary_button(ui, "", "Apply and run", egui::vec2(0.0, 26.0))
            } else {
                ui.button("Apply and run")
            };
            apply.widget_info(|| WidgetInfo::labeled(Role::Button, true, buttons.spoken));
            if apply
                .on_hover_text("Changes the set-up here, and no file; Ctrl+Z undoes it")
                .clicked()
            {
                commands.push(buttons.apply);
            }
            copy(ui, &fix_words.commands, &fix_words.summary(), commands);
            let proof = ui.link(
                egui::RichText::new("Show the proof").font(theme::text(size::SMALL + 0.5, Weight::Regular)),
            );
            proof.widget_info(|| WidgetInfo::labeled(Role::Link, true, buttons.spoken_proof));
            if proof
                .on_hover_text("The run in which both sides accepted")
                .clicked()
            {
                commands.push(buttons.proof);
            }
        });
    });
}

/// A fix that is known for this cause, and was not run here.
fn known(ui: &mut Ui, state: &State, remedy: &Remedy, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    draw::card(ui, *palette.card, *palette.border, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        draw::body(ui, &remedy.text, *palette.text_strong);
        lines(ui, state, &remedy.commands, commands);
        ui.horizontal(|ui| {
            low_buttons(ui);
            copy(ui, &remedy.commands, &remedy.text, commands);
        });
    });
}

fn low_buttons(ui: &mut Ui) {
    ui.spacing_mut().interact_size.y = 26.0;
    ui.spacing_mut().button_padding.y = 3.0;
}

/// The commands, the first lines of them until all are asked for.
fn lines(ui: &mut Ui, state: &State, lines: &[String], commands: &mut Vec<Command>) {
    if lines.is_empty() {
        return;
    }
    let shows_all = state.folds.is_open(Section::AllCommands);
    let most = if shows_all { usize::MAX } else { MOST_LINES };
    let is_cut = draw::code(ui, lines, most);
    if is_cut || (shows_all && lines.len() > 1) {
        let words = if shows_all {
            "Show fewer lines".to_owned()
        } else {
            format!("Show all of {} commands", lines.len())
        };
        let link = ui.link(egui::RichText::new(words).font(theme::text(size::SMALL + 0.5, Weight::Regular)));
        if link.clicked() {
            commands.push(Command::Fold(FoldCommand::Toggle(Section::AllCommands)));
        }
    }
}

/// Copies the commands, or the words where there are none.
fn copy(ui: &mut Ui, lines: &[String], words: &str, commands: &mut Vec<Command>) {
    let (text, what, spoken) = if lines.is_empty() {
        (words.to_owned(), "the fix in words", "Copy the fix in words")
    } else {
        (lines.join("\n"), "the commands", "Copy the commands")
    };
    let button = ui.button("Copy");
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken));
    if button.on_hover_text(spoken).clicked() {
        commands.push(Command::Window(WindowCommand::Copy { text, what }));
    }
}

/// A sign, and words beside it.
fn signed(ui: &mut Ui, sign: &str, color: egui::Color32, words: &str, ink: egui::Color32) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 7.0;
        ui.label(egui::RichText::new(sign).font(theme::icon(16.0)).color(color));
        draw::body(ui, words, ink);
    });
}
