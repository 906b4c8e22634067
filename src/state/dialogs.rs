//! What lies over the panels: gallery, keys, file picker, a question.

use std::time::Instant;

use super::lab::Question;
use super::picker::Picker;
use super::purpose::PickPurpose;
use crate::cancel::Cancel;

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
