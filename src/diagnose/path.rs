//! Building paths from a leaf to the trust store, as webpki does: by name, then by signature (RFC 5280 §6.1; RFC 4158).

use super::certificate::{Certificate, Signature};

/// webpki goes no deeper.
pub(super) const MOST_INTERMEDIATES: usize = 6;
/// More paths than this are not looked at; webpki's own budget ends a search as well.
const MOST_PATHS: usize = 64;

/// One way from the leaf upwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Path {
    /// Indexes into the chain as sent, leaf first.
    pub sent: Vec<usize>,
    /// Index into the roots, where it reaches one by name.
    pub root: Option<usize>,
}

/// All paths by name, those that reach a root first. There is always at least the leaf's own.
pub(super) fn candidates(chain: &[Certificate], roots: &[Certificate]) -> Vec<Path> {
    let mut found = Vec::new();
    if !chain.is_empty() {
        extend(chain, roots, vec![0], &mut found);
    }
    found.sort_by_key(|path: &Path| (path.root.is_none(), path.sent.len()));
    found
}

fn extend(chain: &[Certificate], roots: &[Certificate], path: Vec<usize>, found: &mut Vec<Path>) {
    let Some(head) = path.last().and_then(|index| chain.get(*index)) else {
        return;
    };
    let mut is_dead_end = true;
    for (index, root) in roots.iter().enumerate() {
        if head.names_as_issuer(root) && found.len() < MOST_PATHS {
            is_dead_end = false;
            found.push(Path {
                sent: path.clone(),
                root: Some(index),
            });
        }
    }
    // One more than webpki allows, so that a chain that is too long can be told from one that ends nowhere.
    if path.len() <= MOST_INTERMEDIATES + 1 {
        for (index, issuer) in chain.iter().enumerate().skip(1) {
            let is_loop = path
                .iter()
                .filter_map(|step| chain.get(*step))
                .any(|step| step.is_same_entity(issuer));
            if !is_loop && head.names_as_issuer(issuer) && found.len() < MOST_PATHS {
                is_dead_end = false;
                let mut longer = path.clone();
                longer.push(index);
                extend(chain, roots, longer, found);
            }
        }
    }
    if is_dead_end && found.len() < MOST_PATHS {
        found.push(Path {
            sent: path,
            root: None,
        });
    }
}

/// The certificate among `pool` that really issued `child`: name and signature agree.
pub(super) fn true_issuer<'a>(child: &Certificate, pool: &'a [Certificate]) -> Option<&'a Certificate> {
    issuers_of(child, pool).next()
}

/// The certificate among `pool` that issued `child` and from which a path by name and signature leads to a root, over
/// others of `pool`. A CA may have several certificates of one key: each is tried.
pub(super) fn way_out<'a>(
    child: &Certificate,
    pool: &'a [Certificate],
    roots: &[Certificate],
) -> Option<&'a Certificate> {
    issuers_of(child, pool).find(|issuer| {
        let mut heads = vec![*issuer];
        let mut seen: Vec<&Certificate> = Vec::new();
        while let Some(head) = heads.pop() {
            if true_issuer(head, roots).is_some() || roots.iter().any(|root| root.der == head.der) {
                return true;
            }
            if seen.iter().any(|one| one.der == head.der) || seen.len() > MOST_PATHS {
                continue;
            }
            seen.push(head);
            heads.extend(issuers_of(head, pool).filter(|next| !next.is_self_issued()));
        }
        false
    })
}

fn issuers_of<'a>(child: &Certificate, pool: &'a [Certificate]) -> impl Iterator<Item = &'a Certificate> {
    pool.iter().filter(move |candidate| {
        candidate.der != child.der
            && child.names_as_issuer(candidate)
            && child.signed_by(candidate) == Signature::Holds
    })
}

/// The certificate at hand that was not sent and with which a path that ends at `last` would reach a root: its issuer,
/// or another certificate of a CA that stands in the path (`below`, leaf first), signed by somebody else.
pub(super) fn missing_link<'a>(
    last: &Certificate,
    below: &[&Certificate],
    pool: &'a [Certificate],
    roots: &[Certificate],
) -> Option<&'a Certificate> {
    way_out(last, pool, roots).or_else(|| below.iter().rev().find_map(|child| way_out(child, pool, roots)))
}
