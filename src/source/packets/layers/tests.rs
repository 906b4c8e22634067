//! How deep is looked, what is counted, and which checksums are right.

use super::*;
use pcap_parser::Linktype;

/// A TCP packet of this payload, in IPv4 or IPv6.
fn tcp(is_v6: bool, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let result = if is_v6 {
        etherparse::PacketBuilder::ipv6([1; 16], [2; 16], 64)
            .tcp(1000, 443, 7, 1024)
            .write(&mut out, payload)
    } else {
        etherparse::PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64)
            .tcp(1000, 443, 7, 1024)
            .write(&mut out, payload)
    };
    result.expect("a vector");
    out
}

/// The same in so many layers of IP in IP.
fn deep(layers: usize, inner: &[u8]) -> Vec<u8> {
    (0..layers).fold(inner.to_vec(), |inner, _| {
        let mut out = Vec::new();
        etherparse::PacketBuilder::ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64)
            .write(&mut out, etherparse::IpNumber::IPV4, &inner)
            .expect("a vector");
        out
    })
}

fn take_apart(layers: &mut Layers, link: Linktype, data: &[u8]) -> Vec<String> {
    let packet = Packet {
        link,
        at_unix_us: Some(5),
        data,
        offset: 1000,
    };
    let mut told = Vec::new();
    layers.take_apart(&packet, &mut |found| {
        told.push(match found {
            Found::Tcp(tcp, carried) => format!(
                "{} to {}: {:?} at {:?}, {:?}, in {}",
                tcp.from,
                tcp.to,
                carried.payload,
                carried
                    .places
                    .iter()
                    .map(|place| (place.offset, place.length))
                    .collect::<Vec<_>>(),
                carried.at_unix_us,
                carried.tunnels.len()
            ),
            Found::Udp(udp, payload) => format!("{} to {} in UDP: {payload:?}", udp.from, udp.to),
            Found::Eapol(eapol, payload) => format!("{:?}: {payload:?}", eapol.from),
        });
    });
    told
}

#[test]
fn as_many_layers_are_looked_into_as_are_allowed() {
    let inner = tcp(false, b"abc");
    for (count, is_found) in [
        (0, true),
        (1, true),
        (MOST_LAYERS, true),
        (MOST_LAYERS + 1, false),
    ] {
        let mut layers = Layers::default();
        let told = take_apart(&mut layers, Linktype::RAW, &deep(count, &inner));
        let wanted = format!(
            "10.0.0.1:1000 to 10.0.0.2:443: [97, 98, 99] at [({}, 3)], Some(5), in {count}",
            1000 + 20 * count + 40
        );
        assert_eq!(told, Vec::from_iter(is_found.then_some(wanted)), "{count}");
        let remark = "1 packet is wrapped in more layers than are looked into here.".to_owned();
        assert_eq!(
            layers.end(),
            Vec::from_iter((!is_found).then_some(remark)),
            "{count}"
        );
    }
}

#[test]
fn datagrams_and_eapol_are_handed_over_with_what_they_carry() {
    let mut datagram = Vec::new();
    etherparse::PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64)
        .udp(1000, 53)
        .write(&mut datagram, b"ab")
        .expect("a vector");
    let mut layers = Layers::default();
    assert_eq!(
        take_apart(&mut layers, Linktype::RAW, &deep(2, &datagram)),
        ["10.0.0.1:1000 to 10.0.0.2:53 in UDP: [97, 98]"]
    );
    let frame = [
        &[1, 0x80, 0xc2, 0, 0, 3, 2, 0, 0, 0, 0, 7, 0x88, 0x8e][..],
        &[2, 0, 0, 0],
    ]
    .concat();
    assert_eq!(
        take_apart(&mut layers, Linktype::ETHERNET, &frame),
        ["[2, 0, 0, 0, 0, 7]: [2, 0, 0, 0]"]
    );
    assert_eq!(layers.end(), Vec::<String>::new());
}

/// One is told as one, several are counted, and each kind has its own sentence, in this order.
#[test]
fn what_was_odd_is_counted_by_its_kind() {
    let mut layers = Layers::default();
    assert_eq!((layers.end(), layers.sealed()), (Vec::new(), None));
    for (count, wanted) in [
        (
            1,
            [
                "1 IP packet was sent in fragments, of which not all were recorded; what it carried is missing. (A filter by port lets only the first fragment pass.)",
                "1 IP packet was sent in fragments that overlap or do not fit together; it was passed over.",
                "1 packet is wrapped in more layers than are looked into here.",
                "1 packet is of a link type that is not read here; Ethernet, Wi-Fi, Linux cooked, raw IP, loopback and PPP are.",
            ],
        ),
        (
            2,
            [
                "2 IP packets were sent in fragments, of which not all were recorded; what they carried is missing. (A filter by port lets only the first fragment pass.)",
                "2 IP packets were sent in fragments that overlap or do not fit together; they were passed over.",
                "2 packets are wrapped in more layers than are looked into here.",
                "2 packets are of a link type that is not read here; Ethernet, Wi-Fi, Linux cooked, raw IP, loopback and PPP are.",
            ],
        ),
    ] {
        let mut layers = Layers::default();
        for _ in 0..count {
            take_apart(&mut layers, Linktype(9999), &[0; 60]);
            take_apart(
                &mut layers,
                Linktype::RAW,
                &deep(MOST_LAYERS + 1, &tcp(false, b"")),
            );
        }
        layers.fragments.incomplete = count;
        layers.fragments.contradicting = count;
        layers.encrypted_wifi = count;
        assert_eq!(layers.end(), wanted);
        let sealed = layers.sealed().expect("it is told");
        let words = if count == 1 {
            "1 frame of Wi-Fi is encrypted: what it carries can be read"
        } else {
            "2 frames of Wi-Fi are encrypted: what they carry can be read"
        };
        assert!(sealed.starts_with(words), "{sealed}");
    }
}

/// A packet that was joined counts where its checksum is right: of both versions, of odd and even length, whatever was turned.
#[test]
fn the_checksum_tells_whether_parts_are_of_one_packet() {
    for is_v6 in [false, true] {
        for payload in [&b""[..], b"a", b"ab", b"abc", &[0xff; 1001]] {
            let data = tcp(is_v6, payload);
            let Frame::Tcp(found, range) = frame(Form::Ip, &data) else {
                panic!("no TCP");
            };
            assert!(is_right(&found, &data, &range), "{is_v6}, {payload:?}");
            let header = range.start - found.header_length;
            for at in header..data.len() {
                let mut turned = data.clone();
                turned[at] ^= 0x10;
                assert!(!is_right(&found, &turned, &range), "{is_v6}, byte {at}");
            }
            assert!(
                !is_right(&found, &data, &(range.start..range.end + 1)),
                "beyond the end"
            );
            assert!(
                !is_right(&found, &data, &(found.header_length - 1..range.end)),
                "before the start"
            );
            let other = TcpPacket {
                to: std::net::SocketAddr::from(([10, 0, 0, 9], 443)),
                ..found
            };
            assert!(!is_right(&other, &data, &range), "another end");
        }
    }
}
