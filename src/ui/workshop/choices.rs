//! The answers as cards: to choose one, locked while it plays, and beside what happened at the end.

use egui::text::LayoutJob;
use egui::{Color32, CornerRadius, Role, Sense, Stroke, StrokeKind, TextFormat, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons::{ICON_CHECK, ICON_CLOSE};

use crate::lesson::{Choice, Letter};
use crate::state::{Command, LessonHere, WorkshopCommand};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, palette, radius};

/// Around what stands on a card.
const INSIDE: f32 = 13.0;
/// For the letter.
const LETTER: f32 = 22.0;
/// For the sign at the right.
const SIGN: f32 = 22.0;

/// How an answer is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open { is_chosen: bool },
    Locked { is_guess: bool },
    Told { is_guess: bool, is_right: bool },
}

/// The answers, to choose one.
pub fn open(ui: &mut Ui, here: LessonHere<'_>, commands: &mut Vec<Command>) {
    each(ui, here, |ui, letter, choice| {
        let is_chosen = here.attempt.chosen == Some(letter);
        if card(ui, letter, choice, Kind::Open { is_chosen }) {
            commands.push(Command::Workshop(WorkshopCommand::Choose(letter)));
        }
    });
}

/// The answers while it plays.
pub fn locked(ui: &mut Ui, here: LessonHere<'_>) {
    each(ui, here, |ui, letter, choice| {
        let is_guess = here.guess() == Some(letter);
        card(ui, letter, choice, Kind::Locked { is_guess });
    });
}

/// The answers beside what happened.
pub fn told(ui: &mut Ui, here: LessonHere<'_>) {
    each(ui, here, |ui, letter, choice| {
        let kind = Kind::Told {
            is_guess: here.guess() == Some(letter),
            is_right: here.is_right(letter),
        };
        card(ui, letter, choice, kind);
    });
}

fn each(ui: &mut Ui, here: LessonHere<'_>, mut add: impl FnMut(&mut Ui, Letter, &Choice)) {
    for (letter, choice) in Letter::ALL.into_iter().zip(&here.case().choices) {
        add(ui, letter, choice);
        ui.add_space(2.0);
    }
}

struct Look {
    fill: Color32,
    border: Color32,
    letter: Color32,
    text: Color32,
    sign: Option<(&'static str, Color32)>,
}

fn look(ui: &Ui, kind: Kind, is_lit: bool) -> Look {
    let p = palette(ui);
    let quiet = Look {
        fill: *p.control,
        border: *p.border,
        letter: *p.text_strong,
        text: *p.text,
        sign: None,
    };
    match kind {
        Kind::Open { is_chosen: true } | Kind::Locked { is_guess: true } => Look {
            fill: *p.selected,
            border: *p.accent,
            letter: *p.accent,
            text: *p.text_strong,
            sign: None,
        },
        Kind::Open { is_chosen: false } => Look {
            fill: if is_lit { *p.control_hover } else { *p.control },
            ..quiet
        },
        Kind::Locked { is_guess: false } => Look {
            fill: *p.panel,
            letter: *p.text_muted,
            text: *p.text_muted,
            ..quiet
        },
        Kind::Told { is_right: true, .. } => Look {
            fill: *p.good_soft,
            border: *p.good,
            letter: *p.good,
            text: *p.text_strong,
            sign: Some((ICON_CHECK.codepoint, *p.good)),
        },
        Kind::Told { is_guess: true, .. } => Look {
            fill: *p.bad_soft,
            border: *p.bad,
            letter: *p.bad,
            text: *p.text_strong,
            sign: Some((ICON_CLOSE.codepoint, *p.bad)),
        },
        Kind::Told { .. } => Look {
            fill: *p.panel,
            ..quiet
        },
    }
}

/// A card; whether it was chosen.
fn card(ui: &mut Ui, letter: Letter, choice: &Choice, kind: Kind) -> bool {
    let width = ui.available_width();
    let (is_open, because) = match kind {
        Kind::Open { .. } => (true, None),
        Kind::Locked { .. } => (false, None),
        Kind::Told { .. } => (false, Some(choice.because.as_str())),
    };
    let room = width - 2.0 * INSIDE - LETTER - if because.is_some() { SIGN } else { 0.0 };
    let lay = |ui: &Ui, text: &str, points: f32, weight: Weight, room: f32| {
        let format = TextFormat {
            line_height: Some(points * 1.4),
            ..TextFormat::simple(theme::text(points, weight), Color32::PLACEHOLDER)
        };
        let mut job = LayoutJob::single_section(draw::drawn(text).into_owned(), format);
        job.wrap.max_width = room;
        ui.painter().layout_job(job)
    };
    let title = lay(ui, &choice.text, 14.0, Weight::Medium, room);
    let below = because.map(|because| lay(ui, because, 13.0, Weight::Regular, width - 2.0 * INSIDE));
    let below_height = below.as_ref().map_or(0.0, |below| below.size().y + 5.0);
    let height = title.size().y + below_height + 2.0 * (INSIDE - 2.0);
    let sense = if is_open { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), sense);
    let spoken = spoken(letter, choice, kind);
    response.widget_info(|| match kind {
        Kind::Open { is_chosen } => WidgetInfo::selected(Role::RadioButton, true, is_chosen, &spoken),
        _ => WidgetInfo::labeled(Role::Label, true, &spoken),
    });
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    let look = look(ui, kind, response.hovered());
    let border = if response.has_focus() {
        *palette(ui).accent
    } else {
        look.border
    };
    let corner = CornerRadius::same(radius::CARD);
    let painter = ui.painter();
    painter.rect(
        rect,
        corner,
        look.fill,
        Stroke::new(1.0, border),
        StrokeKind::Inside,
    );
    let at = rect.min + vec2(INSIDE, INSIDE - 2.0);
    // On the line of the answer's first row.
    let middle = at.y + 14.0 * 0.7;
    painter.text(
        pos2(at.x, middle),
        egui::Align2::LEFT_CENTER,
        letter.to_string(),
        theme::text(14.0, Weight::Bold),
        look.letter,
    );
    let under = at.y + title.size().y + 5.0;
    painter.galley(pos2(at.x + LETTER, at.y), title, look.text);
    if let Some(below) = below {
        painter.galley(pos2(at.x, under), below, *palette(ui).text);
    }
    if let Some((sign, ink)) = look.sign {
        draw::icon(
            painter,
            pos2(rect.right() - INSIDE - 7.0, middle),
            sign,
            18.0,
            ink,
        );
    }
    response.clicked()
}

/// The same for a screen reader.
fn spoken(letter: Letter, choice: &Choice, kind: Kind) -> String {
    let text = draw::drawn(&choice.text);
    match kind {
        Kind::Open { .. } | Kind::Locked { is_guess: false } => format!("{letter}: {text}"),
        Kind::Locked { is_guess: true } => format!("{letter}: {text}. Your guess"),
        Kind::Told { is_guess, is_right } => format!(
            "{letter}: {text}. {}{}. {}",
            if is_right { "Right" } else { "Wrong" },
            if is_guess { ", your guess" } else { "" },
            draw::drawn(&choice.because)
        ),
    }
}
