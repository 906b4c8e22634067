//! The two handshakes that are compared.

use crate::analysis::Analysis;
use crate::setup::LabSetup;

/// One value for each of two handshakes. A came first, or worked; B is the one to explain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Both<T> {
    /// The first.
    pub a: T,
    /// The second.
    pub b: T,
}

/// One of the two handshakes.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What was seen, and what follows from it.
    pub analysis: &'a Analysis,
    /// What it was made of, private keys included; `None` for a recording.
    pub setup: Option<&'a LabSetup>,
}
