//! Both directions of a TCP connection, put together again: each byte once, gaps told (RFC 9293 §3.4), in the order of
//! the recording.
//!
//! Times order nothing here: they may be absent, equal or run backwards, and the file's order is what was recorded.

use std::collections::BTreeMap;
use std::ops::Range;

use super::covered::{Around, Covered};
use super::direction::{Direction, Fragment};
use crate::capture::{Alteration, Gap, PerSide, Segment, Side};

/// The segments of a connection; `read` fetches a fragment's bytes, in the order of the file.
pub(super) fn segments<E>(
    directions: &PerSide<Option<Box<Direction>>>,
    mut read: impl FnMut(&Fragment) -> Result<Vec<u8>, E>,
) -> Result<Vec<Segment>, E> {
    let mut fragments = PerSide {
        client: Vec::new(),
        server: Vec::new(),
    };
    let mut joining = PerSide {
        client: Joining::default(),
        server: Joining::default(),
    };
    for side in Side::BOTH {
        if let Some(direction) = directions.of(side) {
            let (kept, left_out) = direction.kept();
            *joining.of_mut(side) = Joining::new(&kept, left_out, direction.has_begun());
            *fragments.of_mut(side) = kept;
        }
    }
    let mut out = Vec::with_capacity(fragments.client.len() + fragments.server.len());
    let mut client = fragments.client.iter().peekable();
    let mut server = fragments.server.iter().peekable();
    loop {
        let is_client_next = match (client.peek(), server.peek()) {
            (Some(client), Some(server)) => client.number <= server.number,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => return Ok(out),
        };
        let (side, fragment) = if is_client_next {
            (Side::Client, client.next())
        } else {
            (Side::Server, server.next())
        };
        if let Some(fragment) = fragment {
            let bytes = read(fragment)?;
            joining.of_mut(side).add(side, fragment, bytes, &mut out);
        }
    }
}

/// One direction on its way back into order.
#[derive(Default)]
struct Joining {
    /// The position that comes next.
    next: i64,
    /// All that will come.
    covered: Covered,
    /// What came early.
    waiting: BTreeMap<i64, Vec<u8>>,
    left_out: Option<Range<i64>>,
}

impl Joining {
    /// `has_begun`: what lacks before the first byte is a gap, and not the past.
    fn new(fragments: &[Fragment], left_out: Option<Range<i64>>, has_begun: bool) -> Self {
        let mut covered = Covered::default();
        for fragment in fragments {
            covered.add(fragment.position..fragment.end(), |_| {});
        }
        let first = covered.start().unwrap_or_default();
        Self {
            next: if has_begun { first.min(0) } else { first },
            covered,
            waiting: BTreeMap::new(),
            left_out,
        }
    }

    fn add(&mut self, side: Side, fragment: &Fragment, bytes: Vec<u8>, out: &mut Vec<Segment>) {
        let at_us = fragment.at_us;
        let mut push = |bytes: Vec<u8>, altered: Option<Alteration>| {
            out.push(Segment {
                at_us,
                from: side,
                bytes,
                altered,
            });
        };
        self.waiting.insert(fragment.position, bytes);
        let mut ready: Vec<u8> = Vec::new();
        while let Some(entry) = self.waiting.first_entry() {
            let start = *entry.key();
            if start > self.next {
                // Is it only late, or was it never recorded?
                let Around::Hole(end) = self.covered.around(self.next) else {
                    break;
                };
                if !ready.is_empty() {
                    push(std::mem::take(&mut ready), None);
                }
                let is_left_out = self
                    .left_out
                    .as_ref()
                    .is_some_and(|range| range.start < end && self.next < range.end);
                let gap = Alteration::Missing {
                    bytes: (end - self.next).unsigned_abs(),
                    why: if is_left_out {
                        Gap::LeftOut
                    } else {
                        Gap::NotRecorded
                    },
                };
                push(Vec::new(), Some(gap));
                self.next = end;
                continue;
            }
            let bytes = entry.remove();
            self.next = start + bytes.len() as i64;
            if ready.is_empty() {
                ready = bytes;
            } else {
                ready.extend_from_slice(&bytes);
            }
        }
        if !ready.is_empty() {
            push(ready, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Segments of a client whose packets hold these bytes at these positions; `abc`, `-3` for three missing bytes, each
    /// with its time.
    fn told(list: &[(i64, &str)], has_begun: bool) -> Vec<(u64, String)> {
        let mut direction = if has_begun {
            Direction::beginning_at(1000)
        } else {
            Direction::default()
        };
        let mut file = Vec::new();
        for ((position, text), number) in list.iter().zip(1u32..) {
            let fragment = Fragment {
                offset: file.len() as u64,
                at_us: u64::from(number),
                position: 0,
                length: text.len() as u32,
                number,
            };
            file.extend_from_slice(text.as_bytes());
            direction.add(1000u32.wrapping_add_signed(*position as i32), fragment);
        }
        let directions = PerSide {
            client: Some(Box::new(direction)),
            server: None,
        };
        let read = |fragment: &Fragment| {
            let start = fragment.offset as usize;
            Ok::<_, ()>(file[start..start + fragment.length as usize].to_vec())
        };
        segments(&directions, read)
            .expect("all is read")
            .into_iter()
            .map(|segment| match segment.altered {
                Some(Alteration::Missing { bytes, .. }) => (segment.at_us, format!("-{bytes}")),
                _ => (segment.at_us, String::from_utf8(segment.bytes).expect("text")),
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
        // A shorter copy of bytes that wait does not push out the longer one, nor the other way round.
        assert_eq!(
            told(&[(2, "cdef"), (2, "c"), (0, "ab")], true),
            expect(&[(3, "abcdef")])
        );
        assert_eq!(
            told(&[(2, "c"), (2, "cdef"), (0, "ab")], true),
            expect(&[(3, "abcdef")])
        );
    }

    #[test]
    fn of_two_copies_that_differ_the_first_counts() {
        let text = |list| {
            told(list, true)
                .into_iter()
                .map(|(_, text)| text)
                .collect::<String>()
        };
        assert_eq!(text(&[(0, "ab"), (0, "XY"), (2, "cd")]), "abcd");
        assert_eq!(text(&[(2, "cd"), (0, "abXY"), (4, "ef")]), "abcdef");
        assert_eq!(text(&[(2, "cd"), (6, "gh"), (0, "abXYefZZij")]), "abcdefghij");
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
        // Nor is what came before the first that was recorded.
        assert_eq!(told(&[(3, "d"), (0, "abc")], false), expect(&[(2, "abcd")]));
    }

    #[test]
    fn any_order_gives_the_same_bytes() {
        // Every permutation of five overlapping parts.
        let list = [(0, "abc"), (2, "cde"), (4, "efg"), (7, "h"), (6, "gh")];
        let mut order: Vec<usize> = (0..list.len()).collect();
        let mut seen = 0;
        permute(&mut order, 0, &mut |order| {
            let shuffled: Vec<_> = order.iter().map(|index| list[*index]).collect();
            for has_begun in [true, false] {
                let text: String = told(&shuffled, has_begun)
                    .into_iter()
                    .map(|(_, text)| text)
                    .collect();
                assert_eq!(text, "abcdefgh", "{shuffled:?}");
            }
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
