//! The extensions that are lists of choices.

use super::Said;
use crate::decode::reader::Reader;
pub(super) use crate::decode::words::named;
use crate::decode::{oids, words};
use crate::iana::{self, Table};

/// The first few of a list.
pub(super) fn summary(items: &[String]) -> String {
    match items {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [one, two] => format!("{one}, {two}"),
        [one, two, rest @ ..] => format!("{one}, {two}, +{}", rest.len()),
    }
}

/// A vector of numbers of `wide` bytes each, with a length prefix of `width`; their names, a few, are its value.
pub(super) fn choices(
    reader: &mut Reader<'_>,
    name: &'static str,
    width: usize,
    (item, wide): (&'static str, usize),
    names: &[(u16, &str)],
) -> String {
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

fn numbers(list: &mut Reader<'_>, name: &'static str, table: Table) -> Vec<String> {
    let mut names = Vec::new();
    while list.remaining() > 0 {
        let number = list.u16(name, |number| iana::numbered(table, number));
        if let Some(number) = number
            && !iana::is_grease(number)
        {
            names.push(iana::name_or_number(table, number));
        }
    }
    names
}

/// RFC 8446 §4.2.7.
pub(super) fn supported_groups(reader: &mut Reader<'_>, said: &mut Said) -> String {
    reader.vector("named_group_list", 2, |list| {
        said.groups = numbers(list, "NamedGroup", Table::Group);
        summary(&said.groups)
    });
    summary(&said.groups)
}

/// RFC 8446 §4.2.3: the list for CertificateVerify, that for certificates, and that of RFC 9345 §4.1.1 read alike.
pub(super) fn signature_algorithms(reader: &mut Reader<'_>, said: &mut Vec<String>) -> String {
    reader.vector("supported_signature_algorithms", 2, |list| {
        *said = numbers(list, "SignatureScheme", Table::SignatureScheme);
        summary(said)
    });
    format!("{} schemes", said.len())
}

/// RFC 8422 §5.1.2.
pub(super) fn ec_point_formats(reader: &mut Reader<'_>) -> String {
    reader.vector("ec_point_format_list", 1, |list| {
        while list.remaining() > 0 {
            list.u8("ECPointFormat", |format| match format {
                0 => words::Words::Borrowed("uncompressed (0)"),
                1 => words::Words::Borrowed("ansiX962_compressed_prime (1)"),
                2 => words::Words::Borrowed("ansiX962_compressed_char2 (2)"),
                other => words::number(u64::from(other)),
            });
        }
        String::new()
    });
    "point formats".to_owned()
}

/// RFC 7250 §3, RFC 6091 §3.1: a list from the client, one from the server.
pub(super) fn certificate_types(reader: &mut Reader<'_>, chosen: &mut Option<u8>) -> String {
    let kind = |number: u8| match number {
        0 => "X509 (0)".to_owned(),
        1 => "OpenPGP (1)".to_owned(),
        2 => "RawPublicKey (2)".to_owned(),
        3 => "1609Dot2 (3)".to_owned(),
        other => other.to_string(),
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
pub(super) fn compress_certificate(reader: &mut Reader<'_>) -> String {
    let algorithm = |number: u16| match number {
        1 => "zlib (1)".to_owned(),
        2 => "brotli (2)".to_owned(),
        3 => "zstd (3)".to_owned(),
        other => other.to_string(),
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
pub(super) fn psk_key_exchange_modes(reader: &mut Reader<'_>) -> String {
    let mode = |number: u8| match number {
        0 => "psk_ke (0)".to_owned(),
        1 => "psk_dhe_ke (1)".to_owned(),
        other => other.to_string(),
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
pub(super) fn certificate_authorities(reader: &mut Reader<'_>, said: &mut Said) -> String {
    authorities(reader, "authorities", said);
    let names: Vec<String> = said.authorities.iter().map(|(_, text)| text.clone()).collect();
    summary(&names)
}

/// A vector of distinguished names.
pub(in crate::decode) fn authorities(reader: &mut Reader<'_>, name: &'static str, said: &mut Said) {
    reader.vector(name, 2, |list| {
        while list.remaining() > 0 {
            let name_words = |der: &[u8]| {
                crate::pki::distinguished_name(der).unwrap_or_else(|| words::size(der.len()).into_owned())
            };
            let der = list.opaque("DistinguishedName", 2, "name", name_words);
            said.authorities.push((der.to_vec(), name_words(der)));
        }
        match said.authorities.len() {
            0 => "none: any authority".to_owned(),
            count => count.to_string(),
        }
    });
}

/// RFC 8446 §4.2.5.
pub(super) fn oid_filters(reader: &mut Reader<'_>) -> String {
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
                names.push(words(oid).into_owned());
                words(oid)
            });
        }
        summary(&names)
    });
    summary(&names)
}
