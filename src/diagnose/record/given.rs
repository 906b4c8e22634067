//! What a stack is given, and what may come of it.

use crate::capture::{Der, Side};
use crate::diagnose::certificate::Certificate;

/// Nothing, or why it is refused.
pub(super) type Check = Result<(), Refusal>;

/// It is accepted, and on what condition; or refused.
pub(super) type Verdict = Result<Option<&'static str>, Refusal>;

/// Said where a signature cannot be verified here.
pub(super) const IF_IT_HOLDS: &str = "if a signature holds that mtlscope cannot verify";

/// Why a stack does not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It refuses, in these words.
    Says(String),
    /// It depends on something that cannot be told here.
    NotKnown,
}

impl From<&str> for Refusal {
    fn from(words: &str) -> Self {
        Self::Says(words.to_owned())
    }
}

impl From<String> for Refusal {
    fn from(words: String) -> Self {
        Self::Says(words)
    }
}

/// All that a stack is given.
pub(super) struct Given<'a> {
    /// Leaf first.
    pub chain: &'a [Certificate],
    pub roots: &'a [Certificate],
    pub judge: Side,
    /// The DNS name or address that is asked for.
    pub name: Option<&'a str>,
    pub clock_unix_s: i64,
    /// The revocation lists that are given to those that look at them.
    pub lists: &'a [Der],
    /// Whether the leaf alone is looked for on them.
    pub is_leaf_only: bool,
    /// The chain is shown in a handshake, and not to a tool.
    pub is_in_a_handshake: bool,
}
