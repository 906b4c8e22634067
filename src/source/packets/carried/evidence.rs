//! What comes of a carried handshake: its ends, TLS's own bytes, and what the carrier tells.

use crate::capture::{Capture, Carrier, Event, Origin, PerSide, Segment, SideEvidence};

/// One handshake that something else than bare TCP carried.
#[derive(Clone, Debug)]
pub struct Carried {
    /// The ends, where they are known: an address of the network, or of the link.
    pub(super) ends: PerSide<Option<String>>,
    /// How many TCP connections of the file began before it.
    pub(in super::super) number: u64,
    /// The time of its first packet, in microseconds since the Unix epoch; 0 where it bears none.
    pub(super) started_at_unix_us: i64,
    pub(super) segments: Vec<Segment>,
    pub(super) events: Vec<Event>,
    pub(super) carrier: Carrier,
    /// The recording began after the conversation did.
    pub(super) began_before_recording: bool,
}

impl Carried {
    /// Its evidence.
    pub(in super::super) fn capture(&self) -> Capture {
        let evidence = |address: &Option<String>| SideEvidence {
            address: address.clone(),
            began_before_recording: self.began_before_recording,
            ..SideEvidence::default()
        };
        Capture {
            origin: Origin::Packets,
            started_at_unix_us: self.started_at_unix_us,
            carrier: Some(self.carrier.clone()),
            segments: self.segments.clone(),
            secrets: Vec::new(),
            events: self.events.clone(),
            sides: PerSide {
                client: evidence(&self.ends.client),
                server: evidence(&self.ends.server),
            },
            at_hand: Vec::new(),
        }
    }
}

/// A packet's place: when it was recorded, and after how many TCP connections.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Place {
    pub at_unix_us: Option<i64>,
    pub number: u64,
}
