//! What is looked at: the one selection that all panels share, the inspector's tab, the playhead.

mod acts;

use std::collections::BTreeSet;

use crate::capture::Side;

/// What the user can ask of what is looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewCommand {
    /// Select.
    Select(Selection),
    /// Show this tab of the inspector.
    ShowTab(InspectorTab),
    /// Open or close a row of the ladder to its messages.
    ToggleRow(usize),
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
}

/// What is selected. Every panel follows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Nothing: the inspector speaks of the whole connection.
    #[default]
    Nothing,
    /// A step of the story (a row of the ladder).
    Step(usize),
    /// A message, or one field of it.
    Field {
        /// Index into the transcript's messages.
        message: usize,
        /// Child indexes from the message's root; empty: the whole message.
        path: Vec<usize>,
    },
    /// A certificate in the chain that `sender` presented.
    Certificate {
        /// Whose chain.
        sender: Side,
        /// Index into that chain's links.
        link: usize,
    },
    /// Any certificate at hand, sent or not.
    AnyCertificate {
        /// Lowercase hex SHA-256 of its DER.
        sha256: String,
    },
    /// A row of the matrix.
    Check(usize),
    /// A cause.
    Cause(usize),
}

/// The inspector's tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the words on the tabs")]
pub enum InspectorTab {
    #[default]
    Why,
    Checks,
    Chain,
    Fields,
    Bytes,
    Keys,
}

impl InspectorTab {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [
        Self::Why,
        Self::Checks,
        Self::Chain,
        Self::Fields,
        Self::Bytes,
        Self::Keys,
    ];
}

impl Look {
    /// Nothing has happened yet.
    pub(super) fn before_the_first_step() -> Self {
        Self {
            position: 0.0,
            is_at_end: false,
            selection: Selection::Nothing,
            tab: InspectorTab::Why,
            open_rows: BTreeSet::new(),
        }
    }
}

/// How a connection was looked at when its tab was left.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// The playhead, in steps.
    pub position: f32,
    pub is_at_end: bool,
    pub selection: Selection,
    pub tab: InspectorTab,
    pub open_rows: BTreeSet<usize>,
}
