//! Which positions of a direction some packet holds already: of each new packet only the rest is new.

use std::collections::BTreeMap;
use std::ops::Range;

/// Disjoint ranges of positions.
///
/// A stream that comes in order is one range that grows; each hole adds one. Adding a range costs the logarithm of their
/// number, and each range that it joins is gone for good: however a stream is torn, n packets cost n log n.
#[derive(Clone, Debug, Default)]
pub(super) struct Covered {
    /// The one that ends last.
    last: Option<Range<i64>>,
    /// Those before it: start and end.
    before: BTreeMap<i64, i64>,
    /// Ranges looked at so far, which is the work done.
    steps: u64,
}

impl Covered {
    /// Adds a range; `fresh` is told, in order, which parts of it were not held.
    pub(super) fn add(&mut self, range: Range<i64>, mut fresh: impl FnMut(Range<i64>)) {
        self.steps += 1;
        if range.is_empty() {
            return;
        }
        let Some(last) = &mut self.last else {
            self.last = Some(range.clone());
            fresh(range);
            return;
        };
        if range.start > last.end {
            self.before.insert(last.start, last.end);
            *last = range.clone();
            fresh(range);
            return;
        }
        if range.start >= last.start {
            if range.end > last.end {
                fresh(last.end..range.end);
                last.end = range.end;
            }
            return;
        }
        let until = range.end.min(last.start);
        let mut at = range.start;
        let mut joined = range.start..until;
        let neighbour = self.before.range(..range.start).next_back();
        if let Some((start, end)) = neighbour.filter(|(_, end)| **end >= range.start) {
            joined.start = *start;
            joined.end = joined.end.max(*end);
            at = at.max(*end);
        }
        while let Some((start, end)) = self.before.range(range.start..=until).next() {
            let (start, end) = (*start, *end);
            self.steps += 1;
            self.before.remove(&start);
            if start > at {
                fresh(at..start);
            }
            at = at.max(end);
            joined.end = joined.end.max(end);
        }
        if at < until {
            fresh(at..until);
        }
        if range.end < last.start {
            self.before.insert(joined.start, joined.end);
            return;
        }
        self.before.remove(&joined.start);
        last.start = joined.start;
        if range.end > last.end {
            fresh(last.end..range.end);
            last.end = range.end;
        }
    }

    /// Forgets ranges that lie wholly within these positions.
    pub(super) fn forget(&mut self, within: &Range<i64>) {
        self.steps += self.before.len() as u64;
        self.before
            .retain(|start, end| *start < within.start || *end > within.end);
    }

    /// How many ranges there are.
    pub(super) fn len(&self) -> usize {
        self.before.len() + usize::from(self.last.is_some())
    }

    /// Where the range that holds `position` ends, or else where the next one begins.
    pub(super) fn around(&self, position: i64) -> Around {
        let before = self.before.range(..=position).next_back();
        if before.is_some_and(|(_, end)| *end > position) {
            return Around::Held;
        }
        if self.last.as_ref().is_some_and(|last| last.contains(&position)) {
            return Around::Held;
        }
        let next = self.before.range(position..).next().map(|(start, _)| *start);
        let last = || {
            self.last
                .as_ref()
                .map(|last| last.start)
                .filter(|start| *start > position)
        };
        next.or_else(last).map_or(Around::Nothing, Around::Hole)
    }

    /// Where the first range begins.
    pub(super) fn start(&self) -> Option<i64> {
        let first = self.before.keys().next().copied();
        first.or_else(|| self.last.as_ref().map(|last| last.start))
    }

    #[cfg(test)]
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }
}

/// What lies at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    /// A range holds it.
    Held,
    /// None holds it; the next begins here.
    Hole(i64),
    /// None holds it, nor anything after it.
    Nothing,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which positions are new, by looking at each one.
    fn by_position(held: &mut Vec<bool>, range: &Range<i64>) -> Vec<i64> {
        let mut new = Vec::new();
        for position in range.clone() {
            let index = position as usize;
            held.resize(held.len().max(index + 1), false);
            if !held[index] {
                new.push(position);
            }
            held[index] = true;
        }
        new
    }

    #[test]
    fn what_is_new_is_told_once_whatever_the_order() {
        // A small deterministic walk over overlapping, touching, contained and repeated ranges.
        let mut state = 7u64;
        let mut roll = |sides: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 33) % sides) as i64
        };
        for _ in 0..300 {
            let mut covered = Covered::default();
            let mut held = Vec::new();
            for _ in 0..40 {
                let start = roll(60);
                let range = start..start + roll(9);
                let mut new = Vec::new();
                covered.add(range.clone(), |part| new.extend(part));
                assert_eq!(new, by_position(&mut held, &range), "{range:?}");
                for position in 0..70 {
                    let is_held = held.get(position as usize) == Some(&true);
                    let next = (position..held.len() as i64).find(|at| held[*at as usize]);
                    let expected = match next {
                        _ if is_held => Around::Held,
                        Some(next) => Around::Hole(next),
                        None => Around::Nothing,
                    };
                    assert_eq!(covered.around(position), expected, "{position} of {covered:?}");
                }
                let runs = held.chunk_by(|a, b| a == b).filter(|run| run[0]).count();
                assert_eq!(covered.len(), runs, "ranges that touch are one: {covered:?}");
            }
        }
    }

    #[test]
    fn holes_cost_no_more_each_the_more_there_are() {
        type Order = fn(i64, i64) -> i64;
        let orders: [(&str, Order); 3] = [
            ("every second one missing", |n, _| n * 2),
            ("from the end", |n, count| (count - n) * 2),
            ("filled in from behind", |n, count| {
                if n < count / 2 { n * 2 } else { (count - n) * 2 + 1 }
            }),
        ];
        for (name, order) in orders {
            let work = |count: i64| {
                let mut covered = Covered::default();
                for n in 0..count {
                    let at = order(n, count);
                    covered.add(at..at + 1, |_| {});
                }
                covered.steps()
            };
            let (once, twice) = (work(20_000), work(40_000));
            assert!(twice <= once * 2 + 10, "{name}: {once} steps, then {twice}");
        }
    }
}
