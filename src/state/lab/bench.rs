//! A tab for each scenario, beside the user's own: what was loaded stays where it was, and is there again with its tab.

use super::run::RunStatus;
use super::setup::Setup;
use crate::capture::Side;
use crate::fetch::Place;
use crate::state::documents::Document;
use crate::state::repair::Repair;
use crate::state::root::State;

/// Which of the lab's tabs: a scenario's, by its id; `None`: the user's own files.
pub type Bench = Option<String>;

/// What belongs to a tab of the lab that is not on the stage.
#[derive(Debug)]
pub(in crate::state) struct Shelved {
    bench: Bench,
    setup: Setup,
    scenario: Option<String>,
    is_setup_newer: bool,
    issuers_elsewhere: Vec<(Side, Place)>,
    repair: Repair,
}

impl State {
    /// Goes to a tab of the lab. What the left panel held is put aside; what it held for that tab is there again. Whether
    /// anything changed: then the dots and the time line are another set-up's.
    pub(in crate::state) fn to_bench(&mut self, bench: &Bench) -> bool {
        if self.lab.bench == *bench {
            return false;
        }
        self.give_up_search();
        if self.is_running() {
            // Its answer would speak of a set-up that is put aside.
            self.forget_run();
            self.lab.is_setup_newer = true;
        }
        let found = self.lab.shelf.iter().position(|one| one.bench == *bench);
        let next = found.map(|at| self.lab.shelf.remove(at));
        let lab = &mut self.lab;
        let shelved = Shelved {
            bench: std::mem::replace(&mut lab.bench, bench.clone()),
            setup: lab.setup.clone(),
            scenario: lab.scenario.take(),
            is_setup_newer: lab.is_setup_newer,
            issuers_elsewhere: std::mem::take(&mut lab.issuers_elsewhere),
            repair: std::mem::take(&mut self.repair),
        };
        lab.shelf.push(shelved);
        if let Some(next) = next {
            lab.setup = next.setup;
            lab.scenario = next.scenario;
            lab.is_setup_newer = next.is_setup_newer;
            lab.issuers_elsewhere = next.issuers_elsewhere;
            self.repair = next.repair;
        }
        if matches!(self.lab.run, RunStatus::CouldNotBegin(_)) {
            self.lab.run = RunStatus::Idle;
        }
        true
    }

    /// A scenario's tab was closed: its set-up goes with it, and the user's own comes back.
    pub(in crate::state) fn close_bench(&mut self, bench: &Bench) {
        if bench.is_none() {
            return;
        }
        if self.lab.bench == *bench {
            self.to_bench(&None);
        }
        self.lab.shelf.retain(|one| one.bench != *bench);
    }
}

impl Document {
    /// The last run of the user's own files.
    pub fn is_own(&self) -> bool {
        self.is_lab() && self.bench.is_none()
    }
}
