//! Distinguished names, OIDs and curves in words.

use x509_parser::oid_registry::Oid;
use x509_parser::x509::X509Name;

/// A distinguished name as RFC 4514 text: most specific first, escaped.
pub(super) fn rfc4514(name: &X509Name<'_>) -> String {
    let mut parts: Vec<String> = name
        .iter_rdn()
        .map(|rdn| {
            rdn.iter()
                .map(|attribute| {
                    let kind = attribute_name(&attribute.attr_type().to_id_string());
                    let value = attribute
                        .as_str()
                        .map_or_else(|_| format!("#{}", hex::encode(attribute.as_slice())), escape);
                    format!("{kind}={value}")
                })
                .collect::<Vec<_>>()
                .join("+")
        })
        .collect();
    parts.reverse();
    parts.join(",")
}

/// The last common name.
pub(super) fn common_name(name: &X509Name<'_>) -> Option<String> {
    name.iter_common_name()
        .last()
        .and_then(|attribute| attribute.as_str().ok())
        .map(str::to_owned)
}

/// A DER-encoded Name as RFC 4514 text; `None` where the bytes are none.
pub fn distinguished_name(der: &[u8]) -> Option<String> {
    use x509_parser::prelude::FromDer;
    let (rest, name) = X509Name::from_der(der).ok()?;
    rest.is_empty().then(|| rfc4514(&name))
}

pub(super) fn attribute_name(oid: &str) -> String {
    match oid {
        "2.5.4.3" => "CN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "0.9.2342.19200300.100.1.25" => "DC",
        "0.9.2342.19200300.100.1.1" => "UID",
        "1.2.840.113549.1.9.1" => "emailAddress",
        other => return other.to_owned(),
    }
    .to_owned()
}

/// RFC 4514 §2.4.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let last = text.chars().count().saturating_sub(1);
    for (index, c) in text.chars().enumerate() {
        let at_edge_space = c == ' ' && (index == 0 || index == last);
        if matches!(c, '"' | '+' | ',' | ';' | '<' | '>' | '\\') || at_edge_space || (c == '#' && index == 0)
        {
            out.push('\\');
        }
        if c.is_control() {
            use std::fmt::Write;
            for byte in c.to_string().bytes() {
                let _ = write!(out, "\\{byte:02x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// `P-256` for the OIDs of named curves (RFC 5480 §2.1.1.1).
pub(super) fn curve(oid: &Oid<'_>) -> String {
    match oid.to_id_string().as_str() {
        "1.2.840.10045.3.1.7" => "P-256".to_owned(),
        "1.3.132.0.34" => "P-384".to_owned(),
        "1.3.132.0.35" => "P-521".to_owned(),
        "1.3.132.0.10" => "secp256k1".to_owned(),
        "1.3.36.3.3.2.8.1.1.7" => "brainpoolP256r1".to_owned(),
        other => other.to_owned(),
    }
}

/// The usual name of a signature or key algorithm.
pub(super) fn signature_algorithm(oid: &Oid<'_>) -> String {
    match oid.to_id_string().as_str() {
        "1.2.840.113549.1.1.1" => "rsaEncryption",
        "1.2.840.113549.1.1.4" => "md5WithRSAEncryption",
        "1.2.840.113549.1.1.5" => "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.2.840.10045.4.1" => "ecdsa-with-SHA1",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.10040.4.3" => "dsa-with-SHA1",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "2.16.840.1.101.3.4.3.17" => "ML-DSA-44",
        "2.16.840.1.101.3.4.3.18" => "ML-DSA-65",
        "2.16.840.1.101.3.4.3.19" => "ML-DSA-87",
        other => return other.to_owned(),
    }
    .to_owned()
}

/// An extension's OID with its name where it has a known one.
pub(super) fn oid_words(oid: &Oid<'_>) -> String {
    let dotted = oid.to_id_string();
    let name = match dotted.as_str() {
        "2.5.29.32" => "certificatePolicies",
        "2.5.29.33" => "policyMappings",
        "2.5.29.36" => "policyConstraints",
        "2.5.29.54" => "inhibitAnyPolicy",
        "2.5.29.18" => "issuerAltName",
        "1.3.6.1.5.5.7.1.24" => "tlsFeature",
        _ => return dotted,
    };
    format!("{name} ({dotted})")
}

/// Address and mask of a name constraint (RFC 5280 §4.2.1.10).
pub(super) fn network(bytes: &[u8]) -> String {
    let (address, mask) = bytes.split_at(bytes.len() / 2);
    let ones: u32 = mask.iter().map(|byte| byte.count_ones()).sum();
    let text = match (<[u8; 4]>::try_from(address), <[u8; 16]>::try_from(address)) {
        (Ok(octets), _) => std::net::IpAddr::from(octets).to_string(),
        (_, Ok(octets)) => std::net::IpAddr::from(octets).to_string(),
        _ => hex::encode(address),
    };
    format!("{text}/{ones}")
}

/// The contents of a certificate's outer signatureAlgorithm, found by walking DER: SEQUENCE { SEQUENCE tbs, SEQUENCE alg, .. }.
pub(super) fn algorithm_contents(der: &[u8]) -> Option<Vec<u8>> {
    let (outer, _) = der_element(der)?;
    let (_, rest) = der_element(outer)?;
    let (contents, _) = der_element(rest)?;
    Some(contents.to_vec())
}

/// The contents of the first DER element and what follows it (X.690 §8.1, definite lengths only).
pub fn der_element(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let first = usize::from(*bytes.get(1)?);
    let (start, length) = if first < 0x80 {
        (2, first)
    } else {
        let count = first & 0x7f;
        if count == 0 || count > 4 {
            return None;
        }
        let digits = bytes.get(2..2 + count)?;
        (
            2 + count,
            digits
                .iter()
                .fold(0usize, |sum, digit| (sum << 8) | usize::from(*digit)),
        )
    };
    let end = start.checked_add(length)?;
    Some((bytes.get(start..end)?, bytes.get(end..)?))
}

/// How long is left, for people: `23 h left`, `41 d left`, `expired 2 d ago`, `valid in 3 h`.
pub fn time_left(not_before: i64, not_after: i64, now_unix_s: i64) -> String {
    let words = |seconds: i64| match seconds {
        s if s < 120 => format!("{s} s"),
        s if s < 7_200 => format!("{} min", s / 60),
        s if s < 172_800 => format!("{} h", s / 3_600),
        s if s < 63_072_000 => format!("{} d", s / 86_400),
        s => format!("{} y", s / 31_536_000),
    };
    if now_unix_s < not_before {
        format!("valid in {}", words(not_before - now_unix_s))
    } else if now_unix_s > not_after {
        format!("expired {} ago", words(now_unix_s - not_after))
    } else {
        format!("{} left", words(not_after - now_unix_s))
    }
}
