//! One stack: its sign, version and words in a line, which opens to the command and all that it wrote.

use egui::{Id, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::line::{End, FOR_LINK, HEIGHT, Line, Sign, WIDE, height, paint};
pub(super) use super::words::Waits;
use super::words::cannot_be_asked;
use super::{exact, words};
use crate::opinion::Presence;
use crate::printable::{printable, printable_lines, shortened};
use crate::state::{Command, OpinionCommand, Own, Round, Row};
use crate::ui::theme::{self, Weight, size};

/// The run's own verdict: the first row.
pub(super) fn own(ui: &mut Ui, own: Option<&Own>, is_old: bool) {
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
    // A refusal has words, and needs the room for them.
    let is_short = ui.available_width() < WIDE || own.is_some_and(|own| !own.accepts);
    let pill = match (is_old, is_short) {
        (true, _) => "the run before",
        (false, true) => "this run",
        (false, false) => "the verdict of this run",
    };
    let whose = if is_old {
        "the run before"
    } else {
        "the verdict of this run"
    };
    let pill = own.is_some().then_some(pill);
    let height = height(ui, &line, pill, End::Nothing);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("rustls, {whose}: {said}")));
    if paint(ui, rect, &line, pill, End::Nothing) {
        let whole = printable_lines(&shortened(said, 2000)).into_owned();
        response.on_hover_text(format!("rustls\n{whole}"));
    }
}

fn time(took_us: u64) -> String {
    let ms = took_us as f64 / 1000.0;
    if took_us < 50 {
        "<0.1 ms".to_owned()
    } else if ms < 10.0 {
        format!("{ms:.1} ms")
    } else {
        format!("{ms:.0} ms")
    }
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
        // It is not its fault: such a question is none for it, or the user ended it.
        (None, ..) if cannot_be_asked(row) || words::is_cancelled(row) => Sign::Absent,
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
    let end = if offers_place {
        End::Offer
    } else {
        End::of(can_open, is_open)
    };
    let height = height(ui, &line, None, end);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
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

/// The program is somewhere else than on the path: the user knows where.
fn say_where(ui: &mut Ui, rect: Rect, row: &Row, commands: &mut Vec<Command>) {
    let place = Rect::from_min_size(pos2(rect.right() - FOR_LINK, rect.top()), vec2(FOR_LINK, HEIGHT));
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
