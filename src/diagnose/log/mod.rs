//! A pasted log line, read: which stack wrote it, which side spoke, and which causes it can mean, with how sure each is.
//!
//! `tables` is what lines mean (`assets/phrases.ron`), `tables_heard` what alerts real programs sent for what, `plain` the text
//! as it is compared, `scan` and `codes` find what is known in it, `hit` is one such place, `rank` orders the causes, `settle`
//! holds them against a diagnosis of the files at hand.
//!
//! `alone` knows an alert's bare name, `sieve` what to keep of a whole log.
//!
//! Pure functions of the text. What no table knows is said to be unknown, and never guessed.

mod alone;
mod codes;
mod hit;
mod lines;
mod more;
mod plain;
mod rank;
mod reading;
mod scan;
mod settle;
mod sieve;
mod tables;
mod tables_heard;

pub(super) use hit::everyday;
#[cfg(test)]
pub(super) use rank::{check, own_commands};
pub use reading::{Candidate, Heard, Likelihood, LineReading, LogReading, LogRole, Speaker};
pub use settle::{Settled, Shown, check_of, name_files, settle};
pub use sieve::{Sieve, Sieved};

/// Reads a pasted log: one line or many. Total: what is not known leaves no candidate.
pub fn read_log(text: &str) -> LogReading {
    let plain = plain::Plain::of(text);
    let scan = alone::or_bare_alert(scan::scan(&plain), text, &plain);
    let lines = lines::by_line(text, &scan);
    LogReading {
        lines,
        ..rank::reading(scan)
    }
}
