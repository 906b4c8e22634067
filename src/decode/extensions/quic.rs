//! QUIC's transport parameters (RFC 9000 §18): what each end allows the other to do, carried by TLS.

use std::borrow::Cow;

use super::lists::summary;
use crate::decode::reader::Reader;
use crate::decode::words::{self, Words, said};

/// What a parameter's value is.
enum Kind {
    /// A number, with its unit.
    Number(&'static str),
    Bytes,
    /// Present or absent; no value.
    Flag,
    Address,
    Versions,
}

/// A parameter's name and kind (RFC 9000 §18.2 and IANA's registry "QUIC Transport Parameters").
fn parameter(id: u64) -> Option<(&'static str, Kind)> {
    Some(match id {
        0x00 => ("original_destination_connection_id", Kind::Bytes),
        0x01 => ("max_idle_timeout", Kind::Number(" ms")),
        0x02 => ("stateless_reset_token", Kind::Bytes),
        0x03 => ("max_udp_payload_size", Kind::Number(" bytes")),
        0x04 => ("initial_max_data", Kind::Number(" bytes")),
        0x05 => ("initial_max_stream_data_bidi_local", Kind::Number(" bytes")),
        0x06 => ("initial_max_stream_data_bidi_remote", Kind::Number(" bytes")),
        0x07 => ("initial_max_stream_data_uni", Kind::Number(" bytes")),
        0x08 => ("initial_max_streams_bidi", Kind::Number("")),
        0x09 => ("initial_max_streams_uni", Kind::Number("")),
        0x0a => ("ack_delay_exponent", Kind::Number("")),
        0x0b => ("max_ack_delay", Kind::Number(" ms")),
        0x0c => ("disable_active_migration", Kind::Flag),
        0x0d => ("preferred_address", Kind::Address),
        0x0e => ("active_connection_id_limit", Kind::Number("")),
        0x0f => ("initial_source_connection_id", Kind::Bytes),
        0x10 => ("retry_source_connection_id", Kind::Bytes),
        // RFC 9368 §3.
        0x11 => ("version_information", Kind::Versions),
        // RFC 9221 §3.
        0x20 => ("max_datagram_frame_size", Kind::Number(" bytes")),
        // RFC 9287 §3.
        0x2ab2 => ("grease_quic_bit", Kind::Flag),
        _ => return None,
    })
}

/// A variable-length integer (RFC 9000 §16): the first two bits say how many bytes it has.
fn varint(reader: &mut Reader<'_>, name: &'static str, say: impl FnOnce(u64) -> Words) -> Option<u64> {
    let width = match *reader.peek(1) {
        [first] => 1usize << (first >> 6),
        _ => 1,
    };
    let value = |number: u64| number & (u64::MAX >> (64 - (8 * width as u32 - 2)));
    reader.number(name, width, |number| say(value(number))).map(value)
}

/// A variable-length integer without reading it: its own size and its value.
fn peek_varint(bytes: &[u8]) -> Option<(usize, u64)> {
    let width = 1usize << (bytes.first()? >> 6);
    let number = bytes
        .get(..width)?
        .iter()
        .fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
    Some((width, number & (u64::MAX >> (64 - (8 * width as u32 - 2)))))
}

/// quic_transport_parameters (RFC 9001 §8.2).
pub(super) fn transport_parameters(reader: &mut Reader<'_>) -> Words {
    let mut count = 0usize;
    while reader.remaining() > 0 {
        one(reader);
        count += 1;
    }
    said!("{count} parameters")
}

/// Transport Parameter (RFC 9000 §18): a number, a length, a value.
fn one(reader: &mut Reader<'_>) {
    let bytes = reader.peek(16);
    let header = peek_varint(bytes).and_then(|(first, id)| {
        let (second, length) = peek_varint(bytes.get(first..)?)?;
        Some((id, (first + second).saturating_add(usize::try_from(length).ok()?)))
    });
    let Some((id, length)) = header else {
        let left = reader.remaining();
        reader.bytes("unparsed", left, |bytes| words::size(bytes.len()));
        if let Some(field) = reader.last() {
            field.error = Some("too short for a transport parameter".to_owned());
        }
        return;
    };
    let known = parameter(id);
    let name = match &known {
        Some((name, _)) => Cow::Borrowed(*name),
        // RFC 9000 §18.1.
        None if id % 31 == 27 => Cow::Borrowed("reserved_parameter"),
        None => Cow::Owned(format!("parameter 0x{id:02x}")),
    };
    reader.group(name, length, |inner| {
        varint(inner, "transport_parameter_id", |id| said!("0x{id:02x}"));
        varint(inner, "transport_parameter_length", words::number);
        match known {
            Some((_, Kind::Number(unit))) => varint(inner, "transport_parameter_value", |number| {
                said!("{number}{unit}")
            })
            .map(|number| said!("{number}{unit}"))
            .unwrap_or_default(),
            Some((_, Kind::Flag)) => Words::Borrowed("yes"),
            Some((_, Kind::Address)) => address(inner),
            Some((_, Kind::Versions)) => versions(inner),
            Some((_, Kind::Bytes)) => {
                let value = inner.peek(inner.remaining());
                inner.rest("transport_parameter_value", words::hex);
                words::hex(value)
            }
            None => {
                let value = inner.rest("transport_parameter_value", words::hex);
                if id % 31 == 27 {
                    Words::Borrowed("sent to keep the peer honest (RFC 9000 §18.1)")
                } else {
                    words::size(value.len())
                }
            }
        }
    });
}

/// Preferred Address (RFC 9000 §18.2).
fn address(reader: &mut Reader<'_>) -> Words {
    let four = |bytes: &[u8]| {
        <[u8; 4]>::try_from(bytes).map_or_else(
            |_| words::hex(bytes),
            |octets| std::net::Ipv4Addr::from(octets).to_string().into(),
        )
    };
    let six = |bytes: &[u8]| {
        <[u8; 16]>::try_from(bytes).map_or_else(
            |_| words::hex(bytes),
            |octets| std::net::Ipv6Addr::from(octets).to_string().into(),
        )
    };
    let v4 = four(reader.bytes("ipv4_address", 4, four));
    reader.u16("ipv4_port", |port| port.to_string());
    let v6 = six(reader.bytes("ipv6_address", 16, six));
    reader.u16("ipv6_port", |port| port.to_string());
    reader.opaque("connection_id", 1, "connection_id_value", words::hex);
    reader.bytes("reset_token", 16, words::hex);
    said!("{v4}, {v6}")
}

/// Version Information (RFC 9368 §3).
fn versions(reader: &mut Reader<'_>) -> Words {
    let word = |number: u64| match number {
        1 => Words::Borrowed("QUIC v1"),
        0x6b33_43cf => Words::Borrowed("QUIC v2"),
        other if other & 0x0f0f_0f0f == 0x0a0a_0a0a => said!("GREASE (0x{other:08x})"),
        other => said!("0x{other:08x}"),
    };
    let mut names = Vec::new();
    names.extend(reader.number("chosen_version", 4, word).map(word));
    while reader.remaining() > 0 {
        reader.number("available_version", 4, word);
    }
    summary(&names)
}
