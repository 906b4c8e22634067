//! What is on the stage: one connection with its title, and where it is saved.

use std::path::PathBuf;
use std::sync::Arc;

use crate::analysis::Analysis;

/// One connection that is open: a run of the lab, a scenario, or a session from a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it is called on screen.
    pub title: String,
    /// What to look for, or what the user noted.
    pub notes: String,
    /// Where it is saved; `None` if it never was.
    pub path: Option<PathBuf>,
    /// The evidence and all that follows from it.
    pub analysis: Arc<Analysis>,
    /// Whether it differs from what is saved.
    pub is_dirty: bool,
}
