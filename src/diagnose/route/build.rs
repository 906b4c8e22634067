//! Every path from the leaf, in the order in which rustls would come to them, then those that need something that was not
//! sent or is not trusted. Bounded: a mesh of cross-signs has more paths than anybody reads.

use std::collections::HashMap;

use super::material::{Material, Place};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::memo::Signature;
use crate::diagnose::search::MOST_INTERMEDIATES;

/// Paths that are told; the rest is counted.
pub(super) const MOST_TOLD: usize = 24;
/// Certificates that the search steps on before it ends.
const MOST_STEPS: usize = 4_000;
/// Certificates that the search looks at before it ends: each step looks at all of one name.
const MOST_LOOKED_AT: usize = 100_000;
/// Signatures that are checked to find issuers among what is merely at hand.
const MOST_SIGNATURES: usize = 64;

/// One way up, before anybody judged it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub places: Vec<Place>,
    pub end: End,
}

/// How a way ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// At a root of the judge's, by name.
    Anchor,
    /// Its last one has the name and key of an earlier one.
    Loop,
    /// Its last one is one intermediate too many.
    TooDeep,
    /// Its last one is its own issuer, and not in the store.
    OwnIssuer,
    /// Nobody here has the name that the last one's issuer goes by.
    Nowhere,
}

impl Way {
    /// Whether it makes do with what was sent and what is trusted.
    pub(super) fn is_usable(&self) -> bool {
        !self.places.iter().any(|place| matches!(place, Place::Hand(_)))
    }
}

#[derive(Debug, Default)]
pub(super) struct Built {
    pub ways: Vec<Way>,
    pub more: usize,
    pub is_cut_short: bool,
}

struct Builder<'a> {
    material: &'a Material,
    found: Vec<Way>,
    /// Ways that end and were not kept.
    more: usize,
    steps: usize,
    looks: usize,
    signatures: usize,
    is_cut_short: bool,
    /// What came of a signature, by its maker's place and what it is on.
    checked: HashMap<(Place, Place), bool>,
}

/// All ways, those over usable certificates first, each kind in the order of the search.
pub(super) fn build(material: &Material, is_store_known: bool) -> Built {
    let mut builder = Builder {
        material,
        found: Vec::new(),
        more: 0,
        steps: MOST_STEPS,
        looks: MOST_LOOKED_AT,
        signatures: MOST_SIGNATURES,
        is_cut_short: false,
        checked: HashMap::new(),
    };
    builder.climb(&mut vec![Place::Sent(0)]);
    let mut ways = builder.found;
    // A path that comes to a root says more than one that ends in the air; a stable order keeps rustls's own.
    ways.sort_by_key(|way| {
        let rank = match way.end {
            End::Anchor => 0,
            End::OwnIssuer => 1,
            End::Nowhere => 2,
            End::TooDeep => 3,
            End::Loop => 4,
        };
        (!way.is_usable() && is_store_known, rank)
    });
    Built {
        ways,
        more: builder.more,
        is_cut_short: builder.is_cut_short,
    }
}

/// Kept at most, before they are put in order: some ways that say little make room for better ones that come late.
const MOST_KEPT: usize = 400;

impl<'a> Builder<'a> {
    fn end(&mut self, places: &[Place], end: End) {
        if self.found.len() < MOST_KEPT {
            self.found.push(Way {
                places: places.to_vec(),
                end,
            });
        } else {
            self.more += 1;
        }
    }

    /// Whether one more may be looked at.
    fn look(&mut self) -> bool {
        match self.looks.checked_sub(1) {
            Some(left) => self.looks = left,
            None => self.is_cut_short = true,
        }
        !self.is_cut_short
    }

    fn climb(&mut self, path: &mut Vec<Place>) {
        let material: &'a Material = self.material;
        let Some(head_at) = path.last().copied() else {
            return;
        };
        let Some(head) = material.certificate(head_at) else {
            return;
        };
        if head.facts().is_none() {
            self.end(path, End::Nowhere);
            return;
        }
        let Some(steps) = self.steps.checked_sub(1) else {
            self.is_cut_short = true;
            return;
        };
        self.steps = steps;
        // A root that is only at hand is where a path ends: whoever else goes by its name did not sign it.
        let is_root_at_hand = matches!(head_at, Place::Hand(_)) && head.is_self_issued();
        if is_root_at_hand && head.signed_by(head) == Signature::Holds {
            self.end(path, End::OwnIssuer);
            return;
        }
        let mut is_dead_end = true;
        let anchors = material.store.named(head);
        for index in anchors {
            is_dead_end = false;
            if !self.look() {
                return;
            }
            path.push(Place::Store(*index));
            self.end(path, End::Anchor);
            path.pop();
        }
        for index in material.sent.named(head) {
            let Some(issuer) = material.sent.get(*index).filter(|_| *index > 0) else {
                continue;
            };
            if !self.look() {
                return;
            }
            // A root that was sent adds nothing to the same root in the store, and its own issuer nothing to itself.
            if material.store.contains(issuer) || issuer.is_same_entity(head) {
                continue;
            }
            is_dead_end = false;
            self.step(path, Place::Sent(*index), issuer);
        }
        for index in material.hand.named(head) {
            let Some(issuer) = material.hand.get(*index) else {
                continue;
            };
            if !self.look() {
                return;
            }
            let adds_nothing = issuer.is_self_issued() && material.trusts_key_of(issuer);
            if adds_nothing || issuer.is_same_entity(head) || !self.is_signed(head_at, head, *index, issuer) {
                continue;
            }
            is_dead_end = false;
            self.step(path, Place::Hand(*index), issuer);
        }
        if is_dead_end {
            let end = if head.is_self_issued() {
                End::OwnIssuer
            } else {
                End::Nowhere
            };
            self.end(path, end);
        }
    }

    fn step(&mut self, path: &mut Vec<Place>, place: Place, issuer: &Certificate) {
        let comes_back = path
            .iter()
            .filter_map(|step| self.material.certificate(*step))
            .any(|step| step.is_same_entity(issuer));
        path.push(place);
        if comes_back {
            self.end(path, End::Loop);
        } else if path.len() > MOST_INTERMEDIATES + 1 {
            self.end(path, End::TooDeep);
        } else {
            self.climb(path);
        }
        path.pop();
    }

    /// What is only at hand counts as an issuer where its key made the signature; near misses tell of the others.
    fn is_signed(
        &mut self,
        child_at: Place,
        child: &Certificate,
        index: usize,
        issuer: &Certificate,
    ) -> bool {
        let key = (child_at, Place::Hand(index));
        if let Some(known) = self.checked.get(&key) {
            return *known;
        }
        let Some(signatures) = self.signatures.checked_sub(1) else {
            self.is_cut_short = true;
            return false;
        };
        self.signatures = signatures;
        let holds = child.signed_by(issuer) == Signature::Holds;
        self.checked.insert(key, holds);
        holds
    }
}

#[cfg(test)]
mod tests;
