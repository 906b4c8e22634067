//! What is on the stage: one connection with its title, and where it is saved. Sessions are opened here.

mod acts;

use std::path::PathBuf;
use std::sync::Arc;

use super::lab::{Bench, file_name};
use super::saving::{MOST_TITLE, Words};
use super::view::Look;
use crate::analysis::Analysis;
use crate::printable::shortened;
use crate::session::StepNotes;

/// What the user can ask of open connections.
#[derive(Clone, Debug, PartialEq)]
pub enum DocumentCommand {
    /// Ask for a session to open.
    OpenSession,
    /// Open this session.
    OpenSessionFile(PathBuf),
    /// Put this open connection on the stage.
    ShowDocument(usize),
    /// Put the lab's last run on the stage, or run it.
    ShowLab,
    /// Close this open connection.
    CloseDocument(usize),
    /// Close the tab that one is in; the user's own files have no other place and stay.
    CloseHere,
    /// Put the whole answer on the clipboard as text.
    CopyAnswer,
}

/// What the worker does: it reads sessions.
#[derive(Debug)]
pub enum DocumentJob {
    /// Read a session and analyse it.
    OpenSession(PathBuf),
}

/// What the worker answers of sessions.
#[derive(Debug)]
pub enum DocumentDone {
    /// A session was read.
    Opened {
        /// Its file.
        path: PathBuf,
        /// Title, notes, and all that follows from the evidence.
        session: Result<Box<Opened>, String>,
    },
    /// What was to be opened as a session is a packet capture.
    IsPackets(PathBuf),
}

/// A session that was read.
#[derive(Debug)]
pub struct Opened {
    /// Its title.
    pub title: String,
    /// Its notes.
    pub notes: String,
    /// Its notes on single steps.
    pub step_notes: StepNotes,
    /// The evidence and all that follows.
    pub analysis: Arc<Analysis>,
}

/// One connection that is open: a run of the lab, a scenario, or a session from a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it is called on screen.
    pub title: String,
    /// What to look for, or what the user noted.
    pub notes: String,
    /// What the user noted on single steps.
    pub step_notes: StepNotes,
    /// Where it is saved; `None` if it never was.
    pub path: Option<PathBuf>,
    /// Which connection of which packet capture; `None` for a run of the lab and for a session.
    pub connection: Option<Connection>,
    /// Which of the lab's tabs it was run in; of anything else `None`.
    pub bench: Bench,
    /// A run that was tried, not the lab's own; and for what.
    pub trial: Option<Trial>,
    /// The evidence and all that follows from it.
    pub analysis: Arc<Analysis>,
    /// Title and notes as they were read or saved.
    pub(super) saved_words: Words,
    /// How it was looked at when its tab was left.
    pub(super) look: Option<Look>,
}

/// What a run was tried for. Each kind has a tab of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// It proves a fix.
    Fix,
    /// It is another stack's opinion.
    Opinion,
    /// It proves what all stacks accept.
    Agreement,
    /// It is one of two that are compared, and its own tab is closed.
    Compared,
}

/// Where in a packet capture a connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The packet capture.
    pub file: PathBuf,
    /// Index into the survey's rows.
    pub row: usize,
}

impl Document {
    /// Whether this evidence, and no other that is equal to it, is what it shows.
    pub(super) fn is_of(&self, analysis: *const Analysis) -> bool {
        std::ptr::eq(Arc::as_ptr(&self.analysis), analysis)
    }

    /// A connection that no file holds, and that nothing more is known of.
    pub fn new(title: String, notes: String, analysis: Arc<Analysis>) -> Self {
        let saved_words = Words {
            title: title.clone(),
            notes: notes.clone(),
            step_notes: StepNotes::default(),
        };
        Self {
            title,
            notes,
            step_notes: StepNotes::default(),
            path: None,
            connection: None,
            bench: None,
            trial: None,
            analysis,
            saved_words,
            look: None,
        }
    }

    /// A session that was read from this file, with all that its author wrote into it. One from the command line may have no
    /// title of its own.
    pub(super) fn of_session(path: PathBuf, words: Words, analysis: Arc<Analysis>) -> Self {
        let title = if words.title.is_empty() {
            file_name(&path.with_extension(""))
        } else {
            shortened(&words.title, MOST_TITLE).into_owned()
        };
        Self {
            path: Some(path),
            ..Self::new(title, words.notes, analysis).with_step_notes(words.step_notes)
        }
    }

    /// Whether title or notes were changed since they were read or saved. A run that nobody saved has none: it is run again.
    pub fn has_unsaved_words(&self) -> bool {
        self.title != self.saved_words.title
            || self.notes != self.saved_words.notes
            || self.step_notes != self.saved_words.step_notes
    }

    /// Its title and notes are in a file now.
    pub(super) fn words_are_saved(&mut self) {
        self.saved_words = self.words();
    }

    /// What the user wrote on it.
    pub(super) fn words(&self) -> Words {
        Words {
            title: self.title.clone(),
            notes: self.notes.clone(),
            step_notes: self.step_notes.clone(),
        }
    }

    /// The same with these notes on its steps, which are saved.
    pub(super) fn with_step_notes(mut self, step_notes: StepNotes) -> Self {
        self.step_notes = step_notes;
        self.words_are_saved();
        self
    }

    /// The lab's own run: not read from any file.
    pub fn is_lab(&self) -> bool {
        self.path.is_none() && self.connection.is_none() && self.trial.is_none()
    }

    /// The last run of the user's own files.
    pub fn is_own(&self) -> bool {
        self.is_lab() && self.bench.is_none()
    }
}
