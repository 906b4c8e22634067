//! One sender's direction: how far records were cut from its stream, and what does not make a whole message yet.

use std::collections::BTreeSet;

use super::cut::{begins_record, record_length};
use super::joined::Joined;
use super::keyring::Keyring;
use crate::capture::Side;

/// One sender's direction.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a place in the stream that was passed or not"
)]
pub(super) struct Framing {
    /// How far records have been cut.
    pub cut: usize,
    /// A run of bytes that is no TLS has begun.
    pub is_not_tls: bool,
    /// The message of that run, an index into the transcript's; its bytes are filled in once the run is over.
    pub run: Option<usize>,
    /// A TLS record has been cut.
    pub has_spoken_tls: bool,
    /// A handshake record has been read.
    pub has_shaken_hands: bool,
    /// How far the beginning of TLS has been looked for.
    pub scanned: usize,
    /// Bytes are missing right before the next ones: records have to be found again.
    pub torn: Option<Resync>,
    /// The wire cut a segment of this side short.
    pub is_cut_off: bool,
    /// Handshake bytes that do not make a whole message yet.
    pub joined: Joined,
    pub keys: Keyring,
}

impl Framing {
    pub(super) fn new(side: Side) -> Self {
        Self {
            cut: 0,
            is_not_tls: false,
            run: None,
            has_spoken_tls: false,
            has_shaken_hands: false,
            scanned: 0,
            torn: None,
            is_cut_off: false,
            joined: Joined::default(),
            keys: Keyring::new(side),
        }
    }

    /// Whether handshake messages in the clear were seen of this sender.
    pub(super) fn has_begun(&self) -> bool {
        self.has_shaken_hands || !self.joined.is_empty()
    }
}

/// Looks for the place where records begin again after a gap. Every byte is looked at once, however many segments it comes in.
#[derive(Debug, Default)]
pub(super) struct Resync {
    /// How far headers have been looked for.
    scanned: usize,
    /// Headers whose record ends beyond what has arrived: where it ends, where it begins.
    open: BTreeSet<(usize, usize)>,
    /// How many places were looked at: the work, for tests to count.
    #[cfg(test)]
    looked: usize,
}

/// The length of the record whose header may lie at `at`, header included.
fn header(wire: &[u8], at: usize) -> Option<usize> {
    wire.get(at..)
        .filter(|rest| {
            rest.len() >= 5 && (20..=23).contains(rest.first().unwrap_or(&0)) && begins_record(rest)
        })
        .and_then(record_length)
        .filter(|length| *length > 5)
}

impl Resync {
    /// Where, at `from` or after it, records begin again: a header whose length leads to another header, or to the end of what
    /// has arrived.
    pub(super) fn find(&mut self, wire: &[u8], from: usize) -> Option<usize> {
        // Right after the gap the recording often begins with a packet, and a packet often with a record.
        if header(wire, from).is_some() {
            return Some(from);
        }
        let until = wire.len().saturating_sub(4);
        for at in self.scanned.max(from + 1)..until {
            #[cfg(test)]
            {
                self.looked += 1;
            }
            if let Some(length) = header(wire, at) {
                self.open.insert((at + length, at));
            }
        }
        self.scanned = self.scanned.max(until);
        let mut found = None;
        let mut take = |at: usize| {
            if at > from {
                found = Some(found.map_or(at, |best: usize| best.min(at)));
            }
        };
        while let Some((end, at)) = self
            .open
            .first()
            .copied()
            .filter(|(end, _)| end + 5 <= wire.len())
        {
            self.open.pop_first();
            #[cfg(test)]
            {
                self.looked += 1;
            }
            if header(wire, end).is_some() {
                take(at);
            }
        }
        self.open
            .range((wire.len(), 0)..(wire.len() + 1, 0))
            .for_each(|(_, at)| take(*at));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds bytes in pieces; where records were found, and after how much work.
    fn feed(bytes: &[u8], piece: usize) -> (Option<usize>, usize) {
        let mut resync = Resync::default();
        let mut wire = Vec::new();
        for part in bytes.chunks(piece) {
            wire.extend_from_slice(part);
            if let Some(found) = resync.find(&wire, 0) {
                return (Some(found), resync.looked);
            }
        }
        (None, resync.looked)
    }

    #[test]
    fn records_are_found_where_a_header_leads_to_another_or_to_the_end() {
        let record = [23, 3, 3, 0, 4, 1, 2, 3, 4];
        let two = [&[0xff; 30][..], &record, &record].concat();
        for piece in [1, 2, 3, 5, 48] {
            assert_eq!(feed(&two, piece).0, Some(30), "{piece}");
        }
        let one = [&[0xff; 30][..], &record].concat();
        assert_eq!(
            feed(&one, 39).0,
            Some(30),
            "it leads to the end of what has arrived"
        );
        assert_eq!(feed(&one[..38], 1).0, None, "its last byte is not there");
        let lying = [&[0xff; 30][..], &[23, 3, 3, 0, 3], &[0xff; 40]].concat();
        assert_eq!(feed(&lying, 75).0, None, "it leads to no header");
        assert_eq!(
            feed(&[&record[..], &[0xff; 40]].concat(), 49).0,
            Some(0),
            "a packet often begins with one"
        );
        let empty = [&[0xff; 30][..], &[23, 3, 3, 0, 0], &record].concat();
        assert_eq!(feed(&empty, 44).0, Some(35), "five bytes alone are none");
    }

    #[test]
    fn every_byte_is_looked_at_once_however_it_is_cut() {
        // All of it could be headers, and none leads anywhere: neither to another, nor to the end of a piece.
        for size in [10_000, 40_000] {
            let hostile: Vec<u8> = [0xff]
                .into_iter()
                .chain([22, 3, 1, 63, 255].repeat(size / 5))
                .collect();
            for piece in [5, 35, 1460] {
                let (found, looked) = feed(&hostile, piece);
                assert_eq!(found, None);
                assert!(
                    looked <= 2 * hostile.len(),
                    "{looked} for {size} in pieces of {piece}"
                );
            }
        }
    }
}
