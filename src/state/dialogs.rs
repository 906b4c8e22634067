//! What lies over the panels: gallery, keys, file picker, a question.

use std::path::PathBuf;
use std::time::Instant;

use super::lab::{Placement, SetupSlot};
use super::picker::Picker;
use crate::cancel::Cancel;
use crate::capture::Side;

/// What lies over the panels. At most one of each.
#[derive(Clone, Debug, Default)]
pub struct Dialogs {
    /// The gallery of scenarios.
    pub gallery: bool,
    /// Only the scenarios that speak of this are shown.
    pub gallery_filter: String,
    /// The list of keys.
    pub help: bool,
    /// The box for a pasted error.
    pub is_pasting: bool,
    /// Our own file picker.
    pub picker: Option<Picker>,
    /// The system's file dialog was asked and has not answered yet.
    pub waiting_for_system: Option<Waiting>,
    /// Where something goes that could go to either side.
    pub question: Option<Question>,
}

/// What a file is wanted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PickPurpose {
    /// One slot.
    Slot(Side, SetupSlot),
    /// A revocation list or an OCSP response for this side to judge by.
    Lists(Side),
    /// Whatever certificates and keys there are; sorted out by content.
    Material,
    /// A session to open.
    OpenSession,
    /// A key log for this packet capture.
    KeyLog(PathBuf),
    /// Where to save the session, with the name proposed.
    SaveSession(String),
}

impl PickPurpose {
    /// The dialog's title.
    pub fn title(&self) -> String {
        match self {
            Self::Slot(side, SetupSlot::Certificate) => format!("Choose the {}’s certificate", side.word()),
            Self::Slot(side, SetupSlot::Key) => format!("Choose the {}’s private key", side.word()),
            Self::Slot(side, SetupSlot::Trust) => format!("Choose what the {} trusts", side.word()),
            Self::Lists(side) => format!("Choose a revocation list for the {}", side.word()),
            Self::Material => "Choose certificates and keys".to_owned(),
            Self::OpenSession => "Open a session or a packet capture".to_owned(),
            Self::KeyLog(_) => "Choose a key log (SSLKEYLOGFILE)".to_owned(),
            Self::SaveSession(_) => "Save the session".to_owned(),
        }
    }

    /// Whether a path is wanted that need not exist yet.
    pub fn is_save(&self) -> bool {
        matches!(self, Self::SaveSession(_))
    }
}

/// The system's dialog was asked.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// For what.
    pub purpose: PickPurpose,
    /// When.
    pub since: Instant,
    /// Which request; an answer to an older one is stale.
    pub(super) ticket: u64,
    /// Nobody waits for it any more.
    pub(super) cancel: Cancel,
}

/// Something could go to either side: the user says where.
#[derive(Clone, Debug)]
pub struct Question {
    /// `Whose is orders.pem?`
    pub title: String,
    /// What it is.
    pub detail: String,
    /// The answers: words, and what they put where.
    pub answers: Vec<(String, Vec<Placement>)>,
}
