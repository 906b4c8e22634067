//! A capture, decoded.

use std::ops::Range;

use super::{
    AlertFacts, Body, BufferId, CertificateMessage, CertificateRequestFacts, ClientHelloFacts, Field,
    MessageKind,
};
use crate::capture::Side;
use crate::iana::{CipherSuite, Group, Version};

/// A capture, decoded: records, opened buffers, messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// Every buffer that a range can count in.
    pub buffers: Vec<Buffer>,
    /// Records in the order of their arrival, both directions.
    pub records: Vec<Record>,
    /// Messages in the order in which their last byte arrived, both directions. Handshake messages, alerts,
    /// ChangeCipherSpec, application data, and `Encrypted` for what could not be opened.
    pub messages: Vec<Message>,
    /// As negotiated; `None` where no ServerHello was seen.
    pub version: Option<Version>,
    /// As negotiated.
    pub cipher_suite: Option<CipherSuite>,
    /// The group of the key exchange, as negotiated.
    pub group: Option<Group>,
    /// server_name of the (last) ClientHello (RFC 6066 §3).
    pub sni: Option<String>,
    /// The protocol the server chose (RFC 7301), where readable.
    pub alpn: Option<String>,
    /// Whether an earlier session was resumed; `None` where the bytes do not tell.
    pub resumed: Option<bool>,
    /// Every generation of keys that either side wrote under, in the order in which they came into force.
    pub keys: Vec<TrafficKeys>,
}

/// One generation of one sender's keys: what they are made from, what they are, and what they protect (RFC 8446 §7.3;
/// RFC 5246 §6.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrafficKeys {
    /// Who writes under them.
    pub side: Side,
    /// Which part of the connection.
    pub protection: Protection,
    /// How often they were renewed: 0 for the first, 1 after one KeyUpdate or renegotiation.
    pub generation: usize,
    /// The key log's word for the secret that the first generation is made from.
    pub label: String,
    /// The secret of this generation; `None` where the evidence has none.
    pub secret: Option<Vec<u8>>,
    /// The cipher in words, such as `AES_256_GCM`; `None` where no key could be made.
    pub algorithm: Option<String>,
    /// The key.
    pub key: Vec<u8>,
    /// The IV, or the salt of TLS 1.2.
    pub iv: Vec<u8>,
    /// The MAC key of ciphers that do not authenticate by themselves.
    pub mac_key: Vec<u8>,
    /// The records that they opened, indexes into [`Transcript::records`].
    pub records: Vec<usize>,
    /// Why there is no key.
    pub missing: Option<String>,
}

/// A run of bytes that ranges count in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buffer {
    /// Where the bytes come from.
    pub kind: BufferKind,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Where a buffer's bytes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BufferKind {
    /// All that one side's peer received, in order.
    Wire(Side),
    /// One record, decrypted: content without inner type and padding.
    Opened {
        /// Index into [`Transcript::records`].
        record: usize,
    },
    /// What a message carried compressed (RFC 8879).
    Decompressed {
        /// Index into [`Transcript::messages`].
        message: usize,
    },
}

/// One TLS record (RFC 8446 §5.1), or a run of bytes that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Who sent it.
    pub side: Side,
    /// When its last byte arrived.
    pub at_us: u64,
    /// Header and payload, in the sender's [`BufferKind::Wire`] buffer.
    pub wire: Range<usize>,
    /// The outer content type: 20 to 23, or another where the bytes are no TLS.
    pub content_type: u8,
    /// The keys it was protected with.
    pub protection: Protection,
    /// The decrypted content, where it was opened; `None` for a record in the clear as well.
    pub opened: Option<BufferId>,
    /// The keys that opened it, an index into [`Transcript::keys`].
    pub keys: Option<usize>,
    /// What the wire did to it, in words, where the capture knows (`one bit was flipped`, `delivered twice`).
    pub altered: Option<String>,
    /// Why it could not be read or opened.
    pub error: Option<String>,
    /// How many more like it came right after it: `wire` spans them all.
    pub repeated: usize,
}

/// The keys that protect a record or a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protection {
    /// In the clear.
    None,
    /// TLS 1.3 handshake traffic keys.
    Handshake,
    /// TLS 1.3 application traffic keys.
    Application,
    /// TLS 1.3 early data keys.
    Early,
    /// The keys of TLS 1.2 and before.
    Tls12,
}

impl Protection {
    /// The word in JSON: `none`, `handshake`, `application`, `early`, `tls12`.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Handshake => "handshake",
            Self::Application => "application",
            Self::Early => "early",
            Self::Tls12 => "tls12",
        }
    }
}

/// One message: bytes, fields, and a typed reading for those who judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who sent it.
    pub side: Side,
    /// When its last byte arrived.
    pub at_us: u64,
    /// What kind of message it is.
    pub kind: MessageKind,
    /// The keys it travelled under.
    pub protection: Protection,
    /// Its own bytes, joined: a handshake message with its 4-byte header, an alert's two bytes, and so on. For
    /// `Encrypted`, the record's payload.
    pub bytes: Vec<u8>,
    /// Where those bytes lay, in order; together they cover `bytes`.
    pub pieces: Vec<Piece>,
    /// The fields: `root.range == 0..bytes.len()`, `root.name` the message's name.
    pub root: Field,
    /// The typed reading.
    pub body: Body,
    /// How many more like it came right after it, too many to be listed one by one.
    pub repeated: usize,
}

/// Where a part of a message lay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// In [`Message::bytes`].
    pub message: Range<usize>,
    /// Index into [`Transcript::records`].
    pub record: usize,
    /// In the record's opened buffer, or in the wire buffer for a record in the clear.
    pub source: Range<usize>,
}

impl Record {
    /// A record of which no more is known yet.
    pub(super) fn new(
        side: Side,
        at_us: u64,
        wire: Range<usize>,
        content_type: u8,
        protection: Protection,
    ) -> Self {
        Self {
            side,
            at_us,
            wire,
            content_type,
            protection,
            opened: None,
            keys: None,
            altered: None,
            error: None,
            repeated: 0,
        }
    }
}

impl Transcript {
    /// The first message of a kind from a side, with its index.
    pub fn first(&self, kind: MessageKind, side: Side) -> Option<(usize, &Message)> {
        self.messages
            .iter()
            .enumerate()
            .find(|(_, message)| message.side == side && message.kind == kind)
    }

    /// The last message of a kind from a side, with its index.
    pub fn last(&self, kind: MessageKind, side: Side) -> Option<(usize, &Message)> {
        self.messages
            .iter()
            .enumerate()
            .rev()
            .find(|(_, message)| message.side == side && message.kind == kind)
    }

    /// The chain that a side sent last, with its message's index; `None` where no Certificate message was seen.
    pub fn chain_sent_by(&self, side: Side) -> Option<(usize, &CertificateMessage)> {
        self.messages
            .iter()
            .enumerate()
            .rev()
            .find_map(|(index, message)| match &message.body {
                Body::Certificate(chain) if message.side == side => Some((index, chain)),
                _ => None,
            })
    }

    /// The last ClientHello.
    pub fn client_hello(&self) -> Option<(usize, &ClientHelloFacts)> {
        let (index, message) = self.last(MessageKind::ClientHello, Side::Client)?;
        match &message.body {
            Body::ClientHello(facts) => Some((index, facts)),
            _ => None,
        }
    }

    /// What the server asked of a client certificate.
    pub fn certificate_request(&self) -> Option<(usize, &CertificateRequestFacts)> {
        let (index, message) = self.last(MessageKind::CertificateRequest, Side::Server)?;
        match &message.body {
            Body::CertificateRequest(facts) => Some((index, facts)),
            _ => None,
        }
    }

    /// Alerts that report a failure (all but close_notify and user_canceled), with their indexes.
    pub fn failure_alerts(&self) -> impl Iterator<Item = (usize, &Message, AlertFacts)> {
        self.messages
            .iter()
            .enumerate()
            .filter_map(|(index, message)| match message.body {
                Body::Alert(facts) if !matches!(facts.code, 0 | 90) => Some((index, message, facts)),
                _ => None,
            })
    }
}
