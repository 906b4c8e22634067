//! What the user hands over to be read.

use std::path::PathBuf;

use crate::capture::Side;

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// A file, or a folder with whatever is in it.
    File(PathBuf),
    /// A file with revocation lists or OCSP responses, for this side to judge by.
    Lists(Side, PathBuf),
    /// Pasted text.
    Text(String),
}

impl Offer {
    /// Where it lies; pasted text lies nowhere.
    pub fn path(&self) -> Option<&PathBuf> {
        match self {
            Self::File(path) | Self::Lists(_, path) => Some(path),
            Self::Text(_) => None,
        }
    }
}
