//! The bench with keys: B's set-up with some of A's inputs, run in the lab.

use super::both::{Both, Subject};
use super::difference::Effect;
use super::inputs::Input;
use super::outcome::{Outcome, agreed};
use super::put_back::put_back;
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::setup::LabSetup;
use crate::source::lab::run_blocking;
use std::sync::Arc;

/// How long a side waits in a trial: both ends are in this process, and once neither moves, neither will.
const TRIAL_TIMEOUT_MS: u64 = 25;
/// So many runs, and no more, whatever differs.
const MOST_RUNS: usize = 96;

/// B's set-up, ready to be changed and run.
pub(super) struct Runs<'a> {
    pub setup: &'a LabSetup,
    both: Both<Subject<'a>>,
    cancel: &'a Cancel,
    outcomes: Both<Outcome>,
    left: usize,
}

impl<'a> Runs<'a> {
    /// `None` where B's set-up does not do again what B did: then nothing that is run tells about B.
    pub fn new(setup: &'a LabSetup, both: &Both<Subject<'a>>, cancel: &'a Cancel) -> Option<Self> {
        let mut runs = Self {
            setup,
            both: *both,
            cancel,
            outcomes: Both {
                a: Outcome::of(both.a.analysis),
                b: Outcome::of(both.b.analysis),
            },
            left: MOST_RUNS,
        };
        let again = runs.run(setup.clone())?;
        Outcome::of(&again).is_as(&runs.outcomes.b).then_some(runs)
    }

    fn run(&mut self, mut setup: LabSetup) -> Option<Analysis> {
        self.left = self.left.checked_sub(1)?;
        setup.timeout_ms = setup.timeout_ms.min(TRIAL_TIMEOUT_MS);
        let capture = run_blocking(&setup, self.cancel).ok()?;
        Some(Analysis::of(Arc::new(capture)))
    }

    /// Runs B with A's values of these inputs; `None` where one of them cannot be put back, or it cannot begin.
    pub fn with(&mut self, inputs: &[Input]) -> Option<Effect> {
        let mut setup = self.setup.clone();
        for input in inputs {
            put_back(&mut setup, *input, &self.both)?;
        }
        // What was at hand in A decides how a cause is called: a missing issuer, or an unknown one.
        if let Some(of_a) = self.both.a.setup {
            setup.known.extend(of_a.known.iter().cloned());
        }
        let analysis = self.run(setup)?;
        let outcome = Outcome::of(&analysis);
        let is_as_b = outcome.is_as(&self.outcomes.b);
        let words = format!("B is {}", outcome.words());
        if !self.outcomes.a.is_as(&self.outcomes.b) {
            return Some(Effect {
                is_as_a: outcome.is_as(&self.outcomes.a),
                is_as_b,
                words,
            });
        }
        // Both end alike: what they have of each other may still differ.
        let of_a = agreed(self.both.a.analysis);
        let of_b = agreed(self.both.b.analysis);
        let restored: Vec<String> = agreed(&analysis)
            .into_iter()
            .zip(of_a.into_iter().zip(of_b))
            .filter(|(now, (a, b))| a.value != b.value && now.value == a.value)
            .map(|(now, _)| now.value.unwrap_or_else(|| format!("no {}", now.what)))
            .collect();
        Some(Effect {
            is_as_a: is_as_b && !restored.is_empty(),
            is_as_b: is_as_b && restored.is_empty(),
            words: if is_as_b && !restored.is_empty() {
                format!("B ends with {}, as A does", restored.join(", "))
            } else {
                words
            },
        })
    }
}
