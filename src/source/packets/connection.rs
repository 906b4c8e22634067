//! One TCP connection of a packet capture: who, when, and which of its packets' bytes are kept (RFC 9293).

use std::net::SocketAddr;

use super::direction::{Direction, Fragment};
use super::frame::TcpPacket;
use super::layers::Carried;
use super::since::Since;
use crate::capture::{Event, EventKind, PerSide, Side, SideEvidence, Tunnel};
use crate::preamble::{openvpn, proxy, tds};

/// A side's packets may change their way; so many ways are told.
const MOST_TUNNELS: usize = 8;

/// What a stream's first bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// OpenVPN's control channel.
    OpenVpn,
    /// TDS 7, or a PROXY header behind which it may follow.
    Tds,
}

impl Hint {
    fn of(bytes: &[u8]) -> Option<Self> {
        let header = proxy::Header::read(bytes).map_or(0, |header| header.length);
        let bytes = bytes.get(header..).unwrap_or_default();
        if tds::begins_stream(bytes) || (header > 0 && bytes.is_empty()) {
            return Some(Self::Tds);
        }
        openvpn::begins_stream(bytes).then_some(Self::OpenVpn)
    }
}

/// One TCP connection: who, when, and where its packets lie in the file.
#[derive(Clone, Debug)]
pub struct TcpConnection {
    /// The ends: the client is the one that asked for the connection, or the first that was heard.
    pub ends: PerSide<SocketAddr>,
    /// The order of first packets.
    number: u64,
    since: Since,
    /// Packets so far that matter: with payload, or an end.
    packets: u32,
    /// The numbers of the directions' first bytes, where a SYN was recorded.
    begins: PerSide<Option<u32>>,
    /// What each side expects next from its peer.
    acknowledged: PerSide<Option<u32>>,
    /// When each side ended its half, and whether with RST.
    ended: PerSide<Option<(u64, bool)>>,
    /// What TLS may be carried in, by the first bytes of a side.
    pub(super) hint: Option<Hint>,
    /// What each side sent, where it sent something.
    pub(super) directions: PerSide<Option<Box<Direction>>>,
    /// What each side's packets travelled in, where any did.
    carried_in: Option<Box<PerSide<Vec<Tunnel>>>>,
}

impl TcpConnection {
    /// The time of the first packet that bears one, in microseconds since the Unix epoch; 0 where none does.
    pub fn started_at_unix_us(&self) -> i64 {
        self.since.started_at_unix_us
    }

    /// A connection whose first packet this is; `number` says which of the file's connections began before it.
    pub(super) fn new(tcp: &TcpPacket, number: u64) -> Self {
        // The answer to a SYN that was not recorded comes from the server; and where no SYN was recorded at all, the
        // smaller port is the one that waits for others. Should a hello say otherwise, the ends are exchanged.
        let is_from_server = if tcp.is_syn {
            tcp.acknowledged.is_some()
        } else {
            tcp.from.port() < tcp.to.port()
        };
        let (client, server) = if is_from_server {
            (tcp.to, tcp.from)
        } else {
            (tcp.from, tcp.to)
        };
        Self {
            ends: PerSide { client, server },
            number,
            since: Since::default(),
            packets: 0,
            begins: PerSide::default(),
            acknowledged: PerSide::default(),
            ended: PerSide::default(),
            hint: None,
            directions: PerSide::default(),
            carried_in: None,
        }
    }

    /// How many TCP connections of the file began before it, those without data among them.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether it carried no data.
    pub(super) fn is_silent(&self) -> bool {
        self.directions.client.is_none() && self.directions.server.is_none()
    }

    /// Two ends may speak again on the same ports: a SYN with another number begins anew.
    pub(super) fn is_over_before(&self, tcp: &TcpPacket) -> bool {
        if !tcp.is_syn {
            return false;
        }
        let side = self.side_of(tcp);
        let first = tcp.sequence.wrapping_add(1);
        match self.begins.of(side) {
            Some(begin) => *begin != first,
            // Packets without their SYN came before this one; or the SYN comes late.
            None => self
                .direction(side)
                .is_some_and(|direction| !direction.is_empty() && !direction.begins_with(first)),
        }
    }

    /// Whether these numbers are a late packet of this connection rather than one of `next`, which has its ends.
    pub(super) fn is_late(&self, tcp: &TcpPacket, length: usize, next: &Self) -> bool {
        if tcp.is_syn {
            return false;
        }
        let Some(own) = self.direction(self.side_of(tcp)) else {
            return false;
        };
        let side = next.side_of(tcp);
        let (is_expected, is_near) = match (next.direction(side), next.begins.of(side)) {
            (Some(next), _) => (next.expects(tcp.sequence), next.is_near(tcp.sequence)),
            (None, Some(first)) => {
                let next = Direction::beginning_at(*first);
                (next.expects(tcp.sequence), next.is_near(tcp.sequence))
            }
            // Nothing is known of its numbers.
            (None, None) => (false, true),
        };
        !is_expected && (own.has_sent(tcp.sequence, length as u32) || (own.is_near(tcp.sequence) && !is_near))
    }

    /// Takes a packet of this connection.
    pub(super) fn add(&mut self, tcp: &TcpPacket, carried: &Carried<'_>) {
        let from = self.side_of(tcp);
        let at_us = self.since.at_us(carried.at_unix_us);
        self.travelled(from, carried.tunnels);
        let length = carried.payload.len();
        if tcp.is_syn {
            let first = tcp.sequence.wrapping_add(1);
            *self.begins.of_mut(from) = Some(first);
            if let Some(direction) = self.directions.of_mut(from) {
                direction.begin();
            }
        }
        if tcp.is_fin || tcp.is_reset {
            self.ended.of_mut(from).get_or_insert((at_us, tcp.is_reset));
        }
        // The SYN takes a number of its own, before the first byte.
        let sequence = tcp.sequence.wrapping_add(u32::from(tcp.is_syn));
        // What a RST carries says why, in words for people (RFC 9293 §3.5.3): it is no part of the stream.
        if length > 0 && !tcp.is_reset && !self.is_probe(from, tcp, carried) {
            self.packets += 1;
            let number = self.packets;
            let begin = *self.begins.of(from);
            if self.directions.of(from).is_none() {
                self.hint = self.hint.or_else(|| Hint::of(carried.payload));
            }
            let direction = self.directions.of_mut(from).get_or_insert_with(|| {
                Box::new(begin.map_or_else(Direction::default, Direction::beginning_at))
            });
            let mut next = sequence;
            for place in carried.places {
                let fragment = Fragment {
                    offset: place.offset,
                    at_us,
                    position: 0,
                    length: place.length,
                    number,
                };
                direction.add(next, fragment);
                next = next.wrapping_add(place.length);
            }
        }
        if tcp.is_fin
            && let Some(direction) = self.directions.of_mut(from)
        {
            direction.finish(sequence.wrapping_add(length as u32));
        }
        if tcp.acknowledged.is_some() {
            *self.acknowledged.of_mut(from) = tcp.acknowledged;
        }
    }

    /// A keep-alive probe with one byte, which means nothing (RFC 9293 §3.8.4): it repeats a number that its peer has
    /// already confirmed, or stands where the recording begins, and tells nothing that a stream begins with.
    fn is_probe(&self, from: Side, tcp: &TcpPacket, carried: &Carried<'_>) -> bool {
        if carried.payload.len() != 1 || tcp.is_syn || tcp.is_fin {
            return false;
        }
        let is_confirmed = *self.acknowledged.of(from.peer()) == Some(tcp.sequence.wrapping_add(1));
        let is_first = self.begins.of(from).is_none() && self.direction(from).is_none();
        is_confirmed || (is_first && (!tcp.is_pushed || carried.payload == [0]))
    }

    fn travelled(&mut self, from: Side, tunnels: &[Tunnel]) {
        if tunnels.is_empty() {
            return;
        }
        let known = self.carried_in.get_or_insert_default().of_mut(from);
        for tunnel in tunnels {
            if known.len() < MOST_TUNNELS && !known.contains(tunnel) {
                known.push(*tunnel);
            }
        }
    }

    fn direction(&self, side: Side) -> Option<&Direction> {
        self.directions.of(side).as_deref()
    }

    fn side_of(&self, tcp: &TcpPacket) -> Side {
        if tcp.from == self.ends.client {
            Side::Client
        } else {
            Side::Server
        }
    }

    pub(super) fn evidence(&self, side: Side) -> SideEvidence {
        SideEvidence {
            address: Some(self.ends.of(side).to_string()),
            began_before_recording: self.begins.of(side).is_none(),
            carried_in: match &self.carried_in {
                Some(carried_in) => carried_in.of(side).clone(),
                None => Vec::new(),
            },
            ..SideEvidence::default()
        }
    }

    /// When each side ended its half, and how.
    pub(super) fn ends_of_transport(&self) -> Vec<Event> {
        let mut events: Vec<Event> = Side::BOTH
            .into_iter()
            .filter_map(|side| {
                let (at_us, is_reset) = (*self.ended.of(side))?;
                let kind = EventKind::TransportClosed { is_reset };
                Some(Event { at_us, side, kind })
            })
            .collect();
        events.sort_by_key(|event| event.at_us);
        events
    }
}

#[cfg(test)]
mod tests;
