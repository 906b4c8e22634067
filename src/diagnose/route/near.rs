//! Near misses: what is not the issuer that a certificate names, and nearly is.

use super::material::{Material, Place};
use super::miss::{miss, rank, short_id};
use super::names::{Likeness, likeness};
use super::report::{Difference, NearMiss, NearMissKind, StepFrom};
use super::twins;
use crate::capture::Slot;
use crate::diagnose::certificate::Certificate;
use crate::diagnose::memo::Signature;
use crate::pki::CertificateFacts;

/// More than these are not told.
const MOST_TOLD: usize = 12;
/// Certificates whose issuer is looked for.
const MOST_CHILDREN: usize = 16;
/// Signatures checked to find a key under another name.
const MOST_KEYS_TRIED: usize = 32;
/// Pairs looked at for one certificate.
const MOST_PAIRS: usize = 64;

/// All near misses of the certificates that were sent, nearest first.
pub(super) fn near_misses(material: &Material, clock_unix_s: i64) -> Vec<NearMiss> {
    let mut found = twins::swapped(material).into_iter().collect::<Vec<_>>();
    let mut keys_left = MOST_KEYS_TRIED;
    for child in material.sent.all().iter().take(MOST_CHILDREN) {
        found.extend(of_issuer(material, child, &mut keys_left));
    }
    found.extend(twins::renewed(material, clock_unix_s));
    found.extend(twins::self_signed(material));
    found.sort_by_key(|miss| rank(miss.kind));
    let mut told: Vec<NearMiss> = Vec::new();
    for miss in found {
        let is_told = told
            .iter()
            .any(|other| other.child == miss.child && other.candidate == miss.candidate);
        if !is_told && told.len() < MOST_TOLD {
            told.push(miss);
        }
    }
    told
}

/// What nearly issued `child`.
fn of_issuer(material: &Material, child: &Certificate, keys_left: &mut usize) -> Vec<NearMiss> {
    let Some(facts) = child.facts() else {
        return Vec::new();
    };
    let is_other = |candidate: &Certificate| candidate.digest != child.digest;
    let named: Vec<(Place, &Certificate)> = material
        .named(child)
        .filter(|(_, candidate)| is_other(candidate))
        .take(MOST_PAIRS)
        .collect();
    let mut found = Vec::new();
    // What is merely at hand and of another key, while rustls has the true issuer, misleads nobody.
    let mut of_other_keys = Vec::new();
    let mut is_issuer_usable = false;
    let mut is_issuer_known = false;
    for (place, candidate) in &named {
        match child.signed_by(candidate) {
            Signature::Fails if matches!(place, Place::Hand(_)) => {
                of_other_keys.extend(other_key(material, child, *place, candidate));
            }
            Signature::Fails => found.extend(other_key(material, child, *place, candidate)),
            signature => {
                let is_usable = !matches!(place, Place::Hand(_));
                is_issuer_usable |= is_usable && signature == Signature::Holds;
                is_issuer_known |= signature == Signature::Holds;
                found.extend(other_id(material, child, *place, candidate));
            }
        }
    }
    if !is_issuer_usable {
        found.append(&mut of_other_keys);
    }
    let is_trusted_itself = material.store.contains(child);
    if is_issuer_usable || is_trusted_itself || !material.is_store_known {
        return found;
    }
    // A root that signed itself wants no issuer: only what is like it may have been meant.
    let is_root = child.is_self_issued();
    if !is_root {
        let hand = named
            .iter()
            .filter(|(place, candidate)| {
                matches!(place, Place::Hand(_)) && child.signed_by(candidate) == Signature::Holds
            })
            .filter_map(|(place, candidate)| other_slot(material, child, *place, candidate));
        found.extend(hand);
    }
    let mut similar_ones = [0usize; 2];
    for (place, candidate) in material.usable().filter(|(_, candidate)| is_other(candidate)) {
        let names = candidate
            .facts()
            .filter(|other| other.subject_der != facts.issuer_der)
            .and_then(|other| Some((other, likeness(&other.subject_der, &facts.issuer_der)?)));
        if let Some((other, likeness)) = names {
            // Of each kind no more than are told.
            let is_encoding = matches!(likeness, Likeness::Encoding { .. });
            let [of_text, of_encoding] = &mut similar_ones;
            let told = if is_encoding { of_encoding } else { of_text };
            if *told < MOST_TOLD {
                let miss = similar(material, child, facts, place, candidate, other, &likeness);
                *told += usize::from(miss.is_some());
                found.extend(miss);
            }
        }
    }
    if !is_root && !is_issuer_known {
        found.extend(other_name(material, child, facts, keys_left));
    }
    found
}

fn key_ids<'a>(child: &'a Certificate, candidate: &'a Certificate) -> Option<(&'a [u8], &'a [u8])> {
    let wanted = child.facts()?.authority_key_id.as_deref()?;
    let has = candidate.facts()?.subject_key_id.as_deref()?;
    (wanted != has).then_some((wanted, has))
}

fn id_difference((wanted, has): (&[u8], &[u8])) -> Difference {
    Difference {
        what: "key identifier",
        has: short_id(has),
        wanted: short_id(wanted),
    }
}

/// The name that is wanted, and a key that did not make the signature.
fn other_key(
    material: &Material,
    child: &Certificate,
    place: Place,
    candidate: &Certificate,
) -> Option<NearMiss> {
    let facts = candidate.facts()?;
    let ids = key_ids(child, candidate);
    let told = ids.map_or_else(
        || "the signature is not the work of its key".to_owned(),
        |(wanted, has)| {
            format!(
                "{} names the key {}, this one has {}",
                child.name(),
                short_id(wanted),
                short_id(has)
            )
        },
    );
    let words = format!(
        "A “{}” {}, but with another key: {told}.",
        candidate.name(),
        material.whereabouts(place).words()
    );
    let mut miss = miss(
        material,
        NearMissKind::SameNameOtherKey,
        child,
        place,
        candidate,
        words,
    );
    miss.same.push(("subject", facts.subject.clone()));
    miss.differs.push(ids.map_or_else(
        || Difference {
            what: "key",
            has: format!("{} {}", facts.key, spki_id(facts)),
            wanted: "the one that signed".to_owned(),
        },
        id_difference,
    ));
    Some(miss)
}

fn spki_id(facts: &CertificateFacts) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &facts.spki);
    short_id(digest.as_ref())
}

/// The issuer, or so it seems, while the key identifiers contradict each other.
fn other_id(
    material: &Material,
    child: &Certificate,
    place: Place,
    candidate: &Certificate,
) -> Option<NearMiss> {
    let ids = key_ids(child, candidate)?;
    let words = format!(
        "{} names the key {}, while the “{}” that {} calls its key {}. rustls does not look at these; OpenSSL takes it for \
         another CA and refuses it.",
        child.name(),
        short_id(ids.0),
        candidate.name(),
        material.whereabouts(place).words(),
        short_id(ids.1)
    );
    let mut miss = miss(
        material,
        NearMissKind::KeyIdDiffers,
        child,
        place,
        candidate,
        words,
    );
    miss.same.push(("subject", candidate.facts()?.subject.clone()));
    miss.differs.push(id_difference(ids));
    Some(miss)
}

/// The issuer lies at hand and not where the judge looks.
fn other_slot(
    material: &Material,
    child: &Certificate,
    place: Place,
    candidate: &Certificate,
) -> Option<NearMiss> {
    let from = material.whereabouts(place);
    let judge = material.judge;
    let is_root = candidate.is_self_issued();
    let should = if is_root {
        format!("not in what the {} trusts", judge.word())
    } else {
        format!("and the {} did not send it", judge.peer().word())
    };
    let words = format!(
        "{}, who issued {}, {}, {should}.",
        candidate.name(),
        child.name(),
        from.words()
    );
    let mut miss = miss(
        material,
        NearMissKind::IssuerInOtherSlot,
        child,
        place,
        candidate,
        words,
    );
    miss.same.push(("subject", candidate.facts()?.subject.clone()));
    miss.differs.push(Difference {
        what: "place",
        has: place_words(&from),
        wanted: if is_root {
            format!("{}'s trust", judge.word())
        } else {
            format!("{}'s chain", judge.peer().word())
        },
    });
    Some(miss)
}

fn place_words(from: &super::report::Whereabouts) -> String {
    debug_assert_eq!(
        from.from,
        StepFrom::AtHand,
        "only what is merely at hand is misplaced"
    );
    match (from.side, from.slot) {
        (Some(side), Some(Slot::Trust)) => format!("{}'s trust", side.word()),
        (Some(side), _) => format!("{}'s files", side.word()),
        (None, _) => from
            .file
            .as_ref()
            .map_or_else(|| "known".to_owned(), |_| from.brief()),
    }
}

/// A name like the one that is wanted.
fn similar(
    material: &Material,
    child: &Certificate,
    facts: &CertificateFacts,
    place: Place,
    candidate: &Certificate,
    other: &CertificateFacts,
    likeness: &Likeness,
) -> Option<NearMiss> {
    // An end entity issues nothing, whatever it is called.
    if other.is_ca != Some(true) && !candidate.is_self_issued() {
        return None;
    }
    let wanted = if child.is_self_issued() {
        format!("{} is not trusted", child.name())
    } else {
        format!("{} was issued by {}", child.name(), facts.issuer_display_name)
    };
    let from = material.whereabouts(place).words();
    let name = candidate.name();
    let (kind, words, difference) = match likeness {
        Likeness::Encoding {
            has,
            wanted: type_wanted,
        } => {
            let is_signer = child.signed_by(candidate) == Signature::Holds;
            let key = if is_signer {
                ", and its key made the signature"
            } else {
                ""
            };
            (
                NearMissKind::NameEncodingDiffers,
                format!(
                    "The “{name}” that {from} reads the same{key}, but its name is a {has} and {} asks for a {type_wanted}: \
                     rustls compares names byte for byte.",
                    child.name()
                ),
                Difference {
                    what: "string type",
                    has: has.clone(),
                    wanted: type_wanted.clone(),
                },
            )
        }
        Likeness::Case => (
            NearMissKind::SimilarName,
            format!(
                "{wanted}; the “{name}” that {from} differs in capitals or spaces: rustls compares names byte for byte."
            ),
            names_differ(other, facts),
        ),
        Likeness::Order => (
            NearMissKind::SimilarName,
            format!(
                "{wanted}; the “{name}” that {from} has the same parts in another order, which makes it another name."
            ),
            Difference {
                what: "subject",
                has: other.subject.clone(),
                wanted: facts.issuer.clone(),
            },
        ),
        Likeness::OtherCommonName => (
            NearMissKind::SimilarName,
            format!("{wanted}; {name} {from}: of the same organisation, and another CA."),
            names_differ(other, facts),
        ),
        Likeness::CloseCommonName => (
            NearMissKind::SimilarName,
            format!("{wanted}; {name} {from}: nearly the same name, and another CA."),
            names_differ(other, facts),
        ),
    };
    let mut miss = miss(material, kind, child, place, candidate, words);
    if kind == NearMissKind::NameEncodingDiffers {
        miss.same.push(("subject", other.subject.clone()));
    } else if let Some(rest) = without_common_name(&other.subject).filter(|_| *likeness != Likeness::Order) {
        miss.same.push(("organisation", rest));
    }
    miss.differs.push(difference);
    Some(miss)
}

fn names_differ(has: &CertificateFacts, wanted: &CertificateFacts) -> Difference {
    Difference {
        what: "common name",
        has: has.display_name.clone(),
        wanted: wanted.issuer_display_name.clone(),
    }
}

/// What an RFC 4514 name says besides its common name.
fn without_common_name(subject: &str) -> Option<String> {
    let rest: Vec<&str> = subject
        .split(',')
        .filter(|part| !part.starts_with("CN="))
        .collect();
    (!rest.is_empty()).then(|| rest.join(","))
}

/// The key that made the signature, in a certificate of another name.
fn other_name(
    material: &Material,
    child: &Certificate,
    facts: &CertificateFacts,
    keys_left: &mut usize,
) -> Option<NearMiss> {
    for (place, candidate) in material.all() {
        let Some(other) = candidate.facts() else { continue };
        // Its own key, or a key identifier that rules it out, need no signature check.
        let is_out = other.spki == facts.spki
            || key_ids(child, candidate).is_some()
            || child.names_as_issuer(candidate);
        if is_out || other.is_ca != Some(true) && !candidate.is_self_issued() {
            continue;
        }
        *keys_left = keys_left.checked_sub(1)?;
        if child.signed_by(candidate) != Signature::Holds {
            continue;
        }
        let words = format!(
            "{} was signed with the key of {}, which {}; but it names its issuer {}.",
            child.name(),
            candidate.name(),
            material.whereabouts(place).words(),
            facts.issuer_display_name
        );
        let mut miss = miss(
            material,
            NearMissKind::SameKeyOtherName,
            child,
            place,
            candidate,
            words,
        );
        miss.same
            .push(("key", format!("{} {}", other.key, spki_id(other))));
        miss.differs.push(Difference {
            what: "subject",
            has: other.subject.clone(),
            wanted: facts.issuer.clone(),
        });
        return Some(miss);
    }
    None
}
