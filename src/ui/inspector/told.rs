//! What a tab speaks of: the cause or the message that is selected, or the first.

use crate::analysis::Analysis;
use crate::decode::MessageKind;
use crate::diagnose::Cause;
use crate::state::{Selection, State};
use crate::story::RowKind;

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

/// The message that Fields and Bytes speak of: the one selected, or the first of the selected row, or the first seen.
pub(super) fn message(state: &State, analysis: &Analysis) -> Option<usize> {
    let visible = state.visible_steps();
    let of_row = |step: usize| match analysis.story.rows.get(step).map(|row| &row.kind) {
        Some(RowKind::Flight { messages, .. }) => {
            // TLS 1.3's ChangeCipherSpec says nothing: the row is about what comes with it.
            let says_something = |index: &&usize| {
                let message = analysis.transcript.messages.get(**index);
                message.is_some_and(|message| message.kind != MessageKind::ChangeCipherSpec)
            };
            let first = messages.iter().find(says_something);
            first.or(messages.first()).copied()
        }
        _ => None,
    };
    match &state.selection {
        Selection::Field { message, .. } => Some(*message),
        Selection::Step(step) => of_row(*step).or_else(|| (0..*step).rev().find_map(of_row)),
        Selection::Certificate { sender, .. } => {
            analysis.transcript.chain_sent_by(*sender).map(|(index, _)| index)
        }
        Selection::Check(row) => {
            let judge = analysis.diagnosis.matrix.get(*row)?.side;
            analysis
                .transcript
                .chain_sent_by(judge.peer())
                .map(|(index, _)| index)
        }
        Selection::Cause(cause) => analysis
            .diagnosis
            .causes
            .get(*cause)?
            .evidence
            .iter()
            .find_map(|evidence| evidence.message),
        Selection::Nothing | Selection::AnyCertificate { .. } => (0..visible).find_map(of_row),
    }
}
