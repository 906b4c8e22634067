//! What the window starts with.

use std::path::PathBuf;

use crate::clock::Clock;
use crate::pki::Passphrases;
use crate::setup::LabSetup;

/// What the window starts with.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The set-up; `None`: the built-in identities.
    pub setup: Option<Box<LabSetup>>,
    /// Certificates, keys and sessions to load.
    pub files: Vec<PathBuf>,
    /// What opens them and the set-up's own files.
    pub passphrases: Passphrases,
    /// What to say at first.
    pub notes: Vec<String>,
    /// Where theme, zoom and recent sessions are kept from one start to the next; `None`: nowhere.
    pub settings: Option<PathBuf>,
    /// The time of day.
    pub clock: Clock,
}
