//! What real programs said when they met a fault.
//!
//! `assets/rosetta.ron` is written by a test that runs the programs on loopback, never by hand.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::CauseId;
use crate::capture::Side;

/// What one program said, or did not say, when it met a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saying {
    /// The fault that was made: `client-old-issuer` is one of several that have the cause `expired`.
    pub fault: String,
    /// The fault's cause id.
    pub cause: String,
    /// Who was to judge it, in the run that was recorded.
    pub judge: Side,
    /// `OpenSSL`.
    pub stack: String,
    /// `3.0.19`; where another library speaks for it, that one's too: `7.88.1 (OpenSSL 3.0.22)`.
    pub version: String,
    /// Which side the program was, and so who spoke.
    pub side: Side,
    /// The stacks at the other end that it said this to; none where the program would not take its own files, and said so before
    /// it met anybody.
    pub peers: Vec<String>,
    /// The handshake went through, and a request was answered: whoever judged did not mind.
    pub accepted: bool,
    /// Its words; empty where it had no complaint, or said nothing.
    pub words: String,
}

static SAYINGS: LazyLock<Vec<Saying>> = LazyLock::new(|| {
    // The asset is part of the binary and a test parses it.
    ron::from_str(include_str!("../../assets/rosetta.ron")).unwrap_or_default()
});

/// Every recorded saying, in the order of the data file.
pub fn sayings() -> &'static [Saying] {
    &SAYINGS
}

/// The stacks that have a word in the table, in its order.
pub fn stacks() -> Vec<&'static str> {
    let mut names = Vec::new();
    for saying in SAYINGS.iter() {
        if !names.contains(&saying.stack.as_str()) {
            names.push(saying.stack.as_str());
        }
    }
    names.sort_by_key(|name| name.to_lowercase());
    names
}

/// What others say when `judge` refuses for this cause; empty where no run was recorded. Only what was said: the words of those that
/// refused, or were refused.
pub fn other_words(cause: CauseId, judge: Option<Side>) -> Vec<&'static Saying> {
    of(cause, judge)
        .filter(|saying| !saying.accepted && !saying.words.is_empty())
        .collect()
}

pub(super) fn of(cause: CauseId, judge: Option<Side>) -> impl Iterator<Item = &'static Saying> {
    SAYINGS
        .iter()
        .filter(move |saying| saying.cause == cause.word() && judge.is_none_or(|judge| judge == saying.judge))
}

#[cfg(test)]
mod tests {
    use super::{other_words, stacks};
    use crate::capture::Side;
    use crate::diagnose::CauseId;
    use crate::stack::Stack;

    #[test]
    fn the_table_has_every_stack_and_no_other() {
        let mut known = Stack::ALL.map(Stack::name);
        known.sort_by_key(|name| name.to_lowercase());
        assert_eq!(stacks(), known);
    }

    #[test]
    fn only_what_was_said_counts_as_words() {
        let words = other_words(CauseId::ClientCertificateMissing, Some(Side::Server));
        assert!(
            words
                .iter()
                .any(|saying| saying.stack == "Go" && saying.side == Side::Server)
        );
        assert!(words.iter().all(|saying| !saying.words.is_empty()));
    }
}
