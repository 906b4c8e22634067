//! The one list of features: what each can be told, what it has done on the worker, and what it makes of the answer.
//!
//! A feature is a file or a directory of this module. It owns its part of [`State`], its commands, its jobs and their
//! answers. A new one is its own files, and a line in each list here and in `dispatch`: the compiler names every line that is
//! missing.

mod dispatch;

use super::compare::{CompareCommand, CompareDone, CompareJob};
use super::documents::{DocumentCommand, DocumentDone, DocumentJob};
use super::export::{ExportCommand, ExportDone, ExportJob};
use super::fetching::{FetchCommand, FetchDone, FetchJob};
use super::files::{FileCommand, FileDone, FileJob};
use super::folds::FoldCommand;
use super::lab::{LabCommand, LabDone, LabJob};
use super::opinions::{OpinionCommand, OpinionDone, OpinionJob};
use super::packets::{PacketCommand, PacketDone, PacketJob};
use super::panels::PanelCommand;
use super::pasted::PastedCommand;
use super::repair::{RepairCommand, RepairDone, RepairJob};
use super::saving::{SavingCommand, SavingDone, SavingJob};
use super::settings::{SettingsCommand, SettingsJob};
use super::time::{TimeCommand, TimeDone, TimeJob};
use super::view::ViewCommand;
use super::window::WindowCommand;
use super::wire::WireCommand;
use super::workshop::{WorkshopCommand, WorkshopDone, WorkshopJob};

/// Every intent of the user. Panels send these; [`State`] alone acts on them.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The set-up and its runs.
    Lab(LabCommand),
    /// Proven fixes.
    Repair(RepairCommand),
    /// What other stacks say.
    Opinion(OpinionCommand),
    /// The time machine.
    Time(TimeCommand),
    /// What the network is asked for.
    Fetch(FetchCommand),
    /// Packet captures.
    Packets(PacketCommand),
    /// Two handshakes side by side.
    Compare(CompareCommand),
    /// Open connections and sessions.
    Document(DocumentCommand),
    /// Saving, and what is asked before unsaved words are lost.
    Saving(SavingCommand),
    /// What is given to others.
    Export(ExportCommand),
    /// Requests for files.
    File(FileCommand),
    /// What is looked at, and the playhead.
    View(ViewCommand),
    /// The bytes on the wire.
    Wire(WireCommand),
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
    /// Lessons.
    Workshop(WorkshopCommand),
}

/// Something slow to do, on the worker.
#[derive(Debug)]
#[allow(missing_docs, reason = "the features of [`Command`]")]
pub enum Job {
    Lab(LabJob),
    Repair(RepairJob),
    Opinion(OpinionJob),
    Time(TimeJob),
    Fetch(FetchJob),
    Packets(PacketJob),
    Compare(CompareJob),
    Document(DocumentJob),
    Saving(SavingJob),
    Export(ExportJob),
    File(FileJob),
    Settings(SettingsJob),
    Workshop(WorkshopJob),
}

/// What the worker answers.
#[derive(Debug)]
#[allow(missing_docs, reason = "the features of [`Command`]")]
pub enum Done {
    Lab(LabDone),
    Repair(RepairDone),
    Opinion(OpinionDone),
    Time(TimeDone),
    Fetch(FetchDone),
    Packets(PacketDone),
    Compare(CompareDone),
    Document(DocumentDone),
    Saving(SavingDone),
    Export(ExportDone),
    File(FileDone),
    Workshop(WorkshopDone),
    /// Work that nobody waits for did not succeed: the sentence, if there is one to tell.
    Told(Option<String>),
}

/// Makes the answer of a job that could not be done, from the sentence that says why.
pub(super) type OnFailure = Box<dyn FnOnce(String) -> Done + Send>;
