//! More ways in which packets travel inside others: phones, dial-up over UDP, IPv6 through IPv4, and stacks of tags.

use super::wrapped::{ethernet, ipv4, ipv6, udp};
use super::wraps::Wrap;

/// Name, wrapping, and what is said of it.
pub fn wraps() -> Vec<(&'static str, Wrap, &'static str)> {
    fn gtp(flags: u8, more: &[u8], data: &[u8]) -> Vec<u8> {
        let payload = [&[flags, 255, 0, 0, 0, 0, 1, 2], more, &data[14..]].concat();
        ethernet(0x0800, &ipv4(17, &udp(2152, &payload)))
    }
    fn l2tp(flags: u8, more: &[u8], data: &[u8]) -> Vec<u8> {
        let payload = [&[flags, 2], more, &[0xff, 3, 0, 0x21], &data[14..]].concat();
        ethernet(0x0800, &ipv4(17, &udp(1701, &payload)))
    }
    fn teredo(before: &[u8], data: &[u8]) -> Vec<u8> {
        let payload = [before, &ipv6(4, &data[14..])].concat();
        ethernet(0x0800, &ipv4(17, &udp(3544, &payload)))
    }
    fn tagged(tags: &[[u8; 4]], data: &[u8]) -> Vec<u8> {
        [&data[..12], &tags.concat(), &data[12..]].concat()
    }
    const TEREDO: &str = "Teredo from 192.0.2.1 to 192.0.2.2, and in IP in IP from 2001:db8::1";
    vec![
        (
            "6in4",
            Box::new(|data| ethernet(0x0800, &ipv4(41, &ipv6(4, &data[14..])))),
            "IP in IP from 192.0.2.1 to 192.0.2.2, and in IP in IP from 2001:db8::1",
        ),
        (
            "GTP-U",
            Box::new(|data| gtp(0x30, &[], data)),
            "GTP-U (tunnel 258) from 192.0.2.1",
        ),
        (
            "GTP-U with a number",
            Box::new(|data| gtp(0x32, &[0, 7, 0, 0], data)),
            "GTP-U (tunnel 258) from",
        ),
        (
            "GTP-U of 5G, with a container",
            Box::new(|data| gtp(0x34, &[0, 0, 0, 0x85, 1, 0x10, 9, 0x85, 1, 0, 9, 0], data)),
            "GTP-U (tunnel 258) from",
        ),
        (
            "L2TP",
            Box::new(|data| l2tp(0, &[0, 4, 0, 9], data)),
            "L2TP (session 9) from 192.0.2.1",
        ),
        (
            "L2TP with all",
            Box::new(|data| l2tp(0x4a, &[0, 99, 0, 4, 0, 9, 0, 1, 0, 2, 0, 2, 0, 0], data)),
            "L2TP (session 9) from",
        ),
        ("Teredo", Box::new(|data| teredo(&[], data)), TEREDO),
        (
            "Teredo with its origin",
            Box::new(|data| teredo(&[0, 0, 1, 2, 3, 4, 5, 6], data)),
            TEREDO,
        ),
        (
            "Teredo with all",
            Box::new(|data| {
                let proof = [&[0, 1, 2, 3, 9, 9, 8, 8, 8][..], &[7; 9]].concat();
                teredo(&[&proof[..], &[0, 0, 1, 2, 3, 4, 5, 6]].concat(), data)
            }),
            TEREDO,
        ),
        ("a tag", Box::new(|data| tagged(&[[0x81, 0, 0, 5]], data)), ""),
        (
            "a provider's tag and a customer's",
            Box::new(|data| tagged(&[[0x88, 0xa8, 0, 5], [0x81, 0, 0, 6]], data)),
            "",
        ),
        (
            "three tags",
            Box::new(|data| tagged(&[[0x91, 0, 0, 5], [0x88, 0xa8, 0, 6], [0x81, 0, 0, 7]], data)),
            "",
        ),
        (
            "tags in VXLAN",
            Box::new(|data| {
                let inner = tagged(&[[0x88, 0xa8, 0, 5], [0x81, 0, 0, 6]], data);
                let payload = [&[8, 0, 0, 0, 0, 0, 42, 0], &inner[..]].concat();
                tagged(
                    &[[0x81, 0, 0, 9]],
                    &ethernet(0x0800, &ipv4(17, &udp(4789, &payload))),
                )
            }),
            "VXLAN (network 42) from",
        ),
    ]
}
