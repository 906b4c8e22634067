//! Everything that a path could be made of, each certificate once, with the place where it lies.

use std::collections::{HashMap, HashSet};

use super::report::{PathsInput, StepFrom, Whereabouts};
use crate::capture::{AtHand, Der, Side, Slot};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::memo::Digest;
use crate::diagnose::search::Pool;

/// More certificates at hand than this are not looked at: a bundle of all public roots has about 150.
const MOST_AT_HAND: usize = 512;

/// One certificate, by where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Sent(usize),
    Store(usize),
    Hand(usize),
}

/// All certificates, read.
pub(super) struct Material {
    pub judge: Side,
    /// As sent, leaf first.
    pub sent: Pool,
    /// The judge's roots; empty where they are not known.
    pub store: Pool,
    pub is_store_known: bool,
    /// At hand, and neither sent nor in the store.
    pub hand: Pool,
    /// Digests of name and key of what is in the store.
    trusted_keys: HashSet<Digest>,
    sent_from: Vec<Whereabouts>,
    store_from: Vec<Whereabouts>,
    hand_from: Vec<Whereabouts>,
}

impl Material {
    pub(super) fn read(input: &PathsInput<'_>) -> Self {
        let judge = input.judge;
        let roots = input
            .trust
            .map(|trust| trust.roots.as_slice())
            .unwrap_or_default();
        let mut known: HashSet<&Der> = input.chain.iter().chain(roots).collect();
        let others: Vec<&AtHand> = input
            .at_hand
            .iter()
            .filter(|item| known.insert(&item.der))
            .take(MOST_AT_HAND)
            .collect();
        let mut lying: HashMap<&Der, Vec<&AtHand>> = HashMap::new();
        for item in input.at_hand {
            lying.entry(&item.der).or_default().push(item);
        }
        let read = |list: &[Der]| Pool::of(list.iter().map(Certificate::read).collect());
        let find = |der: &Der, from, side, slot| {
            // Its owner's own file, where it lies in several.
            let found = lying
                .get(der)
                .into_iter()
                .flatten()
                .min_by_key(|item| (item.side != Some(side), item.slot != slot, item.file.is_none()));
            Whereabouts {
                from,
                side: Some(side),
                slot: Some(slot),
                file: found.and_then(|item| item.file.clone()),
            }
        };
        let store = read(roots);
        Self {
            judge,
            sent: read(input.chain),
            trusted_keys: store.all().iter().filter_map(Certificate::entity).collect(),
            store,
            is_store_known: input.trust.is_some(),
            hand: Pool::of(others.iter().map(|item| Certificate::read(&item.der)).collect()),
            sent_from: input
                .chain
                .iter()
                .map(|der| find(der, StepFrom::Sent, judge.peer(), Slot::Certificate))
                .collect(),
            store_from: roots
                .iter()
                .map(|der| find(der, StepFrom::Store, judge, Slot::Trust))
                .collect(),
            hand_from: others
                .iter()
                .map(|item| Whereabouts {
                    from: StepFrom::AtHand,
                    side: item.side,
                    slot: Some(item.slot),
                    file: item.file.clone(),
                })
                .collect(),
        }
    }

    pub(super) fn certificate(&self, place: Place) -> Option<&Certificate> {
        match place {
            Place::Sent(index) => self.sent.get(index),
            Place::Store(index) => self.store.get(index),
            Place::Hand(index) => self.hand.get(index),
        }
    }

    pub(super) fn whereabouts(&self, place: Place) -> Whereabouts {
        let found = match place {
            Place::Sent(index) => self.sent_from.get(index),
            Place::Store(index) => self.store_from.get(index),
            Place::Hand(index) => self.hand_from.get(index),
        };
        found.cloned().unwrap_or(Whereabouts {
            from: StepFrom::Absent,
            side: None,
            slot: None,
            file: None,
        })
    }

    /// What the judge can use: the store, then what was sent.
    pub(super) fn usable(&self) -> impl Iterator<Item = (Place, &Certificate)> {
        let store = self.store.all().iter().enumerate();
        let sent = self.sent.all().iter().enumerate();
        store
            .map(|(index, one)| (Place::Store(index), one))
            .chain(sent.map(|(index, one)| (Place::Sent(index), one)))
    }

    /// What it cannot use: at hand only.
    pub(super) fn unused(&self) -> impl Iterator<Item = (Place, &Certificate)> {
        self.hand
            .all()
            .iter()
            .enumerate()
            .map(|(index, one)| (Place::Hand(index), one))
    }

    /// Whatever bears the name of a certificate's issuer, in the order of [`Material::all`].
    pub(super) fn named(&self, child: &Certificate) -> impl Iterator<Item = (Place, &Certificate)> {
        let store = self.store.named(child).iter().copied().map(Place::Store);
        let sent = self.sent.named(child).iter().copied().map(Place::Sent);
        let hand = self.hand.named(child).iter().copied().map(Place::Hand);
        store
            .chain(sent)
            .chain(hand)
            .filter_map(|place| Some((place, self.certificate(place)?)))
    }

    /// Whether a root of the store has this one's name and key.
    pub(super) fn trusts_key_of(&self, certificate: &Certificate) -> bool {
        certificate
            .entity()
            .is_some_and(|entity| self.trusted_keys.contains(&entity))
    }

    /// Everything.
    pub(super) fn all(&self) -> impl Iterator<Item = (Place, &Certificate)> {
        self.usable().chain(self.unused())
    }
}
