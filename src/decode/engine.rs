//! The walk over a capture: records cut from both streams in the order of their arrival, opened, joined into messages.

use super::keys::{Keys, Suite};
use super::lane::{Lane, Opened, secret};
use super::messages::{self, Context};
use super::{Body, Buffer, BufferId, BufferKind, Message, Piece, Protection, Record, Transcript};
use crate::capture::{Alteration, Capture, PerSide, SecretLabel, Segment, Side};

/// The largest payload that a record may carry: TLS 1.2's, with its overhead (RFC 5246 §6.2.3).
const LARGEST_PAYLOAD: usize = (1 << 14) + 2048;
/// A handshake message longer than this is not joined; certificate chains of a thousand names fit.
const LARGEST_MESSAGE: usize = 1 << 20;

/// Decodes a capture. Total: whatever the bytes are, a transcript comes back, with errors where they are odd.
pub fn decode(capture: &Capture) -> Transcript {
    let mut engine = Engine::new(capture);
    for segment in &capture.segments {
        engine.segment(segment);
    }
    engine.finish()
}

struct Engine<'a> {
    capture: &'a Capture,
    out: Transcript,
    lanes: PerSide<Lane>,
    client_random: Vec<u8>,
    server_random: Vec<u8>,
    is_13: bool,
    suite_number: Option<u16>,
    suite: Option<Suite>,
    /// All handshake messages so far, as the transcript hash takes them.
    spoken: Vec<u8>,
    session_id: Vec<u8>,
    last_us: u64,
}

impl<'a> Engine<'a> {
    fn new(capture: &'a Capture) -> Self {
        Self {
            capture,
            out: Transcript {
                buffers: Side::BOTH
                    .map(|side| Buffer {
                        kind: BufferKind::Wire(side),
                        bytes: Vec::new(),
                    })
                    .into(),
                ..Transcript::default()
            },
            lanes: PerSide {
                client: Lane::new(Side::Client),
                server: Lane::new(Side::Server),
            },
            client_random: Vec::new(),
            server_random: Vec::new(),
            is_13: false,
            suite_number: None,
            suite: None,
            spoken: Vec::new(),
            session_id: Vec::new(),
            last_us: 0,
        }
    }

    fn segment(&mut self, segment: &Segment) {
        self.last_us = segment.at_us;
        let side = segment.from;
        let (words, lost) = match &segment.altered {
            None => (None, None),
            Some(Alteration::Changed { sent }) => (Some(changed_words(sent, &segment.bytes)), None),
            Some(Alteration::Repeated) => (Some("delivered a second time by the wire".to_owned()), None),
            Some(Alteration::Injected) => (
                Some("put on the wire by somebody else than the TLS stack".to_owned()),
                None,
            ),
            Some(Alteration::Cut { sent }) => (
                Some(format!(
                    "cut off by the wire after {} of {} bytes",
                    segment.bytes.len(),
                    sent.len()
                )),
                None,
            ),
            Some(Alteration::Dropped { sent }) => (Some("swallowed by the wire".to_owned()), Some(sent)),
            Some(Alteration::Stalled { sent }) => {
                (Some("held back by the wire for ever".to_owned()), Some(sent))
            }
        };
        if let Some(sent) = lost {
            self.lost(side, sent, segment.at_us, words);
            return;
        }
        self.lanes.of_mut(side).wire.extend_from_slice(&segment.bytes);
        if let Some(buffer) = self.out.buffers.get_mut(wire_buffer(side).0) {
            buffer.bytes.extend_from_slice(&segment.bytes);
        }
        self.cut(side, segment.at_us, words.as_deref());
    }

    /// A record that never arrived: no bytes, but worth a line, and counted by its sender.
    fn lost(&mut self, side: Side, sent: &[u8], at_us: u64, altered: Option<String>) {
        let lane = self.lanes.of_mut(side);
        let protection = if sent.first() == Some(&23) {
            lane.epoch
        } else {
            Protection::None
        };
        if sent.first() != Some(&20) {
            lane.skip_one();
        }
        let at = lane.wire.len();
        self.out.records.push(Record {
            side,
            at_us,
            wire: at..at,
            content_type: sent.first().copied().unwrap_or_default(),
            protection,
            opened: None,
            altered,
            error: Some(format!(
                "{} were sent and never arrived",
                super::words::size(sent.len())
            )),
        });
    }

    /// Cuts all whole records that are there.
    fn cut(&mut self, side: Side, at_us: u64, altered: Option<&str>) {
        loop {
            let lane = self.lanes.of_mut(side);
            let start = lane.cut;
            let ahead = lane.wire.get(start..).unwrap_or_default();
            if ahead.is_empty() {
                return;
            }
            if lane.is_not_tls || !begins_record(ahead) {
                self.not_tls(side, start, at_us, altered);
                return;
            }
            let Some(length) = record_length(ahead) else {
                return;
            };
            if ahead.len() < length {
                return;
            }
            lane.cut = start + length;
            let bytes = ahead.get(..length).unwrap_or_default().to_vec();
            self.record(side, start..start + length, &bytes, at_us, altered);
        }
    }

    fn not_tls(&mut self, side: Side, start: usize, at_us: u64, altered: Option<&str>) {
        let lane = self.lanes.of_mut(side);
        let bytes = lane.wire.get(start..).unwrap_or_default().to_vec();
        let first = !lane.is_not_tls;
        lane.is_not_tls = true;
        let range = start..start + bytes.len();
        if first {
            // The run begins here and grows in place as more of it arrives.
            self.out.records.push(Record {
                side,
                at_us,
                wire: range.clone(),
                content_type: bytes.first().copied().unwrap_or_default(),
                protection: Protection::None,
                opened: None,
                altered: altered.map(str::to_owned),
                error: Some("these bytes do not begin a TLS record".to_owned()),
            });
            let record = self.out.records.len() - 1;
            let (root, body) = messages::not_tls(&bytes);
            let pieces = vec![Piece {
                message: 0..bytes.len(),
                record,
                source: range,
            }];
            self.push(side, at_us, "NotTls", Protection::None, bytes, pieces, root, body);
            return;
        }
        let (root, body) = messages::not_tls(&bytes);
        if let Some(message) = self
            .out
            .messages
            .iter_mut()
            .rev()
            .find(|message| message.side == side && message.kind == "NotTls")
        {
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
    }

    fn record(
        &mut self,
        side: Side,
        wire: std::ops::Range<usize>,
        bytes: &[u8],
        at_us: u64,
        altered: Option<&str>,
    ) {
        let (header, payload) = bytes.split_at_checked(5).unwrap_or((bytes, &[]));
        let outer = header.first().copied().unwrap_or_default();
        let index = self.out.records.len();
        let mut record = Record {
            side,
            at_us,
            wire: wire.clone(),
            content_type: outer,
            protection: Protection::None,
            opened: None,
            altered: altered.map(str::to_owned),
            error: None,
        };
        let suite = self.suite;
        let lane = self.lanes.of_mut(side);
        let is_protected = match lane.epoch {
            // A first flight of early data comes before any key is known by its place.
            Protection::None => outer == 23,
            Protection::Tls12 => true,
            _ => outer == 23,
        };
        if !is_protected {
            self.out.records.push(record);
            let source = wire.start + 5;
            self.content(side, outer, payload, Protection::None, index, source, at_us);
            return;
        }
        record.protection = lane.epoch;
        let random = self.client_random.clone();
        match lane.open(header, payload, self.capture, &random, suite) {
            Ok(Opened {
                content_type,
                content,
                protection,
                remark,
            }) => {
                record.protection = protection;
                record.error = remark;
                record.opened = Some(BufferId(self.out.buffers.len()));
                self.out.buffers.push(Buffer {
                    kind: BufferKind::Opened { record: index },
                    bytes: content.clone(),
                });
                self.out.records.push(record);
                self.content(side, content_type, &content, protection, index, 0, at_us);
            }
            Err(why) => {
                let why = altered.map_or(why, |altered| format!("it does not open: {altered}"));
                record.error = Some(why.clone());
                let protection = record.protection;
                self.out.records.push(record);
                let (root, body) = messages::encrypted(payload, outer, why);
                let pieces = vec![Piece {
                    message: 0..payload.len(),
                    record: index,
                    source: wire.start + 5..wire.end,
                }];
                self.push(
                    side,
                    at_us,
                    "Encrypted",
                    protection,
                    payload.to_vec(),
                    pieces,
                    root,
                    body,
                );
            }
        }
    }

    /// The content of a record, in the clear now. `source` is where it begins in its buffer.
    #[allow(
        clippy::too_many_arguments,
        reason = "what a record's content is, in one place"
    )]
    fn content(
        &mut self,
        side: Side,
        content_type: u8,
        content: &[u8],
        protection: Protection,
        record: usize,
        source: usize,
        at_us: u64,
    ) {
        let whole = || {
            vec![Piece {
                message: 0..content.len(),
                record,
                source: source..source + content.len(),
            }]
        };
        match content_type {
            22 => {
                let lane = self.lanes.of_mut(side);
                let start = lane.partial.len();
                lane.partial.extend_from_slice(content);
                lane.pieces.push(Piece {
                    message: start..start + content.len(),
                    record,
                    source: source..source + content.len(),
                });
                self.join(side, protection, at_us);
            }
            20 => {
                let (root, body) = messages::change_cipher_spec(content);
                self.push(
                    side,
                    at_us,
                    "ChangeCipherSpec",
                    protection,
                    content.to_vec(),
                    whole(),
                    root,
                    body,
                );
                if !self.is_13 && !self.server_random.is_empty() {
                    self.enter_12(side);
                }
            }
            21 => {
                let (root, body) = messages::alert(content);
                self.push(
                    side,
                    at_us,
                    "Alert",
                    protection,
                    content.to_vec(),
                    whole(),
                    root,
                    body,
                );
            }
            _ => {
                let (root, body) = messages::application_data(content);
                self.push(
                    side,
                    at_us,
                    "ApplicationData",
                    protection,
                    content.to_vec(),
                    whole(),
                    root,
                    body,
                );
            }
        }
    }

    /// Takes whole handshake messages off the front of what was joined.
    fn join(&mut self, side: Side, protection: Protection, at_us: u64) {
        loop {
            let lane = self.lanes.of_mut(side);
            let [_, a, b, c] = *lane.partial.get(..4).unwrap_or_default() else {
                return;
            };
            let length = 4 + u32::from_be_bytes([0, a, b, c]) as usize;
            let is_absurd = length > LARGEST_MESSAGE;
            if lane.partial.len() < length && !is_absurd {
                return;
            }
            let length = length.min(lane.partial.len());
            let bytes: Vec<u8> = lane.partial.drain(..length).collect();
            let pieces = take_pieces(&mut lane.pieces, length);
            self.handshake(side, bytes, pieces, protection, at_us);
        }
    }

    fn handshake(
        &mut self,
        side: Side,
        bytes: Vec<u8>,
        pieces: Vec<Piece>,
        protection: Protection,
        at_us: u64,
    ) {
        let context = Context {
            is_13: self.is_13,
            suite: self.suite_number,
        };
        let (kind, root, mut body) = messages::handshake(&bytes, context);
        self.complete(side, &mut body, &bytes);
        self.follow(side, &body);
        if kind == "HelloRetryRequest" {
            // The first ClientHello counts as its hash from here on (RFC 8446 §4.4.1).
            if let Some(suite) = self.suite {
                let hash = suite.hash(&self.spoken);
                self.spoken = [&[254, 0, 0, hash.len() as u8], hash.as_slice()].concat();
            }
        }
        // What comes after the handshake, and TLS 1.2's HelloRequest (RFC 5246 §7.4.1.1), is not part of it.
        let is_outside =
            kind == "HelloRequest" || (self.is_13 && matches!(kind, "NewSessionTicket" | "KeyUpdate"));
        if !is_outside {
            self.spoken.extend_from_slice(&bytes);
        }
        self.push(side, at_us, kind, protection, bytes, pieces, root, body);
        self.turn(side, kind);
    }

    /// Adds to a proof of possession what was signed.
    fn complete(&self, side: Side, body: &mut Body, bytes: &[u8]) {
        match body {
            Body::CertificateVerify(facts) => {
                facts.signed = if self.is_13 {
                    self.suite.map(|suite| {
                        let context: &[u8] = match side {
                            Side::Client => b"TLS 1.3, client CertificateVerify",
                            Side::Server => b"TLS 1.3, server CertificateVerify",
                        };
                        [&[0x20; 64][..], context, &[0], &suite.hash(&self.spoken)].concat()
                    })
                } else {
                    Some(self.spoken.clone())
                };
            }
            Body::ServerKeyExchange { params, signed, .. } => {
                let params = bytes.get(params.clone()).unwrap_or_default();
                if !self.client_random.is_empty() && !self.server_random.is_empty() && !params.is_empty() {
                    *signed = Some([&self.client_random, &self.server_random, params].concat());
                }
            }
            _ => {}
        }
    }

    /// What a message says about the connection.
    fn follow(&mut self, side: Side, body: &Body) {
        match body {
            Body::ClientHello(facts) => {
                self.client_random.clone_from(&facts.random);
                self.out.sni.clone_from(&facts.server_name);
            }
            Body::ServerHello(facts) => {
                self.is_13 = facts.version == "TLS 1.3";
                self.suite_number = facts.suite_number;
                self.suite = facts.suite_number.and_then(Suite::of);
                self.out.version = Some(facts.version.clone());
                self.out.cipher_suite = Some(facts.cipher_suite.clone());
                if !facts.is_retry {
                    self.server_random.clone_from(&facts.random);
                    self.out.group.clone_from(&facts.group);
                    self.session_id.clone_from(&facts.session_id);
                    self.out.resumed = Some(facts.chose_psk);
                }
                if facts.alpn.is_some() {
                    self.out.alpn.clone_from(&facts.alpn);
                }
            }
            Body::EncryptedExtensions { alpn: Some(alpn) } => self.out.alpn = Some(alpn.clone()),
            Body::ServerKeyExchange { group: Some(group), .. } => self.out.group = Some(group.clone()),
            Body::Finished
                // TLS 1.2 resumes without a certificate: the server finishes first (RFC 5246 §7.3).
                if !self.is_13 && side == Side::Server && self.out.first("Certificate", Side::Server).is_none() => {
                    self.out.resumed = Some(true);
                }
            _ => {}
        }
    }

    /// Where a message is the last under its keys.
    fn turn(&mut self, side: Side, kind: &str) {
        if !self.is_13 {
            return;
        }
        let random = self.client_random.clone();
        match (kind, side) {
            ("ServerHello", _) => {
                for lane in [&mut self.lanes.client, &mut self.lanes.server] {
                    lane.enter_13(Protection::Handshake, self.capture, &random, self.suite);
                }
            }
            ("Finished", side) => {
                self.lanes
                    .of_mut(side)
                    .enter_13(Protection::Application, self.capture, &random, self.suite);
            }
            ("KeyUpdate", side) => self.lanes.of_mut(side).update_keys(self.suite),
            _ => {}
        }
    }

    fn enter_12(&mut self, side: Side) {
        let master = secret(
            self.capture,
            side,
            &SecretLabel::ClientRandom,
            &self.client_random,
        );
        let keys = master.as_deref().zip(self.suite).and_then(|(master, suite)| {
            Keys::from_master_secret(suite, master, &self.client_random, &self.server_random)
        });
        let keys = keys.map(|(client, server)| if side == Side::Client { client } else { server });
        self.lanes.of_mut(side).enter_12(keys, master.is_some());
    }

    #[allow(clippy::too_many_arguments, reason = "a message's parts, in one place")]
    fn push(
        &mut self,
        side: Side,
        at_us: u64,
        kind: &'static str,
        protection: Protection,
        bytes: Vec<u8>,
        pieces: Vec<Piece>,
        root: super::Field,
        body: Body,
    ) {
        self.out.messages.push(Message {
            side,
            at_us,
            kind,
            protection,
            bytes,
            pieces,
            root,
            body,
        });
    }

    /// What is left in both streams is a record, or a message, that never became whole.
    fn finish(mut self) -> Transcript {
        for side in Side::BOTH {
            let lane = self.lanes.of_mut(side);
            let start = lane.cut;
            let left = lane.wire.get(start..).unwrap_or_default().to_vec();
            let partial = std::mem::take(&mut lane.partial);
            let pieces = std::mem::take(&mut lane.pieces);
            let epoch = lane.epoch;
            if !partial.is_empty() {
                let why = format!("the message ends after {}", super::words::size(partial.len()));
                let (root, body) = messages::encrypted(&partial, 22, why);
                self.push(
                    side,
                    self.last_us,
                    "Encrypted",
                    epoch,
                    partial,
                    pieces,
                    root,
                    body,
                );
            }
            if left.is_empty() || self.lanes.of(side).is_not_tls {
                continue;
            }
            let wanted = record_length(&left).unwrap_or(5);
            let why = format!("the record is cut off after {} of {wanted} bytes", left.len());
            let content_type = left.first().copied().unwrap_or_default();
            let index = self.out.records.len();
            self.out.records.push(Record {
                side,
                at_us: self.last_us,
                wire: start..start + left.len(),
                content_type,
                protection: epoch,
                opened: None,
                altered: self.cut_words(side),
                error: Some(why.clone()),
            });
            let header = left.len().min(5);
            let payload = left.get(header..).unwrap_or_default().to_vec();
            let (root, body) = messages::encrypted(&payload, content_type, why);
            let source = start + header..start + left.len();
            let pieces = vec![Piece {
                message: 0..payload.len(),
                record: index,
                source,
            }];
            self.push(
                side,
                self.last_us,
                "Encrypted",
                epoch,
                payload,
                pieces,
                root,
                body,
            );
        }
        self.out
    }

    fn cut_words(&self, side: Side) -> Option<String> {
        self.capture
            .segments
            .iter()
            .any(|segment| segment.from == side && matches!(segment.altered, Some(Alteration::Cut { .. })))
            .then(|| "cut off by the wire".to_owned())
    }
}

fn wire_buffer(side: Side) -> BufferId {
    BufferId(match side {
        Side::Client => 0,
        Side::Server => 1,
    })
}

/// A known content type and a version that TLS has had (RFC 8446 §5.1); a shorter start is given the benefit.
fn begins_record(bytes: &[u8]) -> bool {
    let is_type = bytes.first().is_some_and(|kind| (20..=24).contains(kind));
    let is_version =
        bytes.get(1).is_none_or(|major| *major == 3) && bytes.get(2).is_none_or(|minor| *minor <= 4);
    let is_length = record_length(bytes).is_none_or(|length| length <= 5 + LARGEST_PAYLOAD);
    is_type && is_version && is_length
}

fn record_length(bytes: &[u8]) -> Option<usize> {
    let [high, low] = *bytes.get(3..5)? else {
        return None;
    };
    Some(5 + usize::from(u16::from_be_bytes([high, low])))
}

fn changed_words(sent: &[u8], got: &[u8]) -> String {
    let changed = sent.iter().zip(got).filter(|(a, b)| a != b).count();
    match changed {
        1 => "one byte was changed on the wire".to_owned(),
        count => format!("{count} bytes were changed on the wire"),
    }
}

/// The pieces of the first `length` joined bytes, taken off the list; what remains is counted anew.
fn take_pieces(pieces: &mut Vec<Piece>, length: usize) -> Vec<Piece> {
    let mut taken = Vec::new();
    let mut kept = Vec::new();
    for piece in pieces.drain(..) {
        let Piece {
            message,
            record,
            source,
        } = piece;
        if message.start < length {
            let end = message.end.min(length);
            let part = end - message.start;
            taken.push(Piece {
                message: message.start..end,
                record,
                source: source.start..source.start + part,
            });
            if end < message.end {
                kept.push(Piece {
                    message: 0..message.end - end,
                    record,
                    source: source.start + part..source.end,
                });
            }
        } else {
            kept.push(Piece {
                message: message.start - length..message.end - length,
                record,
                source,
            });
        }
    }
    *pieces = kept;
    taken
}
