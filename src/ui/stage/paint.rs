//! The ladder's colours and lines.

use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Stroke, StrokeKind, Ui, vec2};

use super::layout::Layout;
use super::model::{Capsule, ItemKind, Scene};
use super::motion::Motion;
use crate::capture::Side;
use crate::decode::Protection;
use crate::story::Belief;
use crate::ui::draw;
use crate::ui::theme::{self, Palette, Weight, size};

/// Paints the ladder into `rect`, whose corner is the layout's.
pub(super) fn ladder(ui: &Ui, rect: Rect, scene: &Scene<'_>, layout: &Layout, motion: &Motion) {
    bands(ui, rect, scene, layout, motion);
    rows(ui, rect, scene, layout, motion);
}

/// What lies behind the rows: which keys protect them.
pub(super) fn bands(ui: &Ui, rect: Rect, scene: &Scene<'_>, layout: &Layout, motion: &Motion) {
    Brush {
        painter: &ui.painter_at(ui.clip_rect()),
        origin: rect.min,
        palette: theme::palette(ui),
        layout,
        scene,
        motion,
    }
    .bands();
}

/// The rows, with the lifelines that they hang on.
pub(super) fn rows(ui: &Ui, rect: Rect, scene: &Scene<'_>, layout: &Layout, motion: &Motion) {
    let painter = ui.painter_at(ui.clip_rect());
    let brush = Brush {
        painter: &painter,
        origin: rect.min,
        palette: theme::palette(ui),
        layout,
        scene,
        motion,
    };
    brush.lifelines();
    brush.disagreement();
    for (index, (item, place)) in scene.rows.iter().zip(&layout.rows).enumerate() {
        // A long ladder costs what is seen of it.
        let around = place.rect.translate(rect.min.to_vec2()).expand(AROUND_ROW);
        if !ui.clip_rect().intersects(around) {
            continue;
        }
        let mut painter = painter.clone();
        painter.multiply_opacity(motion.opacity(index));
        let brush = Brush {
            painter: &painter,
            ..brush
        };
        brush.row(item, place, scene.progress_of(index));
    }
}

/// So far beyond its row a capsule, a mark or a flash reaches.
const AROUND_ROW: f32 = 60.0;

/// The boxes at the head of the lifelines: they stay where they are while the ladder scrolls.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heads {
    /// Of the strip that they stand in.
    pub height: f32,
    top: f32,
    shows_who: bool,
}

impl Heads {
    /// Their middle, in their strip.
    pub(super) fn middle(self, strip: Rect) -> f32 {
        f32::midpoint(strip.top() + self.top, strip.bottom())
    }

    /// Lower where the stage is low.
    pub(super) fn of(stage_height: f32) -> Self {
        if stage_height >= 300.0 {
            Self {
                height: 50.0,
                top: 12.0,
                shows_who: true,
            }
        } else {
            Self {
                height: 30.0,
                top: 4.0,
                shows_who: false,
            }
        }
    }
}

/// Paints the heads into their strip.
pub(super) fn heads(ui: &Ui, strip: Rect, scene: &Scene<'_>, layout: &Layout, heads: Heads) {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    for side in Side::BOTH {
        let half = layout.head_width / 2.0;
        let x = strip.left() + layout.x(side);
        let rect = Rect::from_min_max(
            egui::pos2(x - half, strip.top() + heads.top),
            egui::pos2(x + half, strip.bottom()),
        );
        painter.rect(
            rect,
            theme::radius::CARD,
            *palette.card,
            Stroke::new(1.2, palette.side(side)),
            StrokeKind::Inside,
        );
        let width = layout.head_width - 12.0;
        let title = theme::text(size::TITLE, Weight::SemiBold);
        let strong = *palette.text_strong;
        let (at, anchor) = if heads.shows_who {
            (rect.center_top() + vec2(0.0, 4.0), Align2::CENTER_TOP)
        } else {
            (rect.center(), Align2::CENTER_CENTER)
        };
        draw::line(painter, at, anchor, side.word(), title, strong, width);
        if !heads.shows_who {
            continue;
        }
        let who = who(scene, side);
        let small = theme::text(size::SMALL, Weight::Regular);
        let small = draw::fitting(painter, [who.as_str()], &small, width);
        let at = rect.center_bottom() - vec2(0.0, 4.0);
        draw::line(
            painter,
            at,
            Align2::CENTER_BOTTOM,
            &who,
            small,
            *palette.text_muted,
            width,
        );
    }
}

/// `orders (rustls)`.
fn who(scene: &Scene<'_>, side: Side) -> String {
    let evidence = scene.analysis.capture.sides.of(side);
    let stack = evidence.verdict.as_ref().map(|verdict| verdict.stack.clone());
    let known = evidence.label.as_ref().or(evidence.address.as_ref());
    match (known, stack) {
        (Some(label), Some(stack)) => format!("{label} ({stack})"),
        (Some(label), None) => label.clone(),
        (None, Some(stack)) => stack,
        (None, None) => String::new(),
    }
}

#[derive(Clone, Copy)]
pub(super) struct Brush<'a> {
    pub(super) painter: &'a Painter,
    pub(super) origin: Pos2,
    pub(super) palette: &'static Palette,
    pub(super) layout: &'a Layout,
    pub(super) scene: &'a Scene<'a>,
    pub(super) motion: &'a Motion,
}

/// Room for a band's name, from its top.
const BAND_NAME: f32 = 24.0;
/// How far the strokes of a broken lifeline reach from their row's end, up and down.
const BREAK_MARK: f32 = 8.0;

impl Brush<'_> {
    pub(super) fn at(&self, x: f32, y: f32) -> Pos2 {
        self.origin + vec2(x, y)
    }

    /// Type of this size, as large as the rows are high.
    pub(super) fn text(&self, size: f32, weight: Weight) -> egui::FontId {
        theme::text(size * self.layout.type_scale, weight)
    }

    /// Room for the name of a band beside the server's lifeline and its marks; `None` where there is too little.
    fn band_name_room(&self) -> Option<f32> {
        let room = self.layout.band.1 - self.layout.server_x - 20.0;
        (room > 70.0).then_some(room)
    }

    /// Where a row ends; one that has just begun unfolds.
    fn bottom_of(&self, row: usize) -> f32 {
        self.layout.rows.get(row).map_or(0.0, |place| {
            egui::lerp(place.rect.y_range(), self.motion.opacity(row))
        })
    }

    fn bands(&self) {
        for (keys, first, last) in self.scene.bands() {
            let Some((top, _)) = self.layout.span(first, last) else {
                continue;
            };
            let bottom = self.bottom_of(last);
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
            if let Some(room) = self.band_name_room() {
                // Its name comes with the band, and not before it.
                let mut painter = self.painter.clone();
                painter.multiply_opacity(self.motion.opacity(first));
                draw::line(
                    &painter,
                    rect.right_top() + vec2(-8.0, 6.0),
                    Align2::RIGHT_TOP,
                    words,
                    theme::text(size::SMALL - 0.5, Weight::Regular),
                    *self.palette.text_muted,
                    room,
                );
            }
        }
    }

    /// Where a belief begins: on its row's arrow.
    fn belief_y(&self, row: usize) -> f32 {
        self.layout.rows.get(row).map_or(0.0, |place| place.middle_y)
    }

    fn lifelines(&self) {
        for side in Side::BOTH {
            let x = self.layout.x(side);
            let end = match self.scene.rows.len().checked_sub(1) {
                _ if self.scene.is_at_end => self.layout.bottom,
                Some(last) => self.bottom_of(last),
                None => 20.0,
            };
            self.painter.line_segment(
                [self.at(x, 0.0), self.at(x, end)],
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
                let bottom = next.map_or(end, |next| self.belief_y(next)).max(top);
                let bottom = egui::lerp(top..=bottom, self.growth(side, from));
                self.bar(side, x, top, bottom, color, words);
            }
        }
    }

    /// How far a belief has grown from its event: with its own packet, or from what it has learned.
    fn growth(&self, side: Side, row: usize) -> f32 {
        match self.scene.rows.get(row).map(|item| item.kind) {
            Some(ItemKind::Arrow { from, .. }) if from == side => self.scene.progress_of(row),
            _ => self.motion.growth(row),
        }
    }

    /// Whether this side is the one that refused its peer.
    fn is_judge(&self, side: Side) -> bool {
        self.scene.rows.iter().any(|item| {
            matches!(item.kind, ItemKind::Capsule { judge, verdict: Capsule::Refused { .. }, .. } if judge == side)
        })
    }

    fn bar(&self, side: Side, x: f32, top: f32, bottom: f32, color: Color32, words: &[&str]) {
        let rect = Rect::from_min_max(self.at(x - 3.5, top), self.at(x + 3.5, bottom));
        self.painter.rect_filled(rect, CornerRadius::same(3), color);
        let font = self.text(size::SMALL - 1.0, Weight::SemiBold);
        let length = |text: &str| {
            self.painter
                .layout_no_wrap(text.to_owned(), font.clone(), color)
                .size()
                .x
        };
        let (top, bottom) = self.free_of_names(side, top, bottom);
        let Some(word) = words.iter().find(|word| bottom - top >= length(word) + 6.0) else {
            return;
        };
        let out = if side == Side::Client { -14.0 } else { 14.0 };
        let middle = f32::midpoint(top, bottom);
        draw::vertical_line(self.painter, self.at(x + out, middle), word, font.clone(), color);
    }

    /// The longest stretch beside a bar in which no band has its name and no lifeline breaks.
    fn free_of_names(&self, side: Side, top: f32, bottom: f32) -> (f32, f32) {
        let names = self
            .scene
            .bands()
            .filter(|_| side == Side::Server && self.band_name_room().is_some())
            .filter(|(keys, ..)| *keys != Protection::None)
            .filter_map(|(_, first, last)| self.layout.span(first, last))
            .map(|(band, _)| (band, band + BAND_NAME));
        let breaks = self
            .scene
            .rows
            .iter()
            .zip(&self.layout.rows)
            .filter_map(|(item, place)| {
                let of = match item.kind {
                    ItemKind::Capsule { judge, .. } => judge,
                    ItemKind::Moment { side, .. } => side,
                    ItemKind::Arrow { .. } => return None,
                };
                let y = place.rect.bottom();
                (item.is_break && of == side).then_some((y - BREAK_MARK, y + BREAK_MARK))
            });
        let mut taken: Vec<(f32, f32)> = names.chain(breaks).collect();
        taken.sort_by(|one, other| one.0.total_cmp(&other.0));
        longest_free(top, bottom, taken.into_iter())
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

/// The longest stretch of `top..bottom` outside of those taken, which are in order.
fn longest_free(top: f32, bottom: f32, taken: impl Iterator<Item = (f32, f32)>) -> (f32, f32) {
    let mut best = (top, top);
    let mut from = top;
    for (begin, end) in taken.chain([(bottom, bottom)]) {
        // Rounding may put the bottom above the top: no clamp, which panics then.
        let until = begin.max(top).min(bottom);
        if until - from > best.1 - best.0 {
            best = (from, until);
        }
        from = from.max(end);
    }
    best
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "nothing is computed with")]
mod tests {
    use super::longest_free;

    #[test]
    fn a_word_stands_where_no_name_does() {
        assert_eq!(longest_free(10.0, 50.0, [].into_iter()), (10.0, 50.0));
        assert_eq!(longest_free(10.0, 50.0, [(0.0, 24.0)].into_iter()), (24.0, 50.0));
        assert_eq!(
            longest_free(10.0, 90.0, [(0.0, 24.0), (60.0, 84.0)].into_iter()),
            (24.0, 60.0)
        );
        assert_eq!(longest_free(10.0, 20.0, [(0.0, 24.0)].into_iter()), (10.0, 10.0));
        // A bar that has only just begun, as the real window once computed it.
        assert_eq!(
            longest_free(284.2973, 284.297_27, [(0.0, 3.0)].into_iter()),
            (284.2973, 284.2973)
        );
        assert_eq!(longest_free(9.0, 2.0, std::iter::empty()), (9.0, 9.0));
    }
}
