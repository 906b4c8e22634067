//! Second opinions: what the TLS stacks that are installed here say of exactly these files, asked now.
//!
//! A stack plays the side that judges, in a real handshake, with an identity minted for that one connection; our own
//! instrumented end presents the user's chain, signs with the user's key, and records. The private key never leaves this
//! process. Where there is no key to sign with, the stack's own chain tool is asked.
//!
//! Deliberately absent: a judgement. What is here is what a program did, and its exact words.

mod ask;
mod conclusion;
mod find;
mod identity;
mod meaning;
mod meeting;
mod path;
mod question;
mod run;
mod stacks;
mod verdict;
mod workspace;

#[cfg(all(test, unix))]
mod stub_tests;

pub use ask::{Heard, ask, ask_one};
pub use find::{find, find_all};
pub use question::{Programs, Question};
pub use verdict::{AskedAt, NoAnswer, Opinion, Presence, Said, Way};
