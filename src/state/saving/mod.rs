//! Saving: the dialog for title and notes, the writing, and the question that is asked before unsaved words are lost.

mod dialog;
mod leaving;
mod model;
mod writing;

pub use model::{
    Leave, LeaveAnswer, MOST_NOTES, MOST_TITLE, SaveDialog, Saving, SavingCommand, SavingDone, SavingJob,
    Words,
};

pub(super) use model::Leaving;
