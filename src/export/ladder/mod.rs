//! The ladder laid out: two lifelines, a row for each step, key bands behind them, and beside them what each side believes.
//!
//! As the stage has it ([`crate::ui`]), at one size. Each row's shapes are one group, so that whoever plays it shows so many
//! of them: a band, a lifeline and a belief are cut at the rows' ends.

mod beliefs;
mod frame;
mod rows;
mod signs;

use super::ink::Ink;
use super::material::Material;
use super::shape::{Anchor, Group, Shape, cut};
use crate::capture::Side;
use crate::decode::thousands;
use crate::story::{RowKind, moment};
pub(super) use frame::WIDTH;
use frame::{
    ARROW_ROW, CAPSULE_ROW, CLIENT, GAP_ROW, HEADS, Ladder, Place, SERVER, SMALL, TAIL, TIME, TITLE, ink_of,
    lifeline, words, x,
};
use signs::note_mark;
pub(super) use signs::sign;

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
}
