//! The ladder's colours and lines.

use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Stroke, StrokeKind, Ui, pos2, vec2};
use egui_material_icons::icons::{ICON_CHECK, ICON_CLOSE, ICON_MORE_HORIZ};

use super::layout::{Layout, Place};
use super::model::{Capsule, Item, ItemKind, Scene};
use crate::capture::Side;
use crate::decode::Protection;
use crate::story::Belief;
use crate::ui::draw;
use crate::ui::theme::{self, Palette, Weight, size};

/// Paints the ladder into `rect`.
pub(super) fn ladder(ui: &Ui, rect: Rect, scene: &Scene<'_>, layout: &Layout) {
    let palette = theme::palette(ui);
    let painter = ui.painter_at(ui.clip_rect());
    let brush = Brush {
        painter: &painter,
        origin: rect.min,
        palette,
        layout,
        scene,
    };
    brush.bands();
    brush.lifelines();
    brush.disagreement();
    let last = scene.rows.len().saturating_sub(1);
    for (index, (item, place)) in scene.rows.iter().zip(&layout.rows).enumerate() {
        let progress = if index == last && scene.is_moving {
            scene.progress
        } else {
            1.0
        };
        brush.row(item, place, progress);
    }
    brush.heads();
}

struct Brush<'a> {
    painter: &'a Painter,
    origin: Pos2,
    palette: &'static Palette,
    layout: &'a Layout,
    scene: &'a Scene<'a>,
}

impl Brush<'_> {
    fn at(&self, x: f32, y: f32) -> Pos2 {
        self.origin + vec2(x, y)
    }

    fn bands(&self) {
        for (keys, first, last) in self.scene.bands() {
            let Some((top, bottom)) = self.layout.span(first, last) else {
                continue;
            };
            let (fill, words) = match keys {
                Protection::None => continue,
                Protection::Handshake => (*self.palette.band_handshake, "handshake keys"),
                Protection::Application => (*self.palette.band_application, "application keys"),
                Protection::Early => (*self.palette.band_early, "early data keys"),
                Protection::Tls12 => (*self.palette.band_application, "TLS 1.2 keys"),
            };
            let rect = Rect::from_min_max(
                self.at(self.layout.band.0, top),
                self.at(self.layout.band.1, bottom),
            );
            self.painter.rect_filled(rect, theme::radius::CARD, fill);
            let room = self.layout.band.1 - self.layout.server_x - 12.0;
            if room > 60.0 {
                draw::line(
                    self.painter,
                    rect.right_top() + vec2(-10.0, 6.0),
                    Align2::RIGHT_TOP,
                    words,
                    theme::text(size::SMALL - 0.5, Weight::Regular),
                    *self.palette.text_muted,
                    room,
                );
            }
        }
    }

    fn heads(&self) {
        let sides = &self.scene.analysis.capture.sides;
        for side in Side::BOTH {
            let x = self.layout.x(side);
            let half = self.layout.head_width / 2.0;
            let rect = Rect::from_min_max(
                self.at(x - half, self.layout.head.0),
                self.at(x + half, self.layout.head.1),
            );
            self.painter.rect(
                rect,
                theme::radius::CARD,
                *self.palette.card,
                Stroke::new(1.2, self.palette.side(side)),
                StrokeKind::Inside,
            );
            let evidence = sides.of(side);
            let stack = evidence.verdict.as_ref().map(|verdict| verdict.stack.clone());
            let who = match (&evidence.label, stack) {
                (Some(label), Some(stack)) => format!("{label} ({stack})"),
                (Some(label), None) => label.clone(),
                (None, Some(stack)) => stack,
                (None, None) => String::new(),
            };
            let width = self.layout.head_width - 12.0;
            let title = theme::text(size::TITLE, Weight::SemiBold);
            let strong = *self.palette.text_strong;
            draw::line(
                self.painter,
                rect.center_top() + vec2(0.0, 4.0),
                Align2::CENTER_TOP,
                side.word(),
                title,
                strong,
                width,
            );
            let small = theme::text(size::SMALL, Weight::Regular);
            let muted = *self.palette.text_muted;
            draw::line(
                self.painter,
                rect.center_bottom() - vec2(0.0, 4.0),
                Align2::CENTER_BOTTOM,
                &who,
                small,
                muted,
                width,
            );
        }
    }

    /// Where a belief begins: on its row's arrow.
    fn belief_y(&self, row: usize) -> f32 {
        self.layout
            .rows
            .get(row)
            .map_or(self.layout.head.1, |place| place.middle_y)
    }

    fn lifelines(&self) {
        for side in Side::BOTH {
            let x = self.layout.x(side);
            let end = if self.scene.is_at_end {
                self.layout.bottom
            } else {
                self.layout
                    .rows
                    .last()
                    .map_or(self.layout.head.1 + 20.0, |place| place.rect.bottom())
            };
            self.painter.line_segment(
                [self.at(x, self.layout.head.1), self.at(x, end)],
                Stroke::new(1.5, *self.palette.lifeline),
            );
            for (belief, from, next) in self.scene.beliefs(side) {
                // The longest word that fits beside its bar is the one that stands there.
                let (color, words): (Color32, &[&str]) = match belief {
                    Belief::Handshaking => continue,
                    Belief::Connected => (*self.palette.good, &["believes: connected", "connected"]),
                    Belief::Failed if self.is_judge(side) => (*self.palette.bad, &["refused"]),
                    Belief::Failed => (*self.palette.bad, &["failed"]),
                    Belief::Closed => (*self.palette.text_faint, &["closed"]),
                };
                let top = self.belief_y(from);
                let bottom = next.map_or(end, |next| self.belief_y(next));
                self.bar(side, x, top, bottom, color, words);
            }
        }
    }

    /// Whether this side is the one that refused its peer.
    fn is_judge(&self, side: Side) -> bool {
        self.scene.rows.iter().any(|item| {
            matches!(item.kind, ItemKind::Capsule { judge, verdict: Capsule::Refused } if judge == side)
        })
    }

    fn bar(&self, side: Side, x: f32, top: f32, bottom: f32, color: Color32, words: &[&str]) {
        let rect = Rect::from_min_max(self.at(x - 3.5, top), self.at(x + 3.5, bottom));
        self.painter.rect_filled(rect, CornerRadius::same(3), color);
        let font = theme::text(size::SMALL - 1.0, Weight::SemiBold);
        let length = |text: &str| {
            self.painter
                .layout_no_wrap(text.to_owned(), font.clone(), color)
                .size()
                .x
        };
        let Some(word) = words.iter().find(|word| bottom - top >= length(word) + 6.0) else {
            return;
        };
        let out = if side == Side::Client { -14.0 } else { 14.0 };
        // At the bar's lower end: at its upper end stands the name of the band that begins there.
        let middle = f32::midpoint(top, bottom).max(bottom - length(word) / 2.0 - 12.0);
        let middle = if side == Side::Client {
            f32::midpoint(top, bottom)
        } else {
            middle
        };
        draw::vertical_line(self.painter, self.at(x + out, middle), word, font.clone(), color);
    }

    /// The window in which one side believes itself connected and the other knows better, or does not yet know.
    fn disagreement(&self) {
        if self.scene.analysis.story.two_truths.is_none() || !self.scene.is_at_end {
            return;
        }
        for side in Side::BOTH {
            for (belief, from, next) in self.scene.beliefs(side) {
                let (Belief::Connected, Some(next)) = (belief, next) else {
                    continue;
                };
                let (top, bottom) = (self.belief_y(from), self.belief_y(next));
                let x = self.layout.x(side) + if side == Side::Client { 10.0 } else { -10.0 };
                let stroke = Stroke::new(1.5, *self.palette.disagree);
                let reach = if side == Side::Client { -6.0 } else { 6.0 };
                draw::dashed(self.painter, self.at(x, top), self.at(x, bottom), stroke);
                self.painter
                    .line_segment([self.at(x, top), self.at(x + reach, top)], stroke);
                self.painter
                    .line_segment([self.at(x, bottom), self.at(x + reach, bottom)], stroke);
            }
        }
    }

    fn row(&self, item: &Item, place: &Place, progress: f32) {
        self.time(item, place);
        match item.kind {
            ItemKind::Arrow {
                from,
                is_alert,
                is_lost,
            } => self.arrow(item, place, from, is_alert, is_lost, progress),
            ItemKind::Capsule { judge, verdict } => self.capsule(item, place, judge, verdict, progress),
            ItemKind::Moment { side, is_failure } => self.moment(item, place, side, is_failure),
        }
        for ((_, words, is_selected), rect) in item.messages.iter().zip(&place.messages) {
            let rect = rect.translate(self.origin.to_vec2());
            if *is_selected {
                self.painter
                    .rect_filled(rect, theme::radius::SMALL, *self.palette.control_hover);
            }
            let small = theme::text(size::SMALL, Weight::Medium);
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

    fn time(&self, item: &Item, place: &Place) {
        let y = if matches!(item.kind, ItemKind::Arrow { .. }) {
            place.middle_y - 3.0
        } else {
            place.middle_y
        };
        draw::line(
            self.painter,
            self.at(self.layout.time_x, y),
            Align2::RIGHT_CENTER,
            &format!("{:.2} ms", item.at_us as f64 / 1000.0),
            theme::text(size::SMALL - 0.5, Weight::Regular),
            *self.palette.text_muted,
            self.layout.time_x - 4.0,
        );
    }

    fn arrow(&self, item: &Item, place: &Place, from: Side, is_alert: bool, is_lost: bool, progress: f32) {
        let color = if is_alert && item.is_break_or_failure() {
            *self.palette.bad
        } else {
            self.palette.side(from)
        };
        if item.is_selected {
            let mut rect = place
                .rect
                .translate(self.origin.to_vec2())
                .shrink2(vec2(7.0, 2.0));
            rect.max.y = rect.min.y + 46.0;
            self.painter
                .rect_filled(rect, theme::radius::CARD, self.palette.selected_of(from));
        }
        let y = place.middle_y;
        let eased = egui::emath::easing::cubic_in_out(progress);
        // Seven points clear of the lifelines and their bars.
        let gap = if from == Side::Client { 7.0 } else { -7.0 };
        let start = self.at(self.layout.x(from) + gap, y);
        let reach = if is_lost { eased.min(0.55) } else { eased };
        let mut tip = self.origin + self.layout.packet(from, y, reach).to_vec2();
        if reach >= 1.0 {
            tip.x -= gap;
        }
        let width = if item.is_selected { 2.4 } else { 1.8 };
        self.painter.line_segment([start, tip], Stroke::new(width, color));
        if is_lost && reach >= 0.55 {
            draw::icon(self.painter, tip, ICON_CLOSE.codepoint, 16.0, *self.palette.bad);
        } else if progress < 1.0 {
            self.painter.circle_filled(tip, 12.0, color.gamma_multiply(0.28));
            self.painter.circle_filled(tip, 6.5, color);
        } else {
            self.head_of_arrow(tip, if from == Side::Client { 1.0 } else { -1.0 }, color);
        }
        let middle = f32::midpoint(self.layout.client_x, self.layout.server_x);
        let room = self.layout.server_x - self.layout.client_x - 56.0;
        let title_color = if is_alert && item.is_break_or_failure() {
            *self.palette.bad
        } else {
            *self.palette.text_strong
        };
        draw::line(
            self.painter,
            self.at(middle, y - 5.0),
            Align2::CENTER_BOTTOM,
            &item.title,
            theme::text(size::TITLE - 0.5, Weight::SemiBold),
            title_color,
            room,
        );
        draw::line(
            self.painter,
            self.at(middle, y + 4.0),
            Align2::CENTER_TOP,
            &item.caption,
            theme::text(size::SMALL, Weight::Regular),
            *self.palette.text_muted,
            room,
        );
    }

    fn head_of_arrow(&self, tip: Pos2, direction: f32, color: Color32) {
        let back = tip - vec2(9.0 * direction, 0.0);
        self.painter.add(egui::Shape::convex_polygon(
            vec![tip, back + vec2(0.0, -4.5), back + vec2(0.0, 4.5)],
            color,
            Stroke::NONE,
        ));
    }

    fn capsule(&self, item: &Item, place: &Place, judge: Side, verdict: Capsule, progress: f32) {
        let (color, sign) = match verdict {
            _ if progress < 1.0 => (*self.palette.text_muted, ICON_MORE_HORIZ.codepoint),
            Capsule::Accepted => (*self.palette.good, ICON_CHECK.codepoint),
            Capsule::Refused => (*self.palette.bad, ICON_CLOSE.codepoint),
            Capsule::Undecided => (*self.palette.text_muted, ICON_MORE_HORIZ.codepoint),
        };
        let caption = if progress < 1.0 {
            "deciding …"
        } else {
            item.caption.as_str()
        };
        let title_font = theme::text(size::SMALL + 0.5, Weight::SemiBold);
        let small = theme::text(size::SMALL, Weight::Regular);
        let strong = *self.palette.text_strong;
        let measure = |text: &str, font: &egui::FontId| {
            self.painter
                .layout_no_wrap(text.to_owned(), font.clone(), strong)
                .size()
                .x
        };
        let room = self.layout.server_x - self.layout.client_x - 30.0;
        let title_width = measure(&item.title, &title_font).min(room * 0.6);
        let caption_width = measure(caption, &small).min(room * 0.45);
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
            strong,
            title_width + 2.0,
        );
        let caption_color = if color == *self.palette.bad {
            color
        } else {
            *self.palette.text_muted
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
        if item.is_break && progress >= 1.0 {
            self.break_mark(judge, place.rect.bottom() - 3.0);
        }
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
        let bold = theme::text(size::SMALL + 0.5, Weight::SemiBold);
        draw::line(
            self.painter,
            self.at(x + offset, y - 8.0),
            anchor,
            &item.title,
            bold,
            color,
            room,
        );
        let small = theme::text(size::SMALL, Weight::Regular);
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
            self.break_mark(side, place.rect.bottom() - 5.0);
        }
    }
}

impl Item {
    /// A warning such as close_notify is no bad news.
    fn is_break_or_failure(&self) -> bool {
        self.is_break || !self.title.contains("close_notify")
    }
}
