//! What lies over the panels: gallery, keys, file picker, a question.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

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
    /// The system's file dialog answered late and with nothing, be it by Cancel or by failing: our own is offered for a while.
    pub without_file: Option<WithoutFile>,
    /// Where something goes that could go to either side.
    pub question: Option<Question>,
    /// What is asked after it.
    pub(super) more_questions: VecDeque<Question>,
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

/// How long it is offered to ask again in our own picker.
const OFFERS_FOR: Duration = Duration::from_secs(8);

/// The system's dialog gave nothing.
#[derive(Clone, Debug)]
pub struct WithoutFile {
    /// For what it was asked.
    pub(super) purpose: PickPurpose,
    /// When it answered.
    pub(super) since: Instant,
}

impl Dialogs {
    /// Asks, after what is asked already.
    pub(super) fn ask(&mut self, question: Question) {
        match &self.question {
            Some(_) => self.more_questions.push_back(question),
            None => self.question = Some(question),
        }
    }

    /// The question was answered, or put aside: the next one is asked.
    pub(super) fn take_question(&mut self) -> Option<Question> {
        let question = self.question.take();
        self.question = self.more_questions.pop_front();
        question
    }

    /// Takes the offer away when its time is over, and says when to look again.
    pub fn expire_offer(&mut self, now: Instant) -> Option<Duration> {
        let since = self.without_file.as_ref()?.since;
        let left = OFFERS_FOR.saturating_sub(now.saturating_duration_since(since));
        if left.is_zero() {
            self.without_file = None;
            return None;
        }
        Some(left)
    }
}
