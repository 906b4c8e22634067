//! The extensions that are lists of choices.

use super::said::Said;
use crate::decode::oids;
use crate::decode::reader::Reader;
pub(super) use crate::decode::words::named;
use crate::decode::words::{self, Words, said};
use crate::iana::{self, Group, SignatureScheme, Table};

/// The first few of a list.
pub(super) fn summary(items: &[impl std::fmt::Display]) -> Words {
    match items {
        [] => Words::Borrowed("none"),
        [one] => said!("{one}"),
        [one, two] => said!("{one}, {two}"),
        [one, two, rest @ ..] => said!("{one}, {two}, +{}", rest.len()),
    }
}

/// A vector of numbers of `wide` bytes each, with a length prefix of `width`; their names, a few, are its value.
pub(super) fn choices(
    reader: &mut Reader<'_>,
    name: &'static str,
    width: usize,
    (item, wide): (&'static str, usize),
    names: &[(u16, &str)],
) -> Words {
    let mut found = Vec::new();
    reader.vector(name, width, |list| {
        while list.remaining() > 0 {
            let number = list.number(item, wide, |number| named(number as u16, names));
            found.extend(number.map(|number| named(number as u16, names)));
        }
        summary(&found)
    });
    summary(&found)
}

fn numbers<T>(list: &mut Reader<'_>, name: &'static str, table: Table, of: fn(u16) -> T) -> Vec<T> {
    let mut found = Vec::with_capacity(list.remaining() / 2);
    while list.remaining() > 0 {
        let number = list.u16(name, |number| iana::numbered(table, number));
        if let Some(number) = number
            && !iana::is_grease(number)
        {
            found.push(of(number));
        }
    }
    found
}

/// RFC 8446 §4.2.7.
pub(super) fn supported_groups(reader: &mut Reader<'_>, said: &mut Said) -> Words {
    reader.vector("named_group_list", 2, |list| {
        said.groups = numbers(list, "NamedGroup", Table::Group, Group);
        summary(&said.groups)
    });
    summary(&said.groups)
}

/// RFC 8446 §4.2.3: the list for CertificateVerify, that for certificates, and that of RFC 9345 §4.1.1 read alike.
pub(super) fn signature_algorithms(reader: &mut Reader<'_>, said: &mut Vec<SignatureScheme>) -> Words {
    reader.vector("supported_signature_algorithms", 2, |list| {
        *said = numbers(list, "SignatureScheme", Table::SignatureScheme, SignatureScheme);
        summary(said)
    });
    said!("{} schemes", said.len())
}

/// RFC 8422 §5.1.2.
pub(super) fn ec_point_formats(reader: &mut Reader<'_>) -> Words {
    reader.vector("ec_point_format_list", 1, |list| {
        while list.remaining() > 0 {
            list.u8("ECPointFormat", |format| match format {
                0 => Words::Borrowed("uncompressed (0)"),
                1 => Words::Borrowed("ansiX962_compressed_prime (1)"),
                2 => Words::Borrowed("ansiX962_compressed_char2 (2)"),
                other => words::number(u64::from(other)),
            });
        }
        Words::default()
    });
    Words::Borrowed("point formats")
}

/// RFC 7250 §3, RFC 6091 §3.1: a list from the client, one from the server.
pub(super) fn certificate_types(reader: &mut Reader<'_>, chosen: &mut Option<u8>) -> Words {
    let kind = |number: u8| match number {
        0 => Words::Borrowed("X509 (0)"),
        1 => Words::Borrowed("OpenPGP (1)"),
        2 => Words::Borrowed("RawPublicKey (2)"),
        3 => Words::Borrowed("1609Dot2 (3)"),
        other => words::number(u64::from(other)),
    };
    if reader.remaining() == 1 {
        *chosen = reader.u8("certificate_type", kind);
        return chosen.map(kind).unwrap_or_default();
    }
    let mut names = Vec::new();
    reader.vector("certificate_types", 1, |list| {
        while list.remaining() > 0 {
            names.extend(list.u8("CertificateType", kind).map(kind));
        }
        summary(&names)
    });
    summary(&names)
}

/// RFC 8879 §3.
pub(super) fn compress_certificate(reader: &mut Reader<'_>) -> Words {
    let algorithm = |number: u16| match number {
        1 => Words::Borrowed("zlib (1)"),
        2 => Words::Borrowed("brotli (2)"),
        3 => Words::Borrowed("zstd (3)"),
        other => words::number(u64::from(other)),
    };
    let mut names = Vec::new();
    reader.vector("algorithms", 1, |list| {
        while list.remaining() > 0 {
            names.extend(
                list.u16("CertificateCompressionAlgorithm", algorithm)
                    .map(algorithm),
            );
        }
        summary(&names)
    });
    summary(&names)
}

/// RFC 8446 §4.2.9.
pub(super) fn psk_key_exchange_modes(reader: &mut Reader<'_>) -> Words {
    let mode = |number: u8| match number {
        0 => Words::Borrowed("psk_ke (0)"),
        1 => Words::Borrowed("psk_dhe_ke (1)"),
        other => words::number(u64::from(other)),
    };
    let mut names = Vec::new();
    reader.vector("ke_modes", 1, |list| {
        while list.remaining() > 0 {
            names.extend(list.u8("PskKeyExchangeMode", mode).map(mode));
        }
        summary(&names)
    });
    summary(&names)
}

/// RFC 8446 §4.2.4; also the TLS 1.2 CertificateRequest's list (RFC 5246 §7.4.4).
pub(super) fn certificate_authorities(reader: &mut Reader<'_>, said: &mut Said) -> Words {
    authorities(reader, "authorities", said);
    let names: Vec<&str> = said.authorities.iter().map(|(_, text)| text.as_str()).collect();
    summary(&names)
}

/// A vector of distinguished names.
pub(in crate::decode) fn authorities(reader: &mut Reader<'_>, name: &'static str, said: &mut Said) {
    reader.vector(name, 2, |list| {
        while list.remaining() > 0 {
            let name_words = |der: &[u8]| {
                crate::pki::distinguished_name(der).map_or_else(|| words::size(der.len()), Words::from)
            };
            let mut name = Words::Borrowed("");
            let der = list.opaque("DistinguishedName", 2, "name", |der| {
                name = name_words(der);
                name.clone()
            });
            if der.is_empty() {
                name = name_words(der);
            }
            said.authorities.push((der.to_vec(), name.into_owned()));
        }
        match said.authorities.len() {
            0 => Words::Borrowed("none: any authority"),
            count => words::number(count as u64),
        }
    });
}

/// RFC 8446 §4.2.5.
pub(super) fn oid_filters(reader: &mut Reader<'_>) -> Words {
    let mut names = Vec::new();
    reader.vector("filters", 2, |list| {
        while list.remaining() > 0 {
            let length = match *list.peek(1) {
                [oid] => 1 + usize::from(oid),
                _ => list.remaining(),
            };
            let length = match list.peek(length + 2).get(length..) {
                Some([high, low]) => length + 2 + usize::from(u16::from_be_bytes([*high, *low])),
                _ => list.remaining(),
            };
            list.group("OIDFilter", length, |filter| {
                // The OID is whole DER here, tag and length included.
                let words = |der: &[u8]| oids::words(der.get(2..).unwrap_or_default());
                let oid = filter.opaque("certificate_extension_oid", 1, "oid", words);
                filter.opaque("certificate_extension_values", 2, "values", words::hex);
                names.push(words(oid));
                words(oid)
            });
        }
        summary(&names)
    });
    summary(&names)
}
