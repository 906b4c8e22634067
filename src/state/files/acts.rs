//! How a path is asked for, in the system's dialog or in our own picker.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{FileCommand, FileDone, FileJob};
use crate::cancel::Cancel;
use crate::state::dialogs::{Waiting, WithoutFile};
use crate::state::effect::Effect;
use crate::state::features::{Done, Job, OnFailure};
use crate::state::lab::{LabCommand, Offer};
use crate::state::picker::{self, Entry, Picker};
use crate::state::purpose::PickPurpose;
use crate::state::root::State;
use crate::state::system_dialog;
use crate::state::tools::Tools;
use crate::state::{Command, DocumentCommand, OpinionCommand, WorkshopCommand, WorkshopJob};

/// A None from the system's dialog within this time means that there is no dialog: nobody cancels so fast.
const NO_DIALOG_WITHIN: Duration = Duration::from_millis(150);

impl FileJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> FileDone {
        match self {
            Self::ListDirectory(directory) => {
                let work = move || FileDone::Listed {
                    entries: picker::list(&directory),
                    directory,
                };
                tools.off_thread(work).await
            }
            Self::AskSystem {
                ticket,
                purpose,
                directory,
                cancel,
            } => {
                // A portal may never answer: the request ends when nobody waits for it, and the thread is left behind.
                let path = tokio::select! {
                    path = system_dialog::ask(purpose, directory) => path,
                    () = cancel.cancelled() => None,
                };
                FileDone::SystemAnswered { ticket, path }
            }
        }
    }

    pub(in crate::state) fn on_failure(&self) -> OnFailure {
        match self {
            Self::ListDirectory(directory) => {
                let directory = directory.clone();
                Box::new(move |sentence| {
                    Done::File(FileDone::Listed {
                        directory,
                        entries: Err(sentence),
                    })
                })
            }
            Self::AskSystem { ticket, .. } => {
                let ticket = *ticket;
                Box::new(move |_| Done::File(FileDone::SystemAnswered { ticket, path: None }))
            }
        }
    }
}

impl State {
    pub(in crate::state) fn ask_for_file(&mut self, purpose: PickPurpose) -> Vec<Effect> {
        let (ticket, cancel) = (self.ticket(), Cancel::default());
        self.dialogs.picker = None;
        self.dialogs.without_file = None;
        self.stop_waiting_for_system();
        self.dialogs.waiting_for_system = Some(Waiting {
            purpose: purpose.clone(),
            since: Instant::now(),
            ticket,
            cancel: cancel.clone(),
        });
        vec![Effect::Work(Job::File(FileJob::AskSystem {
            ticket,
            purpose,
            directory: self.last_directory.clone(),
            cancel,
        }))]
    }

    /// What the system's dialog still answers is not looked at.
    pub(in crate::state) fn stop_waiting_for_system(&mut self) -> Option<Waiting> {
        let waiting = self.dialogs.waiting_for_system.take()?;
        waiting.cancel.cancel();
        Some(waiting)
    }

    /// Opens our own picker for what the system's dialog was asked for.
    fn open_own_picker(&mut self) -> Vec<Effect> {
        let waiting = self.stop_waiting_for_system().map(|waiting| waiting.purpose);
        let without = self.dialogs.without_file.take().map(|without| without.purpose);
        let Some(purpose) = waiting.or(without) else {
            return Vec::new();
        };
        let directory = self
            .last_directory
            .clone()
            .or_else(|| std::env::current_dir().ok())
            .unwrap_or_else(|| PathBuf::from("/"));
        self.dialogs.picker = Some(Picker::open(purpose, directory.clone()));
        vec![Effect::Work(Job::File(FileJob::ListDirectory(directory)))]
    }

    pub(in crate::state) fn apply_file(&mut self, command: FileCommand) -> Vec<Effect> {
        match command {
            FileCommand::ChooseFile(side, slot) => return self.ask_for_file(PickPurpose::Slot(side, slot)),
            FileCommand::ChooseFiles => return self.ask_for_file(PickPurpose::Material),
            FileCommand::ChooseLists(side) => return self.ask_for_file(PickPurpose::Lists(side)),
            FileCommand::UseOwnPicker => return self.open_own_picker(),
            _ => {}
        }
        let Some(picker) = &mut self.dialogs.picker else {
            return Vec::new();
        };
        match command {
            FileCommand::PickerGoTo(directory) => {
                picker.filter.clear();
                if let Some(name) = picker.purpose.proposed_name() {
                    picker.path_text = directory.join(name).display().to_string();
                } else {
                    picker.path_text.clear();
                }
                picker.asked_for.clone_from(&directory);
                return vec![Effect::Work(Job::File(FileJob::ListDirectory(directory)))];
            }
            FileCommand::PickerFilter(filter) => picker.filter = filter,
            FileCommand::PickerType(text) => picker.path_text = text,
            FileCommand::PickerTake(path) => return self.take_from_picker(path),
            FileCommand::PickerEnterPath => {
                let Some(path) = picker.typed_path() else {
                    return Vec::new();
                };
                let command = if picker.names_directory(&path) {
                    FileCommand::PickerGoTo(path)
                } else {
                    FileCommand::PickerTake(path)
                };
                return self.apply_file(command);
            }
            FileCommand::PickerEnterFilter => {
                let shown: Vec<&Entry> = picker.shown().take(2).collect();
                if let [only] = shown[..] {
                    let command = FileCommand::choose(picker, only);
                    return self.apply_file(command);
                }
            }
            FileCommand::ChooseFile(..)
            | FileCommand::ChooseFiles
            | FileCommand::ChooseLists(_)
            | FileCommand::UseOwnPicker => {}
        }
        Vec::new()
    }

    fn take_from_picker(&mut self, path: PathBuf) -> Vec<Effect> {
        match self.dialogs.picker.take() {
            Some(picker) => self.picked(&picker.purpose, path),
            None => Vec::new(),
        }
    }

    pub(in crate::state) fn absorb_file(&mut self, done: FileDone) -> Vec<Effect> {
        match done {
            FileDone::Listed { directory, entries } => {
                // A directory that was left meanwhile is not shown in another's place.
                let picker = self.dialogs.picker.as_mut();
                if let Some(picker) = picker.filter(|picker| picker.asked_for == directory) {
                    match entries {
                        Ok(entries) => {
                            picker.entries = entries;
                            picker.directory = directory;
                            picker.error = None;
                        }
                        Err(sentence) => picker.error = Some(sentence),
                    }
                }
                Vec::new()
            }
            FileDone::SystemAnswered { ticket, path } => self.take_path(ticket, path),
        }
    }

    fn take_path(&mut self, ticket: u64, path: Option<PathBuf>) -> Vec<Effect> {
        let waiting = self.dialogs.waiting_for_system.as_ref();
        let Some(waiting) = waiting.filter(|waiting| waiting.ticket == ticket) else {
            return Vec::new();
        };
        let purpose: PickPurpose = waiting.purpose.clone();
        match path {
            Some(path) => {
                self.dialogs.waiting_for_system = None;
                self.picked(&purpose, path)
            }
            None if waiting.since.elapsed() < NO_DIALOG_WITHIN => self.open_own_picker(),
            // Cancel and a dialog that failed late look alike: neither is silent, and neither is a dead end.
            None => {
                self.dialogs.waiting_for_system = None;
                self.dialogs.without_file = Some(WithoutFile {
                    purpose,
                    since: Instant::now(),
                });
                Vec::new()
            }
        }
    }

    /// A path was chosen, in whichever dialog.
    fn picked(&mut self, purpose: &PickPurpose, path: PathBuf) -> Vec<Effect> {
        // Where programs lie nobody keeps certificates.
        if !matches!(purpose, PickPurpose::Program(_)) {
            self.last_directory = path.parent().map(Path::to_path_buf);
        }
        match purpose {
            PickPurpose::Slot(side, slot) => {
                self.apply(Command::Lab(LabCommand::LoadIntoSlot(*side, *slot, path)))
            }
            PickPurpose::Lists(side) => self.read(vec![Offer::Lists(*side, path)], None),
            PickPurpose::Material => self.apply(Command::Lab(LabCommand::LoadDropped(vec![path], None))),
            PickPurpose::OpenSession => self.apply(Command::Document(DocumentCommand::OpenSessionFile(path))),
            PickPurpose::Compare(id, which) => self.take_file(*id, *which, path),
            PickPurpose::KeyLog(capture) => self.open_packets(capture.clone(), Some(path)),
            PickPurpose::Program(stack) => {
                self.apply(Command::Opinion(OpinionCommand::UseProgram(*stack, Some(path))))
            }
            PickPurpose::Pack => self.apply(Command::Workshop(WorkshopCommand::OpenPack(path))),
            PickPurpose::LoadProgress => vec![Effect::Work(Job::Workshop(WorkshopJob::Load(path)))],
            PickPurpose::SaveProgress(_) => self.write_progress(path),
            PickPurpose::SaveSession(_) => self.write_to(&path),
            PickPurpose::Export(format, _) => self.export_to(*format, &path),
        }
    }
}
