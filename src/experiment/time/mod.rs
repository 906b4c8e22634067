//! The time machine: when a pair works, when it fails and of what, exact to the second.
//!
//! What rustls says of a chain depends on time only through comparisons with the dates in the certificates and revocation
//! lists. So between two such dates nothing can change: each stretch is judged once, and the result holds for every second
//! of it. A stretch that the judges let pass is then run for real, which finds what is wrong at any time.

mod judge;
mod line;
mod moments;

pub use crate::pki::moment_words;
pub use judge::Failure;
pub use line::{Span, TimeLine, time_line};
pub use moments::{FIRST_UNIX_S, LAST_UNIX_S, Window, WindowKind};
