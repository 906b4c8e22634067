//! A lesson in the left panel: its question, the run, guess and outcome, the mend, its twin.

use egui::{Align, Button, Layout, RichText, ScrollArea, Ui, vec2};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_HELP, ICON_LIGHTBULB, ICON_RESTART_ALT};

use super::parts::{TEXT, hint_button, hints, quiet_link, words};
use super::{choices, markdown, mend};
use crate::state::{Command, LessonHere, LessonStep, State, WorkshopCommand, key_for};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, palette, size};
use crate::ui::widgets::{heading, primary_button, small_icon_button};
use crate::ui::{inspector, setup};

/// Width of the scroll bar's strip at the right.
const SCROLL_BAR_STRIP: f32 = 12.0;
const TITLE: f32 = 23.0;

/// Shows the lesson, or the set-up in its place while it is to be mended.
pub fn show(ui: &mut Ui, state: &State, here: LessonHere<'_>, commands: &mut Vec<Command>) {
    if here.attempt.step == LessonStep::Mend {
        mend::switch(ui, here.attempt.shows_setup, commands);
        if here.attempt.shows_setup {
            setup::show(ui, state, commands);
            return;
        }
    }
    // Notes lie over the panel's foot; half of it stays in any case.
    let height = ui.available_height();
    let free = (height - crate::ui::notes::height(ui.ctx())).max(height * 0.5);
    ScrollArea::vertical()
        .id_salt(("lesson", here.lesson.id.as_str(), here.attempt.step as usize))
        .max_height(free)
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.set_max_width(ui.available_width() - SCROLL_BAR_STRIP);
            ui.spacing_mut().item_spacing.y = 8.0;
            ui.add_space(14.0);
            head(ui, here, commands);
            ui.add_space(4.0);
            words(ui, &here.lesson.title, TITLE, Weight::Bold);
            match here.attempt.step {
                LessonStep::Predict | LessonStep::TwinPredict => question(ui, here, commands),
                LessonStep::Watch | LessonStep::TwinWatch => watch(ui, here),
                LessonStep::Compare => compare(ui, state, here, commands),
                LessonStep::TwinCompare => twin_told(ui, state, here, commands),
                LessonStep::Mend => mend::show(ui, state, here, commands),
            }
            if let Some(trouble) = &here.attempt.trouble {
                draw::body(ui, trouble, *palette(ui).bad);
            }
            foot(ui, here, commands);
        });
}

/// Which pack, which lesson of how many.
fn head(ui: &mut Ui, here: LessonHere<'_>, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let (number, count) = (here.index + 1, here.pack.lessons.len());
    ui.horizontal(|ui| {
        let words = format!("{number} of {count}");
        let font = theme::text(size::SMALL + 1.0, Weight::Medium);
        let galley = ui
            .painter()
            .layout_no_wrap(words.clone(), font.clone(), *p.text_muted);
        let room = ui.available_width() - galley.size().x - 46.0;
        let small = theme::text(size::SMALL, Weight::Regular);
        let whole = format!("Workshop · {}", here.pack.title());
        let fits = !draw::is_cut(ui.painter(), &whole, &small, room);
        let title = if fits { &whole } else { here.pack.title() };
        let title = draw::middle_cut(ui.painter(), &draw::drawn(title), &small, room);
        ui.scope(|ui| {
            ui.spacing_mut().button_padding = vec2(9.0, 2.0);
            ui.spacing_mut().interact_size.y = 22.0;
            let text = RichText::new(title).font(small).color(*p.text_muted);
            let pill = ui.add(Button::new(text).fill(*p.panel).corner_radius(11));
            if pill.on_hover_text("To the list of lessons").clicked() {
                commands.push(Command::Workshop(WorkshopCommand::ShowList));
            }
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(words).font(font).color(*p.text_muted));
        });
    });
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 5.0), egui::Sense::hover());
    let mut done = rect;
    done.set_width(rect.width() * number as f32 / count.max(1) as f32);
    ui.painter().rect_filled(rect, 2.5, *p.control_active);
    ui.painter().rect_filled(done, 2.5, *p.good);
}

/// The question with its answers, before the run.
fn question(ui: &mut Ui, here: LessonHere<'_>, commands: &mut Vec<Command>) {
    let is_twin = here.attempt.step.is_twin();
    if is_twin {
        draw::body(
            ui,
            "The same idea once more, in another handshake.",
            *palette(ui).text,
        );
    } else {
        markdown::show(ui, &here.lesson.body, TEXT);
    }
    ui.add_space(6.0);
    heading(
        ui,
        if is_twin {
            "The twin: before you press play"
        } else {
            "Before you press play"
        },
    );
    words(ui, &here.case().question, TEXT, Weight::SemiBold);
    choices::open(ui, here, commands);
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        if !is_twin {
            hint_button(ui, here, commands);
        }
        let is_ready = here.attempt.chosen.is_some() && !here.attempt.is_making();
        ui.add_enabled_ui(is_ready, |ui| {
            let play = primary_button(ui, "", "Play and see", vec2(118.0, 36.0));
            if play.on_disabled_hover_text("Choose an answer first").clicked() {
                commands.push(Command::Workshop(WorkshopCommand::Play));
            }
        });
    });
    if quiet_link(ui, "Skip the guess").clicked() {
        commands.push(Command::Workshop(WorkshopCommand::SkipGuess));
    }
    if !is_twin {
        hints(ui, here);
    }
}

/// While it plays.
fn watch(ui: &mut Ui, here: LessonHere<'_>) {
    words(ui, &here.case().question, TEXT, Weight::SemiBold);
    choices::locked(ui, here);
    let words = if here.guess().is_some() {
        "Your guess is locked. Watch: what happened is told at the end. → goes a step forward, End to the end."
    } else {
        "You went on without a guess. What happened is told at the end. → goes a step forward, End to the end."
    };
    draw::body(ui, words, *palette(ui).text_muted);
}

/// Guess and outcome side by side.
fn compare(ui: &mut Ui, state: &State, here: LessonHere<'_>, commands: &mut Vec<Command>) {
    outcome(ui, state, here);
    heading(ui, "A myth");
    markdown::quote(ui, &here.lesson.myth, TEXT);
    ui.add_space(4.0);
    heading(ui, "What it means");
    markdown::show(ui, &here.lesson.reveal, TEXT);
    ui.add_space(4.0);
    if primary_button(ui, "", "Mend it", vec2(118.0, 36.0)).clicked() {
        commands.push(Command::Workshop(WorkshopCommand::GoOn));
    }
}

/// Whether the guess was right, what happened, and each answer with its reason.
fn outcome(ui: &mut Ui, state: &State, here: LessonHere<'_>) {
    let p = palette(ui);
    let (sign, ink, told) = match here.guess() {
        None => (ICON_HELP, *p.text_muted, "No guess this time".to_owned()),
        Some(letter) if here.is_right(letter) => {
            (ICON_CHECK_CIRCLE, *p.good, format!("You guessed {letter}: right"))
        }
        Some(letter) => (
            ICON_LIGHTBULB,
            *p.warn,
            format!("You guessed {letter}: it went another way"),
        ),
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.label(RichText::new(sign.codepoint).font(theme::icon(20.0)).color(ink));
        words(ui, &told, TEXT + 1.0, Weight::SemiBold);
    });
    if let Some(analysis) = state.analysis() {
        let (title, _) = inspector::answer_of(analysis);
        draw::body(
            ui,
            &format!("What happened: {}.", title.trim_end_matches('.')),
            *p.text,
        );
    }
    ui.add_space(2.0);
    words(ui, &here.case().question, TEXT, Weight::SemiBold);
    choices::told(ui, here);
    ui.add_space(4.0);
}

/// The twin's outcome, and the way on.
fn twin_told(ui: &mut Ui, state: &State, here: LessonHere<'_>, commands: &mut Vec<Command>) {
    outcome(ui, state, here);
    let is_last = here.index + 1 == here.pack.lessons.len();
    let (words, command) = if is_last {
        ("To the list of lessons", WorkshopCommand::ShowList)
    } else {
        ("Next lesson", WorkshopCommand::StepLesson(1))
    };
    if primary_button(ui, "", words, vec2(118.0, 36.0)).clicked() {
        commands.push(Command::Workshop(command));
    }
}

/// The ways to other lessons, and to begin anew.
fn foot(ui: &mut Ui, here: LessonHere<'_>, commands: &mut Vec<Command>) {
    ui.add_space(8.0);
    ui.separator();
    ui.horizontal(|ui| {
        let last = here.pack.lessons.len().saturating_sub(1);
        let mut step = |ui: &mut Ui, is_enabled: bool, words: &str, by: i32| {
            let button = Button::new(words).min_size(vec2(0.0, 28.0));
            if ui.add_enabled(is_enabled, button).clicked() {
                commands.push(Command::Workshop(WorkshopCommand::StepLesson(by)));
            }
        };
        step(ui, here.index > 0, "Previous", -1);
        step(ui, here.index < last, "Next", 1);
        let reset = Command::Workshop(WorkshopCommand::Reset);
        let words = match key_for(&reset) {
            Some(key) => format!("Begin the lesson anew ({key})"),
            None => "Begin the lesson anew".to_owned(),
        };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if small_icon_button(ui, ICON_RESTART_ALT.codepoint, &words).clicked() {
                commands.push(reset);
            }
        });
    });
    ui.add_space(10.0);
}
