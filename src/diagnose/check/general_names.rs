//! Names held against name constraints as webpki does it (RFC 5280 §4.2.1.10): DNS names and addresses compared, all other
//! kinds refused as soon as they are constrained.

use std::net::IpAddr;

use super::hosts::{host_lies_in, host_of};
use crate::diagnose::reading::{Elements, Fault, SEQUENCE};

/// webpki gives up a search after so many comparisons.
pub(super) const MOST_COMPARISONS: usize = 250_000;

/// A name, or the base of a constraint, by webpki's kinds.
#[derive(Clone, Copy)]
enum Name<'a> {
    Dns(&'a [u8]),
    Ip(&'a [u8]),
    Uri(&'a [u8]),
    Directory,
    /// otherName, rfc822Name, x400Address, ediPartyName, registeredID, by number.
    Other(u8, &'a [u8]),
}

impl<'a> Name<'a> {
    fn read(elements: &mut Elements<'a>) -> Result<Self, Fault> {
        let (tag, contents) = elements.next_bytes()?;
        Ok(match tag {
            0x82 => Self::Dns(contents),
            0xa4 => Self::Directory,
            0x86 => Self::Uri(contents),
            0x87 => Self::Ip(contents),
            0xa0 | 0x81 | 0xa3 | 0xa5 | 0x88 => Self::Other(tag & 0x1f, contents),
            other => return Err(format!("a name of tag {other:#04x}, which is none")),
        })
    }

    /// For a sentence.
    fn words(self) -> String {
        match self {
            Self::Dns(text) => format!("DNS:{}", String::from_utf8_lossy(text)),
            Self::Uri(text) => format!("URI:{}", String::from_utf8_lossy(text)),
            Self::Ip(bytes) => match network(bytes) {
                Some(words) => format!("IP:{words}"),
                None => format!("an IP address of {} bytes", bytes.len()),
            },
            Self::Directory => "the subject's name".to_owned(),
            Self::Other(1, text) => format!("email:{}", String::from_utf8_lossy(text)),
            Self::Other(number, _) => match number {
                0 => "an otherName",
                8 => "a registered ID",
                _ => "a name of a rare kind",
            }
            .to_owned(),
        }
    }
}

/// An address, or an address with its mask.
fn network(bytes: &[u8]) -> Option<String> {
    let address = |bytes: &[u8]| match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    };
    if let Some(whole) = address(bytes) {
        // Sixteen bytes are an IPv6 address; as a constraint they would be nothing.
        return Some(whole.to_string());
    }
    let (base, mask) = bytes.split_at(bytes.len() / 2);
    let ones: u32 = mask.iter().map(|byte| byte.count_ones()).sum();
    Some(format!("{}/{ones}", address(base)?))
}

/// What stands against the names of a certificate.
pub(super) enum Objection {
    /// Something is not written as it must be.
    Malformed(String),
    /// A name lies outside what may be certified, or inside what may not.
    Violation(String),
    /// webpki compares no names of this kind and refuses; others compare them.
    NotCompared(NotCompared),
    /// webpki's comparisons for one search are used up.
    GaveUp(String),
}

/// A name of a kind that webpki does not compare.
pub(super) struct NotCompared {
    /// The name.
    pub name: String,
    /// The constraints of its kind, as they are written: `permitted URI:.mesh.example`.
    pub constraints: String,
    /// What whoever compares finds; `None` where it was not compared here either.
    pub is_allowed: Option<bool>,
    /// The rule's id where the name is an allowed one, and where it is not.
    pub rules: (&'static str, &'static str),
}

/// The two lists of a NameConstraints' contents.
pub(super) struct Constraints<'a> {
    permitted: Option<&'a [u8]>,
    excluded: Option<&'a [u8]>,
}

impl<'a> Constraints<'a> {
    pub(super) fn read(contents: &'a [u8]) -> Result<Self, Fault> {
        let mut parts = Elements::of(contents);
        let mut list = |tag| {
            (parts.peek() == Some(tag))
                .then(|| parts.expect_bytes(tag))
                .transpose()
        };
        let permitted = list(0xa0)?;
        let excluded = list(0xa1)?;
        if parts.is_at_end() {
            Ok(Self { permitted, excluded })
        } else {
            Err("name constraints hold more than a permitted and an excluded list".to_owned())
        }
    }

    /// Neither list: RFC 5280 §4.2.1.10 forbids it.
    pub(super) fn is_empty(&self) -> bool {
        self.permitted.is_none_or(<[u8]>::is_empty) && self.excluded.is_none_or(<[u8]>::is_empty)
    }

    /// A DNS constraint that begins with a dot, which RFC 5280 has for hosts of URIs only.
    pub(super) fn dotted(&self) -> Option<String> {
        [self.permitted, self.excluded]
            .into_iter()
            .flatten()
            .find_map(|list| {
                bases(list).flatten().find_map(|base| match base {
                    Name::Dns(text) if text.starts_with(b".") => {
                        Some(String::from_utf8_lossy(text).into_owned())
                    }
                    _ => None,
                })
            })
    }

    /// The first objection to the names of one certificate: subjectAltName's contents, and its subject.
    ///
    /// `budget` is what is left of webpki's comparisons for one search.
    pub(super) fn objection(&self, names: Option<&[u8]>, budget: &mut usize) -> Option<Objection> {
        let mut list = Elements::of(names.unwrap_or_default());
        while !list.is_at_end() {
            match Name::read(&mut list) {
                Ok(name) => {
                    if let Some(objection) = self.object_to(name, budget) {
                        return Some(objection);
                    }
                }
                Err(fault) => return Some(Objection::Malformed(format!("in its list of names: {fault}"))),
            }
        }
        // Every certificate has a subject, if an empty one.
        self.object_to(Name::Directory, budget)
    }

    fn object_to(&self, name: Name<'_>, budget: &mut usize) -> Option<Objection> {
        let lists = [(true, self.permitted), (false, self.excluded)];
        for (is_permitted, list) in lists {
            let Some(list) = list else { continue };
            let (mut matched, mut missed) = (false, None);
            for base in bases(list) {
                let Some(left) = budget.checked_sub(1) else {
                    return Some(Objection::GaveUp(format!(
                        "more than {MOST_COMPARISONS} comparisons of names with constraints: rustls stops there"
                    )));
                };
                *budget = left;
                let base = match base {
                    Ok(base) => base,
                    Err(fault) => {
                        return Some(Objection::Malformed(format!("in a name constraint: {fault}")));
                    }
                };
                let matches = match (name, base) {
                    (Name::Dns(name), Name::Dns(base)) => dns_matches(name, base, is_permitted),
                    (Name::Ip(name), Name::Ip(base)) => ip_matches(name, base),
                    (Name::Directory, Name::Directory) => {
                        return Some(
                            self.not_compared(
                                name,
                                ("directory-name-constraint", "directory-name-constraint"),
                            ),
                        );
                    }
                    (Name::Uri(_), Name::Uri(_)) => {
                        return Some(self.not_compared(name, ("uri-constraint", "uri-constraint-violated")));
                    }
                    (Name::Other(a, _), Name::Other(b, _)) if a == b => {
                        return Some(
                            self.not_compared(name, ("email-constraint", "email-constraint-violated")),
                        );
                    }
                    _ => continue,
                };
                match matches {
                    Err(fault) => return Some(Objection::Malformed(fault)),
                    Ok(true) if is_permitted => matched = true,
                    Ok(true) => {
                        return Some(Objection::Violation(format!(
                            "{} lies in the excluded {}",
                            name.words(),
                            base.words()
                        )));
                    }
                    Ok(false) if is_permitted => missed = Some(base),
                    Ok(false) => {}
                }
            }
            if !matched && missed.is_some() {
                let allowed: Vec<String> = bases(list).flatten().map(Name::words).collect();
                return Some(Objection::Violation(format!(
                    "{} lies outside what may be certified: {}",
                    name.words(),
                    allowed.join(", ")
                )));
            }
        }
        None
    }
}

impl Constraints<'_> {
    /// What is to be said of a name that webpki refuses without comparing it.
    fn not_compared(&self, name: Name<'_>, rules: (&'static str, &'static str)) -> Objection {
        let (permitted, excluded) = (of_kind(self.permitted, name), of_kind(self.excluded, name));
        let words = |list: &[(Name<'_>, Held)], word: &str| -> Vec<String> {
            list.iter()
                .map(|(base, _)| format!("{word} {}", base.words()))
                .collect()
        };
        let any = |list: &[(Name<'_>, Held)]| -> Option<bool> {
            if list.iter().any(|(_, held)| *held == Held::Within) {
                return Some(true);
            }
            list.iter()
                .all(|(_, held)| *held == Held::Outside)
                .then_some(false)
        };
        let is_allowed = match (any(&permitted), any(&excluded)) {
            (_, Some(true)) => Some(false),
            (Some(lies), Some(false)) => Some(lies || permitted.is_empty()),
            _ => None,
        };
        let constraints = [words(&permitted, "permitted"), words(&excluded, "excluded")].concat();
        Objection::NotCompared(NotCompared {
            name: name.words(),
            constraints: constraints.join(", "),
            is_allowed,
            rules,
        })
    }
}

/// The constraints of a list that are of a name's kind, and whether it lies in them.
fn of_kind<'a>(list: Option<&'a [u8]>, name: Name<'_>) -> Vec<(Name<'a>, Held)> {
    let all = bases(list.unwrap_or_default()).flatten().take(MOST_SHOWN);
    all.filter_map(|base| Some((base, lies_in(name, base)?)))
        .collect()
}

/// Constraints that a sentence shows.
const MOST_SHOWN: usize = 12;

/// A name held against a constraint of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    Within,
    Outside,
    NotCompared,
}

impl From<bool> for Held {
    fn from(is_within: bool) -> Self {
        if is_within { Self::Within } else { Self::Outside }
    }
}

/// Whether a name lies in a constraint, as RFC 5280 §4.2.1.10 says; `None` where they are of two kinds.
fn lies_in(name: Name<'_>, base: Name<'_>) -> Option<Held> {
    match (name, base) {
        (Name::Uri(uri), Name::Uri(base)) => {
            Some(host_of(uri).map_or(Held::NotCompared, |host| host_lies_in(host, base).into()))
        }
        (Name::Other(1, mail), Name::Other(1, base)) => {
            let Some(at) = mail.iter().rposition(|byte| *byte == b'@') else {
                return Some(Held::NotCompared);
            };
            let host = mail.get(at + 1..).unwrap_or_default();
            let is_within = if base.contains(&b'@') {
                mail == base
            } else {
                host_lies_in(host, base)
            };
            Some(is_within.into())
        }
        (Name::Other(a, _), Name::Other(b, _)) => (a == b).then_some(Held::NotCompared),
        (Name::Directory, Name::Directory) => Some(Held::NotCompared),
        _ => None,
    }
}

/// The bases of a list of GeneralSubtrees; minimum and maximum are not allowed (RFC 5280 §4.2.1.10).
fn bases(list: &[u8]) -> impl Iterator<Item = Result<Name<'_>, Fault>> {
    let mut elements = Elements::of(list);
    let mut is_broken = false;
    std::iter::from_fn(move || {
        if is_broken || elements.is_at_end() {
            return None;
        }
        let base = elements.expect_bytes(SEQUENCE).and_then(|subtree| {
            let mut parts = Elements::of(subtree);
            let name = Name::read(&mut parts)?;
            if parts.is_at_end() {
                Ok(name)
            } else {
                Err("a subtree with a minimum or a maximum".to_owned())
            }
        });
        is_broken = base.is_err();
        Some(base)
    })
}

/// Whether a presented DNS name lies in a constraint.
fn dns_matches(name: &[u8], base: &[u8], is_permitted: bool) -> Result<bool, Fault> {
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
fn ip_matches(name: &[u8], base: &[u8]) -> Result<bool, Fault> {
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
