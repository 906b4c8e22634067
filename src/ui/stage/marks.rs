//! What a row draws: its arrow, its capsule, or its moment.

use egui::{Align2, Color32, Pos2, Rect, Stroke, StrokeKind, pos2, vec2};
use egui_material_icons::icons::{ICON_CALL_SPLIT, ICON_CHECK, ICON_CLOSE, ICON_MORE_HORIZ};

use super::layout::Place;
use super::model::{Capsule, Item, ItemKind};
use super::paint::Brush;
use super::seen::Tone;
use crate::capture::Side;
use crate::story::shorten;
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// Between a capsule and the mark of other stacks beside it.
const GAP: f32 = 9.0;
/// The mark's sign.
const SIGN: f32 = 15.0;

impl Brush<'_> {
    pub(super) fn row(&self, item: &Item, place: &Place, progress: f32) {
        self.time(item, place);
        match item.kind {
            ItemKind::Arrow {
                from,
                is_alert,
                is_lost,
            } => self.arrow(item, place, from, is_alert, is_lost, progress),
            ItemKind::Capsule {
                judge,
                verdict,
                checks,
            } => self.capsule(item, place, judge, verdict, (progress, checks)),
            ItemKind::Moment { side, is_failure } => self.moment(item, place, side, is_failure),
        }
        for ((_, words, is_selected), rect) in item.messages.iter().zip(&place.messages) {
            let rect = rect.translate(self.origin.to_vec2());
            if *is_selected {
                self.painter
                    .rect_filled(rect, theme::radius::SMALL, *self.palette.control_hover);
            }
            let small = self.text(size::SMALL, Weight::Medium);
            draw::line(
                self.painter,
                rect.center(),
                Align2::CENTER_CENTER,
                words,
                small,
                *self.palette.text,
                rect.width() - 12.0,
            );
        }
    }

    /// Whether one line fits into so much room.
    fn fits<'a>(&'a self, font: &'a egui::FontId, room: f32) -> impl Fn(&str) -> bool + 'a {
        move |text| {
            let galley = self
                .painter
                .layout_no_wrap(text.to_owned(), font.clone(), *self.palette.text);
            galley.size().x <= room
        }
    }

    fn arrow(&self, item: &Item, place: &Place, from: Side, is_alert: bool, is_lost: bool, progress: f32) {
        let is_bad = is_alert && item.is_break_or_failure();
        let color = match item.tone {
            _ if is_bad => *self.palette.bad,
            Tone::Grey => *self.palette.text_faint,
            Tone::Quiet => self.palette.side(from).gamma_multiply(0.75),
            Tone::Usual | Tone::Strong => self.palette.side(from),
        };
        if item.is_selected {
            let mut rect = place
                .rect
                .translate(self.origin.to_vec2())
                .shrink2(vec2(7.0, 2.0));
            if let Some(first) = place.messages.first() {
                rect.max.y = self.origin.y + first.top() - 2.0;
            }
            self.painter
                .rect_filled(rect, theme::radius::CARD, self.palette.selected_of(from));
        }
        let y = place.middle_y;
        // Seven points clear of the lifelines and their bars.
        let gap = if from == Side::Client { 7.0 } else { -7.0 };
        let start = self.at(self.layout.x(from) + gap, y);
        let reach = reach(is_lost, progress);
        let mut tip = self.origin + self.layout.packet(from, y, reach).to_vec2();
        if reach >= 1.0 {
            tip.x -= gap;
        }
        let width = if item.is_selected || item.tone == Tone::Strong {
            2.4
        } else {
            1.8
        };
        self.painter.line_segment([start, tip], Stroke::new(width, color));
        if is_lost && reach >= LOST_AT {
            draw::icon(self.painter, tip, ICON_CLOSE.codepoint, 16.0, *self.palette.bad);
        } else if progress < 1.0 {
            self.painter.circle_filled(tip, 12.0, color.gamma_multiply(0.28));
            self.painter.circle_filled(tip, 6.5, color);
        } else {
            self.head_of_arrow(tip, if from == Side::Client { 1.0 } else { -1.0 }, color);
        }
        let middle = f32::midpoint(self.layout.client_x, self.layout.server_x);
        let room = self.layout.server_x - self.layout.client_x - 28.0;
        // At the right of the title stands the sign that opens the row.
        let title_room = room - if item.messages.len() > 1 { 52.0 } else { 8.0 };
        let title_color = if is_bad {
            *self.palette.bad
        } else {
            self.ink(item.tone)
        };
        let weight = match item.tone {
            Tone::Usual | Tone::Strong => Weight::SemiBold,
            Tone::Quiet | Tone::Grey => Weight::Medium,
        };
        let font = self.text(size::TITLE - 0.5, weight);
        draw::line(
            self.painter,
            self.at(middle, y - 5.0),
            Align2::CENTER_BOTTOM,
            &shorten::title(&item.title, self.fits(&font, title_room)),
            font.clone(),
            title_color,
            title_room,
        );
        let small = self.text(size::SMALL, Weight::Regular);
        let caption = shorten::caption(&item.caption, self.fits(&small, room));
        match item.lit.as_deref().filter(|lit| caption.contains(lit)) {
            Some(lit) => self.lit_line(self.at(middle, y + 4.0), &caption, lit, room),
            None => {
                draw::line(
                    self.painter,
                    self.at(middle, y + 4.0),
                    Align2::CENTER_TOP,
                    &caption,
                    small.clone(),
                    *self.palette.text_muted,
                    room,
                );
            }
        }
        if item.is_break && progress >= 1.0 {
            let at = if is_lost {
                tip
            } else {
                self.at(self.layout.x(from.peer()), y)
            };
            self.flash(item.step, at);
        }
    }

    fn head_of_arrow(&self, tip: Pos2, direction: f32, color: Color32) {
        let back = tip - vec2(9.0 * direction, 0.0);
        self.painter.add(egui::Shape::convex_polygon(
            vec![tip, back + vec2(0.0, -4.5), back + vec2(0.0, 4.5)],
            color,
            Stroke::NONE,
        ));
    }

    fn capsule(
        &self,
        item: &Item,
        place: &Place,
        judge: Side,
        verdict: Capsule,
        (progress, checks): (f32, usize),
    ) {
        let (color, sign) = match verdict {
            _ if progress < 1.0 => (*self.palette.text_muted, ICON_MORE_HORIZ.codepoint),
            Capsule::Accepted => (*self.palette.good, ICON_CHECK.codepoint),
            Capsule::Refused { .. } => (*self.palette.bad, ICON_CLOSE.codepoint),
            Capsule::Undecided => (*self.palette.text_muted, ICON_MORE_HORIZ.codepoint),
        };
        let title_font = self.text(size::SMALL + 0.5, Weight::SemiBold);
        let small = self.text(size::SMALL, Weight::Regular);
        let strong = *self.palette.text_strong;
        let measure = |text: &str, font: &egui::FontId| {
            self.painter
                .layout_no_wrap(text.to_owned(), font.clone(), strong)
                .size()
                .x
        };
        let others = item.others.as_ref().filter(|_| progress >= 1.0);
        let aside = others.map_or(0.0, |others| self.room_of_others(&others.words));
        // Beyond the server's lifeline there may be room for it; else the capsule gives way.
        let is_outside = judge == Side::Server && aside <= self.layout.right - self.layout.server_x - 18.0;
        let beside = if is_outside { 0.0 } else { aside };
        let room = self.layout.server_x - self.layout.client_x - 30.0 - beside;
        let title_width = measure(&item.title, &title_font).min(room - 60.0);
        let caption_room = room - 58.0 - title_width;
        let caption = if progress < 1.0 {
            deciding(progress, checks)
        } else {
            shorten::caption(&item.caption, self.fits(&small, caption_room))
        };
        let caption = caption.as_str();
        let caption_width = measure(caption, &small).min(caption_room.max(20.0));
        let width = 34.0 + title_width + 12.0 + caption_width + 12.0;
        let left = match judge {
            Side::Client => self.layout.client_x - 14.0,
            Side::Server => self.layout.server_x + 14.0 - width,
        };
        let rect = Rect::from_min_size(self.at(left, place.middle_y - 15.5), vec2(width, 31.0));
        let fill = if item.is_selected {
            *self.palette.control_hover
        } else {
            *self.palette.panel
        };
        self.painter
            .rect(rect, 8.0, fill, Stroke::new(1.4, color), StrokeKind::Inside);
        let middle = rect.center().y;
        draw::badge(
            self.painter,
            pos2(rect.left() + 18.0, middle),
            7.5,
            color,
            sign,
            *self.palette.stage,
        );
        draw::line(
            self.painter,
            pos2(rect.left() + 32.0, middle),
            Align2::LEFT_CENTER,
            &item.title,
            title_font,
            self.ink(item.tone),
            title_width + 2.0,
        );
        // That it refused is certain; what for may be only likely.
        let caption_color = match verdict {
            _ if progress < 1.0 => *self.palette.text_muted,
            Capsule::Refused { is_likely: true } => *self.palette.warn,
            Capsule::Refused { is_likely: false } => *self.palette.bad,
            Capsule::Accepted | Capsule::Undecided => *self.palette.text_muted,
        };
        draw::line(
            self.painter,
            pos2(rect.right() - 12.0, middle),
            Align2::RIGHT_CENTER,
            caption,
            small,
            caption_color,
            caption_width + 2.0,
        );
        if let Some(others) = others {
            let left = if is_outside || judge == Side::Client {
                rect.right() + GAP
            } else {
                rect.left() - aside
            };
            self.others(pos2(left, middle), &others.words);
        }
        if item.is_break && progress >= 1.0 {
            let at = if judge == Side::Client {
                rect.left_center()
            } else {
                rect.right_center()
            };
            self.flash(item.step, at);
            self.break_mark(judge, place.rect.bottom() - 3.0);
        }
    }

    /// How much of a row the mark of other stacks takes, with the gap before it.
    fn room_of_others(&self, words: &str) -> f32 {
        let font = self.text(size::SMALL, Weight::Medium);
        let galley = self
            .painter
            .layout_no_wrap(words.to_owned(), font, *self.palette.warn);
        GAP + SIGN + 3.0 + galley.size().x
    }

    /// Beside a verification: how many other stacks come to another verdict.
    fn others(&self, at: Pos2, words: &str) {
        let warn = *self.palette.warn;
        let sign = at + vec2(SIGN / 2.0, 0.0);
        draw::icon(self.painter, sign, ICON_CALL_SPLIT.codepoint, SIGN, warn);
        let font = self.text(size::SMALL, Weight::Medium);
        let galley = self.painter.layout_no_wrap(words.to_owned(), font, warn);
        let at = at + vec2(SIGN + 3.0, -galley.size().y / 2.0);
        self.painter.galley(at, galley, warn);
    }

    /// Once, when it breaks: a ring that spreads and is gone.
    fn flash(&self, step: usize, at: Pos2) {
        let Some(progress) = self.motion.flash(step) else {
            return;
        };
        let color = self.palette.bad.gamma_multiply(0.9 * (1.0 - progress));
        let ring = Stroke::new(1.0 + 5.0 * (1.0 - progress), color);
        self.painter.circle_stroke(at, 8.0 + 34.0 * progress, ring);
    }

    /// Two strokes through the lifeline: here it broke.
    fn break_mark(&self, side: Side, y: f32) {
        let x = self.layout.x(side);
        for offset in [0.0, 5.0] {
            let middle = self.at(x, y + offset);
            self.painter.line_segment(
                [middle + vec2(-8.0, 3.0), middle + vec2(8.0, -3.0)],
                Stroke::new(2.0, *self.palette.bad),
            );
        }
    }

    fn moment(&self, item: &Item, place: &Place, side: Side, is_failure: bool) {
        let color = if is_failure {
            *self.palette.bad
        } else {
            *self.palette.text_muted
        };
        let x = self.layout.x(side);
        let y = place.middle_y;
        self.painter
            .circle(self.at(x, y), 5.0, *self.palette.stage, Stroke::new(2.0, color));
        let (anchor, offset) = match side {
            Side::Client => (Align2::LEFT_CENTER, 14.0),
            Side::Server => (Align2::RIGHT_CENTER, -14.0),
        };
        let room = self.layout.server_x - self.layout.client_x - 40.0;
        if item.is_selected {
            let rect = place
                .rect
                .translate(self.origin.to_vec2())
                .shrink2(vec2(7.0, 3.0));
            self.painter
                .rect_filled(rect, theme::radius::CARD, self.palette.selected_of(side));
        }
        let bold = self.text(size::SMALL + 0.5, Weight::SemiBold);
        draw::line(
            self.painter,
            self.at(x + offset, y - 8.0),
            anchor,
            &item.title,
            bold,
            color,
            room,
        );
        let small = self.text(size::SMALL, Weight::Regular);
        draw::line(
            self.painter,
            self.at(x + offset, y + 8.0),
            anchor,
            &item.caption,
            small,
            *self.palette.text_muted,
            room,
        );
        if item.is_break {
            self.flash(item.step, self.at(x, y));
            self.break_mark(side, place.rect.bottom() - 5.0);
        }
    }
}

/// How far along its arrow a packet has come that is lost on the way.
const LOST_AT: f32 = 0.55;

/// How far along its arrow a packet has come: what is lost never arrives.
fn reach(is_lost: bool, progress: f32) -> f32 {
    let eased = egui::emath::easing::cubic_in_out(progress);
    if is_lost { eased.min(LOST_AT) } else { eased }
}

/// The checks count up while a judge decides. How many pass is not told before it is known.
fn deciding(progress: f32, checks: usize) -> String {
    match checks {
        0 | 1 => "deciding …".to_owned(),
        many => format!(
            "checking {} of {many}",
            ((progress * many as f32) as usize + 1).min(many)
        ),
    }
}

impl Item {
    /// A warning such as close_notify is no bad news.
    fn is_break_or_failure(&self) -> bool {
        self.is_break || !self.title.contains("close_notify")
    }
}

#[cfg(test)]
mod tests {
    use super::{LOST_AT, deciding, reach};

    #[test]
    fn what_is_lost_never_arrives_and_all_else_does() {
        let steps = || (0..=100u8).map(|step| f32::from(step) / 100.0);
        for is_lost in [false, true] {
            let way: Vec<f32> = steps().map(|progress| reach(is_lost, progress)).collect();
            assert!(way.is_sorted(), "it never goes back: {way:?}");
            assert!(way.first().is_some_and(|first| first.abs() < 1e-6));
            let end = if is_lost { LOST_AT } else { 1.0 };
            assert!(
                way.last().is_some_and(|last| (last - end).abs() < 1e-6),
                "{is_lost}: {way:?}"
            );
        }
        assert!((0.3..0.8).contains(&LOST_AT), "seen to stop between the two");
        let is_half = steps().filter(|progress| reach(true, *progress) < reach(false, *progress));
        assert!(is_half.count() > 30, "they part on the way");
    }

    #[test]
    fn checks_count_up_to_all_of_them_and_no_further() {
        let told = |progress| deciding(progress, 4);
        assert_eq!(told(0.0), "checking 1 of 4");
        assert_eq!(told(0.26), "checking 2 of 4");
        assert_eq!(told(0.99), "checking 4 of 4");
        assert_eq!(told(1.0), "checking 4 of 4");
        for few in [0, 1] {
            assert_eq!(deciding(0.5, few), "deciding …");
        }
        assert_eq!(deciding(0.6, 2), "checking 2 of 2");
    }
}
