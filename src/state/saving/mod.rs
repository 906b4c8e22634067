//! Saving: the dialog for title and notes, the writing, and the question that is asked before unsaved words are lost.

mod dialog;
mod job;
mod leaving;

pub use dialog::{MOST_NOTES, MOST_TITLE, SaveDialog, Saving, SavingCommand};
pub use job::{SavingDone, SavingJob};
pub use leaving::{Leave, LeaveAnswer};

pub(super) use leaving::Leaving;
