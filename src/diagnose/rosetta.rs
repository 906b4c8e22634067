//! The same failure in other stacks' words, as real programs said them.
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

/// How the stacks took one fault.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rosetta {
    /// Each stack that refused or was refused, with what it said as client and as server; the reader's first.
    pub refused: Vec<StackWords>,
    /// The stacks that judged and did not mind, by name.
    pub accepted_by: Vec<&'static str>,
}

/// One stack's words for a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackWords {
    /// Its name.
    pub stack: &'static str,
    /// Its version.
    pub version: &'static str,
    /// What it said, the judge's own words first; each only once.
    pub sayings: Vec<&'static Saying>,
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

/// As [`other_words`], by stack, the reader's own first; and who accepts it. Where a cause has several faults (a leaf, an
/// intermediate, a root that expired), the first is the one that is told.
pub fn by_stack(cause: CauseId, judge: Option<Side>, reader: Option<&str>) -> Rosetta {
    let mut out = Rosetta::default();
    let Some(first) = of(cause, judge).next().map(|saying| saying.fault.as_str()) else {
        return out;
    };
    for saying in of(cause, judge).filter(|saying| saying.fault == first) {
        let stack = saying.stack.as_str();
        if saying.accepted {
            if saying.side == saying.judge && !out.accepted_by.contains(&stack) {
                out.accepted_by.push(stack);
            }
            continue;
        }
        let at = out.refused.iter().position(|entry| entry.stack == stack);
        let at = at.unwrap_or_else(|| {
            out.refused.push(StackWords {
                stack,
                version: &saying.version,
                sayings: Vec::new(),
            });
            out.refused.len() - 1
        });
        if let Some(entry) = out.refused.get_mut(at) {
            let is_new = !entry
                .sayings
                .iter()
                .any(|known| known.side == saying.side && known.words == saying.words);
            if is_new && !saying.words.is_empty() {
                entry.sayings.push(saying);
            }
        }
    }
    out.refused.retain(|entry| !entry.sayings.is_empty());
    for entry in &mut out.refused {
        entry.sayings.sort_by_key(|saying| saying.side != saying.judge);
    }
    out.refused.sort_by_key(|entry| Some(entry.stack) != reader);
    out
}

fn of(cause: CauseId, judge: Option<Side>) -> impl Iterator<Item = &'static Saying> {
    SAYINGS
        .iter()
        .filter(move |saying| saying.cause == cause.word() && judge.is_none_or(|judge| judge == saying.judge))
}

#[cfg(test)]
mod tests {
    use super::{by_stack, other_words, stacks};
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
    fn the_readers_stack_comes_first_and_nobody_is_told_twice() {
        for stack in stacks() {
            let told = by_stack(CauseId::Expired, Some(Side::Client), Some(stack));
            assert_eq!(told.refused.first().map(|entry| entry.stack), Some(stack));
            assert!(told.refused.len() >= 8, "{told:?}");
            for entry in &told.refused {
                for (place, saying) in entry.sayings.iter().enumerate() {
                    assert_eq!(saying.judge, Side::Client);
                    assert!(!saying.accepted && !saying.words.is_empty());
                    let is_again = |other: &&crate::diagnose::Saying| {
                        (other.side, &other.words) == (saying.side, &saying.words)
                    };
                    assert!(!entry.sayings.iter().take(place).any(is_again));
                }
            }
        }
    }

    #[test]
    fn who_does_not_mind_is_named() {
        // Measured: of the ten, rustls alone minds a CA as the leaf.
        let told = by_stack(CauseId::LeafIsCa, Some(Side::Client), None);
        assert!(told.accepted_by.contains(&"OpenSSL"), "{told:?}");
        assert!(
            told.refused.iter().any(|entry| entry.stack == "rustls"),
            "{told:?}"
        );
        assert!(!told.accepted_by.contains(&"rustls"));
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
