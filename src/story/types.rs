//! The story as plain data.

use std::ops::Range;

use super::integrity::Integrity;
use crate::capture::{PerSide, Side};
use crate::decode::Protection;
use crate::diagnose::CauseId;

/// The diagnosis told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The six chapters, in order.
    pub chapters: [Chapter; 6],
    /// Steps in the order of their times; the playhead counts these. Each row has exactly one step.
    pub steps: Vec<Step>,
    /// The ladder's rows, one for each step, in the same order.
    pub rows: Vec<Row>,
    /// Which rows lie under which keys: runs of rows, in order, not overlapping. Rows in the clear lie in none.
    pub bands: Vec<Band>,
    /// What each side believes over the steps.
    pub beliefs: PerSide<Vec<BeliefSpan>>,
    /// The window in which the two sides believe different things, in words: `the client believed it was connected for
    /// 0.28 ms`; `None` where they agree.
    pub two_truths: Option<String>,
    /// What came of a byte that the wire changed; `None` where it changed none.
    pub integrity: Option<Integrity>,
}

/// One of the six chapters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// 1 to 6.
    pub number: u8,
    /// `Client Hello`, `Server Hello`, `Server verified`, `Client cert`, `Client verified`, `Secure channel`.
    pub title: &'static str,
    /// Line below the title: `0.00 ms`, `8 of 8 checks`, `unknown issuer`, `not reached`, `skipped: nobody asked`.
    pub note: String,
    /// The note names the likeliest cause, which is not proven.
    pub is_likely: bool,
    /// How it ended.
    pub state: ChapterState,
    /// Index of its first step; `None` if it has none.
    pub first_step: Option<usize>,
    /// Index of its last step.
    pub last_step: Option<usize>,
}

/// How a chapter ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChapterState {
    /// It went well.
    Done,
    /// Here it broke.
    Failed,
    /// It never came to this.
    NotReached,
    /// It cannot happen in this handshake; the note says why.
    Skipped,
}

impl Story {
    /// Whether the verification that a chapter is about came to nothing that can be seen: that is no good news.
    pub fn is_undecided(&self, chapter: &Chapter) -> bool {
        let (Some(first), Some(last)) = (chapter.first_step, chapter.last_step) else {
            return false;
        };
        let rows = self.rows.get(first..=last).unwrap_or_default();
        rows.iter().any(|row| {
            matches!(
                row.kind,
                RowKind::Verification {
                    is_accepted: false,
                    refused_for: None,
                    ..
                }
            )
        })
    }
}

/// One step of the playback: a moment, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// 1 to 6.
    pub chapter: u8,
    /// Who acts.
    pub side: Side,
    /// `ClientHello`, `Certificate · CertificateVerify · Finished`, `verifies server's chain`, `Alert: unknown_ca`.
    pub title: String,
    /// The line below: `TLS 1.3 · X25519MLKEM768 · SNI payments.shop.svc · 1,602 B`.
    pub caption: String,
    /// One sentence for a beginner: what happens here and why.
    pub explanation: String,
    /// Microseconds since the capture began.
    pub at_us: u64,
}

/// One row of the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What is drawn.
    pub kind: RowKind,
    /// Whether the handshake broke here.
    pub is_break: bool,
}

/// What a row draws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// An arrow from `from` to its peer.
    Flight {
        /// The sender.
        from: Side,
        /// Indexes into [`crate::decode::Transcript::messages`].
        messages: Vec<usize>,
        /// An alert: drawn in red when fatal.
        is_alert: bool,
        /// The wire swallowed it: the arrow stops half-way.
        is_lost: bool,
    },
    /// A capsule on the lifeline of the judge.
    Verification {
        /// Who judges.
        judge: Side,
        /// Checks passed.
        passed: usize,
        /// Checks that apply.
        total: usize,
        /// The first cause, if it was refused.
        refused_for: Option<CauseId>,
        /// That cause is the likeliest, and not proven.
        is_likely: bool,
        /// Judged, and found good; false and no cause: undecided.
        is_accepted: bool,
        /// Rows of [`crate::diagnose::Diagnosis::matrix`] that belong to this capsule.
        matrix: Vec<usize>,
        /// How long it took, in microseconds, where measured.
        took_us: Option<u64>,
    },
    /// A moment on one lifeline without an arrow: `timed out`, `closed`, `gave up: …`.
    Moment {
        /// Whose.
        side: Side,
        /// Bad news.
        is_failure: bool,
    },
}

/// A run of rows under one kind of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// Which keys.
    pub keys: Protection,
    /// Rows, by index.
    pub rows: Range<usize>,
}

/// What a side believes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Belief {
    /// It is shaking hands.
    Handshaking,
    /// It believes itself connected.
    Connected,
    /// It knows better.
    Failed,
    /// It closed in good order.
    Closed,
}

/// A belief over a run of steps: from the step at which it began up to the next span's start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeliefSpan {
    /// What.
    pub belief: Belief,
    /// Index of the step at which it began.
    pub from_step: usize,
    /// When it began, in microseconds.
    pub from_us: u64,
}
