//! A line of the table, painted: a sign, a name, a release, words, and how long it took. Words that find no room have a line
//! of their own.

use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};
use egui_material_icons::icons::{
    ICON_CHECK, ICON_CLOSE, ICON_EXPAND_LESS, ICON_EXPAND_MORE, ICON_MORE_HORIZ, ICON_QUESTION_MARK,
    ICON_REMOVE,
};

use crate::ui::draw;
use crate::ui::theme::{self, Palette, Weight, size};

/// A line whose words have room beside the name.
pub(super) const HEIGHT: f32 = 34.0;
/// So much higher where the words have a line of their own.
const SECOND: f32 = 18.0;
/// Room for how long it took.
const FOR_MS: f32 = 64.0;
/// From here on there is room for more than the words.
pub(super) const WIDE: f32 = 440.0;
/// Room for the link.
pub(super) const FOR_LINK: f32 = 76.0;

/// What stands at the left.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    Accepts,
    Refuses,
    /// It gave no verdict.
    Silent,
    /// It is being asked.
    Waiting,
    Absent,
}

/// One line of the table.
pub(super) struct Line<'a> {
    pub sign: Sign,
    pub name: &'a str,
    pub version: &'a str,
    pub words: &'a str,
    pub ms: &'a str,
}

/// What stands at a row's right end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Nothing,
    /// It opens, or folds.
    Opens,
    Folds,
    /// A link: it can be said where the program is.
    Offer,
}

impl End {
    pub(super) fn of(can_open: bool, is_open: bool) -> Self {
        match (can_open, is_open) {
            (false, _) => Self::Nothing,
            (true, false) => Self::Opens,
            (true, true) => Self::Folds,
        }
    }
}

/// Where the parts of a line stand, from its left end.
struct Parts {
    version: f32,
    for_version: f32,
    words: f32,
    /// Where the words end that stand in the first line.
    until: f32,
    /// What took how long ends here.
    right: f32,
    /// The words have no room in the first line, and a line of their own.
    has_two_lines: bool,
}

/// A name's left end, and that of words in a line of their own.
const NAME: f32 = 28.0;

fn words_font() -> FontId {
    theme::text(size::BODY - 0.5, Weight::Regular)
}

fn parts(ui: &Ui, width: f32, line: &Line<'_>, pill: Option<&str>, end: End) -> Parts {
    let width_of = |text: &str, font: FontId| {
        let text = draw::drawn(text).into_owned();
        ui.painter()
            .layout_no_wrap(text, font, Color32::PLACEHOLDER)
            .size()
            .x
    };
    let small = theme::text(size::SMALL, Weight::Regular);
    // Where there is little room, the words have it.
    let for_version = if width >= WIDE { 60.0 } else { 42.0 };
    let version = 94.0;
    let right = match end {
        End::Offer => width - FOR_LINK,
        End::Nothing | End::Opens | End::Folds => width - 22.0,
    };
    let for_ms = if end == End::Offer { 4.0 } else { 46.0 };
    let ms = width_of(line.ms, small.clone()).min(FOR_MS);
    let mut until = (right - ms - 8.0).min(right - for_ms);
    if let Some(pill) = pill {
        until -= width_of(pill, small) + 16.0 + 8.0;
    }
    // What is not here has no version.
    let words = if line.version.is_empty() && line.name != "rustls" {
        version
    } else {
        version + for_version + 8.0
    };
    Parts {
        version,
        for_version,
        words,
        until,
        right,
        has_two_lines: width_of(line.words, words_font()) > until - words,
    }
}

/// How high the line is.
pub(super) fn height(ui: &Ui, line: &Line<'_>, pill: Option<&str>, end: End) -> f32 {
    if parts(ui, ui.available_width(), line, pill, end).has_two_lines {
        HEIGHT + SECOND
    } else {
        HEIGHT
    }
}

/// Paints a line; whether its words had to be cut.
pub(super) fn paint(ui: &Ui, rect: Rect, line: &Line<'_>, pill: Option<&str>, end: End) -> bool {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let stroke = Stroke::new(1.0, *palette.border);
    painter.hline(rect.x_range(), rect.top(), stroke);
    let parts = parts(ui, rect.width(), line, pill, end);
    let y = rect.top() + HEIGHT / 2.0;
    let left = rect.left();
    sign(painter, pos2(left + 11.0, y), line.sign, palette);
    let is_absent = matches!(line.sign, Sign::Absent);
    let strong = if is_absent {
        *palette.text_muted
    } else {
        *palette.text_strong
    };
    let name = theme::text(size::TITLE, Weight::SemiBold);
    draw::line(
        painter,
        pos2(left + NAME, y),
        Align2::LEFT_CENTER,
        line.name,
        name,
        strong,
        66.0,
    );
    let small = theme::text(size::SMALL, Weight::Regular);
    draw::line(
        painter,
        pos2(left + parts.version, y),
        Align2::LEFT_CENTER,
        line.version,
        small.clone(),
        *palette.text_muted,
        parts.for_version,
    );
    let chevron = match end {
        End::Opens => Some(ICON_EXPAND_MORE),
        End::Folds => Some(ICON_EXPAND_LESS),
        End::Nothing | End::Offer => None,
    };
    if let Some(chevron) = chevron {
        draw::icon(
            painter,
            pos2(rect.right() - 9.0, y),
            chevron.codepoint,
            17.0,
            *palette.text_muted,
        );
    }
    draw::line(
        painter,
        pos2(left + parts.right, y),
        Align2::RIGHT_CENTER,
        line.ms,
        small,
        *palette.text_muted,
        FOR_MS,
    );
    if let Some(pill) = pill {
        paint_pill(painter, pos2(left + parts.until + 8.0, y), pill, palette);
    }
    let ink = match line.sign {
        Sign::Refuses => *palette.bad,
        Sign::Silent if line.version.is_empty() && line.name != "rustls" => *palette.text_muted,
        Sign::Silent => *palette.warn,
        Sign::Accepts => *palette.text,
        Sign::Waiting | Sign::Absent => *palette.text_muted,
    };
    let (at, until) = if parts.has_two_lines {
        (pos2(left + NAME, y + SECOND + 1.0), rect.width() - 22.0)
    } else {
        (pos2(left + parts.words, y), parts.until)
    };
    let room = until - (at.x - left);
    let text = draw::drawn(line.words).into_owned();
    let needed = painter.layout_no_wrap(text, words_font(), ink).size().x;
    draw::line(
        painter,
        at,
        Align2::LEFT_CENTER,
        line.words,
        words_font(),
        ink,
        room,
    );
    needed > room
}

/// A pill that begins at `at`.
fn paint_pill(painter: &Painter, at: Pos2, text: &str, palette: &Palette) {
    let font = theme::text(size::SMALL, Weight::Regular);
    let galley = painter.layout_no_wrap(text.to_owned(), font, *palette.accent);
    let size = galley.size() + vec2(16.0, 5.0);
    let rect = Rect::from_min_size(pos2(at.x, at.y - size.y / 2.0), size);
    let corner = (rect.height() / 2.0) as u8;
    let stroke = Stroke::new(1.0, *palette.accent);
    painter.rect_stroke(rect, corner, stroke, egui::StrokeKind::Inside);
    painter.galley(rect.min + vec2(8.0, 2.5), galley, *palette.accent);
}

fn sign(painter: &Painter, at: Pos2, sign: Sign, palette: &Palette) {
    const RADIUS: f32 = 8.5;
    let badge = |fill: Color32, icon: &str| draw::badge(painter, at, RADIUS, fill, icon, *palette.panel);
    match sign {
        Sign::Accepts => badge(*palette.good, ICON_CHECK.codepoint),
        Sign::Refuses => badge(*palette.bad, ICON_CLOSE.codepoint),
        Sign::Silent => badge(*palette.warn, ICON_QUESTION_MARK.codepoint),
        Sign::Waiting => {
            painter.circle_stroke(at, RADIUS - 0.5, Stroke::new(1.0, *palette.text_muted));
            draw::icon(painter, at, ICON_MORE_HORIZ.codepoint, 12.0, *palette.text_muted);
        }
        Sign::Absent => {
            let ring: Vec<Pos2> = (0..=32)
                .map(|step| {
                    let angle = step as f32 * std::f32::consts::TAU / 32.0;
                    at + (RADIUS - 0.5) * vec2(angle.cos(), angle.sin())
                })
                .collect();
            let stroke = Stroke::new(1.0, *palette.text_muted);
            painter.add(Shape::Vec(Shape::dashed_line(&ring, stroke, 2.6, 2.6)));
            draw::icon(painter, at, ICON_REMOVE.codepoint, 12.0, *palette.text_muted);
        }
    }
}
