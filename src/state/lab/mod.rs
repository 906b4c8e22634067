//! The lab: the set-up that the user fills, and its runs.
//!
//! `setup` and `slot` are what the left panel shows; `sort` finds where a file belongs (`sorted`), `fit` judges the dots, `lists` holds
//! revocation lists, `again` reads files again. `closed` asks for passphrases, `passphrases` keeps them while their files are used; `together`
//! reads what is handed over, and `distribute` finds places for all that a folder, a store or several files hold. `command` is what the user can ask for, `job` what the worker does, `run`
//! and `material` what becomes of the answers.

mod again;
mod belongs;
mod bench;
mod closed;
mod command;
mod distribute;
mod fit;
mod job;
mod lists;
mod material;
mod offer;
mod passphrases;
mod run;
mod setup;
mod slot;
mod sort;
mod sorted;
mod title;
mod together;
mod told;

pub use bench::Bench;
pub use closed::{Closed, ClosedFiles, PassphraseCommand, PassphraseDialog};
pub use command::LabCommand;
pub use fit::{SlotFit, judge as judge_fit};
pub use job::{LabDone, LabJob, Ran, RunError, ScenarioCard};
pub use lists::{Strictness, lists_words};
pub use offer::Offer;
pub use passphrases::{KnownPassphrases, Refused};
pub use run::{Lab, RunStatus};
pub use setup::{Setup, SideSetup};
pub use slot::{Fit, ListsSeen, SetupSlot, Slot, Source, file_name, time_words};
pub use sorted::{ListsFound, Placement, Question, Sorted};
pub(super) use title::title_of;
