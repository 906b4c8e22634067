//! Where bytes of a packet lie in the file: in one place, or, of a packet that was joined, in several.

use std::ops::Range;

/// A run of bytes in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub offset: u64,
    pub length: u32,
}

/// Where a packet's bytes come from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    /// All from one place, which begins here.
    File(u64),
    /// From these, one after the other.
    Joined(&'a [Place]),
}

impl Source<'_> {
    /// The places of a part of the packet.
    pub(super) fn places(self, range: &Range<usize>) -> Vec<Place> {
        let places = match self {
            Self::File(offset) => return vec![whole(offset, range)],
            Self::Joined(places) => places,
        };
        let mut found = Vec::new();
        let mut at = 0;
        for place in places {
            let end = at + place.length as usize;
            let (from, to) = (range.start.max(at), range.end.min(end));
            if from < to {
                found.push(Place {
                    offset: place.offset + (from - at) as u64,
                    length: (to - from) as u32,
                });
            }
            at = end;
            if at >= range.end {
                break;
            }
        }
        found
    }
}

/// The place of a part of a packet that lies in one piece.
pub(super) fn whole(offset: u64, range: &Range<usize>) -> Place {
    Place {
        offset: offset + range.start as u64,
        length: range.len() as u32,
    }
}

#[cfg(test)]
mod tests;
