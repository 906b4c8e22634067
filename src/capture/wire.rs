//! The bytes on the wire, and what the wire did to them.

use serde::{Deserialize, Serialize};

use super::{Side, certificates::hex_bytes};

/// A run of bytes that reached the other end at one moment (or did not: see [`Alteration`]).
///
/// The lab delivers one TLS record per segment, so that every callback can be attributed to a message.
/// Other sources may cut anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Microseconds since the capture began.
    pub at_us: u64,
    /// Who sent it.
    pub from: Side,
    /// The bytes as the receiver got them; empty if the wire swallowed them.
    #[serde(with = "hex_bytes")]
    pub bytes: Vec<u8>,
    /// What the wire did, where it did anything. Only a source that sits on both ends knows.
    pub altered: Option<Alteration>,
}

/// What happened to a segment between its sender and its receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Alteration {
    /// The sender wrote these bytes; the receiver got [`Segment::bytes`] instead.
    Changed {
        /// What the sender wrote.
        #[serde(with = "hex_bytes")]
        sent: Vec<u8>,
    },
    /// The sender wrote these bytes; the receiver never got them.
    Dropped {
        /// What the sender wrote.
        #[serde(with = "hex_bytes")]
        sent: Vec<u8>,
    },
    /// A second delivery of bytes that were sent once.
    Repeated,
    /// Held back for ever: delivery in this direction stopped here.
    Stalled {
        /// What the sender wrote.
        #[serde(with = "hex_bytes")]
        sent: Vec<u8>,
    },
    /// Only the first part was delivered, and the connection closed in this direction.
    Cut {
        /// What the sender wrote.
        #[serde(with = "hex_bytes")]
        sent: Vec<u8>,
    },
    /// Bytes that the sender's stack never wrote.
    Injected,
    /// Nothing happened to the bytes, but the capture does not hold them: the segment is empty and stands for a gap.
    Missing {
        /// How many bytes were sent here.
        bytes: u64,
        /// Why they are not here.
        why: Gap,
    },
}

/// Why a capture does not hold some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gap {
    /// Whoever recorded the packets did not get them, or kept only the beginning of each.
    NotRecorded,
    /// As [`Self::NotRecorded`], and how many they were is not known: a packet that nobody's length tells of.
    UnknownLength,
    /// They are in the file, and were left out because the connection is very long.
    LeftOut,
}
