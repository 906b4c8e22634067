//! A packet of the file, through all that wraps it, down to the TCP packet that it carries.

use std::net::IpAddr;
use std::ops::Range;

use super::eapol_frame::EapolFrame;
use super::fragments::{Fragments, Joined};
use super::frame::{Frame, TcpPacket, UdpPacket, frame};
use super::inner::Form;
use super::item::Packet;
use super::places::{Place, Source, whole};
use crate::capture::Tunnel;

/// Packets within packets are followed so deep: tunnels, labels, and joined ones.
const MOST_LAYERS: usize = 8;

/// What a TCP packet brings along besides its header.
pub(super) struct Carried<'a> {
    /// As [`Packet::at_unix_us`].
    pub at_unix_us: Option<i64>,
    pub payload: &'a [u8],
    /// Where the payload lies in the file, in order.
    pub places: &'a [Place],
    /// What it travelled in, the outermost first.
    pub tunnels: &'a [Tunnel],
}

/// What lies in a packet of the file.
pub(super) enum Found<'a> {
    Tcp(&'a TcpPacket, &'a Carried<'a>),
    Udp(UdpPacket, &'a [u8]),
    Eapol(EapolFrame, &'a [u8]),
}

/// Takes what was found.
pub(super) type EachFound<'a> = dyn FnMut(&Found<'_>) + 'a;

/// Takes packets apart, and remembers parts of those that were sent in parts.
#[derive(Default)]
pub(super) struct Layers {
    fragments: Fragments,
    unknown_links: u64,
    too_deep: u64,
    encrypted_wifi: u64,
}

/// Bytes on their way down.
struct Look<'a> {
    form: Form,
    data: &'a [u8],
    source: Source<'a>,
    at_unix_us: Option<i64>,
    depth: usize,
}

impl Layers {
    /// Hands over what lies in a packet, where it is of use.
    pub(super) fn take_apart(&mut self, packet: &Packet<'_>, each: &mut EachFound<'_>) {
        let look = Look {
            form: Form::Link(packet.link),
            data: packet.data,
            source: Source::File(packet.offset),
            at_unix_us: packet.at_unix_us,
            depth: 0,
        };
        self.look(&look, &mut Vec::new(), each);
    }

    fn look(&mut self, look: &Look<'_>, tunnels: &mut Vec<Tunnel>, each: &mut EachFound<'_>) {
        let mut range = 0..look.data.len();
        let mut form = look.form;
        for depth in look.depth..=MOST_LAYERS {
            let start = range.start;
            let moved = |part: Range<usize>| start + part.start..start + part.end;
            match frame(form, look.data.get(range.clone()).unwrap_or_default()) {
                Frame::Tcp(tcp, payload) => {
                    self.tcp(&tcp, moved(payload), look, tunnels, each);
                    return;
                }
                Frame::Udp(udp, payload) => {
                    let payload = look.data.get(moved(payload)).unwrap_or_default();
                    each(&Found::Udp(udp, payload));
                    return;
                }
                Frame::Eapol(eapol) => {
                    let payload = look.data.get(start + eapol.payload..).unwrap_or_default();
                    each(&Found::Eapol(eapol, payload));
                    return;
                }
                Frame::Inner(of, part, tunnel) => {
                    tunnels.extend(tunnel);
                    form = of;
                    range = moved(part);
                }
                Frame::Fragment(mut fragment) => {
                    fragment.range = moved(fragment.range);
                    let joined = self
                        .fragments
                        .add(&fragment, look.data, look.source, look.at_unix_us);
                    if let Some(Joined { data, places }) = joined {
                        let look = Look {
                            form: Form::Ip,
                            data: &data,
                            source: Source::Joined(&places),
                            at_unix_us: look.at_unix_us,
                            depth: depth + 1,
                        };
                        self.look(&look, tunnels, each);
                    }
                    return;
                }
                Frame::UnknownLink => {
                    self.unknown_links += 1;
                    return;
                }
                Frame::EncryptedWifi => {
                    self.encrypted_wifi += 1;
                    return;
                }
                Frame::Other => return,
            }
        }
        self.too_deep += 1;
    }

    fn tcp(
        &mut self,
        tcp: &TcpPacket,
        range: Range<usize>,
        look: &Look<'_>,
        tunnels: &[Tunnel],
        each: &mut EachFound<'_>,
    ) {
        let place;
        let several;
        let places = match look.source {
            Source::File(offset) => {
                place = whole(offset, &range);
                std::slice::from_ref(&place)
            }
            Source::Joined(_) => {
                // The number that holds parts together comes again (RFC 4963): the checksum tells parts of two packets
                // from those of one. Whoever sends a packet in parts has computed it.
                if !is_right(tcp, look.data, &range) {
                    self.fragments.do_not_fit();
                    return;
                }
                several = look.source.places(&range);
                several.as_slice()
            }
        };
        let carried = Carried {
            at_unix_us: look.at_unix_us,
            payload: look.data.get(range).unwrap_or_default(),
            places,
            tunnels,
        };
        each(&Found::Tcp(tcp, &carried));
    }

    /// The file has ended: what was odd about its packets, in sentences.
    pub(super) fn end(&mut self) -> Vec<String> {
        self.fragments.end();
        let mut remarks = Vec::new();
        let mut add = |count: u64, one: &str, many: &str| match count {
            0 => {}
            1 => remarks.push(format!("1 {one}")),
            count => remarks.push(format!("{count} {many}")),
        };
        add(
            self.fragments.incomplete,
            "IP packet was sent in fragments, of which not all were recorded; what it carried is missing. (A filter by port \
             lets only the first fragment pass.)",
            "IP packets were sent in fragments, of which not all were recorded; what they carried is missing. (A filter by \
             port lets only the first fragment pass.)",
        );
        add(
            self.fragments.contradicting,
            "IP packet was sent in fragments that overlap or do not fit together; it was passed over.",
            "IP packets were sent in fragments that overlap or do not fit together; they were passed over.",
        );
        add(
            self.too_deep,
            "packet is wrapped in more layers than are looked into here.",
            "packets are wrapped in more layers than are looked into here.",
        );
        add(
            self.unknown_links,
            "packet is of a link type that is not read here; Ethernet, Wi-Fi, Linux cooked, raw IP, loopback and PPP are.",
            "packets are of a link type that is not read here; Ethernet, Wi-Fi, Linux cooked, raw IP, loopback and PPP are.",
        );
        remarks
    }

    /// What was recorded of Wi-Fi, and only its ends can read, in a sentence.
    pub(super) fn sealed(&self) -> Option<String> {
        let frames = match self.encrypted_wifi {
            0 => return None,
            1 => "1 frame of Wi-Fi is encrypted: what it carries".to_owned(),
            count => format!("{count} frames of Wi-Fi are encrypted: what they carry"),
        };
        Some(format!(
            "{frames} can be read by its two ends alone; record on one of them, or on the wire behind the access point."
        ))
    }
}

/// Whether a TCP packet's checksum is right (RFC 9293 §3.1): `payload` ends the packet, and its header lies before it.
fn is_right(tcp: &TcpPacket, data: &[u8], payload: &Range<usize>) -> bool {
    let header = payload.start.checked_sub(tcp.header_length);
    let Some(segment) = header.and_then(|start| data.get(start..payload.end)) else {
        return false;
    };
    let mut sum = u64::from(6u16) + segment.len() as u64;
    let mut add = |bytes: &[u8]| {
        for pair in bytes.chunks(2) {
            let low = pair.get(1).copied().unwrap_or_default();
            sum += u64::from(u16::from_be_bytes([
                pair.first().copied().unwrap_or_default(),
                low,
            ]));
        }
    };
    for address in [tcp.from.ip(), tcp.to.ip()] {
        match address {
            IpAddr::V4(address) => add(&address.octets()),
            IpAddr::V6(address) => add(&address.octets()),
        }
    }
    add(segment);
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum == 0xffff
}

#[cfg(test)]
mod tests;
