//! One packet, from its link header down to TCP, or to a packet that lies inside it.

use std::net::{IpAddr, SocketAddr};
use std::ops::Range;

use etherparse::{EtherType, Ipv6ExtensionSlice, LaxIpv6Slice, LaxNetSlice, LaxSlicedPacket, TransportSlice};
use pcap_parser::Linktype;

use super::eapol_frame::{EapolFrame, eapol};
use super::inner::{Form, PPP, Way, Wrapped, within_ether, within_ip, within_udp};
use super::wifi::{Wifi, is_wifi, wifi};
use crate::capture::Tunnel;

/// What of a packet belongs to a TCP connection.
#[allow(clippy::struct_excessive_bools, reason = "flags of the header")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TcpPacket {
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub sequence: u32,
    /// The number that the sender expects next from its peer.
    pub acknowledged: Option<u32>,
    pub is_syn: bool,
    pub is_ack: bool,
    pub is_fin: bool,
    pub is_reset: bool,
    /// The sender had no more to send just then.
    pub is_pushed: bool,
    pub header_length: usize,
}

/// Who sent a UDP datagram to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UdpPacket {
    pub from: SocketAddr,
    pub to: SocketAddr,
}

/// A part of an IP packet that was sent in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IpFragment {
    pub from: IpAddr,
    pub to: IpAddr,
    /// The number that all parts of one packet bear.
    pub identification: u32,
    /// What the whole packet carries.
    pub protocol: u8,
    /// Where this part lies in the whole packet's payload.
    pub position: usize,
    /// Another part follows.
    pub has_more: bool,
    /// Not all of it was recorded.
    pub is_cut: bool,
    /// Its bytes in the packet.
    pub range: Range<usize>,
}

/// What a packet is. Ranges count from where the packet begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// TCP, and where its payload lies: never more than was recorded.
    Tcp(TcpPacket, Range<usize>),
    /// UDP, and where its payload lies.
    Udp(UdpPacket, Range<usize>),
    /// EAP over LAN (IEEE 802.1X), straight behind the link header.
    Eapol(EapolFrame),
    /// Another packet lies inside: how to read it, where, and what wrapped it.
    Inner(Form, Range<usize>, Option<Tunnel>),
    Fragment(IpFragment),
    /// A frame of Wi-Fi that only its two ends can read.
    EncryptedWifi,
    /// Something else: ARP, ICMP, ….
    Other,
    /// A link type that is not read here.
    UnknownLink,
}

/// Takes a packet apart.
pub(super) fn frame(form: Form, data: &[u8]) -> Frame {
    if let Form::Link(link) = form
        && is_wifi(link)
    {
        return match wifi(link, data) {
            Some(Wifi::Packet { ether_type, begins }) => {
                Frame::Inner(Form::EtherType(ether_type), begins..data.len(), None)
            }
            Some(Wifi::Eapol(frame)) => Frame::Eapol(frame),
            Some(Wifi::Encrypted) => Frame::EncryptedWifi,
            None => Frame::Other,
        };
    }
    let Some(sliced) = slice(form, data) else {
        return match form {
            Form::Link(link) if !is_known(link) => Frame::UnknownLink,
            Form::Link(_) | Form::EtherType(_) | Form::Ip => Frame::Other,
        };
    };
    let (from, to) = match &sliced.net {
        Some(LaxNetSlice::Ipv4(ip)) => {
            let header = ip.header();
            let (from, to) = (header.source_addr().into(), header.destination_addr().into());
            if header.is_fragmenting_payload() {
                return Frame::Fragment(IpFragment {
                    from,
                    to,
                    identification: u32::from(header.identification()),
                    protocol: header.protocol().0,
                    position: usize::from(header.fragments_offset().value()) * 8,
                    has_more: header.more_fragments(),
                    is_cut: ip.payload().incomplete,
                    range: after(data, header.slice(), ip.payload().payload),
                });
            }
            (from, to)
        }
        Some(LaxNetSlice::Ipv6(ip)) => {
            let header = ip.header();
            let (from, to) = (header.source_addr().into(), header.destination_addr().into());
            if ip.extensions().is_fragmenting_payload() {
                return v6_fragment(data, ip, from, to).map_or(Frame::Other, Frame::Fragment);
            }
            (from, to)
        }
        Some(LaxNetSlice::Arp(_)) => return Frame::Other,
        None => {
            let frame = match form {
                Form::Link(link) => eapol(link, data),
                Form::EtherType(_) | Form::Ip => None,
            };
            return frame.map_or_else(|| beneath(data, &sliced), Frame::Eapol);
        }
    };
    let tunnel = |(kind, network): Way| Tunnel {
        kind,
        from,
        to,
        network,
    };
    match &sliced.transport {
        Some(TransportSlice::Tcp(tcp)) => Frame::Tcp(
            TcpPacket {
                from: SocketAddr::new(from, tcp.source_port()),
                to: SocketAddr::new(to, tcp.destination_port()),
                sequence: tcp.sequence_number(),
                acknowledged: tcp.ack().then(|| tcp.acknowledgment_number()),
                is_syn: tcp.syn(),
                is_ack: tcp.ack(),
                is_fin: tcp.fin(),
                is_reset: tcp.rst(),
                is_pushed: tcp.psh(),
                header_length: tcp.header_len(),
            },
            place(data, tcp.payload()),
        ),
        Some(TransportSlice::Udp(udp)) => {
            let payload = udp.payload();
            let wrapped = within_udp([udp.source_port(), udp.destination_port()], payload);
            if let Some(found) = wrapped {
                return inner(data, payload, found, tunnel);
            }
            let ends = UdpPacket {
                from: SocketAddr::new(from, udp.source_port()),
                to: SocketAddr::new(to, udp.destination_port()),
            };
            Frame::Udp(ends, place(data, payload))
        }
        None => {
            let Some(ip) = sliced.ip_payload() else {
                return Frame::Other;
            };
            let wrapped = within_ip(ip.ip_number.0, ip.payload);
            wrapped.map_or(Frame::Other, |found| inner(data, ip.payload, found, tunnel))
        }
        Some(TransportSlice::Icmpv4(_) | TransportSlice::Icmpv6(_) | TransportSlice::Igmp(_)) => Frame::Other,
    }
}

/// What follows an EtherType that says nothing of IP.
fn beneath(data: &[u8], sliced: &LaxSlicedPacket<'_>) -> Frame {
    let Some(ether) = sliced.ether_payload() else {
        return Frame::Other;
    };
    let Some((form, begins, _)) = within_ether(ether.ether_type.0, ether.payload) else {
        return Frame::Other;
    };
    let whole = place(data, ether.payload);
    Frame::Inner(form, (whole.start + begins).min(whole.end)..whole.end, None)
}

fn inner(data: &[u8], payload: &[u8], (form, begins, way): Wrapped, tunnel: impl Fn(Way) -> Tunnel) -> Frame {
    let whole = place(data, payload);
    let range = (whole.start + begins).min(whole.end)..whole.end;
    Frame::Inner(form, range, way.map(tunnel))
}

/// The part that lies behind IPv6's fragment header (RFC 8200 §4.5). What lies behind it in any part but the first is no
/// header, whatever it looks like.
fn v6_fragment(data: &[u8], ip: &LaxIpv6Slice<'_>, from: IpAddr, to: IpAddr) -> Option<IpFragment> {
    let header = ip.extensions().clone().into_iter().find_map(|one| match one {
        Ipv6ExtensionSlice::Fragment(header) => Some(header),
        Ipv6ExtensionSlice::HopByHop(_)
        | Ipv6ExtensionSlice::Routing(_)
        | Ipv6ExtensionSlice::DestinationOptions(_)
        | Ipv6ExtensionSlice::Authentication(_) => None,
    })?;
    Some(IpFragment {
        from,
        to,
        identification: header.identification(),
        protocol: header.next_header().0,
        position: usize::from(header.fragment_offset().value()) * 8,
        has_more: header.more_fragments(),
        is_cut: ip.payload().incomplete,
        range: after(data, header.slice(), ip.payload().payload),
    })
}

/// Where a part of `data` lies in it.
fn place(data: &[u8], part: &[u8]) -> Range<usize> {
    // Both are parts of one buffer.
    let start = (part.as_ptr() as usize).saturating_sub(data.as_ptr() as usize);
    start..start + part.len()
}

/// From the end of a header to the end of what it heads.
fn after(data: &[u8], header: &[u8], payload: &[u8]) -> Range<usize> {
    let end = place(data, payload).end;
    place(data, header).end.min(end)..end
}

/// BSD loopback in the host's byte order, or the network's (`LINKTYPE_NULL`, `LINKTYPE_LOOP`).
const LOOPBACK: [Linktype; 2] = [Linktype::NULL, Linktype::LOOP];
/// Bare IP: the registered number, those that systems used before it, and the two for one version each.
const RAW: [Linktype; 5] = [
    Linktype::RAW,
    Linktype(12),
    Linktype(14),
    Linktype::IPV4,
    Linktype::IPV6,
];
const LINUX_COOKED: Linktype = Linktype::LINUX_SLL;
const LINUX_COOKED_2: Linktype = Linktype(276);

fn is_known(link: Linktype) -> bool {
    link == Linktype::ETHERNET
        || LOOPBACK.contains(&link)
        || RAW.contains(&link)
        || [LINUX_COOKED, LINUX_COOKED_2, PPP].contains(&link)
}

fn slice(form: Form, data: &[u8]) -> Option<LaxSlicedPacket<'_>> {
    match form {
        Form::Link(link) => of_link(link, data),
        Form::EtherType(number) => Some(LaxSlicedPacket::from_ether_type(EtherType(number), data)),
        Form::Ip => LaxSlicedPacket::from_ip(data).ok(),
    }
}

fn of_link(link: Linktype, data: &[u8]) -> Option<LaxSlicedPacket<'_>> {
    let of_type = |at: usize, header: usize| {
        let [high, low] = *data.get(at..at + 2)? else {
            return None;
        };
        let ether_type = EtherType(u16::from_be_bytes([high, low]));
        Some(LaxSlicedPacket::from_ether_type(ether_type, data.get(header..)?))
    };
    match link {
        // Cisco's metadata lies between the addresses and the true type: a version, a length, an option, a tag.
        Linktype::ETHERNET if data.get(12..14) == Some(&[0x89, 0x09]) => of_type(20, 22),
        Linktype::ETHERNET => LaxSlicedPacket::from_ethernet(data).ok(),
        LINUX_COOKED => of_type(14, 16),
        LINUX_COOKED_2 => of_type(0, 20),
        // The address family's number differs from system to system; the packet itself says which IP it is.
        link if LOOPBACK.contains(&link) => LaxSlicedPacket::from_ip(data.get(4..)?).ok(),
        link if RAW.contains(&link) => LaxSlicedPacket::from_ip(data).ok(),
        PPP => {
            // Address and control, 0xff03, may be left out (RFC 1661 §6.6).
            let at = if data.starts_with(&[0xff, 0x03]) { 2 } else { 0 };
            matches!(data.get(at..at + 2)?, [0x00, 0x21 | 0x57])
                .then(|| LaxSlicedPacket::from_ip(data.get(at + 2..)?).ok())
                .flatten()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SYN from 10.0.0.1:1000 to 10.0.0.2:443 with a payload of three bytes.
    fn ip() -> Vec<u8> {
        let mut out = Vec::new();
        etherparse::PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64)
            .tcp(1000, 443, 7, 1024)
            .syn()
            .write(&mut out, b"abc")
            .expect("a vector");
        out
    }

    fn of(link: Linktype, data: &[u8]) -> Frame {
        frame(Form::Link(link), data)
    }

    fn assert_tcp(link: Linktype, data: &[u8]) {
        let Frame::Tcp(tcp, payload) = frame(Form::Link(link), data) else {
            panic!("{link} is read");
        };
        assert_eq!(tcp.from.to_string(), "10.0.0.1:1000");
        assert!(tcp.is_syn && !tcp.is_ack);
        assert_eq!(&data[payload], b"abc", "{link}");
    }

    #[test]
    fn the_same_packet_is_found_under_every_link_header() {
        let with = |header: &[u8]| [header, &ip()].concat();
        assert_tcp(Linktype::RAW, &ip());
        assert_tcp(Linktype::NULL, &with(&[2, 0, 0, 0]));
        assert_tcp(Linktype::LOOP, &with(&[0, 0, 0, 2]));
        let mac = [0u8; 12];
        assert_tcp(Linktype::ETHERNET, &with(&[&mac[..], &[8, 0]].concat()));
        assert_tcp(
            Linktype::ETHERNET,
            &with(&[&mac[..], &[0x81, 0, 0, 5, 0x81, 0, 0, 6, 8, 0]].concat()),
        );
        let metadata = [&mac[..], &[0x89, 0x09, 1, 1, 0, 1, 0, 9, 8, 0]].concat();
        assert_tcp(Linktype::ETHERNET, &with(&metadata));
        assert_tcp(LINUX_COOKED, &with(&[&[0u8; 14][..], &[8, 0]].concat()));
        assert_tcp(LINUX_COOKED_2, &with(&[&[8, 0][..], &[0u8; 18]].concat()));
        assert_tcp(PPP, &with(&[0xff, 3, 0, 0x21]));
        assert_tcp(PPP, &with(&[0, 0x21]));
        for link in RAW {
            assert_tcp(link, &ip());
        }
        // A frame as short as Ethernet's shortest is filled up; the filling is no payload.
        let padded = [with(&[&mac[..], &[8, 0]].concat()), vec![0; 20]].concat();
        assert_tcp(Linktype::ETHERNET, &padded);
    }

    /// PPP has a number of its own for IPv6 (RFC 5072 §2), and others for what is no IP.
    #[test]
    fn ppp_carries_both_versions_of_ip_and_more() {
        let mut v6 = Vec::new();
        etherparse::PacketBuilder::ipv6([1; 16], [2; 16], 64)
            .tcp(1000, 443, 7, 1024)
            .write(&mut v6, b"abc")
            .expect("a vector");
        for before in [&[0xff, 3][..], &[]] {
            for (protocol, is_tcp) in [(0x57, true), (0x21, true), (0x2b, false)] {
                let packet = [before, &[0, protocol], &v6].concat();
                let is_found = matches!(of(PPP, &packet), Frame::Tcp(..));
                assert_eq!(is_found, is_tcp, "{protocol:x}");
            }
            let other = [before, &[0xc0, 0x21], &v6].concat();
            assert_eq!(of(PPP, &other), Frame::Other);
        }
    }

    /// What is read and what is not: the first and the last of each family, and their neighbours.
    #[test]
    fn a_link_type_that_is_read_is_never_called_unknown() {
        for number in [0, 1, 9, 12, 14, 101, 105, 108, 113, 127, 192, 228, 229, 276] {
            assert_eq!(of(Linktype(number), &[0; 64]), Frame::Other, "{number}");
        }
        for number in [
            2, 8, 10, 11, 13, 15, 100, 102, 104, 107, 109, 112, 114, 227, 230, 275, 277,
        ] {
            assert_eq!(of(Linktype(number), &ip()), Frame::UnknownLink, "{number}");
        }
    }

    #[test]
    fn what_is_no_tcp_is_passed_over() {
        assert_eq!(of(Linktype(104), &ip()), Frame::UnknownLink);
        assert_eq!(of(Linktype::ETHERNET, &[0; 60]), Frame::Other);
        assert_eq!(of(Linktype::ETHERNET, &[]), Frame::Other);
        for length in 0..ip().len() {
            let _ = of(Linktype::RAW, &ip()[..length]);
        }
    }
}
