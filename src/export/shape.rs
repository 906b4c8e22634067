//! A drawing as data: shapes with places and colours' names, a group for each step.

use super::ink::Ink;

/// A place, from the drawing's corner, in points.
pub(super) type At = (f32, f32);

/// A drawing.
#[derive(Clone, Debug)]
pub(super) struct Drawing {
    pub width: f32,
    pub height: f32,
    /// What it is, for whoever cannot see it.
    pub label: String,
    pub groups: Vec<Group>,
}

/// Shapes that come together.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// From which step on they are seen, counted from 1 among those shown; always where none is named.
    pub step: Option<usize>,
    /// What the pointer is told.
    pub hint: Option<String>,
    pub shapes: Vec<Shape>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Clone, Debug)]
pub(super) enum Shape {
    Line {
        from: At,
        to: At,
        ink: Ink,
        width: f32,
        is_dashed: bool,
    },
    Box {
        at: At,
        size: At,
        radius: f32,
        fill: Ink,
        edge: Option<(Ink, f32)>,
    },
    /// The whole row, to be marked and clicked where something plays it.
    Row {
        at: At,
        size: At,
    },
    Disc {
        at: At,
        radius: f32,
        fill: Ink,
    },
    Filled {
        points: Vec<At>,
        fill: Ink,
    },
    Strokes {
        points: Vec<At>,
        ink: Ink,
        width: f32,
    },
    Words {
        /// On the base line.
        at: At,
        words: String,
        size: f32,
        weight: u16,
        ink: Ink,
        anchor: Anchor,
        /// Turned to read upwards.
        is_upright: bool,
    },
}

/// How wide words are, about: Inter's widths by kinds of letters, on the safe side, since another face may stand in.
pub(super) fn width_of(words: &str, size: f32, weight: u16) -> f32 {
    let em: f32 = words
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '|' | '\'' | '!' | '·' => 0.29,
            ' ' => 0.29,
            'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '/' | '"' | '“' | '”' => 0.41,
            'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 0.9,
            'A'..='Z' => 0.69,
            '0'..='9' => 0.63,
            'a'..='z' => 0.59,
            letter if letter as u32 >= 0x1100 => 1.05,
            _ => 0.66,
        })
        .sum();
    em * size * if weight >= 600 { 1.05 } else { 1.0 }
}

/// The words, cut in the middle to this width.
pub(super) fn cut(words: &str, size: f32, weight: u16, room: f32) -> String {
    let mut letters = words.chars().count();
    let mut shown = crate::printable::drawn(words).into_owned();
    while letters > 3 && width_of(&shown, size, weight) > room {
        letters -= (letters / 12).max(1);
        shown = crate::printable::shortened(&crate::printable::drawn(words), letters).into_owned();
    }
    shown
}
