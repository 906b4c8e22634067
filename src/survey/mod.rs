//! A packet capture surveyed: which of its connections speak TLS, and each in one line.
//!
//! `row` is the line, `travelled` says what its packets travelled in, `filter` picks lines, `order` sorts them, `in_order` spreads work over all cores. The joint of `source` and `decode`, which never meet: the source finds TCP
//! connections, the decoder finds TLS in them, and secrets are looked up by the client random that the decoder saw.
//!
//! Deliberately absent: keeping all that was decoded. Of a long list only the first lines' connections are; any other is
//! decoded for its line and dropped, and decoded again when somebody looks at it.

mod filter;
mod in_order;
mod order;
mod row;
mod travelled;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use filter::Filter;
pub use in_order::in_order;
pub use order::{Column, Order, put_in_order};
pub use row::{ClientCertificate, Row, client_said};
pub use travelled::{kinds as tunnels, travelled};

use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::{Capture, KeyLog, PerSide, Segment, Side};
use crate::decode::{Body, Message, MessageKind, Record, Transcript, decode_with};
use crate::source::packets::{Connection, PacketIndex, PacketsError};

/// Connections that are looked at, and not yet in the list.
const AHEAD: usize = 64;
/// What was decoded for a line is kept for opening it, until so much payload is: a hundred handshakes. Decoded, a handshake
/// takes some fifty times its bytes.
const KEPT_PAYLOAD_BYTES: usize = 512 << 10;

/// A packet capture with a line for each of its TLS connections.
#[derive(Debug)]
pub struct Survey {
    /// The file's connections.
    pub index: PacketIndex,
    /// Secrets: the file's own, and those of a key log beside it.
    pub key_log: KeyLog,
    /// The connections that speak TLS, in the order of their first packets.
    pub rows: Vec<Row>,
    /// What was decoded for the first lines, by the connection's number.
    kept: HashMap<usize, (Arc<Capture>, Transcript)>,
}

impl Survey {
    /// Looks at every connection, on all cores. `progress` is told how many of how many are done, from any thread.
    pub fn of(
        index: PacketIndex,
        mut key_log: KeyLog,
        cancel: &Cancel,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Self, PacketsError> {
        key_log.add(&index.key_log);
        let total = index.connections.len();
        let keeping = AtomicUsize::new(KEPT_PAYLOAD_BYTES);
        let look = |number: usize| -> Result<Option<Found>, PacketsError> {
            let Some(connection) = index.connections.get(number) else {
                return Ok(None);
            };
            if cancel.is_cancelled() {
                return Err(cancelled(&index));
            }
            let (mut capture, transcript) = decoded(&index, connection, &key_log)?;
            progress(number + 1, total);
            if !speaks_tls(&transcript) {
                return Ok(None);
            }
            let row = Row::of(number, &capture, &transcript);
            let is_kept = keeping
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    left.checked_sub(row.payload_bytes)
                })
                .is_ok();
            let kept = is_kept.then(|| {
                add_secrets(&mut capture, &transcript, &key_log);
                (Arc::new(capture), transcript)
            });
            Ok(Some((row, kept)))
        };
        let mut rows = Vec::new();
        let mut kept = HashMap::new();
        let mut failed = None;
        in_order(total, AHEAD, &look, &mut |found| {
            match found {
                Ok(Some((row, decoded))) => {
                    kept.extend(decoded.map(|decoded| (row.connection, decoded)));
                    rows.push(row);
                }
                Ok(None) => {}
                Err(error) => failed = Some(error),
            }
            failed.is_none()
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if cancel.is_cancelled() {
            return Err(cancelled(&index));
        }
        Ok(Self {
            index,
            key_log,
            rows,
            kept,
        })
    }

    /// The capture of one line, with the secrets that are its own.
    pub fn capture(&self, row: &Row) -> Result<Arc<Capture>, PacketsError> {
        match self.kept.get(&row.connection) {
            Some((capture, _)) => Ok(capture.clone()),
            None => Ok(Arc::new(self.opened(row)?.0)),
        }
    }

    /// One line's connection, judged and told. It is decoded no more than once for this, and not at all where what was
    /// decoded for the line is at hand still.
    pub fn analysis(&self, row: &Row) -> Result<Analysis, PacketsError> {
        if let Some((capture, transcript)) = self.kept.get(&row.connection) {
            return Ok(Analysis::of_decoded(capture.clone(), transcript.clone()));
        }
        let (capture, transcript) = self.opened(row)?;
        Ok(Analysis::of_decoded(Arc::new(capture), transcript))
    }

    fn opened(&self, row: &Row) -> Result<(Capture, Transcript), PacketsError> {
        let connection = self
            .index
            .connections
            .get(row.connection)
            .ok_or_else(|| PacketsError {
                path: self.index.path.clone(),
                what: format!("there is no connection {} in it", row.connection),
                mend: "open it again".to_owned(),
            })?;
        opened(&self.index, connection, &self.key_log)
    }
}

/// A line, and what was decoded for it where that is kept.
type Found = (Row, Option<(Arc<Capture>, Transcript)>);

fn cancelled(index: &PacketIndex) -> PacketsError {
    PacketsError {
        path: index.path.clone(),
        what: "the reading was cancelled".to_owned(),
        mend: "open it again".to_owned(),
    }
}

/// A connection's analysis, `None` where it does not speak TLS. `adjust` may lay other evidence over the capture, such as
/// what a side trusts, before it is judged; what was decoded does not depend on it.
pub fn analyse(
    index: &PacketIndex,
    connection: &Connection,
    key_log: &KeyLog,
    adjust: &dyn Fn(&mut Capture, &Transcript),
) -> Result<Option<Analysis>, PacketsError> {
    let (mut capture, transcript) = opened(index, connection, key_log)?;
    if !speaks_tls(&transcript) {
        return Ok(None);
    }
    adjust(&mut capture, &transcript);
    Ok(Some(Analysis::of_decoded(Arc::new(capture), transcript)))
}

/// A connection's capture with the secrets of its own handshakes and no others, decoded.
fn opened(
    index: &PacketIndex,
    connection: &Connection,
    key_log: &KeyLog,
) -> Result<(Capture, Transcript), PacketsError> {
    let (mut capture, transcript) = decoded(index, connection, key_log)?;
    add_secrets(&mut capture, &transcript, key_log);
    Ok((capture, transcript))
}

fn add_secrets(capture: &mut Capture, transcript: &Transcript, key_log: &KeyLog) {
    for random in client_randoms(transcript) {
        capture.secrets.extend(key_log.of(random).iter().cloned());
    }
}

/// Reads and decodes a connection, and turns it round where the one that asked for the TCP connection is TLS's server.
fn decoded(
    index: &PacketIndex,
    connection: &Connection,
    key_log: &KeyLog,
) -> Result<(Capture, Transcript), PacketsError> {
    let capture = index.capture(connection)?;
    // A long connection that does not turn to TLS soon never will: its bulk is not looked at.
    if let Some(head) = head_of(&capture) {
        let transcript = decode_with(&head, Some(key_log));
        if !speaks_tls(&transcript) {
            return Ok((head, transcript));
        }
    }
    let transcript = decode_with(&capture, Some(key_log));
    let says_hello = |side| transcript.first(MessageKind::ClientHello, side).is_some();
    if says_hello(Side::Server) && !says_hello(Side::Client) {
        let capture = capture.turned();
        let transcript = decode_with(&capture, Some(key_log));
        return Ok((capture, transcript));
    }
    Ok((capture, transcript))
}

/// The first bytes of each side, where there are many more: as far as TLS may begin.
fn head_of(capture: &Capture) -> Option<Capture> {
    const HEAD_BYTES: usize = 96 << 10;
    let total: usize = capture.segments.iter().map(|segment| segment.bytes.len()).sum();
    (total > 4 * HEAD_BYTES).then(|| {
        let mut left = PerSide {
            client: HEAD_BYTES,
            server: HEAD_BYTES,
        };
        let segments = capture.segments.iter().map(|segment| {
            let left = left.of_mut(segment.from);
            let taken = segment.bytes.len().min(*left);
            *left -= taken;
            Segment {
                bytes: segment.bytes.get(..taken).unwrap_or_default().to_vec(),
                altered: segment.altered.clone(),
                ..*segment
            }
        });
        Capture {
            segments: segments.collect(),
            secrets: Vec::new(),
            events: Vec::new(),
            sides: PerSide::default(),
            at_hand: Vec::new(),
            carrier: capture.carrier.clone(),
            ..*capture
        }
    })
}

/// What secrets are known by: the random of every ClientHello, for a connection may shake hands more than once, and the
/// encrypted premaster secrets.
pub fn client_randoms(transcript: &Transcript) -> Vec<&[u8]> {
    let mut randoms: Vec<&[u8]> = transcript
        .messages
        .iter()
        .filter_map(|message| match &message.body {
            Body::ClientHello(hello) => Some(hello.random.as_slice()),
            Body::ClientKeyExchange { encrypted_premaster } => encrypted_premaster.get(..8),
            _ => None,
        })
        .collect();
    randoms.dedup();
    randoms
}

/// A handshake message in the clear says so beyond doubt. A connection whose beginning was not recorded has none: there,
/// everything must be records, from the first byte on.
fn speaks_tls(transcript: &Transcript) -> bool {
    let is_named = |message: &Message| {
        matches!(
            message.kind,
            MessageKind::ClientHello
                | MessageKind::ServerHello
                | MessageKind::HelloRetryRequest
                | MessageKind::Certificate
                | MessageKind::ServerKeyExchange
        )
    };
    let strange = |message: &Message| {
        matches!(message.body, Body::NotTls { .. }) || message.kind == MessageKind::UnknownHandshake
    };
    let is_whole = |record: &Record| (20..=23).contains(&record.content_type) && record.wire.len() > 5;
    transcript.messages.iter().any(is_named)
        || (transcript.records.iter().any(is_whole) && !transcript.messages.iter().any(strange))
}

#[cfg(test)]
mod tests;
