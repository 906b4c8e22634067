//! What would lose words that are not saved is asked about first: closing the window, closing a tab, and opening a session
//! anew over it.

use std::sync::Arc;

use super::model::{Leave, LeaveAnswer, Leaving};
use crate::analysis::Analysis;
use crate::state::documents::Document;
use crate::state::effect::Effect;
use crate::state::root::State;

impl State {
    /// Whether the window would lose something by closing now.
    pub fn holds_unsaved_words(&self) -> bool {
        self.unsaved(&Leaving::Window, &[]).is_some()
    }

    /// What would be lost: its evidence and its title.
    fn unsaved(&self, to: &Leaving, discarded: &[Arc<Analysis>]) -> Option<(Arc<Analysis>, String)> {
        let is_touched = |document: &Document| match to {
            Leaving::Window => true,
            Leaving::Document(analysis) => document.is_of(analysis.as_ptr()),
            Leaving::List(path) => {
                document.path.is_none()
                    && document
                        .connection
                        .as_ref()
                        .is_some_and(|from| from.file == *path)
            }
            Leaving::Replace(path, ..) => document.path.as_ref() == Some(path),
        };
        let is_given_up = |analysis: &Arc<Analysis>| discarded.iter().any(|one| Arc::ptr_eq(one, analysis));
        let dialog = self.saving.dialog.as_ref().filter(|dialog| {
            matches!(to, Leaving::Window) && dialog.is_changed() && !is_given_up(&dialog.analysis)
        });
        if let Some(dialog) = dialog {
            return Some((Arc::clone(&dialog.analysis), dialog.title.clone()));
        }
        self.documents
            .iter()
            .find(|document| {
                is_touched(document) && document.has_unsaved_words() && !is_given_up(&document.analysis)
            })
            .map(|document| (Arc::clone(&document.analysis), document.title.clone()))
    }

    /// Does it, or asks first.
    pub(in crate::state) fn leave(&mut self, to: Leaving) -> Vec<Effect> {
        self.leave_unless(to, Vec::new())
    }

    fn leave_unless(&mut self, to: Leaving, discarded: Vec<Arc<Analysis>>) -> Vec<Effect> {
        let Some((about, title)) = self.unsaved(&to, &discarded) else {
            self.saving.leave = None;
            return self.left(to);
        };
        // What is being written is waited for, and not asked about.
        let is_writing = self
            .saving
            .dialog
            .as_ref()
            .is_some_and(|dialog| dialog.is_writing && dialog.is_of(&about));
        self.saving.leave = Some(Leave {
            title,
            is_asking: !is_writing,
            to,
            about,
            discarded,
        });
        Vec::new()
    }

    fn left(&mut self, to: Leaving) -> Vec<Effect> {
        match to {
            Leaving::Window => return vec![Effect::CloseWindow],
            Leaving::Document(analysis) => {
                if let Some(index) = self.document_of(analysis.as_ptr()) {
                    self.close(index);
                }
            }
            Leaving::List(path) => self.close_list(&path),
            Leaving::Replace(path, words, analysis) => return self.show_opened(path, words, analysis),
        }
        Vec::new()
    }

    pub(super) fn answer_leaving(&mut self, answer: LeaveAnswer) -> Vec<Effect> {
        let Some(leave) = self.saving.leave.as_mut().filter(|leave| leave.is_asking) else {
            return Vec::new();
        };
        match answer {
            LeaveAnswer::Save => {
                leave.is_asking = false;
                let about = Arc::clone(&leave.about);
                return self.save_to_leave(&about);
            }
            LeaveAnswer::Discard => {
                let mut leave = leave.clone();
                self.saving.dialog.take_if(|dialog| dialog.is_of(&leave.about));
                leave.discarded.push(leave.about);
                return self.leave_unless(leave.to, leave.discarded);
            }
            LeaveAnswer::GoOn => self.saving.leave = None,
        }
        Vec::new()
    }

    fn save_to_leave(&mut self, about: &Arc<Analysis>) -> Vec<Effect> {
        if !self
            .saving
            .dialog
            .as_ref()
            .is_some_and(|dialog| dialog.is_of(about))
        {
            let Some(index) = self.document_of(Arc::as_ptr(about)) else {
                return self.go_on_leaving();
            };
            self.open_dialog_of(index);
        }
        self.accept_saving()
    }

    /// Something was saved: what waited for it is done, or asks about the next.
    pub(super) fn go_on_leaving(&mut self) -> Vec<Effect> {
        let Some(leave) = self.saving.leave.take() else {
            return Vec::new();
        };
        match leave.to {
            // What was read is older than what was just written.
            Leaving::Replace(path, ..) => {
                let is_it = |document: &Document| document.path.as_ref() == Some(&path);
                if let Some(index) = self.documents.iter().position(is_it) {
                    self.activate(index);
                }
                Vec::new()
            }
            to => self.leave_unless(to, leave.discarded),
        }
    }
}
