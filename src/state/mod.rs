//! What the user is doing. Knows nothing of egui: panels read `&State` and send [`Command`]s.
//!
//! Each feature is a file or a directory: it owns its part of the state, its commands, its jobs and what a finished job
//! means. `lab` is the set-up and its runs, `repair` proven fixes, `opinions` what other stacks
//! say, `time` the time machine, `fetching` the network, `packets`
//! packet captures, `compare` two handshakes side by side, `documents` open connections and sessions, `saving` the way into a file, `export` what is given to others, `files` the way to a path,
//! `view` what is looked at, `wire` the bytes as they travelled, `folds` the inspector's sections that fold, `pasted` the pasted error, `settings` what is
//! remembered, `tabs` the ways between what is open, `window` what lies over the panels, `workshop` lessons and how far they are.
//!
//! A feature's own file holds its types and names nothing that acts; its `acts` beside it holds what is done with them. So
//! `root` and `features` can hold every feature, and no file leads back to itself.
//!
//! `features` lists them, `root` is the state that they share, `worker` a thread with a wake function, `tools` what it hands
//! to a job, `playback` the playhead's clock.
//!
//! Deliberately absent: drawing, and anything slow. Files, minting, handshakes and judgement happen on the worker.

mod answer;
mod compare;
mod dialogs;
mod documents;
mod effect;
mod export;
mod features;
mod fetching;
mod files;
mod folds;
mod lab;
mod notes;
mod opinions;
mod packets;
mod panels;
mod pasted;
mod picker;
mod playback;
mod purpose;
mod repair;
mod root;
mod saving;
mod settings;
mod shortcuts;
mod system_dialog;
mod tabs;
#[cfg(test)]
mod tests;
mod time;
mod tools;
mod view;
mod window;
mod wire;
mod worker;
mod workshop;

pub use compare::{
    CompareCommand, CompareDone, CompareJob, ComparePhase, CompareTab, Compared, Comparing, Comparisons,
    Given, Place, Rest, title_of_both,
};
pub use dialogs::{Dialogs, Waiting};
pub use documents::{Connection, Document, DocumentCommand, DocumentDone, DocumentJob, Opened, Trial};
pub use effect::Effect;
pub use export::{Export, ExportCommand, ExportDone, ExportJob};
pub use features::{Command, Done, Job};
pub use fetching::{FetchCommand, FetchDone, FetchJob, Fetching};
pub use files::{FileCommand, FileDone, FileJob};
pub use folds::{FoldCommand, Folds, Section};
pub use lab::{
    Bench, Closed, ClosedFiles, Fit, KnownPassphrases, Lab, LabCommand, LabDone, LabJob, ListsFound,
    ListsSeen, Offer, PassphraseCommand, PassphraseDialog, Placement, Question, Ran, Refused, RunError,
    RunStatus, ScenarioCard, Setup, SetupSlot, SideSetup, Slot, SlotFit, Sorted, Source, Strictness,
    judge_fit, lists_words, time_words,
};
pub use notes::{Note, NoteKind, Notes};
pub use opinions::{
    Agreement, AgreementSearch, Answers, Asked, OpinionCommand, OpinionDone, OpinionJob, Opinions, Own,
    Round, Row, verdict_verb,
};
pub use packets::{PacketCommand, PacketDone, PacketJob, PacketList, Packets, Phase};
pub use panels::{Panel, PanelCommand, PanelSide, Panels};
pub use pasted::{Pasted, PastedCommand};
pub use picker::{Entry, Picker};
pub use playback::{HAPPENS_AT, Playback, SPEEDS};
pub use purpose::PickPurpose;
pub use repair::{Applied, FixResult, FixSearch, OfferedFix, Repair, RepairCommand, RepairDone, RepairJob};
pub use root::State;
pub use saving::{
    Leave, LeaveAnswer, MOST_NOTES, MOST_TITLE, SaveDialog, Saving, SavingCommand, SavingDone, SavingJob,
    Words,
};
pub use settings::{Settings, SettingsCommand, SettingsJob, SlotFile, ThemeChoice};
pub use shortcuts::{Key, OTHER_KEYS, Shortcut, key_for, shortcuts};
pub use time::{TimeCommand, TimeDone, TimeJob, TimeMachine};
pub use view::{InspectorTab, Selection, ViewCommand};
pub use window::WindowCommand;
pub use wire::{WireByte, WireCommand, WireView};
pub use worker::{Wake, Worker};
pub use workshop::{
    Attempt, LessonHere, LessonStep, Made, Part, Standing, Workshop, WorkshopCommand, WorkshopDone,
    WorkshopJob,
};
