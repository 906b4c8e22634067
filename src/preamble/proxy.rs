//! The header of the PROXY protocol, by which load balancers tell who connected (HAProxy's `proxy-protocol.txt`, versions 1
//! and 2).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::u16_at;

/// What version 2 begins with.
pub const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
/// What version 1 begins with.
pub const WORD: &[u8] = b"PROXY ";
/// The longest header of version 1, its line end included.
const LONGEST_LINE: usize = 107;
/// Version 2: signature, version and command, family, length.
pub const FIXED: usize = 16;

/// A whole header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its bytes, after which the connection's own begin.
    pub length: usize,
    /// Who connected, and where to; `None` where it does not say: a health check, or another family than TCP's.
    pub ends: Option<(SocketAddr, SocketAddr)>,
}

impl Header {
    /// Reads the header that these bytes begin with; `None`: they begin with none, or it is not whole.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(WORD) {
            return line(bytes);
        }
        if !bytes.starts_with(SIGNATURE) {
            return None;
        }
        let [command, family, ..] = *bytes.get(12..)? else {
            return None;
        };
        let length = FIXED + usize::from(u16_at(bytes, 14)?);
        let body = bytes.get(FIXED..length)?;
        let is_local = command.trailing_zeros() >= 4;
        (command >> 4 == 2).then(|| Self {
            length,
            ends: if is_local { None } else { addresses(family, body) },
        })
    }
}

/// `PROXY TCP4 192.0.2.7 198.51.100.1 56324 443` and a line end.
fn line(bytes: &[u8]) -> Option<Header> {
    let end = bytes
        .iter()
        .take(LONGEST_LINE)
        .position(|byte| *byte == b'\n')
        .filter(|end| end.checked_sub(1).and_then(|at| bytes.get(at)) == Some(&b'\r'))?;
    let text = std::str::from_utf8(bytes.get(..end - 1)?).ok()?;
    let mut words = text.split(' ').skip(1);
    let ends = match words.next()? {
        "TCP4" | "TCP6" => {
            let mut address = || words.next()?.parse::<IpAddr>().ok();
            let (client, server) = (address()?, address()?);
            let mut port = || words.next()?.parse::<u16>().ok();
            Some((SocketAddr::new(client, port()?), SocketAddr::new(server, port()?)))
        }
        "UNKNOWN" => None,
        _ => return None,
    };
    Some(Header {
        length: end + 1,
        ends,
    })
}

/// Reads an address of one family.
type ReadAddress = fn(&[u8]) -> Option<IpAddr>;

/// Both ends of version 2's families: TCP and UDP over either IP.
fn addresses(family: u8, body: &[u8]) -> Option<(SocketAddr, SocketAddr)> {
    let (width, at): (usize, ReadAddress) = match family >> 4 {
        1 => (4, |bytes| {
            <[u8; 4]>::try_from(bytes)
                .ok()
                .map(|four| Ipv4Addr::from(four).into())
        }),
        2 => (16, |bytes| {
            <[u8; 16]>::try_from(bytes)
                .ok()
                .map(|all| Ipv6Addr::from(all).into())
        }),
        _ => return None,
    };
    let client = SocketAddr::new(at(body.get(..width)?)?, u16_at(body, 2 * width)?);
    let server = SocketAddr::new(at(body.get(width..2 * width)?)?, u16_at(body, 2 * width + 2)?);
    Some((client, server))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(bytes: &[u8]) -> Option<(usize, String)> {
        let header = Header::read(bytes)?;
        let words = header
            .ends
            .map_or_else(String::new, |(client, server)| format!("{client} {server}"));
        Some((header.length, words))
    }

    #[test]
    fn a_line_says_who_connected() {
        let line = b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n\x16\x03";
        let told = Some((45, "192.0.2.7:56324 198.51.100.1:443".to_owned()));
        assert_eq!(ends(line), told);
        for length in 0..45 {
            assert_eq!(ends(&line[..length]), None, "{length}");
        }
        assert_eq!(
            ends(b"PROXY TCP6 2001:db8::7 ::1 1 2\r\n"),
            Some((32, "[2001:db8::7]:1 [::1]:2".to_owned()))
        );
        assert_eq!(ends(b"PROXY UNKNOWN what ever\r\n"), Some((25, String::new())));
        for wrong in [
            &b"PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n"[..],
            b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\n",
            b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 65536\r\n",
            b"PROXY UDP4 1 2 3 4\r\n",
        ] {
            assert_eq!(ends(wrong), None, "{}", String::from_utf8_lossy(wrong));
        }
        let long = [WORD, b"UNKNOWN", &[b' '; 92], b"\r\n"].concat();
        assert_eq!(ends(&long), Some((107, String::new())));
        assert_eq!(ends(&[WORD, b"UNKNOWN", &[b' '; 93], b"\r\n"].concat()), None);
    }

    #[test]
    fn a_binary_header_is_as_long_as_it_says() {
        let with = |command: u8, family: u8, body: &[u8]| {
            [&SIGNATURE[..], &[command, family, 0, body.len() as u8], body].concat()
        };
        let v4 = [192, 0, 2, 7, 198, 51, 100, 1, 0xdc, 4, 1, 0xbb, 4, 0, 1, 0];
        let told = (32, "192.0.2.7:56324 198.51.100.1:443".to_owned());
        let whole = with(0x21, 0x11, &v4);
        assert_eq!(ends(&whole), Some(told));
        for length in 0..whole.len() {
            assert_eq!(ends(&whole[..length]), None, "{length}");
        }
        let v6 = [&[0x20, 1][..], &[0; 30], &[0, 1, 0, 2]].concat();
        assert_eq!(
            ends(&with(0x21, 0x21, &v6)),
            Some((52, "[2001::]:1 [::]:2".to_owned()))
        );
        // A health check by the balancer itself, a Unix socket, addresses that are not all there.
        assert_eq!(ends(&with(0x20, 0x11, &v4)), Some((32, String::new())));
        assert_eq!(ends(&with(0x21, 0x31, &[0; 216])), Some((232, String::new())));
        assert_eq!(ends(&with(0x21, 0x11, &v4[..11])), Some((27, String::new())));
        assert_eq!(ends(&with(0x31, 0x11, &v4)), None, "version 3");
    }
}
