//! Proven fixes of the run on the stage: how the search goes, what it found, one click to apply and one to undo.

use std::sync::Arc;
use std::time::Duration;

use super::document::Document;
use super::effect::Effect;
use super::job::Job;
use super::notes::NoteKind;
use super::root::State;
use super::setup::Setup;
use super::slot::Source;
use super::{Command, SetupSlot};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::diagnose::Verdict;
use crate::experiment::repair::{Edit, Found, Progress, ProvenFix};
use crate::source::lab::LabSetup;

/// The search for the lab's last failing run, and what was applied since.
#[derive(Debug, Default)]
pub struct Repair {
    /// The search; `None` before the first failing run.
    pub search: Option<FixSearch>,
    /// What was applied, oldest first; each can be undone in its turn.
    pub applied: Vec<Applied>,
}

/// One search.
#[derive(Debug)]
pub struct FixSearch {
    /// The failing run.
    pub of: Arc<Analysis>,
    /// Ends it.
    pub(super) cancel: Cancel,
    /// Which asking.
    pub ticket: u64,
    /// How far it is.
    pub progress: Progress,
    /// What it found; `None` while it goes on.
    pub result: Option<FixResult>,
}

/// What a search found.
#[derive(Debug)]
pub struct FixResult {
    /// Smallest first.
    pub fixes: Vec<OfferedFix>,
    /// Time in all.
    pub took: Duration,
    /// Not everything was tried.
    pub is_cut_short: bool,
}

/// A fix with the run that proves it, ready for the stage.
#[derive(Clone, Debug)]
pub struct OfferedFix {
    /// The fix.
    pub fix: Arc<ProvenFix>,
    /// Its proof.
    pub proof: Arc<Analysis>,
}

/// A fix that was applied, with what it replaced.
#[derive(Debug)]
pub struct Applied {
    /// What was done.
    pub words: String,
    before: Setup,
    scenario: Option<String>,
}

impl FixResult {
    /// From what a search found: every proof is analysed. Milliseconds of work.
    pub(super) fn of(found: &Found, analyse: impl Fn(Arc<crate::capture::Capture>) -> Analysis) -> Self {
        Self {
            fixes: found
                .fixes
                .iter()
                .map(|fix| OfferedFix {
                    proof: Arc::new(analyse(Arc::clone(&fix.proof))),
                    fix: Arc::new(fix.clone()),
                })
                .collect(),
            took: found.took,
            is_cut_short: found.is_cut_short,
        }
    }
}

impl State {
    /// The search that belongs to what is on the stage.
    pub fn fix_search(&self) -> Option<&FixSearch> {
        let on_stage = self.analysis()?;
        self.repair
            .search
            .as_ref()
            .filter(|search| Arc::ptr_eq(&search.of, on_stage))
    }

    /// A run ended: where it failed, fixes are searched for what was run. An older search is given up.
    pub(super) fn search_fixes(&mut self, ran: Box<LabSetup>, analysis: &Arc<Analysis>) -> Vec<Effect> {
        self.give_up_search();
        self.repair.search = None;
        if analysis.diagnosis.verdict == Verdict::Accepted {
            return Vec::new();
        }
        let cancel = Cancel::default();
        let ticket = self.ticket();
        self.repair.search = Some(FixSearch {
            of: Arc::clone(analysis),
            cancel: cancel.clone(),
            ticket,
            progress: Progress::default(),
            result: None,
        });
        vec![Effect::Work(Job::FindFixes {
            ticket,
            setup: ran,
            analysis: Arc::clone(analysis),
            cancel,
        })]
    }

    pub(super) fn give_up_search(&self) {
        if let Some(search) = &self.repair.search {
            search.cancel.cancel();
        }
    }

    pub(super) fn take_fix_progress(&mut self, ticket: u64, progress: Progress) {
        let search = self.repair.search.as_mut();
        if let Some(search) = search.filter(|search| search.ticket == ticket && search.result.is_none()) {
            search.progress = progress;
        }
    }

    pub(super) fn take_fixes(&mut self, ticket: u64, progress: Progress, result: Result<FixResult, String>) {
        let search = self.repair.search.as_mut();
        let Some(search) = search.filter(|search| search.ticket == ticket) else {
            return;
        };
        search.progress = progress;
        match result {
            Ok(result) => search.result = Some(result),
            Err(sentence) => {
                self.repair.search = None;
                self.notes.add(NoteKind::Trouble, sentence);
            }
        }
    }

    fn offered(&self, index: usize) -> Option<OfferedFix> {
        let result = self.fix_search()?.result.as_ref()?;
        result.fixes.get(index).cloned()
    }

    /// Changes the set-up as the fix says, and runs it.
    pub(super) fn apply_fix(&mut self, index: usize) -> Vec<Effect> {
        let Some(offered) = self.offered(index).filter(|_| !self.is_running()) else {
            return Vec::new();
        };
        let before = self.setup.clone();
        self.repair.applied.push(Applied {
            words: offered.fix.summary(),
            scenario: self.scenario.take(),
            before: before.clone(),
        });
        self.setup = with_edits(&before, &offered.fix.edits);
        self.run_changed()
    }

    /// Puts the set-up back as it was before the last fix, and runs it.
    pub(super) fn undo_fix(&mut self) -> Vec<Effect> {
        if self.is_running() {
            return Vec::new();
        }
        let Some(applied) = self.repair.applied.pop() else {
            return Vec::new();
        };
        self.setup = applied.before;
        self.scenario = applied.scenario;
        self.run_changed()
    }

    fn run_changed(&mut self) -> Vec<Effect> {
        let mut effects = self.setup_changed();
        effects.extend(self.apply(Command::Run));
        effects
    }

    /// The run that proves a fix takes the stage, in a tab of its own.
    pub(super) fn show_proof(&mut self, index: usize) {
        let Some(offered) = self.offered(index) else {
            return;
        };
        self.show(Document {
            title: "Proof of the fix".to_owned(),
            notes: offered.fix.summary(),
            path: None,
            connection: None,
            is_proof: true,
            analysis: offered.proof,
            is_dirty: true,
        });
    }
}

/// The set-up with these edits. A slot that they do not touch stays as it is; one that they do keeps to its certificates,
/// one by one, when its files are read again.
fn with_edits(setup: &Setup, edits: &[Edit]) -> Setup {
    let lab = edits
        .iter()
        .fold(setup.to_lab(), |setup, edit| edit.apply(&setup));
    let mut changed = Setup::from_lab(lab);
    changed.is_server_name_chosen = setup.is_server_name_chosen || changed.server_name != setup.server_name;
    for side in Side::BOTH {
        for slot in SetupSlot::ALL {
            let old = setup.slot(side, slot);
            let new = changed.slot_mut(side, slot);
            let is_same = old.certificates == new.certificates
                && old.key.as_ref().map(|key| &key.key.public_key)
                    == new.key.as_ref().map(|key| &key.key.public_key);
            if is_same {
                *new = old.clone();
            } else {
                new.is_picked = matches!(new.source, Source::File(_));
                if old.source == Source::Pasted && new.source == Source::BuiltIn {
                    new.source = Source::Pasted;
                }
            }
        }
    }
    changed
}
