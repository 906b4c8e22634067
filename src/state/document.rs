//! What is on the stage: one connection with its title, and where it is saved.

use std::path::PathBuf;
use std::sync::Arc;

use super::root::State;
use super::{InspectorTab, Selection};
use crate::analysis::Analysis;

/// One connection that is open: a run of the lab, a scenario, or a session from a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it is called on screen.
    pub title: String,
    /// What to look for, or what the user noted.
    pub notes: String,
    /// Where it is saved; `None` if it never was.
    pub path: Option<PathBuf>,
    /// Which connection of which packet capture; `None` for a run of the lab and for a session.
    pub connection: Option<Connection>,
    /// It proves a fix: a run that was tried, not the lab's own.
    pub is_proof: bool,
    /// The evidence and all that follows from it.
    pub analysis: Arc<Analysis>,
    /// Whether it differs from what is saved.
    pub is_dirty: bool,
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
    /// The lab's own run: not read from any file.
    pub fn is_lab(&self) -> bool {
        self.path.is_none() && self.connection.is_none() && !self.is_proof
    }
}

impl State {
    /// Opens a document and puts it on the stage. The lab's last run gives way to the next, and so does a packet capture's
    /// last connection; a session opened twice is opened once.
    pub(super) fn show(&mut self, document: Document) {
        let file = |document: &Document| document.connection.as_ref().map(|from| from.file.clone());
        let same = |other: &Document| {
            if document.path.is_some() {
                other.path == document.path
            } else {
                other.path.is_none() && file(other) == file(&document) && other.is_proof == document.is_proof
            }
        };
        let index = self.documents.iter().position(same);
        let index = index.unwrap_or(self.documents.len());
        if index == self.documents.len() {
            self.documents.push(document);
        } else if let Some(place) = self.documents.get_mut(index) {
            *place = document;
        }
        self.activate(index);
    }

    /// Puts an open document on the stage: the playhead at the end, Why open.
    pub(super) fn activate(&mut self, index: usize) {
        let Some(document) = self.documents.get(index) else {
            return;
        };
        self.playback.at_end_of(document.analysis.story.steps.len());
        self.active = Some(index);
        self.open_list = None;
        self.selection = Selection::Nothing;
        self.tab = InspectorTab::Why;
        self.open_rows.clear();
        self.settle_pasted();
    }

    /// Closes a document; its neighbour takes the stage.
    pub(super) fn close(&mut self, index: usize) {
        if index >= self.documents.len() {
            return;
        }
        self.documents.remove(index);
        match self.active {
            Some(active) if active > index => self.active = Some(active - 1),
            Some(active) if active == index => {
                self.active = None;
                self.selection = Selection::Nothing;
                self.playback.at_end_of(0);
                if !self.documents.is_empty() {
                    self.activate(index.saturating_sub(1));
                }
            }
            _ => {}
        }
    }
}
