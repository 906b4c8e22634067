//! What is drawn: the story's rows up to the playhead.

use super::layout::{Room, Shape};
use super::seen::{Seen, Tone};
use super::selected::selected_step;
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::decode::Protection;
use crate::state::{Selection, State, verdict_verb};
use crate::story::{Belief, BeliefSpan, Row, RowKind};

/// The ladder up to the playhead.
pub(super) struct Scene<'a> {
    pub analysis: &'a Analysis,
    pub rows: Vec<Item>,
    /// How far the event of the last row has come, 0 to 1.
    pub progress: f32,
    /// Rows whose event has happened; the row after them is on its way.
    pub happened: usize,
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
    /// Of a verification: other stacks that came to another verdict.
    pub others: Option<Others>,
    pub tone: Tone,
    /// What of the caption stands out.
    pub lit: Option<String>,
    /// What the user noted on it.
    pub note: Option<String>,
}

/// Other stacks that were asked about the same files and came to another verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Others {
    /// `2 refuse`.
    pub words: String,
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
        /// Checks that are made.
        checks: usize,
    },
    Moment {
        side: Side,
        is_failure: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Capsule {
    Accepted,
    /// The cause that is named may be the likeliest, and not proven.
    Refused {
        is_likely: bool,
    },
    Undecided,
}

impl<'a> Scene<'a> {
    pub(super) fn new(analysis: &'a Analysis, state: &State) -> Self {
        let visible = state.visible_steps().min(analysis.story.rows.len());
        let seen = Seen {
            visible,
            happened: state.playback.ended_steps().min(visible),
            progress: state.playback.progress_in_step(),
            is_at_end: state.playback.is_at_end(),
            selected: selected_step(state),
        };
        let selected_message = match &state.selection {
            Selection::Field { message, .. } => Some(*message),
            _ => None,
        };
        let mut scene = Self::seen(analysis, seen);
        for (item, row) in scene.rows.iter_mut().zip(&analysis.story.rows) {
            item.messages = messages(row, analysis, selected_message);
            item.is_open = state.open_rows.contains(&item.step);
            item.others = others(row, state);
            item.note = state
                .document()
                .and_then(|document| document.step_notes.of(item.step))
                .map(str::to_owned);
        }
        scene
    }

    /// The rows that have been seen, each closed.
    pub(super) fn seen(analysis: &'a Analysis, seen: Seen) -> Self {
        let story = &analysis.story;
        let two_truths = story.two_truths.as_deref();
        let rows = story
            .rows
            .iter()
            .zip(&story.steps)
            .take(seen.visible)
            .enumerate()
            .map(|(index, (row, step))| Item {
                step: index,
                kind: kind(row),
                title: step.title.clone(),
                caption: caption(row, &step.caption, two_truths.filter(|_| index >= seen.happened)),
                at_us: step.at_us,
                is_break: row.is_break,
                is_selected: seen.selected == Some(index),
                messages: Vec::new(),
                is_open: false,
                others: None,
                tone: Tone::default(),
                lit: None,
                note: None,
            })
            .collect();
        Self {
            analysis,
            rows,
            progress: seen.progress,
            happened: seen.happened,
            is_at_end: seen.is_at_end,
        }
    }

    /// What the ladder has to stand in.
    pub(super) fn room(&self, width: f32, height: f32) -> Room {
        let rows = &self.analysis.story.rows;
        let is_capsule = |row: &&Row| matches!(row.kind, RowKind::Verification { .. });
        let capsules = rows.iter().filter(is_capsule).count();
        Room {
            width,
            height,
            arrows: rows.len() - capsules,
            capsules,
        }
    }

    /// How far the event of a row has come, 0 to 1.
    pub(super) fn progress_of(&self, row: usize) -> f32 {
        if row < self.happened { 1.0 } else { self.progress }
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

    /// Beliefs of a side over the rows that have happened: what, first row, the row at which the next begins.
    pub(super) fn beliefs(&self, side: Side) -> Vec<(Belief, usize, Option<usize>)> {
        let spans = self.analysis.story.beliefs.of(side);
        spans
            .iter()
            .enumerate()
            .filter(|(_, span)| self.has_begun(span, side))
            .map(|(index, span)| {
                let next = spans
                    .get(index + 1)
                    .filter(|next| self.has_begun(next, side))
                    .map(|next| next.from_step);
                (span.belief, span.from_step, next)
            })
            .collect()
    }

    /// A side believes something new once the event that taught it has happened; what it does itself, it knows as it does it.
    fn has_begun(&self, span: &BeliefSpan, side: Side) -> bool {
        let is_its_own = self
            .rows
            .get(span.from_step)
            .is_some_and(|item| matches!(item.kind, ItemKind::Arrow { from, .. } if from == side));
        span.from_step < self.happened || is_its_own
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
            is_likely,
            is_accepted,
            total,
            ..
        } => ItemKind::Capsule {
            judge: *judge,
            checks: *total,
            verdict: match (is_accepted, refused_for) {
                (true, _) => Capsule::Accepted,
                (false, Some(_)) => Capsule::Refused {
                    is_likely: *is_likely,
                },
                (false, None) => Capsule::Undecided,
            },
        },
        RowKind::Moment { side, is_failure } => ItemKind::Moment {
            side: *side,
            is_failure: *is_failure,
        },
    }
}

/// A capsule has room for its figures only. What a side believed until an alert came is told when it has come.
fn caption(row: &Row, caption: &str, not_yet: Option<&str>) -> String {
    match &row.kind {
        RowKind::Verification {
            refused_for: Some(cause),
            is_likely,
            ..
        } => crate::story::cause_words(*cause, *is_likely),
        _ => not_yet
            .and_then(|words| caption.strip_suffix(words))
            .map_or(caption, |before| before.trim_end_matches(" · "))
            .to_owned(),
    }
}

fn others(row: &Row, state: &State) -> Option<Others> {
    let RowKind::Verification { judge, .. } = row.kind else {
        return None;
    };
    let (count, refuse) = state.stacks_against(judge)?;
    Some(Others {
        words: format!("{count} {}", verdict_verb(refuse, count)),
    })
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Capsule, ItemKind, Scene};
    use crate::analysis::Analysis;
    use crate::capture::Side;
    use crate::state::{Document, State};
    use crate::story::{Belief, RowKind};

    fn stage(name: &str) -> State {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/sessions")
            .join(format!("{name}.ron"));
        let session = crate::session::load(&path).expect("a session");
        show(Analysis::of(session.capture))
    }

    fn show(analysis: Analysis) -> State {
        let mut state = State::default();
        state.playback.at_end_of(analysis.story.steps.len());
        let analysis = Arc::new(analysis);
        state
            .documents
            .push(Document::new(String::new(), String::new(), analysis));
        state.active = Some(0);
        state
    }

    fn beliefs_at(state: &mut State, position: f32, side: Side) -> Vec<Belief> {
        state.playback.seek(position);
        let analysis = state.analysis().expect("one").clone();
        let scene = Scene::new(&analysis, state);
        scene.beliefs(side).iter().map(|(belief, ..)| *belief).collect()
    }

    #[test]
    fn a_side_knows_better_only_once_the_news_has_come() {
        let mut state = stage("root-rotated");
        let story = state.analysis().expect("one").story.clone();
        let alert = story
            .rows
            .iter()
            .position(|row| matches!(row.kind, RowKind::Flight { is_alert: true, .. }))
            .expect("an alert") as f32;
        let capsule = story
            .rows
            .iter()
            .rposition(|row| matches!(row.kind, RowKind::Verification { .. }));
        let capsule = capsule.expect("the server judges") as f32;
        let (handshaking, connected) = (Belief::Handshaking, Belief::Connected);
        for (position, client, server) in [
            (capsule, vec![handshaking, connected], vec![handshaking]),
            // Under “deciding” there is nothing red.
            (capsule + 0.3, vec![handshaking, connected], vec![handshaking]),
            (
                capsule + 1.0,
                vec![handshaking, connected],
                vec![handshaking, Belief::Failed],
            ),
            // The alert is on its way: the client still believes.
            (
                alert + 0.5,
                vec![handshaking, connected],
                vec![handshaking, Belief::Failed],
            ),
            (
                alert + 0.7,
                vec![handshaking, connected, Belief::Failed],
                vec![handshaking, Belief::Failed],
            ),
        ] {
            assert_eq!(
                beliefs_at(&mut state, position, Side::Client),
                client,
                "client at {position}"
            );
            assert_eq!(
                beliefs_at(&mut state, position, Side::Server),
                server,
                "server at {position}"
            );
        }
    }

    #[test]
    fn a_belief_lasts_to_the_next_that_has_begun() {
        let mut state = stage("root-rotated");
        let spans = state.analysis().expect("one").story.beliefs.client.clone();
        let failed = spans.last().expect("spans").from_step;
        state.playback.seek(failed as f32);
        let analysis = state.analysis().expect("one").clone();
        let before = Scene::new(&analysis, &state).beliefs(Side::Client);
        assert_eq!(before.last().map(|(_, _, next)| *next), Some(None));
        state.playback.last();
        let after = Scene::new(&analysis, &state).beliefs(Side::Client);
        assert_eq!(after.get(1).and_then(|(_, _, next)| *next), Some(failed));
    }

    #[test]
    fn who_sends_the_last_word_believes_as_it_is_sent() {
        let mut state = stage("good-tls13");
        let connected = state.analysis().expect("one").story.beliefs.client[1].from_step as f32;
        assert_eq!(
            beliefs_at(&mut state, connected, Side::Client),
            [Belief::Handshaking]
        );
        assert_eq!(
            beliefs_at(&mut state, connected + 0.2, Side::Client),
            [Belief::Handshaking, Belief::Connected]
        );
    }

    #[test]
    fn what_an_alert_ended_is_told_when_it_has_come() {
        let mut state = stage("root-rotated");
        let steps = state.playback.steps() as f32;
        let last_caption = |state: &State| {
            let analysis = state.analysis().expect("one").clone();
            Scene::new(&analysis, state)
                .rows
                .last()
                .expect("a row")
                .caption
                .clone()
        };
        assert!(last_caption(&state).contains("the client believed it was connected for"));
        state.playback.seek(steps - 0.7);
        assert_eq!(last_caption(&state), "fatal · 24 B");
    }

    #[test]
    fn a_verification_without_a_verdict_is_undecided() {
        let mut analysis = stage("good-tls13").analysis().expect("one").as_ref().clone();
        let find = |row: &&mut crate::story::Row| matches!(row.kind, RowKind::Verification { .. });
        let row = analysis.story.rows.iter_mut().find(find).expect("a verification");
        if let RowKind::Verification {
            is_accepted,
            refused_for,
            ..
        } = &mut row.kind
        {
            (*is_accepted, *refused_for) = (false, None);
        }
        let state = show(analysis);
        let analysis = state.analysis().expect("one").clone();
        let scene = Scene::new(&analysis, &state);
        let verdicts: Vec<Capsule> = scene
            .rows
            .iter()
            .filter_map(|item| match item.kind {
                ItemKind::Capsule { verdict, .. } => Some(verdict),
                _ => None,
            })
            .collect();
        assert_eq!(verdicts, [Capsule::Undecided, Capsule::Accepted]);
    }
}
