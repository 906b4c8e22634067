//! What all accept: the edits of a proven fix, each run here and then shown to every stack that was asked.

use std::collections::HashSet;
use std::time::Instant;

use super::candidates::candidates;
use super::search::{TRIAL_TIMEOUT_MS, proven};
use super::{Budget, Edit, Progress, ProvenFix};
use crate::cancel::Cancel;
use crate::capture::{Capture, Side};
use crate::diagnose::Cause;
use crate::experiment::hand;
use crate::opinion::{Presence, Question};
use crate::setup::LabSetup;
use crate::source::lab;
use crate::stack::Stack;

/// A stack that gave a verdict on the set-up as it is.
#[derive(Clone, Debug)]
pub struct Voter {
    /// Which.
    pub stack: Stack,
    /// Where it is.
    pub presence: Presence,
    /// As whom it was asked.
    pub judge: Side,
    /// What it said.
    pub accepts: bool,
}

/// What came of the search.
#[derive(Clone, Debug, Default)]
pub struct Agreed {
    /// The first edit, or pair of edits, that all accept.
    pub fix: Option<ProvenFix>,
    /// Set-ups that were run.
    pub tried: usize,
    /// Not everything was tried.
    pub is_cut_short: bool,
}

/// How a stack is asked: whether it takes the chain, `None` where it gives no verdict.
pub type Ask<'a> = dyn FnMut(&Question, &Voter) -> Option<bool> + 'a;

/// Searches edits that both sides of the run and all of the voters accept. Blocks: call it off the UI thread. A stack that
/// gives no verdict on an edited set-up has not accepted it.
pub fn agree(
    setup: &LabSetup,
    causes: &[Cause],
    voters: &[Voter],
    (cancel, budget): (&Cancel, &Budget),
    ask: &mut Ask<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Agreed {
    let mut search = Search {
        base_is_refused: accepted(setup, cancel).is_none(),
        base: setup,
        causes,
        voters,
        cancel,
        budget,
        began: Instant::now(),
        seen: HashSet::from([setup.fingerprint()]),
        ask,
        progress,
        agreed: Agreed::default(),
    };
    search.singles_then_pairs();
    search.agreed.is_cut_short |= search.agreed.fix.is_none() && search.is_over();
    search.agreed
}

/// How an edited set-up fared.
enum Fared {
    /// Everybody took it.
    Agreed(Box<Capture>),
    /// So many of those who refused before take it now; a run that refuses takes part in the count.
    Refused(usize),
}

struct Search<'a> {
    base: &'a LabSetup,
    base_is_refused: bool,
    causes: &'a [Cause],
    voters: &'a [Voter],
    cancel: &'a Cancel,
    budget: &'a Budget,
    began: Instant,
    seen: HashSet<u64>,
    ask: &'a mut Ask<'a>,
    progress: &'a mut dyn FnMut(Progress),
    agreed: Agreed,
}

impl Search<'_> {
    fn is_over(&self) -> bool {
        self.agreed.tried >= self.budget.runs
            || self.began.elapsed() >= self.budget.time
            || self.cancel.is_cancelled()
    }

    fn candidates(&self, setup: &LabSetup) -> Vec<Edit> {
        let weight = 16 + hand::all(setup).count();
        let now_unix_s = setup.wall_clock.unix_s();
        candidates(setup, self.causes, now_unix_s, self.budget.work / weight).0
    }

    fn singles_then_pairs(&mut self) {
        let mut halves: Vec<(Edit, LabSetup, usize)> = Vec::new();
        for edit in self.candidates(self.base) {
            let setup = edit.apply(self.base);
            match self.try_out(&setup) {
                Some(Fared::Agreed(proof)) => return self.keep(vec![edit], &setup, *proof),
                Some(Fared::Refused(won)) => halves.push((edit, setup, won)),
                None if self.is_over() => return,
                None => {}
            }
        }
        // What won somebody over comes first; a pair of edits of which neither did is not tried with other programs.
        halves.retain(|(.., won)| *won > 0);
        halves.sort_by_key(|(.., won)| std::cmp::Reverse(*won));
        for (first, half, _) in halves {
            for edit in self.candidates(&half) {
                let setup = edit.apply(&half);
                match self.try_out(&setup) {
                    Some(Fared::Agreed(proof)) => return self.keep(vec![first, edit], &setup, *proof),
                    None if self.is_over() => return,
                    Some(Fared::Refused(_)) | None => {}
                }
            }
        }
    }

    fn keep(&mut self, edits: Vec<Edit>, after: &LabSetup, proof: Capture) {
        self.agreed.fix = Some(proven(self.base, edits, after, proof));
    }

    /// Runs a set-up unless it was run before, and shows it to the stacks: those first who refused, for they decide.
    fn try_out(&mut self, setup: &LabSetup) -> Option<Fared> {
        if self.is_over() || !self.seen.insert(setup.fingerprint()) {
            return None;
        }
        self.agreed.tried += 1;
        (self.progress)(Progress {
            tried: self.agreed.tried,
            succeeded: 0,
        });
        let proof = accepted(setup, self.cancel)?;
        let mut won = usize::from(self.base_is_refused);
        let (refused, took): (Vec<&Voter>, Vec<&Voter>) = self.voters.iter().partition(|one| !one.accepts);
        for voter in refused.into_iter().chain(took) {
            if self.cancel.is_cancelled() {
                return None;
            }
            if !self.takes(setup, voter) {
                return Some(Fared::Refused(won));
            }
            won += usize::from(!voter.accepts);
        }
        Some(Fared::Agreed(Box::new(proof)))
    }

    fn takes(&mut self, setup: &LabSetup, voter: &Voter) -> bool {
        // A chain that nobody shows or judges any more was not accepted.
        let Some(question) = Question::of_pair(setup, voter.judge) else {
            return false;
        };
        let before = Question::of_pair(self.base, voter.judge);
        if before.is_some_and(|before| before.is_same(&question)) {
            return voter.accepts;
        }
        (self.ask)(&question, voter) == Some(true)
    }
}

/// The run in which both sides accepted, if they did.
fn accepted(setup: &LabSetup, cancel: &Cancel) -> Option<Capture> {
    let mut trial = setup.clone();
    trial.timeout_ms = trial.timeout_ms.min(TRIAL_TIMEOUT_MS);
    lab::run_blocking(&trial, cancel).ok().filter(hand::is_accepted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::CertificateFacts;
    use crate::scenario;

    fn setup() -> LabSetup {
        let mut setup = scenario::find("good-tls13")
            .expect("there")
            .setup(1_790_000_000)
            .expect("made");
        setup.wall_clock = crate::clock::Clock::still(1_790_000_000);
        // The client sends its root along: rustls takes that.
        let root = setup.parties.server.trust[0].clone();
        let identity = setup.parties.client.identity.as_mut().expect("an identity");
        identity.chain.push(root);
        setup
    }

    fn voter(stack: Stack, judge: Side, accepts: bool) -> Voter {
        let presence = Presence::Installed {
            program: "/usr/bin/stack".into(),
            version: "1".to_owned(),
        };
        Voter {
            stack,
            presence,
            judge,
            accepts,
        }
    }

    fn sends_root(question: &Question) -> bool {
        let is_root = |der: &crate::pki::Der| {
            CertificateFacts::from_der(der).is_ok_and(|facts| facts.subject_der == facts.issuer_der)
        };
        question.chain.iter().any(|one| is_root(&one.der))
    }

    fn searched(setup: &LabSetup, voters: &[Voter], ask: &mut Ask<'_>) -> Agreed {
        let cancel = Cancel::default();
        agree(setup, &[], voters, (&cancel, &Budget::PATIENT), ask, &mut |_| {})
    }

    #[test]
    fn what_is_found_was_taken_by_the_run_and_by_every_voter() {
        let setup = setup();
        let voters = [
            voter(Stack::Go, Side::Server, false),
            voter(Stack::Java, Side::Server, true),
            voter(Stack::Go, Side::Client, true),
        ];
        let mut asked: Vec<(Stack, Side)> = Vec::new();
        let found = searched(&setup, &voters, &mut |question, voter| {
            asked.push((voter.stack, voter.judge));
            Some(voter.stack != Stack::Go || !sends_root(question))
        });
        let fix = found.fix.expect("the root is left out");
        assert!(
            matches!(fix.edits[..], [Edit::DropFromChain { .. }]),
            "{:?}",
            fix.edits
        );
        assert!(hand::is_accepted(&fix.proof));
        assert!(
            asked.contains(&(Stack::Java, Side::Server)),
            "everybody was asked again"
        );
        assert!(
            !asked.contains(&(Stack::Go, Side::Client)),
            "of what was not changed the answer is known"
        );
    }

    #[test]
    fn no_verdict_is_no_consent_and_the_bound_holds() {
        let setup = setup();
        let voters = [voter(Stack::Go, Side::Server, false)];
        let found = searched(&setup, &voters, &mut |_, _| None);
        assert!(found.fix.is_none() && found.tried > 0 && !found.is_cut_short);
        let cancel = Cancel::default();
        let budget = Budget {
            runs: 1,
            ..Budget::PATIENT
        };
        let found = agree(
            &setup,
            &[],
            &voters,
            (&cancel, &budget),
            &mut |_, _| Some(false),
            &mut |_| {},
        );
        assert!(found.fix.is_none() && found.tried == 1 && found.is_cut_short);
    }
}
