//! What a file is wanted for.

use std::path::PathBuf;

use super::lab::SetupSlot;
use crate::capture::Side;
use crate::compare::Which;
use crate::export::Format;
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
    /// A session for this place of this comparison.
    Compare(u64, Which),
    /// A key log for this packet capture.
    KeyLog(PathBuf),
    /// The program of a stack that is to be asked.
    Program(Stack),
    /// A pack of lessons: a zip, or any lesson of a folder.
    Pack,
    /// What was done in a workshop.
    LoadProgress,
    /// Where to keep what was done in a workshop, with the name proposed.
    SaveProgress(String),
    /// Where to save the session, with the name proposed.
    SaveSession(String),
    /// Where to write an export, with the name proposed.
    Export(Format, String),
}

/// How files end that are opened in a tab of their own.
pub const SESSION_ENDINGS: &[&str] = &["ron", "pcap", "pcapng", "cap", "gz", "zst"];

/// How files that hold certificates or keys are usually called; what they hold tells, not the name.
const MATERIAL_ENDINGS: &[&str] = &[
    "pem",
    "crt",
    "cer",
    "der",
    "key",
    "p12",
    "pfx",
    "jks",
    "jceks",
    "keystore",
    "truststore",
    "p7b",
    "p7c",
    "p8",
    "pk8",
    "crl",
    "yaml",
    "yml",
    "json",
    "ovpn",
    "txt",
];

impl PickPurpose {
    /// The names that a file dialog offers to choose among, the first of which it begins with. All files are always among
    /// them: a kubeconfig and many a key have no ending.
    pub fn filters(&self) -> Vec<(&'static str, &'static [&'static str])> {
        const ALL: (&str, &[&str]) = ("all files", &["*"]);
        match self {
            Self::SaveSession(_) => vec![("mtlscope session", &["ron"])],
            Self::Pack => vec![("packs of lessons", &["zip", "md"]), ALL],
            Self::LoadProgress => vec![("progress of a workshop", &["ron"]), ALL],
            Self::SaveProgress(_) => vec![("progress of a workshop", &["ron"])],
            Self::Export(Format::Html, _) => vec![("page", &["html"])],
            Self::Export(Format::Svg, _) => vec![("drawing", &["svg"])],
            Self::Export(Format::Png, _) => vec![("picture", &["png"])],
            Self::Export(Format::Markdown | Format::Runbook, _) => vec![("Markdown", &["md"])],
            Self::OpenSession => vec![("sessions and packet captures", SESSION_ENDINGS), ALL],
            Self::Compare(..) => vec![("sessions", &["ron"]), ALL],
            Self::Slot(..) | Self::Lists(_) | Self::Material => {
                vec![ALL, ("certificates, keys and stores", MATERIAL_ENDINGS)]
            }
            Self::KeyLog(_) | Self::Program(_) => vec![ALL],
        }
    }

    /// The dialog's title.
    pub fn title(&self) -> String {
        match self {
            Self::Slot(side, SetupSlot::Certificate) => format!("Choose the {}’s certificate", side.word()),
            Self::Slot(side, SetupSlot::Key) => format!("Choose the {}’s private key", side.word()),
            Self::Slot(side, SetupSlot::Trust) => format!("Choose what the {} trusts", side.word()),
            Self::Lists(side) => format!("Choose a revocation list for the {}", side.word()),
            Self::Material => "Choose certificates and keys".to_owned(),
            Self::OpenSession => "Open a session or a packet capture".to_owned(),
            Self::Compare(_, which) => format!("Choose {}, a session", which.letter()),
            Self::KeyLog(_) => "Choose a key log (SSLKEYLOGFILE)".to_owned(),
            Self::Program(stack) => {
                let program = stack.programs().first().unwrap_or(&"program");
                format!("Choose the program of {} ({program})", stack.name())
            }
            Self::Pack => "Open a zip of lessons, or any lesson (.md) of a folder".to_owned(),
            Self::LoadProgress => "Open your progress".to_owned(),
            Self::SaveProgress(_) => "Save your progress".to_owned(),
            Self::SaveSession(_) => "Save the session".to_owned(),
            Self::Export(format, _) => format!("Export: {}", format.words()),
        }
    }

    /// Whether a path is wanted that need not exist yet.
    pub fn is_save(&self) -> bool {
        self.proposed_name().is_some()
    }

    /// The name that is proposed for it.
    pub fn proposed_name(&self) -> Option<&str> {
        match self {
            Self::SaveSession(name) | Self::SaveProgress(name) | Self::Export(_, name) => Some(name),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PickPurpose, SetupSlot};
    use crate::capture::Side;

    #[test]
    fn no_file_is_out_of_reach() {
        for purpose in [
            PickPurpose::Material,
            PickPurpose::Slot(Side::Client, SetupSlot::Key),
            PickPurpose::Lists(Side::Server),
            PickPurpose::OpenSession,
            PickPurpose::Compare(1, crate::compare::Which::B),
            PickPurpose::KeyLog("a.pcap".into()),
        ] {
            let filters = purpose.filters();
            assert!(
                filters.iter().any(|(_, endings)| endings.contains(&"*")),
                "{filters:?}"
            );
        }
        // A certificate may be called anything: the dialog does not begin by hiding it.
        let first = PickPurpose::Material.filters().swap_remove(0);
        assert_eq!(first.1, ["*"]);
        let known = PickPurpose::Material.filters().swap_remove(1).1;
        for ending in ["pem", "p12", "jks", "yaml", "ovpn"] {
            assert!(known.contains(&ending), "{ending}");
        }
    }
}
