//! Distinguished names, curves and reasons in words.

use std::borrow::Cow;
use std::fmt::Write;

use x509_parser::oid_registry::Oid;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use super::der::der_element;
use super::distinguished::string_text;
use super::oids::oid_short;
use crate::printable::{is_unsafe, printable, shortened};

/// The most characters of a name that are told. X.520 allows 64 for a common name; chains are built on the DER, which stays
/// whole.
const LONGEST_NAME: usize = 2048;
/// The most characters of what stands for a certificate in a sentence.
const LONGEST_DISPLAY_NAME: usize = 256;

/// A name for sentences: safe to show, and no longer than a sentence bears.
pub(super) fn display(name: &str) -> String {
    printable(&shortened(name, LONGEST_DISPLAY_NAME)).into_owned()
}

/// A distinguished name as RFC 4514 text: most specific first, escaped, at most 2048 characters.
pub(super) fn rfc4514(name: &X509Name<'_>) -> String {
    let text = whole_rfc4514(name);
    match shortened(&text, LONGEST_NAME) {
        Cow::Borrowed(_) => text,
        Cow::Owned(cut) => cut,
    }
}

fn whole_rfc4514(name: &X509Name<'_>) -> String {
    let mut out = String::new();
    let parts: Vec<_> = name.iter_rdn().collect();
    for (place, part) in parts.into_iter().rev().enumerate() {
        if place > 0 {
            out.push(',');
        }
        for (place, attribute) in part.iter().enumerate() {
            if place > 0 {
                out.push('+');
            }
            out.push_str(&attribute_name(attribute.attr_type()));
            out.push('=');
            match text_of(attribute) {
                // No more of it is told, so no more of it is worked on.
                Some(text) => escape(&shortened(&text, LONGEST_NAME), &mut out),
                None => out.push_str(&hex_value(attribute.as_slice())),
            }
        }
    }
    out
}

/// A value as text, where it is a string (RFC 4514 §2.4): of any string type.
fn text_of<'a>(attribute: &'a AttributeTypeAndValue<'_>) -> Option<Cow<'a, str>> {
    if let Ok(text) = attribute.as_str() {
        return Some(Cow::Borrowed(text));
    }
    let tag = u8::try_from(attribute.attr_value().tag().0).ok()?;
    string_text(tag, attribute.as_slice()).map(Cow::Owned)
}

/// A value that is no text (RFC 4514 §2.4).
fn hex_value(value: &[u8]) -> String {
    match value.get(..LONGEST_NAME / 2) {
        Some(start) if value.len() > start.len() => format!("#{}…", hex::encode(start)),
        _ => format!("#{}", hex::encode(value)),
    }
}

/// The last common name.
pub(super) fn common_name(name: &X509Name<'_>) -> Option<String> {
    name.iter_common_name()
        .last()
        .and_then(text_of)
        .map(Cow::into_owned)
}

/// The last common name, else the whole name: for people.
pub(super) fn display_name(name: &X509Name<'_>) -> String {
    display(&common_name(name).unwrap_or_else(|| rfc4514(name)))
}

/// The common name in RFC 4514 text, else the whole text; the escapes are undone, and it is safe to show: as the certificate's
/// own [`display_name`] reads.
pub fn common_name_in(text: &str) -> String {
    let mut value: Option<Vec<u8>> = None;
    let mut rest = text;
    // An attribute begins the text, or stands behind a separator that is not escaped.
    while value.is_none() && !rest.is_empty() {
        let (bytes, after) = unescaped(rest.strip_prefix("CN=").unwrap_or(rest));
        value = rest.starts_with("CN=").then_some(bytes);
        rest = after;
    }
    match value {
        Some(bytes) => display(&String::from_utf8_lossy(&bytes)),
        None => display(text),
    }
}

/// One attribute's bytes with RFC 4514 §2.4's escapes undone, and what follows its separator.
fn unescaped(text: &str) -> (Vec<u8>, &str) {
    let mut bytes = Vec::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            ',' | '+' => return (bytes, text.get(at + 1..).unwrap_or_default()),
            '\\' => {
                let is_hex = |pair: &&str| pair.bytes().all(|byte| byte.is_ascii_hexdigit());
                let pair = text.get(at + 1..at + 3).filter(is_hex);
                if let Some(byte) = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
                    bytes.push(byte);
                    characters.nth(1);
                } else if let Some((_, escaped)) = characters.next() {
                    bytes.extend_from_slice(escaped.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
            other => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    (bytes, "")
}

/// A DER-encoded Name as RFC 4514 text; `None` where the bytes are none.
pub fn distinguished_name(der: &[u8]) -> Option<String> {
    use x509_parser::prelude::FromDer;
    let (rest, name) = X509Name::from_der(der).ok()?;
    rest.is_empty().then(|| rfc4514(&name))
}

/// How RFC 4514 §3 writes an attribute's type: `CN`, or the numbers.
pub(super) fn attribute_name(oid: &Oid<'_>) -> Cow<'static, str> {
    oid_short(oid.as_bytes())
}

/// RFC 4514 §2.4. What changes how others are shown is written as its bytes, which any reader takes back.
fn escape(text: &str, out: &mut String) {
    out.reserve(text.len());
    let last = text.chars().count().saturating_sub(1);
    for (index, c) in text.chars().enumerate() {
        let at_edge_space = c == ' ' && (index == 0 || index == last);
        if matches!(c, '"' | '+' | ',' | ';' | '<' | '>' | '\\') || at_edge_space || (c == '#' && index == 0)
        {
            out.push('\\');
        }
        if is_unsafe(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "\\{byte:02x}");
            }
        } else {
            out.push(c);
        }
    }
}

/// `P-256` for the OIDs of named curves (RFC 5480 §2.1.1.1).
pub(super) fn curve(oid: &Oid<'_>) -> String {
    oid_short(oid.as_bytes()).into_owned()
}

/// The usual name of a signature or key algorithm.
pub(super) fn signature_algorithm(oid: &Oid<'_>) -> String {
    oid_short(oid.as_bytes()).into_owned()
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

/// A CRLReason by its name (RFC 5280 §5.3.1); 7 is not used.
pub fn reason_words(code: u8) -> String {
    match code {
        0 => "unspecified",
        1 => "keyCompromise",
        2 => "cACompromise",
        3 => "affiliationChanged",
        4 => "superseded",
        5 => "cessationOfOperation",
        6 => "certificateHold",
        8 => "removeFromCRL",
        9 => "privilegeWithdrawn",
        10 => "aACompromise",
        other => return format!("reason {other}"),
    }
    .to_owned()
}

/// The contents of a certificate's outer signatureAlgorithm, found by walking DER: SEQUENCE { SEQUENCE tbs, SEQUENCE alg, .. }.
pub(super) fn algorithm_contents(der: &[u8]) -> Option<Vec<u8>> {
    let (outer, _) = der_element(der)?;
    let (_, rest) = der_element(outer)?;
    let (contents, _) = der_element(rest)?;
    Some(contents.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_common_name_reads_the_same_wherever_it_is_taken_from() {
        for name in [
            "orders",
            "a\u{202e}evil\u{2066}",
            "Root, the old",
            "a+b=c\\d",
            "CN=x",
            " é名 ",
            "#1",
            "line\nbreak",
        ] {
            let mut escaped = String::new();
            escape(name, &mut escaped);
            for text in [
                format!("CN={escaped},O=Shop"),
                format!("O=Shop\\, CN\\=no,CN={escaped}"),
                format!("O=Shop+CN={escaped}"),
            ] {
                assert_eq!(common_name_in(&text), display(name), "{text}");
            }
        }
        assert_eq!(common_name_in("O=Shop"), "O=Shop");
        assert_eq!(common_name_in(""), "");
    }

    /// A Name of one common name (RFC 5280 §4.1.2.4).
    fn common(value: &[u8]) -> Vec<u8> {
        use super::super::der::tagged;
        let value = [tagged(0x06, &[0x55, 4, 3]), tagged(0x0c, value)].concat();
        tagged(0x30, &tagged(0x31, &tagged(0x30, &value)))
    }

    #[test]
    fn a_name_of_megabytes_is_told_in_part() {
        for (length, told) in [
            (64, 64),
            (LONGEST_NAME - 3, LONGEST_NAME - 3),
            (LONGEST_NAME - 2, LONGEST_NAME - 3),
            (3_000_000, LONGEST_NAME - 3),
        ] {
            let text = distinguished_name(&common(&vec![b'x'; length])).expect("a name");
            assert_eq!(text.chars().count(), told + 3, "{length}");
            assert_eq!(text.contains('…'), length > LONGEST_NAME - 3, "{length}");
        }
        // Text that is none is written in hexadecimal, no more of it either.
        let text = distinguished_name(&common(&vec![0xff; 3_000_000])).expect("a name");
        assert!(
            text.starts_with("CN=#ff") && text.chars().count() <= LONGEST_NAME,
            "{}",
            text.len()
        );
    }

    #[test]
    fn a_value_says_nothing_but_itself() {
        let escaped = |text: &str| {
            let mut out = String::new();
            escape(text, &mut out);
            out
        };
        assert_eq!(escaped("a,b+c"), r"a\,b\+c");
        assert_eq!(escaped(" #x "), r"\ #x\ ");
        assert_eq!(escaped("a\u{1b}[31m\u{202e}"), r"a\1b[31m\e2\80\ae");
        assert_eq!(display("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(display(&"x".repeat(10_000)).chars().count(), LONGEST_DISPLAY_NAME);
    }

    #[test]
    fn a_number_sign_is_escaped_at_the_beginning_alone() {
        let escaped = |text: &str| {
            let mut out = String::new();
            escape(text, &mut out);
            out
        };
        assert_eq!(escaped("#1"), r"\#1");
        assert_eq!(escaped("a#1"), "a#1");
        assert_eq!(escaped(r#"";<>\"#), r#"\"\;\<\>\\"#);
    }

    #[test]
    fn of_several_common_names_the_last_is_shown() {
        use x509_parser::prelude::FromDer;

        use super::super::der::{der_element, tagged};
        let [one, two] = [b"one", b"two"].map(|value| {
            let whole = common(value);
            der_element(&whole)
                .map(|(contents, _)| contents.to_vec())
                .expect("a name")
        });
        let whole = tagged(0x30, &[one, two].concat());
        let (_, name) = X509Name::from_der(&whole).expect("a name");
        assert_eq!(display_name(&name), "two");
        assert_eq!(rfc4514(&name), "CN=two,CN=one");
    }

    #[test]
    fn every_reason_has_its_own_name() {
        let names: Vec<String> = (0..=11).map(reason_words).collect();
        assert_eq!(
            names,
            [
                "unspecified",
                "keyCompromise",
                "cACompromise",
                "affiliationChanged",
                "superseded",
                "cessationOfOperation",
                "certificateHold",
                "reason 7",
                "removeFromCRL",
                "privilegeWithdrawn",
                "aACompromise",
                "reason 11",
            ]
        );
    }

    #[test]
    fn a_network_is_an_address_and_how_many_bits_of_it() {
        assert_eq!(network(&[10, 1, 0, 0, 255, 255, 128, 0]), "10.1.0.0/17");
        let v6 = [[0xfd, 1].as_slice(), &[0; 14], &[0xff; 6], &[0; 10]].concat();
        assert_eq!(network(&v6), "fd01::/48");
    }
}
