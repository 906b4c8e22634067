//! One handshake in OpenVPN's control channel: its packets in the order of their numbers, each once.

use std::collections::{BTreeMap, BTreeSet};

use super::super::evidence::{Carried, Place};
use super::super::room::{Room, Used};
use crate::capture::{Alteration, Carrier, Gap, PerSide, Segment, Side};
use crate::preamble::openvpn::{Opcode, Packet};
use crate::source::packets::since::Since;

/// One handshake, as far as it has come.
#[derive(Debug)]
pub(super) struct Handshake {
    number: u64,
    since: Since,
    used: Used,
    key_id: u8,
    hmac_bytes: usize,
    /// The session of each side, as its first packet names it.
    sessions: PerSide<Vec<u8>>,
    /// The packets of both sides in the order of the recording.
    arrivals: Vec<Arrival>,
    /// The numbers that are in it.
    numbers: PerSide<BTreeSet<u32>>,
    /// The packet that begins it was recorded.
    has_begun: bool,
}

#[derive(Debug)]
struct Arrival {
    side: Side,
    number: u32,
    at_us: u64,
    bytes: Vec<u8>,
}

impl Handshake {
    pub(super) fn new(key_id: u8, hmac_bytes: usize, place: Place) -> Self {
        Self {
            number: place.number,
            since: Since::default(),
            used: Used::default(),
            key_id,
            hmac_bytes,
            sessions: PerSide::default(),
            arrivals: Vec::new(),
            numbers: PerSide::default(),
            has_begun: false,
        }
    }

    pub(super) fn take(&mut self, side: Side, packet: &Packet<'_>, place: Place, room: &mut Room) {
        let at_us = self.since.at_us(place.at_unix_us);
        let session = self.sessions.of_mut(side);
        if session.is_empty() {
            *session = packet.session.to_vec();
        }
        // A packet of another session between the same ends is no part of this one.
        let Some(number) = packet.number.filter(|_| session == packet.session) else {
            return;
        };
        self.has_begun |= match packet.opcode {
            Opcode::HardResetClient | Opcode::HardResetServer | Opcode::SoftReset => true,
            Opcode::Control | Opcode::Acknowledge => false,
        };
        if self.numbers.of(side).contains(&number) || !room.packet(&mut self.used, packet.payload.len()) {
            return;
        }
        self.numbers.of_mut(side).insert(number);
        self.arrivals.push(Arrival {
            side,
            number,
            at_us,
            bytes: packet.payload.to_vec(),
        });
    }

    /// What both sides said, each byte once, in the order in which it could be read. A number that never came is a gap.
    fn segments(&mut self) -> Vec<Segment> {
        let mut out = Vec::new();
        let mut next = PerSide::<u32>::default();
        for side in Side::BOTH {
            let first = self.numbers.of(side).first().copied().unwrap_or_default();
            // The first number of a handshake is 0: what is missing before the first that came is a gap, where its
            // beginning was recorded.
            *next.of_mut(side) = if self.has_begun { first.min(1) } else { first };
        }
        let mut waiting = PerSide::<BTreeMap<u32, Vec<u8>>>::default();
        for arrival in std::mem::take(&mut self.arrivals) {
            let Arrival {
                side,
                number,
                at_us,
                bytes,
            } = arrival;
            let (waiting, next) = (waiting.of_mut(side), next.of_mut(side));
            waiting.insert(number, bytes);
            while let Some(entry) = waiting.first_entry() {
                let number = *entry.key();
                if number > *next {
                    // Is it only late, or was it never recorded?
                    if self.numbers.of(side).range(*next..number).next().is_some() {
                        break;
                    }
                    out.push(Segment {
                        at_us,
                        from: side,
                        bytes: Vec::new(),
                        altered: Some(Alteration::Missing {
                            bytes: 0,
                            why: Gap::UnknownLength,
                        }),
                    });
                }
                let bytes = entry.remove();
                *next = number.saturating_add(1);
                if !bytes.is_empty() {
                    out.push(Segment {
                        at_us,
                        from: side,
                        bytes,
                        altered: None,
                    });
                }
            }
        }
        out
    }

    /// `None`: nothing was said in it.
    pub(super) fn finish(mut self, ends: PerSide<Option<String>>, is_tcp: bool) -> Option<Carried> {
        let segments = self.segments();
        segments
            .iter()
            .any(|segment| !segment.bytes.is_empty())
            .then(|| Carried {
                ends,
                number: self.number,
                started_at_unix_us: self.since.started_at_unix_us,
                segments,
                events: Vec::new(),
                carrier: Carrier::OpenVpn {
                    is_tcp,
                    key_id: self.key_id,
                    hmac_bytes: u8::try_from(self.hmac_bytes).unwrap_or_default(),
                },
                began_before_recording: !self.has_begun,
            })
    }
}
