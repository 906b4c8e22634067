//! Paints the verdict's strip, the lanes, the dates and the needle.

use egui::{Align2, Rect, Response, Stroke, StrokeKind, Ui, pos2, vec2};

use super::measures::{LANE, MOST_LANES, NAMES, STRIP, TICKS, sign};
use super::scale::Scale;
use crate::capture::Slot;
use crate::experiment::time::{TimeLine, Window, moment_words};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, palette, size};

/// A date as it is written below: about so wide, in points.
const DATE: f32 = 108.0;

pub(super) fn chart(
    ui: &Ui,
    rect: Rect,
    line: &TimeLine,
    scale: &Scale,
    (needle, is_told): (i64, bool),
    response: &Response,
) {
    let lanes_top = rect.top() + STRIP;
    strip(ui, rect, line, scale, (response.rect, is_told));
    for (index, window) in line.windows.iter().take(MOST_LANES).enumerate() {
        lane(
            ui,
            rect,
            lanes_top + index as f32 * LANE,
            window,
            scale,
            response.rect,
        );
    }
    let more = line.windows.len().saturating_sub(MOST_LANES);
    if more > 0 {
        let at = pos2(rect.left(), lanes_top + (MOST_LANES as f32 + 0.5) * LANE);
        let words = format!("and {more} more");
        let ink = *palette(ui).text_muted;
        draw::line(
            ui.painter(),
            at,
            Align2::LEFT_CENTER,
            &words,
            theme::text(size::SMALL, Weight::Regular),
            ink,
            NAMES,
        );
    }
    dates(ui, rect, line, scale, needle);
    needle_line(ui, rect, line, scale, needle, response);
}

/// Green where it works, red where it fails, with the sign of each.
fn strip(ui: &Ui, rect: Rect, line: &TimeLine, scale: &Scale, (chart, is_told): (Rect, bool)) {
    let p = palette(ui);
    draw::line(
        ui.painter(),
        pos2(rect.left(), rect.top() + STRIP / 2.0),
        Align2::LEFT_CENTER,
        "Together",
        theme::text(size::BODY, Weight::SemiBold),
        *p.text_strong,
        NAMES - 12.0,
    );
    if !is_told {
        let bar = Rect::from_x_y_ranges(chart.x_range(), rect.top() + 2.0..=rect.top() + STRIP - 2.0);
        let stroke = Stroke::new(1.0, *p.border);
        ui.painter()
            .rect(bar, 3.0, *p.control, stroke, StrokeKind::Inside);
        return;
    }
    for span in &line.spans {
        let left = scale.x(span.from_unix_s).max(chart.left());
        let right = scale.x(span.until_unix_s.saturating_add(1)).min(chart.right());
        let bar = Rect::from_min_max(
            pos2(left, rect.top() + 2.0),
            pos2(right, rect.top() + STRIP - 2.0),
        )
        .shrink2(vec2(0.5, 0.0));
        let (sign, ink) = sign(span.works(), p);
        let fill = if span.works() { *p.good_soft } else { *p.bad_soft };
        ui.painter()
            .rect(bar, 3.0, fill, Stroke::new(1.0, ink), StrokeKind::Inside);
        if bar.width() > 18.0 {
            draw::icon(ui.painter(), bar.center(), sign, 14.0, ink);
        }
    }
}

fn lane(ui: &Ui, rect: Rect, top: f32, window: &Window, scale: &Scale, chart: Rect) {
    let p = palette(ui);
    let y = top + LANE / 2.0;
    let color = p.side(window.side);
    ui.painter().circle_filled(pos2(rect.left() + 4.0, y), 3.5, color);
    let font = theme::text(size::SMALL + 0.5, Weight::Regular);
    let word = match window.slot {
        Slot::Trust => format!("{} trusts", window.side.word()),
        _ => window.word().to_owned(),
    };
    let note = draw::line(
        ui.painter(),
        pos2(rect.left() + NAMES - 12.0, y),
        Align2::RIGHT_CENTER,
        &word,
        theme::text(size::SMALL - 0.5, Weight::Regular),
        *p.text_muted,
        76.0,
    );
    draw::line(
        ui.painter(),
        pos2(rect.left() + 13.0, y),
        Align2::LEFT_CENTER,
        &window.name,
        font,
        *p.text,
        note.left() - rect.left() - 19.0,
    );
    let rail = Rect::from_min_max(pos2(chart.left(), y - 0.5), pos2(chart.right(), y + 0.5));
    ui.painter().rect_filled(rail, 0.0, *p.border);
    let bar = Rect::from_min_max(
        pos2(scale.x(window.not_before), y - 4.5),
        pos2(scale.x(window.not_after.saturating_add(1)), y + 4.5),
    );
    if bar.width() > 0.0 {
        // rustls does not look at a root's dates: its bar is hollow.
        if window.slot == Slot::Trust {
            ui.painter()
                .rect(bar, 2.5, *p.panel, Stroke::new(1.2, color), StrokeKind::Inside);
        } else {
            ui.painter().rect_filled(bar, 2.5, color);
        }
    }
}

/// As many dates as there is room for: those beside the needle first, then now, then from the left.
fn dates(ui: &Ui, rect: Rect, line: &TimeLine, scale: &Scale, needle: i64) {
    let p = palette(ui);
    let y = rect.bottom() - TICKS / 2.0 + 2.0;
    draw::line(
        ui.painter(),
        pos2(rect.left(), y),
        Align2::LEFT_CENTER,
        "not to scale; UTC",
        theme::text(size::SMALL, Weight::Regular),
        *p.text_muted,
        NAMES - 12.0,
    );
    let dates = scale.dates();
    let after = dates.partition_point(|(time, _)| *time <= needle);
    let mut order: Vec<usize> = (0..dates.len()).collect();
    order.sort_by_key(|index| {
        let is_beside = *index == after || index + 1 == after;
        let is_now = dates
            .get(*index)
            .is_some_and(|(time, _)| *time == line.now_unix_s);
        (!is_beside, !is_now)
    });
    let mut taken: Vec<f32> = Vec::new();
    for (time, x) in order.into_iter().filter_map(|index| dates.get(index).copied()) {
        ui.painter().rect_filled(
            Rect::from_min_max(
                pos2(x - 0.5, rect.bottom() - TICKS),
                pos2(x + 0.5, rect.bottom() - TICKS + 4.0),
            ),
            0.0,
            *p.text_faint,
        );
        let half = DATE / 2.0;
        // A strip may be narrower than a date: no clamp, which panics then.
        let at = x.max(rect.left() + NAMES + half - 8.0).min(rect.right() - half);
        if taken.iter().any(|other| (other - at).abs() < DATE) {
            continue;
        }
        taken.push(at);
        let words = if time == line.now_unix_s {
            "now".to_owned()
        } else {
            moment_words(time).chars().take(16).collect()
        };
        draw::line(
            ui.painter(),
            pos2(at, y),
            Align2::CENTER_CENTER,
            &words,
            theme::mono(size::SMALL - 0.5),
            *p.text_muted,
            DATE,
        );
    }
}

fn needle_line(ui: &Ui, rect: Rect, line: &TimeLine, scale: &Scale, needle: i64, response: &Response) {
    let p = palette(ui);
    let bottom = rect.bottom() - TICKS;
    let now = scale.x(line.now_unix_s);
    draw::dashed(
        ui.painter(),
        pos2(now, rect.top() + STRIP),
        pos2(now, bottom + 3.0),
        Stroke::new(1.0, *p.text_muted),
    );
    let x = scale.x(needle);
    ui.painter().line_segment(
        [pos2(x, rect.top() + 2.0), pos2(x, bottom)],
        Stroke::new(2.0, *p.text_strong),
    );
    let knob = pos2(x, rect.top() + STRIP / 2.0);
    ui.painter().circle_filled(knob, 7.5, *p.text_strong);
    if response.hovered() || response.dragged() || response.has_focus() {
        ui.painter()
            .circle_stroke(knob, 10.0, Stroke::new(2.0, *p.accent));
    }
}
