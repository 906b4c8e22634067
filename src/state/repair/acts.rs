//! How fixes are searched for, shown, applied and taken back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Applied, FixResult, FixSearch, OfferedFix, RepairCommand, RepairDone, RepairJob};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::diagnose::Verdict;
use crate::experiment::repair::{self, Edit, Found, Progress};
use crate::setup::LabSetup;
use crate::state::documents::{Document, Trial};
use crate::state::effect::Effect;
use crate::state::features::{Done, Job, OnFailure};
use crate::state::lab::{Setup, SetupSlot, Source};
use crate::state::notes::NoteKind;
use crate::state::root::State;
use crate::state::tools::{Tools, analyse};

/// Progress is told at most so often: an eye sees no more.
const TELLS_EVERY: Duration = Duration::from_millis(50);

impl RepairJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> RepairDone {
        let here = tools.clone();
        tools.off_thread(move || self.search(&here)).await
    }

    fn search(&self, tools: &Tools) -> RepairDone {
        let ticket = self.ticket;
        let mut progress = Progress::default();
        let mut told = Instant::now();
        let mut tell = |now| {
            progress = now;
            if told.elapsed() >= TELLS_EVERY {
                told = Instant::now();
                tools.tell(Done::Repair(RepairDone::Progress { ticket, progress }));
            }
        };
        let mut budget = repair::Budget::default();
        if tools.clock.is_still() {
            // The number of runs is bound enough, and the same on every machine.
            budget.time = Duration::MAX;
        }
        let causes = &self.analysis.diagnosis.causes;
        let result = repair::search(&self.setup, causes, &self.cancel, &budget, &mut tell)
            .map(|found| FixResult::of(&found))
            .map_err(|error| error.to_string());
        RepairDone::Fixes {
            ticket,
            progress,
            result,
        }
    }

    pub(in crate::state) fn on_failure(&self) -> OnFailure {
        let ticket = self.ticket;
        Box::new(move |sentence| {
            Done::Repair(RepairDone::Fixes {
                ticket,
                progress: Progress::default(),
                result: Err(sentence),
            })
        })
    }
}

impl FixResult {
    /// From what a search found: every proof is analysed. Milliseconds of work.
    fn of(found: &Found) -> Self {
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
    pub(in crate::state) fn search_fixes(
        &mut self,
        ran: Box<LabSetup>,
        analysis: &Arc<Analysis>,
    ) -> Vec<Effect> {
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
        vec![Effect::Work(Job::Repair(RepairJob {
            ticket,
            setup: ran,
            analysis: Arc::clone(analysis),
            cancel,
        }))]
    }

    pub(in crate::state) fn give_up_search(&self) {
        if let Some(search) = &self.repair.search {
            search.cancel.cancel();
        }
    }

    pub(in crate::state) fn apply_repair(&mut self, command: &RepairCommand) -> Vec<Effect> {
        match command {
            RepairCommand::ApplyFix(index) => return self.apply_fix(*index),
            RepairCommand::UndoFix => return self.undo_fix(),
            RepairCommand::ShowProof(index) => self.show_proof(*index),
            RepairCommand::CancelFixes => self.give_up_search(),
        }
        Vec::new()
    }

    pub(in crate::state) fn absorb_repair(&mut self, done: RepairDone) -> Vec<Effect> {
        match done {
            RepairDone::Progress { ticket, progress } => {
                let search = self.search_with(ticket);
                if let Some(search) = search.filter(|search| search.result.is_none()) {
                    search.progress = progress;
                }
            }
            RepairDone::Fixes {
                ticket,
                progress,
                result,
            } => {
                let Some(search) = self.search_with(ticket) else {
                    return Vec::new();
                };
                search.progress = progress;
                match result {
                    Ok(found) => search.result = Some(found),
                    Err(sentence) => {
                        self.repair.search = None;
                        self.notes.add(NoteKind::Trouble, sentence);
                    }
                }
            }
        }
        Vec::new()
    }

    /// The search that an answer belongs to, unless it was given up for another.
    fn search_with(&mut self, ticket: u64) -> Option<&mut FixSearch> {
        self.repair
            .search
            .as_mut()
            .filter(|search| search.ticket == ticket)
    }

    fn offered(&self, index: usize) -> Option<OfferedFix> {
        let result = self.fix_search()?.result.as_ref()?;
        result.fixes.get(index).cloned()
    }

    /// Changes the set-up as the fix says, and runs it.
    fn apply_fix(&mut self, index: usize) -> Vec<Effect> {
        let offered = self.offered(index);
        offered.map_or_else(Vec::new, |offered| self.apply_offered(&offered))
    }

    /// Changes the set-up as a proven fix says, and runs it.
    pub(in crate::state) fn apply_offered(&mut self, offered: &OfferedFix) -> Vec<Effect> {
        if self.is_running() {
            return Vec::new();
        }
        let before = self.lab.setup.clone();
        self.repair.applied.push(Applied {
            words: offered.fix.summary(),
            scenario: self.lab.scenario.take(),
            before: before.clone(),
        });
        self.lab.setup = with_edits(&before, &offered.fix.edits);
        self.run_changed()
    }

    /// Puts the set-up back as it was before the last fix, and runs it.
    fn undo_fix(&mut self) -> Vec<Effect> {
        if self.is_running() {
            return Vec::new();
        }
        let Some(applied) = self.repair.applied.pop() else {
            return Vec::new();
        };
        self.lab.setup = applied.before;
        self.lab.scenario = applied.scenario;
        self.run_changed()
    }

    fn run_changed(&mut self) -> Vec<Effect> {
        let mut effects = self.setup_changed();
        effects.extend(self.run_anew());
        effects
    }

    /// The run that proves a fix takes the stage, in a tab of its own.
    fn show_proof(&mut self, index: usize) {
        let Some(offered) = self.offered(index) else {
            return;
        };
        let title = "Proof of the fix".to_owned();
        self.show(Document {
            trial: Some(Trial::Fix),
            ..Document::new(title, offered.fix.summary(), offered.proof)
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
    changed.passphrases = setup.passphrases.clone();
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
