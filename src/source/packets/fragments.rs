//! IP packets that were sent in parts, joined (RFC 791 §3.2, RFC 8200 §4.5).
//!
//! Strictly: a packet of which a part lacks, whose parts overlap without being the same (RFC 5722, RFC 1858), or do not
//! fit together is dropped whole, so that no byte is guessed at; what it carried is then missing where it belongs. A part
//! that comes twice is taken once. How many are waited for, for how long and with how many bytes is bounded.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::ops::Range;

use super::frame::IpFragment;
use super::places::{Place, Source};

/// Packets of which parts are remembered; those that began first are given up first.
const MOST_WAITING: usize = 1024;
/// Bytes of theirs.
const MOST_BYTES: usize = 8 << 20;
/// Parts are waited for so long (RFC 8200 §4.5), by the clock of the recording.
const LONGEST_WAIT_US: i64 = 60_000_000;
/// No payload of an IP packet is longer.
const LONGEST_PAYLOAD: usize = u16::MAX as usize;

/// What all parts of a packet have in common.
type Key = (IpAddr, IpAddr, u8, u32);

/// Parts that wait for others.
#[derive(Default)]
pub(super) struct Fragments {
    waiting: HashMap<Key, Waiting>,
    /// In the order in which they began. One that was replaced since is in it twice.
    order: VecDeque<(Key, u64)>,
    bytes: usize,
    began: u64,
    /// Packets of which not every part was recorded.
    pub incomplete: u64,
    /// Packets whose parts contradict each other.
    pub contradicting: u64,
}

/// One packet on its way together.
struct Waiting {
    number: u64,
    at_unix_us: Option<i64>,
    parts: Vec<Part>,
    /// Where the payload ends, once its last part came.
    end: Option<usize>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// It was joined; what comes now are copies.
    Joined,
    /// Nothing will come of it.
    Spoilt,
}

struct Part {
    position: usize,
    bytes: Vec<u8>,
    places: Vec<Place>,
}

impl Part {
    fn range(&self) -> Range<usize> {
        self.position..self.position + self.bytes.len()
    }
}

/// A joined packet: a plain IP header and what it carries, and where that lies in the file.
pub(super) struct Joined {
    pub data: Vec<u8>,
    pub places: Vec<Place>,
}

impl Fragments {
    /// Takes a part; gives the packet that it makes whole.
    pub(super) fn add(
        &mut self,
        fragment: &IpFragment,
        data: &[u8],
        source: Source<'_>,
        at_unix_us: Option<i64>,
    ) -> Option<Joined> {
        self.give_up(at_unix_us);
        // IPv6 numbers packets between two ends, whatever they carry (RFC 8200 §4.5).
        let protocol = if fragment.from.is_ipv4() {
            fragment.protocol
        } else {
            0
        };
        let key = (fragment.from, fragment.to, protocol, fragment.identification);
        let bytes = data.get(fragment.range.clone())?;
        let range = fragment.position..fragment.position + bytes.len();
        let is_copy = |waiting: &Waiting| {
            let mut parts = waiting.parts.iter();
            parts.any(|part| part.position == range.start && part.bytes == bytes)
        };
        match self.waiting.get(&key) {
            Some(waiting) if waiting.state == State::Joined && is_copy(waiting) => return None,
            // The number is used again.
            Some(waiting) if waiting.state == State::Joined => self.begin(key, at_unix_us),
            Some(_) => {}
            None => self.begin(key, at_unix_us),
        }
        let waiting = self.waiting.get_mut(&key)?;
        // Parts but the last are multiples of eight bytes, and none reaches beyond the longest packet. Where a part was
        // recorded only in part, the rest is not known.
        let is_odd = fragment.has_more && (bytes.is_empty() || bytes.len() % 8 != 0);
        if waiting.state != State::Open || fragment.is_cut || is_odd || range.end > LONGEST_PAYLOAD {
            return None;
        }
        let is_overlapping = waiting.parts.iter().any(|part| {
            let held = part.range();
            held.start < range.end && range.start < held.end
        });
        if is_overlapping && is_copy(waiting) {
            return None;
        }
        let last = waiting.parts.iter().map(|part| part.range().end).max();
        let is_beyond = |end: usize| range.end > end || (!fragment.has_more && end != range.end);
        let contradicts = is_overlapping
            || waiting.end.is_some_and(is_beyond)
            || (!fragment.has_more && last.is_some_and(|last| last > range.end));
        if contradicts {
            waiting.state = State::Spoilt;
            self.bytes -= waiting.bytes();
            waiting.parts.clear();
            self.contradicting += 1;
            return None;
        }
        if !fragment.has_more {
            waiting.end = Some(range.end);
        }
        self.bytes += bytes.len();
        waiting.parts.push(Part {
            position: range.start,
            bytes: bytes.to_vec(),
            places: source.places(&fragment.range),
        });
        let joined = waiting.joined(fragment)?;
        waiting.state = State::Joined;
        Some(joined)
    }

    /// A joined packet turned out to be made of parts of different ones: their numbers come again.
    pub(super) fn do_not_fit(&mut self) {
        self.contradicting += 1;
    }

    fn begin(&mut self, key: Key, at_unix_us: Option<i64>) {
        self.forget(&key);
        self.began += 1;
        self.order.push_back((key, self.began));
        let waiting = Waiting {
            number: self.began,
            at_unix_us,
            parts: Vec::new(),
            end: None,
            state: State::Open,
        };
        self.waiting.insert(key, waiting);
    }

    /// Gives up those that began too long ago, or too many others ago.
    fn give_up(&mut self, now: Option<i64>) {
        while let Some((key, number)) = self.order.front().copied() {
            let waiting = self.waiting.get(&key).filter(|one| one.number == number);
            let is_old = waiting
                .and_then(|waiting| waiting.at_unix_us)
                .zip(now)
                .is_some_and(|(began, now)| now.saturating_sub(began) > LONGEST_WAIT_US);
            let is_full = self.order.len() >= MOST_WAITING || self.bytes > MOST_BYTES;
            if waiting.is_some() && !is_old && !is_full {
                return;
            }
            let is_there = waiting.is_some();
            self.order.pop_front();
            if is_there {
                self.forget(&key);
            }
        }
    }

    fn forget(&mut self, key: &Key) {
        if let Some(waiting) = self.waiting.remove(key) {
            self.bytes -= waiting.bytes();
            self.incomplete += u64::from(waiting.state == State::Open);
        }
    }

    /// Nothing more will come.
    pub(super) fn end(&mut self) {
        let open = self.waiting.values().filter(|one| one.state == State::Open);
        self.incomplete += open.count() as u64;
        self.waiting.clear();
        self.order.clear();
        self.bytes = 0;
    }
}

impl Waiting {
    fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.bytes.len()).sum()
    }

    /// The whole, where no part lacks: parts do not overlap, so that their lengths tell.
    fn joined(&mut self, fragment: &IpFragment) -> Option<Joined> {
        let end = self.end?;
        if self.bytes() != end {
            return None;
        }
        self.parts.sort_by_key(|part| part.position);
        let mut data = header(fragment, end)?;
        // The header is nobody's payload: it lies nowhere.
        let mut places = vec![Place {
            offset: 0,
            length: data.len() as u32,
        }];
        for part in &self.parts {
            data.extend_from_slice(&part.bytes);
            places.extend_from_slice(&part.places);
        }
        Some(Joined { data, places })
    }
}

/// The header of the packet as if it had been sent whole: its ends, and what it carries.
fn header(fragment: &IpFragment, payload: usize) -> Option<Vec<u8>> {
    let mut header = Vec::with_capacity(40 + payload);
    match (fragment.from, fragment.to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let [high, low] = u16::try_from(payload + 20).ok()?.to_be_bytes();
            header.extend([0x45, 0, high, low, 0, 0, 0, 0, 64, fragment.protocol, 0, 0]);
            header.extend(from.octets());
            header.extend(to.octets());
        }
        (IpAddr::V6(from), IpAddr::V6(to)) => {
            let [high, low] = u16::try_from(payload).ok()?.to_be_bytes();
            header.extend([0x60, 0, 0, 0, high, low, fragment.protocol, 64]);
            header.extend(from.octets());
            header.extend(to.octets());
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return None,
    }
    Some(header)
}

#[cfg(test)]
#[path = "fragments_tests.rs"]
mod tests;
