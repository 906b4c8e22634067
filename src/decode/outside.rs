//! What is not TLS in a stream that may be: preambles such as STARTTLS, gaps in the recording, SSL 2.0's hello, and other
//! protocols altogether. TLS is found by its content; no port is looked at.

use super::cut::{begins_record, record_length};
use super::engine::Engine;
use super::messages;
use super::{Piece, Protection, Record};
use crate::capture::{Gap, Side};

/// How far into a stream TLS may begin: no STARTTLS dialogue is longer.
const LONGEST_PREAMBLE: usize = 64 * 1024;

/// Bytes of record and handshake header that tell a hello.
const HELLO_START: usize = 11;

/// The length of a ClientHello in SSL 2.0's form (RFC 5246 §E.2), if that is what begins here.
pub(super) fn sslv2_hello(bytes: &[u8]) -> Option<usize> {
    let [high, low, 1, major, minor, a, b, c, d, e, f] = *bytes.get(..11)? else {
        return None;
    };
    let length = usize::from(u16::from_be_bytes([high & 0x7f, low]));
    let parts = [[a, b], [c, d], [e, f]].map(|pair| usize::from(u16::from_be_bytes(pair)));
    let is_version = (major, minor) == (0, 2) || (major == 3 && minor <= 3);
    let [suites, session, challenge] = parts;
    let fits = 9 + suites + session + challenge == length && suites.is_multiple_of(3) && suites > 0;
    (high & 0x80 != 0 && is_version && fits && (16..=32).contains(&challenge)).then_some(2 + length)
}

/// Whether a side's first TLS record begins here.
fn begins_tls(bytes: &[u8], side: Side) -> bool {
    let [kind, major, minor, high, low, message, length, ..] = *bytes else {
        return false;
    };
    if (major, minor > 4) != (3, false) {
        return false;
    }
    let record = usize::from(u16::from_be_bytes([high, low]));
    match (kind, side) {
        (22, Side::Client) => message == 1 && length == 0 && bytes.get(9) == Some(&3) && record > 38,
        (22, Side::Server) => {
            message == 2 && length == 0 && matches!(bytes.get(9), Some(3 | 0x7f)) && record > 38
        }
        (21, Side::Server) => record == 2 && matches!(message, 1 | 2),
        _ => false,
    }
}

/// Where, after a gap, records begin again: a header whose length leads to another header, or to the end.
fn next_record(bytes: &[u8]) -> Option<usize> {
    let is_header = |at: usize| {
        bytes
            .get(at..)
            .filter(|rest| {
                rest.len() >= 5 && (20..=23).contains(rest.first().unwrap_or(&0)) && begins_record(rest)
            })
            .and_then(record_length)
            .filter(|length| *length > 5)
    };
    // Right after the gap the recording often begins with a packet, and a packet often with a record.
    if is_header(0).is_some() {
        return Some(0);
    }
    (1..bytes.len()).find(|at| {
        is_header(*at).is_some_and(|length| at + length == bytes.len() || is_header(at + length).is_some())
    })
}

impl Engine<'_> {
    /// Passes over what comes before TLS, or after a gap. `false`: nothing can be cut until more has arrived.
    pub(super) fn pass_over(&mut self, side: Side, at_us: u64, altered: Option<&str>) -> bool {
        let may_begin = side == Side::Client || self.lanes.client.has_spoken_tls;
        let lane = self.lanes.of_mut(side);
        let start = lane.cut;
        let ahead = lane.wire.get(start..).unwrap_or_default();
        if lane.is_torn {
            let Some(skipped) = next_record(ahead) else {
                // No record is as long as this: what lies far back cannot be the beginning of one.
                let far_back = ahead.len().saturating_sub(LONGEST_PREAMBLE);
                if far_back > LONGEST_PREAMBLE {
                    lane.cut += far_back;
                    self.torn(
                        side,
                        start..start + far_back,
                        at_us,
                        "no record begins here, after what is missing",
                    );
                }
                return false;
            };
            lane.is_torn = false;
            if skipped > 0 {
                lane.cut += skipped;
                self.torn(
                    side,
                    start..start + skipped,
                    at_us,
                    "the rest of a record whose beginning is not in the capture",
                );
            }
            return true;
        }
        if lane.has_spoken_tls || !may_begin || ahead.is_empty() || (!lane.is_not_tls && begins_record(ahead))
        {
            return true;
        }
        let from = lane.scanned.saturating_sub(start);
        let until = ahead.len().min(LONGEST_PREAMBLE);
        let found = (from..until).find(|at| begins_tls(ahead.get(*at..).unwrap_or_default(), side));
        lane.scanned = start + until.saturating_sub(HELLO_START).max(from);
        if let Some(length) = found.filter(|length| *length > 0) {
            self.not_tls(side, start, at_us, altered);
            self.preamble(side, length);
        }
        true
    }

    /// Turns the run of bytes that is no TLS, just written, into a preamble of `length` bytes.
    fn preamble(&mut self, side: Side, length: usize) {
        let lane = self.lanes.of_mut(side);
        let start = lane.cut;
        lane.cut += length;
        lane.is_not_tls = false;
        let bytes = lane.wire.get(start..start + length).unwrap_or_default().to_vec();
        let (root, body) = messages::preamble(&bytes, side);
        let Some(message) = self
            .out
            .messages
            .iter_mut()
            .rev()
            .find(|message| message.side == side && message.kind == "NotTls")
        else {
            return;
        };
        message.kind = "Preamble";
        message.bytes = bytes;
        message.root = root;
        message.body = body;
        if let Some(piece) = message.pieces.first_mut() {
            piece.message = 0..length;
            piece.source = start..start + length;
            if let Some(record) = self.out.records.get_mut(piece.record) {
                record.wire = start..start + length;
                record.error = None;
            }
        }
    }

    /// A gap in the recording.
    pub(super) fn missing(&mut self, side: Side, bytes: u64, why: Gap, at_us: u64) {
        let words = super::words::size(bytes as usize);
        let why = match why {
            Gap::NotRecorded => {
                format!("{words} are missing here: whoever recorded the packets did not get them")
            }
            Gap::LeftOut => format!("{words} are left out here, because the connection is very long"),
        };
        self.abandon(side, at_us, &why);
        let lane = self.lanes.of_mut(side);
        lane.missing += bytes as usize;
        lane.is_torn = true;
        let (at, protection) = (lane.wire.len(), lane.epoch);
        lane.cut = at;
        self.is_spoken_torn |= self.main_spoken.is_none();
        self.out.records.push(Record {
            side,
            at_us,
            wire: at..at,
            content_type: 0,
            protection,
            opened: None,
            keys: None,
            altered: None,
            error: Some(why),
        });
    }

    /// Bytes of a record that cannot be read for what is missing beside them.
    pub(super) fn torn(&mut self, side: Side, wire: std::ops::Range<usize>, at_us: u64, why: &str) {
        let lane = self.lanes.of(side);
        let bytes = lane.wire.get(wire.clone()).unwrap_or_default().to_vec();
        let record = Record {
            side,
            at_us,
            wire,
            content_type: 0,
            protection: lane.epoch,
            opened: None,
            keys: None,
            altered: None,
            error: None,
        };
        self.shut(record, &bytes, why.to_owned());
    }

    /// Bytes that are no TLS: one message that grows in place as more of them arrive.
    pub(super) fn not_tls(&mut self, side: Side, start: usize, at_us: u64, altered: Option<&str>) {
        let lane = self.lanes.of_mut(side);
        let bytes = lane.wire.get(start..).unwrap_or_default().to_vec();
        let first = !lane.is_not_tls;
        lane.is_not_tls = true;
        let range = start..start + bytes.len();
        let (root, body) = messages::not_tls(&bytes);
        if first {
            self.out.records.push(Record {
                side,
                at_us,
                wire: range.clone(),
                content_type: bytes.first().copied().unwrap_or_default(),
                protection: Protection::None,
                opened: None,
                keys: None,
                altered: altered.map(str::to_owned),
                error: Some("these bytes do not begin a TLS record".to_owned()),
            });
            let pieces = vec![Piece {
                message: 0..bytes.len(),
                record: self.out.records.len() - 1,
                source: range,
            }];
            self.push(side, at_us, "NotTls", Protection::None, bytes, pieces, root, body);
            return;
        }
        let Some(message) = self
            .out
            .messages
            .iter_mut()
            .rev()
            .find(|message| message.side == side && message.kind == "NotTls")
        else {
            return;
        };
        if let Some(piece) = message.pieces.first_mut() {
            piece.message = 0..bytes.len();
            piece.source = range.clone();
            if let Some(record) = self.out.records.get_mut(piece.record) {
                record.wire = range;
            }
        }
        message.bytes = bytes;
        message.root = root;
        message.body = body;
    }

    /// A ClientHello in SSL 2.0's form: its header is two bytes, and what follows it is what the transcript hash takes
    /// (RFC 5246 §E.2).
    pub(super) fn sslv2(&mut self, side: Side, start: usize, bytes: &[u8], at_us: u64) {
        let end = start + bytes.len();
        self.out.records.push(Record {
            side,
            at_us,
            wire: start..end,
            content_type: 22,
            protection: Protection::None,
            opened: None,
            keys: None,
            altered: None,
            error: None,
        });
        let (root, body) = messages::sslv2_hello(bytes);
        self.follow(side, &body);
        self.spoken.extend_from_slice(bytes.get(2..).unwrap_or_default());
        let pieces = vec![Piece {
            message: 0..bytes.len(),
            record: self.out.records.len() - 1,
            source: start..end,
        }];
        self.push(
            side,
            at_us,
            "ClientHello",
            Protection::None,
            bytes.to_vec(),
            pieces,
            root,
            body,
        );
    }
}
