//! One direction of a TCP connection, as its packets come: which of their bytes are new, and which of those are kept.
//!
//! Of a long stream the head and the tail are kept. What lies between is forgotten while the file is read, holes and late
//! packets too, so that a download of any length takes the same memory.

use std::collections::VecDeque;
use std::ops::Range;

use super::covered::Covered;

/// Of each direction this much is kept from the start; a handshake is far shorter, a download far longer.
pub(super) const HEAD_BYTES: i64 = 2 << 20;
/// And this much of the end, where alerts are.
pub(super) const TAIL_BYTES: i64 = 64 << 10;
/// A sender whose numbers run ahead by more than this, and come back with its next packet, did not send what came between:
/// that was a late segment of an earlier connection. A sender that goes on from there was not recorded for a while.
const REACH_BYTES: i64 = 64 << 10;
/// So many ranges are remembered before those are forgotten that lie in what is left out.
const FIRST_SWEEP: usize = 1024;

/// A run of new bytes: where it lies in the file, and where in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fragment {
    /// In the file.
    pub offset: u64,
    /// Since the connection's first packet.
    pub at_us: u64,
    /// In the stream; 0 is its first byte, or the first that was recorded.
    pub position: i64,
    pub length: u32,
    /// The packet's number among those of its connection: the order of the recording.
    pub number: u32,
}

impl Fragment {
    pub(super) fn end(&self) -> i64 {
        self.position + i64::from(self.length)
    }

    fn part(&self, range: &Range<i64>) -> Self {
        Self {
            offset: self.offset + (range.start - self.position).unsigned_abs(),
            position: range.start,
            length: (range.end - range.start) as u32,
            ..*self
        }
    }
}

/// What one side sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Direction {
    /// Position 0 is the first byte of the stream: its SYN was recorded.
    has_begun: bool,
    /// A sequence number (RFC 9293 §3.4) and its position. It follows what is taken, because numbers count modulo 2³².
    anchor: Option<(u32, i64)>,
    /// Where the last byte ends.
    end: i64,
    covered: Covered,
    head: Vec<Fragment>,
    tail: VecDeque<Fragment>,
    /// Where data lay that was not kept.
    left_out: Option<Range<i64>>,
    /// Far ahead of everything before it: taken when the next packet goes on from there. More than one are of one packet.
    doubtful: Vec<(u32, Fragment)>,
    /// Where the sender ended the stream.
    finished: Option<i64>,
    next_sweep: usize,
}

impl Direction {
    /// Of a stream whose SYN was recorded: `first` is the number of its first byte.
    pub(super) fn beginning_at(first: u32) -> Self {
        Self {
            has_begun: true,
            anchor: Some((first, 0)),
            ..Self::default()
        }
    }

    /// Takes a packet's payload.
    pub(super) fn add(&mut self, sequence: u32, mut fragment: Fragment) {
        let Some(position) = self.position(sequence) else {
            self.anchor = Some((sequence, 0));
            self.take(fragment);
            return;
        };
        fragment.position = position;
        if position > self.end + REACH_BYTES {
            let before = std::mem::take(&mut self.doubtful);
            let is_confirmed = before
                .last()
                .is_some_and(|(_, before)| goes_on(before, &fragment));
            if before
                .last()
                .is_some_and(|(_, before)| before.number == fragment.number)
            {
                self.doubtful = before;
                self.doubtful.push((sequence, fragment));
                return;
            }
            if !is_confirmed {
                self.doubtful.push((sequence, fragment));
                return;
            }
            for (number, before) in before {
                self.anchor = Some((number, before.position));
                self.take(before);
            }
        }
        // Whoever comes back did not go there.
        self.doubtful.clear();
        if self.has_begun && position < 0 {
            // A keep-alive probe repeats the number before the first byte (RFC 9293 §3.8.4), with a byte that means
            // nothing; and an earlier connection may have had these numbers.
            let past = position.unsigned_abs();
            if past >= u64::from(fragment.length) {
                return;
            }
            fragment = fragment.part(&(0..fragment.end()));
        } else if position < -REACH_BYTES {
            return;
        }
        if fragment.end() > self.end {
            self.anchor = Some((sequence, position));
        }
        self.take(fragment);
    }

    /// The sender ends the stream with this number.
    pub(super) fn finish(&mut self, sequence: u32) {
        self.finished = self.position(sequence);
    }

    /// Where a number lies; `None` before anything is known of the stream.
    fn position(&self, sequence: u32) -> Option<i64> {
        let (known, position) = self.anchor?;
        Some(position + i64::from(sequence.wrapping_sub(known).cast_signed()))
    }

    /// Whether these numbers are what is expected next.
    pub(super) fn expects(&self, sequence: u32) -> bool {
        self.position(sequence)
            .is_none_or(|position| position == self.end)
    }

    /// Whether these numbers were sent already.
    pub(super) fn has_sent(&self, sequence: u32, length: u32) -> bool {
        let start = self.covered.start();
        self.position(sequence)
            .zip(start)
            .is_some_and(|(position, start)| position >= start && position + i64::from(length) <= self.end)
    }

    /// Whether these numbers lie near what was sent.
    pub(super) fn is_near(&self, sequence: u32) -> bool {
        self.position(sequence)
            .is_none_or(|position| (position - self.end).abs() <= REACH_BYTES)
    }

    /// Whether data was taken.
    pub(super) fn is_empty(&self) -> bool {
        self.covered.len() == 0
    }

    /// Whether the first number of the data is this one, where the SYN was not recorded yet.
    pub(super) fn begins_with(&self, sequence: u32) -> bool {
        self.position(sequence) == Some(0) && self.covered.start() == Some(0)
    }

    /// The SYN was recorded after the data.
    pub(super) fn begin(&mut self) {
        self.has_begun = true;
    }

    fn take(&mut self, fragment: Fragment) {
        let end = self.end.max(fragment.end());
        self.end = end;
        let Self {
            covered,
            head,
            tail,
            left_out,
            ..
        } = self;
        let leave_out = |range: Range<i64>, left_out: &mut Option<Range<i64>>| {
            *left_out = Some(match left_out.take() {
                None => range,
                Some(known) => known.start.min(range.start)..known.end.max(range.end),
            });
        };
        let is_far_back = |one: &Fragment| one.end() + TAIL_BYTES < end;
        covered.add(fragment.position..fragment.end(), |range| {
            let part = fragment.part(&range);
            if part.position < HEAD_BYTES {
                head.push(part);
            } else if is_far_back(&part) {
                leave_out(range, left_out);
            } else {
                tail.push_back(part);
            }
        });
        while let Some(first) = tail.pop_front_if(|first| is_far_back(first)) {
            leave_out(first.position..first.end(), left_out);
        }
        if covered.len() > self.next_sweep.max(FIRST_SWEEP) {
            covered.forget(&(HEAD_BYTES..end - TAIL_BYTES));
            self.next_sweep = covered.len() * 2;
        }
    }

    /// All that was kept, in the order of the recording; and where it was left out between.
    pub(super) fn kept(&self) -> (Vec<Fragment>, Option<Range<i64>>) {
        let doubtful = self
            .doubtful
            .iter()
            .map(|(_, one)| *one)
            .filter(|one| self.finished.is_none_or(|end| one.position < end));
        let mut all: Vec<Fragment> = self
            .head
            .iter()
            .chain(&self.tail)
            .copied()
            .chain(doubtful)
            .collect();
        all.sort_by_key(|one| one.number);
        (all, self.left_out.clone())
    }

    /// Whether position 0 is the stream's first byte.
    pub(super) fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// Fragments and ranges that are in memory.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.head.len() + self.tail.len() + self.covered.len()
    }
}

fn goes_on(before: &Fragment, next: &Fragment) -> bool {
    (next.position - before.end()).abs() <= REACH_BYTES
}

#[cfg(test)]
mod tests;
