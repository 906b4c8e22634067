//! Near misses between certificates of one name: a leaf and its issuer that changed places, one that was renewed, one that
//! signed itself and that somebody else signed as well.

use super::material::{Material, Place};
use super::miss::miss;
use super::report::{Difference, NearMiss, NearMissKind};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::check::moment;
use crate::diagnose::memo::Signature;
use crate::pki::{CertificateFacts, time_left};

/// Certificates whose twins are looked for.
const MOST_LOOKED_AT: usize = 32;

/// The leaf comes after the CA that issued it.
pub(super) fn swapped(material: &Material) -> Option<NearMiss> {
    let first = material.sent.get(0)?;
    if first.facts()?.is_ca != Some(true) {
        return None;
    }
    let (index, leaf) = material
        .sent
        .all()
        .iter()
        .enumerate()
        .skip(1)
        .find(|(_, other)| {
            other.facts().is_some_and(|facts| facts.is_ca != Some(true))
                && other.names_as_issuer(first)
                && other.signed_by(first) != Signature::Fails
        })?;
    let words = format!(
        "{} was sent first and issued {}, which was sent after it: the leaf comes first (RFC 8446 §4.4.2).",
        first.name(),
        leaf.name()
    );
    let mut miss = miss(
        material,
        NearMissKind::SwappedOrder,
        first,
        Place::Sent(index),
        leaf,
        words,
    );
    miss.differs.push(Difference {
        what: "place",
        has: format!("{} in the chain", ordinal(index + 1)),
        wanted: "1st in the chain".to_owned(),
    });
    Some(miss)
}

fn ordinal(number: usize) -> String {
    let end = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

/// For each certificate past its time, sent or trusted: a valid one at hand in its stead.
pub(super) fn renewed(material: &Material, clock_unix_s: i64) -> Vec<NearMiss> {
    let mut found = Vec::new();
    let old = material
        .usable()
        .filter(|(_, one)| one.facts().is_some_and(|facts| !facts.is_valid_at(clock_unix_s)));
    for (_, old) in old.take(MOST_LOOKED_AT) {
        let Some(facts) = old.facts() else { continue };
        let twin = material
            .all()
            .filter(|(_, other)| other.digest != old.digest)
            .filter_map(|(place, other)| Some((place, other, other.facts()?)))
            .filter(|(_, _, other)| other.subject_der == facts.subject_der && other.is_valid_at(clock_unix_s))
            // The same key first: nothing but the certificate changes then.
            .min_by_key(|(_, _, other)| other.spki != facts.spki);
        let Some((place, twin, other)) = twin else {
            continue;
        };
        let is_same_key = other.spki == facts.spki;
        // With another key it is a renewal only from the same issuer, and no renewal of a CA.
        if !is_same_key && (other.issuer_der != facts.issuer_der || facts.is_ca == Some(true)) {
            continue;
        }
        let state = time_left(facts.not_before, facts.not_after, clock_unix_s);
        let words = format!(
            "{} {state}. A renewed one {}: the same name and {}, valid until {}.",
            old.name(),
            material.whereabouts(place).words(),
            if is_same_key {
                "key"
            } else {
                "issuer, with a key of its own"
            },
            moment(other.not_after)
        );
        let mut miss = miss(material, NearMissKind::ExpiredTwin, old, place, twin, words);
        miss.same.push(("subject", facts.subject.clone()));
        miss.differs.push(validity(facts, other, clock_unix_s));
        found.push(miss);
    }
    found
}

fn validity(old: &CertificateFacts, new: &CertificateFacts, clock_unix_s: i64) -> Difference {
    let left = |facts: &CertificateFacts| time_left(facts.not_before, facts.not_after, clock_unix_s);
    Difference {
        what: "validity",
        has: left(old),
        wanted: left(new),
    }
}

/// The same name and key, signed by itself in one certificate and by another CA in the other, where only one of them leads
/// to what the judge trusts.
pub(super) fn self_signed(material: &Material) -> Vec<NearMiss> {
    let mut found = Vec::new();
    if !material.is_store_known {
        return found;
    }
    for (_, one) in material.usable().take(MOST_LOOKED_AT) {
        let is_trusted = material.store.all().iter().any(|root| root.is_same_entity(one));
        let Some(facts) = one.facts().filter(|_| !is_trusted) else {
            continue;
        };
        let twin = material.all().find_map(|(place, other)| {
            let is_twin = other.digest != one.digest
                && other.is_same_entity(one)
                && other.is_self_issued() != one.is_self_issued();
            is_twin.then_some((place, other, other.facts()?))
        });
        // Told once, from the one that was sent.
        let Some((place, twin, other)) = twin else {
            continue;
        };
        let is_told = found
            .iter()
            .any(|miss: &NearMiss| miss.candidate == one.reference());
        if is_told {
            continue;
        }
        let how = |certificate: &Certificate, facts: &CertificateFacts| {
            if certificate.is_self_issued() {
                "itself".to_owned()
            } else {
                facts.issuer_display_name.clone()
            }
        };
        let words = format!(
            "There are two {}: the one that was sent was signed by {}; one of the same key, signed by {}, {}.",
            one.name(),
            how(one, facts),
            how(twin, other),
            material.whereabouts(place).words()
        );
        let mut miss = miss(material, NearMissKind::SelfSignedTwin, one, place, twin, words);
        miss.same.push(("subject", facts.subject.clone()));
        miss.differs.push(Difference {
            what: "signed by",
            has: how(one, facts),
            wanted: how(twin, other),
        });
        found.push(miss);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn places_are_counted_in_english() {
        let words: Vec<String> = [1, 2, 3, 4, 10, 11, 12, 13, 14, 21, 22, 23, 101, 111, 112, 113]
            .into_iter()
            .map(ordinal)
            .collect();
        assert_eq!(
            words.join(" "),
            "1st 2nd 3rd 4th 10th 11th 12th 13th 14th 21st 22nd 23rd 101st 111th 112th 113th"
        );
    }
}
