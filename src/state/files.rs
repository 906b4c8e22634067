//! Requests for paths, in the system's dialog or in our own picker.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::dialogs::Waiting;
use super::effect::Effect;
use super::features::{Done, Job, OnFailure};
use super::lab::{LabCommand, Offer, SetupSlot};
use super::picker::{self, Entry, Picker};
use super::purpose::PickPurpose;
use super::root::State;
use super::system_dialog;
use super::tools::Tools;
use super::{Command, DocumentCommand};
use crate::cancel::Cancel;
use crate::capture::Side;

/// A None from the system's dialog within this time means that there is no dialog: nobody cancels so fast.
const NO_DIALOG_WITHIN: Duration = Duration::from_millis(150);

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

impl FileJob {
    pub(super) async fn run(self, tools: &Tools) -> FileDone {
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

    pub(super) fn on_failure(&self) -> OnFailure {
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
    pub(super) fn ask_for_file(&mut self, purpose: PickPurpose) -> Vec<Effect> {
        let (ticket, cancel) = (self.ticket(), Cancel::default());
        self.dialogs.picker = None;
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
    pub(super) fn stop_waiting_for_system(&mut self) -> Option<Waiting> {
        let waiting = self.dialogs.waiting_for_system.take()?;
        waiting.cancel.cancel();
        Some(waiting)
    }

    /// Opens our own picker for what the system's dialog was asked for.
    fn open_own_picker(&mut self) -> Vec<Effect> {
        let Some(waiting) = self.stop_waiting_for_system() else {
            return Vec::new();
        };
        let directory = self
            .last_directory
            .clone()
            .or_else(|| std::env::current_dir().ok())
            .unwrap_or_else(|| PathBuf::from("/"));
        self.dialogs.picker = Some(Picker::open(waiting.purpose, directory.clone()));
        vec![Effect::Work(Job::File(FileJob::ListDirectory(directory)))]
    }

    pub(super) fn apply_file(&mut self, command: FileCommand) -> Vec<Effect> {
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
                if let PickPurpose::SaveSession(name) = &picker.purpose {
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

    pub(super) fn absorb_file(&mut self, done: FileDone) -> Vec<Effect> {
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
            None => {
                self.dialogs.waiting_for_system = None;
                Vec::new()
            }
        }
    }

    /// A path was chosen, in whichever dialog.
    fn picked(&mut self, purpose: &PickPurpose, path: PathBuf) -> Vec<Effect> {
        self.last_directory = path.parent().map(Path::to_path_buf);
        match purpose {
            PickPurpose::Slot(side, slot) => {
                self.apply(Command::Lab(LabCommand::LoadIntoSlot(*side, *slot, path)))
            }
            PickPurpose::Lists(side) => self.read(vec![Offer::Lists(*side, path)], None),
            PickPurpose::Material => self.apply(Command::Lab(LabCommand::LoadDropped(vec![path], None))),
            PickPurpose::OpenSession => self.apply(Command::Document(DocumentCommand::OpenSessionFile(path))),
            PickPurpose::KeyLog(capture) => self.open_packets(capture.clone(), Some(path)),
            PickPurpose::SaveSession(_) => self.write_to(&path),
        }
    }
}
