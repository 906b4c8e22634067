//! A certificate to the byte: DER (X.690) read by X.509's grammar (RFC 5280 §4.1) into named fields.
//!
//! Ranges count in the message that carries the certificate. Total, like everything here: what is no DER keeps its bytes
//! in one leaf with an error.

use super::oids;
use super::reader::Reader;
use super::scts::scts;
use super::value::Writing;
use super::words::{self, Words};

/// Deeper than any certificate goes; beyond it bytes stay one leaf.
const DEEPEST: usize = 12;

/// Length of the header and of the content of the element that comes next (definite lengths, X.690 §8.1.3).
fn element(reader: &Reader<'_>) -> Option<(u8, usize, usize)> {
    let [tag, first] = *reader.peek(2) else {
        return None;
    };
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (header, content) = if first < 0x80 {
        (2, usize::from(first))
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 3 {
            return None;
        }
        let digits = reader.peek(2 + count).get(2..)?;
        if digits.len() < count {
            return None;
        }
        (
            2 + count,
            digits
                .iter()
                .fold(0usize, |sum, digit| (sum << 8) | usize::from(*digit)),
        )
    };
    (header + content <= reader.remaining()).then_some((tag, header, content))
}

/// A constructed element: a group whose first leaf is its `header`.
pub(super) fn constructed<'a, W: Into<Words>>(
    reader: &mut Reader<'a>,
    name: &'static str,
    read: impl FnOnce(&mut Reader<'a>) -> W,
) {
    let Some((tag, header, content)) = element(reader) else {
        broken(reader, name);
        return;
    };
    reader.group(name, header + content, |inner| {
        inner.bytes("header", header, |_| {
            words::pieces(&[tag_name(tag), ", ", &words::size(content)])
        });
        read(inner)
    });
}

/// A primitive element: one leaf with its header.
pub(super) fn primitive<W: Into<Words>>(
    reader: &mut Reader<'_>,
    name: &'static str,
    say: impl FnOnce(u8, &[u8]) -> W,
) {
    let Some((tag, header, content)) = element(reader) else {
        broken(reader, name);
        return;
    };
    reader.bytes(name, header + content, |bytes| {
        say(tag, bytes.get(header..).unwrap_or_default())
    });
}

/// The same, for a group that wears its value.
pub(super) fn told<W: Into<Words>>(
    reader: &mut Reader<'_>,
    name: &'static str,
    say: impl FnOnce(u8, &[u8]) -> W,
) -> Words {
    let mut value = Words::default();
    primitive(reader, name, |tag, bytes| {
        value = say(tag, bytes).into();
        value.clone()
    });
    value
}

fn broken(reader: &mut Reader<'_>, name: &'static str) {
    if reader.remaining() == 0 {
        return;
    }
    reader.rest(name, |bytes| words::size(bytes.len()));
    if let Some(field) = reader.last() {
        field.error = Some("this is not DER".to_owned());
    }
}

pub(super) fn next_is(reader: &Reader<'_>, tag: u8) -> bool {
    reader.peek(1) == [tag]
}

/// Certificate (RFC 5280 §4.1).
pub(super) fn certificate(reader: &mut Reader<'_>) {
    constructed(reader, "X509Certificate", |inner| {
        constructed(inner, "tbsCertificate", |tbs| {
            body(tbs);
            Words::default()
        });
        algorithm(inner, "signatureAlgorithm");
        primitive(inner, "signatureValue", |_, bytes| {
            words::hex(bytes.get(1..).unwrap_or_default())
        });
        Words::default()
    });
}

/// TBSCertificate (RFC 5280 §4.1.2).
fn body(tbs: &mut Reader<'_>) {
    if next_is(tbs, 0xa0) {
        constructed(tbs, "version", |inner| {
            told(inner, "INTEGER", |_, bytes| {
                match bytes.first().copied().unwrap_or_default() {
                    2 => Words::Borrowed("v3 (2)"),
                    number => format_args!("v{} ({number})", u16::from(number) + 1).into(),
                }
            })
        });
    }
    primitive(tbs, "serialNumber", |_, bytes| words::hex(bytes));
    algorithm(tbs, "signature");
    name(tbs, "issuer");
    constructed(tbs, "validity", |validity| {
        let from = told(validity, "notBefore", |_, bytes| time(bytes));
        let until = told(validity, "notAfter", |_, bytes| time(bytes));
        words::pieces(&[&from, " to ", &until])
    });
    name(tbs, "subject");
    public_key_info(tbs, "subjectPublicKeyInfo");
    for (tag, name) in [(0x81, "issuerUniqueID"), (0x82, "subjectUniqueID")] {
        if next_is(tbs, tag) {
            primitive(tbs, name, |_, bytes| words::hex(bytes));
        }
    }
    if next_is(tbs, 0xa3) {
        constructed(tbs, "extensions", extensions);
    }
}

/// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7): its value is the key's algorithm.
pub(super) fn public_key_info(reader: &mut Reader<'_>, name: &'static str) -> Words {
    let mut words = Words::default();
    constructed(reader, name, |key| {
        words = algorithm(key, "algorithm");
        primitive(key, "subjectPublicKey", |_, bytes| {
            words::hex(bytes.get(1..).unwrap_or_default())
        });
        words.clone()
    });
    words
}

/// Extensions (RFC 5280 §4.1): a list of them.
pub(super) fn extensions(reader: &mut Reader<'_>) -> Words {
    let mut count = 0;
    constructed(reader, "Extensions", |list| {
        while list.remaining() > 0 {
            extension(list);
            count += 1;
        }
        words::number(count)
    });
    words::number(count)
}

/// AlgorithmIdentifier (RFC 5280 §4.1.1.2).
pub(super) fn algorithm(reader: &mut Reader<'_>, name: &'static str) -> Words {
    let mut words = Words::default();
    constructed(reader, name, |inner| {
        words = told(inner, "algorithm", |_, bytes| Words::from(oids::words(bytes)));
        while inner.remaining() > 0 {
            anything(inner, "parameters", 0);
        }
        words.clone()
    });
    words
}

/// Name (RFC 5280 §4.1.2.4): its value is the whole name as RFC 4514 text.
pub(super) fn name(reader: &mut Reader<'_>, label: &'static str) {
    let text = element(reader)
        .and_then(|(_, header, content)| crate::pki::distinguished_name(reader.peek(header + content)))
        .unwrap_or_default();
    constructed(reader, label, |inner| {
        while inner.remaining() > 0 {
            constructed(inner, "RelativeDistinguishedName", |set| {
                let mut parts = Writing::default();
                while set.remaining() > 0 {
                    constructed(set, "AttributeTypeAndValue", |pair| {
                        let kind = told(pair, "type", |_, bytes| Words::from(oids::words(bytes)));
                        let value = told(pair, "value", |tag, bytes| {
                            words::shown(crate::pki::attribute_text(tag, bytes).as_bytes())
                        });
                        let part =
                            words::pieces(&[kind.split(' ').next().unwrap_or_default(), " = ", &value]);
                        parts.push_after(", ", &part);
                        part
                    });
                }
                parts.finish()
            });
        }
        text
    });
}

/// Extension (RFC 5280 §4.1.2.9): its field wears the extension's name as its value.
fn extension(list: &mut Reader<'_>) {
    constructed(list, "Extension", |inner| {
        let mut oid = Words::default();
        let name = told(inner, "extnID", |_, bytes| {
            oid = oids::dotted(bytes).into();
            Words::from(oids::words(bytes))
        });
        let mut is_critical = false;
        if next_is(inner, 0x01) {
            primitive(inner, "critical", |_, bytes| {
                is_critical = bytes != [0];
                words::truth(is_critical)
            });
        }
        constructed(inner, "extnValue", |value| {
            content(&oid, value);
            Words::default()
        });
        let short = name.split(' ').next().unwrap_or_default();
        words::pieces(&[short, if is_critical { ", critical" } else { "" }])
    });
}

/// What an extension's octets hold.
fn content(oid: &str, reader: &mut Reader<'_>) {
    match oid {
        "2.5.29.15" => {
            primitive(reader, "KeyUsage", |_, bytes| key_usage(bytes));
        }
        "2.5.29.14" => {
            primitive(reader, "KeyIdentifier", |_, bytes| words::hex(bytes));
        }
        "2.5.29.17" | "2.5.29.18" => {
            constructed(reader, "GeneralNames", general_names);
        }
        "2.5.29.19" => constructed(reader, "BasicConstraints", |inner| {
            if next_is(inner, 0x01) {
                primitive(inner, "cA", |_, bytes| words::truth(bytes != [0]));
            }
            if next_is(inner, 0x02) {
                primitive(inner, "pathLenConstraint", |_, bytes| integer(bytes));
            }
            Words::default()
        }),
        "2.5.29.35" => constructed(reader, "AuthorityKeyIdentifier", |inner| {
            while inner.remaining() > 0 {
                if next_is(inner, 0x80) {
                    primitive(inner, "keyIdentifier", |_, bytes| words::hex(bytes));
                } else if next_is(inner, 0xa1) {
                    constructed(inner, "authorityCertIssuer", general_names);
                } else if next_is(inner, 0x82) {
                    primitive(inner, "authorityCertSerialNumber", |_, bytes| words::hex(bytes));
                } else {
                    anything(inner, "authority", 0);
                }
            }
            Words::default()
        }),
        "2.5.29.37" => constructed(reader, "ExtKeyUsageSyntax", |inner| {
            let mut all = Writing::default();
            while inner.remaining() > 0 {
                let purpose = told(inner, "KeyPurposeId", |_, bytes| Words::from(oids::words(bytes)));
                all.push_after(", ", &purpose);
            }
            all.finish()
        }),
        // The log's promises, in a certificate and in an OCSP response (RFC 6962 §3.3).
        "1.3.6.1.4.1.11129.2.4.2" | "1.3.6.1.4.1.11129.2.4.5" => {
            constructed(reader, "SignedCertificateTimestampList", scts);
        }
        _ => {
            while reader.remaining() > 0 {
                anything(reader, "value", 0);
            }
        }
    }
}

/// GeneralNames (RFC 5280 §4.2.1.6): its value is all of them.
fn general_names(names: &mut Reader<'_>) -> Words {
    let mut all = Writing::default();
    while names.remaining() > 0 {
        let name = general_name(names);
        all.push_after(", ", &name);
    }
    all.finish()
}

/// GeneralName (RFC 5280 §4.2.1.6).
fn general_name(reader: &mut Reader<'_>) -> Words {
    let label = match reader.peek(1) {
        [0x81] => "rfc822Name",
        [0x82] => "dNSName",
        [0x86] => "uniformResourceIdentifier",
        [0x87] => "iPAddress",
        [0x88] => "registeredID",
        _ => {
            anything(reader, "GeneralName", 0);
            return Words::Borrowed("another name");
        }
    };
    told(reader, label, |tag, bytes| match (tag, bytes) {
        (0x87, [a, b, c, d]) => format_args!("{}", std::net::Ipv4Addr::new(*a, *b, *c, *d)).into(),
        (0x87, bytes) => <[u8; 16]>::try_from(bytes).map_or_else(
            |_| words::hex(bytes),
            |octets| format_args!("{}", std::net::Ipv6Addr::from(octets)).into(),
        ),
        (0x88, bytes) => Words::from(oids::words(bytes)),
        (_, bytes) => words::shown(bytes),
    })
}

/// DER that no grammar here names: its structure, and its values as far as their tags tell.
pub(super) fn anything(reader: &mut Reader<'_>, name: &'static str, depth: usize) {
    let Some((tag, ..)) = element(reader) else {
        broken(reader, name);
        return;
    };
    if tag & 0x20 != 0 && depth < DEEPEST {
        constructed(reader, name, |inner| {
            while inner.remaining() > 0 {
                anything(inner, "element", depth + 1);
            }
            Words::default()
        });
        return;
    }
    primitive(reader, name, |tag, bytes| match tag {
        0x01 => words::truth(bytes != [0]),
        0x02 => integer(bytes),
        0x05 => Words::Borrowed("NULL"),
        0x06 => Words::from(oids::words(bytes)),
        0x0c | 0x12..=0x16 | 0x19..=0x1c | 0x1e => string(tag, bytes),
        // In most grammars a name; a tag of the context alone does not tell, and a number is no text.
        0x82 | 0x86 if is_text(bytes) => words::shown(bytes),
        0x17 | 0x18 => time(bytes),
        _ => words::hex(bytes),
    });
}

/// A string with the name of its type; bytes where they are not of it.
fn string(tag: u8, bytes: &[u8]) -> Words {
    let Some(text) = crate::pki::string_text(tag, bytes) else {
        return words::pieces(&[&words::hex(bytes), " (no ", crate::pki::string_type(tag), ")"]);
    };
    let text = words::shown(text.as_bytes());
    words::pieces(&[&text, " (", crate::pki::string_type(tag), ")"])
}

/// Whether these are the letters of an IA5String, and at least one.
fn is_text(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

fn integer(bytes: &[u8]) -> Words {
    if bytes.len() <= 8 && bytes.first().is_none_or(|first| *first < 0x80) {
        words::number(bytes.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte)))
    } else {
        words::hex(bytes)
    }
}

/// UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5) as people read it.
pub(super) fn time(bytes: &[u8]) -> Words {
    let text = words::shown(bytes);
    let digits = text.trim_end_matches('Z');
    let full = match digits.len() {
        // Two digits of a year below 50 are of this century.
        12 => words::pieces(&[if digits < "50" { "20" } else { "19" }, digits]),
        14 => words::pieces(&[digits]),
        _ => return text,
    };
    let part = |range: std::ops::Range<usize>| full.get(range).unwrap_or_default();
    words::pieces(&[
        part(0..4),
        "-",
        part(4..6),
        "-",
        part(6..8),
        " ",
        part(8..10),
        ":",
        part(10..12),
        ":",
        part(12..14),
        " UTC",
    ])
}

/// keyUsage's bits by name (RFC 5280 §4.2.1.3).
fn key_usage(bytes: &[u8]) -> Words {
    const NAMES: [&str; 9] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];
    let bits = bytes.get(1..).unwrap_or_default();
    let is_set = |index: usize| {
        bits.get(index / 8)
            .is_some_and(|byte| byte & (0x80 >> (index % 8)) != 0)
    };
    let mut out = Writing::default();
    for (_, name) in NAMES.iter().enumerate().filter(|(index, _)| is_set(*index)) {
        out.push_after(", ", name);
    }
    out.finish()
}

fn tag_name(tag: u8) -> &'static str {
    match tag {
        0x30 => "SEQUENCE",
        0x31 => "SET",
        0x04 => "OCTET STRING",
        0x03 => "BIT STRING",
        _ if tag & 0xc0 == 0x80 => "context-specific",
        _ => "element",
    }
}

#[cfg(test)]
#[path = "x509_tests.rs"]
mod tests;
