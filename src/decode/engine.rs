//! The walk over a capture: records cut from both streams in the order of their arrival, opened, joined into messages.

use super::cut::{REPEATED, alteration_words, begins_record, is_sealed, record_length, take_pieces};
use super::keys::{Legacy, Suite};
use super::lane::{Lane, Opened, Surroundings};
use super::messages::{self, Context};
use super::secrets::Secrets;
use super::{Body, Buffer, BufferId, BufferKind, Message, Piece, Protection, Record, Transcript};
use crate::capture::{Alteration, Capture, KeyLog, PerSide, Segment, Side};

/// A handshake message longer than this is not joined; certificate chains of a thousand names fit.
const LARGEST_MESSAGE: usize = 1 << 20;

/// Decodes a capture. Total: whatever the bytes are, a transcript comes back, with errors where they are odd.
pub fn decode(capture: &Capture) -> Transcript {
    decode_with(capture, None)
}

/// As [`decode`], with a key log that serves many connections beside the capture's own secrets.
pub fn decode_with(capture: &Capture, log: Option<&KeyLog>) -> Transcript {
    let mut engine = Engine::new(capture, log);
    for segment in &capture.segments {
        engine.segment(segment);
    }
    engine.finish()
}

#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact that some message told"
)]
pub(super) struct Engine<'a> {
    pub(super) secrets: Secrets<'a>,
    pub(super) out: Transcript,
    pub(super) lanes: PerSide<Lane>,
    pub(super) client_random: Vec<u8>,
    pub(super) server_random: Vec<u8>,
    pub(super) is_13: bool,
    pub(super) suite_number: Option<u16>,
    pub(super) suite: Option<Suite>,
    /// What TLS 1.2 and its elders agreed on beside the suite.
    pub(super) legacy: Legacy,
    /// DEFLATE below TLS 1.3 (RFC 3749).
    pub(super) is_compressed: bool,
    /// All handshake messages so far, as the transcript hash takes them.
    pub(super) spoken: Vec<u8>,
    /// How much of `spoken` is the handshake itself, once it is over: authentication after it starts from there.
    pub(super) main_spoken: Option<usize>,
    /// A handshake message is missing from `spoken`: what is computed from it would be wrong.
    pub(super) is_spoken_torn: bool,
    /// The client offers early data, which may stay shut without a message being missing.
    pub(super) offers_early_data: bool,
    /// The server showed a certificate since the last ClientHello.
    pub(super) has_certificate: bool,
    /// What each side shows in a certificate's place (RFC 7250 §4.1); 2 is a bare public key.
    pub(super) raw_keys: PerSide<Option<u8>>,
    /// The client's half of an RSA key exchange, by which some logs know the premaster secret.
    pub(super) encrypted_premaster: Vec<u8>,
    /// The master secret is bound to the handshake (RFC 7627).
    pub(super) has_extended_master: bool,
    /// How much of `spoken` it is bound to.
    pub(super) extended_master: Option<usize>,
    pub(super) session_id: Vec<u8>,
    pub(super) last_us: u64,
}

impl<'a> Engine<'a> {
    fn new(capture: &'a Capture, log: Option<&'a KeyLog>) -> Self {
        Self {
            secrets: Secrets { capture, log },
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
            legacy: Legacy::default(),
            is_compressed: false,
            spoken: Vec::new(),
            main_spoken: None,
            is_spoken_torn: false,
            offers_early_data: false,
            has_certificate: false,
            raw_keys: PerSide::default(),
            encrypted_premaster: Vec::new(),
            has_extended_master: false,
            extended_master: None,
            session_id: Vec::new(),
            last_us: 0,
        }
    }

    fn segment(&mut self, segment: &Segment) {
        self.last_us = segment.at_us;
        let side = segment.from;
        if let Some(Alteration::Missing { bytes, why }) = &segment.altered {
            self.missing(side, *bytes, *why, segment.at_us);
            return;
        }
        let (words, lost) = alteration_words(segment);
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

    /// Cuts all whole records that are there.
    pub(super) fn cut(&mut self, side: Side, at_us: u64, altered: Option<&str>) {
        loop {
            if !self.pass_over(side, at_us, altered) {
                return;
            }
            let lane = self.lanes.of_mut(side);
            let start = lane.cut;
            let ahead = lane.wire.get(start..).unwrap_or_default();
            if ahead.is_empty() {
                return;
            }
            if !lane.has_spoken_tls
                && side == Side::Client
                && let Some(length) = super::outside::sslv2_hello(ahead)
            {
                if ahead.len() < length {
                    return;
                }
                lane.cut = start + length;
                lane.has_spoken_tls = true;
                let bytes = ahead.get(..length).unwrap_or_default().to_vec();
                self.sslv2(side, start, &bytes, at_us);
                continue;
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
            lane.has_spoken_tls = true;
            let bytes = ahead.get(..length).unwrap_or_default().to_vec();
            self.record(side, start..start + length, &bytes, at_us, altered);
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
            keys: None,
            altered: altered.map(str::to_owned),
            error: None,
        };
        let is_repeat = altered == Some(REPEATED);
        let lane = self.lanes.of_mut(side);
        if is_repeat {
            // The first delivery was read; the second says nothing new, and belongs to no transcript hash.
            record.protection = lane.epoch;
            self.shut(
                record,
                payload,
                "its bytes were delivered before: this is a second copy".to_owned(),
            );
            return;
        }
        let is_protected = match lane.epoch {
            // A first flight of early data comes before any key is known by its place.
            Protection::None => outer == 23,
            Protection::Tls12 => true,
            _ => outer == 23,
        };
        if !is_protected && is_sealed(outer, payload, lane) {
            let why = "it is encrypted, and where its keys came into force is not in the capture";
            self.shut(record, payload, why.to_owned());
            return;
        }
        if !is_protected {
            self.out.records.push(record);
            let source = wire.start + 5;
            self.content(side, outer, payload, Protection::None, index, source, at_us);
            return;
        }
        record.protection = lane.epoch;
        let around = Surroundings {
            secrets: self.secrets,
            client_random: &self.client_random,
            suite: self.suite,
        };
        match lane.open(header, payload, &around, &mut self.out.keys) {
            Ok(Opened {
                content_type,
                mut content,
                protection,
                keys,
                mut remark,
            }) => {
                if self.is_compressed && protection == Protection::Tls12 {
                    match lane.inflate(&content) {
                        Ok(inflated) => content = inflated,
                        Err(why) => remark = Some(why),
                    }
                }
                record.protection = protection;
                record.error = remark;
                record.keys = Some(keys);
                if let Some(keys) = self.out.keys.get_mut(keys) {
                    keys.records.push(index);
                }
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
                // Early data that a server passed over is no part of the handshake.
                let is_early = self.is_13 && side == Side::Client && self.offers_early_data;
                self.is_spoken_torn |= self.main_spoken.is_none() && !is_early;
                self.shut(record, payload, why);
            }
        }
    }

    /// A record that stays shut, and why.
    pub(super) fn shut(&mut self, mut record: Record, payload: &[u8], why: String) {
        let (side, at_us, protection) = (record.side, record.at_us, record.protection);
        let (root, body) = messages::encrypted(payload, record.content_type, why.clone());
        let pieces = vec![Piece {
            message: 0..payload.len(),
            record: self.out.records.len(),
            source: record.wire.end - payload.len()..record.wire.end,
        }];
        record.error = Some(why);
        self.out.records.push(record);
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
                lane.has_shaken_hands = true;
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

    pub(super) fn handshake(
        &mut self,
        side: Side,
        bytes: Vec<u8>,
        pieces: Vec<Piece>,
        protection: Protection,
        at_us: u64,
    ) {
        let context = Context {
            is_13: self.is_13,
            version: self.legacy.version,
            is_raw_key: self.raw_keys.of(side) == &Some(2),
            suite: self.suite_number,
        };
        let (kind, mut root, mut body) = messages::handshake(&bytes, context);
        if kind == "CompressedCertificate" {
            self.decompress(&bytes, &mut root, &mut body);
        }
        self.begin_again(side, kind);
        self.complete(side, &mut body, &bytes);
        self.follow(side, &body);
        if kind == "HelloRetryRequest" {
            // The first ClientHello counts as its hash from here on (RFC 8446 §4.4.1).
            if let Some(suite) = self.suite {
                let hash = suite.hash.of(&self.spoken);
                self.spoken = [&[254, 0, 0, hash.len() as u8], hash.as_slice()].concat();
            }
        }
        // What comes after the handshake, and TLS 1.2's HelloRequest (RFC 5246 §7.4.1.1), is not part of it.
        let is_after = self.is_13 && matches!(kind, "NewSessionTicket" | "KeyUpdate");
        if kind != "HelloRequest" && !is_after {
            self.spoken.extend_from_slice(&bytes);
        }
        self.push(side, at_us, kind, protection, bytes, pieces, root, body);
        self.turn(side, kind);
    }

    #[allow(clippy::too_many_arguments, reason = "a message's parts, in one place")]
    pub(super) fn push(
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
}

fn wire_buffer(side: Side) -> BufferId {
    BufferId(match side {
        Side::Client => 0,
        Side::Server => 1,
    })
}
