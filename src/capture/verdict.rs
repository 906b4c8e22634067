//! What a stack concluded: its own words, and our stable code for them.

use serde::{Deserialize, Serialize};

/// A stack's conclusion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackVerdict {
    /// `rustls`, `OpenSSL`, …
    pub stack: String,
    /// `0.23.46`.
    pub version: String,
    /// Our stable code.
    pub code: VerdictCode,
    /// The stack's own words, verbatim.
    pub words: String,
}

/// What the stack concluded, in our own words, which outlive any release of any stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum VerdictCode {
    /// The handshake completed and the connection closed cleanly.
    Accepted,
    /// The peer's certificate was refused.
    Certificate(CertificateRefusal),
    /// The peer sent a fatal alert: its code (RFC 8446 §6).
    AlertReceived(u8),
    /// The peer presented no certificate where one was required.
    NoCertificatePresented,
    /// The two sides have nothing in common.
    Incompatible(Incompatibility),
    /// A record did not decrypt, or a Finished did not match.
    DecryptError,
    /// A message that may not come now.
    UnexpectedMessage,
    /// Bytes that are not TLS, or a message that does not parse.
    InvalidMessage,
    /// The peer broke the protocol in some other way.
    PeerMisbehaved,
    /// No application protocol in common (RFC 7301).
    NoApplicationProtocol,
    /// Our own time-out.
    TimedOut,
    /// The transport ended before the stack was done.
    TransportEnded,
    /// The side could not be set up with what it was given; nothing was sent.
    NotConfigurable,
    /// Anything else; the words say what.
    Other,
}

/// Why a certificate was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each name is the finding itself")]
pub enum CertificateRefusal {
    Expired,
    NotYetValid,
    UnknownIssuer,
    NameMismatch,
    WrongPurpose,
    NameConstraintViolated,
    PathLengthExceeded,
    /// A certificate that is no CA stands where an issuer must (webpki's EndEntityUsedAsCa).
    IssuerIsNotCa,
    /// A CA stands where the leaf must (webpki's CaUsedAsEndEntity).
    LeafIsCa,
    ChainTooLong,
    UnknownCriticalExtension,
    UnsupportedVersion,
    BadSignature,
    UnsupportedSignatureAlgorithm,
    Revoked,
    RevocationListExpired,
    RevocationUnknown,
    RevocationListInvalid,
    BadEncoding,
    /// The stack gave up: judging took more work than it allows itself.
    BudgetExceeded,
    Other,
}

/// What the two sides do not have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each name is the finding itself")]
pub enum Incompatibility {
    Version,
    CipherSuite,
    Group,
    SignatureScheme,
    Other,
}
