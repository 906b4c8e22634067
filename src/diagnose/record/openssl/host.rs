//! A name that is asked for, held against the leaf's (`crypto/x509/v3_utl.c`, `X509_check_host` and `X509_check_ip`): without
//! a DNS name among the alternative names the common name counts.

use std::net::IpAddr;

use super::super::general_names::{DNS, IP};
use super::super::given::Check;
use super::seen::Seen;
use crate::pki::name_parts_of_contents;

/// Its OID's contents.
pub(super) const COMMON_NAME: &[u8] = &[0x55, 4, 3];

pub(super) fn check(leaf: &Seen<'_>, name: &str) -> Check {
    if let Ok(address) = name.parse::<IpAddr>() {
        let wanted = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        let has = leaf
            .names
            .iter()
            .any(|(tag, bytes)| *tag == IP && *bytes == wanted);
        return if has {
            Ok(())
        } else {
            Err("IP address mismatch".into())
        };
    }
    let mut has_names = false;
    for (tag, bytes) in &leaf.names {
        if *tag == DNS {
            has_names = true;
            if !bytes.is_empty() && is_match(bytes, name.as_bytes()) {
                return Ok(());
            }
        }
    }
    let by_common_name = || {
        let parts = leaf.certificate.subject().and_then(name_parts_of_contents);
        parts.unwrap_or_default().iter().any(|part| {
            part.oid == COMMON_NAME
                && !part.text.is_empty()
                && is_match(part.text.as_bytes(), name.as_bytes())
        })
    };
    if !has_names && by_common_name() {
        return Ok(());
    }
    Err("hostname mismatch".into())
}

fn is_match(pattern: &[u8], name: &[u8]) -> bool {
    match star(pattern) {
        Some(at) => is_wildcard_match(
            pattern.get(..at).unwrap_or_default(),
            pattern.get(at + 1..).unwrap_or_default(),
            name,
        ),
        None => pattern.eq_ignore_ascii_case(name),
    }
}

/// Where the one legal wildcard of a pattern stands (`valid_star`): at an end of the first of three labels or more.
fn star(pattern: &[u8]) -> Option<usize> {
    let mut found = None;
    let (mut is_start, mut is_hyphen, mut is_idna, mut dots) = (true, false, false, 0);
    for (at, byte) in pattern.iter().enumerate() {
        match byte {
            b'*' => {
                let is_end = pattern.get(at + 1).is_none_or(|next| *next == b'.');
                if found.is_some() || is_idna || dots > 0 || !(is_start || is_end) {
                    return None;
                }
                found = Some(at);
                is_start = false;
            }
            b'.' => {
                if is_hyphen || is_start {
                    return None;
                }
                (is_start, is_hyphen, is_idna) = (true, false, false);
                dots += 1;
            }
            b'-' => {
                if is_start {
                    return None;
                }
                is_hyphen = true;
            }
            other if other.is_ascii_alphanumeric() => {
                is_idna |= is_start
                    && pattern
                        .get(at..at + 4)
                        .is_some_and(|label| label.eq_ignore_ascii_case(b"xn--"));
                (is_start, is_hyphen) = (false, false);
            }
            _ => return None,
        }
    }
    found.filter(|_| !is_start && !is_hyphen && dots >= 2)
}

fn is_wildcard_match(prefix: &[u8], suffix: &[u8], name: &[u8]) -> bool {
    let Some(length) = name.len().checked_sub(prefix.len() + suffix.len()) else {
        return false;
    };
    let head = name.get(..prefix.len()).unwrap_or_default();
    let wild = name.get(prefix.len()..prefix.len() + length).unwrap_or_default();
    let tail = name.get(prefix.len() + length..).unwrap_or_default();
    if !head.eq_ignore_ascii_case(prefix) || !tail.eq_ignore_ascii_case(suffix) {
        return false;
    }
    let is_whole_label = prefix.is_empty() && suffix.starts_with(b".");
    if is_whole_label && wild.is_empty() {
        return false;
    }
    let is_idna = wild
        .get(..4)
        .is_some_and(|label| label.eq_ignore_ascii_case(b"xn--"));
    if !is_whole_label && is_idna {
        return false;
    }
    wild == b"*"
        || wild
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::is_match;

    #[test]
    fn a_wildcard_is_an_end_of_the_first_label() {
        for (pattern, name, fits) in [
            ("*.shop.example", "a.shop.example", true),
            ("*.shop.example", "a.b.shop.example", false),
            ("*.shop.example", ".shop.example", false),
            ("pay*.shop.example", "pay1.shop.example", true),
            ("*pay.shop.example", "xpay.shop.example", true),
            ("p*y.shop.example", "pay.shop.example", false),
            ("*.example", "shop.example", false),
            ("*.shop.example", "xn--a.shop.example", true),
            ("x*.shop.example", "xn--a.shop.example", true),
            ("Shop.Example", "shop.example", true),
            ("shop.example", "shop.example.", false),
        ] {
            assert_eq!(
                is_match(pattern.as_bytes(), name.as_bytes()),
                fits,
                "{pattern} {name}"
            );
        }
    }
}
