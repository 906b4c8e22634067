//! The certificates that a chain's causes are told from, found by hash, by bytes and by name: everything here is worked out
//! once for a chain, however many of its checks fail.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet, VecDeque};

use super::called::{display_name, stand_in, stand_ins};
use crate::capture::{AtHand, Der, Side, Slot, Trust};
use crate::diagnose::certificate::{Certificate, work};
use crate::diagnose::memo::{Digest, digest};
use crate::diagnose::search::Pool;
use crate::pki::{CertificateFacts, is_address};

/// Where one certificate lies.
struct Lying<'a> {
    /// In the order at hand.
    all: Vec<&'a AtHand>,
    /// In the files that the sender presents.
    sent: Option<&'a AtHand>,
    /// In a file of its own, if it is in any.
    alone: Option<&'a AtHand>,
}

/// What is presented and what lies at hand.
pub(in crate::diagnose) struct Holdings<'a> {
    chain: &'a [Der],
    /// What is presented, read.
    read: Vec<Certificate>,
    /// The first place in the chain of each certificate in it.
    places: HashMap<Digest, usize>,
    at_hand: &'a [AtHand],
    /// Where each certificate lies.
    lying: HashMap<Digest, Lying<'a>>,
    /// What the judge itself trusts.
    trusted: Vec<&'a AtHand>,
    /// How many certificates each file holds, as far as is known.
    counts: HashMap<&'a str, usize>,
    /// The names of the user's files, without their directories.
    names: HashSet<&'a str>,
    /// What those are called that lie in no file.
    stand_ins: OnceCell<HashMap<&'a Der, String>>,
    pool: OnceCell<Pool>,
    in_order: OnceCell<Vec<Der>>,
}

impl<'a> Holdings<'a> {
    /// Of the chain that `judge` was shown; `key_file` is the sender's.
    pub(super) fn of(
        judge: Side,
        chain: &'a [Der],
        at_hand: &'a [AtHand],
        trust: Option<&'a Trust>,
        key_file: Option<&'a str>,
    ) -> Self {
        work::count_many((chain.len() + at_hand.len()) as u64);
        let read: Vec<Certificate> = chain.iter().map(Certificate::read).collect();
        let mut places = HashMap::new();
        for (place, one) in read.iter().enumerate() {
            places.entry(one.digest).or_insert(place);
        }
        let mut counts = HashMap::new();
        for item in at_hand {
            if let Some(file) = &item.file {
                let count = counts.entry(file.as_str()).or_insert(1);
                *count = (item.entry + 1).max(*count);
            }
        }
        let lying = lying(at_hand, judge.peer(), &counts);
        let lists = trust.map(|trust| trust.revocation.lists.as_slice());
        let of_lists = lists.unwrap_or_default().iter();
        let files = counts
            .keys()
            .copied()
            .chain(of_lists.filter_map(|list| list.file.as_deref()))
            .chain(key_file);
        // Also one in another directory: whoever copies it here does not lose it.
        let names = files.filter_map(|file| file.rsplit(['/', '\\']).next()).collect();
        let is_trusted = |item: &&AtHand| item.side == Some(judge) && item.slot == Slot::Trust;
        Self {
            chain,
            read,
            places,
            at_hand,
            lying,
            trusted: at_hand.iter().filter(is_trusted).collect(),
            counts,
            names,
            stand_ins: OnceCell::new(),
            pool: OnceCell::new(),
            in_order: OnceCell::new(),
        }
    }

    /// What the sender's own certificate says: the first that is no CA, else the first.
    pub(super) fn leaf(&self) -> Option<&CertificateFacts> {
        let mut readable = self.read.iter().filter_map(Certificate::facts);
        let first = readable.next()?;
        if first.is_ca != Some(true) {
            return Some(first);
        }
        Some(readable.find(|facts| facts.is_ca != Some(true)).unwrap_or(first))
    }

    /// The certificate with this hash, as it was presented.
    pub(super) fn presented(&self, sha256: &str) -> Option<&'a Der> {
        work::count();
        self.chain.get(*self.places.get(&of_hex(sha256)?)?)
    }

    /// Where the certificate with this hash lies.
    pub(super) fn with_sha256(&self, sha256: &str) -> &[&'a AtHand] {
        let lying = of_hex(sha256).and_then(|digest| self.lying.get(&digest));
        let found = lying.map_or(&[][..], |lying| lying.all.as_slice());
        work::count_many(1 + found.len() as u64);
        found
    }

    /// Where what the sender presents lies in its own files.
    pub(super) fn sent(&self, der: &Der) -> Option<&'a AtHand> {
        self.of_der(der)?.sent
    }

    /// Where a certificate lies, whoever has it: in a file of its own, if it can be.
    pub(super) fn anywhere(&self, der: &Der) -> Option<&'a AtHand> {
        let lying = self.of_der(der)?;
        lying.alone.or_else(|| lying.all.first().copied())
    }

    /// A file that stands for a certificate that lies in none, or of which no place is known; each has its own.
    pub(super) fn stand_in(&self, der: &Der) -> String {
        let at_hand = self.at_hand;
        let names = self.stand_ins.get_or_init(|| {
            let unfiled = at_hand.iter().filter(|item| item.file.is_none());
            let unknown = self.chain.iter().filter(|der| self.of_der(der).is_none());
            stand_ins(unfiled.map(|item| &item.der).chain(unknown))
        });
        names
            .get(der)
            .cloned()
            .unwrap_or_else(|| stand_in(&display_name(der)))
    }

    fn of_der(&self, der: &Der) -> Option<&Lying<'a>> {
        work::count();
        self.lying.get(&digest(der.as_bytes()))
    }

    pub(super) fn trusted(&self) -> &[&'a AtHand] {
        &self.trusted
    }

    pub(super) fn count_in(&self, file: &str) -> usize {
        self.counts.get(file).copied().unwrap_or(1)
    }

    /// Whether a file of the user's is called so.
    pub(super) fn has_file(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The certificate at hand that made the signature on this one.
    pub(super) fn true_issuer(&self, child: &Certificate) -> Option<&Certificate> {
        let all = || Pool::without_repeats(self.at_hand.iter().map(|item| Certificate::read(&item.der)));
        let pool = self.pool.get_or_init(all);
        // Under a name in other bytes it is the issuer as well: what it signs again has its name as it is.
        pool.true_issuer(child)
            .or_else(|| pool.issuer_by_folded_name(child))
    }

    /// What the sender presents, the leaf first even where a CA stands there.
    pub(super) fn ordered(&self) -> &[Der] {
        let is_ca = |one: &Certificate| one.facts().is_some_and(|facts| facts.is_ca == Some(true));
        if self.read.first().is_some_and(is_ca) && !self.read.iter().all(is_ca) {
            self.in_order()
        } else {
            self.chain
        }
    }

    /// The chain with the leaf first, then whoever issued it, and so on; then the rest.
    pub(super) fn in_order(&self) -> &[Der] {
        self.in_order.get_or_init(|| put_in_order(&self.read))
    }
}

fn lying<'a>(
    at_hand: &'a [AtHand],
    sender: Side,
    counts: &HashMap<&str, usize>,
) -> HashMap<Digest, Lying<'a>> {
    let mut lying: HashMap<Digest, Lying<'a>> = HashMap::new();
    for item in at_hand {
        let found = lying.entry(digest(item.der.as_bytes())).or_insert(Lying {
            all: Vec::new(),
            sent: None,
            alone: None,
        });
        found.all.push(item);
        if item.side == Some(sender) && item.slot == Slot::Certificate {
            found.sent.get_or_insert(item);
        }
        if is_alone(item, counts) {
            found.alone.get_or_insert(item);
        }
    }
    lying
}

/// Whether nothing else lies in its file, which is PEM or has yet to be made.
fn is_alone(item: &AtHand, counts: &HashMap<&str, usize>) -> bool {
    item.file.as_ref().is_none_or(|file| {
        let count = counts.get(file.as_str()).copied().unwrap_or(1);
        !is_address(file) && item.line.is_some() && item.lies_in().is_none() && count == 1
    })
}

fn of_hex(sha256: &str) -> Option<Digest> {
    let mut digest = Digest::default();
    hex::decode_to_slice(sha256, &mut digest).ok()?;
    Some(digest)
}

/// Each issuer is looked up by its name; of several with one name, the first that has no place yet.
fn put_in_order(chain: &[Certificate]) -> Vec<Der> {
    let is_no_ca = |one: &Certificate| one.facts().is_some_and(|facts| facts.is_ca != Some(true));
    let mut by_subject: HashMap<&[u8], VecDeque<usize>> = HashMap::new();
    for (place, one) in chain.iter().enumerate() {
        work::count();
        if let Some(subject) = one.subject() {
            by_subject.entry(subject).or_default().push_back(place);
        }
    }
    let mut is_placed = vec![false; chain.len()];
    let mut order = Vec::with_capacity(chain.len());
    let mut next = Some(chain.iter().position(is_no_ca).unwrap_or_default());
    while let Some((place, one)) = next.and_then(|place| Some((place, chain.get(place)?))) {
        order.push(one.der.clone());
        if let Some(placed) = is_placed.get_mut(place) {
            *placed = true;
        }
        next = one
            .issuer()
            .and_then(|issuer| by_subject.get_mut(issuer))
            .and_then(|above| {
                std::iter::from_fn(|| above.pop_front())
                    .inspect(|_| work::count())
                    .find(|above| is_placed.get(*above) == Some(&false))
            });
    }
    let rest = chain.iter().zip(&is_placed).filter(|(_, is_placed)| !**is_placed);
    order.extend(rest.map(|(one, _)| one.der.clone()));
    order
}
