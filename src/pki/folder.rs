//! A folder, read whole: within bounds, each file once however many links lead to it, and nothing opened that may not end.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::load::read_file_with;
use super::loaded::{Bundle, LoadError, LoadReason, Origin};
use super::passphrase::Passphrases;

/// More files than a folder of certificates has.
const MOST_FILES: usize = 4096;
/// Folders within folders.
const DEEPEST: usize = 8;
/// All files together.
const MOST_BYTES: u64 = 128 * 1024 * 1024;

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Folder {
    /// All that was read, file by file in the order of their names. [`super::sorted`] tells what it is for.
    pub bundle: Bundle,
    /// What each file that was read was found to be.
    pub recognised: Vec<(PathBuf, String)>,
    /// Files that are nothing of ours, or are broken, with the sentence for each.
    pub leftovers: Vec<LoadError>,
    /// Files that ask for a passphrase, or for another one.
    pub closed: Vec<(PathBuf, LoadError)>,
    /// The bound that ended the reading before the last file, in words.
    pub stopped_by: Option<String>,
}

/// Reads every file in the folder and below it.
///
/// # Errors
/// The folder itself cannot be read.
pub fn read_folder(path: &Path, passphrases: &Passphrases) -> Result<Folder, LoadError> {
    let mut reading = Reading {
        passphrases,
        folder: Folder::default(),
        seen: HashSet::new(),
        files: 0,
        bytes: 0,
    };
    reading.seen.extend(std::fs::canonicalize(path));
    reading.folder(path, 0).map_err(|error| {
        let origin = Origin {
            file: Some(path.display().to_string()),
            within: None,
        };
        let (what, mend) = super::file::ReadError::Io(error).words();
        origin.error(None, what, mend)
    })?;
    Ok(reading.folder)
}

struct Reading<'a> {
    passphrases: &'a Passphrases,
    folder: Folder,
    /// Real paths: Kubernetes mounts every file behind two links, and links may lead in a circle.
    seen: HashSet<PathBuf>,
    files: usize,
    bytes: u64,
}

impl Reading<'_> {
    fn folder(&mut self, path: &Path, depth: usize) -> std::io::Result<()> {
        let mut entries = Vec::new();
        // One more than is read: the bound is noticed.
        for entry in std::fs::read_dir(path)?.take(2 * MOST_FILES) {
            entries.push(entry?.path());
        }
        entries.sort();
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) =
            entries.into_iter().partition(|path| path.is_dir());
        for file in files {
            if !self.may_go_on() {
                return Ok(());
            }
            self.file(&file);
        }
        for folder in folders {
            if !self.may_go_on() {
                return Ok(());
            }
            if depth >= DEEPEST {
                self.folder.stopped_by =
                    Some(format!("folders below the {DEEPEST}th level are not looked into"));
                continue;
            }
            if self.is_new(&folder) {
                // A folder below that may not be read leaves the others readable.
                let _ = self.folder(&folder, depth + 1);
            }
        }
        Ok(())
    }

    fn is_new(&mut self, path: &Path) -> bool {
        std::fs::canonicalize(path).is_ok_and(|real| self.seen.insert(real))
    }

    fn may_go_on(&mut self) -> bool {
        let stopped_by = if self.files >= MOST_FILES {
            format!("only the first {MOST_FILES} files were read")
        } else if self.bytes > MOST_BYTES {
            format!("only the first {} MB were read", MOST_BYTES / 1_000_000)
        } else {
            return true;
        };
        self.folder.stopped_by = Some(stopped_by);
        false
    }

    fn file(&mut self, path: &Path) {
        if !self.is_new(path) {
            return;
        }
        self.files += 1;
        self.bytes +=
            std::fs::metadata(path).map_or(0, |metadata| metadata.len().min(super::load::LARGEST_FILE_BYTES));
        match read_file_with(path, self.passphrases) {
            Ok(mut bundle) => {
                let recognised = bundle.recognised.drain(..).next().unwrap_or_default();
                self.folder.recognised.push((path.to_owned(), recognised));
                self.folder.bundle.add_file(bundle);
            }
            Err(error) => match error.reason {
                LoadReason::PassphraseNeeded | LoadReason::PassphraseWrong => {
                    self.folder.closed.push((path.to_owned(), error));
                }
                LoadReason::Other | LoadReason::KeyKind | LoadReason::Foreign => {
                    self.folder.leftovers.push(error)
                }
            },
        }
    }
}

#[cfg(test)]
mod tests;
