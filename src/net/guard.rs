//! Which addresses only this machine's own network has: what a certificate from outside may not make it call.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far a connection may reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Only addresses of the public internet.
    #[default]
    Public,
    /// Any address: the user named the place, or allowed it.
    Any,
}

impl Reach {
    /// What this address belongs to, where it may not be connected to.
    pub fn refuses(self, address: IpAddr) -> Option<&'static str> {
        match self {
            Self::Public => private_range(address),
            Self::Any => None,
        }
    }
}

/// What an address belongs to, where that is not the public internet: a noun with its article. An IPv6 address that carries
/// an IPv4 one (mapped, compatible, translated, 6to4, NAT64, ISATAP) is judged by that one as well.
///
/// The ranges are IANA's special-purpose registries (RFC 6890), and the addresses at which clouds answer their machines.
pub fn private_range(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    }
}

/// Names that are never public: for where a proxy resolves them, so that no address can be looked at. Lower case, as a URL
/// has them.
pub fn private_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    !name.contains('.')
        || ["localhost", "local", "internal", "lan", "home.arpa"]
            .iter()
            .any(|end| name.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')))
}

fn v4(address: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, d] = address.octets();
    Some(match (a, b, c, d) {
        (0, ..) => "an unspecified address",
        (127, ..) => "this machine's own address",
        (169, 254, 169, 254) | (100, 100, 100, 200) | (168, 63, 129, 16) | (192, 0, 0, 192) => {
            "a cloud's metadata address"
        }
        (10, ..) | (172, 16..=31, ..) | (192, 168, ..) => "a private address",
        (169, 254, ..) => "a link-local address",
        (100, 64..=127, ..) => "a carrier's private address",
        (224..=239, ..) => "a multicast address",
        (192, 0, 0 | 2, _) | (198, 18..=19, ..) | (198, 51, 100, _) | (203, 0, 113, _) | (240.., ..) => {
            "a reserved address"
        }
        _ => return None,
    })
}

fn v6(address: Ipv6Addr) -> Option<&'static str> {
    let words = address.segments();
    let tail = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        v4(Ipv4Addr::new(a, b, c, d))
    };
    match words {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("an unspecified address"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("this machine's own address"),
        [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254] | [0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254] => {
            Some("a cloud's metadata address")
        }
        // IPv4-mapped and -compatible (RFC 4291 §2.5.5), translated (RFC 2765 §2.1), NAT64 (RFC 6052 §2.1).
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => tail(high, low),
        // 6to4 (RFC 3056 §2).
        [0x2002, high, low, ..] => tail(high, low),
        // Teredo hides the address (RFC 4380 §4).
        [0x2001, 0, ..] => Some("a tunnel's address"),
        [0xfc00..=0xfdff, ..] => Some("a private address"),
        [0xfe80..=0xfebf, ..] => Some("a link-local address"),
        [0xfec0..=0xfeff, ..] => Some("a private address"),
        [0xff00..=0xffff, ..] => Some("a multicast address"),
        [0x2001, 0x0db8, ..] | [0x2001, 0x0002, 0, ..] | [0x3fff, 0..=0x0fff, ..] => {
            Some("a reserved address")
        }
        // ISATAP (RFC 5214 §6.1).
        [0x2000..=0x3fff, _, _, _, 0 | 0x0200, 0x5efe, high, low] => tail(high, low),
        [0x2000..=0x3fff, ..] => None,
        _ => Some("a reserved address"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each range from both sides: its first and last address, and the neighbours outside.
    #[test]
    fn ranges_end_where_they_end() {
        for (inside, outside) in [
            (
                &["10.0.0.0", "10.255.255.255"][..],
                &["9.255.255.255", "11.0.0.0"][..],
            ),
            (
                &["172.16.0.0", "172.31.255.255"],
                &["172.15.255.255", "172.32.0.0"],
            ),
            (
                &["192.168.0.0", "192.168.255.255"],
                &["192.167.255.255", "192.169.0.0"],
            ),
            (
                &["127.0.0.1", "127.255.255.255"],
                &["126.255.255.255", "128.0.0.0"],
            ),
            (
                &["169.254.0.0", "169.254.169.254", "169.254.255.255"],
                &["169.253.255.255", "169.255.0.0"],
            ),
            (
                &["100.64.0.0", "100.100.100.200", "100.127.255.255"],
                &["100.63.255.255", "100.128.0.0"],
            ),
            (&["0.0.0.0", "0.255.255.255"], &["1.0.0.0"]),
            (
                &["224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255"],
                &["223.255.255.255"],
            ),
            (
                &["198.18.0.0", "198.19.255.255"],
                &["198.17.255.255", "198.20.0.0"],
            ),
            (
                &["192.0.0.0", "192.0.0.255", "192.0.2.1"],
                &["192.0.1.0", "192.0.3.0"],
            ),
            (
                &["198.51.100.1", "203.0.113.255"],
                &["198.51.101.0", "203.0.114.0"],
            ),
            (&["168.63.129.16"], &["168.63.129.15", "168.63.129.17"]),
            (&["::", "::1"], &["2000::1"]),
            (&["fc00::", "fdff:ffff::1", "fd00:ec2::254"], &["2606:4700::1111"]),
            (&["fe80::1", "febf::1", "fec0::1", "ff02::1"], &["3ffe::1"]),
            (
                &["::ffff:127.0.0.1", "::ffff:169.254.169.254", "::10.0.0.1"],
                &["::ffff:8.8.8.8"],
            ),
            (
                &["64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808"],
                &["64:ff9b::8.8.8.8"],
            ),
            (&["::ffff:0:192.168.1.1"], &["::ffff:0:8.8.8.8"]),
            (
                &["2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:c0a8:1::"],
                &["2002:808:808::1"],
            ),
            (
                &["2001::1", "2001:db8::1", "3fff::1"],
                &["2001:4860:4860::8888", "3fff:1000::1"],
            ),
            (
                &["2606::5efe:10.0.0.1", "2606::200:5efe:10.0.0.1"],
                &["2606::5efe:8.8.8.8"],
            ),
            (&["100::1", "1::1", "4000::1", "5f00::1"], &["3fff:ffff::1"]),
        ] {
            for address in inside {
                let address = address.parse().expect(address);
                assert!(private_range(address).is_some(), "{address} is no public one");
                assert!(Reach::Public.refuses(address).is_some());
                assert_eq!(Reach::Any.refuses(address), None);
            }
            for address in outside {
                let address = address.parse().expect(address);
                assert_eq!(private_range(address), None, "{address} is public");
            }
        }
    }

    #[test]
    fn what_it_is_is_said() {
        for (address, words) in [
            ("169.254.169.254", "a cloud's metadata address"),
            ("fd00:ec2::254", "a cloud's metadata address"),
            ("::ffff:a9fe:a9fe", "a cloud's metadata address"),
            ("192.168.0.7", "a private address"),
            ("::1", "this machine's own address"),
        ] {
            assert_eq!(private_range(address.parse().expect(address)), Some(words));
        }
    }

    /// Every way to carry an IPv4 address is read to the last byte: this one is a cloud's, and its neighbour anybody's.
    #[test]
    fn an_address_within_an_address_is_read_whole() {
        for (before, after) in [
            ("::ffff:", ""),
            ("::", ""),
            ("::ffff:0:", ""),
            ("64:ff9b::", ""),
            ("2606::5efe:", ""),
            ("2606::200:5efe:", ""),
            ("2002:", "::1"),
        ] {
            for (dotted, words, is_private) in [
                ("168.63.129.16", "a83f:8110", true),
                ("168.63.129.17", "a83f:8111", false),
                ("169.63.129.16", "a93f:8110", false),
            ] {
                let carried = if after.is_empty() { dotted } else { words };
                let text = format!("{before}{carried}{after}");
                let address = text.parse().expect(&text);
                assert_eq!(private_range(address).is_some(), is_private, "{text}");
            }
        }
    }

    #[test]
    fn names_that_only_an_own_network_has() {
        for name in [
            "localhost",
            "intranet",
            "a.localhost",
            "metadata.google.internal",
            "metadata.google.internal.",
            "nas.local",
            "printer.lan",
            "router.home.arpa",
        ] {
            assert!(private_name(name), "{name}");
        }
        for name in [
            "crl.example.com",
            "internal.example",
            "local.example.org",
            "notlocal.net",
            "ca.notlocal",
            "ca.wlan",
            "ca.myinternal",
            "ca.nothome.arpa",
        ] {
            assert!(!private_name(name), "{name}");
        }
    }
}
