//! From secrets to keys, and from keys to plaintext.
//!
//! `suite` takes a cipher suite apart, `hash` has the hashes and what is built on them, `derive` makes the keys of one
//! direction, `ssl3` is how SSL 3.0 did it all, `open` opens records with them.
//!
//! Deliberately absent: sealing. Nothing here can write a record.

mod derive;
mod hash;
mod open;
#[cfg(test)]
pub(super) mod sealer;
mod ssl3;
mod suite;
#[cfg(test)]
mod tests;

pub(super) use derive::{finished_13, finished_legacy, master_secret, next_secret};
pub(super) use hash::{Hash, RunningHash};
pub(super) use open::Keys;
pub(super) use suite::{Legacy, Suite};
