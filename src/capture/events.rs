//! What the stacks said and did while the bytes flowed.

use serde::{Deserialize, Serialize};

use super::bounded::bounded;
use super::{Der, Side, StackVerdict, VerdictCode};

/// One thing that happened inside a stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Microseconds since the capture began.
    pub at_us: u64,
    /// In whose stack.
    pub side: Side,
    /// What.
    pub kind: EventKind,
}

/// What a stack's callbacks and results told us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventKind {
    /// The stack asked which certificate to present, and was given a chain of so many certificates.
    CertificateChosen {
        /// Certificates handed over; 0 when it had none to give.
        certificates: usize,
    },
    /// The client's stack asked for a certificate with these hints, and sent none although it has one, because no
    /// signature scheme fits (rustls falls silent here; the bytes show an empty Certificate).
    CertificateWithheld {
        /// IANA names of the schemes that the peer accepts.
        #[serde(deserialize_with = "bounded")]
        schemes: Vec<String>,
    },
    /// The stack judged the peer's chain.
    ChainVerified {
        /// The chain that was judged, leaf first, as handed to the verifier.
        #[serde(deserialize_with = "bounded")]
        chain: Vec<Der>,
        /// How long the judgement took, in microseconds.
        took_us: u64,
        /// `None`: accepted.
        refusal: Option<StackVerdict>,
    },
    /// The stack checked the peer's proof of possession (CertificateVerify, or 1.2's ServerKeyExchange).
    SignatureVerified {
        /// IANA name of the signature scheme.
        scheme: String,
        /// `None`: the signature holds.
        refusal: Option<StackVerdict>,
    },
    /// The stack reported that its handshake is complete: from here on it believes itself connected.
    HandshakeComplete {
        /// `TLS 1.3`.
        version: Option<String>,
        /// IANA name.
        cipher_suite: Option<String>,
        /// IANA name of the key exchange group.
        group: Option<String>,
        /// The protocol agreed on.
        alpn: Option<String>,
    },
    /// Application bytes were written, with their text.
    LineSent {
        /// The line without its end.
        text: String,
    },
    /// Application bytes were read, with their text.
    LineReceived {
        /// The line without its end.
        text: String,
    },
    /// The stack gave up, with its own words.
    Failed(StackVerdict),
    /// The peer closed cleanly (close_notify) and so did we.
    Closed,
    /// The transport ended without close_notify.
    TransportEnded,
    /// The side ended its half of the connection below TLS: packets show it.
    TransportClosed {
        /// With a reset, which throws away what is still under way (RFC 9293 §3.5.3), and not in good order.
        is_reset: bool,
    },
    /// The server's last word in EAP: Success or Failure (RFC 3748 §4.2), or RADIUS's Access-Accept or Access-Reject.
    Admission {
        /// Whether it lets the client in.
        is_granted: bool,
    },
    /// Our own time-out ended the wait.
    TimedOut {
        /// How long the side had waited, in milliseconds.
        after_ms: u64,
    },
}

impl EventKind {
    /// The code with which this event ended the connection, if it did end it in failure.
    pub fn failure(&self) -> Option<VerdictCode> {
        match self {
            Self::Failed(verdict) => Some(verdict.code),
            Self::TimedOut { .. } => Some(VerdictCode::TimedOut),
            Self::TransportEnded => Some(VerdictCode::TransportEnded),
            _ => None,
        }
    }
}
