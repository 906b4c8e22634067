//! How runs begin, what is made of their answers, and how the lab's tabs change places.

use std::time::{Duration, Instant};

use super::{Lab, RunRequest, RunStatus, Shelved};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::diagnose::Verdict;
use crate::printable::capitalised;
use crate::source::lab::LabError;
use crate::state::documents::Document;
use crate::state::effect::Effect;
use crate::state::features::Job;
use crate::state::lab::bench::Bench;
use crate::state::lab::job::{LabDone, LabJob, Ran, RunError};
use crate::state::lab::lists;
use crate::state::lab::setup::Setup;
use crate::state::lab::title::title_of;
use crate::state::notes::NoteKind;
use crate::state::opinions::Opinions;
use crate::state::root::State;
use crate::state::view::Look;

impl State {
    /// Whether a handshake is under way.
    pub fn is_running(&self) -> bool {
        matches!(self.lab.run, RunStatus::Running { .. })
    }

    pub(in crate::state) fn absorb_lab(&mut self, done: LabDone) -> Vec<Effect> {
        match done {
            LabDone::Started { setup, scenarios } => {
                self.lab.scenarios = scenarios;
                if self.lab.run == RunStatus::Starting {
                    self.lab.run = RunStatus::Idle;
                }
                // A scenario that was asked for meanwhile comes instead.
                if self.lab.mint_ticket != 0 {
                    return Vec::new();
                }
                let effects = self.take_setup(setup, None);
                self.lab.is_first_run = true;
                effects
            }
            LabDone::Minted {
                ticket,
                scenario,
                setup,
            } => {
                if ticket != self.lab.mint_ticket {
                    return Vec::new();
                }
                self.take_setup(setup, scenario)
            }
            LabDone::Read { sorted, target } => sorted
                .into_iter()
                .flat_map(|sorted| self.take_sorted(sorted, target))
                .collect(),
            LabDone::Opened {
                ticket,
                passphrases,
                sorted,
            } => self.take_unclosed(ticket, passphrases, sorted),
            LabDone::Ran { ticket, result } => {
                let is_awaited = |request: &mut RunRequest| request.ticket == ticket;
                match self.lab.request.take_if(is_awaited) {
                    Some(request) => self.take_run(request, result),
                    None => Vec::new(),
                }
            }
            LabDone::Fits { ticket, fits, lists } => {
                // An older judgement speaks of a set-up that is no more.
                if ticket == self.lab.fit_ticket {
                    for (side, slot, fit) in fits {
                        self.lab.setup.slot_mut(side, slot).fit = fit;
                    }
                    self.lab.setup.sides.client.lists_seen = lists.client;
                    self.lab.setup.sides.server.lists_seen = lists.server;
                }
                Vec::new()
            }
        }
    }

    /// Runs the set-up, unless a run is under way already or there is no set-up yet.
    pub(in crate::state) fn run(&mut self) -> Vec<Effect> {
        if self.is_running() || self.lab.run == RunStatus::Starting {
            return Vec::new();
        }
        self.run_anew()
    }

    /// What is due by now: a set-up that was changed and left alone runs by itself, in place of an older run. Also how long
    /// it is until there is something to do.
    pub fn due(&mut self, now: Instant) -> (Vec<Effect>, Option<Duration>) {
        let Some(due) = self.lab.run_due else {
            return (Vec::new(), None);
        };
        let left = due.saturating_duration_since(now);
        if !left.is_zero() {
            return (Vec::new(), Some(left));
        }
        self.lab.run_due = None;
        // While the needle is dragged no clock is set.
        if self.lab.run == RunStatus::Starting || self.time.dragged_to.is_some() {
            return (Vec::new(), None);
        }
        (self.run_anew(), None)
    }

    /// Runs the set-up in place of whatever runs: what the older run still answers is not looked at.
    pub(in crate::state) fn run_anew(&mut self) -> Vec<Effect> {
        if let Some(older) = self.lab.request.take() {
            older.cancel.cancel();
        }
        self.give_up_search();
        self.lab.run_due = None;
        self.lab.is_first_run = false;
        self.lab.is_setup_newer = false;
        self.lab.run = RunStatus::Running {
            since: Instant::now(),
            is_cancelled: false,
        };
        let (ticket, cancel) = (self.ticket(), Cancel::default());
        let lesson = self.title_of_lesson().map(|title| (title, String::new()));
        let is_opening = std::mem::take(&mut self.lab.is_opening);
        let card = self
            .lab
            .scenario
            .as_ref()
            .and_then(|id| self.lab.scenarios.iter().find(|card| card.id == *id));
        self.lab.request = Some(RunRequest {
            ticket,
            told: lesson.or_else(|| card.map(|card| (card.title.clone(), card.look_for.clone()))),
            is_opening,
            cancel: cancel.clone(),
        });
        vec![Effect::Work(Job::Lab(LabJob::Run {
            ticket,
            setup: Box::new(self.lab.setup.clone()),
            cancel,
        }))]
    }

    /// Goes to a tab of the lab. What the left panel held is put aside; what it held for that tab is there again. Whether
    /// anything changed: then the dots and the time line are another set-up's.
    pub(in crate::state) fn go_to_bench(&mut self, bench: &Bench) -> bool {
        if self.lab.bench == *bench {
            return false;
        }
        self.give_up_search();
        self.give_up_asking();
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
            opinions: std::mem::take(&mut self.opinions),
        };
        lab.shelf.push(shelved);
        if let Some(next) = next {
            lab.setup = next.setup;
            lab.scenario = next.scenario;
            lab.is_setup_newer = next.is_setup_newer;
            lab.issuers_elsewhere = next.issuers_elsewhere;
            self.repair = next.repair;
            self.opinions = next.opinions;
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
            self.go_to_bench(&None);
        }
        self.lab.shelf.retain(|one| one.bench != *bench);
    }

    /// Ends the run under way; its answer is not looked at.
    pub(in crate::state) fn forget_run(&mut self) {
        if let Some(older) = self.lab.request.take() {
            older.cancel.cancel();
        }
        self.lab.run = RunStatus::Idle;
    }

    pub(in crate::state::lab) fn cancel_run(&mut self) {
        if let RunStatus::Running { is_cancelled, .. } = &mut self.lab.run {
            *is_cancelled = true;
        }
        if let Some(request) = &self.lab.request {
            request.cancel.cancel();
        }
    }

    fn take_setup(&mut self, setup: Result<Box<Setup>, String>, scenario: Option<String>) -> Vec<Effect> {
        match setup {
            Ok(setup) => {
                // A scenario opens in a tab of its own: the user's files stay in theirs.
                if scenario.is_some() {
                    self.workshop.is_open = false;
                    self.go_to_bench(&scenario);
                }
                self.lab.setup = *setup;
                self.lab.is_opening = scenario.is_some() && !self.settings.shows_endings;
                self.lab.scenario = scenario;
                self.repair.applied.clear();
                let mut effects = self.setup_changed();
                effects.extend(self.run_anew());
                effects
            }
            Err(sentence) => {
                // An empty stage says it in its middle: once is enough.
                if self.active.is_none() && !self.is_running() {
                    self.lab.run = RunStatus::CouldNotBegin(sentence);
                } else {
                    self.notes.add(NoteKind::Trouble, sentence);
                }
                Vec::new()
            }
        }
    }

    fn take_run(&mut self, request: RunRequest, result: Result<Box<Ran>, RunError>) -> Vec<Effect> {
        self.lab.run = RunStatus::Idle;
        // Without a new run, what is on the stage is older than the set-up.
        self.lab.is_setup_newer |= result.is_err();
        match result {
            Ok(ran) => return self.show_run(request, *ran),
            Err(RunError::Lab(LabError::Cancelled)) => {
                self.notes.add(NoteKind::Told, "The run was cancelled.");
            }
            Err(RunError::Lab(error)) => self.could_not_begin(capitalised(&error.to_string())),
            Err(RunError::Worker(sentence)) => self.could_not_begin(sentence),
            Err(RunError::Files(refused)) => {
                for refused in refused {
                    // Its passphrase is asked for: that is all there is to say.
                    if let Some(closed) = refused.closed {
                        self.ask_for_passphrase(closed);
                        continue;
                    }
                    let sentence = refused.sentence;
                    self.notes
                        .add(NoteKind::Trouble, format!("Nothing was run. {sentence}"));
                    self.lab.setup.slot_mut(refused.side, refused.slot).error = Some(sentence);
                }
            }
        }
        Vec::new()
    }

    fn could_not_begin(&mut self, sentence: String) {
        self.lab.run = RunStatus::CouldNotBegin(sentence.clone());
        // An empty stage says it in its middle: once is enough.
        if self.active.is_some() {
            self.notes.add(NoteKind::Trouble, sentence);
        }
    }

    fn show_run(&mut self, request: RunRequest, ran: Ran) -> Vec<Effect> {
        let missed = ran
            .setup
            .fault
            .and_then(|fault| fault.missed(&ran.analysis.capture));
        if let Some(sentence) = missed {
            self.notes.add(NoteKind::Told, sentence);
        }
        for (side, slot, content) in ran.read_again {
            let here = self.lab.setup.slot_mut(side, slot);
            // The user may have put something else there while it ran.
            if here.source == content.source {
                *here = content;
            }
        }
        for side in Side::BOTH {
            let now = ran.setup.parties.of(side).policy.revocation.clone();
            lists::take_again(&mut self.lab.setup.sides.of_mut(side).policy.revocation, now);
        }
        self.lab.issuers_elsewhere = ran.issuers_elsewhere;
        let mut effects = self.judge_anew();
        self.has_run(ran.setup.clone(), &ran.analysis);
        effects.extend(self.search_fixes(ran.setup, &ran.analysis));
        if ran_into_trouble(&ran.analysis) && !request.is_opening {
            // Where the window is narrow the answer lies in a drawer: whoever ran this waits for it.
            self.settings.panels.pull_out_inspector();
        }
        let (title, notes) = request
            .told
            .unwrap_or_else(|| (title_of(&ran.analysis), String::new()));
        let analysis = std::sync::Arc::clone(&ran.analysis);
        // A packet capture that was named on the command line keeps the middle as well.
        let (list, lessons) = (self.packets.open, self.workshop.is_open);
        let opened = self
            .active
            .filter(|_| self.lab.is_first_run && self.document().is_some_and(|document| !document.is_lab()));
        self.show(Document {
            bench: self.lab.bench.clone(),
            look: request.is_opening.then(Look::before_the_first_step),
            ..Document::new(title, notes, ran.analysis)
        });
        self.lesson_ran(&analysis);
        if let Some(opened) = opened {
            self.activate(opened);
        }
        if self.lab.is_first_run {
            self.packets.open = list;
        }
        // A run that was begun before the list of lessons was opened leaves it open.
        self.workshop.is_open = lessons;
        if self.settings.asks_after_run {
            effects.extend(self.ask_stacks());
        }
        effects
    }
}

impl Lab {
    /// What belongs to runs whose tabs are not on the stage.
    pub(in crate::state) fn shelved_opinions(&self) -> impl Iterator<Item = &Opinions> {
        self.shelf.iter().map(|one| &one.opinions)
    }
}

/// Whether the run did not end well for both sides.
fn ran_into_trouble(analysis: &Analysis) -> bool {
    matches!(
        analysis.diagnosis.verdict,
        Verdict::Rejected | Verdict::Unfinished
    )
}
