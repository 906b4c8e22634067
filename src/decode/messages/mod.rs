//! Handshake messages, one file for each family, named by their RFC nouns.

mod around;
mod certificate;
mod context;
mod hello;
mod key_exchange;
mod plain;
mod rest;
mod sslv2;

pub use around::PROXY_PROTOCOL;

use super::root::root_of;

use super::reader::Reader;
use super::words::Words;
use super::{Body, Field, MessageKind};
use crate::iana::{self, Table};

/// The random that makes a ServerHello a HelloRetryRequest (RFC 8446 §4.1.3).
const RETRY_RANDOM: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
    0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// So many fields are made of the handshake messages of one connection; a handshake has some hundreds.
pub(super) const MOST_FIELDS: usize = 300_000;

/// Reads one handshake message, its 4-byte header included. `room` is how many fields may still be made of this connection.
pub(super) fn handshake(bytes: &[u8], context: Context, room: &mut usize) -> (MessageKind, Field, Body) {
    let kind = kind(bytes);
    let mut reader = Reader::with_room(bytes, *room);
    reader.u8("msg_type", |number| {
        Words::from(format_args!(
            "{} ({number})",
            iana::named(Table::HandshakeType, u16::from(number))
        ))
    });
    reader.number("length", 3, super::words::number);
    let body = match kind {
        MessageKind::ClientHello => hello::client(&mut reader),
        MessageKind::ServerHello | MessageKind::HelloRetryRequest => {
            hello::server(&mut reader, kind == MessageKind::HelloRetryRequest)
        }
        MessageKind::EncryptedExtensions => hello::encrypted_extensions(&mut reader),
        MessageKind::CertificateRequest if context.is_13 => certificate::request_13(&mut reader),
        MessageKind::CertificateRequest => certificate::request_12(&mut reader, context.names_signatures()),
        MessageKind::Certificate => certificate::certificate(&mut reader, context.is_13, context.is_raw_key),
        MessageKind::CompressedCertificate => certificate::compressed(&mut reader),
        MessageKind::CertificateVerify => certificate::verify(&mut reader, context.names_signatures()),
        MessageKind::CertificateStatus => certificate::status(&mut reader),
        MessageKind::ServerKeyExchange => key_exchange::server(&mut reader, context),
        MessageKind::ClientKeyExchange => key_exchange::client(&mut reader, context),
        MessageKind::Finished => rest::finished(&mut reader),
        MessageKind::NewSessionTicket => rest::new_session_ticket(&mut reader, context.is_13),
        MessageKind::KeyUpdate => rest::key_update(&mut reader),
        // One without a body, or one that no entry here explains.
        MessageKind::HelloRequest
        | MessageKind::HelloVerifyRequest
        | MessageKind::EndOfEarlyData
        | MessageKind::RequestConnectionId
        | MessageKind::NewConnectionId
        | MessageKind::ServerHelloDone
        | MessageKind::ClientCertificateRequest
        | MessageKind::CertificateURL
        | MessageKind::SupplementalData
        | MessageKind::EktKey
        | MessageKind::MessageHash
        | MessageKind::UnknownHandshake => rest::unknown(&mut reader),
        // Not of the handshake protocol.
        MessageKind::Alert
        | MessageKind::ChangeCipherSpec
        | MessageKind::ApplicationData
        | MessageKind::Encrypted
        | MessageKind::NotTls
        | MessageKind::Preamble => rest::unknown(&mut reader),
    };
    let (children, left) = reader.finish();
    *room = left;
    (kind, root_of(kind.word(), bytes, children), body)
}

/// Whether a handshake message may begin like this: a type that there is, and a length that is no nonsense.
pub(super) fn begins_handshake(bytes: &[u8]) -> bool {
    bytes
        .first()
        .is_none_or(|number| iana::name(Table::HandshakeType, u16::from(*number)).is_some())
        && bytes.get(1).is_none_or(|high| *high < 16)
}

/// The message's name, a HelloRetryRequest told from a ServerHello.
fn kind(bytes: &[u8]) -> MessageKind {
    let number = bytes.first().copied().unwrap_or(255);
    if number == 2 && bytes.get(6..38) == Some(&RETRY_RANDOM[..]) {
        return MessageKind::HelloRetryRequest;
    }
    MessageKind::of_handshake(number)
}

pub(super) use certificate::decompressed as decompressed_certificate;
pub(super) use context::Context;
pub(super) use plain::{not_tls, preamble};
pub(super) use rest::{alert, application_data, change_cipher_spec, encrypted};
pub(super) use sslv2::{hello as sslv2_hello, length as sslv2_hello_length};
