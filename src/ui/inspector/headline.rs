//! The card at the top of Why: the verdict in one sentence, and how many other faults there are.

use egui::Ui;
use egui_material_icons::icons::{
    ICON_CALL_SPLIT, ICON_CHECK_CIRCLE, ICON_ERROR, ICON_HELP, ICON_HOURGLASS_EMPTY,
};

use super::opinions::{Split, split};
use super::told::{cause, shown_cause};
use crate::analysis::Analysis;
use crate::diagnose::{Cause, Certainty, Verdict};
use crate::state::{Command, FoldCommand, Section, State};
use crate::story::RowKind;
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    if !state.playback.is_at_end() {
        let step = state
            .visible_steps()
            .checked_sub(1)
            .and_then(|index| analysis.story.steps.get(index));
        let (title, text) = step.map_or(
            (
                "Nothing has happened yet".to_owned(),
                if state.awaits_guess() {
                    "First your guess: choose an answer at the left.".to_owned()
                } else {
                    "Press play, or step forward.".to_owned()
                },
            ),
            |step| (step.title.clone(), so_far(state, analysis, &step.explanation)),
        );
        draw::card(ui, *palette.card, *palette.border, |ui| {
            ui.spacing_mut().item_spacing.y = 5.0;
            ui.add(lead(ui, &title).wrap());
            // As high at every step: what stands below does not jump while it plays.
            let size = egui::vec2(ui.available_width(), tallest(ui, analysis));
            ui.allocate_ui(size, |ui| {
                ui.set_min_height(size.y);
                detail(ui, &text);
            });
        });
        return;
    }
    let told = cause(state, analysis);
    let (color, soft, sign) = match (told, analysis.diagnosis.verdict) {
        // That somebody refused is certain. What for may be only likely, and then it is not red.
        (Some(cause), _) if cause.certainty == Certainty::Possible => {
            (*palette.warn, *palette.warn_soft, ICON_HELP)
        }
        (_, Verdict::Accepted) => (*palette.good, *palette.good_soft, ICON_CHECK_CIRCLE),
        (_, Verdict::Rejected) => (*palette.bad, *palette.bad_soft, ICON_ERROR),
        (_, Verdict::Unfinished | Verdict::Unknown) => {
            (*palette.warn, *palette.warn_soft, ICON_HOURGLASS_EMPTY)
        }
    };
    let (title, text) = match told {
        Some(cause) if cause.certainty == Certainty::Possible => {
            (format!("Likely: {}", cause.title), cause.detail.clone())
        }
        Some(cause) => (cause.title.clone(), cause.detail.clone()),
        None => analysis.without_cause(),
    };
    let split = split(state);
    let (color, soft, sign, title, text) = match &split {
        Some(split) if split.is_accepted_here && told.is_none() => (
            *palette.warn,
            *palette.warn_soft,
            ICON_CALL_SPLIT,
            split.title.clone(),
            split.text.clone(),
        ),
        _ => (color, soft, sign, title, text),
    };
    let others = told.map_or(0, |_| other_faults(state, &analysis.diagnosis.causes));
    draw::card(ui, soft, color, |ui| {
        ui.horizontal_top(|ui| {
            ui.label(
                egui::RichText::new(sign.codepoint)
                    .font(theme::icon(20.0))
                    .color(color),
            );
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 5.0;
                title_and_others(ui, &title, others, commands);
                detail(ui, &text);
                if let Some(split) = split.as_ref().filter(|_| told.is_some()) {
                    others_differ(ui, split);
                }
            });
        });
    });
}

/// How high the longest explanation of a step is.
fn tallest(ui: &Ui, analysis: &Analysis) -> f32 {
    let font = theme::text(size::BODY, Weight::Regular);
    let width = ui.available_width();
    let height = |words: &str| {
        let words = draw::drawn(words).into_owned();
        let galley = ui
            .painter()
            .layout(words, font.clone(), egui::Color32::PLACEHOLDER, width);
        galley.size().y
    };
    let steps = analysis.story.steps.iter();
    steps.map(|step| height(&step.explanation)).fold(0.0, f32::max)
}

/// Beside a cause: what is told above is the verdict here, and others came to another.
fn others_differ(ui: &mut Ui, split: &Split) {
    let warn = *theme::palette(ui).warn;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let sign = egui::RichText::new(ICON_CALL_SPLIT.codepoint);
        ui.label(sign.font(theme::icon(15.0)).color(warn));
        draw::body(ui, &split.title, warn);
    });
}

/// The causes beside the one that is told that are as certain as can be.
fn other_faults(state: &State, causes: &[Cause]) -> usize {
    let shown = shown_cause(state);
    let is_other = |(index, cause): &(usize, &Cause)| *index != shown && cause.certainty == Certainty::Proven;
    causes.iter().enumerate().filter(is_other).count()
}

fn title_and_others(ui: &mut Ui, title: &str, others: usize, commands: &mut Vec<Command>) {
    if others == 0 {
        ui.add(lead(ui, title).wrap());
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(7.0, 1.0);
        ui.add(lead(ui, title).wrap());
        let faults = if others == 1 { "fault" } else { "faults" };
        let words = format!("+{others} other {faults}");
        // Not a fault's colour: this is a way to them. It goes to the next line whole.
        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
        let link = ui.link(egui::RichText::new(words).font(theme::text(size::BODY, Weight::SemiBold)));
        if link.on_hover_text("Show them below").clicked() {
            commands.push(Command::Fold(FoldCommand::Open(Section::OtherFaults)));
        }
    });
}

fn lead(ui: &Ui, title: &str) -> egui::Label {
    let text = egui::RichText::new(draw::drawn(title))
        .font(theme::text(size::LEAD, Weight::SemiBold))
        .color(*theme::palette(ui).text_strong);
    egui::Label::new(text)
}

fn detail(ui: &mut Ui, text: &str) {
    if !text.is_empty() {
        let ink = *theme::palette(ui).text;
        draw::body(ui, text, ink);
    }
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
