//! The path that rustls takes: webpki's own search, step for step and within its budget (RFC 5280 §6.1; RFC 4158 §5.2).
//!
//! webpki looks at a certificate by itself first, then tries every trusted root of the issuer's name, then every sent
//! certificate of that name. It checks signatures only once a root is reached, from the root downwards, and stops for good
//! after a hundred of them.

use std::collections::HashMap;

use super::{MOST_INTERMEDIATES, Path, Pool};
use crate::diagnose::memo::Signature;

/// Signatures that webpki checks in one search.
const MOST_SIGNATURES: usize = 100;
/// Certificates that webpki steps on in one search.
const MOST_STEPS: usize = 200_000;

/// Where rustls's search ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::diagnose) enum Choice {
    /// The first path that holds.
    Taken(Path),
    /// The budget was spent: what comes later is never looked at.
    GaveUp,
    /// No path holds.
    None,
}

/// Searches as webpki does.
///
/// `own` tells whether a sent certificate (its index, CAs between it and the leaf) is fit by itself; `whole` whether a path
/// whose signatures hold is fit as a whole (name constraints, revocation).
pub(in crate::diagnose) fn choose(
    chain: &Pool,
    roots: Option<&Pool>,
    own: &mut dyn FnMut(usize, usize) -> bool,
    whole: &mut dyn FnMut(&Path) -> bool,
) -> Choice {
    let Some(roots) = roots.filter(|roots| !roots.all().is_empty()) else {
        return Choice::None;
    };
    if chain.all().is_empty() {
        return Choice::None;
    }
    let mut search = Search {
        chain,
        roots,
        leads_up: leads_up(chain, roots),
        own,
        whole,
        fit: HashMap::new(),
        signatures: MOST_SIGNATURES,
        steps: MOST_STEPS,
    };
    match search.go(&mut vec![0]) {
        Step::Taken(path) => Choice::Taken(path),
        Step::GaveUp => Choice::GaveUp,
        Step::On => Choice::None,
    }
}

/// For each sent certificate: whether any root can be reached by name. What leads nowhere need not be walked.
fn leads_up(chain: &Pool, roots: &Pool) -> Vec<bool> {
    let mut leads_up: Vec<bool> = chain
        .all()
        .iter()
        .map(|one| !roots.named(one).is_empty())
        .collect();
    // A path is no longer than the budget of intermediates.
    for _ in 0..=MOST_INTERMEDIATES {
        // Of all that share an issuer's name, one look tells.
        let mut of_issuer: HashMap<&[u8], bool> = HashMap::new();
        let next: Vec<bool> = chain
            .all()
            .iter()
            .zip(&leads_up)
            .map(|(one, leads)| {
                *leads
                    || one.issuer().is_some_and(|issuer| {
                        *of_issuer.entry(issuer).or_insert_with(|| {
                            let mut above = chain.of_subject(issuer).iter();
                            above.any(|place| *place > 0 && leads_up.get(*place) == Some(&true))
                        })
                    })
            })
            .collect();
        if next == leads_up {
            break;
        }
        leads_up = next;
    }
    leads_up
}

enum Step {
    Taken(Path),
    GaveUp,
    /// Not this way.
    On,
}

struct Search<'a> {
    chain: &'a Pool,
    roots: &'a Pool,
    leads_up: Vec<bool>,
    own: &'a mut dyn FnMut(usize, usize) -> bool,
    whole: &'a mut dyn FnMut(&Path) -> bool,
    /// What `own` said before.
    fit: HashMap<(usize, usize), bool>,
    signatures: usize,
    steps: usize,
}

impl<'a> Search<'a> {
    fn go(&mut self, path: &mut Vec<usize>) -> Step {
        let (chain, roots): (&'a Pool, &'a Pool) = (self.chain, self.roots);
        let Some(head) = path.last().copied() else {
            return Step::On;
        };
        let Some(certificate) = chain.get(head) else {
            return Step::On;
        };
        let cas_below = path.len().saturating_sub(2);
        let known = self.fit.get(&(head, cas_below)).copied();
        let is_fit = known.unwrap_or_else(|| (self.own)(head, cas_below));
        self.fit.insert((head, cas_below), is_fit);
        if !is_fit {
            return Step::On;
        }
        for root in roots.named(certificate) {
            match self.signatures_hold(path, *root) {
                None => return Step::GaveUp,
                Some(false) => {}
                Some(true) => {
                    let found = Path {
                        sent: path.clone(),
                        root: Some(*root),
                    };
                    if (self.whole)(&found) {
                        return Step::Taken(found);
                    }
                }
            }
        }
        // The leaf issues nothing.
        for issuer in chain
            .named(certificate)
            .iter()
            .copied()
            .filter(|place| *place > 0)
        {
            let leads_up = self.leads_up.get(issuer).copied().unwrap_or_default();
            if !leads_up || self.comes_back(path, issuer) {
                continue;
            }
            let Some(steps) = self.steps.checked_sub(1) else {
                return Step::GaveUp;
            };
            self.steps = steps;
            if path.len() > MOST_INTERMEDIATES {
                continue;
            }
            path.push(issuer);
            let step = self.go(path);
            path.pop();
            if !matches!(step, Step::On) {
                return step;
            }
        }
        Step::On
    }

    fn comes_back(&self, path: &[usize], issuer: usize) -> bool {
        let Some(issuer) = self.chain.get(issuer) else {
            return true;
        };
        path.iter()
            .filter_map(|step| self.chain.get(*step))
            .any(|step| step.is_same_entity(issuer))
    }

    /// From the root downwards; `None` where the budget ends.
    fn signatures_hold(&mut self, path: &[usize], root: usize) -> Option<bool> {
        let Some(mut issuer) = self.roots.get(root) else {
            return Some(false);
        };
        for certificate in path.iter().rev().filter_map(|step| self.chain.get(*step)) {
            self.signatures = self.signatures.checked_sub(1)?;
            if certificate.signed_by(issuer) != Signature::Holds {
                return Some(false);
            }
            issuer = certificate;
        }
        Some(true)
    }
}
