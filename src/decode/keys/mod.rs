//! From secrets to keys, and from keys to plaintext.
//!
//! `suite` takes a cipher suite apart, `hash` has the hashes and what is built on them, `derive` makes the keys of one
//! direction, `open` opens records with them.
//!
//! Deliberately absent: sealing. Nothing here can write a record.

mod derive;
mod hash;
mod open;
mod suite;

pub(super) use derive::{finished_13, finished_legacy, next_secret};
pub(super) use hash::Hash;
pub(super) use open::Keys;
pub(super) use suite::{Legacy, Suite};
