//! Handshake bytes joined from records until they make whole messages (RFC 8446 §5.1), each taken off once.

use std::collections::VecDeque;

use super::Piece;

/// A handshake message longer than this is not joined; certificate chains of a thousand names fit.
pub(super) const LARGEST_MESSAGE: usize = 1 << 20;

/// Handshake bytes that do not make a whole message yet, and where they lay.
#[derive(Default)]
pub(super) struct Joined {
    bytes: Vec<u8>,
    /// How many of `bytes` were taken already.
    taken: usize,
    /// Their ranges count in `bytes`.
    pieces: VecDeque<Piece>,
    /// How many bytes and pieces were moved: the work, for tests to count.
    #[cfg(test)]
    moved: usize,
}

impl Joined {
    pub(super) fn is_empty(&self) -> bool {
        self.taken == self.bytes.len()
    }

    /// Bytes that were not taken yet.
    pub(super) fn len(&self) -> usize {
        self.bytes.len() - self.taken
    }

    /// Adds what a record carried; `source` is where it begins in its buffer.
    pub(super) fn add(&mut self, content: &[u8], record: usize, source: usize) {
        // Only the rest of the last record is ever moved.
        if self.taken > 0 {
            #[cfg(test)]
            {
                self.moved += self.len() + self.pieces.len();
            }
            self.bytes.drain(..self.taken);
            for piece in &mut self.pieces {
                piece.message = piece.message.start - self.taken..piece.message.end - self.taken;
            }
            self.taken = 0;
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(content);
        self.pieces.push_back(Piece {
            message: start..start + content.len(),
            record,
            source: source..source + content.len(),
        });
    }

    /// The next whole message. One that says it is longer than any may be is taken as far as it is there.
    pub(super) fn next(&mut self) -> Option<(Vec<u8>, Vec<Piece>)> {
        let ahead = self.bytes.get(self.taken..).unwrap_or_default();
        let [_, a, b, c] = *ahead.get(..4)? else {
            return None;
        };
        let length = 4 + u32::from_be_bytes([0, a, b, c]) as usize;
        if length > LARGEST_MESSAGE {
            return Some(self.take_all());
        }
        (ahead.len() >= length).then(|| self.take(length))
    }

    /// All that is there.
    pub(super) fn take_all(&mut self) -> (Vec<u8>, Vec<Piece>) {
        self.take(self.len())
    }

    fn take(&mut self, length: usize) -> (Vec<u8>, Vec<Piece>) {
        let (start, end) = (self.taken, self.taken + length);
        let bytes = self.bytes.get(start..end).unwrap_or_default().to_vec();
        let mut pieces = Vec::with_capacity(1);
        while let Some(first) = self.pieces.front_mut().filter(|first| first.message.start < end) {
            let part = first.message.end.min(end) - first.message.start;
            let at = first.message.start - start;
            pieces.push(Piece {
                message: at..at + part,
                record: first.record,
                source: first.source.start..first.source.start + part,
            });
            first.message.start += part;
            first.source.start += part;
            if first.message.is_empty() {
                self.pieces.pop_front();
            }
        }
        self.taken = end;
        (bytes, pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(joined: &mut Joined) -> Vec<usize> {
        std::iter::from_fn(|| joined.next())
            .map(|(bytes, pieces)| {
                let covered: usize = pieces.iter().map(|piece| piece.message.len()).sum();
                assert_eq!(covered, bytes.len(), "its pieces cover it");
                assert_eq!(pieces.first().map_or(0, |piece| piece.message.start), 0);
                bytes.len()
            })
            .collect()
    }

    #[test]
    fn messages_come_whole_however_records_cut_them() {
        let message = |length: u8| [&[1, 0, 0, length][..], &vec![7; usize::from(length)]].concat();
        let stream = [message(0), message(9), message(200), message(1)].concat();
        for cut in [1, 2, 3, 5, 100, 1000] {
            let mut joined = Joined::default();
            let mut found = Vec::new();
            for (record, part) in stream.chunks(cut).enumerate() {
                joined.add(part, record, 5);
                found.extend(drain(&mut joined));
            }
            assert_eq!(found, [4, 13, 204, 5], "cut after {cut}");
            assert!(joined.is_empty());
        }
    }

    #[test]
    fn the_longest_message_is_joined_and_a_longer_one_is_taken_as_it_is() {
        let [_, a, b, c] = u32::to_be_bytes((LARGEST_MESSAGE - 4) as u32);
        let longest = [&[11, a, b, c][..], &vec![0; LARGEST_MESSAGE - 4]].concat();
        let mut joined = Joined::default();
        for (record, part) in longest.chunks(1 << 14).enumerate() {
            assert_eq!(joined.next(), None);
            joined.add(part, record, 5);
        }
        assert_eq!(drain(&mut joined), [LARGEST_MESSAGE]);
        let [_, a, b, c] = u32::to_be_bytes((LARGEST_MESSAGE - 3) as u32);
        joined.add(&[11, a, b, c, 0, 0], 0, 5);
        assert_eq!(drain(&mut joined), [6], "nothing of its length is waited for");
    }

    #[test]
    fn every_byte_is_moved_at_most_once() {
        for (count, cut) in [(20_000, 1), (20_000, 1 << 14)] {
            // Many messages without a body, and one that takes many records.
            let small = [14, 0, 0, 0].repeat(count);
            let [_, a, b, c] = u32::to_be_bytes(count as u32);
            let long = [&[11, a, b, c][..], &vec![0; count]].concat();
            let stream = [small, long].concat();
            let mut joined = Joined::default();
            for (record, part) in stream.chunks(cut).enumerate() {
                joined.add(part, record, 5);
                drain(&mut joined);
            }
            assert!(joined.is_empty());
            assert!(
                joined.moved <= stream.len(),
                "{} for {}",
                joined.moved,
                stream.len()
            );
        }
    }
}
