//! What a lab pair said, carried in something else than bare TCP: as [MS-TDS], OpenVPN and RFC 5216 put it on the wire.

use mtlscope::capture::{Capture, Segment, Side};

use super::packets::{Ends, PacketFile};

/// Wraps what was said in TDS 7: PRELOGIN both ways, then records in packets of at most `size` bytes until a side has sent its
/// first application data, and bare ones from there on.
pub fn in_tds(capture: &Capture, size: usize) -> Capture {
    let prelogin = |kind: u8| {
        tds(
            kind,
            &[0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 1],
        )
    };
    let mut wrapped = capture.clone();
    let segment = |from, bytes| Segment {
        at_us: 0,
        from,
        bytes,
        altered: None,
    };
    wrapped.segments = vec![
        segment(Side::Client, prelogin(0x12)),
        segment(Side::Server, prelogin(0x04)),
    ];
    let last_handshake = |side: Side| {
        let of = |segment: &&Segment| segment.from == side;
        capture.segments.iter().filter(of).count().saturating_sub(1)
    };
    let mut seen = [0usize; 2];
    for one in &capture.segments {
        let seen = &mut seen[usize::from(one.from == Side::Server)];
        let is_bare = *seen >= last_handshake(one.from);
        *seen += 1;
        let bytes = if is_bare {
            one.bytes.clone()
        } else {
            one.bytes.chunks(size).flat_map(|part| tds(0x12, part)).collect()
        };
        wrapped.segments.push(Segment { bytes, ..one.clone() });
    }
    wrapped
}

fn tds(kind: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = ((payload.len() + 8) as u16).to_be_bytes();
    [&[kind, 1, high, low, 0, 0, 1, 0][..], payload].concat()
}

/// One UDP datagram of a connection's ends.
pub fn udp(file: &mut PacketFile, ends: Ends, at_us: u64, from: Side, payload: &[u8]) {
    let (source, destination) = match from {
        Side::Client => (ends.client, ends.server),
        Side::Server => (ends.server, ends.client),
    };
    let mut data = Vec::new();
    etherparse::PacketBuilder::ethernet2([2, 0, 0, 0, 0, source.0], [2, 0, 0, 0, 0, destination.0])
        .ipv4([10, 0, 0, source.0], [10, 0, 0, destination.0], 64)
        .udp(source.1, destination.1)
        .write(&mut data, payload)
        .expect("a packet fits into a vector");
    file.packet(ends.at_us + at_us, &data);
}

/// The control packets of an OpenVPN session that says this, with an HMAC of so many bytes: a reset each way and pieces of at
/// most `size` bytes, each with an acknowledgement after it.
pub fn in_openvpn(capture: &Capture, key_id: u8, hmac: usize, size: usize) -> Vec<(u64, Side, Vec<u8>)> {
    let mut replay = 0u32;
    let mut packet =
        |opcode: u8, side: Side, acknowledged: Option<u32>, number: Option<u32>, payload: &[u8]| {
            let mut out = vec![(opcode << 3) | key_id];
            out.extend([if side == Side::Client { 0xc1 } else { 0x5e }; 8]);
            if hmac > 0 {
                replay += 1;
                out.extend(vec![0xa5; hmac]);
                out.extend(replay.to_be_bytes());
                out.extend([0x6b, 9, 0x59, 0xea]);
            }
            match acknowledged {
                Some(one) => {
                    out.push(1);
                    out.extend(one.to_be_bytes());
                    out.extend([if side == Side::Client { 0x5e } else { 0xc1 }; 8]);
                }
                None => out.push(0),
            }
            out.extend(number.into_iter().flat_map(u32::to_be_bytes));
            out.extend_from_slice(payload);
            out
        };
    let (client, server) = if key_id == 0 { (7, 8) } else { (3, 3) };
    let mut out = vec![
        (0, Side::Client, packet(client, Side::Client, None, Some(0), &[])),
        (
            0,
            Side::Server,
            packet(server, Side::Server, Some(0), Some(0), &[]),
        ),
    ];
    let mut next = [1u32; 2];
    for segment in &capture.segments {
        for part in segment.bytes.chunks(size) {
            let number = &mut next[usize::from(segment.from == Side::Server)];
            let (at_us, side) = (segment.at_us, segment.from);
            out.push((at_us, side, packet(4, side, Some(0), Some(*number), part)));
            out.push((
                at_us,
                side.peer(),
                packet(5, side.peer(), Some(*number), None, &[]),
            ));
            *number += 1;
        }
    }
    out
}

/// The EAP packets of an EAP-TLS conversation that says this, in fragments of at most `size` bytes: identity, Start, the runs of
/// both sides, and an end.
pub fn in_eap(capture: &Capture, kind: u8, size: usize, is_granted: bool) -> Vec<(u64, Side, Vec<u8>)> {
    let mut identifier = 1u8;
    let mut out = vec![
        (0, Side::Server, eap(1, identifier, &[1])),
        (0, Side::Client, eap(2, identifier, b"\x01anna@meadow.test")),
    ];
    identifier += 1;
    out.push((0, Side::Server, eap(1, identifier, &[kind, 0x20])));
    let mut segments = capture.segments.iter().peekable();
    while let Some(first) = segments.next() {
        let mut run = first.bytes.clone();
        while let Some(more) = segments.next_if(|next| next.from == first.from) {
            run.extend_from_slice(&more.bytes);
        }
        let count = run.chunks(size).count();
        for (index, part) in run.chunks(size).enumerate() {
            let has_more = index + 1 < count;
            let mut data = vec![kind, if has_more { 0x40 } else { 0 }];
            if index == 0 && count > 1 {
                data[1] |= 0x80;
                data.extend((run.len() as u32).to_be_bytes());
            }
            data.extend_from_slice(part);
            let code = if first.from == Side::Server { 1 } else { 2 };
            if code == 1 {
                identifier = identifier.wrapping_add(1);
            }
            out.push((first.at_us, first.from, eap(code, identifier, &data)));
            if has_more {
                let peer = first.from.peer();
                let code = if peer == Side::Server { 1 } else { 2 };
                if code == 1 {
                    identifier = identifier.wrapping_add(1);
                }
                out.push((first.at_us, peer, eap(code, identifier, &[kind, 0])));
            }
        }
    }
    let end = capture.segments.last().map_or(0, |last| last.at_us);
    out.push((
        end,
        Side::Server,
        eap(if is_granted { 3 } else { 4 }, identifier, &[]),
    ));
    out
}

fn eap(code: u8, identifier: u8, body: &[u8]) -> Vec<u8> {
    let [high, low] = ((body.len() + 4) as u16).to_be_bytes();
    [&[code, identifier, high, low][..], body].concat()
}

/// A frame of EAPOL; supplicants speak to the group of all ports.
pub fn eapol(file: &mut PacketFile, at_us: u64, from: Side, eap: &[u8]) {
    let (supplicant, authenticator) = ([2, 0, 0, 0, 0, 7], [2, 0, 0, 0, 0, 1]);
    let (source, destination) = match from {
        Side::Client => (supplicant, [1, 0x80, 0xc2, 0, 0, 3]),
        Side::Server => (authenticator, supplicant),
    };
    let [high, low] = (eap.len() as u16).to_be_bytes();
    let frame = [&destination[..], &source, &[0x88, 0x8e, 2, 0, high, low], eap].concat();
    file.packet(at_us, &frame);
}

/// A RADIUS packet with EAP: code, number, State.
pub fn radius(code: u8, number: u8, state: &[u8], eap: &[u8]) -> Vec<u8> {
    let mut out = vec![code, number, 0, 0];
    out.extend([number; 16]);
    for part in eap.chunks(253) {
        out.extend([79, part.len() as u8 + 2]);
        out.extend_from_slice(part);
    }
    if !state.is_empty() {
        out.extend([24, state.len() as u8 + 2]);
        out.extend_from_slice(state);
    }
    let length = (out.len() as u16).to_be_bytes();
    out.splice(2..4, length);
    out
}
