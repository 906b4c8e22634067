//! The ladder laid out: two lifelines, a row for each step, key bands behind them, and beside them what each side believes.
//!
//! As the stage has it ([`crate::ui`]), at one size. Each row's shapes are one group, so that whoever plays it shows so many
//! of them: a band, a lifeline and a belief are cut at the rows' ends.

use super::ink::Ink;
use super::material::Material;
use super::shape::{Anchor, At, Group, Shape, cut, width_of};
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::decode::{Protection, thousands};
use crate::story::{Belief, Row, RowKind, cause_words, moment, shorten};

pub(super) const WIDTH: f32 = 900.0;
const CLIENT: f32 = 118.0;
const SERVER: f32 = 772.0;
const HEADS: f32 = 50.0;
const ARROW_ROW: f32 = 52.0;
const CAPSULE_ROW: f32 = 46.0;
const GAP_ROW: f32 = 40.0;
const TAIL: f32 = 28.0;
const BAND: (f32, f32) = (62.0, 880.0);
const TIME: f32 = 56.0;
const SMALL: f32 = 11.5;
const TITLE: f32 = 13.0;

/// Groups from `top` on, and where they end.
pub(super) fn ladder(material: &Material, top: f32) -> (Vec<Group>, f32) {
    let (shown, gap) = material.shown_steps();
    let mut y = top + HEADS + 10.0;
    let mut places = Vec::with_capacity(shown.len());
    let mut gap_at = None;
    for (order, step) in shown.iter().enumerate() {
        if let Some((_, count)) = gap.filter(|(place, _)| *place == order) {
            gap_at = Some((y, count));
            y += GAP_ROW;
        }
        let Some(row) = material.analysis.story.rows.get(*step) else {
            continue;
        };
        let height = match row.kind {
            RowKind::Verification { .. } => CAPSULE_ROW,
            RowKind::Flight { .. } | RowKind::Moment { .. } => ARROW_ROW,
        };
        places.push(Place {
            step: *step,
            top: y,
            bottom: y + height,
            middle: y + height * 0.52,
        });
        y += height;
    }
    let drawn = Ladder {
        material,
        analysis: &material.analysis,
        places,
        gap_at,
    };
    let mut groups = vec![drawn.heads(top)];
    for order in 0..drawn.places.len() {
        groups.push(drawn.row(order));
    }
    (groups, y + TAIL)
}

/// Where the row of a step stands.
struct Place {
    step: usize,
    top: f32,
    bottom: f32,
    middle: f32,
}

struct Ladder<'a> {
    material: &'a Material,
    analysis: &'a Analysis,
    places: Vec<Place>,
    gap_at: Option<(f32, usize)>,
}

fn x(side: Side) -> f32 {
    match side {
        Side::Client => CLIENT,
        Side::Server => SERVER,
    }
}

fn ink_of(side: Side) -> Ink {
    match side {
        Side::Client => Ink::Client,
        Side::Server => Ink::Server,
    }
}

fn words(at: At, words: impl Into<String>, (size, weight): (f32, u16), ink: Ink, anchor: Anchor) -> Shape {
    Shape::Words {
        at,
        words: words.into(),
        size,
        weight,
        ink,
        anchor,
        is_upright: false,
    }
}

impl Ladder<'_> {
    fn heads(&self, top: f32) -> Group {
        let mut shapes = Vec::new();
        for side in Side::BOTH {
            let x = x(side);
            shapes.push(Shape::Box {
                at: (x - 76.0, top + 4.0),
                size: (152.0, HEADS - 8.0),
                radius: 9.0,
                fill: Ink::Card,
                edge: Some((ink_of(side), 1.2)),
            });
            let who = self.who(side);
            let title_y = if who.is_empty() { top + 30.0 } else { top + 21.0 };
            shapes.push(words(
                (x, title_y),
                side.word(),
                (TITLE, 600),
                Ink::Strong,
                Anchor::Middle,
            ));
            if !who.is_empty() {
                let who = cut(&who, SMALL, 400, 140.0);
                shapes.push(words(
                    (x, top + 38.0),
                    who,
                    (SMALL, 400),
                    Ink::Muted,
                    Anchor::Middle,
                ));
            }
            shapes.push(lifeline(x, top + HEADS - 4.0, top + HEADS + 10.0));
        }
        Group {
            shapes,
            ..Group::default()
        }
    }

    /// `orders (rustls)`.
    fn who(&self, side: Side) -> String {
        let evidence = self.analysis.capture.sides.of(side);
        let stack = evidence.verdict.as_ref().map(|verdict| verdict.stack.as_str());
        let known = evidence.label.as_ref().or(evidence.address.as_ref());
        match (known, stack) {
            (Some(label), Some(stack)) => format!("{label} ({stack})"),
            (Some(label), None) => label.clone(),
            (None, Some(stack)) => stack.to_owned(),
            (None, None) => String::new(),
        }
    }

    fn row(&self, order: usize) -> Group {
        let (Some(place), is_last) = (self.places.get(order), order + 1 == self.places.len()) else {
            return Group::default();
        };
        let story = &self.analysis.story;
        let mut shapes = Vec::new();
        // A row behind a gap reaches back over it.
        let top = match self.gap_at {
            Some((at, _)) if (place.top - at - GAP_ROW).abs() < 0.5 => at,
            _ => place.top,
        };
        self.bands(place, &mut shapes);
        for side in Side::BOTH {
            let end = place.bottom + if is_last { TAIL * 0.6 } else { 0.0 };
            shapes.push(lifeline(x(side), top, end));
            self.beliefs(side, order, end, &mut shapes);
        }
        if let Some((at, count)) = self.gap_at.filter(|_| top < place.top) {
            let told = format!("… {} steps are left out of this export …", thousands(count));
            let middle = f32::midpoint(CLIENT, SERVER);
            shapes.push(words(
                (middle, at + 24.0),
                told,
                (SMALL, 500),
                Ink::Muted,
                Anchor::Middle,
            ));
        }
        if is_last {
            self.disagreement(&mut shapes);
        }
        shapes.push(Shape::Row {
            at: (CLIENT + 7.0, place.top + 2.0),
            size: (SERVER - CLIENT - 14.0, place.bottom - place.top - 4.0),
        });
        let (Some(row), Some(step)) = (story.rows.get(place.step), story.steps.get(place.step)) else {
            return Group::default();
        };
        shapes.push(words(
            (TIME, place.middle + 1.0),
            moment(step.at_us),
            (SMALL - 0.5, 400),
            Ink::Muted,
            Anchor::End,
        ));
        match &row.kind {
            RowKind::Flight {
                from,
                is_alert,
                is_lost,
                ..
            } => self.arrow(place, row, (*from, *is_alert, *is_lost), &mut shapes),
            RowKind::Verification { judge, .. } => self.capsule(place, row, *judge, &mut shapes),
            RowKind::Moment { side, is_failure } => self.moment(place, *side, *is_failure, &mut shapes),
        }
        let note = self.material.step_notes.of(place.step);
        if note.is_some() {
            note_mark((TIME - 2.0, place.middle + 8.0), &mut shapes);
        }
        Group {
            step: Some(order + 1),
            hint: note.map(|words| format!("Note: {words}")),
            shapes,
        }
    }

    fn bands(&self, place: &Place, shapes: &mut Vec<Shape>) {
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

    /// Where the row of a step stands; of one that is left out, the next that is shown.
    fn order_of(&self, step: usize) -> Option<usize> {
        let order = self.places.partition_point(|place| place.step < step);
        (order < self.places.len()).then_some(order)
    }

    /// What of this side's beliefs lies in this row.
    fn beliefs(&self, side: Side, order: usize, end: f32, shapes: &mut Vec<Shape>) {
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
            self.belief_name(side, (begin.middle, order, bottom), (ink, names), shapes);
        }
    }

    /// The name of a belief, in the row in which its bar has become long enough for it.
    fn belief_name(
        &self,
        side: Side,
        (begin, order, bottom): (f32, usize, f32),
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
        let place = self.places.get(order);
        let from = self.places.iter().take(order + 1).filter(|place| taken(place));
        let from = from.map(|place| place.top + 20.0).fold(begin, f32::max);
        let before = place.map_or(bottom, |place| place.top).max(begin);
        for name in names {
            let length = width_of(name, SMALL - 1.0, 600) + 8.0;
            let fits = bottom - from >= length;
            // It was named above already, where there was room for it.
            let fitted = order > 0 && before - from >= length;
            if fitted {
                return;
            }
            if fits {
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
                return;
            }
        }
    }

    fn has_refused(&self, side: Side) -> bool {
        self.analysis.story.rows.iter().any(
            |row| matches!(row.kind, RowKind::Verification { judge, refused_for: Some(_), .. } if judge == side),
        )
    }

    /// The window in which one side believes itself connected and the other knows better, or does not yet know.
    fn disagreement(&self, shapes: &mut Vec<Shape>) {
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

    fn arrow(
        &self,
        place: &Place,
        row: &Row,
        (from, is_alert, is_lost): (Side, bool, bool),
        shapes: &mut Vec<Shape>,
    ) {
        let Some(step) = self.analysis.story.steps.get(place.step) else {
            return;
        };
        let is_bad = is_alert && (row.is_break || !step.title.contains("close_notify"));
        let ink = if is_bad { Ink::Bad } else { ink_of(from) };
        let direction = if from == Side::Client { 1.0 } else { -1.0 };
        let (start, end) = (x(from) + 7.0 * direction, x(from.peer()) - 7.0 * direction);
        let tip = if is_lost {
            f32::midpoint(start, end) + 0.12 * (end - start)
        } else {
            end
        };
        let y = place.middle;
        shapes.push(Shape::Line {
            from: (start, y),
            to: (tip, y),
            ink,
            width: 1.8,
            is_dashed: false,
        });
        if is_lost {
            cross((tip, y), 5.0, (Ink::Bad, 2.0), shapes);
        } else {
            let back = tip - 9.0 * direction;
            shapes.push(Shape::Filled {
                points: vec![(tip, y), (back, y - 4.5), (back, y + 4.5)],
                fill: ink,
            });
        }
        let middle = f32::midpoint(CLIENT, SERVER);
        let room = SERVER - CLIENT - 40.0;
        let title = shorten::title(&step.title, |text| width_of(text, TITLE, 600) <= room);
        let title = cut(&title, TITLE, 600, room);
        let title_ink = if is_bad { Ink::Bad } else { Ink::Strong };
        shapes.push(words(
            (middle, y - 8.0),
            title,
            (TITLE, 600),
            title_ink,
            Anchor::Middle,
        ));
        let caption = shorten::caption(&step.caption, |text| width_of(text, SMALL, 400) <= room);
        let caption = cut(&caption, SMALL, 400, room);
        shapes.push(words(
            (middle, y + 15.0),
            caption,
            (SMALL, 400),
            Ink::Muted,
            Anchor::Middle,
        ));
    }

    fn capsule(&self, place: &Place, row: &Row, judge: Side, shapes: &mut Vec<Shape>) {
        let (
            RowKind::Verification {
                refused_for,
                is_likely,
                is_accepted,
                ..
            },
            Some(step),
        ) = (&row.kind, self.analysis.story.steps.get(place.step))
        else {
            return;
        };
        let ink = match (is_accepted, refused_for) {
            (true, _) => Ink::Good,
            (false, Some(_)) => Ink::Bad,
            (false, None) => Ink::Muted,
        };
        let caption =
            refused_for.map_or_else(|| step.caption.clone(), |cause| cause_words(cause, *is_likely));
        let room = SERVER - CLIENT - 90.0;
        let title = cut(&step.title, SMALL + 0.5, 600, room * 0.6);
        let title_width = width_of(&title, SMALL + 0.5, 600);
        let left = room - title_width;
        let caption = shorten::caption(&caption, |text| width_of(text, SMALL, 400) <= left);
        let caption = cut(&caption, SMALL, 400, left);
        let width = 34.0 + title_width + 14.0 + width_of(&caption, SMALL, 400) + 12.0;
        let y = (f32::midpoint(place.top, place.bottom) - 0.5).round();
        let x = match judge {
            Side::Client => CLIENT - 14.0,
            Side::Server => SERVER + 14.0 - width,
        };
        shapes.push(Shape::Box {
            at: (x, y - 15.5),
            size: (width, 31.0),
            radius: 8.0,
            fill: Ink::Panel,
            edge: Some((ink, 1.4)),
        });
        badge((x + 18.0, y), ink, (*is_accepted, refused_for.is_some()), shapes);
        shapes.push(words(
            (x + 32.0, y + 4.2),
            title,
            (SMALL + 0.5, 600),
            Ink::Strong,
            Anchor::Start,
        ));
        let caption_ink = match (refused_for, is_likely) {
            (Some(_), true) => Ink::Warn,
            (Some(_), false) => Ink::Bad,
            (None, _) => Ink::Muted,
        };
        shapes.push(words(
            (x + width - 12.0, y + 4.0),
            caption,
            (SMALL, 400),
            caption_ink,
            Anchor::End,
        ));
    }

    fn moment(&self, place: &Place, side: Side, is_failure: bool, shapes: &mut Vec<Shape>) {
        let Some(step) = self.analysis.story.steps.get(place.step) else {
            return;
        };
        let ink = if is_failure { Ink::Bad } else { Ink::Muted };
        let y = place.middle;
        shapes.push(Shape::Disc {
            at: (x(side), y),
            radius: 6.0,
            fill: ink,
        });
        let (anchor, x) = match side {
            Side::Client => (Anchor::Start, CLIENT + 18.0),
            Side::Server => (Anchor::End, SERVER - 18.0),
        };
        let room = SERVER - CLIENT - 60.0;
        let title_ink = if is_failure { Ink::Bad } else { Ink::Strong };
        let title = cut(&step.title, TITLE, 600, room);
        shapes.push(words((x, y - 3.0), title, (TITLE, 600), title_ink, anchor));
        let caption = shorten::caption(&step.caption, |text| width_of(text, SMALL, 400) <= room);
        let caption = cut(&caption, SMALL, 400, room);
        shapes.push(words((x, y + 13.0), caption, (SMALL, 400), Ink::Muted, anchor));
    }
}

fn lifeline(x: f32, top: f32, bottom: f32) -> Shape {
    Shape::Line {
        from: (x, top),
        to: (x, bottom),
        ink: Ink::Lifeline,
        width: 1.5,
        is_dashed: false,
    }
}

/// A tick, a cross or three points on a disc.
pub(super) fn badge(at: At, ink: Ink, (is_good, is_bad): (bool, bool), shapes: &mut Vec<Shape>) {
    shapes.push(Shape::Disc {
        at,
        radius: 7.5,
        fill: ink,
    });
    sign(at, (is_good, is_bad), 1.0, shapes);
}

/// The sign on a disc, `scale` times as large as a capsule's.
pub(super) fn sign((x, y): At, (is_good, is_bad): (bool, bool), scale: f32, shapes: &mut Vec<Shape>) {
    let at = |dx: f32, dy: f32| (x + dx * scale, y + dy * scale);
    if is_good {
        shapes.push(Shape::Strokes {
            points: vec![at(-3.4, 0.2), at(-1.0, 2.6), at(3.6, -2.4)],
            ink: Ink::Stage,
            width: 1.7 * scale,
        });
    } else if is_bad {
        cross((x, y), 2.7 * scale, (Ink::Stage, 1.7 * scale), shapes);
    } else {
        for dx in [-3.2, 0.0, 3.2] {
            shapes.push(Shape::Disc {
                at: at(dx, 0.0),
                radius: 1.1 * scale,
                fill: Ink::Stage,
            });
        }
    }
}

fn cross((x, y): At, reach: f32, (ink, width): (Ink, f32), shapes: &mut Vec<Shape>) {
    for turn in [1.0, -1.0] {
        shapes.push(Shape::Strokes {
            points: vec![(x - reach, y - reach * turn), (x + reach, y + reach * turn)],
            ink,
            width,
        });
    }
}

/// A small sheet: there is a note.
fn note_mark((right, top): At, shapes: &mut Vec<Shape>) {
    shapes.push(Shape::Box {
        at: (right - 12.0, top),
        size: (12.0, 10.0),
        radius: 2.0,
        fill: Ink::WarnSoft,
        edge: Some((Ink::Warn, 1.0)),
    });
    for y in [3.4, 6.4] {
        shapes.push(Shape::Line {
            from: (right - 9.5, top + y),
            to: (right - 2.5, top + y),
            ink: Ink::Warn,
            width: 1.0,
            is_dashed: false,
        });
    }
}
