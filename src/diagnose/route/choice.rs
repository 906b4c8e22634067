//! The path that rustls takes: webpki's own search, step for step and within its budget (RFC 5280 §6.1; RFC 4158 §5.2).
//!
//! webpki looks at a certificate by itself first, then tries every trusted root of the issuer's name, then every sent
//! certificate of that name. It checks signatures only once a root is reached, from the root downwards, and stops for good
//! after a hundred of them.

use std::collections::HashMap;

use crate::diagnose::certificate::{Certificate, Signature};
use crate::diagnose::path::{MOST_INTERMEDIATES, Path};

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
    chain: &[Certificate],
    roots: &[Certificate],
    own: &mut dyn FnMut(usize, usize) -> bool,
    whole: &mut dyn FnMut(&Path) -> bool,
) -> Choice {
    if chain.is_empty() || roots.is_empty() {
        return Choice::None;
    }
    let mut search = Search {
        chain,
        roots,
        graph: Graph::of(chain, roots),
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

/// Who could have issued whom, by name.
struct Graph {
    /// For each sent certificate: roots of its issuer's name.
    roots: Vec<Vec<usize>>,
    /// For each sent certificate: sent certificates of its issuer's name, the leaf not among them.
    issuers: Vec<Vec<usize>>,
    /// For each sent certificate: whether any root can be reached by name.
    leads_up: Vec<bool>,
}

impl Graph {
    fn of(chain: &[Certificate], roots: &[Certificate]) -> Self {
        let root_names = by_subject(roots, 0);
        let sent_names = by_subject(chain, 1);
        let look = |names: &HashMap<&[u8], Vec<usize>>, certificate: &Certificate| {
            certificate
                .part(|at| &at.issuer)
                .and_then(|issuer| names.get(issuer))
                .cloned()
                .unwrap_or_default()
        };
        let anchored: Vec<Vec<usize>> = chain.iter().map(|one| look(&root_names, one)).collect();
        let issuers: Vec<Vec<usize>> = chain.iter().map(|one| look(&sent_names, one)).collect();
        let mut leads_up: Vec<bool> = anchored.iter().map(|roots| !roots.is_empty()).collect();
        // A path is no longer than the budget of intermediates; what leads nowhere need not be walked.
        for _ in 0..=MOST_INTERMEDIATES {
            let next: Vec<bool> = issuers
                .iter()
                .zip(&leads_up)
                .map(|(above, leads)| {
                    *leads
                        || above
                            .iter()
                            .any(|issuer| leads_up.get(*issuer).copied().unwrap_or_default())
                })
                .collect();
            if next == leads_up {
                break;
            }
            leads_up = next;
        }
        Self {
            roots: anchored,
            issuers,
            leads_up,
        }
    }
}

fn by_subject(certificates: &[Certificate], from: usize) -> HashMap<&[u8], Vec<usize>> {
    let mut names: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (index, certificate) in certificates.iter().enumerate().skip(from) {
        if let Some(subject) = certificate.part(|at| &at.subject) {
            names.entry(subject).or_default().push(index);
        }
    }
    names
}

enum Step {
    Taken(Path),
    GaveUp,
    /// Not this way.
    On,
}

struct Search<'a> {
    chain: &'a [Certificate],
    roots: &'a [Certificate],
    graph: Graph,
    own: &'a mut dyn FnMut(usize, usize) -> bool,
    whole: &'a mut dyn FnMut(&Path) -> bool,
    /// What `own` said before.
    fit: HashMap<(usize, usize), bool>,
    signatures: usize,
    steps: usize,
}

impl Search<'_> {
    fn go(&mut self, path: &mut Vec<usize>) -> Step {
        let Some(head) = path.last().copied() else {
            return Step::On;
        };
        let cas_below = path.len().saturating_sub(2);
        let known = self.fit.get(&(head, cas_below)).copied();
        let is_fit = known.unwrap_or_else(|| (self.own)(head, cas_below));
        self.fit.insert((head, cas_below), is_fit);
        if !is_fit {
            return Step::On;
        }
        for root in self.graph.roots.get(head).cloned().unwrap_or_default() {
            match self.signatures_hold(path, root) {
                None => return Step::GaveUp,
                Some(false) => {}
                Some(true) => {
                    let found = Path {
                        sent: path.clone(),
                        root: Some(root),
                    };
                    if (self.whole)(&found) {
                        return Step::Taken(found);
                    }
                }
            }
        }
        for issuer in self.graph.issuers.get(head).cloned().unwrap_or_default() {
            let leads_up = self.graph.leads_up.get(issuer).copied().unwrap_or_default();
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
