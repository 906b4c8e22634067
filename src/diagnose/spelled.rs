//! A stack's own words with raw bytes in them, spelled out: rustls prints what it refuses as a list of numbers.

use crate::pki::{distinguished_name, oid_words};

/// Fewer numbers are a list of numbers.
const LEAST_BYTES: usize = 3;
/// More are not looked at.
const MOST_BYTES: usize = 16 * 1024;

/// The words with each list of bytes replaced by what the bytes say: an object identifier, a name, text. What is none of these stays
/// as it is.
pub fn spelled_out(words: &str) -> String {
    let mut out = String::new();
    let mut rest = words;
    while let Some(start) = rest.find('[') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let end = from.find(']').map_or(from.len(), |end| end + 1);
        let (list, after) = from.split_at(end);
        out.push_str(&said_by(list).unwrap_or_else(|| list.to_owned()));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What the bytes of `[6, 9, 42, …]` say.
fn said_by(list: &str) -> Option<String> {
    let inner = list.strip_prefix('[')?.strip_suffix(']')?;
    if inner.starts_with("0x") {
        return identifiers(inner);
    }
    let bytes: Vec<u8> = inner
        .split(',')
        .take(MOST_BYTES)
        .map(|number| number.trim().parse().ok())
        .collect::<Option<_>>()?;
    if bytes.len() < LEAST_BYTES {
        return None;
    }
    identifier(&bytes)
        .or_else(|| distinguished_name(&bytes))
        .or_else(|| text(&bytes))
}

/// An object identifier, with or without the parameters behind it and the SEQUENCE around it (RFC 5280 §4.1.1.2).
fn identifier(bytes: &[u8]) -> Option<String> {
    let inner = match bytes {
        [0x30, length, inner @ ..] if inner.len() == usize::from(*length) => inner,
        all => all,
    };
    match inner {
        [0x06, length, rest @ ..] => {
            let id = rest.get(..usize::from(*length)).filter(|id| !id.is_empty())?;
            Some(oid_words(id).into_owned())
        }
        _ => None,
    }
}

/// A list of identifiers in hexadecimal, each named once: a stack lists an algorithm as often as it has keys for it.
fn identifiers(list: &str) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for item in list.split(',').take(MOST_BYTES) {
        let bytes = hex::decode(item.trim().strip_prefix("0x")?).ok()?;
        let name = identifier(&bytes)?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some(format!("[{}]", names.join(", ")))
}

fn text(bytes: &[u8]) -> Option<String> {
    let is_plain = bytes.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    let text = std::str::from_utf8(bytes).ok().filter(|_| is_plain)?;
    Some(format!("“{text}”"))
}

#[cfg(test)]
mod tests {
    use super::spelled_out;

    #[test]
    fn bytes_are_spelled_out_and_all_else_stays() {
        for (words, part) in [
            (
                "signature_algorithm_id: [6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 5, 5, 0] }",
                "sha1WithRSAEncryption",
            ),
            (
                "issuer [48, 13, 49, 11, 48, 9, 6, 3, 85, 4, 3, 12, 2, 67, 65]",
                "CN=CA",
            ),
            (
                "supported_algorithms: [0x06082a8648ce3d040302, 0x06082a8648ce3d040302]",
                "supported_algorithms: [ecdsa-with-SHA256 (1.2.840.10045.4.3.2)]",
            ),
            ("host [97, 46, 116, 101, 115, 116]", "“a.test”"),
        ] {
            let spelled = spelled_out(words);
            assert!(spelled.contains(part) && !spelled.contains("[4"), "{spelled}");
        }
        for words in [
            "",
            "[",
            "[]",
            "a [1, 2] b",
            "[DnsName(\"a\")]",
            "[300, 1, 2]",
            "[0, 1, 2, 3]",
            "[0x06082a8648ce3d040302, 0xzz]",
            "[0x01]",
            "é [é",
        ] {
            assert_eq!(spelled_out(words), words);
        }
    }
}
