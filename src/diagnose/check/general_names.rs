//! Names held against name constraints as webpki does it (RFC 5280 §4.2.1.10): DNS names and addresses compared, all other
//! kinds refused as soon as they are constrained.

use std::net::IpAddr;

use super::hosts::{host_lies_in, host_of};
use super::matching::{dns_matches, ip_matches};
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
    /// It is not allowed for the one reason that it lies in an excluded subtree.
    pub is_excluded: bool,
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
        let is_permitted = permitted.is_empty() || any(&permitted) != Some(false);
        let is_excluded = any(&excluded) == Some(true) && is_permitted;
        let constraints = [words(&permitted, "permitted"), words(&excluded, "excluded")].concat();
        Objection::NotCompared(NotCompared {
            name: name.words(),
            constraints: constraints.join(", "),
            is_allowed,
            is_excluded,
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
