//! What the words of a line say more exactly than the cause that they mean.

use serde::Deserialize;

/// What words say more exactly than the first of their causes does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct More {
    /// The cause in a sentence; empty: as it is titled.
    pub says: String,
    /// The command that shows it; empty: the cause's own.
    pub check: String,
    /// The commands that mend it.
    pub mend: Vec<String>,
}
