//! What is drawn: the story's rows up to the playhead.

use super::layout::Shape;
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::decode::Protection;
use crate::state::{Selection, State};
use crate::story::{Belief, Row, RowKind};

/// The ladder up to the playhead.
pub(super) struct Scene<'a> {
    pub analysis: &'a Analysis,
    pub rows: Vec<Item>,
    /// How far the last row has come, 0 to 1.
    pub progress: f32,
    pub is_moving: bool,
    /// Everything has happened: only then is the end of the story told.
    pub is_at_end: bool,
}

/// One row.
pub(super) struct Item {
    pub step: usize,
    pub kind: ItemKind,
    pub title: String,
    pub caption: String,
    pub at_us: u64,
    pub is_break: bool,
    pub is_selected: bool,
    /// Messages that it can be opened to: index, name, whether selected.
    pub messages: Vec<(usize, String, bool)>,
    pub is_open: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    Arrow {
        from: Side,
        is_alert: bool,
        is_lost: bool,
    },
    Capsule {
        judge: Side,
        verdict: Capsule,
    },
    Moment {
        side: Side,
        is_failure: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Capsule {
    Accepted,
    Refused,
    Undecided,
}

impl<'a> Scene<'a> {
    pub(super) fn new(analysis: &'a Analysis, state: &State) -> Self {
        let story = &analysis.story;
        let visible = state.visible_steps().min(story.rows.len());
        let selected = super::selected_step(state);
        let selected_message = match &state.selection {
            Selection::Field { message, .. } => Some(*message),
            _ => None,
        };
        let rows = story
            .rows
            .iter()
            .zip(&story.steps)
            .take(visible)
            .enumerate()
            .map(|(index, (row, step))| Item {
                step: index,
                kind: kind(row),
                title: step.title.clone(),
                caption: caption(row, &step.caption),
                at_us: step.at_us,
                is_break: row.is_break,
                is_selected: selected == Some(index),
                messages: messages(row, analysis, selected_message),
                is_open: state.open_rows.contains(&index),
            })
            .collect();
        Self {
            analysis,
            rows,
            progress: state.playback.progress_in_step(),
            is_moving: !state.playback.is_at_end() && state.playback.progress_in_step() < 1.0,
            is_at_end: state.playback.is_at_end(),
        }
    }

    /// What the layout needs to know.
    pub(super) fn shapes(&self) -> Vec<Shape> {
        self.rows
            .iter()
            .map(|item| Shape {
                is_capsule: matches!(item.kind, ItemKind::Capsule { .. }),
                open_messages: if item.is_open { item.messages.len() } else { 0 },
            })
            .collect()
    }

    /// Bands over visible rows: keys, first row, last row.
    pub(super) fn bands(&self) -> impl Iterator<Item = (Protection, usize, usize)> {
        let count = self.rows.len();
        self.analysis.story.bands.iter().filter_map(move |band| {
            let end = band.rows.end.min(count);
            (band.rows.start < end).then(|| (band.keys, band.rows.start, end - 1))
        })
    }

    /// Beliefs of a side over visible rows: what, first row, the row at which the next begins.
    pub(super) fn beliefs(&self, side: Side) -> Vec<(Belief, usize, Option<usize>)> {
        let spans = self.analysis.story.beliefs.of(side);
        let count = self.rows.len();
        spans
            .iter()
            .enumerate()
            .filter(|(_, span)| span.from_step < count)
            .map(|(index, span)| {
                let next = spans
                    .get(index + 1)
                    .map(|next| next.from_step)
                    .filter(|next| *next < count);
                (span.belief, span.from_step, next)
            })
            .collect()
    }
}

fn kind(row: &Row) -> ItemKind {
    match &row.kind {
        RowKind::Flight {
            from,
            is_alert,
            is_lost,
            ..
        } => ItemKind::Arrow {
            from: *from,
            is_alert: *is_alert,
            is_lost: *is_lost,
        },
        RowKind::Verification {
            judge,
            refused_for,
            is_accepted,
            ..
        } => ItemKind::Capsule {
            judge: *judge,
            verdict: match (is_accepted, refused_for) {
                (true, _) => Capsule::Accepted,
                (false, Some(_)) => Capsule::Refused,
                (false, None) => Capsule::Undecided,
            },
        },
        RowKind::Moment { side, is_failure } => ItemKind::Moment {
            side: *side,
            is_failure: *is_failure,
        },
    }
}

/// A capsule has room for its figures only.
fn caption(row: &Row, caption: &str) -> String {
    match &row.kind {
        RowKind::Verification {
            refused_for: Some(cause),
            ..
        } => cause.word().replace('-', " "),
        _ => caption.to_owned(),
    }
}

fn messages(row: &Row, analysis: &Analysis, selected: Option<usize>) -> Vec<(usize, String, bool)> {
    let RowKind::Flight { messages, .. } = &row.kind else {
        return Vec::new();
    };
    messages
        .iter()
        .filter_map(|index| {
            let message = analysis.transcript.messages.get(*index)?;
            let words = format!(
                "{} · {} B",
                message.kind,
                crate::decode::thousands(message.bytes.len())
            );
            Some((*index, words, selected == Some(*index)))
        })
        .collect()
}

/// Whether a row carries this message.
pub(super) fn holds(row: &Row, message: usize) -> bool {
    matches!(&row.kind, RowKind::Flight { messages, .. } if messages.contains(&message))
}
