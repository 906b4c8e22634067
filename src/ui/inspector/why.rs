//! Why: the cause in a sentence, the chain it broke, what mends it, and how others say it.

use egui::{Role, Ui, WidgetInfo};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_CONTENT_COPY, ICON_ERROR, ICON_HOURGLASS_EMPTY};

use super::{graph, mend, not_yet, rosetta, verdict_colors, withhold};
use crate::analysis::Analysis;
use crate::diagnose::{Cause, Certainty, Evidence, Verdict};
use crate::state::{Command, DocumentCommand, Selection, State, ViewCommand};
use crate::story::RowKind;
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// The cause that Why speaks of.
fn cause<'a>(state: &State, analysis: &'a Analysis) -> Option<&'a Cause> {
    match state.selection {
        Selection::Cause(index) => analysis.diagnosis.causes.get(index),
        _ => analysis.diagnosis.causes.first(),
    }
}

/// The card at the top: the verdict in one sentence.
pub(super) fn headline(ui: &mut Ui, state: &State, analysis: &Analysis) {
    let palette = theme::palette(ui);
    if !state.playback.is_at_end() {
        let step = state
            .visible_steps()
            .checked_sub(1)
            .and_then(|index| analysis.story.steps.get(index));
        let (title, text) = step.map_or(
            (
                "Nothing has happened yet".to_owned(),
                "Press play, or step forward.".to_owned(),
            ),
            |step| (step.title.clone(), so_far(state, analysis, &step.explanation)),
        );
        draw::card(ui, *palette.card, *palette.border, |ui| {
            sentence(ui, &title, &text)
        });
        return;
    }
    let (color, soft) = verdict_colors(ui, analysis.diagnosis.verdict);
    let (title, text) = match cause(state, analysis) {
        Some(cause) => (cause.title.clone(), cause.detail.clone()),
        None => super::answer::without_cause(analysis),
    };
    let sign = match analysis.diagnosis.verdict {
        Verdict::Accepted => ICON_CHECK_CIRCLE,
        Verdict::Rejected => ICON_ERROR,
        Verdict::Unfinished | Verdict::Unknown => ICON_HOURGLASS_EMPTY,
    };
    draw::card(ui, soft, color, |ui| {
        ui.horizontal_top(|ui| {
            ui.label(
                egui::RichText::new(sign.codepoint)
                    .font(theme::icon(20.0))
                    .color(color),
            );
            ui.vertical(|ui| sentence(ui, &title, &text));
        });
    });
}

/// The words to the step at the playhead, which stay while it plays; of a judgement still being made, only that it is made.
fn so_far(state: &State, analysis: &Analysis, explanation: &str) -> String {
    let step = state.visible_steps().saturating_sub(1);
    match analysis.story.rows.get(step).map(|row| &row.kind) {
        Some(RowKind::Verification { judge, .. }) if state.playback.ended_steps() <= step => format!(
            "The {} looks at what the {} presented: whose chain it is, whether it is within its dates, and whether it leads to \
             somebody it trusts.",
            judge.word(),
            judge.peer().word()
        ),
        _ => explanation.to_owned(),
    }
}

fn sentence(ui: &mut Ui, title: &str, text: &str) {
    let palette = theme::palette(ui);
    ui.spacing_mut().item_spacing.y = 5.0;
    ui.add(
        egui::Label::new(
            egui::RichText::new(title)
                .font(theme::text(size::LEAD, Weight::SemiBold))
                .color(*palette.text_strong),
        )
        .wrap(),
    );
    if !text.is_empty() {
        draw::body(ui, text, *palette.text);
    }
}

pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    if !state.playback.is_at_end() {
        not_yet(
            ui,
            "Why it ends as it does is told at the end. Who will object, and at which step? Predict, then play on.",
        );
        return;
    }
    let palette = theme::palette(ui);
    match cause(state, analysis) {
        Some(cause) => {
            standing(ui, analysis, cause);
            the_chain(ui, state, analysis, cause, commands);
            withhold::in_why(ui, state, analysis, cause, commands);
            super::repair::show(ui, state, analysis, commands);
            mend::show(ui, state, cause, commands);
            evidence(ui, analysis, cause, commands);
            mend::rule(ui, cause);
            others(ui, state, analysis, commands);
            rosetta::show(ui, state, cause, commands);
        }
        None => well(ui, state, analysis, commands),
    }
    if let Some(words) = &analysis.story.two_truths {
        ui.add_space(8.0);
        draw::heading(ui, "Two truths");
        draw::body(ui, words, *palette.text);
    }
    ui.add_space(10.0);
    copy_answer(ui, commands);
    ui.add_space(8.0);
}

/// Who objects, how sure it is, and in which words.
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
    let verdict = cause
        .side
        .and_then(|side| analysis.capture.sides.of(side).verdict.as_ref())
        .filter(|_| cause.reported);
    if let Some(verdict) = verdict {
        let words = format!("{} {}: {}", verdict.stack, verdict.version, verdict.words);
        stack_words(ui, &words);
    }
}

/// A stack's own words: some print all that they know of a certificate, and the fix would be pushed out of sight.
fn stack_words(ui: &mut Ui, words: &str) {
    const SHOWN: usize = 160;
    let palette = theme::palette(ui);
    let id = ui.scope_id().with("all of the stack's words");
    let shows_all = ui.data(|data| data.get_temp(id)).unwrap_or(false);
    let is_long = words.chars().count() > SHOWN + 40;
    let shown = if is_long && !shows_all {
        words.chars().take(SHOWN).chain(['…']).collect()
    } else {
        words.to_owned()
    };
    ui.add(
        egui::Label::new(
            egui::RichText::new(shown)
                .font(theme::mono(size::SMALL))
                .color(*palette.text_muted),
        )
        .wrap(),
    );
    if is_long {
        let link = if shows_all { "Show less" } else { "Show all of it" };
        if ui.link(link).clicked() {
            ui.data_mut(|data| data.insert_temp(id, !shows_all));
        }
    }
}

fn the_chain(ui: &mut Ui, state: &State, analysis: &Analysis, cause: &Cause, commands: &mut Vec<Command>) {
    let (Some(judge), Some(_)) = (cause.side, &cause.certificate) else {
        return;
    };
    let view = analysis.diagnosis.chains.of(judge.peer());
    if view.links.is_empty() {
        return;
    }
    ui.add_space(8.0);
    draw::heading(ui, &format!("The chain, as the {} sees it", judge.word()));
    graph::show(ui, view, judge.peer(), None, state, commands);
}

fn evidence(ui: &mut Ui, analysis: &Analysis, cause: &Cause, commands: &mut Vec<Command>) {
    if cause.evidence.is_empty() {
        return;
    }
    ui.add_space(6.0);
    draw::heading(ui, "What proves it");
    for evidence in &cause.evidence {
        one_evidence(ui, analysis, evidence, commands);
    }
}

fn one_evidence(ui: &mut Ui, analysis: &Analysis, evidence: &Evidence, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let Some((index, message)) = evidence
        .message
        .and_then(|index| Some((index, analysis.transcript.messages.get(index)?)))
    else {
        draw::body(ui, &format!("· {}", evidence.words), *palette.text);
        return;
    };
    let place = format!(
        "{}, bytes {}–{}",
        message.kind,
        evidence.range.start,
        evidence.range.end.saturating_sub(1)
    );
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.label(egui::RichText::new(format!("· {}", evidence.words)).color(*palette.text));
        let link = ui
            .link(egui::RichText::new(format!("({place})")).font(theme::text(size::SMALL, Weight::Regular)));
        link.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("Show {place}")));
        if link.clicked() {
            let path = message.root.path_to_range(&evidence.range);
            commands.push(Command::View(ViewCommand::Select(Selection::Field {
                message: index,
                path,
            })));
            commands.push(Command::View(ViewCommand::ShowTab(
                crate::state::InspectorTab::Bytes,
            )));
        }
    });
}

/// Every other cause, to be looked at in its turn.
fn others(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    let shown = match state.selection {
        Selection::Cause(index) => index,
        _ => 0,
    };
    let rest: Vec<(usize, &Cause)> = analysis
        .diagnosis
        .causes
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != shown)
        .collect();
    if rest.is_empty() {
        return;
    }
    let palette = theme::palette(ui);
    ui.add_space(8.0);
    draw::heading(
        ui,
        if shown == 0 {
            "Also wrong"
        } else {
            "The other causes"
        },
    );
    for (index, cause) in rest {
        let note = match (cause.certainty, cause.reported) {
            (Certainty::Possible, _) => "possible",
            (Certainty::Proven, true) => "reported",
            (Certainty::Proven, false) => "nobody said so",
        };
        let response = draw::card(ui, *palette.card, *palette.border, |ui| {
            ui.horizontal(|ui| {
                let width = ui.available_width() - 96.0;
                ui.allocate_ui(egui::vec2(width, 20.0), |ui| {
                    ui.add(
                        egui::Label::new(egui::RichText::new(&cause.title).color(*palette.text_strong))
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
        response
            .widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("Show cause: {}", cause.title)));
        if response.clicked() {
            commands.push(Command::View(ViewCommand::Select(Selection::Cause(index))));
        }
    }
}

/// It went well: what each side proved.
fn well(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
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
