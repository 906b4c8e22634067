//! Building paths from a leaf to the trust store, as webpki does: by name, then by signature (RFC 5280 §6.1; RFC 4158).

use super::{MOST_INTERMEDIATES, Pool};
use crate::diagnose::certificate::Certificate;

/// More paths than this are not looked at; webpki's own budget ends a search as well.
const MOST_PATHS: usize = 64;
/// Certificates that are looked at to find them.
const MOST_LOOKED_AT: usize = 20_000;

/// One way from the leaf upwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::diagnose) struct Path {
    /// Indexes into the chain as sent, leaf first.
    pub sent: Vec<usize>,
    /// Index into the roots, where it reaches one by name.
    pub root: Option<usize>,
}

/// All paths by name, those that reach a root first. There is always at least the leaf's own.
pub(in crate::diagnose) fn candidates(chain: &Pool, roots: Option<&Pool>) -> Vec<Path> {
    let mut search = Search {
        chain,
        roots,
        found: Vec::new(),
        looks_left: MOST_LOOKED_AT,
    };
    if !chain.all().is_empty() {
        search.extend(&mut vec![0]);
    }
    let mut found = search.found;
    found.sort_by_key(|path: &Path| (path.root.is_none(), path.sent.len()));
    found
}

struct Search<'a> {
    chain: &'a Pool,
    roots: Option<&'a Pool>,
    found: Vec<Path>,
    looks_left: usize,
}

impl Search<'_> {
    fn is_full(&self) -> bool {
        self.found.len() >= MOST_PATHS
    }

    fn extend(&mut self, path: &mut Vec<usize>) {
        let chain = self.chain;
        let Some(head) = path.last().and_then(|place| chain.get(*place)) else {
            return;
        };
        let mut is_dead_end = true;
        for root in self.roots.map_or(&[][..], |roots| roots.named(head)) {
            if self.is_full() {
                return;
            }
            is_dead_end = false;
            self.found.push(Path {
                sent: path.clone(),
                root: Some(*root),
            });
        }
        // One more than webpki allows, so that a chain that is too long can be told from one that ends nowhere.
        if path.len() <= MOST_INTERMEDIATES + 1 {
            for place in chain.named(head) {
                let Some(looks_left) = self.looks_left.checked_sub(1) else {
                    break;
                };
                self.looks_left = looks_left;
                if self.is_full() {
                    return;
                }
                let is_loop = chain.get(*place).is_none_or(|issuer| {
                    path.iter()
                        .filter_map(|step| chain.get(*step))
                        .any(|step| step.is_same_entity(issuer))
                });
                // The leaf issues nothing.
                if *place == 0 || is_loop {
                    continue;
                }
                is_dead_end = false;
                path.push(*place);
                self.extend(path);
                path.pop();
            }
        }
        if is_dead_end && !self.is_full() {
            self.found.push(Path {
                sent: path.clone(),
                root: None,
            });
        }
    }
}

/// The certificate at hand that was not sent and with which a path that ends at `last` would reach a root: its issuer,
/// or another certificate of a CA that stands in the path (`below`, leaf first), signed by somebody else.
pub(in crate::diagnose) fn missing_link<'a>(
    last: &Certificate,
    below: &[&Certificate],
    pool: &'a Pool,
    roots: &Pool,
) -> Option<&'a Certificate> {
    let below = below.iter().rev().copied();
    std::iter::once(last)
        .chain(below)
        .find_map(|child| pool.way_out(child, roots))
}
