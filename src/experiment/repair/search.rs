//! The search: single edits, then pairs, each decided by a real run of both stacks.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::candidates::candidates;
use super::{Edit, ProvenFix, commands, words};
use crate::cancel::Cancel;
use crate::capture::{Capture, Side, VerdictCode};
use crate::diagnose::Cause;
use crate::experiment::hand;
use crate::setup::LabSetup;
use crate::source::lab::{self, LabError};

/// How long a side waits in a trial. Both ends live in this process and nothing travels: once neither moves, neither
/// ever will.
const TRIAL_TIMEOUT_MS: u64 = 25;

/// How far a search may go.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Runs, the first included.
    pub runs: usize,
    /// Time in all.
    pub time: Duration,
    /// More fixes than this are not kept.
    pub fixes: usize,
}

impl Budget {
    /// For whoever waits in a terminal, or a pipeline on a busy machine: what is found does not hang on a few seconds there.
    pub const PATIENT: Self = Self {
        runs: 600,
        time: Duration::from_secs(30),
        fixes: 4,
    };
}

impl Default for Budget {
    /// For a window, where somebody looks on.
    fn default() -> Self {
        Self {
            time: Duration::from_secs(3),
            ..Self::PATIENT
        }
    }
}

/// How far a search is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Set-ups that were run.
    pub tried: usize,
    /// Those that succeeded.
    pub succeeded: usize,
}

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Smallest first. Each was run, and both sides accepted.
    pub fixes: Vec<ProvenFix>,
    /// Set-ups that were run.
    pub tried: usize,
    /// Those that succeeded; more than `fixes` where not all were kept.
    pub succeeded: usize,
    /// Time in all.
    pub took: Duration,
    /// The budget ended it, or the user did, before everything was tried.
    pub is_cut_short: bool,
}

/// Searches edits that make `setup` succeed. Blocks: call it off the UI thread. `causes` only guide the order in which
/// edits are tried. A set-up that works already has nothing to mend: nothing is tried.
pub fn search(
    setup: &LabSetup,
    causes: &[Cause],
    cancel: &Cancel,
    budget: &Budget,
    progress: &mut dyn FnMut(Progress),
) -> Result<Found, LabError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| LabError::Start {
            words: error.to_string(),
        })?;
    let mut bench = Bench {
        runtime,
        cancel,
        budget,
        began: Instant::now(),
        seen: HashSet::new(),
        now_unix_s: setup.wall_clock.unix_s(),
        found: Found::default(),
        progress,
    };
    let base = bench.outcome(setup);
    bench.seen.insert(setup.fingerprint());
    if !matches!(base, Outcome::Works(_)) {
        bench.singles_then_pairs(setup, causes, &base);
    }
    let mut found = bench.found;
    found.took = bench.began.elapsed();
    found.is_cut_short |= cancel.is_cancelled();
    // A stable sort: among equals, what was likely came first.
    found.fixes.sort_by_key(|fix| (fix.size(), rank(&fix.edits)));
    found.fixes.truncate(budget.fixes);
    Ok(found)
}

fn rank(edits: &[Edit]) -> u32 {
    edits.iter().map(Edit::rank).sum()
}

/// What came of one run, as far as the search needs it.
enum Outcome {
    Works(Box<Capture>),
    /// What each stack concluded: another fault than before means that something changed.
    Fails(Option<VerdictCode>, Option<VerdictCode>),
    CouldNotBegin,
}

impl Outcome {
    fn differs(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Fails(client, server), Self::Fails(old_client, old_server)) => {
                (client, server) != (old_client, old_server)
            }
            (Self::CouldNotBegin, Self::CouldNotBegin) => false,
            _ => true,
        }
    }
}

/// An edit that did not suffice, and what it led to.
struct Half {
    edit: Edit,
    setup: LabSetup,
    has_changed_something: bool,
}

struct Bench<'a> {
    runtime: tokio::runtime::Runtime,
    cancel: &'a Cancel,
    budget: &'a Budget,
    began: Instant,
    /// Set-ups that were run: no two edits that lead to the same are tried.
    seen: HashSet<u64>,
    now_unix_s: i64,
    found: Found,
    progress: &'a mut dyn FnMut(Progress),
}

impl Bench<'_> {
    fn singles_then_pairs(&mut self, base: &LabSetup, causes: &[Cause], was: &Outcome) {
        let mut halves = Vec::new();
        for edit in candidates(base, causes, self.now_unix_s) {
            let setup = edit.apply(base);
            let Some(outcome) = self.try_out(&setup) else {
                if self.found.is_cut_short {
                    return;
                }
                continue;
            };
            let has_changed_something = outcome.differs(was);
            if let Outcome::Works(proof) = outcome {
                self.keep(base, vec![edit], &setup, *proof);
            } else {
                halves.push(Half {
                    edit,
                    setup,
                    has_changed_something,
                });
            }
        }
        if !self.found.fixes.is_empty() {
            return;
        }
        // What brought another fault to light has mended one: its pairs come first.
        halves.sort_by_key(|half| !half.has_changed_something);
        for half in &halves {
            for edit in candidates(&half.setup, causes, self.now_unix_s) {
                let setup = edit.apply(&half.setup);
                let Some(outcome) = self.try_out(&setup) else {
                    if self.found.is_cut_short {
                        return;
                    }
                    continue;
                };
                if let Outcome::Works(proof) = outcome {
                    self.keep(base, vec![half.edit.clone(), edit], &setup, *proof);
                }
            }
        }
    }

    /// Runs a set-up unless it was run before; `None` then, and where nothing more may be run.
    fn try_out(&mut self, setup: &LabSetup) -> Option<Outcome> {
        let is_over = self.found.tried >= self.budget.runs
            || self.began.elapsed() >= self.budget.time
            || self.cancel.is_cancelled();
        if is_over {
            self.found.is_cut_short = true;
            return None;
        }
        if !self.seen.insert(setup.fingerprint()) {
            return None;
        }
        self.found.tried += 1;
        let outcome = self.outcome(setup);
        self.found.succeeded += usize::from(matches!(outcome, Outcome::Works(_)));
        (self.progress)(Progress {
            tried: self.found.tried,
            succeeded: self.found.succeeded,
        });
        Some(outcome)
    }

    fn outcome(&self, setup: &LabSetup) -> Outcome {
        let mut setup = setup.clone();
        setup.timeout_ms = setup.timeout_ms.min(TRIAL_TIMEOUT_MS);
        match self.runtime.block_on(lab::run(&setup, self.cancel)) {
            Ok(capture) if hand::is_accepted(&capture) => Outcome::Works(Box::new(capture)),
            Ok(capture) => {
                let code = |side: Side| {
                    let verdict = capture.sides.of(side).verdict.as_ref();
                    verdict.map(|verdict| verdict.code)
                };
                Outcome::Fails(code(Side::Client), code(Side::Server))
            }
            Err(_) => Outcome::CouldNotBegin,
        }
    }

    fn keep(&mut self, base: &LabSetup, edits: Vec<Edit>, after: &LabSetup, proof: Capture) {
        let mut before = base.clone();
        let mut sentences = Vec::new();
        for edit in &edits {
            sentences.push(words::words(edit, &before));
            before = edit.apply(&before);
        }
        let mut cautions: Vec<String> = Vec::new();
        for caution in edits.iter().filter_map(|edit| words::caution(edit, after)) {
            if !cautions.contains(&caution) {
                cautions.push(caution);
            }
        }
        self.found.fixes.push(ProvenFix {
            words: sentences,
            cautions,
            commands: commands::commands(&edits, base, after),
            edits,
            proof: Arc::new(proof),
        });
    }
}
