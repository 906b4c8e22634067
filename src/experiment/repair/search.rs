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
pub(super) const TRIAL_TIMEOUT_MS: u64 = 25;

/// How far a search may go.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Runs, the first included.
    pub runs: usize,
    /// Time in all.
    pub time: Duration,
    /// More fixes than this are not kept.
    pub fixes: usize,
    /// Certificates that are handled in all, in every set-up that is made or run: a thousand CAs make each try dear.
    pub work: usize,
}

impl Budget {
    /// For whoever waits in a terminal, or a pipeline on a busy machine: what is found does not hang on a few seconds there.
    pub const PATIENT: Self = Self {
        runs: 600,
        time: Duration::from_secs(30),
        fixes: 4,
        work: 600_000,
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
    /// It was the work that ended it: there are too many certificates for every edit to be tried.
    pub is_too_much_work: bool,
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
        work: 0,
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

/// What one try costs: a run, and every certificate that is copied, compared and loaded for it.
fn weight(setup: &LabSetup) -> usize {
    16 + hand::all(setup).count()
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
    /// Certificates that were handled.
    work: usize,
    now_unix_s: i64,
    found: Found,
    progress: &'a mut dyn FnMut(Progress),
}

impl Bench<'_> {
    fn singles_then_pairs(&mut self, base: &LabSetup, causes: &[Cause], was: &Outcome) {
        let mut halves = Vec::new();
        for edit in self.candidates(base, causes) {
            let setup = edit.apply(base);
            let Some(outcome) = self.try_out(&setup) else {
                if self.is_over() {
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
            for edit in self.candidates(&half.setup, causes) {
                let setup = edit.apply(&half.setup);
                let Some(outcome) = self.try_out(&setup) else {
                    if self.is_over() {
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

    /// Whether nothing more may be run.
    fn is_over(&self) -> bool {
        self.found.tried >= self.budget.runs
            || self.work > self.budget.work
            || self.began.elapsed() >= self.budget.time
            || self.cancel.is_cancelled()
    }

    /// What is worth a run, as far as there is work left to make it.
    fn candidates(&mut self, setup: &LabSetup, causes: &[Cause]) -> Vec<Edit> {
        let left = self.budget.work.saturating_sub(self.work);
        let most = left / weight(setup);
        let (edits, made) = candidates(setup, causes, self.now_unix_s, most);
        self.work += made * weight(setup);
        if made == most {
            self.ran_out_of_work();
        }
        edits
    }

    fn ran_out_of_work(&mut self) {
        self.found.is_cut_short = true;
        self.found.is_too_much_work = true;
    }

    /// Runs a set-up unless it was run before; `None` then, and where nothing more may be run.
    fn try_out(&mut self, setup: &LabSetup) -> Option<Outcome> {
        if self.is_over() {
            self.found.is_cut_short = true;
            return None;
        }
        if !self.seen.insert(setup.fingerprint()) {
            return None;
        }
        self.work += weight(setup);
        if self.work > self.budget.work {
            self.ran_out_of_work();
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
        self.found.fixes.push(proven(base, edits, after, proof));
    }
}

/// Edits that were run, in words and commands.
pub(super) fn proven(base: &LabSetup, edits: Vec<Edit>, after: &LabSetup, proof: Capture) -> ProvenFix {
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
    ProvenFix {
        words: sentences,
        cautions,
        commands: commands::commands(&edits, base, after),
        edits,
        proof: Arc::new(proof),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::pki::LoadedCertificate;
    use crate::scenario;

    /// CAs of one name, each another certificate.
    fn many(one: &LoadedCertificate, count: usize) -> Vec<LoadedCertificate> {
        (0..count)
            .map(|number| {
                let mut bytes = one.der.to_vec();
                let at = bytes.len() - 2;
                for (byte, value) in bytes.iter_mut().skip(at).zip((number as u16).to_be_bytes()) {
                    *byte ^= value;
                }
                LoadedCertificate {
                    der: bytes.into(),
                    ..one.clone()
                }
            })
            .collect()
    }

    /// Work is counted, not timed: with a hundred times the certificates a hundredth as much is tried.
    #[test]
    fn a_thousand_cas_of_one_name_are_not_all_tried() {
        let tried = |count: usize| {
            let mut setup = scenario::find("root-rotated")
                .expect("there")
                .setup(1_790_000_000)
                .expect("made");
            let chain = setup.chain(Side::Server).to_vec();
            let issuer = chain.last().expect("a chain").clone();
            setup.known = many(&issuer, count);
            setup.parties.client.trust = many(&setup.parties.server.trust[0].clone(), count)
                .into_iter()
                .skip(1)
                .collect();
            let capture = lab::run_blocking(&setup, &Cancel::default()).expect("it runs");
            let causes = Analysis::of(Arc::new(capture)).diagnosis.causes;
            search(&setup, &causes, &Cancel::default(), &Budget::PATIENT, &mut |_| {}).expect("searched")
        };
        let few = tried(3);
        assert!(!few.is_too_much_work, "{few:?}");
        let many = tried(1_000);
        assert!(many.is_too_much_work && many.is_cut_short);
        assert!(many.tried <= Budget::PATIENT.work / 2_000, "{}", many.tried);
    }
}
