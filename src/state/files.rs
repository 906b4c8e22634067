//! Asking for paths, in the system's dialog or in ours, and saving.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::dialogs::{PickPurpose, Waiting};
use super::effect::Effect;
use super::job::{Job, Offer};
use super::notes::NoteKind;
use super::picker::Picker;
use super::root::State;
use super::{Command, answer};

impl State {
    pub(super) fn ask_for_file(&mut self, purpose: PickPurpose) -> Vec<Effect> {
        let ticket = self.ticket();
        self.dialogs.picker = None;
        self.dialogs.waiting_for_system = Some(Waiting {
            purpose: purpose.clone(),
            since: Instant::now(),
            ticket,
        });
        vec![Effect::Work(Job::AskSystem {
            ticket,
            purpose,
            directory: self.last_directory.clone(),
        })]
    }

    /// Opens our own picker for what the system's dialog was asked for.
    pub(super) fn open_own_picker(&mut self) -> Vec<Effect> {
        let Some(waiting) = self.dialogs.waiting_for_system.take() else {
            return Vec::new();
        };
        let directory = self
            .last_directory
            .clone()
            .or_else(|| std::env::current_dir().ok())
            .unwrap_or_else(|| PathBuf::from("/"));
        self.dialogs.picker = Some(Picker::open(waiting.purpose, directory.clone()));
        vec![Effect::Work(Job::ListDirectory(directory))]
    }

    pub(super) fn apply_to_picker(&mut self, command: Command) -> Vec<Effect> {
        if command == Command::UseOwnPicker {
            return self.open_own_picker();
        }
        let Some(picker) = &mut self.dialogs.picker else {
            return Vec::new();
        };
        match command {
            Command::PickerGoTo(directory) => {
                picker.filter.clear();
                if let PickPurpose::SaveSession(name) = &picker.purpose {
                    picker.path_text = directory.join(name).display().to_string();
                } else {
                    picker.path_text.clear();
                }
                return vec![Effect::Work(Job::ListDirectory(directory))];
            }
            Command::PickerFilter(filter) => picker.filter = filter,
            Command::PickerType(text) => picker.path_text = text,
            Command::PickerTake(path) => {
                let purpose = picker.purpose.clone();
                self.dialogs.picker = None;
                return self.picked(&purpose, path);
            }
            _ => {}
        }
        Vec::new()
    }

    /// A path was chosen, in whichever dialog.
    pub(super) fn picked(&mut self, purpose: &PickPurpose, path: PathBuf) -> Vec<Effect> {
        self.last_directory = path.parent().map(Path::to_path_buf);
        match purpose {
            PickPurpose::Slot(side, slot) => self.apply(Command::LoadIntoSlot(*side, *slot, path)),
            PickPurpose::Lists(side) => self.read(vec![Offer::Lists(*side, path)], None),
            PickPurpose::Material => self.apply(Command::LoadDropped(vec![path], None)),
            PickPurpose::OpenSession => self.apply(Command::OpenSessionFile(path)),
            PickPurpose::KeyLog(capture) => self.open_packets(capture.clone(), Some(path)),
            PickPurpose::SaveSession(_) => self.apply(Command::SaveSessionTo(path)),
        }
    }

    pub(super) fn save(&mut self) -> Vec<Effect> {
        let Some(document) = self.document() else {
            self.notes.add(
                NoteKind::Told,
                "There is nothing to save yet: run a handshake first.",
            );
            return Vec::new();
        };
        if let Some(path) = document.path.clone() {
            return self.save_to(path);
        }
        let name = answer::file_name_for(&document.title);
        self.ask_for_file(PickPurpose::SaveSession(name))
    }

    pub(super) fn save_to(&mut self, path: PathBuf) -> Vec<Effect> {
        let Some(document) = self.document() else {
            return Vec::new();
        };
        let path = if path.extension().is_none() {
            path.with_extension("ron")
        } else {
            path
        };
        vec![Effect::Work(Job::SaveSession {
            path,
            title: document.title.clone(),
            notes: document.notes.clone(),
            analysis: document.analysis.clone(),
        })]
    }
}
