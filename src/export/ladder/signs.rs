//! Small signs: a tick, a cross, points, a sheet.

use crate::export::ink::Ink;
use crate::export::shape::{At, Shape};

/// A tick, a cross or three points on a disc.
pub(in crate::export) fn badge(at: At, ink: Ink, (is_good, is_bad): (bool, bool), shapes: &mut Vec<Shape>) {
    shapes.push(Shape::Disc {
        at,
        radius: 7.5,
        fill: ink,
    });
    sign(at, (is_good, is_bad), 1.0, shapes);
}

/// The sign on a disc, `scale` times as large as a capsule's.
pub(in crate::export) fn sign(
    (x, y): At,
    (is_good, is_bad): (bool, bool),
    scale: f32,
    shapes: &mut Vec<Shape>,
) {
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

pub(in crate::export) fn cross((x, y): At, reach: f32, (ink, width): (Ink, f32), shapes: &mut Vec<Shape>) {
    for turn in [1.0, -1.0] {
        shapes.push(Shape::Strokes {
            points: vec![(x - reach, y - reach * turn), (x + reach, y + reach * turn)],
            ink,
            width,
        });
    }
}

/// A small sheet: there is a note.
pub(in crate::export) fn note_mark((right, top): At, shapes: &mut Vec<Shape>) {
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
