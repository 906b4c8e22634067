//! Certificates to look among, found by name and by digest, with a budget for the signatures that looking costs.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use crate::diagnose::certificate::{Certificate, work};
use crate::diagnose::memo::{Digest, Signature};
use crate::pki::{folded_name, outline};

/// Signatures that are checked to find the issuer of one certificate. More of one name than this are no CA's renewals.
pub(in crate::diagnose) const MOST_TRIED_FOR_ONE: usize = 64;
/// Signatures that are checked in one pool for one judgement.
const MOST_TRIED: usize = 512;
/// Certificates of a pool that are asked whether one issued them under a folded name.
const MOST_CHILDREN: usize = 16;
/// Certificates that are stepped on to find one way out.
const MOST_STEPS: usize = 64;

/// Certificates, indexed. They keep their places; a place is an index into them.
#[derive(Debug)]
pub(in crate::diagnose) struct Pool {
    certificates: Vec<Certificate>,
    /// Places by subject, those of one subject in their order; what has no subject that can be read is not among them.
    by_subject: Vec<usize>,
    /// Places by digest, those of one digest in their order.
    by_digest: Vec<usize>,
    unreadable: Vec<usize>,
    /// Places by subject as RFC 5280 §7.1 compares it.
    by_folded_subject: OnceCell<HashMap<String, Vec<usize>>>,
    outlined: OnceCell<Outlined>,
    /// Whether the first one's signature was made by the second one's key.
    checked: RefCell<HashMap<(Digest, Digest), bool>>,
    tries_left: Cell<usize>,
    /// What came of [`Pool::way_out`] before.
    ways: RefCell<HashMap<Digest, Option<usize>>>,
}

/// What can still be told of the certificates that cannot be read; the leaf, which issues nothing, is not among them.
#[derive(Debug, Default)]
struct Outlined {
    /// The first place of each subject.
    by_subject: HashMap<Vec<u8>, usize>,
    /// The first place of one whose subject cannot be told.
    nameless: Option<usize>,
}

impl Pool {
    pub(in crate::diagnose) fn of(certificates: Vec<Certificate>) -> Self {
        let subject = |place: &usize| certificates.get(*place).and_then(Certificate::subject);
        let mut by_subject: Vec<usize> = (0..certificates.len())
            .filter(|place| subject(place).is_some())
            .collect();
        // Both sorts are stable: what is alike stays in order.
        by_subject.sort_by(|one, other| subject(one).cmp(&subject(other)));
        let mut by_digest: Vec<usize> = (0..certificates.len()).collect();
        by_digest.sort_by_key(|place| certificates.get(*place).map(|one| one.digest));
        let unreadable = certificates
            .iter()
            .enumerate()
            .filter_map(|(place, one)| one.is_unreadable().then_some(place))
            .collect();
        Self {
            by_subject,
            by_digest,
            unreadable,
            by_folded_subject: OnceCell::new(),
            outlined: OnceCell::new(),
            certificates,
            checked: RefCell::default(),
            tries_left: Cell::new(MOST_TRIED),
            ways: RefCell::default(),
        }
    }

    /// Each certificate once, however often it is given.
    pub(in crate::diagnose) fn without_repeats(certificates: impl IntoIterator<Item = Certificate>) -> Self {
        let mut seen: HashSet<Digest> = HashSet::new();
        let all = certificates.into_iter();
        Self::of(all.filter(|one| seen.insert(one.digest)).collect())
    }

    pub(in crate::diagnose) fn all(&self) -> &[Certificate] {
        &self.certificates
    }

    pub(in crate::diagnose) fn get(&self, place: usize) -> Option<&Certificate> {
        self.certificates.get(place)
    }

    /// The places of this very certificate, in order.
    pub(in crate::diagnose) fn places_of(&self, certificate: &Certificate) -> &[usize] {
        let digest = |place: &usize| self.certificates.get(*place).map(|one| one.digest);
        range(&self.by_digest, |place| {
            digest(place).cmp(&Some(certificate.digest))
        })
    }

    pub(in crate::diagnose) fn contains(&self, certificate: &Certificate) -> bool {
        !self.places_of(certificate).is_empty()
    }

    /// The places of what bears this subject, in order.
    pub(in crate::diagnose) fn of_subject(&self, subject: &[u8]) -> &[usize] {
        let has = |place: &usize| self.certificates.get(*place).and_then(Certificate::subject);
        range(&self.by_subject, |place| has(place).cmp(&Some(subject)))
    }

    /// The places of what bears the name of `child`'s issuer, in order.
    pub(in crate::diagnose) fn named(&self, child: &Certificate) -> &[usize] {
        child.issuer().map_or(&[], |issuer| self.of_subject(issuer))
    }

    /// Of what neither webpki nor we can read, the place of the first with this subject, as far as its bytes tell.
    pub(in crate::diagnose) fn unreadable_of_subject(&self, subject: &[u8]) -> Option<usize> {
        work::count();
        self.outlined().by_subject.get(subject).copied()
    }

    /// And that of the first whose subject cannot be told.
    pub(in crate::diagnose) fn unreadable_without_subject(&self) -> Option<usize> {
        self.outlined().nameless
    }

    fn outlined(&self) -> &Outlined {
        self.outlined.get_or_init(|| {
            let mut outlined = Outlined::default();
            for place in self.unreadable.iter().copied().filter(|place| *place > 0) {
                work::count();
                let der = self.get(place).map(|one| one.der.as_bytes());
                match outline(der.unwrap_or_default()).subject {
                    Some(subject) => {
                        outlined.by_subject.entry(subject).or_insert(place);
                    }
                    None => {
                        outlined.nameless.get_or_insert(place);
                    }
                }
            }
            outlined
        })
    }

    /// The certificate that really issued `child`: name and signature agree.
    pub(in crate::diagnose) fn true_issuer(&self, child: &Certificate) -> Option<&Certificate> {
        self.issuers_of(child).next()
    }

    /// The certificate whose key signed `child`, under a name that differs from the one in it by string type, case or white
    /// space only: one name to a reader, and another to whoever compares bytes.
    pub(in crate::diagnose) fn issuer_by_folded_name(&self, child: &Certificate) -> Option<&Certificate> {
        let wanted = child.issuer()?;
        let named = self.folded_subjects().get(&folded_name(wanted)?)?;
        named
            .iter()
            .take(MOST_TRIED_FOR_ONE)
            .filter_map(|place| self.get(*place))
            .find(|one| {
                one.subject() != Some(wanted) && one.digest != child.digest && self.is_signed(child, one)
            })
    }

    /// Whether `issuer` is such a certificate for one of the first that are here.
    pub(in crate::diagnose) fn issues_by_folded_name(&self, issuer: &Certificate) -> bool {
        self.certificates.iter().take(MOST_CHILDREN).any(|child| {
            self.issuer_by_folded_name(child)
                .is_some_and(|found| found.digest == issuer.digest)
        })
    }

    fn folded_subjects(&self) -> &HashMap<String, Vec<usize>> {
        self.by_folded_subject.get_or_init(|| {
            let mut found: HashMap<String, Vec<usize>> = HashMap::new();
            for (place, one) in self.certificates.iter().enumerate() {
                if let Some(name) = one.subject().and_then(folded_name) {
                    found.entry(name).or_default().push(place);
                }
            }
            found
        })
    }

    /// How many bear the name of `child`'s issuer and were not tried, because the budget was spent.
    pub(in crate::diagnose) fn untried(&self, child: &Certificate) -> usize {
        let named = self.named(child).len();
        if named <= MOST_TRIED_FOR_ONE && self.tries_left.get() > 0 {
            return 0;
        }
        let checked = self.checked.borrow();
        let tried = checked.keys().filter(|(of, _)| *of == child.digest).count();
        // It is no issuer of itself.
        named
            .saturating_sub(tried)
            .saturating_sub(self.places_of(child).len())
    }

    /// A certificate that issued `child` and from which a path by name and signature leads to one of `roots`, over others of
    /// this pool. A CA may have several certificates of one key: each is tried.
    pub(in crate::diagnose) fn way_out(&self, child: &Certificate, roots: &Self) -> Option<&Certificate> {
        let known = self.ways.borrow().get(&child.digest).copied();
        let place = known.unwrap_or_else(|| {
            let found = self.places_of_issuers(child).find(|place| {
                self.get(*place)
                    .is_some_and(|issuer| self.leads_to(issuer, roots))
            });
            self.ways.borrow_mut().insert(child.digest, found);
            found
        })?;
        self.get(place)
    }

    fn leads_to(&self, issuer: &Certificate, roots: &Self) -> bool {
        let mut heads = vec![issuer];
        let mut seen: HashSet<Digest> = HashSet::new();
        while let Some(head) = heads.pop() {
            if roots.contains(head) || roots.true_issuer(head).is_some() {
                return true;
            }
            if seen.len() > MOST_STEPS || !seen.insert(head.digest) {
                continue;
            }
            heads.extend(self.issuers_of(head).filter(|next| !next.is_self_issued()));
        }
        false
    }

    fn issuers_of(&self, child: &Certificate) -> impl Iterator<Item = &Certificate> {
        self.places_of_issuers(child).filter_map(|place| self.get(place))
    }

    /// Those whose key identifier is the one that `child` names first: of many with one name, they are the likely ones.
    fn places_of_issuers(&self, child: &Certificate) -> impl Iterator<Item = usize> {
        let named = self.named(child);
        let mut places: Vec<usize> = named.iter().copied().take(MOST_TRIED_FOR_ONE).collect();
        if named.len() > MOST_TRIED_FOR_ONE && self.tries_left.get() > 0 {
            let fits = |place: &usize| self.get(*place).is_some_and(|issuer| child.names_key_of(issuer));
            places = named
                .iter()
                .copied()
                .filter(fits)
                .take(MOST_TRIED_FOR_ONE)
                .collect();
            let rest = MOST_TRIED_FOR_ONE - places.len();
            places.extend(named.iter().copied().filter(|place| !fits(place)).take(rest));
        }
        let child = child.clone();
        places.into_iter().filter(move |place| {
            self.get(*place)
                .is_some_and(|issuer| issuer.digest != child.digest && self.is_signed(&child, issuer))
        })
    }

    /// Within the budget; what it does not reach counts as not signed.
    fn is_signed(&self, child: &Certificate, issuer: &Certificate) -> bool {
        let pair = (child.digest, issuer.digest);
        if let Some(known) = self.checked.borrow().get(&pair) {
            return *known;
        }
        let Some(left) = self.tries_left.get().checked_sub(1) else {
            return false;
        };
        self.tries_left.set(left);
        let holds = child.signed_by(issuer) == Signature::Holds;
        self.checked.borrow_mut().insert(pair, holds);
        holds
    }
}

/// The part of a sorted list that a comparison finds equal.
fn range(sorted: &[usize], compare: impl Fn(&usize) -> std::cmp::Ordering) -> &[usize] {
    let from = sorted.partition_point(|place| compare(place).is_lt());
    let rest = sorted.get(from..).unwrap_or_default();
    let until = rest.partition_point(|place| compare(place).is_eq());
    rest.get(..until).unwrap_or_default()
}
