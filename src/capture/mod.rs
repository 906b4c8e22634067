//! What was seen: the evidence of one connection, and nothing derived from it.
//!
//! A [`Capture`] is written by a source (the lab pair today) and read by everything to its right. It
//! holds the bytes each way with their times, the TLS secrets with the endpoint that logged them, what
//! each stack was configured with and what it concluded, and the certificates at hand. It never holds a
//! private key: the only trace of one is its public half ([`SideEvidence::key_in_use`]).

mod bounded;
mod carrier;
mod certificates;
mod events;
mod revocation;
mod secrets;
mod tunnel;
mod verdict;
mod wire;

pub use crate::pki::Der;
pub use bounded::MOST_IN_LIST;
pub use carrier::{Carrier, EapLower, EapMethod};
pub use certificates::{AtHand, Slot};
pub use events::{Event, EventKind};
pub use revocation::{Revocation, RevocationFile};
pub use secrets::{KeyLog, Secret, SecretLabel};
pub use tunnel::{Tunnel, TunnelKind};
pub use verdict::{CertificateRefusal, Incompatibility, StackVerdict, VerdictCode};
pub use wire::{Alteration, Gap, Segment};

use bounded::bounded;
use serde::{Deserialize, Serialize};

/// One of the two ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Side {
    /// The end that sent the ClientHello.
    Client,
    /// The end that answered it.
    Server,
}

impl Side {
    /// Both sides, client first.
    pub const BOTH: [Self; 2] = [Self::Client, Self::Server];

    /// The other end.
    #[must_use]
    pub fn peer(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    /// `client` or `server`, as in every sentence and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

/// One value for each side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PerSide<T> {
    /// The client's.
    pub client: T,
    /// The server's.
    pub server: T,
}

impl<T> PerSide<T> {
    /// The value of `side`.
    pub fn of(&self, side: Side) -> &T {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// The value of `side`, to change it.
    pub fn of_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }
}

/// Where a capture came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Our own rustls client and server over an in-memory pipe.
    Lab,
    /// Packets that somebody else recorded.
    Packets,
    /// A connection of which one end was our own rustls, and the other another program's: of that one there are no events,
    /// only what travelled, what it was given, and what it said in the end.
    Live {
        /// Which end was ours.
        ours: Side,
    },
}

impl Origin {
    /// Whether this side's own stack told what it did, event by event.
    pub fn is_witnessed(self, side: Side) -> bool {
        match self {
            Self::Lab => true,
            Self::Packets => false,
            Self::Live { ours } => ours == side,
        }
    }
}

/// The evidence of one connection. Everything else mtlscope shows is a pure function of this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// Which kind of source wrote it.
    pub origin: Origin,
    /// The wall clock at `at_us == 0`, in microseconds since the Unix epoch.
    pub started_at_unix_us: i64,
    /// What TLS was carried in, where it did not lie bare in a stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Carrier>,
    /// Bytes in the order of their times, both directions.
    pub segments: Vec<Segment>,
    /// TLS secrets, in the order in which they were logged.
    pub secrets: Vec<Secret>,
    /// What the stacks said and did, in the order of their times.
    pub events: Vec<Event>,
    /// What is known of each side: configuration, trust, verdict.
    pub sides: PerSide<SideEvidence>,
    /// Every certificate in any file loaded on either side, sent or not, and those given as known.
    pub at_hand: Vec<AtHand>,
}

impl Capture {
    /// The same with client and server exchanged, where a source guessed their parts wrong.
    #[must_use]
    pub fn turned(mut self) -> Self {
        for segment in &mut self.segments {
            segment.from = segment.from.peer();
        }
        for event in &mut self.events {
            event.side = event.side.peer();
        }
        for side in self
            .secrets
            .iter_mut()
            .filter_map(|secret| secret.logged_by.as_mut())
        {
            *side = side.peer();
        }
        for side in self
            .at_hand
            .iter_mut()
            .filter_map(|at_hand| at_hand.side.as_mut())
        {
            *side = side.peer();
        }
        std::mem::swap(&mut self.sides.client, &mut self.sides.server);
        if let Origin::Live { ours } = &mut self.origin {
            *ours = ours.peer();
        }
        self
    }
}

/// What is known of one side. From packets alone all of it is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideEvidence {
    /// What the side calls itself in words on screen (`orders`, a file name); never judged.
    pub label: Option<String>,
    /// Where it is on the network, `10.0.0.1:443`; `None` where there was no network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The recording began after this side's stream did: what it sent before is not known. Packets only.
    #[serde(default, skip_serializing_if = "is_default")]
    pub began_before_recording: bool,
    /// What its packets travelled in, each tunnel once, the outer one of two first. Packets only.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "bounded")]
    pub carried_in: Vec<Tunnel>,
    /// What this side judges its peer's certificate by; `None` if unknown or if it judges none.
    pub trust: Option<Trust>,
    /// What it was willing to speak.
    pub policy: Option<Policy>,
    /// SubjectPublicKeyInfo (DER, RFC 5280 §4.1.2.7) of the private key that it signs with.
    #[serde(with = "certificates::optional_hex")]
    pub key_in_use: Option<Vec<u8>>,
    /// The path of that key's file as the user gave it, for commands; of what is in it nothing is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_file: Option<String>,
    /// That file is DER: many tools have to be told, or read PEM only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub key_is_der: bool,
    /// What commands have to take that key out of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_wrapping: Option<crate::pki::Wrapping>,
    /// What its stack concluded at the end.
    pub verdict: Option<StackVerdict>,
}

/// What a side judges its peer's certificate by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trust {
    /// Trust anchors, DER. Empty is meaningful: a side that trusts nobody.
    #[serde(deserialize_with = "bounded")]
    pub roots: Vec<Der>,
    /// The name the peer's certificate must carry: a DNS name or an IP address, which clients ask for; or a SPIFFE ID,
    /// `spiffe://…`, which either side may expect.
    pub expected_name: Option<String>,
    /// The time it judges at, in seconds since the Unix epoch.
    pub clock_unix_s: i64,
    /// What it knows of revocation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub revocation: Revocation,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a side was willing to speak. Names are IANA's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// `TLS 1.3`, `TLS 1.2`.
    #[serde(deserialize_with = "bounded")]
    pub versions: Vec<String>,
    /// `TLS_AES_256_GCM_SHA384`, …
    #[serde(deserialize_with = "bounded")]
    pub cipher_suites: Vec<String>,
    /// `X25519MLKEM768`, `x25519`, `secp256r1`, …
    #[serde(deserialize_with = "bounded")]
    pub groups: Vec<String>,
    /// `h2`, `http/1.1`, …
    #[serde(deserialize_with = "bounded")]
    pub alpn: Vec<String>,
    /// Whether a client certificate is asked for. Servers only.
    pub client_auth: Option<ClientAuth>,
    /// Signature schemes it verifies, where that was limited; empty: its library's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "bounded")]
    pub verify_schemes: Vec<String>,
    /// Signature schemes its key signs with, where that was limited; empty: all that fit the key.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "bounded")]
    pub sign_schemes: Vec<String>,
    /// The names (server_name, RFC 6066 §3) it has a certificate for; empty: it does not choose by name. Servers only.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "bounded")]
    pub server_names: Vec<String>,
}

impl Policy {
    /// Whether a server with this policy has a certificate for the name in a ClientHello, or for one that names nobody.
    pub fn serves(&self, server_name: Option<&str>) -> bool {
        self.server_names.is_empty()
            || server_name.is_some_and(|asked| self.server_names.iter().any(|known| fits(known, asked)))
    }
}

/// A name, or a wildcard for one first label.
fn fits(known: &str, asked: &str) -> bool {
    let rest = asked.split_once('.').map_or("", |(_, rest)| rest);
    match known.strip_prefix("*.") {
        Some(domain) => rest.eq_ignore_ascii_case(domain),
        None => known.eq_ignore_ascii_case(asked),
    }
}

/// Whether a server asks for a client certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientAuth {
    /// Asks, and refuses a client that has none.
    #[default]
    Required,
    /// Asks, and goes on without one; one that is sent is judged.
    Optional,
    /// Does not ask.
    None,
}

#[cfg(test)]
mod tests;
