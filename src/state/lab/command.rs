//! What the user can ask of the lab.

mod acts;

use std::path::PathBuf;

use super::closed::PassphraseCommand;
use super::lists::Strictness;
use super::slot::SetupSlot;
use crate::capture::{ClientAuth, Side};
use crate::setup::{Fault, TlsVersion};

/// What the user can ask of the lab.
#[derive(Clone, Debug, PartialEq)]
pub enum LabCommand {
    // The run.
    /// Run the handshake with the set-up as it stands; files are read again first.
    Run,
    /// End the run in progress.
    CancelRun,
    /// Load a built-in scenario by id and run it.
    OpenScenario(String),
    /// Back to the built-in identities.
    UseBuiltIn,
    // Files.
    /// Load this file into this slot.
    LoadIntoSlot(Side, SetupSlot, PathBuf),
    /// Load files dropped on the window (sorted out by content; a session opens), with the slot under the pointer.
    LoadDropped(Vec<PathBuf>, Option<(Side, SetupSlot)>),
    /// Load the files of the last time again.
    LoadLastFiles,
    /// Do not offer them any more.
    DeclineLastFiles,
    /// Answer the question of where a file goes, by the answer's index.
    Answer(usize),
    /// PEM text from the clipboard, for the focused or named slot.
    Paste(String, Option<(Side, SetupSlot)>),
    /// The passphrase of what is closed.
    Passphrase(PassphraseCommand),
    /// Empty this slot.
    ClearSlot(Side, SetupSlot),
    /// Judge by no revocation list on this side.
    ClearLists(Side),
    /// How strictly this side holds to its revocation lists.
    SetStrictness(Side, Strictness, bool),
    // Policy and what-if.
    /// This side does all that the library can again, and asks for no more.
    LiftLimits(Side),
    /// Whether the server asks for a client certificate.
    SetClientAuth(ClientAuth),
    /// Versions spoken by both sides.
    SetVersions(Vec<TlsVersion>),
    /// The name asked for.
    SetServerName(String),
    /// Protocols offered by both sides.
    SetAlpn(Vec<String>),
    /// Cipher suites of both sides, IANA names; empty: the default.
    SetCipherSuites(Vec<String>),
    /// Groups of both sides, IANA names; empty: the default.
    SetGroups(Vec<String>),
    /// The time both sides judge at, seconds since the epoch; `None`: now.
    SetClock(Option<i64>),
    /// What the wire does.
    SetFault(Option<Fault>),
}
