//! The same failure in other stacks' words, as real programs said them, and who accepts what this run refuses.

use super::cause::Cause;
use super::judge::Diagnosis;
use super::sayings::{Saying, of};
use super::tried::{fault_of, has_failed, on_record_of};
use crate::stack::Stack;

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

/// As [`other_words`](super::other_words), by stack, the reader's own first; and who accepts it. Where a cause has several faults (a leaf, an
/// intermediate, a root that expired), it is the one that was found in this run. Where that one was never tried, the words are those
/// of the first, and nobody is said to accept. Nor is whoever minds something else about this chain.
pub fn by_stack(cause: &Cause, diagnosis: &Diagnosis, reader: Option<&str>) -> Rosetta {
    let row = diagnosis.matrix.iter().find(|row| {
        Some(row.side) == cause.side && row.cause == Some(cause.id) && row.certificate == cause.certificate
    });
    let own = row.map(fault_of);
    let first = || {
        of(cause.id, cause.side)
            .next()
            .map(|saying| saying.fault.as_str())
    };
    let mut told = own
        .flatten()
        .or_else(first)
        .map_or_else(Rosetta::default, |fault| told(cause, fault, reader));
    if own == Some(None) {
        told.accepted_by.clear();
    }
    if let Some(judge) = cause.side.filter(|judge| has_failed(diagnosis, *judge)) {
        told.accepted_by.retain(|name| {
            let stack = Stack::ALL.into_iter().find(|stack| stack.name() == *name);
            stack.and_then(|stack| on_record_of(stack, judge, diagnosis)) == Some(true)
        });
    }
    told
}

fn told(cause: &Cause, fault: &str, reader: Option<&str>) -> Rosetta {
    let mut out = Rosetta::default();
    for saying in of(cause.id, cause.side).filter(|saying| saying.fault == fault) {
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
