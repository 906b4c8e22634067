//! Requests for paths, in the system's dialog or in our own picker.

mod acts;

use std::path::PathBuf;

use super::lab::SetupSlot;
use super::picker::{Entry, Picker};
use super::purpose::PickPurpose;
use crate::cancel::Cancel;
use crate::capture::Side;

/// What the user can ask of files.
#[derive(Clone, Debug, PartialEq)]
pub enum FileCommand {
    /// Ask for a file for this slot (native picker, or our own where none answers).
    ChooseFile(Side, SetupSlot),
    /// Ask for files, whatever they are; they are sorted out by content.
    ChooseFiles,
    /// Ask for a revocation list or an OCSP response that this side is to judge by.
    ChooseLists(Side),
    /// Show our own picker instead of the system's dialog.
    UseOwnPicker,
    /// List this directory.
    PickerGoTo(PathBuf),
    /// Show only names that contain this.
    PickerFilter(String),
    /// What stands in the path field.
    PickerType(String),
    /// Take this file, or enter this directory.
    PickerTake(PathBuf),
    /// Takes, or goes to, what the path field names. What was typed just before counts, so it is looked at only here.
    PickerEnterPath,
    /// Takes the only entry that the filter leaves; nothing where it leaves several.
    PickerEnterFilter,
}

impl FileCommand {
    /// What choosing an entry means: a directory is gone to, a file is taken, or, where one is written, named.
    pub fn choose(picker: &Picker, entry: &Entry) -> Self {
        let path = entry.path.clone();
        if entry.is_directory {
            Self::PickerGoTo(path)
        } else if picker.purpose.is_save() {
            Self::PickerType(path.display().to_string())
        } else {
            Self::PickerTake(path)
        }
    }
}

/// What the worker does to find files.
#[derive(Debug)]
pub enum FileJob {
    /// List a directory for our own picker.
    ListDirectory(PathBuf),
    /// Ask the system's dialog for a path.
    AskSystem {
        /// Which request.
        ticket: u64,
        /// For what.
        purpose: PickPurpose,
        /// Where to begin.
        directory: Option<PathBuf>,
        /// Nobody waits for the dialog any more.
        cancel: Cancel,
    },
}

/// What the worker answers of files.
#[derive(Debug)]
pub enum FileDone {
    /// A directory was listed.
    Listed {
        /// The directory.
        directory: PathBuf,
        /// What is in it.
        entries: Result<Vec<Entry>, String>,
    },
    /// The system's dialog answered.
    SystemAnswered {
        /// Which request.
        ticket: u64,
        /// The path chosen; `None` for Cancel, and for a system without a dialog.
        path: Option<PathBuf>,
    },
}
