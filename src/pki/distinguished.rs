//! Distinguished names attribute by attribute (RFC 5280 §4.1.2.4): what a reader takes for one name may be two, for the bytes
//! of a name differ by string type, case and white space.

use super::der::der_element;
use super::oids::oid_short;
use crate::printable::printable;

/// One attribute of a distinguished name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePart {
    /// The attribute's type, contents of the OID.
    pub oid: Vec<u8>,
    /// The tag of the string (X.690 §8.23).
    pub tag: u8,
    /// The value as it is written, decoded.
    pub text: String,
    /// The value's bytes.
    pub bytes: Vec<u8>,
}

/// The attributes of a name, in order: Name ::= SEQUENCE OF SET OF SEQUENCE { type OID, value ANY }. `None` where it is none.
pub fn name_parts(name: &[u8]) -> Option<Vec<NamePart>> {
    let (sets, _) = der_element(name)?;
    name_parts_of_contents(sets)
}

/// The same of the contents of the SEQUENCE.
pub fn name_parts_of_contents(mut sets: &[u8]) -> Option<Vec<NamePart>> {
    let mut parts = Vec::new();
    while !sets.is_empty() {
        let (mut set, rest) = der_element(sets)?;
        sets = rest;
        while !set.is_empty() {
            let (attribute, more) = der_element(set)?;
            set = more;
            let (oid, value) = der_element(attribute)?;
            let tag = *value.first()?;
            let (bytes, _) = der_element(value)?;
            parts.push(NamePart {
                oid: oid.to_vec(),
                tag,
                text: attribute_text(tag, bytes),
                bytes: bytes.to_vec(),
            });
        }
    }
    Some(parts)
}

/// The text of an attribute's value, by the tag of its string type; what is none of its type's is replaced.
pub fn attribute_text(tag: u8, bytes: &[u8]) -> String {
    match tag {
        0x1e => String::from_utf16_lossy(&utf_16(bytes)),
        _ => string_text(tag, bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned()),
    }
}

/// The text of a string (X.680 §41, §43), by the tag of its type; `None` where the tag is no string's, or the bytes are not of its
/// type.
pub fn string_text(tag: u8, bytes: &[u8]) -> Option<String> {
    match tag {
        0x0c => String::from_utf8(bytes.to_vec()).ok(),
        // UTF-16 in network order.
        0x1e => String::from_utf16(&utf_16(bytes))
            .ok()
            .filter(|_| bytes.len().is_multiple_of(2)),
        // UTF-32 in network order.
        0x1c => bytes
            .chunks(4)
            .map(|four| char::from_u32(u32::from_be_bytes(four.try_into().ok()?)))
            .collect(),
        // In practice Latin-1.
        0x14 => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        // The escape sequences of GraphicString, GeneralString and VideotexString (ISO 2022) nobody writes.
        0x12 | 0x13 | 0x15 | 0x16 | 0x19..=0x1b if bytes.is_ascii() => String::from_utf8(bytes.to_vec()).ok(),
        _ => None,
    }
}

fn utf_16(bytes: &[u8]) -> Vec<u16> {
    bytes
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0u16, |sum, byte| (sum << 8) | u16::from(*byte)))
        .collect()
}

/// The name of a string type.
pub fn string_type(tag: u8) -> &'static str {
    match tag {
        0x0c => "UTF8String",
        0x12 => "NumericString",
        0x13 => "PrintableString",
        0x14 => "TeletexString",
        0x15 => "VideotexString",
        0x16 => "IA5String",
        0x19 => "GraphicString",
        0x1a => "VisibleString",
        0x1b => "GeneralString",
        0x1c => "UniversalString",
        0x1e => "BMPString",
        _ => "another string type",
    }
}

/// Lower case, one space for many, none at the ends (RFC 4518 §2.6.1, in the part that people meet).
pub fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// A name (contents of its SEQUENCE) as RFC 5280 §7.1 compares it: two that are one have the same. `None` where it is none, or
/// empty.
pub fn folded_name(contents: &[u8]) -> Option<String> {
    let parts = name_parts_of_contents(contents)?;
    let words: Vec<String> = parts
        .iter()
        .map(|part| format!("{}={}", hex::encode(&part.oid), folded(&part.text)))
        .collect();
    (!words.is_empty()).then(|| words.join("\0"))
}

/// In what two names differ that RFC 5280 §7.1 takes for one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NameDifference {
    /// A string type.
    pub string_type: bool,
    /// Capitals.
    pub case: bool,
    /// White space.
    pub white_space: bool,
}

/// How two names (contents of their SEQUENCEs) differ that are one by RFC 5280 §7.1; `None` where they are the same bytes or
/// two names.
pub fn name_difference(one: &[u8], other: &[u8]) -> Option<NameDifference> {
    if one == other {
        return None;
    }
    let (one, other) = (name_parts_of_contents(one)?, name_parts_of_contents(other)?);
    if one.is_empty() || one.len() != other.len() {
        return None;
    }
    let mut found = NameDifference::default();
    for (a, b) in one.iter().zip(&other) {
        if a.oid != b.oid || folded(&a.text) != folded(&b.text) {
            return None;
        }
        found.string_type |= a.tag != b.tag;
        let spaces = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        found.case |= spaces(&a.text) != spaces(&b.text);
        found.white_space |= a.text.to_lowercase() != b.text.to_lowercase();
    }
    (found != NameDifference::default()).then_some(found)
}

/// A name (contents of its SEQUENCE) with the string type of every value, so that two of them can be told apart:
/// `CN="Mesh Root" (UTF8String)`.
pub fn name_with_types(contents: &[u8]) -> String {
    let parts = name_parts_of_contents(contents).unwrap_or_default();
    let words: Vec<String> = parts
        .iter()
        .map(|part| {
            format!(
                "{}=\"{}\" ({})",
                oid_short(&part.oid),
                printable(&part.text),
                string_type(part.tag)
            )
        })
        .collect();
    words.join(", ")
}

/// The first value in a name whose characters its string type does not have, in words; `None` where all are sound.
pub fn illegal_character(contents: &[u8]) -> Option<String> {
    name_parts_of_contents(contents)?.iter().find_map(|part| {
        let kind = oid_short(&part.oid);
        let shown = printable(&part.text);
        match part.tag {
            0x13 => part.text.chars().find(|c| !is_printable_string(*c)).map(|c| {
                format!(
                    "{kind}=\"{shown}\" is a PrintableString and holds “{}”, which that type does not have",
                    printable(&c.to_string())
                )
            }),
            0x16 if !part.bytes.is_ascii() => Some(format!(
                "{kind}=\"{shown}\" is an IA5String and holds what is not ASCII"
            )),
            0x0c if std::str::from_utf8(&part.bytes).is_err() => {
                Some(format!("{kind}=\"{shown}\" is a UTF8String and is no UTF-8"))
            }
            _ => None,
        }
    })
}

/// X.680 §41.4; the asterisk and the ampersand, which are not among them either, every stack lets pass.
fn is_printable_string(c: char) -> bool {
    c.is_ascii_alphanumeric() || " '()+,-./:=?*&".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::der::tagged;

    fn attribute(number: u8, tag: u8, bytes: &[u8]) -> Vec<u8> {
        tagged(
            0x30,
            &[tagged(0x06, &[0x55, 4, number]), tagged(tag, bytes)].concat(),
        )
    }

    #[test]
    fn every_attribute_is_a_part_in_its_order_and_of_its_string_type() {
        let two = [attribute(10, 0x0c, b"O"), attribute(11, 0x13, b"U")].concat();
        let name = tagged(
            0x30,
            &[
                tagged(0x31, &attribute(6, 0x13, b"CH")),
                tagged(0x31, &two),
                tagged(0x31, &attribute(3, 0x1e, &[0, b'a', 0x20, 0xac])),
                tagged(0x31, &attribute(3, 0x14, &[b'b', 0xe9])),
            ]
            .concat(),
        );
        let parts = name_parts(&name).expect("a name");
        let told: Vec<(u8, u8, &str)> = parts
            .iter()
            .map(|part| (part.oid[2], part.tag, part.text.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (6, 0x13, "CH"),
                (10, 0x0c, "O"),
                (11, 0x13, "U"),
                (3, 0x1e, "a€"),
                (3, 0x14, "bé")
            ]
        );
        assert_eq!(name_parts(&tagged(0x30, &[])), Some(Vec::new()));
        for end in 1..name.len() {
            assert_eq!(name_parts(&name[..end]), None, "{end}");
        }
    }

    #[test]
    fn every_string_type_is_text_where_its_bytes_are_of_it() {
        let utf_32 = [0, 0, 0, b'a', 0, 1, 0xf6, 0];
        for (tag, bytes, text) in [
            (0x0c, "é".as_bytes(), Some("é")),
            (0x0c, &[0xe9], None),
            (0x12, b"12 3", Some("12 3")),
            (0x13, b"p", Some("p")),
            (0x14, &[0xe9], Some("é")),
            (0x15, b"v", Some("v")),
            (0x16, b"i@", Some("i@")),
            (0x16, &[0xe9], None),
            (0x19, b"g", Some("g")),
            (0x1a, b"v", Some("v")),
            (0x1a, &[0x80], None),
            (0x1b, b"g", Some("g")),
            (0x1c, &utf_32, Some("a\u{1f600}")),
            (0x1c, &utf_32[..7], None),
            (0x1c, &[0, 0, 0xd8, 0], None),
            (0x1e, &[0x20, 0xac], Some("€")),
            (0x1e, &[0x20], None),
            (0x1e, &[0xd8, 0], None),
            (0x04, b"octets", None),
        ] {
            assert_eq!(string_text(tag, bytes).as_deref(), text, "{tag:#x} {bytes:x?}");
            assert!(
                text.is_none() || string_type(tag) != "another string type",
                "{tag:#x}"
            );
        }
    }
}
