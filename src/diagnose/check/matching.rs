//! A DNS name or an address held against the base of a name constraint, as webpki does it (RFC 5280 §4.2.1.10).

use crate::diagnose::reading::Fault;

/// Whether a presented DNS name lies in a constraint.
pub(super) fn dns_matches(name: &[u8], base: &[u8], is_permitted: bool) -> Result<bool, Fault> {
    if !is_dns_name(name, false) {
        return Err(format!(
            "DNS:{} is not written as a DNS name must be, so it cannot be held against the constraint",
            String::from_utf8_lossy(name)
        ));
    }
    if !base.is_empty() && !is_dns_name(base, true) {
        return Err(format!(
            "the constraint DNS:{} is not written as a DNS name must be",
            String::from_utf8_lossy(base)
        ));
    }
    if base.is_empty() && !name.is_empty() {
        return Ok(true);
    }
    let mut name = name;
    if name.len() > base.len() {
        // The name's end must be the base, and a whole label of it.
        let cut = name.len() - base.len();
        if base.first() != Some(&b'.') && name.get(cut - 1) != Some(&b'.') {
            return Ok(false);
        }
        name = name.get(cut..).unwrap_or_default();
    }
    let mut base = base;
    // A wildcard may stand for a name that is excluded; to be permitted, it must lie there itself.
    if name.first() == Some(&b'*') && !is_permitted {
        let Some(dot) = base.iter().skip(1).position(|byte| *byte == b'.') else {
            return Ok(false);
        };
        name = name.get(1..).unwrap_or_default();
        base = base.get(dot + 1..).unwrap_or_default();
    }
    Ok(name.eq_ignore_ascii_case(base))
}

/// webpki's notion of a presented DNS name, or of a constraint's base.
fn is_dns_name(text: &[u8], is_base: bool) -> bool {
    if text.is_empty() || text.len() > 253 {
        return false;
    }
    let (rest, is_wildcard) = match text.strip_prefix(b"*") {
        Some(rest) if !is_base => match rest.strip_prefix(b".") {
            Some(rest) => (rest, true),
            None => return false,
        },
        _ => (text, false),
    };
    let rest = match rest.strip_prefix(b".") {
        Some(rest) if is_base => rest,
        _ => rest,
    };
    let labels: Vec<&[u8]> = rest.split(|byte| *byte == b'.').collect();
    let is_sound = labels.iter().all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && label
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            && !label.starts_with(b"-")
            && !label.ends_with(b"-")
    });
    let ends_in_number = labels
        .last()
        .is_some_and(|label| label.iter().all(u8::is_ascii_digit));
    is_sound && !ends_in_number && (!is_wildcard || labels.len() >= 2)
}

/// Whether an address lies in a network.
pub(super) fn ip_matches(name: &[u8], base: &[u8]) -> Result<bool, Fault> {
    match (name.len(), base.len()) {
        (4, 8) | (16, 32) => {}
        (4, 32) | (16, 8) => return Ok(false),
        (4 | 16, length) => {
            return Err(format!(
                "a constraint on addresses of {length} bytes, where an address and its mask belong"
            ));
        }
        (length, _) => {
            return Err(format!(
                "an IP address of {length} bytes, which cannot be held against the constraint"
            ));
        }
    }
    let (network, mask) = base.split_at(base.len() / 2);
    let mut seen_zero = false;
    for ((name, network), mask) in name.iter().zip(network).zip(mask) {
        if mask.leading_ones() + mask.trailing_zeros() != 8 || (seen_zero && *mask != 0) {
            return Err("a constraint whose mask is no run of ones and then zeros".to_owned());
        }
        seen_zero |= *mask != 0xff;
        if (name ^ network) & mask != 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_and_a_name_end_at_their_lengths() {
        let label = |length: usize| is_dns_name("a".repeat(length).as_bytes(), false);
        assert_eq!(
            (label(0), label(1), label(63), label(64)),
            (false, true, true, false)
        );
        let name = |length: usize| {
            let whole = "a.".repeat(126) + "bc";
            is_dns_name(whole.get(..length).expect("so long").as_bytes(), false)
        };
        assert_eq!((name(253), name(254)), (true, false));
    }

    #[test]
    fn a_network_holds_addresses_of_its_own_family() {
        let v4 = [10, 1, 2, 3];
        let v6 = [0; 16];
        let all_v4 = [0; 8];
        let all_v6 = [0; 32];
        assert_eq!(ip_matches(&v4, &all_v4), Ok(true));
        assert_eq!(ip_matches(&v6, &all_v6), Ok(true));
        assert_eq!(ip_matches(&v4, &all_v6), Ok(false));
        assert_eq!(ip_matches(&v6, &all_v4), Ok(false));
        for (last, is_in) in [(127, true), (128, false)] {
            let network = [10, 1, 2, 0, 255, 255, 255, 128];
            assert_eq!(ip_matches(&[10, 1, 2, last], &network), Ok(is_in));
        }
        assert!(ip_matches(&v4, &[0; 4]).is_err() && ip_matches(&[0; 5], &all_v4).is_err());
        assert!(ip_matches(&v4, &[10, 1, 2, 3, 255, 0, 255, 0]).is_err());
    }
}
