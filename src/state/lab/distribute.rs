//! Places for several identities at once: of a folder, or of a store with several entries.
//!
//! Each side gets one pair of chain and key, the one whose purpose or names speak for it, and trusts the roots that the other
//! side's chain leads to. What cannot be told is left, and said.

mod questions;

use std::path::Path;

use super::belongs::{leads_to, side_of_leaf};
use super::setup::Setup;
use super::slot::{SetupSlot, Slot, Source, file_name};
use super::sorted::{Placement, Question, Sorted};
use crate::capture::{PerSide, Side};
use crate::pki::{self, CertificateFacts, LoadedCertificate, Presented};
use crate::printable::shortened;

/// More names than this are not told.
const MOST_NAMES: usize = 4;
/// More identities than this are not asked about: the file is better taken apart.
const MOST_ANSWERS: usize = 6;

/// What was found, with the name to call it by.
pub(super) struct Found<'a> {
    pub name: &'a str,
    pub sorted: pki::Sorted,
    /// The side that the document says it is for.
    pub meant_for: Option<Side>,
}

impl Found<'_> {
    /// Several identities, of which each side can have one.
    pub(super) fn has_several(&self) -> bool {
        self.pairs().count() > 1
    }

    /// One identity, and CAs in places of their own: a Secret's `ca.crt`, a profile's `<ca>`, a store's trusted entries, a file
    /// beside its file. They are no part of what is sent.
    pub(super) fn has_trust_beside(&self) -> bool {
        self.identities().len() == 1 && !self.sorted.authorities.is_empty()
    }

    /// The pairs; where no certificate has its key here, the chains.
    fn identities(&self) -> Vec<&Presented> {
        let pairs: Vec<&Presented> = self.pairs().collect();
        if pairs.is_empty() {
            return self.sorted.presented.iter().collect();
        }
        pairs
    }

    fn pairs(&self) -> impl Iterator<Item = &Presented> {
        self.sorted.presented.iter().filter(|one| one.key.is_some())
    }

    /// `2 pairs, 1 chain without its key and 1 CA`.
    pub(super) fn words(&self) -> String {
        let pairs = self.pairs().count();
        let counted = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{count} {many}")),
        };
        let words: Vec<String> = [
            counted(pairs, "certificate with its key", "certificates with their keys"),
            counted(
                self.sorted.presented.len() - pairs,
                "certificate without its key",
                "certificates without their keys",
            ),
            counted(self.sorted.authorities.len(), "CA certificate", "CA certificates"),
            counted(
                self.sorted.keys.len(),
                "key without its certificate",
                "keys without their certificates",
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        words.join(", ")
    }

    /// Where all of it goes.
    pub(super) fn distributed(&self, target: Option<(Side, SetupSlot)>, setup: &Setup) -> Sorted {
        if let Some((side, SetupSlot::Trust)) = target {
            return match trust(side, self.sorted.authorities.clone()) {
                Some(placement) => Sorted::Put(vec![placement]),
                None => Sorted::Refuse(format!(
                    "{}: it holds no CA certificate; choose the file that does",
                    self.name
                )),
            };
        }
        let pairs = self.identities();
        let mut questions = Vec::new();
        let chosen = match target {
            Some((side, _)) => match self.for_side(&pairs, side, setup) {
                Ok(one) => {
                    let mut chosen = PerSide::default();
                    *chosen.of_mut(side) = one;
                    chosen
                }
                Err(question) => return Sorted::Ask(Box::new(question)),
            },
            None => match (self.meant_for, pairs.as_slice()) {
                (Some(side), [one]) => only(side, one),
                (None, [one]) => match side_of(one, setup) {
                    Some(side) => only(side, one),
                    None => return Sorted::Ask(Box::new(self.whose(one, setup))),
                },
                (_, _) => {
                    let (chosen, undecided) = chosen(&pairs, setup);
                    let is_free = |side: &Side| chosen.of(*side).is_none();
                    let free: Vec<Side> = Side::BOTH.into_iter().filter(is_free).collect();
                    if !undecided.is_empty() {
                        questions = self.who_is_who(&undecided, &free, setup);
                    }
                    chosen
                }
            },
        };
        let mut placements = Vec::new();
        let mut used: Vec<&Presented> = Vec::new();
        for side in Side::BOTH {
            if let Some(one) = *chosen.of(side) {
                used.push(one);
                placements.extend(self.identity(one, side));
            }
        }
        if target.is_none() {
            placements.extend(self.trusted(&chosen, setup));
        }
        // What is asked about has its place in an answer.
        let answers = questions.iter().flat_map(|question| &question.answers);
        let offered: Vec<&Placement> = answers.flat_map(|(_, placements)| placements).collect();
        let left = self.left(&used, &placements.iter().chain(offered).collect::<Vec<_>>());
        let sorted = if questions.is_empty() {
            Sorted::Put(placements)
        } else {
            let put = (!placements.is_empty()).then_some(Sorted::Put(placements));
            let asked = questions
                .into_iter()
                .map(|question| Sorted::Ask(Box::new(question)));
            Sorted::Several(put.into_iter().chain(asked).collect())
        };
        match left {
            Some(words) => Sorted::Told(vec![words], Box::new(sorted)),
            None => sorted,
        }
    }

    /// The pair that is this side's; a question where several may be.
    fn for_side<'a>(
        &self,
        pairs: &[&'a Presented],
        side: Side,
        setup: &Setup,
    ) -> Result<Option<&'a Presented>, Question> {
        let speaks_for = |one: &&&Presented| side_of(one, setup) == Some(side);
        let mut speaking = pairs.iter().filter(speaks_for);
        match (speaking.next(), speaking.next(), pairs) {
            (Some(one), None, _) | (None, _, [one]) => Ok(Some(*one)),
            (None, _, []) => Ok(None),
            _ => Err(self.which(pairs, side, |_| Vec::new())),
        }
    }

    /// The one pair may be either side's.
    fn whose(&self, one: &Presented, setup: &Setup) -> Question {
        let answers = Side::BOTH.map(|side| {
            let mut placements = self.identity(one, side);
            placements.extend(self.trusted(&only(side, one), setup));
            (format!("The {}’s", side.word()), placements)
        });
        Question {
            title: format!("Whose is {}?", self.name),
            detail: format!(
                "It holds the certificate of {}, which may be used on either side.",
                name_of(one)
            ),
            answers: answers.to_vec(),
        }
    }

    fn identity(&self, one: &Presented, side: Side) -> Vec<Placement> {
        // The key lies with one of several files that hold the same leaf: the longest chain is what is sent.
        let leaf = one.chain.first().map(|leaf| &leaf.der);
        let same = self.sorted.presented.iter();
        let chain = same
            .filter(|other| other.chain.first().map(|leaf| &leaf.der) == leaf)
            .map(|other| &other.chain)
            .fold(
                &one.chain,
                |best, other| {
                    if other.len() > best.len() { other } else { best }
                },
            );
        let certificate = Placement {
            side,
            slot: SetupSlot::Certificate,
            content: picked(Slot::of_certificates(
                SetupSlot::Certificate,
                source(chain.first()),
                chain.clone(),
            )),
        };
        let key = one.key.as_ref().map(|key| Placement {
            side,
            slot: SetupSlot::Key,
            content: picked(Slot::of_key(source_of(key.file.as_deref()), key.clone())),
        });
        std::iter::once(certificate).chain(key).collect()
    }

    /// The roots that each side needs for what the other will show.
    fn trusted(&self, chosen: &PerSide<Option<&Presented>>, setup: &Setup) -> Vec<Placement> {
        let of = |side: Side| {
            let shown = chosen.of(side.peer()).map(|one| one.chain.as_slice());
            let there = &setup.slot(side.peer(), SetupSlot::Certificate).certificates;
            let chain = shown.unwrap_or(there);
            let needed: Vec<LoadedCertificate> = self
                .sorted
                .authorities
                .iter()
                .filter(|root| {
                    // A client's profile says whom the client trusts.
                    self.meant_for == Some(side) || leads_to(chain, std::slice::from_ref(root), side)
                })
                .cloned()
                .collect();
            trust(side, needed)
        };
        Side::BOTH.into_iter().filter_map(of).collect()
    }

    /// What has no place, in a sentence.
    fn left(&self, used: &[&Presented], placements: &[&Placement]) -> Option<String> {
        let is_placed = |one: &LoadedCertificate| {
            let slots = placements.iter().flat_map(|one| one.content.certificates.iter());
            slots.into_iter().any(|other| other.der == one.der)
        };
        let is_used = |one: &&Presented| {
            used.iter().any(|other| std::ptr::eq(*other, *one)) || one.chain.first().is_some_and(is_placed)
        };
        let mut names: Vec<String> = self
            .sorted
            .presented
            .iter()
            .filter(|one| !is_used(one))
            .map(name_of)
            .collect();
        let authorities = self.sorted.authorities.iter().filter(|one| !is_placed(one));
        names.extend(authorities.map(certificate_name));
        let key_name = |file: &Option<String>| file.as_deref().map(|file| file_name(Path::new(file)));
        names.extend(self.sorted.keys.iter().filter_map(|key| key_name(&key.file)));
        let more = names.len().saturating_sub(MOST_NAMES);
        names.truncate(MOST_NAMES);
        let names: Vec<String> = names
            .iter()
            .map(|name| shortened(name, 40).into_owned())
            .collect();
        if names.is_empty() {
            return None;
        }
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        Some(format!(
            "In no slot: {}{more}. Load one into its slot if it belongs there.",
            names.join(", ")
        ))
    }
}

fn trust(side: Side, certificates: Vec<LoadedCertificate>) -> Option<Placement> {
    let first = source(certificates.first());
    (!certificates.is_empty()).then(|| Placement {
        side,
        slot: SetupSlot::Trust,
        content: picked(Slot::of_certificates(SetupSlot::Trust, first, certificates)),
    })
}

fn only(side: Side, one: &Presented) -> PerSide<Option<&Presented>> {
    let mut chosen = PerSide::default();
    *chosen.of_mut(side) = Some(one);
    chosen
}

/// By purpose and names; where one side is left and one pair, that is its pair. Beside it, those of which only the user knows
/// whose they are.
fn chosen<'a>(
    pairs: &[&'a Presented],
    setup: &Setup,
) -> (PerSide<Option<&'a Presented>>, Vec<&'a Presented>) {
    let mut chosen: PerSide<Option<&'a Presented>> = PerSide::default();
    let mut undecided = Vec::new();
    for one in pairs {
        match side_of(one, setup) {
            Some(side) => {
                let place = chosen.of_mut(side);
                *place = place.or(Some(one));
            }
            None => undecided.push(*one),
        }
    }
    if let [only] = undecided[..] {
        let free: Vec<Side> = Side::BOTH
            .into_iter()
            .filter(|side| chosen.of(*side).is_none())
            .collect();
        if let [side] = free[..] {
            *chosen.of_mut(side) = Some(only);
            undecided.clear();
        }
    }
    (chosen, undecided)
}

fn side_of(one: &Presented, setup: &Setup) -> Option<Side> {
    let leaf = one.chain.first()?;
    side_of_leaf(&CertificateFacts::from_der(&leaf.der).ok()?, setup)
}

fn name_of(one: &Presented) -> String {
    one.chain.first().map_or_else(String::new, certificate_name)
}

fn certificate_name(one: &LoadedCertificate) -> String {
    CertificateFacts::from_der(&one.der).map_or_else(
        |_| "an unreadable certificate".to_owned(),
        |facts| facts.display_name,
    )
}

fn source(first: Option<&LoadedCertificate>) -> Source {
    source_of(first.and_then(|first| first.file.as_deref()))
}

fn source_of(file: Option<&str>) -> Source {
    file.map_or(Source::Pasted, |file| Source::File(file.into()))
}

/// Its file holds more than this: read again, it keeps to what was picked.
fn picked(slot: Slot) -> Slot {
    Slot {
        is_picked: matches!(slot.source, Source::File(_)),
        ..slot
    }
}

#[cfg(test)]
mod tests;
