//! What lies behind the rows and beside them: key bands, beliefs, and the window in which the sides disagree.

use super::frame::{BAND, Ladder, Place, SMALL, TAIL, words, x};
use crate::capture::Side;
use crate::decode::Protection;
use crate::export::ink::Ink;
use crate::export::shape::{Anchor, Shape, width_of};
use crate::story::{Belief, RowKind};

impl Ladder<'_> {
    pub(super) fn bands(&self, place: &Place, shapes: &mut Vec<Shape>) {
        let bands = self.analysis.story.bands.iter();
        for band in bands.filter(|band| band.rows.contains(&place.step)) {
            let (ink, name) = match band.keys {
                Protection::None => continue,
                Protection::Handshake => (Ink::BandHandshake, "handshake keys"),
                Protection::Application => (Ink::BandApplication, "application keys"),
                Protection::Early => (Ink::BandEarly, "early data keys"),
                Protection::Tls12 => (Ink::BandApplication, "TLS 1.2 keys"),
            };
            shapes.push(Shape::Box {
                at: (BAND.0, place.top),
                size: (BAND.1 - BAND.0, place.bottom - place.top + 0.3),
                radius: 0.0,
                fill: ink,
                edge: None,
            });
            if band.rows.start == place.step {
                let at = (BAND.1 - 8.0, place.top + 15.0);
                shapes.push(words(at, name, (SMALL - 0.5, 400), Ink::Muted, Anchor::End));
            }
        }
    }

    /// What of this side's beliefs lies in this row.
    pub(super) fn beliefs(&self, side: Side, order: usize, end: f32, shapes: &mut Vec<Shape>) {
        let spans = self.analysis.story.beliefs.of(side);
        for (index, span) in spans.iter().enumerate() {
            let (ink, names): (Ink, &[&str]) = match span.belief {
                Belief::Handshaking => continue,
                Belief::Connected => (Ink::Good, &["believes: connected", "connected"]),
                Belief::Failed if self.has_refused(side) => (Ink::Bad, &["refused"]),
                Belief::Failed => (Ink::Bad, &["failed"]),
                Belief::Closed => (Ink::Faint, &["closed"]),
            };
            let Some(first) = self.order_of(span.from_step) else {
                continue;
            };
            let next = spans
                .get(index + 1)
                .and_then(|next| self.order_of(next.from_step));
            if order < first || next.is_some_and(|next| order > next) {
                continue;
            }
            let (Some(begin), Some(place)) = (self.places.get(first), self.places.get(order)) else {
                continue;
            };
            let before = order.checked_sub(1).and_then(|before| self.places.get(before));
            let top = if order == first {
                begin.middle
            } else {
                before.map_or(place.top, |before| before.bottom)
            };
            let bottom = if next == Some(order) { place.middle } else { end };
            shapes.push(Shape::Box {
                at: (x(side) - 3.5, top),
                size: (7.0, bottom - top),
                radius: 0.0,
                fill: ink,
                edge: None,
            });
            let last = self.places.last().map_or(end, |last| last.bottom + TAIL * 0.6);
            let until = next.and_then(|next| self.places.get(next));
            let until = until.map_or(last, |until| until.middle);
            self.belief_name(side, (begin.middle, order, bottom, until), (ink, names), shapes);
        }
    }

    /// The name of a belief, in the row in which its bar has become long enough for it.
    fn belief_name(
        &self,
        side: Side,
        (begin, order, bottom, end): (f32, usize, f32, f32),
        (ink, names): (Ink, &[&str]),
        shapes: &mut Vec<Shape>,
    ) {
        // A band's name stands at the top of its first row, beside the server's lifeline.
        let taken = |place: &Place| {
            side == Side::Server
                && self
                    .analysis
                    .story
                    .bands
                    .iter()
                    .any(|band| band.keys != Protection::None && band.rows.start == place.step)
        };
        // Where it may begin: below the names of bands that it would cross.
        let free = |length: f32| {
            let names = self.places.iter().filter(|place| taken(place));
            names.fold(begin, |from, place| {
                let crosses = place.top < from + length && place.top + 20.0 > from;
                if crosses { place.top + 20.0 } else { from }
            })
        };
        let length = |name: &str| width_of(name, SMALL - 1.0, 600) + 8.0;
        // The longest that fits beside the whole bar.
        let Some(name) = names.iter().find(|name| end - free(length(name)) >= length(name)) else {
            return;
        };
        let (length, from) = (length(name), free(length(name)));
        let before = order.checked_sub(1).and_then(|before| self.places.get(before));
        let was_named = before.is_some_and(|before| before.bottom - from >= length && before.bottom > begin);
        if bottom - from < length || was_named {
            return;
        }
        let out = if side == Side::Client { -9.0 } else { 17.0 };
        shapes.push(Shape::Words {
            at: (x(side) + out, from + length - 4.0),
            words: (*name).to_owned(),
            size: SMALL - 1.0,
            weight: 600,
            ink,
            anchor: Anchor::Start,
            is_upright: true,
        });
    }

    fn has_refused(&self, side: Side) -> bool {
        self.analysis.story.rows.iter().any(
            |row| matches!(row.kind, RowKind::Verification { judge, refused_for: Some(_), .. } if judge == side),
        )
    }

    /// The window in which one side believes itself connected and the other knows better, or does not yet know.
    pub(super) fn disagreement(&self, shapes: &mut Vec<Shape>) {
        let story = &self.analysis.story;
        if story.two_truths.is_none() {
            return;
        }
        for side in Side::BOTH {
            for pair in story.beliefs.of(side).windows(2) {
                let [one, next] = pair else { continue };
                let at = |step| self.order_of(step).and_then(|order| self.places.get(order));
                let (Belief::Connected, Some(from), Some(to)) =
                    (one.belief, at(one.from_step), at(next.from_step))
                else {
                    continue;
                };
                let inward = if side == Side::Client { 1.0 } else { -1.0 };
                let x = x(side) + 10.0 * inward;
                let line = |from, to, is_dashed| Shape::Line {
                    from,
                    to,
                    ink: Ink::Disagree,
                    width: 1.5,
                    is_dashed,
                };
                shapes.push(line((x, from.middle), (x, to.middle), true));
                for y in [from.middle, to.middle] {
                    shapes.push(line((x, y), (x - 6.0 * inward, y), false));
                }
            }
        }
    }
}
