//! From bytes and secrets to records, messages and fields.
//!
//! Everything here is total: bytes never fail, they yield values with errors in them. A field's range counts in
//! one named buffer, and every byte of a message lies in exactly one leaf field.
//!
//! Deliberately absent: judgement. Nothing here says whether a certificate is good.

mod body;
mod cut;
mod decompress;
mod engine;
mod extensions;
mod field;
mod framing;
mod handshake;
mod joined;
mod keyring;
#[cfg(test)]
mod keyring_tests;
mod keys;
mod kind;
mod leftovers;
mod messages;
mod ocsp;
mod oids;
mod outside;
mod reader;
mod repeats;
mod root;
mod scts;
mod secrets;
mod spoken;
mod transcript;
mod value;
mod words;
mod x509;

pub use body::{
    AlertFacts, Body, CertificateMessage, CertificateRequestFacts, CertificateVerifyFacts, ClientHelloFacts,
    FinishedFacts, ServerHelloFacts,
};
pub use engine::{decode, decode_with};
pub use field::{BufferId, Field};
pub use kind::MessageKind;
pub use messages::PROXY_PROTOCOL;
pub use transcript::{Buffer, BufferKind, Message, Piece, Protection, Record, TrafficKeys, Transcript};
pub use value::{Short, Words};
pub use words::thousands;

/// The fields of a certificate with no message around it: ranges count in its DER.
pub(crate) fn certificate_fields(der: &[u8]) -> Field {
    let mut reader = reader::Reader::new(der);
    x509::certificate(&mut reader);
    Field {
        name: "Certificate".into(),
        value: Words::default(),
        range: 0..der.len(),
        buffer: None,
        error: None,
        children: reader.finish().0,
    }
}
