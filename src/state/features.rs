//! The one list of features: what each can be told, what it has done on the worker, and what it makes of the answer.
//!
//! A feature is a file or a directory of this module. It owns its part of [`State`], its commands, its jobs and their
//! answers. A new one is its own files, and a line in each list here: the compiler names every line that is missing.

use super::documents::{DocumentCommand, DocumentDone, DocumentJob};
use super::effect::Effect;
use super::fetching::{FetchCommand, FetchDone, FetchJob};
use super::files::{FileCommand, FileDone, FileJob};
use super::folds::FoldCommand;
use super::lab::{LabCommand, LabDone, LabJob};
use super::packets::{PacketCommand, PacketDone, PacketJob};
use super::panels::PanelCommand;
use super::pasted::PastedCommand;
use super::repair::{RepairCommand, RepairDone, RepairJob};
use super::root::State;
use super::saving::{SavingCommand, SavingDone, SavingJob};
use super::settings::{SettingsCommand, SettingsJob};
use super::time::{TimeCommand, TimeDone, TimeJob};
use super::tools::Tools;
use super::view::ViewCommand;
use super::window::WindowCommand;

/// Every intent of the user. Panels send these; [`State`] alone acts on them.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The set-up and its runs.
    Lab(LabCommand),
    /// Proven fixes.
    Repair(RepairCommand),
    /// The time machine.
    Time(TimeCommand),
    /// What the network is asked for.
    Fetch(FetchCommand),
    /// Packet captures.
    Packets(PacketCommand),
    /// Open connections and sessions.
    Document(DocumentCommand),
    /// Saving, and what is asked before unsaved words are lost.
    Saving(SavingCommand),
    /// Requests for files.
    File(FileCommand),
    /// What is looked at, and the playhead.
    View(ViewCommand),
    /// The inspector's sections that fold.
    Fold(FoldCommand),
    /// The pasted error.
    Pasted(PastedCommand),
    /// What is remembered.
    Settings(SettingsCommand),
    /// The side panels.
    Panels(PanelCommand),
    /// What lies over the panels, the clipboard, the screen.
    Window(WindowCommand),
}

/// Something slow to do, on the worker.
#[derive(Debug)]
#[allow(missing_docs, reason = "the features of [`Command`]")]
pub enum Job {
    Lab(LabJob),
    Repair(RepairJob),
    Time(TimeJob),
    Fetch(FetchJob),
    Packets(PacketJob),
    Document(DocumentJob),
    Saving(SavingJob),
    File(FileJob),
    Settings(SettingsJob),
}

/// What the worker answers.
#[derive(Debug)]
#[allow(missing_docs, reason = "the features of [`Command`]")]
pub enum Done {
    Lab(LabDone),
    Repair(RepairDone),
    Time(TimeDone),
    Fetch(FetchDone),
    Packets(PacketDone),
    Document(DocumentDone),
    Saving(SavingDone),
    File(FileDone),
    /// Work that nobody waits for did not succeed: the sentence, if there is one to tell.
    Told(Option<String>),
}

impl State {
    /// Acts on one intent. What takes time, or needs the window, comes back as effects.
    pub fn apply(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::Lab(command) => self.apply_lab(command),
            Command::Repair(command) => self.apply_repair(&command),
            Command::Time(command) => self.apply_time(&command),
            Command::Fetch(command) => self.apply_fetch(command),
            Command::Packets(command) => self.apply_packets(command),
            Command::Document(command) => self.apply_document(command),
            Command::Saving(command) => self.apply_saving(command),
            Command::File(command) => self.apply_file(command),
            Command::View(command) => self.apply_view(command),
            Command::Fold(command) => {
                self.folds.apply(command);
                Vec::new()
            }
            Command::Pasted(command) => self.apply_pasted(command),
            Command::Settings(command) => self.apply_settings(command),
            Command::Panels(command) => self.apply_panels(&command),
            Command::Window(command) => self.apply_window(command),
        }
    }

    /// Takes over a result. What follows from it comes back as effects.
    pub fn absorb(&mut self, done: Done) -> Vec<Effect> {
        match done {
            Done::Lab(done) => self.absorb_lab(done),
            Done::Repair(done) => self.absorb_repair(done),
            Done::Time(done) => self.absorb_time(done),
            Done::Fetch(done) => self.absorb_fetch(done),
            Done::Packets(done) => self.absorb_packets(done),
            Done::Document(done) => self.absorb_document(done),
            Done::Saving(done) => self.absorb_saving(done),
            Done::File(done) => self.absorb_file(done),
            Done::Told(sentence) => self.tell_trouble(sentence),
        }
    }
}

/// Makes the answer of a job that could not be done, from the sentence that says why.
pub(super) type OnFailure = Box<dyn FnOnce(String) -> Done + Send>;

impl Job {
    /// Does it.
    pub(super) async fn run(self, tools: Tools) -> Done {
        match self {
            Self::Lab(job) => Done::Lab(job.run(&tools).await),
            Self::Repair(job) => Done::Repair(job.run(&tools).await),
            Self::Time(job) => Done::Time(job.run(&tools).await),
            Self::Fetch(job) => Done::Fetch(job.run(&tools).await),
            Self::Packets(job) => Done::Packets(job.run(&tools).await),
            Self::Document(job) => Done::Document(job.run(&tools).await),
            Self::Saving(job) => Done::Saving(job.run(&tools).await),
            Self::File(job) => Done::File(job.run(&tools).await),
            Self::Settings(job) => Done::Told(job.run(&tools).await),
        }
    }

    /// The answer where it cannot be done: each job is answered once, whatever happens.
    pub(super) fn on_failure(&self) -> OnFailure {
        match self {
            Self::Lab(job) => job.on_failure(),
            Self::Repair(job) => job.on_failure(),
            Self::Time(job) => job.on_failure(),
            Self::Fetch(job) => job.on_failure(),
            Self::Packets(job) => job.on_failure(),
            Self::Document(job) => job.on_failure(),
            Self::Saving(job) => job.on_failure(),
            Self::File(job) => job.on_failure(),
            Self::Settings(_) => Box::new(|sentence| Done::Told(Some(sentence))),
        }
    }

    /// The answer where it is not done at all.
    pub fn refused(&self, sentence: &str) -> Done {
        self.on_failure()(sentence.to_owned())
    }

    /// Whether it writes something of the user's: such jobs are done in their order, and before the program ends.
    pub(super) fn writes(&self) -> bool {
        matches!(self, Self::Settings(_) | Self::Saving(_))
    }
}
