//! Why: the cause in a sentence, what mends it, and how others say it; then, folded, all the rest.

use egui::{Role, Ui, WidgetInfo};
use egui_material_icons::icons::ICON_CONTENT_COPY;

use super::so_far::not_yet;
use super::told::cause;
use super::{elsewhere, evidence, fixes, fold, graph, mend, opinions, others, repair, rosetta, withhold};
use crate::analysis::Analysis;
use crate::diagnose::{Cause, Certainty, Verdict};
use crate::state::{Command, DocumentCommand, Section, State};
use crate::ui::draw;
use crate::ui::theme;

pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    if !state.playback.is_at_end() {
        not_yet(
            ui,
            "Why it ends as it does is told at the end. Who will object, and at which step? Predict, then play on.",
        );
        return;
    }
    match cause(state, analysis) {
        Some(cause) => {
            // What is folded stands close together.
            ui.spacing_mut().item_spacing.y = 5.0;
            failed(ui, state, analysis, cause, commands);
        }
        None => well(ui, state, analysis, commands),
    }
    if let Some(integrity) = &analysis.story.integrity {
        let title = ("What the changed byte did", "");
        fold::section(ui, state, Section::Integrity, title, commands, |ui, _| {
            let ink = *theme::palette(ui).text;
            for words in integrity.lines() {
                draw::body(ui, words, ink);
            }
        });
    }
    if let Some(words) = &analysis.story.two_truths {
        let title = ("Two truths", "");
        fold::section(ui, state, Section::TwoTruths, title, commands, |ui, _| {
            let ink = *theme::palette(ui).text;
            draw::body(ui, words, ink);
        });
    }
    ui.add_space(10.0);
    copy_answer(ui, commands);
    ui.add_space(8.0);
}

/// First what everybody needs, so high that it is seen without scrolling. Then the rest, under headings.
fn failed(ui: &mut Ui, state: &State, analysis: &Analysis, cause: &Cause, commands: &mut Vec<Command>) {
    standing(ui, analysis, cause);
    let search = state
        .fix_search()
        .filter(|_| analysis.diagnosis.verdict != Verdict::Accepted);
    let fixes = fixes::of(state, search, cause);
    repair::recommended(ui, state, analysis, &fixes, commands);
    rosetta::line(ui, state, &analysis.diagnosis, cause, commands);
    ui.add_space(4.0);
    opinions::show(ui, state, analysis, commands);
    the_chain(ui, state, analysis, cause, commands);
    elsewhere::show(ui, state, analysis, commands);
    withhold::in_why(ui, state, analysis, cause, commands);
    others::show(ui, state, &analysis.diagnosis.causes, commands);
    evidence::show(ui, state, analysis, cause, commands);
    mend::show(ui, state, &fixes, commands);
    rosetta::show(ui, state, &analysis.diagnosis, cause, commands);
    mend::rule(ui, state, cause, commands);
}

/// Who objects, and how sure it is.
fn standing(ui: &mut Ui, analysis: &Analysis, cause: &Cause) {
    let palette = theme::palette(ui);
    let certainty = match cause.certainty {
        Certainty::Proven => "certain",
        Certainty::Possible => "likely",
    };
    let standing = match cause.side {
        Some(side) => {
            let has_refused = analysis.diagnosis.endings.of(side).verdict == Verdict::Rejected;
            let what = if has_refused { "refused by" } else { "noticed by" };
            format!("{what} the {} · {certainty}", side.word())
        }
        None => certainty.to_owned(),
    };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        draw::pill(ui, &standing, *palette.text_muted);
        if !cause.reported {
            draw::pill(ui, "nobody said so", *palette.text_muted);
        }
    });
}

fn the_chain(ui: &mut Ui, state: &State, analysis: &Analysis, cause: &Cause, commands: &mut Vec<Command>) {
    let (Some(judge), Some(_)) = (cause.side, &cause.certificate) else {
        return;
    };
    let view = analysis.diagnosis.chains.of(judge.peer());
    if view.links.is_empty() {
        return;
    }
    let title = format!("The chain, as the {} sees it", judge.word());
    fold::section(
        ui,
        state,
        Section::Chain,
        (&title, ""),
        commands,
        |ui, commands| {
            graph::show(ui, view, judge.peer(), None, state, commands);
        },
    );
}

/// It went well: what each side proved.
fn well(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    opinions::show(ui, state, analysis, commands);
    elsewhere::show(ui, state, analysis, commands);
    for sender in crate::capture::Side::BOTH {
        let view = analysis.diagnosis.chains.of(sender);
        if view.links.is_empty() {
            continue;
        }
        ui.add_space(6.0);
        draw::heading(
            ui,
            &format!(
                "The {}'s chain, as the {} sees it",
                sender.word(),
                sender.peer().word()
            ),
        );
        graph::show(ui, view, sender, None, state, commands);
    }
}

fn copy_answer(ui: &mut Ui, commands: &mut Vec<Command>) {
    let button = ui.add(egui::Button::new((
        egui::RichText::new(ICON_CONTENT_COPY.codepoint).font(theme::icon(14.0)),
        "Copy the whole answer",
    )));
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Copy the whole answer"));
    if button.clicked() {
        commands.push(Command::Document(DocumentCommand::CopyAnswer));
    }
}
