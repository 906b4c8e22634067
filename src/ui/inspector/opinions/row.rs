//! One stack: its sign, version and words in a line, which opens to the command and all that it wrote.

use egui::{
    Align2, Color32, Id, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};
use egui_material_icons::icons::{
    ICON_CHECK, ICON_CLOSE, ICON_EXPAND_LESS, ICON_EXPAND_MORE, ICON_MORE_HORIZ, ICON_QUESTION_MARK,
    ICON_REMOVE,
};

pub(super) use super::words::Waits;
use super::{exact, words};
use crate::opinion::{NoAnswer, Presence, Said};
use crate::printable::{printable, printable_lines, shortened};
use crate::state::{Command, OpinionCommand, Own, Round, Row};
use crate::ui::draw;
use crate::ui::theme::{self, Palette, Weight, size};

const HEIGHT: f32 = 34.0;
/// From here on there is room for more than the words.
const WIDE: f32 = 440.0;

/// What stands at the left.
#[derive(Clone, Copy)]
enum Sign {
    Accepts,
    Refuses,
    /// It gave no verdict.
    Silent,
    /// It is being asked.
    Waiting,
    Absent,
}

/// One line of the table.
struct Line<'a> {
    sign: Sign,
    name: &'a str,
    version: &'a str,
    words: &'a str,
    ms: &'a str,
}

/// The run's own verdict: the first row.
pub(super) fn own(ui: &mut Ui, own: Option<&Own>) {
    let (sign, said, ms) = match own {
        Some(own) if own.accepts => (Sign::Accepts, "good", time(own.took_us)),
        Some(own) => (Sign::Refuses, own.words.as_str(), time(own.took_us)),
        None => (
            Sign::Silent,
            "it ended before this chain was judged",
            String::new(),
        ),
    };
    let line = Line {
        sign,
        name: "rustls",
        version: "",
        words: said,
        ms: &ms,
    };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Label,
            true,
            format!("rustls, the verdict of this run: {said}"),
        )
    });
    // A refusal has words, and needs the room for them.
    let is_short = rect.width() < WIDE || own.is_some_and(|own| !own.accepts);
    let pill = if is_short {
        "this run"
    } else {
        "the verdict of this run"
    };
    if paint(ui, rect, &line, (own.is_some()).then_some(pill), End::Nothing) {
        let whole = printable_lines(&shortened(said, 2000)).into_owned();
        response.on_hover_text(format!("rustls\n{whole}"));
    }
}

fn time(took_us: u64) -> String {
    let ms = took_us as f64 / 1000.0;
    if ms < 10.0 {
        format!("{ms:.1} ms")
    } else {
        format!("{ms:.0} ms")
    }
}

fn cannot_be_asked(row: &Row) -> bool {
    let said = row.opinion.as_deref().map(|opinion| &opinion.said);
    matches!(said, Some(Said::NoAnswer(NoAnswer::CannotBeAsked(_))))
}

/// How long a stack took: starting a program is told in seconds where it takes some.
fn took(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        1000..100_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        _ => format!("{} s", ms / 1000),
    }
}

/// The row of a stack. `given`: the user says where its program is.
pub(super) fn show(
    ui: &mut Ui,
    (round, row): (&Round, &Row),
    (waits, given): (Waits, bool),
    is_open: bool,
    commands: &mut Vec<Command>,
) {
    let said = words::said(row, waits);
    let said_in_line = printable(&shortened(said.lines().next().unwrap_or_default(), 300)).into_owned();
    let version = match &row.presence {
        Presence::Installed { version, .. } => printable(&shortened(version, 80)).into_owned(),
        Presence::Absent { .. } | Presence::Unusable { .. } => String::new(),
    };
    // What else it says there is the version of its library: `3.11.2 (OpenSSL 3.0.22)`.
    let version_alone = version.split(' ').next().unwrap_or_default();
    let ms = match (&row.opinion, waits) {
        (Some(_), _) if cannot_be_asked(row) => String::new(),
        (Some(opinion), _) => took(opinion.took_ms),
        (None, Waits::Asked(seconds)) => format!("{seconds} s"),
        (None, Waits::ForItsTurn | Waits::No) => String::new(),
    };
    let sign = match (row.accepts(), &row.presence, &row.opinion) {
        (Some(true), ..) => Sign::Accepts,
        (Some(false), ..) => Sign::Refuses,
        (None, Presence::Absent { .. }, _) => Sign::Absent,
        (None, Presence::Installed { .. }, None) if waits != Waits::No => Sign::Waiting,
        // It is not its fault: such a question is none for it.
        (None, ..) if cannot_be_asked(row) => Sign::Absent,
        (None, Presence::Installed { .. } | Presence::Unusable { .. }, _) => Sign::Silent,
    };
    let line = Line {
        sign,
        name: row.stack.name(),
        version: version_alone,
        words: &said_in_line,
        ms: &ms,
    };
    // What was never run has nothing more to show, but for the place that the user gave it.
    let can_open = row.opinion.is_some() && (given || !cannot_be_asked(row));
    let offers_place = !row.is_here();
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let sense = if can_open { Sense::click() } else { Sense::hover() };
    let response = ui.interact(
        rect,
        Id::unique(("opinion", round.judge.word(), row.stack.word())),
        sense,
    );
    let spoken = words::spoken(row, &said_in_line);
    response.widget_info(|| {
        if can_open {
            WidgetInfo::selected(Role::DisclosureTriangle, true, is_open, &spoken)
        } else {
            WidgetInfo::labeled(Role::Label, true, &spoken)
        }
    });
    if can_open && response.hovered() {
        ui.painter()
            .rect_filled(rect, theme::radius::SMALL, *theme::palette(ui).control);
    }
    let end = if offers_place {
        End::Offer
    } else {
        End::of(can_open, is_open)
    };
    let is_cut = paint(ui, rect, &line, None, end);
    let response = if is_cut || version_alone != version {
        let whole = printable_lines(&shortened(&said, 2000)).into_owned();
        response.on_hover_text(format!("{} {version}\n{whole}", row.stack.name()))
    } else {
        response
    };
    if offers_place {
        say_where(ui, rect, row, commands);
    }
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.clicked() {
        commands.push(Command::Opinion(OpinionCommand::ToggleRow(
            round.judge,
            row.stack,
        )));
    }
    if let Some(opinion) = row.opinion.as_deref().filter(|_| is_open) {
        exact::show(ui, (round, row), opinion, given, commands);
    }
}

/// What stands at a row's right end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Nothing,
    /// It opens, or folds.
    Opens,
    Folds,
    /// A link: it can be said where the program is.
    Offer,
}

impl End {
    fn of(can_open: bool, is_open: bool) -> Self {
        match (can_open, is_open) {
            (false, _) => Self::Nothing,
            (true, false) => Self::Opens,
            (true, true) => Self::Folds,
        }
    }
}

/// Room for the link.
const FOR_LINK: f32 = 76.0;

/// The program is somewhere else than on the path: the user knows where.
fn say_where(ui: &mut Ui, rect: Rect, row: &Row, commands: &mut Vec<Command>) {
    let place = Rect::from_min_max(pos2(rect.right() - FOR_LINK, rect.top()), rect.max);
    let mut inner = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(place)
            .layout(egui::Layout::right_to_left(egui::Align::Center)),
    );
    let text = egui::RichText::new("Say where…").font(theme::text(size::SMALL + 0.5, Weight::Regular));
    let link = inner.link(text);
    let spoken = format!("Say where {} is", row.stack.name());
    link.widget_info(|| WidgetInfo::labeled(Role::Link, true, &spoken));
    if link.clicked() {
        commands.push(Command::Opinion(OpinionCommand::ChooseProgram(row.stack)));
    }
}

/// Paints a line; whether its words had to be cut.
fn paint(ui: &Ui, rect: Rect, line: &Line<'_>, pill: Option<&str>, end: End) -> bool {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let stroke = Stroke::new(1.0, *palette.border);
    painter.hline(rect.x_range(), rect.top(), stroke);
    let y = rect.center().y;
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
        pos2(left + 28.0, y),
        Align2::LEFT_CENTER,
        line.name,
        name,
        strong,
        66.0,
    );
    let small = theme::text(size::SMALL, Weight::Regular);
    // Where there is little room, the words have it.
    let is_wide = rect.width() >= WIDE;
    let for_version = if is_wide { 60.0 } else { 42.0 };
    let at_version = left + 94.0;
    draw::line(
        painter,
        pos2(at_version, y),
        Align2::LEFT_CENTER,
        line.version,
        small.clone(),
        *palette.text_muted,
        for_version,
    );
    let right = match end {
        End::Offer => rect.right() - FOR_LINK,
        End::Nothing | End::Opens | End::Folds => rect.right() - 22.0,
    };
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
    let ms = draw::line(
        painter,
        pos2(right, y),
        Align2::RIGHT_CENTER,
        line.ms,
        small.clone(),
        *palette.text_muted,
        64.0,
    );
    let for_ms = if end == End::Offer { 4.0 } else { 46.0 };
    let mut until = (ms.left() - 8.0).min(right - for_ms);
    if let Some(pill) = pill {
        until = paint_pill(painter, pos2(until, y), pill, palette) - 8.0;
    }
    let ink = match line.sign {
        Sign::Refuses => *palette.bad,
        Sign::Silent if line.version.is_empty() && line.name != "rustls" => *palette.text_muted,
        Sign::Silent => *palette.warn,
        Sign::Accepts => *palette.text,
        Sign::Waiting | Sign::Absent => *palette.text_muted,
    };
    let from = at_version + for_version + 8.0;
    // What is not here has no version.
    let from = if line.version.is_empty() && line.name != "rustls" {
        at_version
    } else {
        from
    };
    let font = theme::text(size::BODY - 0.5, Weight::Regular);
    let room = until - from;
    let text = draw::drawn(line.words);
    let needed = painter
        .layout_no_wrap(text.into_owned(), font.clone(), ink)
        .size()
        .x;
    draw::line(
        painter,
        pos2(from, y),
        Align2::LEFT_CENTER,
        line.words,
        font,
        ink,
        room,
    );
    needed > room
}

/// A pill that ends at `at`; where it begins.
fn paint_pill(painter: &Painter, at: Pos2, text: &str, palette: &Palette) -> f32 {
    let font = theme::text(size::SMALL, Weight::Regular);
    let galley = painter.layout_no_wrap(text.to_owned(), font, *palette.accent);
    let size = galley.size() + vec2(16.0, 5.0);
    let rect = Rect::from_min_size(pos2(at.x - size.x, at.y - size.y / 2.0), size);
    let corner = (rect.height() / 2.0) as u8;
    let stroke = Stroke::new(1.0, *palette.accent);
    painter.rect_stroke(rect, corner, stroke, egui::StrokeKind::Inside);
    painter.galley(rect.min + vec2(8.0, 2.5), galley, *palette.accent);
    rect.left()
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

#[cfg(test)]
mod tests {
    use super::took;

    #[test]
    fn what_takes_seconds_is_told_in_seconds() {
        for (ms, words) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1000, "1.0 s"),
            (3083, "3.0 s"),
            (99_999, "99.9 s"),
            (100_000, "100 s"),
        ] {
            assert_eq!(took(ms), words);
        }
    }
}
