//! The walk over a capture: records cut from both streams in the order of their arrival, opened, joined into messages.
//!
//! Three parts: how far each stream was cut and under which keys it is written ([`Framing`], one for each direction), what the
//! handshake has said so far ([`Handshake`]), and the transcript that is filled.

use super::cut::{REPEATED, alteration_words, begins_record, is_sealed, record_length};
use super::framing::Framing;
use super::handshake::Handshake;
use super::keyring::{Opened, Surroundings};
use super::messages::{self, Context};
use super::secrets::Secrets;
use super::{Buffer, BufferId, BufferKind, Message, MessageKind, Piece, Protection, Record, Transcript};
use crate::capture::{Alteration, Capture, KeyLog, PerSide, Segment, Side};

/// So many records, and so many messages, are read of one connection. What a recording keeps of a long one is fewer; more are
/// empty or made to hurt.
pub(super) const MOST_RECORDS: usize = 50_000;

/// What is said of what comes after them.
pub(super) const TOO_MANY: &str =
    "it is not read: 50,000 records or messages came before it, more than anybody could look at";

/// The most content that a record may carry (RFC 8446 §5.1).
const LARGEST_CONTENT: usize = 1 << 14;

/// So many bytes are decompressed of one connection.
const MOST_GROWN: usize = 4 << 20;

/// Decodes a capture. Total: whatever the bytes are, a transcript comes back, with errors where they are odd.
pub fn decode(capture: &Capture) -> Transcript {
    decode_with(capture, None)
}

/// As [`decode`], with a key log that serves many connections beside the capture's own secrets.
pub fn decode_with(capture: &Capture, log: Option<&KeyLog>) -> Transcript {
    let mut engine = Engine::new(capture, log);
    let mut wires = PerSide::<Vec<u8>>::default();
    for segment in &capture.segments {
        engine.segment(segment, wires.of_mut(segment.from));
    }
    engine.finish(wires)
}

pub(super) struct Engine<'a> {
    pub(super) secrets: Secrets<'a>,
    pub(super) framing: PerSide<Framing>,
    pub(super) handshake: Handshake,
    pub(super) out: Transcript,
    /// How many fields may still be made of handshake messages.
    pub(super) room: usize,
    /// How many bytes may still come of what travelled compressed.
    pub(super) grown: usize,
    pub(super) last_us: u64,
    /// How many messages at the end of the transcript say the same.
    pub(super) alike: usize,
    /// How many messages were read and are no more than a count of another.
    pub(super) folded: usize,
}

impl<'a> Engine<'a> {
    fn new(capture: &'a Capture, log: Option<&'a KeyLog>) -> Self {
        Self {
            secrets: Secrets::of(capture, log),
            framing: PerSide {
                client: Framing::new(Side::Client),
                server: Framing::new(Side::Server),
            },
            handshake: Handshake::default(),
            out: Transcript {
                // The bytes are filled in at the end: until then both streams grow beside the transcript.
                buffers: Side::BOTH
                    .map(|side| Buffer {
                        kind: BufferKind::Wire(side),
                        bytes: Vec::new(),
                    })
                    .into(),
                ..Transcript::default()
            },
            room: messages::MOST_FIELDS,
            grown: MOST_GROWN,
            last_us: 0,
            alike: 0,
            folded: 0,
        }
    }

    /// Whether no more is read of this connection.
    pub(super) fn is_full(&self) -> bool {
        self.out.records.len().max(self.out.messages.len()) + self.folded >= MOST_RECORDS
    }

    fn segment(&mut self, segment: &Segment, wire: &mut Vec<u8>) {
        self.last_us = segment.at_us;
        let side = segment.from;
        wire.extend_from_slice(&segment.bytes);
        if self.is_full() {
            return;
        }
        if let Some(Alteration::Missing { bytes, why }) = &segment.altered {
            self.missing(side, *bytes, *why, segment.at_us, wire);
            return;
        }
        let (words, lost) = alteration_words(segment);
        if let Some(sent) = lost {
            self.lost(side, sent, segment.at_us, words, wire.len());
            return;
        }
        self.framing.of_mut(side).is_cut_off |= matches!(segment.altered, Some(Alteration::Cut { .. }));
        self.cut(side, segment.at_us, words.as_deref(), wire);
    }

    /// Cuts all whole records that are there.
    fn cut(&mut self, side: Side, at_us: u64, altered: Option<&str>, wire: &[u8]) {
        while !self.is_full() && self.pass_over(side, at_us, altered, wire) {
            let framing = self.framing.of_mut(side);
            let start = framing.cut;
            let ahead = wire.get(start..).unwrap_or_default();
            if ahead.is_empty() {
                return;
            }
            if !framing.has_spoken_tls
                && side == Side::Client
                && let Some(length) = messages::sslv2_hello_length(ahead)
            {
                let Some(bytes) = ahead.get(..length) else { return };
                framing.cut = start + length;
                framing.has_spoken_tls = true;
                self.sslv2(side, start, bytes, at_us);
                continue;
            }
            if framing.is_not_tls || !begins_record(ahead) {
                self.not_tls(side, start, at_us, altered, wire);
                return;
            }
            let Some(bytes) = record_length(ahead).and_then(|length| ahead.get(..length)) else {
                return;
            };
            framing.cut = start + bytes.len();
            framing.has_spoken_tls = true;
            if altered.is_some() || !self.is_one_more(side, start, bytes, wire) {
                self.record(side, start, bytes, at_us, altered);
            }
        }
    }

    fn record(&mut self, side: Side, start: usize, bytes: &[u8], at_us: u64, altered: Option<&str>) {
        let (header, payload) = bytes.split_at_checked(5).unwrap_or((bytes, &[]));
        let outer = header.first().copied().unwrap_or_default();
        let index = self.out.records.len();
        let framing = self.framing.of_mut(side);
        let epoch = framing.keys.epoch;
        let mut record = Record {
            altered: altered.map(str::to_owned),
            ..Record::new(side, at_us, start..start + bytes.len(), outer, Protection::None)
        };
        if altered == Some(REPEATED) {
            // The first delivery was read; the second says nothing new, and belongs to no transcript hash.
            record.protection = epoch;
            let why = "its bytes were delivered before: this is a second copy";
            self.shut(record, payload, why.to_owned());
            return;
        }
        let is_protected = match epoch {
            // A first flight of early data comes before any key is known by its place.
            Protection::None => outer == 23,
            Protection::Tls12 => true,
            // A type that the wire changed is no word of the sender's.
            _ => outer == 23 || altered.is_some(),
        };
        if altered.is_some() {
            // What one side said is not what the other heard: no checksum over both can be computed from here on.
            self.handshake.spoken.change();
        }
        if !is_protected && is_sealed(outer, payload, framing.has_begun()) {
            let why = "it is encrypted, and where its keys came into force is not in the capture";
            self.shut(record, payload, why.to_owned());
            return;
        }
        if !is_protected {
            record.error = oversize(payload.len());
            self.out.records.push(record);
            self.content(side, outer, payload, Protection::None, index, start + 5, at_us);
            return;
        }
        record.protection = epoch;
        let around = Surroundings {
            secrets: &self.secrets,
            client_random: &self.handshake.client_random,
            suite: self.handshake.suite,
        };
        match framing.keys.open(header, payload, &around, &mut self.out.keys) {
            Ok(Opened {
                content_type,
                mut content,
                protection,
                keys,
                mut remark,
            }) => {
                if self.handshake.is_compressed && protection == Protection::Tls12 {
                    match framing.keys.inflate(&content) {
                        Ok(inflated) => content = inflated,
                        Err(why) => remark = Some(why),
                    }
                }
                record.protection = protection;
                record.error = remark.or_else(|| oversize(content.len()));
                record.keys = Some(keys);
                if let Some(keys) = self.out.keys.get_mut(keys) {
                    keys.records.push(index);
                }
                let opened = self.out.buffers.len();
                record.opened = Some(BufferId(opened));
                self.out.records.push(record);
                // A message that is in it may bring a buffer of its own: this one keeps its place, and gets its bytes after that.
                self.out.buffers.push(Buffer {
                    kind: BufferKind::Opened { record: index },
                    bytes: Vec::new(),
                });
                self.content(side, content_type, &content, protection, index, 0, at_us);
                if let Some(buffer) = self.out.buffers.get_mut(opened) {
                    buffer.bytes = content;
                }
            }
            Err(why) => {
                let why = altered.map_or(why, |altered| format!("it does not open: {altered}"));
                // Early data is no part of the handshake, whether a server passed over it or has not answered yet.
                let may_be_13 = self.handshake.is_13 || self.handshake.server_random.is_empty();
                let is_early = may_be_13 && side == Side::Client && self.handshake.offers_early_data;
                if !is_early {
                    self.handshake.spoken.tear();
                }
                self.shut(record, payload, why);
            }
        }
    }

    /// A record that stays shut, and why.
    pub(super) fn shut(&mut self, mut record: Record, payload: &[u8], why: String) {
        let (root, body) = messages::encrypted(payload, record.content_type, why.clone());
        let pieces = vec![Piece {
            message: 0..payload.len(),
            record: self.out.records.len(),
            source: record.wire.end - payload.len()..record.wire.end,
        }];
        let (side, at_us, protection) = (record.side, record.at_us, record.protection);
        record.error = Some(why);
        self.out.records.push(record);
        self.add(Message {
            side,
            at_us,
            kind: MessageKind::Encrypted,
            protection,
            bytes: payload.to_vec(),
            pieces,
            root,
            body,
            repeated: 0,
        });
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
        if content_type == 22 {
            let framing = self.framing.of_mut(side);
            framing.has_shaken_hands = true;
            framing.joined.add(content, record, source);
            self.join(side, protection, at_us);
            return;
        }
        let (kind, (root, body)) = match content_type {
            20 => (
                MessageKind::ChangeCipherSpec,
                messages::change_cipher_spec(content),
            ),
            21 => (MessageKind::Alert, messages::alert(content)),
            _ => (MessageKind::ApplicationData, messages::application_data(content)),
        };
        self.add(Message {
            side,
            at_us,
            kind,
            protection,
            bytes: content.to_vec(),
            pieces: vec![Piece {
                message: 0..content.len(),
                record,
                source: source..source + content.len(),
            }],
            root,
            body,
            repeated: 0,
        });
        if content_type == 20 && self.handshake.switches(side) {
            let (keys, master) = self.handshake.keys_12(side, &self.secrets);
            let suite = self.handshake.suite;
            let ring = &mut self.framing.of_mut(side).keys;
            ring.enter_12(keys, master, suite, &mut self.out.keys);
        }
    }

    /// Takes whole handshake messages off the front of what was joined.
    fn join(&mut self, side: Side, protection: Protection, at_us: u64) {
        loop {
            if self.is_full() {
                self.give_up_joined(side, at_us, TOO_MANY.to_owned());
                return;
            }
            let Some((bytes, pieces)) = self.framing.of_mut(side).joined.next() else {
                return;
            };
            self.handshake(side, bytes, pieces, protection, at_us);
        }
    }

    /// What was joined and never becomes a message.
    pub(super) fn give_up_joined(&mut self, side: Side, at_us: u64, why: String) {
        let framing = self.framing.of_mut(side);
        if framing.joined.is_empty() {
            return;
        }
        let (bytes, pieces) = framing.joined.take_all();
        let protection = framing.keys.epoch;
        let (root, body) = messages::encrypted(&bytes, 22, why);
        self.add(Message {
            side,
            at_us,
            kind: MessageKind::Encrypted,
            protection,
            bytes,
            pieces,
            root,
            body,
            repeated: 0,
        });
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
            is_13: self.handshake.is_13,
            version: self.handshake.legacy.version,
            is_raw_key: self.handshake.raw_keys.of(side) == &Some(2),
            suite: self.handshake.suite_number,
        };
        let (kind, mut root, mut body) = messages::handshake(&bytes, context, &mut self.room);
        if kind == MessageKind::CompressedCertificate {
            self.decompress(&bytes, &mut root, &mut body);
        }
        self.handshake.begin_again(side, kind);
        let in_force = self.framing.of(side).keys.secret();
        let why_not = self
            .handshake
            .complete(side, &mut body, &bytes, &self.secrets, in_force);
        if let Some(why) = why_not {
            root.error = Some(why.to_owned());
        }
        self.handshake.follow(side, &body, &mut self.out);
        self.handshake.say(kind, &bytes);
        self.add(Message {
            side,
            at_us,
            kind,
            protection,
            bytes,
            pieces,
            root,
            body,
            repeated: 0,
        });
        self.turn(side, kind);
    }

    /// Where a message is the last under its keys, or of its handshake.
    fn turn(&mut self, side: Side, kind: MessageKind) {
        if !self.handshake.is_13 {
            return;
        }
        let around = Surroundings {
            secrets: &self.secrets,
            client_random: &self.handshake.client_random,
            suite: self.handshake.suite,
        };
        let shown = &mut self.out.keys;
        let PerSide { client, server } = &mut self.framing;
        if kind == MessageKind::ServerHello {
            for framing in [client, server] {
                framing.keys.enter_13(Protection::Handshake, &around, shown);
            }
            return;
        }
        let framing = self.framing.of_mut(side);
        if kind == MessageKind::Finished && framing.keys.epoch == Protection::Handshake {
            framing.keys.enter_13(Protection::Application, &around, shown);
        }
        // The next bytes are under the new keys: no record holds bytes of both (RFC 8446 §5.1).
        if kind == MessageKind::KeyUpdate && framing.joined.is_empty() {
            framing.keys.update_keys(self.handshake.suite, shown);
        }
    }
}

/// What is odd about a record's content by its length (RFC 8446 §5.1, RFC 5246 §6.2.1).
fn oversize(length: usize) -> Option<String> {
    (length > LARGEST_CONTENT).then(|| {
        format!(
            "its content is {} long, and no record may carry more than 16,384 (RFC 8446 §5.1)",
            super::words::size(length)
        )
    })
}
