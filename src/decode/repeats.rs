//! Runs of the same: what a side says again and again, far more often than anybody could look at, is told once with its count.
//!
//! Nothing is lost by it: the bytes stay in the wire buffer, and the record that stands for the run spans all of them.

use super::engine::Engine;
use super::{Message, MessageKind, Protection, Transcript};
use crate::capture::Side;

/// So many equal messages in a row are kept one by one. No handshake has as many.
pub(super) const KEPT: usize = 64;

impl Engine<'_> {
    /// Adds a message, whose records are in the transcript already.
    pub(super) fn add(&mut self, message: Message) {
        let last = self.out.messages.last();
        let Some(place) = last.and_then(|last| place_again(&self.out, last, &message)) else {
            self.alike = 1;
            self.out.messages.push(message);
            return;
        };
        self.alike += 1;
        let is_folded = last.is_some_and(|last| last.repeated > 0);
        if !is_folded && self.alike <= KEPT {
            self.out.messages.push(message);
            return;
        }
        // What was read and not kept is work all the same.
        self.folded += 1;
        let end = self.out.records.last().map_or(0, |record| record.wire.end);
        if !is_folded {
            let first = self.out.messages.len() + 1 - self.alike;
            self.out.messages.truncate(first + 1);
        }
        let Some(first) = self.out.messages.last_mut() else {
            return;
        };
        first.repeated = self.alike - 1;
        let first = first.pieces.first().map_or(0, |piece| piece.record);
        if place == Place::RecordOfItsOwn {
            self.out.records.truncate(first + 1);
            if let Some(record) = self.out.records.last_mut() {
                record.repeated = self.alike - 1;
                record.wire.end = end;
            }
        }
    }

    /// Whether this record is one more of a run in the clear, which then needs no reading.
    pub(super) fn is_one_more(&mut self, side: Side, start: usize, bytes: &[u8], wire: &[u8]) -> bool {
        let (Some(message), Some(record)) = (self.out.messages.last_mut(), self.out.records.last_mut())
        else {
            return false;
        };
        let is_read = matches!(
            message.kind,
            MessageKind::Alert | MessageKind::ChangeCipherSpec | MessageKind::ApplicationData
        );
        let is_more = is_read
            && record.repeated > 0
            && record.side == side
            && record.protection == Protection::None
            && record.wire.end == start
            && record.wire.len() == bytes.len() * (1 + record.repeated)
            && wire.get(record.wire.start..record.wire.start + bytes.len()) == Some(bytes);
        if is_more {
            self.alike += 1;
            record.repeated += 1;
            record.wire.end += bytes.len();
            message.repeated = record.repeated;
        }
        is_more
    }
}

/// Where a message lies that says again what the one before it said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the same record.
    SameRecord,
    /// In a record of its own, right behind the other's.
    RecordOfItsOwn,
}

/// Where `next` lies, if it says the same as `last` and was right behind it.
fn place_again(transcript: &Transcript, last: &Message, next: &Message) -> Option<Place> {
    let ([one], [other]) = (last.pieces.as_slice(), next.pieces.as_slice()) else {
        return None;
    };
    let is_same = last.side == next.side
        && last.kind == next.kind
        && last.protection == next.protection
        && last.bytes == next.bytes
        // It brings a buffer that knows its message by number.
        && next.kind != MessageKind::CompressedCertificate
        && last.root == next.root;
    if !is_same {
        return None;
    }
    if one.record == other.record {
        return Some(Place::SameRecord);
    }
    let (before, record) = (
        transcript.records.get(one.record)?,
        transcript.records.get(other.record)?,
    );
    let unit = 5 + next.bytes.len();
    let is_behind = other.record == one.record + 1
        && record.wire.start == before.wire.end
        && record.wire.len() == unit
        && before.wire.len() == unit * (1 + before.repeated);
    let is_alike = (before.content_type, before.protection, &before.error)
        == (record.content_type, record.protection, &record.error)
        && [before, record]
            .iter()
            .all(|record| record.opened.is_none() && record.altered.is_none());
    (is_behind && is_alike).then_some(Place::RecordOfItsOwn)
}
