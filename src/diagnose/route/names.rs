//! Names that are nearly the same. rustls compares the bytes of a name (RFC 5280 §7.1 would have it fold case and spaces), so
//! what a reader takes for one name may be two.

use crate::pki::{NamePart, folded, name_parts, string_type};

/// In what way two names are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// The same text, in other string types: what differs, as (has, wanted).
    Encoding { has: String, wanted: String },
    /// The same but for case or spaces.
    Case,
    /// The same parts in another order.
    Order,
    /// All but the common name, and there is something besides it.
    OtherCommonName,
    /// Common names that a reader may mix up.
    CloseCommonName,
}

/// commonName (RFC 5280 Appendix A).
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// Letters of a name that are compared: longer ones are no slip of the pen.
const MOST_LETTERS: usize = 64;
/// Words that tell nobody apart.
const COMMON_WORDS: &[&str] = &[
    "ca",
    "root",
    "issuer",
    "issuing",
    "intermediate",
    "certificate",
    "authority",
    "the",
    "of",
    "and",
    "x1",
    "v1",
    "v0",
    "r1",
    "g1",
    "g2",
];
/// Words that say what a CA is for: one of them in the place of another is a slip that people make.
const PART_WORDS: &[&str] = &[
    "client",
    "clients",
    "cluster",
    "server",
    "servers",
    "peer",
    "peers",
    "user",
    "users",
    "internal",
    "external",
    "old",
    "new",
    "dev",
    "test",
    "stage",
    "staging",
    "prod",
    "production",
];

/// Whether `has` is nearly `wanted`, both DER names that are not the same bytes; `None` where they are not alike.
pub(super) fn likeness(has: &[u8], wanted: &[u8]) -> Option<Likeness> {
    let (has, wanted) = (name_parts(has)?, name_parts(wanted)?);
    let text = |parts: &[NamePart]| -> Vec<(Vec<u8>, String)> {
        parts
            .iter()
            .map(|part| (part.oid.clone(), part.text.clone()))
            .collect()
    };
    if has.is_empty() || wanted.is_empty() {
        return None;
    }
    if text(&has) == text(&wanted) {
        let other = has.iter().zip(&wanted).find(|(a, b)| a.tag != b.tag)?;
        return Some(Likeness::Encoding {
            has: string_type(other.0.tag).to_owned(),
            wanted: string_type(other.1.tag).to_owned(),
        });
    }
    let lowered = |parts: &[NamePart]| -> Vec<(Vec<u8>, String)> {
        parts
            .iter()
            .map(|part| (part.oid.clone(), folded(&part.text)))
            .collect()
    };
    let (mut a, mut b) = (lowered(&has), lowered(&wanted));
    if a == b {
        return Some(Likeness::Case);
    }
    a.sort();
    b.sort();
    if a == b {
        return Some(Likeness::Order);
    }
    let split = |parts: Vec<(Vec<u8>, String)>| -> (Vec<String>, Vec<(Vec<u8>, String)>) {
        let (common, rest): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(oid, _)| oid == COMMON_NAME);
        (common.into_iter().map(|(_, text)| text).collect(), rest)
    };
    let ((a_common, a_rest), (b_common, b_rest)) = (split(a), split(b));
    let ([a], [b]) = (a_common.as_slice(), b_common.as_slice()) else {
        return None;
    };
    if a_rest != b_rest {
        return None;
    }
    if is_close(a, b) {
        Some(Likeness::CloseCommonName)
    } else if a_rest.is_empty() {
        None
    } else {
        Some(Likeness::OtherCommonName)
    }
}

/// Two slips of the pen in a name that is long enough to tell; or one word for another among words that do tell.
fn is_close(a: &str, b: &str) -> bool {
    let length = a.chars().count().min(b.chars().count());
    if (8..=MOST_LETTERS).contains(&length) && distance(a, b) <= 2 {
        return true;
    }
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (a, b) = (words(a), words(b));
    if a.len() != b.len() || a.len() < 2 {
        return false;
    }
    let (same, other): (Vec<_>, Vec<_>) = a.iter().zip(&b).partition(|(a, b)| a == b);
    let [(one, two)] = other.as_slice() else {
        return false;
    };
    let is_part = |word: &str| PART_WORDS.contains(&word);
    let tells = |word: &str| !COMMON_WORDS.contains(&word) && !word.chars().all(|c| c.is_ascii_digit());
    (is_part(one) && is_part(two)) || same.iter().any(|(word, _)| tells(word))
}

/// Letters to change, add or take away to make one of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(MOST_LETTERS + 1).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(MOST_LETTERS + 1).enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let change = at(&row, j) + usize::from(x != *y);
            next.push(change.min(at(&row, j + 1) + 1).min(at(&next, j) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Likeness, likeness};

    /// A name of (last byte of the attribute's OID, tag, text).
    fn name(parts: &[(u8, u8, &str)]) -> Vec<u8> {
        let wrap = |tag: u8, inside: Vec<u8>| {
            let mut out = vec![tag, u8::try_from(inside.len()).expect("short")];
            out.extend(inside);
            out
        };
        let sets = parts
            .iter()
            .flat_map(|(kind, tag, text)| {
                let mut attribute = wrap(0x06, vec![0x55, 0x04, *kind]);
                attribute.extend(wrap(*tag, text.as_bytes().to_vec()));
                wrap(0x31, wrap(0x30, attribute))
            })
            .collect();
        wrap(0x30, sets)
    }

    fn common(text: &str) -> Vec<u8> {
        name(&[(3, 0x0c, text)])
    }

    #[test]
    fn the_same_text_in_another_string_type() {
        let found = likeness(&name(&[(3, 0x13, "Mesh Root")]), &common("Mesh Root"));
        assert_eq!(
            found,
            Some(Likeness::Encoding {
                has: "PrintableString".to_owned(),
                wanted: "UTF8String".to_owned()
            })
        );
    }

    #[test]
    fn case_spaces_and_order() {
        assert_eq!(
            likeness(&common("mesh  root"), &common("Mesh Root")),
            Some(Likeness::Case)
        );
        let one = name(&[(10, 0x0c, "Shop"), (3, 0x0c, "Root")]);
        let two = name(&[(3, 0x0c, "Root"), (10, 0x0c, "Shop")]);
        assert_eq!(likeness(&one, &two), Some(Likeness::Order));
    }

    #[test]
    fn common_names_that_are_mixed_up() {
        for (a, b) in [
            ("clients-ca", "cluster-ca"),
            ("Mesh Root 2025", "Mesh Root 2026"),
            ("Mesh Root", "Mesh Roots"),
            ("etcd peer CA", "etcd client CA"),
            ("shop signing", "shop issuing"),
        ] {
            assert_eq!(
                likeness(&common(a), &common(b)),
                Some(Likeness::CloseCommonName),
                "{a} {b}"
            );
        }
        for (a, b) in [
            ("Old Root 2023", "Mesh Root 2026"),
            ("Partner Root", "Mesh Root"),
            ("Root A", "Root B"),
            ("Other Root CA", "Mesh Root CA"),
        ] {
            assert_eq!(likeness(&common(a), &common(b)), None, "{a} {b}");
        }
    }

    #[test]
    fn one_organisation_two_authorities() {
        let one = name(&[(10, 0x0c, "Shop"), (3, 0x0c, "Alpha")]);
        let two = name(&[(10, 0x0c, "Shop"), (3, 0x0c, "Omega")]);
        assert_eq!(likeness(&one, &two), Some(Likeness::OtherCommonName));
        let elsewhere = name(&[(10, 0x0c, "Mill"), (3, 0x0c, "Omega")]);
        assert_eq!(likeness(&one, &elsewhere), None);
    }

    #[test]
    fn what_is_no_name_is_like_nothing() {
        assert_eq!(likeness(&[0x30], &common("Root")), None);
        assert_eq!(likeness(&[], &[]), None);
    }
}
