//! Bytes that are no TLS: the preambles after which TLS begins, and other protocols altogether.

use super::around::{self, PROXY_PROTOCOL};
use crate::capture::Side;
use crate::decode::reader::Reader;
use crate::decode::root::root_over;
use crate::decode::words::{self, Words, said};
use crate::decode::{Body, Field};
use crate::preamble::{proxy, tds};

/// So much of a line is shown; all of it is in the bytes.
const LONGEST_LINE: usize = 1000;

/// How a run of bytes reads: its first line, or its bytes.
fn line(bytes: &[u8]) -> Words {
    let is_text = bytes
        .iter()
        .take(64)
        .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    if is_text {
        // One byte more than is shown tells whether there is more.
        let start = bytes.get(..=LONGEST_LINE).unwrap_or(bytes);
        let whole = start.split(|byte| *byte == b'\n').next().unwrap_or(start);
        let line = whole.get(..LONGEST_LINE).unwrap_or(whole);
        let more = if line.len() < whole.len() { "…" } else { "" };
        said!("“{}{more}”", words::shown(line).trim_end_matches("\\r"))
    } else {
        words::hex(bytes)
    }
}

/// What was said before TLS, one field for each line where it is text.
pub(in crate::decode) fn preamble(bytes: &[u8], side: Side) -> (Field, Body) {
    let header =
        proxy::Header::read(bytes).filter(|header| side == Side::Client && header.length == bytes.len());
    if let Some(header) = header {
        return around::proxy_header(bytes, header);
    }
    if let Some(options) = tds::prelogin(bytes) {
        return around::prelogin(bytes, &options);
    }
    let protocol = preamble_of(bytes, side);
    let mut reader = Reader::new(bytes);
    let is_text = bytes
        .iter()
        .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace() || *byte >= 0x80);
    while is_text && reader.remaining() > 0 {
        let rest = reader.peek(reader.remaining());
        let length = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |at| at + 1);
        reader.bytes("line", length, line);
    }
    reader.rest("bytes", line);
    let mut field = root_over("Preamble", bytes, reader);
    field.value = match protocol {
        Some(name) => said!("{name}, before TLS"),
        None => "another protocol, before TLS".into(),
    };
    let body = Body::Preamble {
        protocol,
        client: None,
    };
    (field, body)
}

/// Whose way of starting TLS this is (RFC 3207, RFC 2595, RFC 4511 §4.14, RFC 6120 §5, and the database's own documents).
fn preamble_of(bytes: &[u8], side: Side) -> Option<&'static str> {
    let has = |word: &[u8]| {
        bytes
            .windows(word.len())
            .any(|window| window.eq_ignore_ascii_case(word))
    };
    let starts = |word: &[u8]| {
        bytes
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    // PostgreSQL's SSLRequest, and the one letter that answers it.
    if bytes == [0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f] || (side == Side::Server && bytes == b"S") {
        return Some("PostgreSQL");
    }
    // MySQL: a packet's length and number, then protocol version 10, or a 32-byte SSLRequest.
    if bytes.get(3..5) == Some(&[0, 10]) || (bytes.get(..4) == Some(&[32, 0, 0, 1]) && bytes.len() == 36) {
        return Some("MySQL");
    }
    // LDAP's extended operation has this object identifier, either way; a success need not repeat it.
    if has(b"1.3.6.1.4.1.1466.20037") || (bytes.first() == Some(&0x30) && bytes.contains(&0x78)) {
        return Some("LDAP");
    }
    // Remote Desktop: TPKT, then a connection request or confirm.
    if bytes.get(..2) == Some(&[3, 0]) && matches!(bytes.get(5), Some(0xe0 | 0xd0)) {
        return Some("RDP");
    }
    if has(b"<stream:") || has(b"urn:ietf:params:xml:ns:xmpp-tls") {
        return Some("XMPP");
    }
    if starts(b"CONNECT ") || (side == Side::Server && starts(b"HTTP/1.")) {
        return Some("HTTP CONNECT");
    }
    if starts(proxy::WORD) || starts(proxy::SIGNATURE) {
        return Some(PROXY_PROTOCOL);
    }
    if has(b"AUTH TLS") || has(b"AUTH SSL") || (starts(b"220") && has(b"234 ")) {
        return Some("FTP");
    }
    if has(b"EHLO ") || has(b"HELO ") || starts(b"220") {
        return Some("SMTP");
    }
    if has(b"STLS") || starts(b"+OK") {
        return Some("POP3");
    }
    if starts(b"* OK") || has(b" STARTTLS\r\n") || has(b" CAPABILITY") {
        return Some("IMAP");
    }
    if has(b"382 ") {
        return Some("NNTP");
    }
    if has(b"STARTTLS") || has(b"\"IMPLEMENTATION\"") {
        return Some("a protocol with STARTTLS");
    }
    if bytes.first() == Some(&5) {
        return Some("SOCKS");
    }
    None
}

/// Bytes that are no TLS.
pub(in crate::decode) fn not_tls(bytes: &[u8]) -> (Field, Body) {
    let looks_like = protocol(bytes);
    let mut reader = Reader::new(bytes);
    reader.rest("bytes", line);
    let mut field = root_over("NotTls", bytes, reader);
    field.value = looks_like.map_or_else(|| "not TLS".into(), |name| said!("{name}, not TLS"));
    field.error = Some("these bytes do not begin a TLS record".to_owned());
    (field, Body::NotTls { looks_like })
}

/// What protocol speaks like this.
fn protocol(bytes: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 12] = [
        (b"HTTP/", "HTTP"),
        (b"GET ", "HTTP"),
        (b"POST ", "HTTP"),
        (b"PRI * HTTP/2", "HTTP/2"),
        (b"SSH-", "SSH"),
        (b"220 ", "SMTP or FTP"),
        (b"* OK", "IMAP"),
        (b"+OK", "POP3"),
        (b"-ERR", "Redis or POP3"),
        (b"EHLO ", "SMTP"),
        (b"PROXY ", PROXY_PROTOCOL),
        (b"\r\n\r\n\0\r\nQUIT\n", PROXY_PROTOCOL),
    ];
    if bytes.first().is_some_and(|byte| byte & 0x80 != 0)
        && bytes.get(2) == Some(&4)
        && bytes.get(5..7) == Some(&[0, 2])
    {
        return Some("SSL 2.0");
    }
    STARTS
        .iter()
        .find(|(start, _)| bytes.starts_with(start))
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preambles_are_named_by_what_is_said() {
        let of = |bytes: &[u8], side| preamble_of(bytes, side);
        assert_eq!(of(b"EHLO me\r\nSTARTTLS\r\n", Side::Client), Some("SMTP"));
        assert_eq!(
            of(b"a1 CAPABILITY\r\na2 STARTTLS\r\n", Side::Client),
            Some("IMAP")
        );
        assert_eq!(of(b"* OK ready\r\n", Side::Server), Some("IMAP"));
        assert_eq!(of(b"+OK ready\r\n", Side::Server), Some("POP3"));
        assert_eq!(
            of(&[0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f], Side::Client),
            Some("PostgreSQL")
        );
        assert_eq!(of(b"S", Side::Server), Some("PostgreSQL"));
        assert_eq!(of(b"\x4a\0\0\0\x0a8.0.36\0", Side::Server), Some("MySQL"));
        assert_eq!(
            of(b"<?xml version='1.0'?><stream:stream to='x'>", Side::Client),
            Some("XMPP")
        );
        assert_eq!(
            of(b"CONNECT h:443 HTTP/1.1\r\n\r\n", Side::Client),
            Some("HTTP CONNECT")
        );
        assert_eq!(of(b"\x01\x02", Side::Client), None);
        // One form of each: what the table leaves out is found here.
        let both: &[(&[u8], &str)] = &[
            (&[32, 0, 0, 1], "MySQL"),
            (
                b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037",
                "LDAP",
            ),
            (b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0", "LDAP"),
            (&[3, 0, 0, 19, 14, 0xe0], "RDP"),
            (&[3, 0, 0, 19, 14, 0xd0], "RDP"),
            (b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "XMPP"),
            (b"connect h:443 HTTP/1.1\r\n\r\n", "HTTP CONNECT"),
            (b"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n", "the PROXY protocol"),
            (b"\r\n\r\n\0\r\nQUIT\n\x21", "the PROXY protocol"),
            (b"AUTH TLS\r\n", "FTP"),
            (b"AUTH SSL\r\n", "FTP"),
            (b"220 ftp\r\n234 go\r\n", "FTP"),
            (b"220 ready\r\n", "SMTP"),
            (b"HELO me\r\n", "SMTP"),
            (b"STLS\r\n", "POP3"),
            (b"a STARTTLS\r\n", "IMAP"),
            (b"382 go\r\n", "NNTP"),
            (b"STARTTLS\r\n", "a protocol with STARTTLS"),
            (b"\"IMPLEMENTATION\" \"sieve\"\r\n", "a protocol with STARTTLS"),
            (&[5, 1, 0], "SOCKS"),
        ];
        for (bytes, name) in both {
            let mut bytes = bytes.to_vec();
            if bytes == [32, 0, 0, 1] {
                assert_eq!(of(&[&bytes[..], &[0; 31]].concat(), Side::Client), None);
                bytes.resize(36, 0);
            }
            for side in Side::BOTH {
                assert_eq!(of(&bytes, side), Some(*name), "{name}");
            }
        }
        // What only a server says.
        assert_eq!(of(b"HTTP/1.1 200 ok\r\n\r\n", Side::Server), Some("HTTP CONNECT"));
        assert_eq!(of(b"HTTP/1.1 200 ok\r\n\r\n", Side::Client), None);
        assert_eq!(of(b"S", Side::Client), None);
        assert_eq!(of(&[3, 0, 0, 19, 14, 0xf0], Side::Client), None);
    }

    #[test]
    fn other_protocols_are_named_by_their_first_bytes() {
        let known: &[(&[u8], &str)] = &[
            (b"HTTP/1.1 400 Bad Request", "HTTP"),
            (b"GET / HTTP/1.1", "HTTP"),
            (b"POST / HTTP/1.1", "HTTP"),
            (b"PRI * HTTP/2.0", "HTTP/2"),
            (b"SSH-2.0-x", "SSH"),
            (b"220 ready", "SMTP or FTP"),
            (b"* OK ready", "IMAP"),
            (b"+OK ready", "POP3"),
            (b"-ERR no", "Redis or POP3"),
            (b"EHLO me", "SMTP"),
            (b"PROXY TCP4", "the PROXY protocol"),
            (b"\r\n\r\n\0\r\nQUIT\n", "the PROXY protocol"),
            (&[0x80, 46, 4, 0, 1, 0, 2, 0, 3], "SSL 2.0"),
        ];
        for (bytes, name) in known {
            assert_eq!(protocol(bytes), Some(*name), "{name}");
            let mut other = bytes.to_vec();
            other[2] ^= 1;
            assert_eq!(protocol(&other), None, "nearly {name}");
        }
    }

    #[test]
    fn a_line_that_is_cut_says_so_and_one_that_just_fits_does_not() {
        for (length, end) in [
            (LONGEST_LINE - 1, "a”"),
            (LONGEST_LINE, "a”"),
            (LONGEST_LINE + 1, "a…”"),
        ] {
            for after in ["", "\n", "\nmore"] {
                let shown = line(&[&vec![b'a'; length][..], after.as_bytes()].concat());
                assert!(
                    shown.ends_with(end),
                    "{length} and {after:?}: {}",
                    &shown[shown.len() - 9..]
                );
                assert!(shown.chars().count() <= LONGEST_LINE + 3);
            }
        }
    }
}
