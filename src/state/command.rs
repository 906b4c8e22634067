//! Every intent of the user, as a value.

use std::path::PathBuf;

use super::lists::Strictness;
use super::{InspectorTab, Selection};
use crate::capture::{ClientAuth, Side};
use crate::diagnose::Tool;
use crate::fetch::Place;
use crate::net::Reach;
use crate::source::lab::{Fault, TlsVersion};
use crate::survey::Filter;

/// A slot of the set-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetupSlot {
    /// The chain presented.
    Certificate,
    /// The private key.
    Key,
    /// What is trusted.
    Trust,
}

impl SetupSlot {
    /// All of them, in the order of the panel.
    pub const ALL: [Self; 3] = [Self::Certificate, Self::Key, Self::Trust];
}

/// Every intent of the user. Panels send these; `State` alone acts on them.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    // The run.
    /// Run the handshake with the set-up as it stands; files are read again first.
    Run,
    /// End the run in progress.
    CancelRun,
    // Proven fixes.
    /// Change the set-up as this fix of the run on the stage says, and run it.
    ApplyFix(usize),
    /// Put the set-up back as it was before the last fix, and run it.
    UndoFix,
    /// Put the run that proves this fix on the stage.
    ShowProof(usize),
    /// End the search for fixes.
    CancelFixes,
    // Files.
    /// Ask for a file for this slot (native picker, or our own where none answers).
    ChooseFile(Side, SetupSlot),
    /// Load this file into this slot.
    LoadIntoSlot(Side, SetupSlot, PathBuf),
    /// Load files dropped on the window (sorted out by content; a session opens), with the slot under the pointer.
    LoadDropped(Vec<PathBuf>, Option<(Side, SetupSlot)>),
    /// Ask for files, whatever they are; they are sorted out by content.
    ChooseFiles,
    /// Answer the question of where a file goes, by the answer's index.
    Answer(usize),
    /// PEM text from the clipboard, for the focused or named slot.
    Paste(String, Option<(Side, SetupSlot)>),
    /// Empty this slot.
    ClearSlot(Side, SetupSlot),
    /// Ask for a revocation list or an OCSP response that this side is to judge by.
    ChooseLists(Side),
    /// Judge by no revocation list on this side.
    ClearLists(Side),
    /// Fetch what a certificate names, from no further than this, for this side to judge by, and run with it.
    Fetch(Side, Place, Reach),
    /// Wait for it no longer.
    CancelFetch(Place),
    /// How strictly this side holds to its revocation lists.
    SetStrictness(Side, Strictness, bool),
    /// Back to the built-in identities.
    UseBuiltIn,
    // Our own file picker.
    /// Show our own picker instead of the system's dialog.
    UseOwnPicker,
    /// List this directory.
    PickerGoTo(PathBuf),
    /// Show only names that contain this.
    PickerFilter(String),
    /// What stands in the path field.
    PickerType(String),
    /// Take this file, or enter this directory.
    PickerTake(PathBuf),
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
    /// Show or hide the time machine.
    ToggleTimeMachine,
    /// The time machine's needle is dragged here, in seconds since the epoch; no clock is set yet.
    DragNeedle(i64),
    /// What the wire does.
    SetFault(Option<Fault>),
    // Sessions and scenarios.
    /// Ask for a session to open.
    OpenSession,
    /// Open this session.
    OpenSessionFile(PathBuf),
    /// Save what is on the stage (asks for a path the first time).
    SaveSession,
    /// Save it here.
    SaveSessionTo(PathBuf),
    /// Put this open connection on the stage.
    ShowDocument(usize),
    /// Put the lab's last run on the stage, or run it.
    ShowLab,
    /// Close this open connection.
    CloseDocument(usize),
    // Packet captures.
    /// Put the list of this open packet capture in the middle.
    ShowList(usize),
    /// Back from a connection to the list that it came from.
    BackToList,
    /// Close this packet capture, and end its reading.
    CloseList(PathBuf),
    /// Show only the connections that this lets through.
    SetFilter(Filter),
    /// Up (-1) or down (1) in the list.
    MoveCursor(i32),
    /// Open the connection at this place of the list.
    OpenConnection(usize),
    /// Ask for a key log for the packet capture in the middle.
    ChooseKeyLog,
    /// Load a built-in scenario by id and run it.
    OpenScenario(String),
    /// Show only the scenarios that speak of this.
    FilterGallery(String),
    /// Show or hide the gallery of scenarios.
    ShowGallery(bool),
    // What is looked at.
    /// Select.
    Select(Selection),
    /// Show this tab of the inspector.
    ShowTab(InspectorTab),
    /// Open or close a row of the ladder to its messages.
    ToggleRow(usize),
    // Playback.
    /// Play or pause.
    TogglePlay,
    /// One step forward (1) or back (-1).
    StepBy(i32),
    /// To the very beginning (nothing has happened yet).
    First,
    /// To the end.
    Last,
    /// To a position in steps: 2.5 is half-way through the third step.
    Seek(f32),
    /// To the first step of chapter 1 to 6.
    JumpToChapter(u8),
    /// Steps in a second: 0.25, 0.5, 1, 2, 4.
    SetSpeed(f32),
    // The window.
    /// Light, dark or projector.
    SetTheme(ThemeChoice),
    /// Show what mends it with this tool; remembered.
    SetTool(Tool),
    /// Show or hide the box for a pasted error.
    ShowPasteBox(bool),
    /// What stands in that box.
    PasteError(String),
    /// The reader's stack, by its name in [`crate::diagnose::stacks`]; `None`: no one's.
    SetStack(Option<String>),
    /// Show every stack's words, or the first few.
    ShowAllStacks(bool),
    /// Show or hide the list of keys.
    ShowHelp(bool),
    /// In and out of full screen.
    ToggleFullScreen,
    /// Zoom by steps; 0 resets.
    Zoom(i32),
    /// Put text on the clipboard; the words say what was copied (`the command`).
    Copy {
        /// The text.
        text: String,
        /// What it is.
        what: &'static str,
    },
    /// Put the whole answer on the clipboard as text.
    CopyAnswer,
    /// Take this note away.
    DismissNote(u64),
    /// Close the topmost note, dialog or panel.
    Dismiss,
}

impl Command {
    /// It changes the set-up's policy, time or wire.
    pub(super) fn changes_policy(&self) -> bool {
        matches!(
            self,
            Self::SetClientAuth(_)
                | Self::SetVersions(_)
                | Self::SetServerName(_)
                | Self::SetAlpn(_)
                | Self::SetCipherSuites(_)
                | Self::SetGroups(_)
                | Self::SetClock(_)
                | Self::SetFault(_)
        )
    }
}

/// The theme that the user chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[allow(missing_docs, reason = "the words in the menu")]
pub enum ThemeChoice {
    #[default]
    Dark,
    Light,
    /// Light, with larger type.
    Projector,
    /// As the desktop says.
    System,
}

impl ThemeChoice {
    /// All of them, with the words in the menu.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Dark, "Dark"),
        (Self::Light, "Light"),
        (Self::Projector, "Projector"),
        (Self::System, "As the desktop"),
    ];
}
