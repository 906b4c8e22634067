//! What the user is doing. Knows nothing of egui: panels read `&State` and send [`Command`]s.
//!
//! `root` is the state itself, `apply` what commands do to it, `absorb` what the worker's results do to it. `worker` is a
//! thread with a wake function; `playback` the clock; `setup`, `slot`, `sort` and `fit` the left panel's content. `repair`
//! holds proven fixes and what was applied, `time` the time machine.
//!
//! Deliberately absent: drawing, and anything slow. Files, minting, handshakes and judgement happen on the worker.

mod absorb;
mod again;
mod answer;
mod apply;
mod command;
mod dialogs;
mod document;
mod effect;
mod fetching;
mod files;
mod fit;
mod job;
mod lists;
mod moving;
mod notes;
mod packets;
mod pasted;
mod picker;
mod playback;
mod repair;
mod rooms;
mod root;
mod selection;
mod settings;
mod setup;
mod shortcuts;
mod slot;
mod sort;
mod system_dialog;
mod time;
mod worker;

pub use command::{Command, SetupSlot, ThemeChoice};
pub use dialogs::{Dialogs, PickPurpose, Question, Waiting};
pub use document::{Connection, Document};
pub use effect::Effect;
pub use fetching::Fetching;
pub use fit::{SlotFit, judge as judge_fit};
pub use job::{Done, Job, Offer, Opened, Ran, RunError};
pub use lists::{ListsFound, ListsSeen, Strictness, lists_words};
pub use notes::{Note, NoteKind, Notes};
pub use packets::{PacketList, Phase};
pub use pasted::Pasted;
pub use picker::{Entry, Picker};
pub use playback::{HAPPENS_AT, Playback, SPEEDS};
pub use repair::{Applied, FixResult, FixSearch, OfferedFix, Repair};
pub use root::{RunStatus, ScenarioCard, State};
pub use selection::{InspectorTab, Selection};
pub use settings::Settings;
pub use setup::{Setup, SideSetup};
pub use shortcuts::{Key, Shortcut, key_for, shortcuts};
pub use slot::{Fit, Slot, Source, time_words};
pub use sort::{Placement, Sorted};
pub use time::TimeMachine;
pub use worker::{Wake, Worker};
