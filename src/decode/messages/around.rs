//! What stands before TLS and has a form of its own, field by field: a PROXY header (HAProxy's `proxy-protocol.txt`), and the
//! PRELOGIN of TDS ([MS-TDS] 2.2.6.5).

use crate::decode::reader::Reader;
use crate::decode::root::root_over;
use crate::decode::words::{self, Words, said};
use crate::decode::{Body, Field};
use crate::preamble::proxy::{self, Header};
use crate::preamble::tds::{self, PreloginOption};

/// What load balancers put before TLS, to tell who connected.
pub const PROXY_PROTOCOL: &str = "the PROXY protocol";

/// A PROXY header, and nothing else.
pub(in crate::decode) fn proxy_header(bytes: &[u8], header: Header) -> (Field, Body) {
    let mut reader = Reader::new(bytes);
    if bytes.starts_with(proxy::SIGNATURE) {
        binary(&mut reader);
    } else {
        reader.bytes("line", bytes.len(), |line| {
            said!("“{}”", words::shown(line.trim_ascii_end()))
        });
    }
    let client = header.ends.map(|(client, _)| client);
    let mut field = root_over("Preamble", bytes, reader);
    field.value = match header.ends {
        Some((client, server)) => {
            said!(
                "{PROXY_PROTOCOL}, before TLS: it says that the client is {client} and connected to {server}"
            )
        }
        None => said!("{PROXY_PROTOCOL}, before TLS: it does not say who the client is"),
    };
    let body = Body::Preamble {
        protocol: Some(PROXY_PROTOCOL),
        client,
    };
    (field, body)
}

/// Version 2.
fn binary(reader: &mut Reader<'_>) {
    reader.bytes("signature", proxy::SIGNATURE.len(), words::hex);
    reader.u8("version_and_command", |byte| match byte & 0x0f {
        0 => "2, LOCAL: the balancer itself connects",
        1 => "2, PROXY: on behalf of another",
        _ => "2, an unknown command",
    });
    let mut family = 0;
    reader.u8("family", |byte| {
        family = byte;
        match byte {
            0x00 => "unspecified",
            0x11 => "TCP over IPv4",
            0x12 => "UDP over IPv4",
            0x21 => "TCP over IPv6",
            0x22 => "UDP over IPv6",
            0x31 => "Unix stream",
            0x32 => "Unix datagram",
            _ => "unknown",
        }
    });
    reader.u16("length", |length| words::number(u64::from(length)));
    let (width, has_ports) = match family >> 4 {
        1 => (4, true),
        2 => (16, true),
        3 => (108, false),
        _ => (0, false),
    };
    if width > 0 && reader.remaining() >= 2 * width {
        for name in ["source_address", "destination_address"] {
            reader.bytes(name, width, address);
        }
        for name in ["source_port", "destination_port"]
            .into_iter()
            .filter(|_| has_ports)
        {
            reader.u16(name, |port| words::number(u64::from(port)));
        }
    }
    while reader.remaining() >= 3 {
        value(reader, 0);
    }
}

fn address(bytes: &[u8]) -> Words {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return said!("{}", std::net::Ipv4Addr::from(four));
    }
    match <[u8; 16]>::try_from(bytes) {
        Ok(all) => said!("{}", std::net::Ipv6Addr::from(all)),
        Err(_) => said!(
            "{}",
            words::shown(bytes.split(|byte| *byte == 0).next().unwrap_or(bytes))
        ),
    }
}

/// A type, a length and a value; those of TLS hold others.
fn value(reader: &mut Reader<'_>, depth: usize) {
    let [kind, high, low] = *reader.peek(3) else {
        return;
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let name = match kind {
        0x01 => "alpn",
        0x02 => "authority",
        0x03 => "crc32c",
        0x04 => "no_operation",
        0x05 => "unique_id",
        0x20 => "tls",
        0x21 => "tls_version",
        0x22 => "tls_client_common_name",
        0x23 => "tls_cipher",
        0x24 => "tls_signature_algorithm",
        0x25 => "tls_key_algorithm",
        0x30 => "network_namespace",
        _ => "value",
    };
    reader.group(name, 3 + length, |inner| {
        inner.u8("type", |kind| said!("0x{kind:02x}"));
        inner.u16("length", |length| words::number(u64::from(length)));
        if kind == 0x20 && depth == 0 && length >= 5 {
            let mut has_shown = false;
            inner.u8("client", |bits| {
                has_shown = bits & 6 != 0;
                match (bits & 1 != 0, has_shown) {
                    (true, true) => "over TLS, with a certificate",
                    (true, false) => "over TLS, without a certificate",
                    (false, _) => "not over TLS",
                }
            });
            inner.number("verify", 4, |result| match (result, has_shown) {
                (0, true) => "the certificate was good",
                (0, false) => "0",
                _ => "not verified",
            });
            while inner.remaining() >= 3 {
                value(inner, depth + 1);
            }
            return Words::default();
        }
        let mut told = Words::default();
        inner.rest("value", |bytes| {
            let is_text =
                !bytes.is_empty() && bytes.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
            told = if is_text {
                said!("{}", words::shown(bytes))
            } else {
                words::hex(bytes)
            };
            told.clone()
        });
        told
    });
}

/// A PRELOGIN of TDS, either way.
pub(in crate::decode) fn prelogin(bytes: &[u8], options: &[PreloginOption]) -> (Field, Body) {
    let mut reader = Reader::new(bytes);
    reader.u8("type", |kind| {
        if kind == tds::PRELOGIN {
            "PRELOGIN (0x12)"
        } else {
            "tabular result (0x04), which answers PRELOGIN"
        }
    });
    reader.u8("status", |status| {
        if status & 1 == 1 {
            "last packet"
        } else {
            "more follow"
        }
    });
    reader.u16("length", |length| words::number(u64::from(length)));
    reader.u16("process", |number| words::number(u64::from(number)));
    reader.u8("packet", |number| words::number(u64::from(number)));
    reader.u8("window", |number| words::number(u64::from(number)));
    for option in options {
        reader.group("option", 5, |inner| {
            inner.u8("token", |token| said!("{} ({token})", tds::option_name(token)));
            inner.u16("offset", |number| words::number(u64::from(number)));
            inner.u16("length", |number| words::number(u64::from(number)));
            tds::option_name(option.token)
        });
    }
    reader.u8("terminator", |_| "end of options");
    // Values lie behind their table, nearly always in its order.
    for option in options.iter().filter(|option| !option.value.is_empty()) {
        if option.value.start == reader.offset() {
            reader.bytes(tds::option_name(option.token), option.value.len(), |value| {
                option_words(option.token, value)
            });
        }
    }
    reader.rest("values", words::hex);
    let mut field = root_over("Preamble", bytes, reader);
    let encryption = tds::encryption(bytes).map(encryption_words);
    field.value = match encryption {
        Some(encryption) => said!("TDS 7, before TLS: its PRELOGIN says {encryption}"),
        None => "TDS 7, before TLS: its PRELOGIN says nothing of encryption".into(),
    };
    let body = Body::Preamble {
        protocol: Some("TDS 7"),
        client: None,
    };
    (field, body)
}

fn option_words(token: u8, value: &[u8]) -> Words {
    match (token, value) {
        (0, [major, minor, high, low, ..]) => said!("{major}.{minor}.{}", u16::from_be_bytes([*high, *low])),
        (tds::ENCRYPTION, [value]) => said!("{}", encryption_words(*value)),
        _ => words::hex(value),
    }
}

fn encryption_words(value: u8) -> String {
    tds::encryption_name(value).map_or_else(|| format!("0x{value:02x}"), str::to_owned)
}

#[cfg(test)]
#[path = "around_tests.rs"]
mod tests;
