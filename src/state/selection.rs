//! The one selection that all panels share.

use crate::capture::Side;

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
