//! The lab's part of the state, and its runs: one at a time, each answering the request that began it.

use std::time::{Duration, Instant};

use super::job::{LabDone, LabJob, Ran, RunError, ScenarioCard};
use super::lists;
use super::setup::Setup;
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::fetch::{Place, missing_issuers};
use crate::pki::{Der, LoadedCertificate};
use crate::setup::LabSetup;
use crate::source::lab::LabError;
use crate::state::documents::Document;
use crate::state::effect::Effect;
use crate::state::features::Job;
use crate::state::notes::NoteKind;
use crate::state::repair::Repair;
use crate::state::root::State;
use crate::state::settings::SlotFile;

/// The set-up and its runs.
#[derive(Debug, Default)]
pub struct Lab {
    /// What the left panel shows.
    pub setup: Setup,
    /// Whether a handshake is running.
    pub run: RunStatus,
    /// The set-up is no longer what the last run was made of.
    pub is_setup_newer: bool,
    /// Of the last run: issuers that nobody here has, where they are said to be, and who judges.
    pub issuers_elsewhere: Vec<(Side, Place)>,
    /// The scenarios that the gallery shows.
    pub scenarios: Vec<ScenarioCard>,
    /// The scenario that the set-up came from; `None` once it was something else.
    pub scenario: Option<String>,
    /// The files of the last time, to offer them again; empty once they were taken or declined.
    pub last_files: Vec<SlotFile>,
    /// When the changed set-up runs by itself.
    pub(in crate::state) run_due: Option<Instant>,
    /// Which of the lab's tabs the set-up belongs to.
    pub bench: Bench,
    /// What belongs to the other tabs.
    pub(in crate::state) shelf: Vec<Shelved>,
    /// The run under way began by itself at the start: a session that the user opened keeps the stage.
    pub(in crate::state) is_first_run: bool,
    /// The run under way: an answer to an older request changes nothing.
    pub(in crate::state) request: Option<RunRequest>,
    /// The last request for the dots.
    pub(in crate::state) fit_ticket: u64,
    /// The last request for a set-up; 0 for the one at the start.
    pub(in crate::state) mint_ticket: u64,
}

/// A changed set-up is left alone for so long before it runs by itself.
pub(super) const RUNS_AFTER: Duration = Duration::from_millis(150);

impl Lab {
    /// The request whose run is under way.
    pub fn run_ticket(&self) -> Option<u64> {
        self.request.as_ref().map(|request| request.ticket)
    }
}

/// What a run was begun for. Its result bears this title, whatever was loaded meanwhile.
#[derive(Debug)]
pub(in crate::state) struct RunRequest {
    ticket: u64,
    /// Title and notes of the scenario that was run.
    told: Option<(String, String)>,
    /// Ends it.
    cancel: Cancel,
}

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

/// Whether a handshake is running.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RunStatus {
    /// Identities are being minted, nothing has run yet.
    #[default]
    Starting,
    /// Nothing is under way.
    Idle,
    /// A handshake is under way.
    Running {
        /// Since when.
        since: Instant,
        /// The user asked it to end.
        is_cancelled: bool,
    },
    /// The last run could not begin, and why.
    CouldNotBegin(String),
}

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
        let card = self
            .lab
            .scenario
            .as_ref()
            .and_then(|id| self.lab.scenarios.iter().find(|card| card.id == *id));
        self.lab.request = Some(RunRequest {
            ticket,
            told: card.map(|card| (card.title.clone(), card.look_for.clone())),
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

    pub(super) fn cancel_run(&mut self) {
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
                    self.go_to_bench(&scenario);
                }
                self.lab.setup = *setup;
                self.lab.scenario = scenario;
                self.repair.applied.clear();
                let mut effects = self.setup_changed();
                effects.extend(self.run_anew());
                effects
            }
            Err(sentence) => {
                if self.active.is_none() && !self.is_running() {
                    self.lab.run = RunStatus::CouldNotBegin(sentence.clone());
                }
                self.notes.add(NoteKind::Trouble, sentence);
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
            Err(RunError::Lab(error)) => self.could_not_begin(sentence_case(&error.to_string())),
            Err(RunError::Worker(sentence)) => self.could_not_begin(sentence),
            Err(RunError::Files(refused)) => {
                for (side, slot, sentence) in refused {
                    self.notes
                        .add(NoteKind::Trouble, format!("Nothing was run. {sentence}"));
                    self.lab.setup.slot_mut(side, slot).error = Some(sentence);
                }
            }
        }
        Vec::new()
    }

    fn could_not_begin(&mut self, sentence: String) {
        self.lab.run = RunStatus::CouldNotBegin(sentence.clone());
        self.notes.add(NoteKind::Trouble, sentence);
    }

    fn show_run(&mut self, request: RunRequest, ran: Ran) -> Vec<Effect> {
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
        effects.extend(self.search_fixes(ran.setup, &ran.analysis));
        let (title, notes) = request
            .told
            .unwrap_or_else(|| (title_of(&ran.analysis), String::new()));
        // A packet capture that was named on the command line keeps the middle as well.
        let list = self.packets.open;
        let opened = self
            .active
            .filter(|_| self.lab.is_first_run && self.document().is_some_and(|document| !document.is_lab()));
        self.show(Document {
            bench: self.lab.bench.clone(),
            ..Document::new(title, notes, ran.analysis)
        });
        if let Some(opened) = opened {
            self.activate(opened);
        }
        if self.lab.is_first_run {
            self.packets.open = list;
        }
        effects
    }
}

/// Issuers that nobody here has, and where the certificates say they are; each with who judges.
pub(super) fn issuers_elsewhere(lab: &LabSetup) -> Vec<(Side, Place)> {
    let chains = Side::BOTH.map(|side| {
        let identity = lab.parties.of(side).identity.as_ref();
        identity.map_or(&[][..], |identity| &identity.chain)
    });
    let trusted = Side::BOTH.map(|side| lab.parties.of(side).trust.as_slice());
    let ders = |all: &[&'_ [LoadedCertificate]]| -> Vec<Der> {
        all.iter().copied().flatten().map(|one| one.der.clone()).collect()
    };
    let at_hand = ders(&[chains[0], chains[1], trusted[0], trusted[1], &lab.known]);
    let at_hand: Vec<&[u8]> = at_hand.iter().map(Der::as_bytes).collect();
    Side::BOTH
        .into_iter()
        .zip(chains)
        .flat_map(|(sender, chain)| {
            let chain: Vec<&[u8]> = chain.iter().map(|one| one.der.as_bytes()).collect();
            let places = missing_issuers(&chain, &at_hand);
            places.into_iter().map(move |place| (sender.peer(), place))
        })
        .collect()
}

/// `orders → payments` for a run of one's own.
fn title_of(analysis: &Analysis) -> String {
    let name = |side: Side| {
        let label = analysis.capture.sides.of(side).label.clone();
        label.unwrap_or_else(|| side.word().to_owned())
    };
    format!("{} → {}", name(Side::Client), name(Side::Server))
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
