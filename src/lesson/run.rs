//! A lesson's handshake, really made: on minted identities, at a pinned time, without any network.

use super::change::Change;
use super::format::{Case, Choice, Lesson};
use super::pack::Pack;
use super::predicate::{Predicate, Seen};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::clock::Clock;
use crate::scenario::{Scenario, ScenarioError};
use crate::setup::LabSetup;
use crate::source::lab::{LabError, run_blocking};

/// When every lesson takes place, in seconds since the epoch: 2026-11-02 09:00 UTC. A lesson that reads the machine's clock
/// shows another fault once its certificates are too old.
pub const LESSON_TIME: i64 = 1_793_610_000;

/// The last chapter.
const WHOLE: u8 = 6;

/// Why a lesson's handshake cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Its scenario is not there, or cannot be minted.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The pair could not start, or was cancelled.
    #[error(transparent)]
    Lab(#[from] LabError),
}

/// A handshake of a lesson.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What it was made of, to change and run again.
    pub setup: LabSetup,
    /// What came of it.
    pub analysis: Analysis,
}

impl Shown {
    /// The run, watched to its end.
    pub fn seen(&self) -> Seen<'_> {
        Seen {
            analysis: &self.analysis,
            watched: WHOLE,
        }
    }

    /// The run, before anybody watched it.
    pub fn unseen(&self) -> Seen<'_> {
        Seen {
            analysis: &self.analysis,
            watched: 0,
        }
    }
}

impl Pack {
    /// Makes the handshake of a case, with one more change where one is given.
    pub fn show(
        &self,
        case: &Case,
        fault: &Change,
        then: Option<&Change>,
        cancel: &Cancel,
    ) -> Result<Shown, RunError> {
        let mut scenario = fault.apply(self.scenario(&case.scenario)?);
        if let Some(change) = then {
            scenario = change.apply(&scenario);
        }
        run_of(set_up(&scenario)?, cancel)
    }

    /// Whether an answer is what the engine finds: by its condition on the run `shown`, or by running what it proposes. `None`
    /// where the answer is told and cannot be run.
    pub fn judge(
        &self,
        case: &Case,
        fault: &Change,
        success: &Predicate,
        choice: &Choice,
        shown: &Shown,
        cancel: &Cancel,
    ) -> Result<Option<bool>, RunError> {
        if let Some(when) = &choice.when {
            return Ok(Some(when.holds(shown.seen())));
        }
        let Some(change) = &choice.does else {
            return Ok(None);
        };
        let tried = self.show(case, fault, Some(change), cancel)?;
        Ok(Some(success.holds(tried.seen())))
    }

    /// The handshake of a lesson as its seed ships it.
    pub fn shipped(&self, lesson: &Lesson, cancel: &Cancel) -> Result<Shown, RunError> {
        self.show(&lesson.case, lesson.fault(), None, cancel)
    }
}

/// The handshake of a set-up.
pub(super) fn run_of(setup: LabSetup, cancel: &Cancel) -> Result<Shown, RunError> {
    let analysis = Analysis::of(run_blocking(&setup, cancel)?.into());
    Ok(Shown { setup, analysis })
}

fn set_up(scenario: &Scenario) -> Result<LabSetup, ScenarioError> {
    let mut setup = scenario.setup(LESSON_TIME)?;
    setup.wall_clock = Clock::still(LESSON_TIME);
    Ok(setup)
}
