//! Where each row of both ladders stands: one grid, as high as its rows need.

use super::super::stage::grid::{Seen, Slot, row_height};
use crate::analysis::Analysis;
use crate::compare::{Both, Comparison, Which};
use crate::state::Playback;
use crate::story::RowKind;

/// Above the first row.
const TOP: f32 = 8.0;
/// Below the last.
const TAIL: f32 = 30.0;
/// What the band of the first difference takes above and below its row.
pub(super) const ABOVE_FIRST: f32 = 26.0;
pub(super) const BELOW_FIRST: f32 = 10.0;
/// Rows are lower or higher than usual within these.
const SCALES: (f32, f32) = (0.88, 1.15);

/// The grid.
pub(super) struct Grid {
    /// One for each row of the comparison.
    pub slots: Vec<Slot>,
    pub height: f32,
    pub scale: f32,
    /// Of each story's rows, the row of the grid.
    pub of: Both<Vec<usize>>,
}

impl Grid {
    pub(super) fn new(found: &Comparison, both: &Both<&Analysis>, room: f32) -> Self {
        let is_capsule = |analysis: &Analysis, row: Option<usize>| {
            let row = row.and_then(|row| analysis.story.rows.get(row));
            row.is_some_and(|row| matches!(row.kind, RowKind::Verification { .. }))
        };
        let capsules: Vec<bool> = found
            .rows
            .iter()
            .map(|row| is_capsule(both.a, row.rows.a) || is_capsule(both.b, row.rows.b))
            .collect();
        let around = if found.first_difference.is_some() {
            ABOVE_FIRST + BELOW_FIRST
        } else {
            0.0
        };
        let usual: f32 = capsules
            .iter()
            .map(|is_capsule| row_height(*is_capsule, 1.0))
            .sum();
        let scale = ((room - TOP - TAIL - around) / usual.max(1.0)).clamp(SCALES.0, SCALES.1);
        let mut top = TOP;
        let mut slots = Vec::with_capacity(capsules.len());
        for (row, is_capsule) in capsules.into_iter().enumerate() {
            let is_first = found.first_difference == Some(row);
            top += if is_first { ABOVE_FIRST } else { 0.0 };
            let height = row_height(is_capsule, scale);
            slots.push(Slot {
                top,
                height,
                is_capsule,
            });
            top += height + if is_first { BELOW_FIRST } else { 0.0 };
        }
        Self {
            slots,
            height: top + TAIL,
            scale,
            of: Both {
                a: places(found, both.a, Which::A),
                b: places(found, both.b, Which::B),
            },
        }
    }

    /// Where the rows of one story stand.
    pub(super) fn slots_of(&self, which: Which) -> Vec<Slot> {
        let rows = self.of.of(which).iter();
        rows.filter_map(|row| self.slots.get(*row).copied()).collect()
    }

    /// Where the lifelines of one story end: soon after its last row.
    pub(super) fn bottom_of(&self, which: Which) -> f32 {
        let last = self.of.of(which).iter().filter_map(|row| self.slots.get(*row));
        let last = last.map(|slot| slot.top + slot.height).fold(0.0, f32::max);
        last + TAIL * 0.6
    }

    /// How much of one story is seen with the playhead where it stands. A row is seen after those before it.
    pub(super) fn seen(&self, which: Which, playback: &Playback, selected: Option<usize>) -> Seen {
        let before = |rows: usize| {
            let places = self.of.of(which).iter();
            places.take_while(|row| **row < rows).count()
        };
        Seen {
            visible: before(playback.visible_steps()),
            happened: before(playback.ended_steps()),
            progress: playback.progress_in_step(),
            is_at_end: playback.is_at_end(),
            selected: selected.and_then(|row| self.of.of(which).iter().position(|at| *at == row)),
        }
    }
}

/// Of each row of a story, the row of the grid.
fn places(found: &Comparison, analysis: &Analysis, which: Which) -> Vec<usize> {
    let mut all = vec![usize::MAX; analysis.story.rows.len()];
    for (at, row) in found.rows.iter().enumerate() {
        if let Some(place) = row.rows.of(which).and_then(|row| all.get_mut(row)) {
            *place = at;
        }
    }
    // Each row of a story has one place on the grid.
    all.retain(|place| *place != usize::MAX);
    all
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Grid;
    use crate::analysis::Analysis;
    use crate::cancel::Cancel;
    use crate::compare::{Both, Comparison, Subject, Which, compare};
    use crate::state::Playback;

    fn session(name: &str) -> Analysis {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/sessions")
            .join(format!("{name}.ron"));
        Analysis::of(crate::session::load(&path).expect("a session").capture)
    }

    fn found(a: &Analysis, b: &Analysis) -> Comparison {
        let subject = |analysis| Subject {
            analysis,
            setup: None,
        };
        let both = Both {
            a: subject(a),
            b: subject(b),
        };
        compare(both, &Cancel::default())
    }

    #[test]
    fn every_row_of_both_has_its_place_and_no_two_overlap() {
        let a = session("good-tls13");
        for name in [
            "root-rotated",
            "good-tls12",
            "everything-wrong",
            "good-tls13",
            "plain-http",
        ] {
            let b = session(name);
            let found = found(&a, &b);
            for room in [100.0, 500.0, 2000.0] {
                let grid = Grid::new(&found, &Both { a: &a, b: &b }, room);
                assert_eq!(grid.of.a.len(), a.story.rows.len(), "{name}");
                assert_eq!(grid.of.b.len(), b.story.rows.len(), "{name}");
                assert_eq!(grid.slots.len(), found.rows.len());
                for pair in grid.slots.windows(2) {
                    assert!(pair[1].top >= pair[0].top + pair[0].height - 0.01, "{name}");
                }
                for which in Which::BOTH {
                    assert!(grid.bottom_of(which) <= grid.height, "{name}");
                }
            }
        }
    }

    #[test]
    fn what_has_not_happened_is_not_seen_on_either_side() {
        let (a, b) = (session("good-tls13"), session("root-rotated"));
        let found = found(&a, &b);
        let grid = Grid::new(&found, &Both { a: &a, b: &b }, 600.0);
        let mut playback = Playback::default();
        playback.at_end_of(found.rows.len());
        for which in Which::BOTH {
            let seen = grid.seen(which, &playback, None);
            assert_eq!(seen.visible, grid.of.of(which).len(), "at the end all is there");
            assert!(seen.is_at_end);
        }
        for step in 0..=found.rows.len() {
            playback.seek(step as f32);
            for which in Which::BOTH {
                let seen = grid.seen(which, &playback, None);
                let rows = found.rows.iter().take(step);
                let expected = rows.filter(|row| row.rows.of(which).is_some()).count();
                assert_eq!(
                    (seen.visible, seen.happened),
                    (expected, expected),
                    "{which:?} at {step}"
                );
            }
            playback.seek(step as f32 + 0.3);
            let under_way = Which::BOTH.map(|which| {
                let seen = grid.seen(which, &playback, None);
                seen.visible - seen.happened
            });
            if let Some(row) = found.rows.get(step) {
                let is_there = [row.rows.a.is_some(), row.rows.b.is_some()].map(usize::from);
                assert_eq!(under_way, is_there, "at {step}");
            }
        }
    }
}
