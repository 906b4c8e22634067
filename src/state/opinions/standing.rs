//! Who differs from the run, who agrees, and who counts for nothing.

use super::{Asked, Own, Round, Row};
use crate::analysis::Analysis;
use crate::capture::{EventKind, Side};
use crate::opinion::{Opinion, Presence};
use crate::state::root::State;

/// `refuses`, `refuse`, `accepts`, `accept`: what so many stacks do against a verdict.
pub fn verdict_verb(refuses: bool, count: usize) -> &'static str {
    match (refuses, count) {
        (true, 1) => "refuses",
        (true, _) => "refuse",
        (false, 1) => "accepts",
        (false, _) => "accept",
    }
}

impl Own {
    /// What the run's own stack made of the chain that `judge` was shown; `None` where it never came to that.
    pub fn of(analysis: &Analysis, judge: Side) -> Option<Self> {
        analysis
            .capture
            .events
            .iter()
            .filter(|event| event.side == judge)
            .find_map(|event| match &event.kind {
                EventKind::ChainVerified { took_us, refusal, .. } => Some(Self {
                    accepts: refusal.is_none(),
                    words: refusal
                        .as_ref()
                        .map_or_else(String::new, |refusal| refusal.words.clone()),
                    took_us: *took_us,
                }),
                _ => None,
            })
    }
}

impl Row {
    /// Whether it took the chain; `None` where it gave no verdict, and counts for nothing.
    pub fn accepts(&self) -> Option<bool> {
        self.opinion.as_ref().and_then(|opinion| opinion.accepts())
    }

    /// Whether it can be asked here.
    pub fn is_here(&self) -> bool {
        matches!(self.presence, Presence::Installed { .. })
    }
}

impl Round {
    /// The opinions that go against the run; all refusals where the run never came to judge and others took it.
    pub fn against(&self, own: Option<&Own>) -> Vec<&Opinion> {
        let answered = || self.rows.iter().filter_map(|row| row.opinion.as_deref());
        let wanted = match own {
            Some(own) => !own.accepts,
            None if answered().any(|opinion| opinion.accepts() == Some(true)) => false,
            None => return Vec::new(),
        };
        answered()
            .filter(|opinion| opinion.accepts() == Some(wanted))
            .collect()
    }

    /// The rows, in the order in which they are read: who differs from the run, who agrees, who gave no answer, who is not
    /// here.
    pub fn sorted(&self, own: Option<&Own>) -> Vec<&Row> {
        let run_accepts = own.is_none_or(|own| own.accepts);
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by_key(|row| match row.accepts() {
            Some(accepts) if accepts != run_accepts => 0,
            Some(_) => 1,
            None if row.is_here() => 2,
            None => 3,
        });
        rows
    }
}

impl Asked {
    /// What was asked where this side judges.
    pub fn round(&self, judge: Side) -> Option<&Round> {
        self.rounds.iter().find(|round| round.judge == judge)
    }

    /// Where stacks disagree, if anywhere; else where the server judges, who is the stricter as a rule.
    pub fn first_to_show(&self) -> Option<&Round> {
        let differs = |round: &&Round| {
            let own = Own::of(&self.of, round.judge);
            !round.against(own.as_ref()).is_empty()
        };
        // A run that was refused is about the chain that was refused.
        let is_refused = |round: &&Round| Own::of(&self.of, round.judge).is_some_and(|own| !own.accepts);
        let find = |wanted: &dyn Fn(&&Round) -> bool| self.rounds.iter().find(wanted);
        find(&is_refused)
            .or_else(|| find(&differs))
            .or_else(|| self.round(Side::Server))
            .or_else(|| self.rounds.first())
    }
}

impl State {
    /// How many stacks came to another verdict than the run on the stage where this side judges, and whether they refuse. `None`
    /// where nobody did, where the run never judged, and once the files are others.
    pub fn stacks_against(&self, judge: Side) -> Option<(usize, bool)> {
        let asked = self.asked_stacks()?;
        if self.is_asked_before_change(asked) {
            return None;
        }
        let own = Own::of(&asked.of, judge)?;
        let count = asked.round(judge)?.against(Some(&own)).len();
        (count > 0).then_some((count, own.accepts))
    }
}
