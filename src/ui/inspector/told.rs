//! Which cause Why speaks of: the one that is selected, or the first.

use crate::analysis::Analysis;
use crate::diagnose::Cause;
use crate::state::{Selection, State};

/// The cause that Why speaks of, by its place.
pub(super) fn shown_cause(state: &State) -> usize {
    match state.selection {
        Selection::Cause(index) => index,
        _ => 0,
    }
}

/// The cause that Why speaks of.
pub(super) fn cause<'a>(state: &State, analysis: &'a Analysis) -> Option<&'a Cause> {
    analysis.diagnosis.causes.get(shown_cause(state))
}
