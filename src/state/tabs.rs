//! The tabs: an open connection, the list of a packet capture, a comparison. Each is left and found again as it was.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::compare::CompareCommand;
use super::documents::Document;
use super::effect::Effect;
use super::packets::PacketCommand;
use super::root::{State, Tab};
use super::view::{InspectorTab, Look, Selection};
use super::workshop::lesson_of;
use super::{Command, DocumentCommand};
use crate::analysis::Analysis;

impl Document {
    /// Whether it is the handshake of a lesson.
    pub fn is_lesson(&self) -> bool {
        self.is_lab() && self.bench.as_deref().and_then(lesson_of).is_some()
    }

    /// Whether its tab was left before the end of its story: how it ends is not told yet.
    pub fn was_left_before_its_end(&self) -> bool {
        self.look.as_ref().is_some_and(|look| !look.is_at_end)
    }
}

impl State {
    /// Opens a document and puts it on the stage. The lab's last run gives way to the next, and so does a packet capture's
    /// last connection; a session opened twice is opened once.
    pub(super) fn show(&mut self, document: Document) {
        self.leave_tab();
        let index = self.place_of(&document).unwrap_or(self.documents.len());
        if index == self.documents.len() {
            self.documents.push(document);
        } else if let Some(place) = self.documents.get_mut(index) {
            *place = document;
        }
        self.active = None;
        self.enter(index);
    }

    /// The open document that gives way to this one.
    pub(super) fn place_of(&self, document: &Document) -> Option<usize> {
        let file = |document: &Document| document.connection.as_ref().map(|from| from.file.clone());
        self.documents.iter().position(|other| {
            if document.path.is_some() {
                other.path == document.path
            } else {
                other.path.is_none()
                    && file(other) == file(document)
                    && other.bench == document.bench
                    && other.trial == document.trial
            }
        })
    }

    /// Puts an open document on the stage, as it was left; the first time with the playhead at the end and Why open.
    pub(super) fn activate(&mut self, index: usize) {
        if index < self.documents.len() {
            self.leave_tab();
            self.enter(index);
        }
    }

    /// Puts the list of an open packet capture in the middle.
    pub(super) fn enter_list(&mut self, index: usize) {
        if index < self.packets.lists.len() && self.packets.open != Some(index) {
            self.leave_tab();
            self.compare.open = None;
            self.packets.open = Some(index);
        }
    }

    /// Puts a comparison in the middle.
    pub(super) fn enter_comparison(&mut self, index: usize) {
        if index < self.compare.all.len() && self.compare.open != Some(index) {
            self.leave_tab();
            self.packets.open = None;
            self.compare.open = Some(index);
        }
    }

    /// Puts the list of lessons in the middle.
    pub(super) fn enter_workshop(&mut self) {
        if self.workshop.is_open {
            return;
        }
        self.leave_tab();
        if self.playback.is_playing() {
            self.playback.toggle();
        }
        (self.packets.open, self.compare.open) = (None, None);
        self.saving.is_editing = false;
        self.workshop.is_open = true;
    }

    /// Whether how a document ends may be told: it was watched to its end.
    pub fn is_told(&self, index: usize) -> bool {
        let is_behind = self.workshop.is_open || self.packets.open.is_some() || self.compare.open.is_some();
        if self.active == Some(index) && !is_behind {
            return self.playback.is_at_end();
        }
        self.documents
            .get(index)
            .is_some_and(|document| !document.was_left_before_its_end())
    }

    /// Remembers where one is, and how it is looked at.
    fn leave_tab(&mut self) {
        if std::mem::take(&mut self.workshop.is_open) {
            // What stands behind it was left when it was opened.
            return;
        }
        if let Some(list) = self.list() {
            let here = Tab::List(list.path.clone());
            self.remember_tab(here);
            return;
        }
        if let Some(comparing) = self.comparison() {
            let here = Tab::Comparison(comparing.id);
            self.remember_tab(here);
            return;
        }
        let look = Look {
            position: self.playback.position(),
            is_at_end: self.playback.is_at_end(),
            selection: self.selection.clone(),
            tab: self.tab,
            open_rows: self.open_rows.clone(),
        };
        let Some(document) = self.active.and_then(|index| self.documents.get_mut(index)) else {
            return;
        };
        document.look = Some(look);
        let here = Tab::Document(Arc::downgrade(&document.analysis));
        self.remember_tab(here);
    }

    /// Each tab stands once in what was shown before.
    fn remember_tab(&mut self, here: Tab) {
        self.shown_before
            .retain(|one| !one.is_gone() && !one.is_same(&here));
        self.shown_before.push(here);
    }

    fn enter(&mut self, index: usize) {
        let Some(document) = self.documents.get_mut(index) else {
            return;
        };
        let look = document.look.take();
        if look.is_none() && self.active == Some(index) {
            // It stood behind a list or a comparison all the time.
            (self.packets.open, self.compare.open) = (None, None);
            self.workshop.is_open = false;
            return;
        }
        let steps = document.analysis.story.steps.len();
        let bench = document.is_lab().then(|| document.bench.clone());
        self.active = Some(index);
        (self.packets.open, self.compare.open) = (None, None);
        self.workshop.is_open = false;
        self.saving.is_editing = false;
        self.saving.edited_step = None;
        self.playback.at_end_of(steps);
        (self.selection, self.tab, self.open_rows) = match look {
            Some(look) => {
                if !look.is_at_end {
                    self.playback.seek(look.position);
                }
                (look.selection, look.tab, look.open_rows)
            }
            None => (Selection::Nothing, InspectorTab::Why, BTreeSet::new()),
        };
        if let Some(bench) = bench {
            self.go_to_bench(&bench);
        }
        self.settle_pasted();
    }

    /// Closes a document. Where it was on the stage, the tab that was shown before it comes back.
    pub(super) fn close(&mut self, index: usize) {
        if index >= self.documents.len() {
            return;
        }
        let closed = self.documents.remove(index);
        self.close_bench(&closed.bench);
        match self.active {
            Some(active) if active > index => self.active = Some(active - 1),
            Some(active) if active == index => {
                self.active = None;
                self.selection = Selection::Nothing;
                self.playback.at_end_of(0);
                let in_front = (self.packets.open, self.compare.open);
                let lessons = self.workshop.is_open;
                self.go_back(index);
                // It stood behind a list or a comparison, which stays.
                if in_front != (None, None) {
                    (self.packets.open, self.compare.open) = in_front;
                }
                self.workshop.is_open = lessons;
            }
            _ => {}
        }
    }

    /// Where the document is that shows this evidence.
    pub(super) fn document_of(&self, analysis: *const Analysis) -> Option<usize> {
        self.documents
            .iter()
            .position(|document| document.is_of(analysis))
    }

    /// To the tab that was shown before, or else to the neighbour of the document that stood at `index`.
    pub(super) fn go_back(&mut self, index: usize) {
        while let Some(before) = self.shown_before.pop() {
            match before {
                Tab::Document(analysis) => {
                    if let Some(index) = self.document_of(analysis.as_ptr()) {
                        self.enter(index);
                        return;
                    }
                }
                Tab::List(path) => {
                    let list = self.packets.lists.iter().position(|list| list.path == path);
                    if let Some(list) = list {
                        self.behind(index);
                        self.packets.open = Some(list);
                        return;
                    }
                }
                Tab::Comparison(id) => {
                    if let Some(comparison) = self.place_of_comparison(id) {
                        self.behind(index);
                        self.compare.open = Some(comparison);
                        return;
                    }
                }
            }
        }
        self.behind(index);
    }

    /// Something stands on the stage, if only behind a list.
    fn behind(&mut self, index: usize) {
        if self.active.is_none() && !self.documents.is_empty() {
            self.enter(index.saturating_sub(1).min(self.documents.len() - 1));
        }
    }

    /// Closes the tab that one is in; the user's own files have no other place and stay.
    pub(super) fn close_here(&mut self) -> Vec<Effect> {
        if self.workshop.is_open {
            return Vec::new();
        }
        if let Some(comparing) = self.comparison() {
            let close = CompareCommand::Close(comparing.id);
            return self.apply(Command::Compare(close));
        }
        let list = self.list().map(|list| list.path.clone());
        let from = self.document().and_then(|document| document.connection.as_ref());
        if let Some(path) = list.or_else(|| from.map(|from| from.file.clone())) {
            return self.apply(Command::Packets(PacketCommand::CloseList(path)));
        }
        let index = self
            .active
            .filter(|_| !self.document().is_some_and(Document::is_own));
        index.map_or_else(Vec::new, |index| {
            self.apply(Command::Document(DocumentCommand::CloseDocument(index)))
        })
    }
}
