//! The record of what a learner did, kept in a file and read again.

use std::path::{Path, PathBuf};

use super::WorkshopJob;
use crate::lesson::Progress;
use crate::printable::printable;
use crate::state::answer;
use crate::state::effect::Effect;
use crate::state::features::Job;
use crate::state::lab::file_name;
use crate::state::notes::NoteKind;
use crate::state::purpose::PickPurpose;
use crate::state::root::State;

impl State {
    /// What was done in the pack at hand.
    pub fn progress(&self) -> Option<Progress> {
        let pack = self.workshop.pack.as_deref()?;
        let mut progress = self
            .workshop
            .progress
            .get(&pack.name)
            .cloned()
            .unwrap_or_else(|| Progress::of(&pack.name));
        progress.set_attendee(&self.workshop.attendee);
        Some(progress)
    }

    pub(super) fn set_attendee(&mut self, name: String) {
        self.workshop.attendee = name;
    }

    pub(super) fn ask_where_to_save_progress(&mut self) -> Vec<Effect> {
        let Some(progress) = self.progress() else {
            return Vec::new();
        };
        let who = progress.attendee.as_deref().unwrap_or("my");
        let name = answer::file_name_for(&format!("{who} progress {}", progress.pack));
        self.ask_for_file(PickPurpose::SaveProgress(name))
    }

    /// A place was chosen.
    pub(in crate::state) fn write_progress(&mut self, path: PathBuf) -> Vec<Effect> {
        let Some(progress) = self.progress() else {
            return Vec::new();
        };
        vec![Effect::Work(Job::Workshop(WorkshopJob::Save(
            path,
            Box::new(progress),
        )))]
    }

    pub(super) fn take_saved(&mut self, path: &Path, result: Result<(), String>) {
        match result {
            Ok(()) => {
                let words = format!("Your progress is in {}.", file_name(path));
                self.notes.add(NoteKind::Done, words);
            }
            Err(sentence) => self.notes.add(NoteKind::Trouble, sentence),
        }
    }

    /// It takes the place of what was noted of its pack.
    pub(super) fn take_progress(&mut self, result: Result<Box<Progress>, String>) {
        match result {
            Ok(progress) => {
                let here = self.workshop.pack.as_ref().map(|pack| pack.name.as_str());
                if here != Some(progress.pack.as_str()) {
                    let words = format!(
                        "This progress is of the pack “{}”: open that first.",
                        printable(&progress.pack)
                    );
                    self.notes.add(NoteKind::Trouble, words);
                    return;
                }
                self.workshop.attendee = progress.attendee.clone().unwrap_or_default();
                self.workshop.progress.insert(progress.pack.clone(), *progress);
                self.notes.add(NoteKind::Done, "Your progress is here again.");
            }
            Err(sentence) => self.notes.add(NoteKind::Trouble, sentence),
        }
    }
}
