//! The dialog of saving: title, notes, with or without the secrets; then a place.

use std::path::Path;
use std::sync::Arc;

use super::model::{
    Leaving, MOST_NOTES, MOST_TITLE, SaveDialog, SavingCommand, SavingDone, SavingJob, Words, are_short,
    at_most, editable,
};
use crate::state::answer;
use crate::state::documents::Document;
use crate::state::effect::Effect;
use crate::state::features::Job;
use crate::state::lab::{file_name, title_of};
use crate::state::notes::NoteKind;
use crate::state::purpose::PickPurpose;
use crate::state::root::State;

/// `orders-asks-payments.ron`, for the picker.
fn name_for(dialog: &SaveDialog) -> String {
    let title = if dialog.leaves_secrets_out {
        format!("{} without secrets", dialog.title)
    } else {
        dialog.title.clone()
    };
    answer::file_name_for(&title)
}

impl State {
    pub(in crate::state) fn apply_saving(&mut self, command: SavingCommand) -> Vec<Effect> {
        match command {
            SavingCommand::Ask => self.ask_how_to_save(),
            SavingCommand::Accept => return self.accept_saving(),
            SavingCommand::ChoosePlace => return self.choose_place(),
            SavingCommand::WriteTo(path) => return self.write_to(&path),
            SavingCommand::Cancel => self.cancel_saving(),
            SavingCommand::CloseWindow => return self.leave(Leaving::Window),
            SavingCommand::Answer(answer) => return self.answer_leaving(answer),
            SavingCommand::SetTitle(title) => {
                self.in_dialog(|dialog| dialog.title = at_most(title, MOST_TITLE))
            }
            SavingCommand::SetNotes(notes) => self.in_dialog(|dialog| {
                if dialog.can_edit_notes {
                    dialog.notes = at_most(notes, MOST_NOTES);
                }
            }),
            SavingCommand::LeaveSecretsOut(leaves_out) => {
                self.in_dialog(|dialog| dialog.leaves_secrets_out = leaves_out && dialog.has_secrets());
            }
            SavingCommand::Edit(is_editing) => self.edit_words(is_editing),
            SavingCommand::Retitle(title) => {
                self.on_session(|document| document.title = at_most(title, MOST_TITLE))
            }
            SavingCommand::Annotate(notes) => self.on_session(|document| {
                if are_short(&document.notes) {
                    document.notes = at_most(notes, MOST_NOTES);
                }
            }),
            SavingCommand::EditStep(step) => {
                let is_session = self.document().is_some_and(|document| document.path.is_some());
                self.saving.edited_step = step.filter(|_| is_session);
            }
            SavingCommand::AnnotateStep(step, words) => self.on_session(|document| {
                if step < document.analysis.story.steps.len() {
                    document.step_notes.set(step, &words);
                }
            }),
        }
        Vec::new()
    }

    fn in_dialog(&mut self, change: impl FnOnce(&mut SaveDialog)) {
        if let Some(dialog) = self.saving.dialog.as_mut().filter(|dialog| !dialog.is_writing) {
            change(dialog);
        }
    }

    fn on_session(&mut self, change: impl FnOnce(&mut Document)) {
        let document = self.active.and_then(|index| self.documents.get_mut(index));
        if let Some(document) = document.filter(|document| document.path.is_some()) {
            change(document);
        }
    }

    fn edit_words(&mut self, is_editing: bool) {
        if is_editing {
            self.on_session(|document| {
                let was_saved = !document.has_unsaved_words();
                let words = editable(document.words());
                (document.title, document.notes) = (words.title, words.notes);
                if was_saved {
                    document.words_are_saved();
                }
            });
        }
        self.saving.is_editing =
            is_editing && self.document().is_some_and(|document| document.path.is_some());
    }

    pub(super) fn ask_how_to_save(&mut self) {
        if self.list().is_some() || self.comparison().is_some() {
            self.notes.add(
                NoteKind::Told,
                "Open one of the connections: that is what can be saved.",
            );
            return;
        }
        let Some(index) = self.active else {
            self.notes.add(
                NoteKind::Told,
                "There is nothing to save yet: run a handshake first.",
            );
            return;
        };
        self.open_dialog_of(index);
    }

    pub(super) fn open_dialog_of(&mut self, index: usize) {
        if let Some(document) = self.documents.get(index) {
            // The title of a scenario often says how it ends, which is not told before the end.
            let title = if document.bench.is_some() && !self.is_told(index) {
                title_of(&document.analysis)
            } else {
                document.title.clone()
            };
            let words = editable(Words {
                title,
                ..document.words()
            });
            let dialog = SaveDialog::new(words, document.path.clone(), Arc::clone(&document.analysis));
            self.saving.dialog = Some(dialog);
            self.saving.is_editing = false;
        }
    }

    pub(super) fn accept_saving(&mut self) -> Vec<Effect> {
        match self.saving.dialog.as_ref().and_then(SaveDialog::own_file) {
            Some(path) => {
                let path = path.to_owned();
                self.write_to(&path)
            }
            None => self.choose_place(),
        }
    }

    fn choose_place(&mut self) -> Vec<Effect> {
        match self.saving.dialog.as_ref().filter(|dialog| !dialog.is_writing) {
            Some(dialog) => self.ask_for_file(PickPurpose::SaveSession(name_for(dialog))),
            None => Vec::new(),
        }
    }

    /// Writes what the dialog holds; without a dialog, what is on the stage.
    pub(in crate::state) fn write_to(&mut self, path: &Path) -> Vec<Effect> {
        if self.saving.dialog.is_none() {
            self.ask_how_to_save();
        }
        let Some(dialog) = self.saving.dialog.as_mut().filter(|dialog| !dialog.is_writing) else {
            return Vec::new();
        };
        let path = if path.extension().is_none() {
            path.with_extension("ron")
        } else {
            path.to_path_buf()
        };
        dialog.is_writing = true;
        dialog.error = None;
        vec![Effect::Work(Job::Saving(SavingJob {
            path,
            words: Words {
                title: dialog.title.clone(),
                notes: dialog.notes.clone(),
                step_notes: dialog.step_notes.clone(),
            },
            leaves_secrets_out: dialog.leaves_secrets_out,
            analysis: Arc::clone(&dialog.analysis),
        }))]
    }

    /// What is being written is written all the same, and what comes of it is told.
    pub(in crate::state) fn cancel_saving(&mut self) {
        self.saving.dialog = None;
        self.saving.leave = None;
    }

    pub(in crate::state) fn absorb_saving(&mut self, done: SavingDone) -> Vec<Effect> {
        let SavingDone { job, result } = done;
        let of_dialog = self
            .saving
            .dialog
            .as_mut()
            .filter(|dialog| dialog.is_writing && dialog.is_of(&job.analysis));
        if let Err(sentence) = result {
            match of_dialog {
                Some(dialog) => {
                    dialog.is_writing = false;
                    dialog.error = Some(sentence);
                }
                None => self.notes.add(NoteKind::Trouble, sentence),
            }
            return Vec::new();
        }
        let was_asked_here = of_dialog.is_some();
        if was_asked_here {
            self.saving.dialog = None;
        }
        let name = file_name(&job.path);
        let words = if job.leaves_secrets_out {
            format!("Saved a copy without the secrets as {name}.")
        } else {
            format!("Saved as {name}.")
        };
        self.notes.add(NoteKind::Done, words);
        if let Some(index) = self.document_of(Arc::as_ptr(&job.analysis))
            && let Some(document) = self.documents.get_mut(index)
        {
            document.take_saved(&job);
        }
        let mut effects = self.add_recent(job.path);
        if was_asked_here {
            effects.extend(self.go_on_leaving());
        }
        effects
    }
}

impl Document {
    /// It was written. A copy without secrets does not become its file, and what its file lacks is still unsaved.
    fn take_saved(&mut self, job: &SavingJob) {
        let is_only_a_copy = job.leaves_secrets_out && self.path.is_some();
        self.title.clone_from(&job.words.title);
        self.notes.clone_from(&job.words.notes);
        if !job.leaves_secrets_out {
            self.path = Some(job.path.clone());
        }
        if !is_only_a_copy {
            self.words_are_saved();
            // A step may have got its note while the rest was written.
            self.saved_words.step_notes.clone_from(&job.words.step_notes);
        }
    }
}
