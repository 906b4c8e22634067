//! Every kind of tunnel: where the packet in it begins, with each flag of its header, and where the header is cut.

use super::*;
use TunnelKind::{Erspan, Geneve, Gre, GtpU, IpInIp, L2tp, Teredo, Vxlan};

/// A payload, how much of it is needed to read it, and what it is.
type Case = (&'static [u8], usize, Option<Wrapped>);

const IP: u8 = 0x45;

#[allow(clippy::unnecessary_wraps, reason = "as the readers answer")]
fn wrapped(form: Form, begins: usize, kind: TunnelKind, network: Option<u32>) -> Option<Wrapped> {
    Some((form, begins, Some((kind, network))))
}

/// What is read of these bytes, and that one byte less than `least` of them is none.
fn assert_read(read: &dyn Fn(&[u8]) -> Option<Wrapped>, bytes: &[u8], least: usize, wanted: Option<Wrapped>) {
    assert_eq!(read(bytes), wanted, "{bytes:x?}");
    if wanted.is_some() {
        assert_eq!(read(&bytes[..least]), wanted, "{:x?}", &bytes[..least]);
        assert_eq!(read(&bytes[..least - 1]), None, "{:x?}", &bytes[..least - 1]);
    }
}

#[test]
fn what_an_ip_packet_carries() {
    for protocol in 0..=255 {
        let wanted = match protocol {
            4 | 41 => wrapped(Form::Ip, 0, IpInIp, None),
            _ => None,
        };
        assert_eq!(within_ip(protocol, &[]), wanted, "{protocol}");
    }
    // MPLS in IP: a label with the last bit, then IP.
    assert_eq!(within_ip(137, &[0, 0, 1, 0, IP]), Some((Form::Ip, 4, None)));
    let ether = Form::EtherType;
    for (bytes, least, wanted) in [
        (&[0, 0, 8, 0, IP][..], 4, wrapped(ether(IPV4), 4, Gre, None)),
        (&[0, 0, 0x86, 0xdd, 0], 4, wrapped(ether(IPV6), 4, Gre, None)),
        (&[0, 0, 0x65, 0x58, 0], 4, wrapped(ETHERNET, 4, Gre, None)),
        (&[0, 0, 0x88, 0x47, 0], 4, wrapped(ether(0x8847), 4, Gre, None)),
        (&[0, 0, 0x88, 0x48, 0], 4, wrapped(ether(0x8848), 4, Gre, None)),
        (&[0, 0, 0x88, 0x49, 0], 4, None),
        // A checksum, a key, a number, and all of them.
        (&[0x80, 0, 8, 0], 4, wrapped(ether(IPV4), 8, Gre, None)),
        (
            &[0x20, 0, 8, 0, 1, 2, 3, 4, 0],
            8,
            wrapped(ether(IPV4), 8, Gre, Some(0x0102_0304)),
        ),
        (&[0x10, 0, 8, 0], 4, wrapped(ether(IPV4), 8, Gre, None)),
        (
            &[0xb0, 0, 8, 0, 9, 9, 9, 9, 1, 2, 3, 4, 0],
            12,
            wrapped(ether(IPV4), 16, Gre, Some(0x0102_0304)),
        ),
        // Routing, and PPTP's version.
        (&[0x40, 0, 8, 0, 0, 0, 0, 0], 4, None),
        (&[0, 1, 8, 0, 0, 0, 0, 0], 4, None),
        (&[0, 4, 8, 0, 0, 0, 0, 0], 4, None),
        (&[0, 8, 8, 0], 4, wrapped(ether(IPV4), 4, Gre, None)),
        // ERSPAN's three forms.
        (&[0, 0, 0x88, 0xbe], 4, wrapped(ETHERNET, 4, Erspan, None)),
        (
            &[0x20, 0, 0x88, 0xbe, 0, 0, 0, 1],
            8,
            wrapped(ETHERNET, 8, Erspan, None),
        ),
        (
            &[0x10, 0, 0x88, 0xbe, 0, 0, 0, 0, 0x10, 0, 0xff, 0xfe],
            12,
            wrapped(ETHERNET, 16, Erspan, Some(0x03fe)),
        ),
        (
            &[
                0x10, 0, 0x22, 0xeb, 0, 0, 0, 0, 0x20, 0, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0,
            ],
            20,
            wrapped(ETHERNET, 20, Erspan, Some(5)),
        ),
        (
            &[
                0x10, 0, 0x22, 0xeb, 0, 0, 0, 0, 0x20, 0, 1, 5, 0, 0, 0, 0, 0, 0, 0, 1,
            ],
            20,
            wrapped(ETHERNET, 28, Erspan, Some(0x105)),
        ),
        (
            &[0, 0, 0x22, 0xeb, 0x20, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
            16,
            wrapped(ETHERNET, 16, Erspan, Some(1)),
        ),
    ] {
        assert_read(&|bytes| within_ip(47, bytes), bytes, least, wanted);
    }
}

#[test]
fn what_a_datagram_carries_by_its_ports() {
    let vxlan = [8, 0, 0, 0, 1, 2, 3, 0];
    let geneve = [0, 0, 0x65, 0x58, 0, 0, 7, 0];
    let gtp = [0x30, 255, 0, 0, 0, 0, 1, 0, IP];
    let l2tp = [0, 2, 0, 9, 0, 5];
    let teredo = [0x60];
    // The port that it is sent to tells; for two of them either port does.
    for (ports, bytes, wanted) in [
        (
            [1, 4789],
            &vxlan[..],
            wrapped(ETHERNET, 8, Vxlan, Some(0x0001_0203)),
        ),
        ([1, 8472], &vxlan, wrapped(ETHERNET, 8, Vxlan, Some(0x0001_0203))),
        ([4789, 1], &vxlan, None),
        ([1, 4788], &vxlan, None),
        ([1, 6081], &geneve, wrapped(ETHERNET, 8, Geneve, Some(7))),
        ([6081, 1], &geneve, None),
        ([1, 2152], &gtp, wrapped(Form::Ip, 8, GtpU, Some(256))),
        ([2152, 1], &gtp, None),
        ([1, 1701], &l2tp, wrapped(Form::Link(PPP), 6, L2tp, Some(5))),
        ([1701, 1], &l2tp, wrapped(Form::Link(PPP), 6, L2tp, Some(5))),
        ([1, 3544], &teredo, wrapped(Form::Ip, 0, Teredo, None)),
        ([3544, 1], &teredo, wrapped(Form::Ip, 0, Teredo, None)),
        ([53, 53], &vxlan, None),
    ] {
        assert_eq!(within_udp(ports, bytes), wanted, "{ports:?}");
    }
    let ether = Form::EtherType;
    let tables: [(u16, &[Case]); 5] = [
        (
            VXLAN_PORTS[0],
            &[
                (
                    &[0xff, 0, 0, 0, 0, 0, 1, 0xff],
                    8,
                    wrapped(ETHERNET, 8, Vxlan, Some(1)),
                ),
                (&[0xf7, 0, 0, 0, 0, 0, 1, 0], 8, None),
            ],
        ),
        (
            GENEVE_PORT,
            &[
                (
                    &[0, 0, 8, 0, 1, 0, 0, 0xff],
                    8,
                    wrapped(ether(IPV4), 8, Geneve, Some(0x0001_0000)),
                ),
                // Options: their length in words of four bytes.
                (
                    &[0x3f, 0xff, 0x86, 0xdd, 0, 0, 0, 0],
                    8,
                    wrapped(ether(IPV6), 8 + 63 * 4, Geneve, Some(0)),
                ),
                (&[0x40, 0, 8, 0, 0, 0, 0, 0], 8, None),
                (&[0x80, 0, 8, 0, 0, 0, 0, 0], 8, None),
                (&[0, 0, 9, 0, 0, 0, 0, 0], 8, None),
            ],
        ),
        (
            GTP_PORT,
            &[
                (
                    &[0x30, 255, 0, 0, 1, 0, 0, 2, 0x60],
                    9,
                    wrapped(Form::Ip, 8, GtpU, Some(0x0100_0002)),
                ),
                (&[0x30, 255, 0, 0, 0, 0, 0, 0, 0x50], 9, None),
                (&[0x30, 254, 0, 0, 0, 0, 0, 0, IP], 9, None),
                // GTP', and another version.
                (&[0x20, 255, 0, 0, 0, 0, 0, 0, IP], 9, None),
                (&[0x50, 255, 0, 0, 0, 0, 0, 0, IP], 9, None),
                (&[0x38, 255, 0, 0, 0, 0, 0, 0, IP], 9, None),
                // A number, of which the last byte says that no header follows; and two headers that do.
                (
                    &[0x32, 255, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, IP],
                    13,
                    wrapped(Form::Ip, 12, GtpU, Some(1)),
                ),
                (
                    &[0x31, 255, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, IP],
                    13,
                    wrapped(Form::Ip, 12, GtpU, Some(1)),
                ),
                (
                    &[
                        0x34, 255, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 0, 0xc0, 2, 0, 0, 0, 0, 0, 0, 0, IP,
                    ],
                    25,
                    wrapped(Form::Ip, 24, GtpU, Some(1)),
                ),
                // A header of no length is taken for the shortest.
                (
                    &[0x34, 255, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x85, 0, 0, 0, 0, IP],
                    17,
                    wrapped(Form::Ip, 16, GtpU, Some(1)),
                ),
            ],
        ),
        (
            L2TP_PORT,
            &[
                (
                    &[0, 2, 0, 9, 1, 5],
                    6,
                    wrapped(Form::Link(PPP), 6, L2tp, Some(0x0105)),
                ),
                (
                    &[0x40, 2, 0, 8, 0, 9, 0, 5],
                    8,
                    wrapped(Form::Link(PPP), 8, L2tp, Some(5)),
                ),
                (
                    &[0x08, 2, 0, 9, 0, 5],
                    6,
                    wrapped(Form::Link(PPP), 10, L2tp, Some(5)),
                ),
                (
                    &[0x02, 2, 0, 9, 0, 5, 1, 3],
                    8,
                    wrapped(Form::Link(PPP), 8 + 0x103, L2tp, Some(5)),
                ),
                (
                    &[0x4a, 0xf2, 0, 8, 0, 9, 0, 5, 0, 1, 0, 2, 0, 4],
                    14,
                    wrapped(Form::Link(PPP), 18, L2tp, Some(5)),
                ),
                (&[0x80, 2, 0, 9, 0, 5], 6, None),
                (&[0, 3, 0, 9, 0, 5], 6, None),
            ],
        ),
        (
            TEREDO_PORT,
            &[
                (&[0x60], 1, wrapped(Form::Ip, 0, Teredo, None)),
                (&[0x45], 1, None),
                // An origin; an authentication with a name and a value; and both.
                (
                    &[0, 0, 1, 2, 3, 4, 5, 6, 0x60],
                    9,
                    wrapped(Form::Ip, 8, Teredo, None),
                ),
                (
                    &[0, 1, 2, 1, 7, 7, 8, 9, 9, 9, 9, 9, 9, 9, 9, 9, 0x60],
                    17,
                    wrapped(Form::Ip, 16, Teredo, None),
                ),
                (
                    &[
                        0, 1, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 0, 0, 0, 1, 2, 3, 4, 5, 6, 0x60,
                    ],
                    22,
                    wrapped(Form::Ip, 21, Teredo, None),
                ),
            ],
        ),
    ];
    for (port, cases) in tables {
        for (bytes, least, wanted) in cases {
            assert_read(&|bytes| within_udp([1, port], bytes), bytes, *least, *wanted);
        }
    }
}

/// A chain of headers is followed to its eighth, and no further.
#[test]
fn headers_without_end_are_not_followed() {
    let with = |headers: usize| {
        let mut bytes = vec![0x34, 255, 0, 0, 0, 0, 0, 1, 0, 0, 0];
        for _ in 0..headers {
            bytes.extend([0x85, 1, 0, 0]);
        }
        bytes.extend([0, IP]);
        within_udp([1, GTP_PORT], &bytes)
    };
    assert_eq!(with(8), wrapped(Form::Ip, 44, GtpU, Some(1)));
    // The ninth is taken for the packet, and is none.
    assert_eq!(with(9), None);
}

#[test]
fn what_labels_and_sessions_carry() {
    let read = |ether_type: u16| move |bytes: &[u8]| within_ether(ether_type, bytes);
    for (bytes, least, wanted) in [
        (&[0, 0, 1, 64, IP][..], 5, Some((Form::Ip, 4, None))),
        (&[0, 0, 1, 64, 0x60], 5, Some((Form::Ip, 4, None))),
        (&[0, 0, 1, 64, 0], 5, Some((ETHERNET, 8, None))),
        (&[0, 0, 1, 64, 0x10], 5, None),
        (
            &[0, 0, 0xfe, 64, 0, 0, 0xff, 64, IP],
            9,
            Some((Form::Ip, 8, None)),
        ),
        (&[0, 0, 0, 64, 0, 0, 0, 64, IP], 9, None),
    ] {
        assert_read(&read(0x8847), bytes, least, wanted);
        assert_read(&read(0x8848), bytes, least, wanted);
        assert_eq!(within_ether(0x8849, bytes), None);
    }
    for (labels, is_read) in [(16, true), (17, false)] {
        let mut bytes = [0, 0, 0, 64].repeat(labels - 1);
        bytes.extend([0, 0, 1, 64, IP]);
        assert_eq!(within_ether(0x8847, &bytes).is_some(), is_read, "{labels} labels");
    }
    for (bytes, least, wanted) in [
        (&[0x11, 0, 0, 1, 0, 9, 0, 0x21][..], 8, Some((Form::Ip, 8, None))),
        (&[0x11, 0, 0, 1, 0, 9, 0, 0x57], 8, Some((Form::Ip, 8, None))),
        (&[0x11, 0, 0, 1, 0, 9, 0xc0, 0x21], 8, None),
        (&[0x11, 9, 0, 1, 0, 9, 0, 0x21], 8, None),
        (&[0x12, 0, 0, 1, 0, 9, 0, 0x21], 8, None),
    ] {
        assert_read(&read(PPPOE_SESSION), bytes, least, wanted);
    }
}
