//! A packet capture surveyed: which of its connections speak TLS, and each in one line.
//!
//! `row` is the line, `filter` picks lines. The joint of `source` and `decode`, which never meet: the source finds TCP
//! connections, the decoder finds TLS in them, and secrets are looked up by the client random that the decoder saw.
//!
//! Deliberately absent: keeping what was decoded. A connection is decoded for its line and dropped; the one that is looked
//! at is decoded again.

mod filter;
mod row;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

pub use filter::Filter;
pub use row::{ClientCertificate, Row};

use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::{Capture, KeyLog, PerSide, Segment, Side};
use crate::decode::{Body, Message, Record, Transcript, decode_with};
use crate::source::packets::{PacketIndex, PacketsError, TcpConnection};

/// A packet capture with a line for each of its TLS connections.
#[derive(Debug)]
pub struct Survey {
    /// The file's connections.
    pub index: PacketIndex,
    /// Secrets: the file's own, and those of a key log beside it.
    pub key_log: KeyLog,
    /// The connections that speak TLS, in the order of their first packets.
    pub rows: Vec<Row>,
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
        let next = AtomicUsize::new(0);
        let found: Mutex<Vec<Row>> = Mutex::new(Vec::new());
        let failed: Mutex<Option<PacketsError>> = Mutex::new(None);
        let work = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(connection) = index.connections.get(number) else {
                    return;
                };
                if cancel.is_cancelled() {
                    return;
                }
                match decoded(&index, connection, &key_log) {
                    Ok((capture, transcript)) => {
                        if speaks_tls(&transcript) {
                            let row = Row::of(number, &capture, &transcript);
                            lock(&found).push(row);
                        }
                    }
                    Err(error) => {
                        lock(&failed).get_or_insert(error);
                        return;
                    }
                }
                progress(number + 1, total);
            }
        };
        let threads = std::thread::available_parallelism()
            .map_or(1, usize::from)
            .min(total.max(1));
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
        if let Some(error) = lock(&failed).take() {
            return Err(error);
        }
        if cancel.is_cancelled() {
            return Err(PacketsError {
                path: index.path.clone(),
                what: "the reading was cancelled".to_owned(),
                mend: "open it again".to_owned(),
            });
        }
        let mut rows = std::mem::take(&mut *lock(&found));
        rows.sort_by_key(|row| row.connection);
        Ok(Self { index, key_log, rows })
    }

    /// The capture of one line, with the secrets that are its own.
    pub fn capture(&self, row: &Row) -> Result<Arc<Capture>, PacketsError> {
        let connection = self
            .index
            .connections
            .get(row.connection)
            .ok_or_else(|| PacketsError {
                path: self.index.path.clone(),
                what: format!("there is no connection {} in it", row.connection),
                mend: "open it again".to_owned(),
            })?;
        let (capture, _) = opened(&self.index, connection, &self.key_log)?;
        Ok(Arc::new(capture))
    }
}

/// A connection's analysis, `None` where it does not speak TLS. `adjust` may lay other evidence over the capture, such as
/// what a side trusts, before it is judged; what was decoded does not depend on it.
pub fn analyse(
    index: &PacketIndex,
    connection: &TcpConnection,
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
    connection: &TcpConnection,
    key_log: &KeyLog,
) -> Result<(Capture, Transcript), PacketsError> {
    let (mut capture, transcript) = decoded(index, connection, key_log)?;
    for random in client_randoms(&transcript) {
        capture.secrets.extend(key_log.of(random).iter().cloned());
    }
    Ok((capture, transcript))
}

/// Reads and decodes a connection, and turns it round where the one that asked for the TCP connection is TLS's server.
fn decoded(
    index: &PacketIndex,
    connection: &TcpConnection,
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
    let says_hello = |side| transcript.first("ClientHello", side).is_some();
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
            ..*capture
        }
    })
}

/// What secrets are known by: the random of every ClientHello, for a connection may shake hands more than once, and the
/// encrypted premaster secrets.
fn client_randoms(transcript: &Transcript) -> Vec<&[u8]> {
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
            "ClientHello" | "ServerHello" | "HelloRetryRequest" | "Certificate" | "ServerKeyExchange"
        )
    };
    let strange =
        |message: &Message| matches!(message.body, Body::NotTls { .. }) || message.kind == "UnknownHandshake";
    let is_whole = |record: &Record| (20..=23).contains(&record.content_type) && record.wire.len() > 5;
    transcript.messages.iter().any(is_named)
        || (transcript.records.iter().any(is_whole) && !transcript.messages.iter().any(strange))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
