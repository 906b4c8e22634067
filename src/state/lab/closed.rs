//! Files that are closed with a passphrase: one after the other is asked for, and none is remembered on disk.

mod acts;

use std::collections::VecDeque;

use super::offer::Offer;
use super::slot::{SetupSlot, file_name};
use crate::capture::Side;
use crate::pki::{LoadError, LoadReason, Passphrase, Passphrases};

/// A file or a paste that asks for its passphrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// What was to be read.
    pub offer: Offer,
    /// The slot that it was meant for.
    pub target: Option<(Side, SetupSlot)>,
    /// What is closed, without a full stop: `the private key is encrypted`.
    pub what: String,
    /// It lies in its slot already and was read again for a run: once it opens, the run goes on.
    pub is_for_run: bool,
}

impl Closed {
    /// What was to be read, where it was a passphrase that was missing.
    pub(super) fn of(error: &LoadError, offer: &Offer, target: Option<(Side, SetupSlot)>) -> Option<Self> {
        match error.reason {
            LoadReason::PassphraseNeeded | LoadReason::PassphraseWrong => Some(Self {
                offer: offer.clone(),
                target,
                what: error.what.clone(),
                is_for_run: false,
            }),
            LoadReason::Other | LoadReason::KeyKind | LoadReason::Foreign => None,
        }
    }

    /// What to call it.
    pub fn name(&self) -> String {
        self.offer
            .path()
            .map_or_else(|| "the pasted text".to_owned(), |path| file_name(path))
    }
}

/// The question for a passphrase.
#[derive(Debug)]
pub struct PassphraseDialog {
    /// What asks for it.
    pub closed: Closed,
    /// What stands in the field.
    pub typed: Passphrase,
    /// The letters are shown.
    pub is_shown: bool,
    /// What the last one that was tried does not open, in a sentence without a full stop.
    pub wrong: Option<String>,
    /// Those that were tried: a store may have one, and a key in it another.
    pub(in crate::state) tried: Passphrases,
    /// It is being tried: which request.
    pub(in crate::state) trying: Option<u64>,
}

impl PassphraseDialog {
    fn new(closed: Closed) -> Self {
        Self {
            closed,
            typed: Passphrase::default(),
            is_shown: false,
            wrong: None,
            tried: Passphrases::default(),
            trying: None,
        }
    }

    /// Whether a passphrase is being tried.
    pub fn is_trying(&self) -> bool {
        self.trying.is_some()
    }
}

/// What waits for a passphrase.
#[derive(Debug, Default)]
pub struct ClosedFiles {
    /// What is asked for now.
    pub asked: Option<PassphraseDialog>,
    /// What is asked for after it.
    waiting: VecDeque<Closed>,
}

impl ClosedFiles {
    /// How many more will be asked for.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

/// What the user can do in the question for a passphrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PassphraseCommand {
    /// What stands in the field.
    Type(Passphrase),
    /// Show the letters, or hide them.
    Show(bool),
    /// Open the file with what stands in the field.
    Open,
    /// Leave the file closed.
    Cancel,
}

#[cfg(test)]
mod tests;
