//! Sorts out what a file holds and where it belongs.
//!
//! The slot under the pointer decides the side. Without one, a key goes to the certificate that it matches, a leaf to the
//! side that its purpose or its names speak for, and roots to whoever needs them; what is left is asked.

use super::belongs::{leads_to, side_of_key, side_of_leaf};
use super::distribute::Found;
use super::lists;
use super::setup::Setup;
use super::slot::{SetupSlot, Slot, Source, file_name};
use super::sorted::{Placement, Question, Sorted};
use crate::capture::Side;
use crate::pki::{self, Bundle, CertificateFacts, LoadedKey, Purpose};

/// Sorts out one file or paste. `target` is the slot under the pointer, or the one whose button was pressed.
pub fn sort(bundle: &Bundle, source: &Source, target: Option<(Side, SetupSlot)>, setup: &Setup) -> Sorted {
    if let Some(found) = lists::found(bundle, source, target.map(|(side, _)| side), setup) {
        let has_more = !bundle.certificates.is_empty() || !bundle.keys.is_empty();
        let rest = Bundle {
            certificates: bundle.certificates.clone(),
            keys: bundle.keys.clone(),
            meant_for: bundle.meant_for.clone(),
            ..Bundle::default()
        };
        let more = has_more.then(|| Box::new(sort(&rest, source, target, setup)));
        return Sorted::Lists(Box::new(found), more);
    }
    let material = Material { bundle, source };
    let name = material.name();
    let parts = Found {
        name: &name,
        sorted: pki::sorted(bundle),
        meant_for: meant_for(bundle),
    };
    if parts.has_several() || parts.has_trust_beside() {
        return parts.distributed(target, setup);
    }
    match target {
        Some((side, SetupSlot::Trust)) => match Slot::of_bundle(SetupSlot::Trust, source.clone(), bundle) {
            Ok(content) => Sorted::Put(vec![Placement {
                side,
                slot: SetupSlot::Trust,
                content,
            }]),
            Err(sentence) => Sorted::Refuse(sentence),
        },
        // A key file on the key slot: certificates beside the key go along, as in a file of both.
        Some((side, SetupSlot::Key)) if bundle.keys.is_empty() => {
            match Slot::of_bundle(SetupSlot::Key, source.clone(), bundle) {
                Ok(content) => Sorted::Put(vec![Placement {
                    side,
                    slot: SetupSlot::Key,
                    content,
                }]),
                Err(sentence) => Sorted::Refuse(sentence),
            }
        }
        Some((side, _)) => Sorted::Put(material.identity_of(side)),
        None => material.by_content(setup),
    }
}

/// The side that a document says it is for.
pub(super) fn meant_for(bundle: &Bundle) -> Option<Side> {
    match bundle.meant_for.as_ref()? {
        Purpose::ClientAuth => Some(Side::Client),
        Purpose::ServerAuth => Some(Side::Server),
        Purpose::Any | Purpose::Other(_) => None,
    }
}

struct Material<'a> {
    bundle: &'a Bundle,
    source: &'a Source,
}

impl Material<'_> {
    /// Chain and key, whichever there is, for a side.
    fn identity_of(&self, side: Side) -> Vec<Placement> {
        let mut placements = Vec::new();
        if !self.bundle.certificates.is_empty() {
            placements.push(Placement {
                side,
                slot: SetupSlot::Certificate,
                content: Slot::of_certificates(
                    SetupSlot::Certificate,
                    self.source.clone(),
                    self.bundle.certificates.clone(),
                )
                .read_from(self.bundle),
            });
        }
        if let Some(key) = self.key() {
            let content = Slot::of_key(self.source.clone(), key.clone()).read_from(self.bundle);
            placements.push(Placement {
                side,
                slot: SetupSlot::Key,
                content: Slot {
                    // Read again, it is this one of several.
                    is_picked: self.bundle.keys.len() > 1 && matches!(self.source, Source::File(_)),
                    ..content
                },
            });
        }
        placements
    }

    fn trust_of(&self, side: Side) -> Placement {
        let certificates = self.bundle.certificates.clone();
        Placement {
            side,
            slot: SetupSlot::Trust,
            content: Slot::of_certificates(SetupSlot::Trust, self.source.clone(), certificates)
                .read_from(self.bundle),
        }
    }

    /// The key that belongs to the leaf where there is one, else the first.
    fn key(&self) -> Option<&LoadedKey> {
        let leaf = self.leaf();
        let matching = leaf
            .as_ref()
            .and_then(|leaf| self.bundle.keys.iter().find(|key| key.key.matches(leaf)));
        matching.or(self.bundle.keys.first())
    }

    /// The first that is no CA, else the first: a file may hold its chain in any order.
    fn leaf(&self) -> Option<CertificateFacts> {
        let mut readable = self
            .bundle
            .certificates
            .iter()
            .filter_map(|one| CertificateFacts::from_der(&one.der).ok())
            .peekable();
        let first = readable.peek().cloned();
        readable.find(|facts| facts.is_ca != Some(true)).or(first)
    }

    fn name(&self) -> String {
        match self.source {
            Source::File(path) => file_name(path),
            _ => "the pasted text".to_owned(),
        }
    }

    fn by_content(&self, setup: &Setup) -> Sorted {
        let leaf = self.leaf();
        if self.bundle.keys.is_empty() && leaf.as_ref().is_some_and(|leaf| leaf.is_ca == Some(true)) {
            return self.roots(setup);
        }
        let side = match &leaf {
            Some(leaf) => meant_for(self.bundle).or_else(|| side_of_leaf(leaf, setup)),
            None => self.bundle.keys.first().and_then(|key| side_of_key(key, setup)),
        };
        match side {
            Some(side) => Sorted::Put(self.identity_of(side)),
            None => self.ask(leaf.as_ref()),
        }
    }

    /// Roots go to whoever cannot do without them: the side whose peer's chain leads to them.
    fn roots(&self, setup: &Setup) -> Sorted {
        let needed = Side::BOTH.into_iter().filter(|side| {
            let chain = &setup.slot(side.peer(), SetupSlot::Certificate).certificates;
            leads_to(chain, &self.bundle.certificates, *side)
        });
        let placements: Vec<Placement> = needed.map(|side| self.trust_of(side)).collect();
        if !placements.is_empty() {
            return Sorted::Put(placements);
        }
        Sorted::Ask(Box::new(Question {
            title: format!("Who trusts {}?", self.name()),
            detail: "It holds a CA, and neither side’s certificate leads to it.".to_owned(),
            answers: vec![
                ("The client".to_owned(), vec![self.trust_of(Side::Client)]),
                ("The server".to_owned(), vec![self.trust_of(Side::Server)]),
                (
                    "Both".to_owned(),
                    Side::BOTH.map(|side| self.trust_of(side)).to_vec(),
                ),
            ],
        }))
    }

    fn ask(&self, leaf: Option<&CertificateFacts>) -> Sorted {
        let detail = match leaf {
            Some(leaf) => format!(
                "It holds the certificate of {}, which may be used on either side.",
                leaf.display_name
            ),
            None => "It holds a private key that matches neither side’s certificate.".to_owned(),
        };
        let answer = |words: &str, side: Side| (words.to_owned(), self.identity_of(side));
        Sorted::Ask(Box::new(Question {
            title: format!("Whose is {}?", self.name()),
            detail,
            answers: vec![
                answer("The client’s", Side::Client),
                answer("The server’s", Side::Server),
            ],
        }))
    }
}

#[cfg(test)]
mod tests;
