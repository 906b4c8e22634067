//! The ladder's colours and lines.

use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Stroke, StrokeKind, Ui, vec2};

use super::layout::Layout;
use super::model::{Capsule, ItemKind, Scene};
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

pub(super) struct Brush<'a> {
    pub(super) painter: &'a Painter,
    pub(super) origin: Pos2,
    pub(super) palette: &'static Palette,
    pub(super) layout: &'a Layout,
    pub(super) scene: &'a Scene<'a>,
}

impl Brush<'_> {
    pub(super) fn at(&self, x: f32, y: f32) -> Pos2 {
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
            let known = evidence.label.as_ref().or(evidence.address.as_ref());
            let who = match (known, stack) {
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
            let small = draw::fitting(self.painter, [who.as_str()], &small, width);
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
}
