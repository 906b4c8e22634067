//! What a lab run is made of. Plain data: nothing here names rustls.

use serde::{Deserialize, Serialize};

use crate::capture::{Capture, ClientAuth, PerSide, Revocation, Side};
use crate::clock::Clock;
use crate::pki::{LoadedCertificate, LoadedKey, MintedIdentity};

/// Everything that one run of the lab pair needs.
#[derive(Clone, Debug)]
pub struct LabSetup {
    /// Both ends.
    pub parties: PerSide<Party>,
    /// The name the client asks for: a DNS name, an IP address, or the SPIFFE ID that it expects (no SNI is sent then).
    pub server_name: String,
    /// Whether the server asks for a client certificate.
    pub client_auth: ClientAuth,
    /// What the wire does; `None` for an honest wire.
    pub fault: Option<Fault>,
    /// Certificates at hand that nobody sends or trusts.
    pub known: Vec<LoadedCertificate>,
    /// How long a side waits before our own time-out ends it, in milliseconds.
    pub timeout_ms: u64,
    /// The time of the run, and of each side that has no clock of its own.
    pub wall_clock: Clock,
}

/// One end's material and policy.
#[derive(Clone, Debug, Default)]
pub struct Party {
    /// A name for the screen.
    pub label: Option<String>,
    /// What it presents; `None` presents nothing.
    pub identity: Option<Identity>,
    /// What it trusts. Empty is meaningful.
    pub trust: Vec<LoadedCertificate>,
    /// How it is set: what it speaks, when and by what it judges.
    pub policy: SidePolicy,
}

/// How one end is set, beside its certificates. Empty lists mean the library's default. The set-up on screen holds the same, so
/// that a new field has one place.
#[derive(Clone, Debug, Default)]
pub struct SidePolicy {
    /// Versions it speaks; empty: both.
    pub versions: Vec<TlsVersion>,
    /// IANA names in order of preference; empty: the default.
    pub cipher_suites: Vec<String>,
    /// IANA names in order of preference; empty: the default.
    pub groups: Vec<String>,
    /// Protocols in order of preference; empty: no ALPN.
    pub alpn: Vec<String>,
    /// The time this side judges at, in seconds since the Unix epoch; `None`: now.
    pub clock_unix_s: Option<i64>,
    /// What it does less, or asks for more, than the library does by itself.
    pub limits: Limits,
    /// What it knows of revocation, and how strictly it holds to it.
    pub revocation: Revocation,
}

/// What an end does less, or asks for more, than the library does by itself. The default limits nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Servers: the names (SNI) that it has a certificate for, `*.` for a wildcard; empty: any, and none at all.
    pub server_names: Vec<String>,
    /// IANA names of the signature schemes that it verifies; empty: the library's.
    pub verify_schemes: Vec<String>,
    /// IANA names of the schemes that its key signs with, as a TPM or a smart card may limit it; empty: all that fit.
    pub sign_schemes: Vec<String>,
    /// Servers: the SPIFFE ID that a client must have. A client's goes into [`LabSetup::server_name`].
    pub expected_peer: Option<String>,
}

/// A chain and the key that signs for it. They need not match: the lab presents what it is told to.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Leaf first, as it will be sent.
    pub chain: Vec<LoadedCertificate>,
    /// The key. A certificate without a key is judged, but cannot run.
    pub key: Option<LoadedKey>,
}

/// A TLS version that the lab can speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// What the wire does to a chosen record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// Flips one bit in the middle of the record's payload.
    Flip(FaultTarget),
    /// Flips the lowest bit of one byte.
    FlipByte {
        /// In which record.
        target: FaultTarget,
        /// Which, from 0, the record's header of five included. A record that is shorter stays as it is.
        byte: usize,
    },
    /// Swallows the record.
    Drop(FaultTarget),
    /// Delivers the record twice.
    Repeat(FaultTarget),
    /// Delivers half of the record and closes that direction.
    Cut(FaultTarget),
    /// Delivers nothing more in that direction, for ever.
    Stall(FaultTarget),
    /// This side closes the connection on the first flight that comes to it, without a word: a server on the ClientHello,
    /// a client on the answer to its own.
    HangUp(Side),
    /// Answers the ClientHello in plain HTTP, as a server that does not speak TLS does.
    Http,
}

impl Fault {
    /// The record that it is for; `None` where it is for none.
    fn target(self) -> Option<FaultTarget> {
        match self {
            Self::Flip(target)
            | Self::FlipByte { target, .. }
            | Self::Drop(target)
            | Self::Repeat(target)
            | Self::Cut(target)
            | Self::Stall(target) => Some(target),
            Self::HangUp(_) | Self::Http => None,
        }
    }

    /// That it did nothing in this run, in a sentence: there is no such record, or no such byte in it.
    pub fn missed(self, capture: &Capture) -> Option<String> {
        let target = self.target()?;
        let own = || {
            capture
                .segments
                .iter()
                .filter(|segment| segment.from == target.from)
        };
        if own().any(|segment| segment.altered.is_some()) {
            return None;
        }
        let side = target.from.word();
        Some(match (own().nth(target.record), self) {
            (Some(segment), Self::FlipByte { byte, .. }) => format!(
                "The wire changed nothing: that record of the {side} has {} bytes, and the byte that was to change is number {}.",
                segment.bytes.len(),
                byte + 1
            ),
            _ => format!(
                "The wire changed nothing: the {side} wrote {} records, and the one that was meant is number {}.",
                own().count(),
                target.record + 1
            ),
        })
    }
}

/// Which record: counted from 0 among those that `from` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultTarget {
    /// Whose record.
    pub from: Side,
    /// From 0, ChangeCipherSpec records included.
    pub record: usize,
}

/// A certificate that is sent alone, with its key.
impl From<MintedIdentity> for Identity {
    fn from(minted: MintedIdentity) -> Self {
        Self {
            chain: vec![minted.certificate],
            key: Some(minted.key),
        }
    }
}
