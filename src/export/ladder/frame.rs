//! The ladder's frame: where the lifelines and the rows stand.

use crate::analysis::Analysis;
use crate::capture::Side;
use crate::export::ink::Ink;
use crate::export::material::Material;
use crate::export::shape::{Anchor, At, Shape};

pub(in crate::export) const WIDTH: f32 = 900.0;
pub(in crate::export) const CLIENT: f32 = 118.0;
pub(in crate::export) const SERVER: f32 = 772.0;
pub(in crate::export) const HEADS: f32 = 50.0;
pub(in crate::export) const ARROW_ROW: f32 = 52.0;
pub(in crate::export) const CAPSULE_ROW: f32 = 46.0;
pub(in crate::export) const GAP_ROW: f32 = 40.0;
pub(in crate::export) const TAIL: f32 = 28.0;
pub(in crate::export) const BAND: (f32, f32) = (62.0, 880.0);
pub(in crate::export) const TIME: f32 = 56.0;
pub(in crate::export) const SMALL: f32 = 11.5;
pub(in crate::export) const TITLE: f32 = 13.0;

/// Where the row of a step stands.
pub(in crate::export) struct Place {
    pub step: usize,
    pub top: f32,
    pub bottom: f32,
    pub middle: f32,
}

pub(in crate::export) struct Ladder<'a> {
    pub material: &'a Material,
    pub analysis: &'a Analysis,
    pub places: Vec<Place>,
    pub gap_at: Option<(f32, usize)>,
}

pub(in crate::export) fn x(side: Side) -> f32 {
    match side {
        Side::Client => CLIENT,
        Side::Server => SERVER,
    }
}

pub(in crate::export) fn ink_of(side: Side) -> Ink {
    match side {
        Side::Client => Ink::Client,
        Side::Server => Ink::Server,
    }
}

pub(in crate::export) fn words(
    at: At,
    words: impl Into<String>,
    (size, weight): (f32, u16),
    ink: Ink,
    anchor: Anchor,
) -> Shape {
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

pub(in crate::export) fn lifeline(x: f32, top: f32, bottom: f32) -> Shape {
    Shape::Line {
        from: (x, top),
        to: (x, bottom),
        ink: Ink::Lifeline,
        width: 1.5,
        is_dashed: false,
    }
}

impl Ladder<'_> {
    /// Where the row of a step stands; of one that is left out, the next that is shown.
    pub(super) fn order_of(&self, step: usize) -> Option<usize> {
        let order = self.places.partition_point(|place| place.step < step);
        (order < self.places.len()).then_some(order)
    }
}
