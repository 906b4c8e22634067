//! Everything that a path could be made of, each certificate once, with the place where it lies.

use super::{PathsInput, StepFrom, Whereabouts};
use crate::capture::{AtHand, Der, Side, Slot};
use crate::diagnose::certificate::Certificate;

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
    pub sent: Vec<Certificate>,
    /// The judge's roots; empty where they are not known.
    pub store: Vec<Certificate>,
    pub is_store_known: bool,
    /// At hand, and neither sent nor in the store.
    pub hand: Vec<Certificate>,
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
        let mut others: Vec<&AtHand> = Vec::new();
        for item in input.at_hand {
            let is_known = input.chain.contains(&item.der)
                || roots.contains(&item.der)
                || others.iter().any(|other| other.der == item.der);
            if !is_known && others.len() < MOST_AT_HAND {
                others.push(item);
            }
        }
        let read = |list: &[Der]| list.iter().map(Certificate::read).collect::<Vec<_>>();
        let find = |der: &Der, from, side, slot| {
            // Its owner's own file, where it lies in several.
            let mut found: Vec<&AtHand> = input.at_hand.iter().filter(|item| item.der == *der).collect();
            found.sort_by_key(|item| (item.side != Some(side), item.slot != slot, item.file.is_none()));
            let found = found.first();
            Whereabouts {
                from,
                side: Some(side),
                slot: Some(slot),
                file: found.and_then(|item| item.file.clone()),
            }
        };
        Self {
            judge,
            sent: read(input.chain),
            store: read(roots),
            is_store_known: input.trust.is_some(),
            hand: others.iter().map(|item| Certificate::read(&item.der)).collect(),
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
        let store = self.store.iter().enumerate();
        let sent = self.sent.iter().enumerate();
        store
            .map(|(index, one)| (Place::Store(index), one))
            .chain(sent.map(|(index, one)| (Place::Sent(index), one)))
    }

    /// What it cannot use: at hand only.
    pub(super) fn unused(&self) -> impl Iterator<Item = (Place, &Certificate)> {
        self.hand
            .iter()
            .enumerate()
            .map(|(index, one)| (Place::Hand(index), one))
    }

    /// Everything.
    pub(super) fn all(&self) -> impl Iterator<Item = (Place, &Certificate)> {
        self.usable().chain(self.unused())
    }
}
