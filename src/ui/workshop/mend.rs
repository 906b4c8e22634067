//! The mend: what is to be done, whether it holds, and a solution for who asks.

use egui::{Button, Margin, RichText, Ui, vec2};

use super::markdown;
use super::parts::{TEXT, hint_button, hints, quiet_link, words};
use crate::state::{Command, LessonHere, State, WorkshopCommand};
use crate::ui::draw;
use crate::ui::inspector;
use crate::ui::theme::{self, Weight, palette, size};
use crate::ui::widgets::{heading, primary_button};

/// Lesson or Set-up, above the panel.
pub fn switch(ui: &mut Ui, shows_setup: bool, commands: &mut Vec<Command>) {
    let p = palette(ui);
    ui.add_space(10.0);
    let frame = egui::Frame::new()
        .fill(*p.control)
        .corner_radius(theme::radius::CARD)
        .inner_margin(Margin::same(3));
    ui.horizontal(|ui| {
        ui.set_max_width(ui.available_width() - 12.0);
        frame.show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            let each = (ui.available_width() - 2.0) / 2.0;
            for (words, is_setup) in [("Lesson", false), ("Set-up", true)] {
                let is_here = shows_setup == is_setup;
                let ink = if is_here { *p.text_strong } else { *p.text_muted };
                let text = RichText::new(words)
                    .font(theme::text(size::BODY, Weight::Medium))
                    .color(ink);
                let button = Button::new(text).min_size(vec2(each, 28.0));
                let button = if is_here {
                    button.fill(*p.panel)
                } else {
                    button.frame_when_inactive(false)
                };
                let response = ui.add(button);
                response.widget_info(|| {
                    egui::WidgetInfo::selected(egui::Role::Button, true, is_here, format!("Show: {words}"))
                });
                if response.clicked() {
                    commands.push(Command::Workshop(WorkshopCommand::ShowSetup(is_setup)));
                }
            }
        });
    });
}

/// Shows it.
pub fn show(ui: &mut Ui, state: &State, here: LessonHere<'_>, commands: &mut Vec<Command>) {
    ui.add_space(2.0);
    heading(ui, "Mend it");
    markdown::show(ui, &here.lesson.task, TEXT);
    if here.attempt.is_mended() {
        done(ui, here);
        let record = here.record;
        if record.is_some_and(|record| record.solution_shown.is_some()) {
            draw::body(ui, "A solution was shown.", *palette(ui).text_muted);
        }
        if primary_button(ui, "", "Go on to its twin", vec2(140.0, 36.0)).clicked() {
            commands.push(Command::Workshop(WorkshopCommand::GoOn));
        }
        hints(ui, here);
        return;
    }
    not_yet(ui, here);
    ui.horizontal(|ui| {
        hint_button(ui, here, commands);
        let is_free = !state.is_running() && !here.attempt.is_making();
        ui.add_enabled_ui(is_free, |ui| {
            if primary_button(ui, "", "Open the set-up", vec2(130.0, 36.0)).clicked() {
                commands.push(Command::Workshop(WorkshopCommand::ShowSetup(true)));
            }
        });
    });
    if here.attempt.asks_solution {
        ask_solution(ui, commands);
    } else {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 14.0;
            if quiet_link(ui, "Show a solution").clicked() {
                commands.push(Command::Workshop(WorkshopCommand::AskSolution(true)));
            }
            if quiet_link(ui, "On to its twin").clicked() {
                commands.push(Command::Workshop(WorkshopCommand::GoOn));
            }
        });
    }
    hints(ui, here);
}

/// It holds: what the engine saw.
fn done(ui: &mut Ui, here: LessonHere<'_>) {
    let p = palette(ui);
    let Some(analysis) = &here.attempt.mended else {
        return;
    };
    let (title, _) = inspector::answer_of(analysis);
    draw::card(ui, *p.good_soft, *p.good, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        words(ui, "Done", TEXT + 1.5, Weight::Bold);
        let verdict = analysis.diagnosis.verdict.word();
        draw::body(
            ui,
            &format!(
                "The engine saw: the handshake is {verdict}. {}.",
                title.trim_end_matches('.')
            ),
            *p.text,
        );
    });
}

/// What the last run does not meet.
fn not_yet(ui: &mut Ui, here: LessonHere<'_>) {
    let p = palette(ui);
    let Some(misses) = &here.attempt.misses else {
        draw::body(
            ui,
            "Change the set-up, or apply a fix under Why. Each run is looked at.",
            *p.text_muted,
        );
        return;
    };
    draw::card(ui, *p.warn_soft, *p.warn, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        words(ui, "Not yet", TEXT, Weight::SemiBold);
        for miss in misses {
            let words = format!("Wanted: {}. In this run: {}.", miss.asked, miss.found);
            draw::body(ui, &words, *p.text);
        }
    });
}

fn ask_solution(ui: &mut Ui, commands: &mut Vec<Command>) {
    let p = palette(ui);
    draw::card(ui, *p.card, *p.border, |ui| {
        draw::body(
            ui,
            "Put a solution into the set-up and run it? That is noted; nothing else comes of it.",
            *p.text,
        );
        ui.horizontal(|ui| {
            if ui.button("Show it").clicked() {
                commands.push(Command::Workshop(WorkshopCommand::ShowSolution));
            }
            if ui.button("Keep trying").clicked() {
                commands.push(Command::Workshop(WorkshopCommand::AskSolution(false)));
            }
        });
    });
}
