//! The halves of the middle: one for each ladder.

use egui::{Rect, pos2};

use crate::compare::Which;

/// Between the two ladders.
pub(super) const GUTTER: f32 = 16.0;
/// A ladder wider than this is harder to compare, not easier.
const WIDEST: f32 = 620.0;
/// Between the edge of a ladder's half and its card.
pub(super) const INSET: f32 = 14.0;

/// The halves of the middle.
#[derive(Clone, Copy)]
pub(super) struct Halves {
    pub a: f32,
    pub b: f32,
    pub width: f32,
}

impl Halves {
    pub fn of(place: Rect) -> Self {
        let width = ((place.width() - GUTTER) / 2.0).min(WIDEST);
        let a = place.left() + (place.width() - 2.0 * width - GUTTER) / 2.0;
        Self {
            a,
            b: a + width + GUTTER,
            width,
        }
    }

    pub fn left(self, which: Which) -> f32 {
        match which {
            Which::A => self.a,
            Which::B => self.b,
        }
    }

    /// From the left edge of the first to the right edge of the second.
    pub fn across(self, top: f32, bottom: f32) -> Rect {
        Rect::from_min_max(pos2(self.a, top), pos2(self.b + self.width, bottom))
    }
}
