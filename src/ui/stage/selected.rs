//! Which row the selection belongs to.

use crate::state::{Selection, State};
use crate::story::{Row, RowKind};

/// The step that the selection belongs to.
pub(super) fn selected_step(state: &State) -> Option<usize> {
    let analysis = state.analysis()?;
    let rows = &analysis.story.rows;
    match &state.selection {
        Selection::Step(step) => Some(*step),
        Selection::Field { message, .. } => rows.iter().position(|row| holds(row, *message)),
        Selection::Check(check) => rows.iter().position(
            |row| matches!(&row.kind, RowKind::Verification { matrix, .. } if matrix.contains(check)),
        ),
        _ => None,
    }
}

/// Whether a row carries this message.
fn holds(row: &Row, message: usize) -> bool {
    matches!(&row.kind, RowKind::Flight { messages, .. } if messages.contains(&message))
}
