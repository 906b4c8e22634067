//! What other stacks say about exactly these files: a row for each, the run's own first, and why they disagree.

mod agree;
mod disagree;
mod exact;
mod line;
mod row;
mod words;

use egui::{Role, Ui, WidgetInfo};
use egui_material_icons::icons::{ICON_CLOSE, ICON_REFRESH};

pub(super) use words::{Split, split};

use crate::analysis::Analysis;
use crate::capture::Side;
use crate::printable::drawn;
use crate::state::{Asked, Command, OpinionCommand, Own, Round, State, verdict_verb};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

const HEADING: &str = "What other stacks say about exactly these files";

/// The section; nothing where nobody can be asked.
pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    if !state.can_ask_stacks() {
        return;
    }
    let asked = state.asked_stacks();
    ui.add_space(6.0);
    let Some(asked) = asked else {
        on_record(ui, analysis);
        offer(ui, commands);
        return;
    };
    heading(ui, state, commands);
    let Some(round) = state.shown_round(asked) else {
        return;
    };
    let is_old = state.is_asked_before_change(asked);
    when_and_by_what(ui, state, asked, round, is_old);
    judges(ui, asked, (round, is_old), commands);
    let own = Own::of(&asked.of, round.judge);
    // What was said of other files is not what is said of these.
    ui.scope(|ui| {
        if is_old {
            ui.multiply_opacity(0.6);
        }
        rows(ui, state, (asked, is_old), round, own.as_ref(), commands);
    });
    if asked.is_over && !is_old {
        disagree::show(ui, state, analysis, round, own.as_ref());
        agree::show(ui, state, analysis, commands);
    }
    ui.add_space(6.0);
}

/// The heading, with what can be done at its right.
fn heading(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 24.0;
        ui.spacing_mut().button_padding.y = 2.0;
        let (sign, text, command) = if state.is_asking() {
            (ICON_CLOSE, "Cancel", OpinionCommand::Cancel)
        } else {
            (ICON_REFRESH, "Ask again", OpinionCommand::Ask)
        };
        let width = ui.available_width() - 104.0;
        ui.allocate_ui_with_layout(
            egui::vec2(width, 24.0),
            egui::Layout::left_to_right(egui::Align::Center).with_main_wrap(true),
            |ui| {
                ui.set_width(width);
                let text = egui::RichText::new(HEADING.to_uppercase())
                    .font(theme::text(size::HEADING, Weight::SemiBold))
                    .color(*theme::palette(ui).text_muted);
                let label = ui.add(egui::Label::new(text).wrap());
                label.widget_info(|| WidgetInfo::labeled(Role::Heading, true, HEADING));
            },
        );
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let sign = egui::RichText::new(sign.codepoint).font(theme::icon(14.0));
            let response = ui.add(egui::Button::new((sign, text)));
            let spoken = if command == OpinionCommand::Cancel {
                "Cancel asking other stacks"
            } else {
                "Ask the stacks on this machine again"
            };
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken));
            if response.clicked() {
                commands.push(Command::Opinion(command));
            }
        });
    });
}

/// Before anybody is asked, the record speaks, of those who decide otherwise than the run; and says that it does.
fn on_record(ui: &mut Ui, analysis: &Analysis) {
    for line in words::on_record(analysis) {
        draw::body(ui, &line, *theme::palette(ui).text_muted);
        ui.add_space(4.0);
    }
}

/// Nobody was asked yet.
fn offer(ui: &mut Ui, commands: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(10.0, 4.0);
        let words = "Ask the stacks on this machine";
        let button = ui.button(words);
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
        if button
            .on_hover_text("A real handshake with each; private keys stay in this window")
            .clicked()
        {
            commands.push(Command::Opinion(OpinionCommand::Ask));
        }
    });
}

fn when_and_by_what(ui: &mut Ui, state: &State, asked: &Asked, round: &Round, is_old: bool) {
    let judge = words::name(&asked.of, round.judge);
    let roots = match round.trusted {
        0 => format!("with no root at all, as {judge} trusts none"),
        1 => format!("with the root that {judge} trusts"),
        many => format!("with the {many} roots that {judge} trusts"),
    };
    let line = if !asked.is_over {
        let seconds = state.now_unix_s.saturating_sub(asked.at_unix_s).max(0);
        format!("Asking on this machine, {roots}… {seconds} s")
    } else if is_old {
        format!("Asked before the change, {roots}.")
    } else {
        let when = words::ago(state.now_unix_s.saturating_sub(asked.at_unix_s));
        match words::answered_before_cancel(round) {
            Some((answered, all)) => format!("Cancelled {when}: {answered} of {all} had answered, {roots}."),
            None => format!("Asked {when} on this machine, {roots}."),
        }
    };
    let ink = *theme::palette(ui).text_muted;
    draw::body(ui, &line, ink);
}

/// Both sides judge: which of them is shown, and how many differ there.
fn judges(ui: &mut Ui, asked: &Asked, (shown, is_old): (&Round, bool), commands: &mut Vec<Command>) {
    if asked.rounds.len() < 2 {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(6.0, 4.0);
        for round in &asked.rounds {
            let (judge, peer) = (round.judge, round.judge.peer());
            let own = Own::of(&asked.of, judge);
            let mut text = format!("{} judges {}", capital(judge), words::short_name(&asked.of, peer));
            // Against a run that never judged this chain nobody can be; and what was said of other files is no news of these.
            let own = own.filter(|_| !is_old);
            let against = own.as_ref().map_or(0, |own| round.against(Some(own)).len());
            if let Some(own) = own.as_ref().filter(|_| against > 0) {
                text += &format!(" · {against} {}", verdict_verb(own.accepts, against));
            }
            let is_shown = judge == shown.judge;
            let ink = if is_shown {
                *theme::palette(ui).text_strong
            } else {
                *theme::palette(ui).text_muted
            };
            let label = egui::RichText::new(drawn(&text))
                .font(theme::text(size::SMALL + 0.5, Weight::Medium))
                .color(ink);
            let response = ui.selectable_label(is_shown, label);
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_shown, &text));
            if response.clicked() {
                commands.push(Command::Opinion(OpinionCommand::Show(judge)));
            }
        }
    });
}

fn capital(side: Side) -> &'static str {
    match side {
        Side::Client => "The client",
        Side::Server => "The server",
    }
}

fn rows(
    ui: &mut Ui,
    state: &State,
    (asked, is_old): (&Asked, bool),
    round: &Round,
    own: Option<&Own>,
    commands: &mut Vec<Command>,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    row::own(ui, own, is_old);
    if round.rows.is_empty() {
        let ink = *theme::palette(ui).text_muted;
        ui.add_space(6.0);
        let line = if asked.is_over {
            "Cancelled before any stack was found."
        } else {
            "Looking for the stacks on this machine…"
        };
        draw::body(ui, line, ink);
        return;
    }
    // While they are being asked each keeps its place.
    let all = if asked.is_over {
        round.sorted(own)
    } else {
        round.rows.iter().collect()
    };
    for one in all {
        let is_open = state.is_opinion_open(round.judge, one.stack);
        // One is asked and the others wait for their turn.
        let waits = match (asked.is_over, one.asked_since_unix_s) {
            (true, _) => row::Waits::No,
            (false, Some(since)) => row::Waits::Asked(state.now_unix_s.saturating_sub(since).max(0)),
            (false, None) => row::Waits::ForItsTurn,
        };
        let given = state.settings.programs.contains_key(&one.stack);
        row::show(ui, (round, one), (waits, given), is_open, commands);
    }
    if !round.rows.iter().any(crate::state::Row::is_here) {
        ui.add_space(8.0);
        let ink = *theme::palette(ui).text;
        draw::body(
            ui,
            "No other stack is installed here, so nobody could be asked.",
            ink,
        );
    }
}
