//! One packet, from its link header down to TCP.

use std::net::{IpAddr, SocketAddr};

use etherparse::{LaxNetSlice, LaxSlicedPacket, TransportSlice};
use pcap_parser::Linktype;

/// What of a packet belongs to a TCP connection.
#[allow(clippy::struct_excessive_bools, reason = "flags of the header")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Where the payload begins in the packet, and its length: never more than was recorded.
    pub payload: usize,
    pub length: usize,
}

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    Tcp(TcpPacket),
    /// A part of an IP packet that was sent in parts.
    Fragment,
    /// Something else: UDP, ARP, ….
    Other,
    /// A link type that is not read here.
    UnknownLink,
}

/// Takes a packet apart.
pub(super) fn frame(link: Linktype, data: &[u8]) -> Frame {
    let Some(sliced) = slice(link, data) else {
        return if is_known(link) {
            Frame::Other
        } else {
            Frame::UnknownLink
        };
    };
    let (from, to) = match &sliced.net {
        Some(LaxNetSlice::Ipv4(ip)) => {
            if ip.header().is_fragmenting_payload() {
                return Frame::Fragment;
            }
            (
                IpAddr::V4(ip.header().source_addr()),
                IpAddr::V4(ip.header().destination_addr()),
            )
        }
        Some(LaxNetSlice::Ipv6(ip)) => {
            if ip.extensions().is_fragmenting_payload() {
                return Frame::Fragment;
            }
            (
                IpAddr::V6(ip.header().source_addr()),
                IpAddr::V6(ip.header().destination_addr()),
            )
        }
        _ => return Frame::Other,
    };
    let Some(TransportSlice::Tcp(tcp)) = &sliced.transport else {
        return Frame::Other;
    };
    let payload = tcp.payload();
    // Both are parts of one buffer.
    let offset = (payload.as_ptr() as usize).saturating_sub(data.as_ptr() as usize);
    Frame::Tcp(TcpPacket {
        from: SocketAddr::new(from, tcp.source_port()),
        to: SocketAddr::new(to, tcp.destination_port()),
        sequence: tcp.sequence_number(),
        acknowledged: tcp.ack().then(|| tcp.acknowledgment_number()),
        is_syn: tcp.syn(),
        is_ack: tcp.ack(),
        is_fin: tcp.fin(),
        is_reset: tcp.rst(),
        is_pushed: tcp.psh(),
        payload: offset,
        length: payload.len(),
    })
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
const PPP: Linktype = Linktype(9);

fn is_known(link: Linktype) -> bool {
    link == Linktype::ETHERNET
        || LOOPBACK.contains(&link)
        || RAW.contains(&link)
        || [LINUX_COOKED, LINUX_COOKED_2, PPP].contains(&link)
}

fn slice(link: Linktype, data: &[u8]) -> Option<LaxSlicedPacket<'_>> {
    let of_type = |at: usize, header: usize| {
        let [high, low] = *data.get(at..at + 2)? else {
            return None;
        };
        let ether_type = etherparse::EtherType(u16::from_be_bytes([high, low]));
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

    fn assert_tcp(link: Linktype, data: &[u8]) {
        let Frame::Tcp(tcp) = frame(link, data) else {
            panic!("{link} is read");
        };
        assert_eq!(tcp.from.to_string(), "10.0.0.1:1000");
        assert!(tcp.is_syn && !tcp.is_ack);
        assert_eq!(&data[tcp.payload..tcp.payload + tcp.length], b"abc", "{link}");
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
                let is_found = matches!(frame(PPP, &packet), Frame::Tcp(_));
                assert_eq!(is_found, is_tcp, "{protocol:x}");
            }
            let other = [before, &[0xc0, 0x21], &v6].concat();
            assert_eq!(frame(PPP, &other), Frame::Other);
        }
    }

    /// What is read and what is not: the first and the last of each family, and their neighbours.
    #[test]
    fn a_link_type_that_is_read_is_never_called_unknown() {
        for number in [0, 1, 9, 12, 14, 101, 108, 113, 228, 229, 276] {
            assert_eq!(frame(Linktype(number), &[0; 64]), Frame::Other, "{number}");
        }
        for number in [
            2, 8, 10, 11, 13, 15, 100, 102, 105, 107, 109, 112, 114, 227, 230, 275, 277,
        ] {
            assert_eq!(frame(Linktype(number), &ip()), Frame::UnknownLink, "{number}");
        }
    }

    #[test]
    fn what_is_no_tcp_is_passed_over() {
        assert_eq!(frame(Linktype(105), &ip()), Frame::UnknownLink);
        assert_eq!(frame(Linktype::ETHERNET, &[0; 60]), Frame::Other);
        assert_eq!(frame(Linktype::ETHERNET, &[]), Frame::Other);
        for length in 0..ip().len() {
            let _ = frame(Linktype::RAW, &ip()[..length]);
        }
    }
}
