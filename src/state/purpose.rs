//! What a file is wanted for.

use std::path::PathBuf;

use super::lab::SetupSlot;
use crate::capture::Side;
use crate::stack::Stack;

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
    /// The program of a stack that is to be asked.
    Program(Stack),
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
            Self::Program(stack) => {
                let program = stack.programs().first().unwrap_or(&"program");
                format!("Choose the program of {} ({program})", stack.name())
            }
            Self::SaveSession(_) => "Save the session".to_owned(),
        }
    }

    /// Whether a path is wanted that need not exist yet.
    pub fn is_save(&self) -> bool {
        matches!(self, Self::SaveSession(_))
    }
}
