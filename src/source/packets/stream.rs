//! One direction of a TCP connection, put together again: in order, each byte once, gaps told (RFC 9293 §3.4).

use std::collections::BTreeMap;
use std::ops::Range;

/// A packet's bytes with the place that TCP gives them: positions count from the direction's first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub at_us: u64,
    pub position: i64,
    pub bytes: Vec<u8>,
}

/// What comes out, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Run {
    Bytes { at_us: u64, bytes: Vec<u8> },
    Missing { at_us: u64, bytes: u64 },
}

/// Turns sequence numbers, which count modulo 2³², into positions that only grow.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Positions {
    last: Option<(u32, i64)>,
}

impl Positions {
    /// Says which sequence number is position 0.
    pub(super) fn begin(&mut self, sequence: u32) {
        if self.last.is_none() {
            self.last = Some((sequence, 0));
        }
    }

    pub(super) fn of(&mut self, sequence: u32) -> i64 {
        let (known, position) = *self.last.get_or_insert((sequence, 0));
        let distance = sequence.wrapping_sub(known).cast_signed();
        let position = position + i64::from(distance);
        self.last = Some((sequence, position));
        position
    }
}

/// Puts the parts, given in the order of their recording, into the order of their bytes. `begins_at_zero`: the
/// connection's own beginning was seen, so that what lacks before the first part is a gap and not the past.
pub(super) fn reassemble(parts: Vec<Part>, begins_at_zero: bool) -> Vec<Run> {
    let held = covered(&parts);
    let first = held.first().map_or(0, |range| range.start);
    let mut next = if begins_at_zero { first.min(0) } else { first };
    let mut waiting: BTreeMap<i64, Vec<u8>> = BTreeMap::new();
    let mut out = Vec::new();
    for part in parts {
        let at_us = part.at_us;
        match waiting.get(&part.position) {
            Some(known) if known.len() >= part.bytes.len() => {}
            _ => {
                waiting.insert(part.position, part.bytes);
            }
        }
        let mut ready: Vec<u8> = Vec::new();
        while let Some(entry) = waiting.first_entry() {
            let start = *entry.key();
            if start > next {
                // Is it only late, or was it never recorded?
                let gap_end = held
                    .iter()
                    .find(|range| range.end > next)
                    .map_or(start, |range| range.start);
                if gap_end <= next {
                    break;
                }
                flush(&mut out, &mut ready, at_us);
                out.push(Run::Missing {
                    at_us,
                    bytes: (gap_end - next) as u64,
                });
                next = gap_end;
                continue;
            }
            let bytes = entry.remove();
            // What came before is a retransmission.
            let known = (next - start) as usize;
            if let Some(fresh) = bytes.get(known..).filter(|fresh| !fresh.is_empty()) {
                ready.extend_from_slice(fresh);
                next += fresh.len() as i64;
            }
        }
        flush(&mut out, &mut ready, at_us);
    }
    out
}

fn flush(out: &mut Vec<Run>, ready: &mut Vec<u8>, at_us: u64) {
    if !ready.is_empty() {
        out.push(Run::Bytes {
            at_us,
            bytes: std::mem::take(ready),
        });
    }
}

/// The positions that some part holds, in order and joined.
fn covered(parts: &[Part]) -> Vec<Range<i64>> {
    let mut ranges: Vec<Range<i64>> = parts
        .iter()
        .filter(|part| !part.bytes.is_empty())
        .map(|part| part.position..part.position + part.bytes.len() as i64)
        .collect();
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<i64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(list: &[(i64, &str)]) -> Vec<Part> {
        list.iter()
            .zip(1..)
            .map(|((position, text), at_us)| Part {
                at_us,
                position: *position,
                bytes: text.as_bytes().to_vec(),
            })
            .collect()
    }

    /// `abc`, `-3` for three missing bytes, with the times.
    fn told(list: &[(i64, &str)], begins_at_zero: bool) -> Vec<(u64, String)> {
        reassemble(parts(list), begins_at_zero)
            .into_iter()
            .map(|run| match run {
                Run::Bytes { at_us, bytes } => (at_us, String::from_utf8(bytes).expect("text")),
                Run::Missing { at_us, bytes } => (at_us, format!("-{bytes}")),
            })
            .collect()
    }

    fn expect(list: &[(u64, &str)]) -> Vec<(u64, String)> {
        list.iter().map(|(at, text)| (*at, (*text).to_owned())).collect()
    }

    #[test]
    fn bytes_come_out_in_order_and_once() {
        assert_eq!(
            told(&[(0, "ab"), (2, "cd")], true),
            expect(&[(1, "ab"), (2, "cd")])
        );
        // Reordered: the late one brings both.
        assert_eq!(told(&[(2, "cd"), (0, "ab")], true), expect(&[(2, "abcd")]));
        // Retransmitted, and overlapping.
        assert_eq!(
            told(&[(0, "ab"), (0, "ab"), (1, "bcd"), (0, "abcdef")], true),
            expect(&[(1, "ab"), (3, "cd"), (4, "ef")])
        );
        // A shorter copy of bytes that wait does not push out the longer one.
        assert_eq!(
            told(&[(2, "cdef"), (2, "c"), (0, "ab")], true),
            expect(&[(3, "abcdef")])
        );
    }

    #[test]
    fn what_was_never_recorded_is_a_gap() {
        assert_eq!(
            told(&[(0, "ab"), (5, "fg"), (7, "h")], true),
            expect(&[(1, "ab"), (2, "-3"), (2, "fg"), (3, "h")])
        );
        // At the beginning, where the beginning was seen; else it is the past, of which nothing is known.
        assert_eq!(told(&[(3, "de")], true), expect(&[(1, "-3"), (1, "de")]));
        assert_eq!(told(&[(3, "de")], false), expect(&[(1, "de")]));
        // Late is not lost.
        assert_eq!(
            told(&[(0, "a"), (3, "d"), (1, "bc")], true),
            expect(&[(1, "a"), (3, "bcd")])
        );
    }

    #[test]
    fn sequence_numbers_wrap() {
        let mut positions = Positions::default();
        positions.begin(u32::MAX - 1);
        assert_eq!(positions.of(u32::MAX - 1), 0);
        assert_eq!(positions.of(3), 5);
        assert_eq!(positions.of(u32::MAX), 1, "a retransmission from before the wrap");
    }

    #[test]
    fn any_order_gives_the_same_bytes() {
        // Every permutation of five overlapping parts.
        let list = [(0, "abc"), (2, "cde"), (4, "efg"), (7, "h"), (6, "gh")];
        let mut order: Vec<usize> = (0..list.len()).collect();
        let mut seen = 0;
        permute(&mut order, 0, &mut |order| {
            let shuffled: Vec<_> = order.iter().map(|index| list[*index]).collect();
            let text: String = told(&shuffled, true).into_iter().map(|(_, text)| text).collect();
            assert_eq!(text, "abcdefgh", "{shuffled:?}");
            seen += 1;
        });
        assert_eq!(seen, 120);
    }

    fn permute(order: &mut Vec<usize>, from: usize, visit: &mut impl FnMut(&[usize])) {
        if from == order.len() {
            visit(order);
            return;
        }
        for index in from..order.len() {
            order.swap(from, index);
            permute(order, from + 1, visit);
            order.swap(from, index);
        }
    }
}
