//! Passphrases of the files in the set-up, in memory alone, and reading with them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::closed::Closed;
use super::offer::Offer;
use super::slot::SetupSlot;
use crate::capture::Side;
use crate::pki::{self, Bundle, LoadError, Passphrases};

/// What opens the files in the set-up.
#[derive(Clone, Debug, Default)]
pub struct KnownPassphrases {
    /// Of the command line: tried on every file.
    given: Passphrases,
    /// Of each file that asked for one.
    of_files: BTreeMap<PathBuf, Passphrases>,
}

impl KnownPassphrases {
    /// Those that the window was started with.
    pub fn given(given: Passphrases) -> Self {
        Self {
            given,
            of_files: BTreeMap::new(),
        }
    }

    /// These open this file.
    pub(super) fn learn(&mut self, path: &Path, passphrases: Passphrases) {
        self.of_files.insert(path.to_owned(), passphrases);
    }

    /// Wipes those of all other files.
    pub(super) fn keep_only(&mut self, is_needed: impl Fn(&Path) -> bool) {
        self.of_files.retain(|path, _| is_needed(path));
    }

    /// What is tried on this file.
    pub(super) fn of(&self, path: Option<&PathBuf>) -> Passphrases {
        let own = path.and_then(|path| self.of_files.get(path));
        let mut all = own.cloned().unwrap_or_default();
        all.extend(self.given.all());
        all
    }

    /// What is tried on the files of a folder.
    pub(super) fn all(&self) -> Passphrases {
        let mut all = self.given.clone();
        all.extend(self.of_files.values().flat_map(Passphrases::all));
        all
    }
}

/// Reads the files of a set-up again, each once: making a key of a passphrase is slow.
pub(super) struct Rereading<'a> {
    known: &'a KnownPassphrases,
    read: BTreeMap<PathBuf, Result<Bundle, LoadError>>,
}

impl<'a> Rereading<'a> {
    pub(super) fn new(known: &'a KnownPassphrases) -> Self {
        Self {
            known,
            read: BTreeMap::new(),
        }
    }

    pub(super) fn file(&mut self, path: &Path) -> Result<&Bundle, Unread> {
        let known = self.known;
        let read = self
            .read
            .entry(path.to_owned())
            .or_insert_with(|| pki::read_file_with(path, &known.of(Some(&path.to_owned()))));
        read.as_ref().map_err(|error| Unread {
            sentence: error.to_string(),
            closed: Closed::of(error, &Offer::File(path.to_owned()), None).map(|closed| Closed {
                is_for_run: true,
                ..closed
            }),
        })
    }
}

/// Why a file of the set-up could not be read again.
#[derive(Debug)]
pub(super) struct Unread {
    pub sentence: String,
    pub closed: Option<Closed>,
}

impl From<String> for Unread {
    fn from(sentence: String) -> Self {
        Self {
            sentence,
            closed: None,
        }
    }
}

impl Unread {
    /// With the slot that it was in.
    pub(super) fn at(self, side: Side, slot: SetupSlot) -> Refused {
        Refused {
            side,
            slot,
            sentence: self.sentence,
            closed: self.closed,
        }
    }
}

/// A slot whose file could be read before and cannot be now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Whose.
    pub side: Side,
    /// Which.
    pub slot: SetupSlot,
    /// Why, with the mend.
    pub sentence: String,
    /// It asks for a passphrase that is not known.
    pub closed: Option<Closed>,
}
