//! Why a lab run cannot be made.

use crate::capture::Side;

/// Why a run cannot begin. One sentence, with the mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabError {
    /// A chain was given without the key that goes with it.
    #[error("the {} has the certificate {name} but no private key; choose the key that belongs to it", side.word())]
    NoKey {
        /// Whose.
        side: Side,
        /// The certificate's file, or its place.
        name: String,
    },
    /// The library cannot sign with this key.
    #[error("the {}'s key ({kind}) cannot be used by the built-in TLS library: {words}; use an RSA key of 2048 bits or more, a P-256, P-384, P-521 or Ed25519 key", side.word())]
    UnusableKey {
        /// Whose.
        side: Side,
        /// `RSA-1024`.
        kind: String,
        /// The library's words.
        words: String,
    },
    /// A name that is not among those that the library speaks.
    #[error("“{name}” is no {what} that can be spoken here; choose from {}", known.join(", "))]
    Unknown {
        /// `cipher suite`, `group`.
        what: &'static str,
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Neither a DNS name nor an IP address.
    #[error(
        "“{name}” is neither a DNS name nor an IP address; give the server name as payments.shop.svc or 10.0.0.1"
    )]
    ServerName {
        /// The text.
        name: String,
    },
    /// Begins as a SPIFFE ID and is none.
    #[error("“{id}” is no SPIFFE ID: {fault}; write it as spiffe://shop.example/ns/shop/sa/payments")]
    SpiffeId {
        /// The text.
        id: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// Protocols that no hello can carry: the library would end the whole program over them.
    #[error("the {}'s protocols (ALPN) cannot be sent: {words}; name a few, such as h2 and http/1.1", side.word())]
    Protocols {
        /// Whose.
        side: Side,
        /// What is wrong with them.
        words: &'static str,
    },
    /// More CAs than a server can name when it asks for a certificate: the library would end the whole program over them.
    #[error(
        "the server trusts {count} CAs, and cannot name them all when it asks for a certificate: their names have {bytes} bytes, and one \
         request holds about 65,000 (RFC 8446 §4.2.4); trust only the CAs that issue to clients"
    )]
    Authorities {
        /// How many.
        count: usize,
        /// Of all names, with their lengths.
        bytes: usize,
    },
    /// The library refuses the combination.
    #[error("the {} cannot be set up like this: {words}", side.word())]
    Refused {
        /// Whose.
        side: Side,
        /// The library's words.
        words: String,
    },
    /// The user ended it.
    #[error("the run was cancelled")]
    Cancelled,
    /// The system starts no further thread.
    #[error("the run could not start: {words}")]
    Start {
        /// The system's words.
        words: String,
    },
}
