//! Every way in which packets travel inside others, each as what it makes of an Ethernet frame with IPv4 in it.

use super::wrapped::{ethernet, ipv4, ipv6, udp};

/// What lies around a packet.
pub type Wrap = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// Name, wrapping, and what is said of it.
pub fn wraps() -> Vec<(&'static str, Wrap, &'static str)> {
    fn gre(flags: u8, ether_type: u16, more: &[u8], inner: &[u8]) -> Vec<u8> {
        let [high, low] = ether_type.to_be_bytes();
        ethernet(0x0800, &ipv4(47, &[&[flags, 0, high, low], more, inner].concat()))
    }
    let vxlan = |port: u16| -> Wrap {
        Box::new(move |data| {
            let payload = [&[8, 0, 0, 0, 0, 0, 42, 0], data].concat();
            ethernet(0x0800, &ipv4(17, &udp(port, &payload)))
        })
    };
    let key = [0, 0, 0, 7];
    let ip = |data: &[u8]| data[14..].to_vec();
    let mut all: Vec<(&'static str, Wrap, &'static str)> = vec![
        (
            "IPv4 in IPv4",
            Box::new(move |data| ethernet(0x0800, &ipv4(4, &ip(data)))),
            "IP in IP from 192.0.2.1 to 192.0.2.2",
        ),
        (
            "IPv4 in IPv6",
            Box::new(move |data| ethernet(0x86dd, &ipv6(4, &ip(data)))),
            "IP in IP from 2001:db8::1 to 2001:db8::2",
        ),
        (
            "GRE",
            Box::new(move |data| gre(0, 0x0800, &[], &ip(data))),
            "GRE from 192.0.2.1",
        ),
        (
            "GRE with a checksum",
            Box::new(move |data| gre(0x80, 0x0800, &[0; 4], &ip(data))),
            "GRE from 192.0.2.1",
        ),
        (
            "GRE with all",
            Box::new(move |data| gre(0xb0, 0x0800, &[&[0; 4][..], &key, &[0; 4]].concat(), &ip(data))),
            "GRE (key 7) from",
        ),
        (
            "GRE with Ethernet",
            Box::new(move |data| gre(0x20, 0x6558, &key, data)),
            "GRE (key 7) from",
        ),
        (
            "ERSPAN I",
            Box::new(|data| gre(0, 0x88be, &[], data)),
            "ERSPAN from",
        ),
        (
            "ERSPAN II",
            Box::new(|data| gre(0x10, 0x88be, &[0, 0, 0, 1, 0x10, 5, 0, 9, 0, 0, 0, 0], data)),
            "ERSPAN (session 9) from",
        ),
        (
            "ERSPAN III",
            Box::new(|data| {
                gre(
                    0x10,
                    0x22eb,
                    &[0, 0, 0, 1, 0x20, 5, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0],
                    data,
                )
            }),
            "ERSPAN (session 9) from",
        ),
        (
            "ERSPAN III and more",
            Box::new(|data| {
                let mut head = vec![0, 0, 0, 1, 0x20, 5, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1];
                head.extend([0; 8]);
                gre(0x10, 0x22eb, &head, data)
            }),
            "ERSPAN (session 9) from",
        ),
        (
            "VXLAN",
            vxlan(4789),
            "VXLAN (network 42) from 192.0.2.1 to 192.0.2.2",
        ),
        ("VXLAN of old", vxlan(8472), "VXLAN (network 42) from"),
        (
            "Geneve",
            Box::new(|data| {
                let payload = [&[1, 0, 0x65, 0x58, 0, 0, 42, 0, 1, 2, 3, 4], data].concat();
                ethernet(0x0800, &ipv4(17, &udp(6081, &payload)))
            }),
            "Geneve (network 42) from",
        ),
        (
            "two tunnels",
            Box::new(move |data| {
                let inner = ethernet(0x0800, &ipv4(4, &ip(data)));
                let payload = [&[8, 0, 0, 0, 0, 0, 42, 0], &inner[..]].concat();
                ethernet(0x86dd, &ipv6(17, &udp(4789, &payload)))
            }),
            "VXLAN (network 42) from 2001:db8::1 to 2001:db8::2, and in IP in IP from 192.0.2.1 to 192.0.2.2",
        ),
        (
            "MPLS",
            Box::new(move |data| ethernet(0x8847, &[&[0, 1, 0, 64, 0, 2, 1, 64][..], &ip(data)].concat())),
            "",
        ),
        (
            "Ethernet in MPLS",
            Box::new(|data| ethernet(0x8847, &[&[0, 2, 1, 64, 0, 0, 0, 0][..], data].concat())),
            "",
        ),
        (
            "PPPoE",
            Box::new(move |data| {
                ethernet(0x8864, &[&[0x11, 0, 0, 1, 9, 9, 0, 0x21][..], &ip(data)].concat())
            }),
            "",
        ),
    ];
    all.extend(super::wraps_more::wraps());
    all
}
