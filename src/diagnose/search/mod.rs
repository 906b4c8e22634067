//! The search for a path: the certificates it looks among, rustls's own search step for step, and what would complete a
//! path that ends too early (RFC 5280 §6.1; RFC 4158).
//!
//! Whoever sends a chain chooses how many certificates share one name, so every search here is by index and within a
//! budget; what a budget left untried is counted and said.

#[cfg(test)]
mod budget_tests;
mod choice;
mod path;
mod pool;
#[cfg(test)]
mod tests;

pub(super) use choice::{Choice, choose};
pub(super) use path::{Path, candidates, missing_link};
pub(super) use pool::{MOST_TRIED_FOR_ONE, Pool};

/// webpki goes no deeper.
pub(super) const MOST_INTERMEDIATES: usize = 6;

/// Said of a path that would hold and that rustls never came to.
pub(super) const GAVE_UP: &str = "rustls checks at most 100 signatures in one search and had spent them before it came to this path: \
     too many certificates share one name";

/// Said beside a path that fails where rustls had not come to all the others.
pub(super) const ENDED_EARLY: &str = "rustls checks at most 100 signatures in one search and had spent them before it came to every path: \
     too many certificates share one name";
