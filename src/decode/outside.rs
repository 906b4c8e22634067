//! What is not TLS in a stream that may be: preambles such as STARTTLS, gaps in the recording, SSL 2.0's hello, and other
//! protocols altogether. TLS is found by its content; no port is looked at.

use std::ops::Range;

use super::cut::begins_record;
use super::engine::Engine;
use super::framing::Resync;
use super::messages;
use super::{Body, Field, Message, MessageKind, Piece, Protection, Record};
use crate::capture::{Gap, Side};
use crate::preamble::proxy;

/// How far into a stream TLS may begin: no STARTTLS dialogue is longer.
const LONGEST_PREAMBLE: usize = 64 * 1024;

/// Bytes of record and handshake header that tell a hello.
const HELLO_START: usize = 11;

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

impl Engine<'_> {
    /// Passes over what comes before TLS, or after a gap. `false`: nothing can be cut until more has arrived.
    pub(super) fn pass_over(&mut self, side: Side, at_us: u64, altered: Option<&str>, wire: &[u8]) -> bool {
        let may_begin = side == Side::Client || self.framing.client.has_spoken_tls;
        let framing = self.framing.of_mut(side);
        let start = framing.cut;
        let ahead = wire.get(start..).unwrap_or_default();
        if let Some(resync) = &mut framing.torn {
            let Some(found) = resync.find(wire, start) else {
                // No record is as long as this: what lies far back cannot be the beginning of one.
                let far_back = ahead.len().saturating_sub(LONGEST_PREAMBLE);
                if far_back > LONGEST_PREAMBLE {
                    framing.cut += far_back;
                    let why = "no record begins here, after what is missing";
                    self.torn(side, start..start + far_back, at_us, why, wire);
                }
                return false;
            };
            framing.torn = None;
            if found > start {
                framing.cut = found;
                let why = "the rest of a record whose beginning is not in the capture";
                self.torn(side, start..found, at_us, why, wire);
            }
            return true;
        }
        if framing.has_spoken_tls
            || !may_begin
            || ahead.is_empty()
            || (!framing.is_not_tls && begins_record(ahead))
        {
            return true;
        }
        let header = proxy::Header::read(ahead).filter(|_| side == Side::Client);
        // Nothing that a PROXY header says is the beginning of TLS.
        let passed = header.map_or(0, |header| header.length);
        let from = framing.scanned.saturating_sub(start).max(passed);
        let until = ahead.len().min(LONGEST_PREAMBLE);
        let found = (from..until).find(|at| begins_tls(ahead.get(*at..).unwrap_or_default(), side));
        framing.scanned = start + until.saturating_sub(HELLO_START).max(from);
        if let Some(length) = found.filter(|length| *length > 0) {
            // A PROXY header may stand before another preamble: a balancer before a mail server.
            let header = proxy::Header::read(ahead).map(|header| header.length);
            let header = header.filter(|header| side == Side::Client && *header < length);
            let parts = [0, header.unwrap_or(0), length];
            for part in parts.windows(2).filter(|part| part.first() != part.last()) {
                if let [from, to] = *part {
                    self.not_tls(side, start + from, at_us, altered, wire);
                    self.preamble(side, start + from..start + to, wire);
                }
            }
        }
        true
    }

    /// The run of bytes that is no TLS ends with these: it was what is said before TLS.
    fn preamble(&mut self, side: Side, range: Range<usize>, wire: &[u8]) {
        let framing = self.framing.of_mut(side);
        framing.cut = range.end;
        framing.is_not_tls = false;
        let bytes = wire.get(range.clone()).unwrap_or_default();
        let (root, body) = messages::preamble(bytes, side);
        if let Some(record) = self.fill_run(side, MessageKind::Preamble, range, bytes, root, body) {
            record.error = None;
        }
    }

    /// The run of bytes that is no TLS is over.
    pub(super) fn settle_run(&mut self, side: Side, wire: &[u8]) {
        let start = self.framing.of(side).cut;
        let bytes = wire.get(start..).unwrap_or_default();
        if self.framing.of(side).run.is_some() {
            let (root, body) = messages::not_tls(bytes);
            self.fill_run(side, MessageKind::NotTls, start..wire.len(), bytes, root, body);
        }
    }

    /// Gives the message of a run its bytes; returns its record.
    fn fill_run(
        &mut self,
        side: Side,
        kind: MessageKind,
        range: Range<usize>,
        bytes: &[u8],
        root: Field,
        body: Body,
    ) -> Option<&mut Record> {
        let run = self.framing.of_mut(side).run.take()?;
        let message = self.out.messages.get_mut(run)?;
        message.kind = kind;
        message.bytes = bytes.to_vec();
        message.root = root;
        message.body = body;
        let piece = message.pieces.first_mut()?;
        piece.message = 0..bytes.len();
        piece.source = range.clone();
        let record = self.out.records.get_mut(piece.record)?;
        record.wire = range;
        Some(record)
    }

    /// A gap in the recording.
    pub(super) fn missing(&mut self, side: Side, bytes: u64, why: Gap, at_us: u64, wire: &[u8]) {
        let words = super::words::size(bytes as usize);
        let lost = match why {
            Gap::NotRecorded | Gap::LeftOut => bytes as usize,
            // One packet carries no more.
            Gap::UnknownLength => 1 << 16,
        };
        let why = match why {
            Gap::NotRecorded => {
                format!("{words} are missing here: whoever recorded the packets did not get them")
            }
            Gap::UnknownLength => {
                "a packet is missing here, of which the length is not known: whoever recorded did not get it"
                    .to_owned()
            }
            Gap::LeftOut => format!("{words} are left out here, because the connection is very long"),
        };
        self.settle_run(side, wire);
        self.abandon(side, at_us, &why, wire);
        let at = wire.len();
        let framing = self.framing.of_mut(side);
        framing.keys.lose(lost);
        framing.torn = Some(Resync::default());
        framing.cut = at;
        let protection = framing.keys.epoch;
        self.handshake.spoken.tear();
        self.out.records.push(Record {
            error: Some(why),
            ..Record::new(side, at_us, at..at, 0, protection)
        });
    }

    /// Bytes of a record that cannot be read for what is missing beside them.
    pub(super) fn torn(&mut self, side: Side, range: Range<usize>, at_us: u64, why: &str, wire: &[u8]) {
        let bytes = wire.get(range.clone()).unwrap_or_default();
        let protection = self.framing.of(side).keys.epoch;
        let record = Record::new(side, at_us, range, 0, protection);
        self.shut(record, bytes, why.to_owned());
    }

    /// Bytes that are no TLS: one message, whose bytes are filled in once they have all arrived.
    pub(super) fn not_tls(
        &mut self,
        side: Side,
        start: usize,
        at_us: u64,
        altered: Option<&str>,
        wire: &[u8],
    ) {
        let framing = self.framing.of_mut(side);
        framing.is_not_tls = true;
        if framing.run.is_some() {
            return;
        }
        framing.run = Some(self.out.messages.len());
        let (root, body) = messages::not_tls(&[]);
        self.out.messages.push(Message {
            side,
            at_us,
            kind: MessageKind::NotTls,
            protection: Protection::None,
            bytes: Vec::new(),
            pieces: vec![Piece {
                message: 0..0,
                record: self.out.records.len(),
                source: start..start,
            }],
            root,
            body,
            repeated: 0,
        });
        self.out.records.push(Record {
            altered: altered.map(str::to_owned),
            error: Some("these bytes do not begin a TLS record".to_owned()),
            ..Record::new(
                side,
                at_us,
                start..start,
                wire.get(start).copied().unwrap_or_default(),
                Protection::None,
            )
        });
    }

    /// A ClientHello in SSL 2.0's form: its header is two bytes, and what follows it is what the transcript hash takes
    /// (RFC 5246 §E.2).
    pub(super) fn sslv2(&mut self, side: Side, start: usize, bytes: &[u8], at_us: u64) {
        let wire = start..start + bytes.len();
        let (root, body) = messages::sslv2_hello(bytes);
        self.handshake.follow(side, &body, &mut self.out);
        self.handshake
            .say(MessageKind::ClientHello, bytes.get(2..).unwrap_or_default());
        self.out.messages.push(Message {
            side,
            at_us,
            kind: MessageKind::ClientHello,
            protection: Protection::None,
            bytes: bytes.to_vec(),
            pieces: vec![Piece {
                message: 0..bytes.len(),
                record: self.out.records.len(),
                source: wire.clone(),
            }],
            root,
            body,
            repeated: 0,
        });
        self.out
            .records
            .push(Record::new(side, at_us, wire, 22, Protection::None));
    }
}
