//! Packets inside packets: where the inner one begins, and what it travelled in.
//!
//! IP in IP (RFC 2003, RFC 4213, RFC 2473), GRE (RFC 2784, RFC 2890) with ERSPAN, and over UDP VXLAN (RFC 7348), Geneve
//! (RFC 8926), GTP-U (3GPP TS 29.281), L2TP (RFC 2661) and Teredo (RFC 4380); and the labels of MPLS (RFC 3032) and PPPoE
//! (RFC 2516), which have no ends of their own.
//!
//! A tunnel over UDP is known by the port that its packets are sent to (some by either port), and by the bits that its header must have.
//! Deliberately absent: what is encrypted (ESP, WireGuard), and PPTP's, whose packets are compressed.

use pcap_parser::Linktype;

use crate::capture::TunnelKind;

/// What bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The header of a link.
    Link(Linktype),
    /// What follows this EtherType.
    EtherType(u16),
    /// An IP header of either version.
    Ip,
}

/// The tunnel's kind, and the number that it gives to its network.
pub(super) type Way = (TunnelKind, Option<u32>);

/// What lies in a payload: how to read it, where it begins, and what wrapped it.
pub(super) type Wrapped = (Form, usize, Option<Way>);

/// Point-to-point, as L2TP carries it.
pub(super) const PPP: Linktype = Linktype(9);
const ETHERNET: Form = Form::Link(Linktype::ETHERNET);
const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const TRANSPARENT_ETHERNET: u16 = 0x6558;
const MPLS: [u16; 2] = [0x8847, 0x8848];
const PPPOE_SESSION: u16 = 0x8864;
/// ERSPAN's first two forms, and the third.
const ERSPAN: u16 = 0x88be;
const ERSPAN_3: u16 = 0x22eb;

/// The port of VXLAN, and the one that Linux took before it had one (Flannel and others still do).
const VXLAN_PORTS: [u16; 2] = [4789, 8472];
const GENEVE_PORT: u16 = 6081;
const GTP_PORT: u16 = 2152;
const L2TP_PORT: u16 = 1701;
const TEREDO_PORT: u16 = 3544;

/// What an IP packet of this protocol carries.
pub(super) fn within_ip(protocol: u8, payload: &[u8]) -> Option<Wrapped> {
    match protocol {
        4 | 41 => Some((Form::Ip, 0, Some((TunnelKind::IpInIp, None)))),
        47 => within_gre(payload),
        137 => labels(payload, None),
        _ => None,
    }
}

/// What a datagram between these ports carries.
pub(super) fn within_udp(ports: [u16; 2], payload: &[u8]) -> Option<Wrapped> {
    let [_, destination] = ports;
    if destination == GTP_PORT {
        return within_gtp(payload);
    }
    if ports.contains(&L2TP_PORT) {
        return within_l2tp(payload);
    }
    if ports.contains(&TEREDO_PORT) {
        return within_teredo(payload);
    }
    let header: [u8; 8] = *payload.first_chunk()?;
    let network = u32::from_be_bytes([0, header[4], header[5], header[6]]);
    if VXLAN_PORTS.contains(&destination) {
        // The bit that says that the network's number is valid must be set.
        return (header[0] & 0x08 != 0).then_some((ETHERNET, 8, Some((TunnelKind::Vxlan, Some(network)))));
    }
    if destination != GENEVE_PORT || header[0] >> 6 != 0 {
        return None;
    }
    let begins = 8 + usize::from(header[0] & 0x3f) * 4;
    let way = Some((TunnelKind::Geneve, Some(network)));
    by_type(u16::from_be_bytes([header[2], header[3]]), begins, way)
}

/// What follows an EtherType that is none of IP's.
pub(super) fn within_ether(ether_type: u16, payload: &[u8]) -> Option<Wrapped> {
    if MPLS.contains(&ether_type) {
        return labels(payload, None);
    }
    if ether_type != PPPOE_SESSION {
        return None;
    }
    // Version and type 1, code 0 (data), the session, a length; then PPP's number of the protocol.
    let header: [u8; 8] = *payload.first_chunk()?;
    let is_ip = matches!(header, [0x11, 0, .., 0, 0x21 | 0x57]);
    is_ip.then_some((Form::Ip, 8, None))
}

fn by_type(ether_type: u16, begins: usize, way: Option<Way>) -> Option<Wrapped> {
    let form = match ether_type {
        TRANSPARENT_ETHERNET => ETHERNET,
        IPV4 | IPV6 => Form::EtherType(ether_type),
        other if MPLS.contains(&other) => Form::EtherType(other),
        _ => return None,
    };
    Some((form, begins, way))
}

/// Flags, a version, the type, and what the flags announce: a checksum, a key, a number.
fn within_gre(payload: &[u8]) -> Option<Wrapped> {
    let [flags, version, high, low] = *payload.first_chunk()?;
    // Version 1 is PPTP's; routing (RFC 1701) was given up.
    if version & 0x07 != 0 || flags & 0x40 != 0 {
        return None;
    }
    let mut begins = 4;
    if flags & 0x80 != 0 {
        begins += 4;
    }
    let mut key = None;
    if flags & 0x20 != 0 {
        key = Some(u32::from_be_bytes(*payload.get(begins..)?.first_chunk()?));
        begins += 4;
    }
    let is_numbered = flags & 0x10 != 0;
    if is_numbered {
        begins += 4;
    }
    let ether_type = u16::from_be_bytes([high, low]);
    if ether_type == ERSPAN && !is_numbered {
        // The first form has no header.
        return Some((ETHERNET, begins, Some((TunnelKind::Erspan, None))));
    }
    if [ERSPAN, ERSPAN_3].contains(&ether_type) {
        let header: [u8; 4] = *payload.get(begins..)?.first_chunk()?;
        let session = u32::from(u16::from_be_bytes([header[2], header[3]]) & 0x03ff);
        let length = if ether_type == ERSPAN {
            8
        } else {
            // The last bit of twelve bytes announces eight more.
            let has_more = payload.get(begins + 11)? & 1 != 0;
            if has_more { 20 } else { 12 }
        };
        let way = Some((TunnelKind::Erspan, Some(session)));
        return Some((ETHERNET, begins + length, way));
    }
    by_type(ether_type, begins, Some((TunnelKind::Gre, key)))
}

/// What a phone network's stations hand on (3GPP TS 29.281 §5): version 1, a packet (type 255), a length and the tunnel's number;
/// then a sequence number and headers that name their successor, where a flag says so.
fn within_gtp(payload: &[u8]) -> Option<Wrapped> {
    /// More headers than were ever defined.
    const MOST_HEADERS: usize = 8;
    let [flags, 255, _, _, a, b, c, d] = *payload.first_chunk()? else {
        return None;
    };
    if flags & 0xf8 != 0x30 {
        return None;
    }
    let mut begins = 8;
    if flags & 0x07 != 0 {
        begins += 4;
        for _ in 0..MOST_HEADERS {
            if *payload.get(begins - 1)? == 0 {
                break;
            }
            begins += usize::from(*payload.get(begins)?).max(1) * 4;
        }
    }
    let is_ip = matches!(payload.get(begins)? >> 4, 4 | 6);
    let way = (TunnelKind::GtpU, Some(u32::from_be_bytes([a, b, c, d])));
    is_ip.then_some((Form::Ip, begins, Some(way)))
}

/// A message of data (RFC 2661 §3.1): flags and version 2, a length where they say so, tunnel and session; numbers and an offset
/// where they say so. PPP follows.
fn within_l2tp(payload: &[u8]) -> Option<Wrapped> {
    let [flags, version] = *payload.first_chunk()?;
    let is_control = flags & 0x80 != 0;
    if is_control || version & 0x0f != 2 {
        return None;
    }
    let mut begins = if flags & 0x40 == 0 { 2 } else { 4 };
    let session = u16::from_be_bytes(*payload.get(begins + 2..)?.first_chunk()?);
    begins += 4;
    if flags & 0x08 != 0 {
        begins += 4;
    }
    if flags & 0x02 != 0 {
        let offset = u16::from_be_bytes(*payload.get(begins..)?.first_chunk()?);
        begins += 2 + usize::from(offset);
    }
    let way = (TunnelKind::L2tp, Some(u32::from(session)));
    Some((Form::Link(PPP), begins, Some(way)))
}

/// An IPv6 packet, behind an authentication and an origin where they are there (RFC 4380 §5.1.1).
fn within_teredo(payload: &[u8]) -> Option<Wrapped> {
    let mut begins = 0;
    if let [0, 1, name, value, ..] = *payload {
        begins = 13 + usize::from(name) + usize::from(value);
    }
    if payload.get(begins..)?.starts_with(&[0, 0]) {
        begins += 8;
    }
    let is_ip = payload.get(begins)? >> 4 == 6;
    is_ip.then_some((Form::Ip, begins, Some((TunnelKind::Teredo, None))))
}

/// A stack of labels, the last of which says that it is; then IP, or a control word of zero and Ethernet (RFC 4385).
fn labels(payload: &[u8], way: Option<Way>) -> Option<Wrapped> {
    /// Deeper stacks are not built.
    const MOST_LABELS: usize = 16;
    let (labels, _) = payload.as_chunks::<4>();
    let last = labels
        .iter()
        .take(MOST_LABELS)
        .position(|label| label[2] & 1 != 0)?;
    let begins = (last + 1) * 4;
    match payload.get(begins)? >> 4 {
        4 | 6 => Some((Form::Ip, begins, way)),
        0 => Some((ETHERNET, begins + 4, way)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
