//! Export: which format was chosen, of what, and how it is written.

pub(super) mod acts;

use std::path::PathBuf;
use std::sync::Arc;

use super::saving::Words;
use crate::analysis::Analysis;
use crate::export::{Format, Theme};

/// What the user can ask of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExportCommand {
    /// What is on the stage is to be exported to this: a place is asked for.
    To(Format),
    /// Whether what only the TLS secrets open is left out.
    LeaveSecretsOut(bool),
}

/// What it keeps.
#[derive(Clone, Debug, Default)]
pub struct Export {
    /// Whether what only the TLS secrets open is left out.
    pub leaves_secrets_out: bool,
    /// What was on the stage when the format was chosen, whatever runs while a place is looked for.
    pub(super) chosen: Option<Chosen>,
}

/// What is to be exported.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub words: Words,
    pub file: Option<String>,
    pub analysis: Arc<Analysis>,
}

/// An export to be written.
#[derive(Clone, Debug)]
pub struct ExportJob {
    /// Where.
    pub path: PathBuf,
    /// To what.
    pub format: Format,
    /// Colours of a picture.
    pub theme: Theme,
    /// Title and notes.
    pub words: Words,
    /// The file that it can be looked at in again.
    pub file: Option<String>,
    /// Whether what only the secrets open is left out.
    pub leaves_secrets_out: bool,
    /// The evidence and all that follows.
    pub analysis: Arc<Analysis>,
}

/// An export was written, or not.
#[derive(Debug)]
pub struct ExportDone {
    /// Where.
    pub path: PathBuf,
    /// Or why not.
    pub result: Result<(), String>,
}
