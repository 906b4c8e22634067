//! Which messages share a row: a row is one side's run of messages of one kind.

use super::work::look;
use crate::capture::{Alteration, Capture, Gap, Segment, Side};
use crate::decode::{Message, MessageKind, Protection, Transcript};
use crate::iana::Version;

/// What a run of messages is about. Two neighbours of one side and one class share a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// ClientHello, HelloRetryRequest, ServerHello, HelloRequest.
    Hello,
    /// TLS 1.3: EncryptedExtensions and CertificateRequest.
    Request,
    /// TLS 1.3: Certificate to Finished. TLS 1.2: Certificate to ServerHelloDone, or to CertificateVerify.
    Proof,
    /// TLS 1.2: ChangeCipherSpec and Finished.
    Switch,
    /// NewSessionTicket.
    Ticket,
    /// ApplicationData.
    Data,
    /// One alert; never shares a row.
    Alert,
    /// ChangeCipherSpec before its neighbour is known.
    CipherChange,
    /// What could not be opened.
    Encrypted,
    /// Bytes that are no TLS.
    NotTls,
    /// What was said before TLS: STARTTLS and its kin.
    Preamble,
    /// Bytes that the wire swallowed.
    Lost,
    /// Bytes that the recording does not hold.
    Gap,
    /// Anything else, each on its own row.
    Other,
}

/// A run of messages, or bytes that never arrived.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub from: Side,
    pub class: Class,
    /// Indexes into the transcript's messages.
    pub messages: Vec<usize>,
    /// When its first message arrived.
    pub at_us: u64,
    /// Bytes on the wire, record headers and tags included.
    pub wire_bytes: usize,
    /// What the wire did, for bytes that were swallowed: `lost on the way`.
    pub lost: Option<&'static str>,
}

/// The runs, in the order of their first messages.
pub(super) fn flights(capture: &Capture, transcript: &Transcript) -> Vec<Flight> {
    let is_tls13 = transcript.version == Some(Version::TLS_13);
    let mut flights: Vec<Flight> = Vec::new();
    let mut empty_changes = Vec::new();
    for (index, message) in transcript.messages.iter().enumerate() {
        look(1);
        let class = class_of(message, transcript);
        if class == Class::CipherChange && is_tls13 {
            empty_changes.push(index);
            continue;
        }
        match flights.last_mut() {
            Some(last) if last.from == message.side && joins(last.class, class) => {
                // A ChangeCipherSpec takes the class of what it is followed by.
                last.class = class;
                last.messages.push(index);
            }
            _ => flights.push(Flight::of(message, index, class)),
        }
    }
    join_neighbours(&mut flights, &empty_changes, transcript);
    weigh(&mut flights, transcript);
    mark_cut(&mut flights, capture, transcript);
    add_lost(&mut flights, capture);
    flights
}

impl Flight {
    fn of(message: &Message, index: usize, class: Class) -> Self {
        Self {
            from: message.side,
            class,
            messages: vec![index],
            at_us: message.at_us,
            wire_bytes: 0,
            lost: None,
        }
    }
}

/// The messages of a flight.
pub(super) fn messages_of<'a>(
    flight: &'a Flight,
    transcript: &'a Transcript,
) -> impl Iterator<Item = &'a Message> + Clone + 'a {
    flight.messages.iter().filter_map(|index| {
        look(1);
        transcript.messages.get(*index)
    })
}

/// In TLS 1.3 ChangeCipherSpec says nothing (RFC 8446 appendix D.4) and has no row of its own: a server's follows its
/// hello, a client's stands before whatever it sends next. `changes` are indexes of messages, in their order.
fn join_neighbours(flights: &mut Vec<Flight>, changes: &[usize], transcript: &Transcript) {
    for side in Side::BOTH {
        look(flights.len() + changes.len());
        let own = changes.iter().copied().filter_map(|index| {
            let message = transcript.messages.get(index)?;
            (message.side == side).then_some((index, message))
        });
        // The side's rows, each with its last message.
        let mut rows: Vec<(usize, &mut Flight)> = flights
            .iter_mut()
            .filter(|flight| flight.from == side)
            .filter_map(|flight| Some((*flight.messages.last()?, flight)))
            .collect();
        let mut alone: Option<Flight> = None;
        for (index, message) in own {
            let after = rows.partition_point(|(last, _)| *last < index);
            let at = match side {
                Side::Server => after.saturating_sub(1),
                Side::Client => after.min(rows.len().saturating_sub(1)),
            };
            match (rows.get_mut(at), &mut alone) {
                (Some((_, flight)), _) => flight.messages.push(index),
                (None, Some(flight)) => flight.messages.push(index),
                (None, None) => alone = Some(Flight::of(message, index, Class::CipherChange)),
            }
        }
        for (_, flight) in rows {
            flight.messages.sort_unstable();
        }
        insert(flights, alone.into_iter().collect());
    }
}

/// Half a record arrived, and then nothing: the rest is what a reader wants to know of, at the time it was cut.
fn mark_cut(flights: &mut Vec<Flight>, capture: &Capture, transcript: &Transcript) {
    for side in Side::BOTH {
        // Nothing follows a cut in its direction: there is one.
        let is_cut = |one: &&Segment| one.from == side && matches!(one.altered, Some(Alteration::Cut { .. }));
        let Some(segment) = capture.segments.iter().find(is_cut) else {
            continue;
        };
        let is_remainder = |flight: &Flight| {
            flight.from == side
                && flight.class == Class::Encrypted
                && messages_of(flight, transcript)
                    .flat_map(|message| &message.pieces)
                    .filter_map(|piece| transcript.records.get(piece.record))
                    .any(|record| record.altered.is_some())
        };
        let Some(mut flight) = flights.iter().position(is_remainder).map(|at| flights.remove(at)) else {
            continue;
        };
        flight.class = Class::Lost;
        flight.lost = Some("cut off on the way");
        flight.at_us = segment.at_us;
        insert(flights, vec![flight]);
    }
}

/// Puts each of `added` after everything that had arrived by then.
fn insert(flights: &mut Vec<Flight>, added: Vec<Flight>) {
    if added.is_empty() {
        return;
    }
    look(flights.len() + added.len());
    // Times need not rise from row to row; the latest so far does.
    let latest: Vec<u64> = flights
        .iter()
        .scan(0, |latest, flight| {
            *latest = flight.at_us.max(*latest);
            Some(*latest)
        })
        .collect();
    let mut added: Vec<(usize, Flight)> = added
        .into_iter()
        .map(|flight| (latest.partition_point(|at_us| *at_us <= flight.at_us), flight))
        .collect();
    added.sort_by_key(|(at, flight)| (*at, flight.at_us));
    let mut added = added.into_iter().peekable();
    let mut all = Vec::with_capacity(flights.len() + added.len());
    for (index, flight) in std::mem::take(flights).into_iter().enumerate() {
        while let Some((_, earlier)) = added.next_if(|(at, _)| *at <= index) {
            all.push(earlier);
        }
        all.push(flight);
    }
    all.extend(added.map(|(_, flight)| flight));
    *flights = all;
}

fn class_of(message: &Message, transcript: &Transcript) -> Class {
    let is_tls13 = message.protection != Protection::None && message.protection != Protection::Tls12;
    match message.kind {
        MessageKind::ClientHello
        | MessageKind::ServerHello
        | MessageKind::HelloRetryRequest
        | MessageKind::HelloRequest => Class::Hello,
        MessageKind::EncryptedExtensions => Class::Request,
        MessageKind::CertificateRequest if is_tls13 => Class::Request,
        MessageKind::Finished if !is_tls13 && transcript.version != Some(Version::TLS_13) => Class::Switch,
        MessageKind::Certificate
        | MessageKind::CompressedCertificate
        | MessageKind::CertificateVerify
        | MessageKind::Finished
        | MessageKind::CertificateStatus
        | MessageKind::ServerKeyExchange
        | MessageKind::CertificateRequest
        | MessageKind::ServerHelloDone
        | MessageKind::ClientKeyExchange => Class::Proof,
        MessageKind::NewSessionTicket => Class::Ticket,
        MessageKind::ApplicationData => Class::Data,
        MessageKind::Alert => Class::Alert,
        MessageKind::ChangeCipherSpec => Class::CipherChange,
        MessageKind::KeyUpdate
        | MessageKind::EndOfEarlyData
        | MessageKind::HelloVerifyRequest
        | MessageKind::RequestConnectionId
        | MessageKind::NewConnectionId
        | MessageKind::ClientCertificateRequest
        | MessageKind::CertificateURL
        | MessageKind::SupplementalData
        | MessageKind::EktKey
        | MessageKind::MessageHash
        | MessageKind::UnknownHandshake => Class::Other,
        MessageKind::NotTls => Class::NotTls,
        MessageKind::Encrypted => Class::Encrypted,
        MessageKind::Preamble => Class::Preamble,
    }
}

/// Whether a message of class `next` goes on a row of class `last`.
fn joins(last: Class, next: Class) -> bool {
    match (last, next) {
        // TLS 1.2 encrypts what follows; if that cannot be opened it still is the other half of the switch.
        (Class::CipherChange, Class::Switch | Class::Encrypted | Class::CipherChange) => true,
        (Class::Alert | Class::Other | Class::Lost | Class::Gap, _) => false,
        (before, next) => before == next,
    }
}

/// Shares out the bytes on the wire: what a record adds to its messages (header, inner type, tag) goes to the row
/// of its first one. A row's ChangeCipherSpec that its title leaves out is not counted either.
fn weigh(flights: &mut [Flight], transcript: &Transcript) {
    let mut is_record_counted = vec![false; transcript.records.len()];
    let content = content_of_records(transcript);
    for flight in flights {
        let is_silent = |message: &Message| {
            transcript.version == Some(Version::TLS_13) && message.kind == MessageKind::ChangeCipherSpec
        };
        let mut wire_bytes = 0;
        for message in messages_of(flight, transcript)
            .filter(|message| flight.class == Class::CipherChange || !is_silent(message))
        {
            for piece in &message.pieces {
                wire_bytes += piece.message.len();
                let (Some(record), Some(is_counted)) = (
                    transcript.records.get(piece.record),
                    is_record_counted.get_mut(piece.record),
                ) else {
                    continue;
                };
                if !std::mem::replace(is_counted, true) {
                    wire_bytes += record
                        .wire
                        .len()
                        .saturating_sub(content.get(piece.record).copied().unwrap_or_default());
                }
            }
            if message.pieces.is_empty() {
                wire_bytes += message.bytes.len();
            }
        }
        flight.wire_bytes += wire_bytes;
    }
}

/// How many bytes of messages each record carries.
fn content_of_records(transcript: &Transcript) -> Vec<usize> {
    let mut content = vec![0; transcript.records.len()];
    for piece in transcript.messages.iter().flat_map(|message| &message.pieces) {
        if let Some(sum) = content.get_mut(piece.record) {
            *sum += piece.message.len();
        }
    }
    content
}

/// Adds a row for each run of bytes that the wire swallowed.
fn add_lost(flights: &mut Vec<Flight>, capture: &Capture) {
    let mut lost: Vec<Flight> = Vec::new();
    let mut goes_on = false;
    for segment in &capture.segments {
        look(1);
        let (sent, words) = match &segment.altered {
            Some(Alteration::Dropped { sent }) => (sent.len(), "lost on the way"),
            Some(Alteration::Stalled { sent }) => (sent.len(), "held back for ever"),
            Some(Alteration::Missing { bytes, why }) => (*bytes as usize, gap_words(*why)),
            _ => {
                goes_on &= segment.bytes.is_empty();
                continue;
            }
        };
        if let Some(flight) = lost.last_mut().filter(|_| goes_on)
            && flight.from == segment.from
            && flight.lost == Some(words)
        {
            flight.wire_bytes += sent;
            continue;
        }
        goes_on = true;
        lost.push(Flight {
            from: segment.from,
            class: match segment.altered {
                Some(Alteration::Missing { .. }) => Class::Gap,
                _ => Class::Lost,
            },
            messages: Vec::new(),
            at_us: segment.at_us,
            wire_bytes: sent,
            lost: Some(words),
        });
    }
    insert(flights, lost);
}

fn gap_words(why: Gap) -> &'static str {
    match why {
        Gap::NotRecorded => "missing from the recording",
        Gap::UnknownLength => "missing from the recording, nobody knows how many",
        Gap::LeftOut => "left out of a very long connection",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_kind_share_a_row_but_for_what_stands_alone() {
        for class in [
            Class::Hello,
            Class::Request,
            Class::Proof,
            Class::Switch,
            Class::Ticket,
            Class::Data,
        ] {
            assert!(joins(class, class), "{class:?}");
            assert!(!joins(class, Class::Alert), "{class:?}");
        }
        for class in [Class::Alert, Class::Other, Class::Lost, Class::Gap] {
            assert!(!joins(class, class), "{class:?}");
        }
        for (next, wanted) in [
            (Class::Switch, true),
            (Class::Encrypted, true),
            (Class::CipherChange, true),
            (Class::Proof, false),
            (Class::Data, false),
        ] {
            assert_eq!(joins(Class::CipherChange, next), wanted, "{next:?}");
        }
    }

    /// What is added stands behind what was there at its time, and times that fall do not draw it forward.
    #[test]
    fn what_is_added_comes_after_what_was_there_at_its_time() {
        let flight = |at_us, class| Flight {
            from: Side::Client,
            class,
            messages: Vec::new(),
            at_us,
            wire_bytes: 0,
            lost: None,
        };
        let mut all: Vec<Flight> = [1, 5, 3, 7].map(|at_us| flight(at_us, Class::Data)).to_vec();
        let added = [5, 4, 0, 9].map(|at_us| flight(at_us, Class::Lost)).to_vec();
        insert(&mut all, added);
        let found: Vec<(u64, bool)> = all
            .iter()
            .map(|flight| (flight.at_us, flight.class == Class::Lost))
            .collect();
        assert_eq!(
            found,
            [
                (0, true),
                (1, false),
                (4, true),
                (5, false),
                (3, false),
                (5, true),
                (7, false),
                (9, true)
            ]
        );
    }

    #[test]
    fn each_kind_of_gap_has_words_of_its_own() {
        assert_eq!(
            [Gap::NotRecorded, Gap::UnknownLength, Gap::LeftOut].map(gap_words),
            [
                "missing from the recording",
                "missing from the recording, nobody knows how many",
                "left out of a very long connection"
            ]
        );
    }
}
