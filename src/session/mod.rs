//! What a user saves: a capture with a title and notes, in RON, versioned, readable in a diff.
//!
//! Nothing derived is stored, and never a private key. Old files open for ever: `compat` turns each version into the
//! next.

mod compat;
mod file;
mod save;
mod step_notes;

use std::sync::Arc;

pub use file::{SessionError, load, load_from, parse, to_text};
pub use save::{WriteRefused, save, write_over};
pub use step_notes::{MOST_STEP_NOTE, MOST_STEP_NOTES, StepNotes};

use crate::capture::Capture;

/// The version that this build writes.
pub const VERSION: u32 = 1;

/// What a user saves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// A name for lists.
    pub title: String,
    /// Free text.
    pub notes: String,
    /// Words on single steps.
    pub step_notes: StepNotes,
    /// The evidence.
    pub capture: Arc<Capture>,
}

impl Session {
    /// A session without title and notes.
    pub fn new(capture: Arc<Capture>) -> Self {
        Self {
            title: String::new(),
            notes: String::new(),
            step_notes: StepNotes::default(),
            capture,
        }
    }

    /// The same without its TLS secrets: what was encrypted stays shut for whoever gets it.
    #[must_use]
    pub fn redacted(&self) -> Self {
        let mut capture = Capture::clone(&self.capture);
        capture.secrets.clear();
        Self {
            title: self.title.clone(),
            notes: self.notes.clone(),
            step_notes: self.step_notes.clone(),
            capture: Arc::new(capture),
        }
    }
}
