//! The silent-withhold lens: for what a server asks of a client certificate, which stacks would send this one, and which would
//! say nothing and send none.
//!
//! A server's CertificateRequest names authorities, signature schemes and, in TLS 1.2, kinds of key. A client without a suitable
//! certificate sends a Certificate message with none in it (RFC 8446 §4.4.2, RFC 5246 §7.4.6). What is suitable is the client's
//! judgement, the stacks differ in it, and most of them are silent about it. `lens` is the way in, `asked` is the request as plain facts, `rules` are the objections
//! that stacks raise, `stacks` says who raises which, and `tested` against which version of the real program each stack's
//! rules were held (`tests/stacks/withhold.rs`).
//!
//! Deliberately absent: whether the server would then *accept* the certificate. Of the stacks here none looks at the dates or purposes of
//! its own certificate before it sends it.

mod asked;
mod lens;
mod opinion;
mod rules;
#[cfg(test)]
mod rules_tests;
mod shown;
mod stacks;
mod tested;
#[cfg(test)]
mod tests;

pub use asked::Asked;
pub use lens::{Lens, lens, would_send};
pub use opinion::{Answer, Opinion};
pub use stacks::stack_names;
pub use tested::Tested;
