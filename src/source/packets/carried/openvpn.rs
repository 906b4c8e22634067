//! OpenVPN's sessions: which control packet belongs to which handshake, over UDP and over TCP.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::evidence::{Carried, Place};
use super::room::Room;
use crate::capture::{Alteration, PerSide, Segment, Side};
use crate::preamble::openvpn::{Opcode, Packet, Wrapping, packet_in_stream, recognise};
use crate::source::packets::connection::TcpConnection;

mod handshake;
use handshake::Handshake;

/// Two ends that speak OpenVPN.
#[derive(Debug)]
struct Flow {
    client: SocketAddr,
    server: SocketAddr,
    wrapping: Wrapping,
    /// Both sides were heard.
    has_answered: bool,
    sessions: Sessions,
}

/// The flows of a file, by their ends.
#[derive(Default)]
pub(super) struct Flows {
    all: Vec<Flow>,
    by_ends: HashMap<(SocketAddr, SocketAddr), usize>,
}

impl Flows {
    pub(super) fn take(
        &mut self,
        from: SocketAddr,
        to: SocketAddr,
        place: Place,
        payload: &[u8],
        room: &mut Room,
    ) {
        let ends = (from.min(to), from.max(to));
        let known = if self.all.is_empty() {
            None
        } else {
            self.by_ends.get(&ends).copied()
        };
        let index = if let Some(index) = known {
            index
        } else {
            let Some(wrapping) = recognise(payload) else {
                return;
            };
            if !room.conversation() {
                return;
            }
            // What begins with the server's words is of a client that was not recorded.
            let is_from_server = payload.first().is_some_and(|first| matches!(first >> 3, 2 | 8));
            let (client, server) = if is_from_server { (to, from) } else { (from, to) };
            self.all.push(Flow {
                client,
                server,
                wrapping,
                has_answered: false,
                sessions: Sessions::default(),
            });
            self.by_ends.insert(ends, self.all.len() - 1);
            self.all.len() - 1
        };
        let Some(flow) = self.all.get_mut(index) else {
            return;
        };
        let side = if from == flow.client {
            Side::Client
        } else {
            Side::Server
        };
        let how = recognise(payload);
        flow.has_answered |= side == Side::Server && how == Some(Wrapping::Encrypted);
        // The two may have been set up anew, with another way of wrapping.
        if side == Side::Client
            && let Some(how) = how
        {
            flow.wrapping = how;
        }
        if let Wrapping::Clear { hmac_bytes } = flow.wrapping
            && let Some(packet) = Packet::read(payload, hmac_bytes)
        {
            flow.sessions.take(side, &packet, hmac_bytes, place, room);
        }
    }

    /// Those whose control channel is encrypted.
    pub(super) fn sealed(&self) -> Vec<String> {
        let words = self.all.iter().filter_map(|flow| {
            let (client, server) = (flow.client.to_string(), flow.server.to_string());
            match flow.wrapping {
                Wrapping::Encrypted => flow.has_answered.then(|| sealed_words(&client, &server)),
                Wrapping::Clear { .. } => flow.sessions.sealed_words(&client, &server),
            }
        });
        words.collect()
    }

    pub(super) fn finish(self) -> Vec<Carried> {
        self.all
            .into_iter()
            .flat_map(|flow| {
                let ends = PerSide {
                    client: Some(flow.client.to_string()),
                    server: Some(flow.server.to_string()),
                };
                flow.sessions.finish(ends, false)
            })
            .collect()
    }
}

fn sealed_words(client: &str, server: &str) -> String {
    format!(
        "{client} speaks OpenVPN with {server}, and its control channel is encrypted with a static key (tls-crypt): its \
         TLS cannot be read."
    )
}

/// The sessions of two ends, one after the other.
#[derive(Debug, Default)]
struct Sessions {
    handshakes: Vec<Handshake>,
    /// The handshake of each of the session's keys.
    keys: [Option<usize>; 8],
    latest: u8,
    client: Vec<u8>,
    /// Keys whose handshake is encrypted: since 2.6 the two agree on a key for the control channel in their first handshake.
    sealed_keys: u8,
    /// How many handshakes that were.
    sealed: usize,
}

impl Sessions {
    fn take(&mut self, side: Side, packet: &Packet<'_>, hmac_bytes: usize, place: Place, room: &mut Room) {
        let key = usize::from(packet.key_id);
        let bit = 1 << packet.key_id;
        if packet.opcode == Opcode::SoftReset {
            // In the clear it has number 0, and nothing in it.
            if packet.number != Some(0) || !packet.payload.is_empty() {
                self.sealed += usize::from(self.sealed_keys & bit == 0);
                self.sealed_keys = bit;
                return;
            }
            self.sealed_keys &= !bit;
        }
        if packet.opcode == Opcode::HardResetClient {
            self.sealed_keys = 0;
        }
        if self.sealed_keys & bit != 0 {
            return;
        }
        let known = self.keys.get(key).copied().flatten();
        let begins = match packet.opcode {
            Opcode::HardResetClient => self.client != packet.session || known.is_none(),
            Opcode::HardResetServer => known.is_none(),
            // Key after key; a late repetition is of the one before.
            Opcode::SoftReset => known.is_none() || packet.key_id == self.latest % 7 + 1,
            Opcode::Control => known.is_none(),
            Opcode::Acknowledge => return,
        };
        let index = match known.filter(|_| !begins) {
            Some(index) => index,
            None if room.conversation() => {
                if packet.opcode == Opcode::HardResetClient {
                    self.keys = [None; 8];
                    self.client = packet.session.to_vec();
                }
                let handshake = Handshake::new(packet.key_id, hmac_bytes, place);
                self.handshakes.push(handshake);
                self.latest = packet.key_id;
                let index = self.handshakes.len() - 1;
                if let Some(slot) = self.keys.get_mut(key) {
                    *slot = Some(index);
                }
                index
            }
            None => return,
        };
        if let Some(handshake) = self.handshakes.get_mut(index) {
            handshake.take(side, packet, place, room);
        }
    }

    /// What of it cannot be read.
    fn sealed_words(&self, client: &str, server: &str) -> Option<String> {
        let what = match self.sealed {
            0 => return None,
            1 => "one renegotiation of its keys is".to_owned(),
            many => format!("{many} renegotiations of its keys are"),
        };
        Some(format!(
            "{client} speaks OpenVPN with {server}, and {what} encrypted with a key of the session itself (tls-crypt, as \
             OpenVPN 2.6 does it): this TLS cannot be read."
        ))
    }

    fn finish(self, ends: PerSide<Option<String>>, is_tcp: bool) -> impl Iterator<Item = Carried> {
        self.handshakes
            .into_iter()
            .filter_map(move |handshake| handshake.finish(ends.clone(), is_tcp))
    }
}

/// The handshakes in a TCP connection's stream; and, in a sentence, what of it is encrypted.
pub(super) fn of_stream(
    connection: &TcpConnection,
    segments: &[Segment],
    room: &mut Room,
) -> (Vec<Carried>, Option<String>) {
    let ends = PerSide {
        client: connection.ends.client.to_string(),
        server: connection.ends.server.to_string(),
    };
    let mut streams = PerSide::<Stream>::default();
    let mut wrapping = None;
    let mut sessions = Sessions::default();
    for segment in segments {
        let stream = streams.of_mut(segment.from);
        stream.is_lost |= matches!(segment.altered, Some(Alteration::Missing { .. }));
        if stream.is_lost {
            // Where the next packet begins, nobody knows.
            continue;
        }
        let place = Place {
            at_unix_us: Some(
                connection
                    .started_at_unix_us()
                    .saturating_add_unsigned(segment.at_us),
            ),
            number: connection.number(),
        };
        stream.bytes.extend_from_slice(&segment.bytes);
        let mut taken = 0;
        while let Some(packet) = packet_in_stream(stream.bytes.get(taken..).unwrap_or_default()) {
            taken += 2 + packet.len();
            if segment.from == Side::Client || wrapping.is_none() {
                wrapping = recognise(packet).or(wrapping);
            }
            if let Some(Wrapping::Clear { hmac_bytes }) = wrapping
                && let Some(packet) = Packet::read(packet, hmac_bytes)
            {
                sessions.take(segment.from, &packet, hmac_bytes, place, room);
            }
        }
        stream.bytes.drain(..taken);
    }
    if wrapping == Some(Wrapping::Encrypted) {
        return (Vec::new(), Some(sealed_words(&ends.client, &ends.server)));
    }
    let sealed = sessions.sealed_words(&ends.client, &ends.server);
    let ends = PerSide {
        client: Some(ends.client),
        server: Some(ends.server),
    };
    let mut all: Vec<Carried> = sessions.finish(ends, true).collect();
    // The stream ended with the last of them.
    if let Some(last) = all.last_mut() {
        let began = last.started_at_unix_us - connection.started_at_unix_us();
        last.events = connection.ends_of_transport();
        for event in &mut last.events {
            event.at_us = event.at_us.saturating_sub(began.max(0).unsigned_abs());
        }
    }
    (all, sealed)
}

/// What of a direction makes no whole packet yet.
#[derive(Default)]
struct Stream {
    bytes: Vec<u8>,
    is_lost: bool,
}

#[cfg(test)]
mod tests;
