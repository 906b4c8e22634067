//! What all accept: how it is searched for, shown and applied.

use std::sync::Arc;
use std::time::Duration;

use super::{Agreement, AgreementSearch, OpinionDone, OpinionJob};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::experiment::repair::{self, Budget, Voter};
use crate::opinion::ask_one;
use crate::setup::LabSetup;
use crate::state::documents::{Document, Trial};
use crate::state::effect::Effect;
use crate::state::features::{Done, Job};
use crate::state::notes::NoteKind;
use crate::state::repair::OfferedFix;
use crate::state::root::State;
use crate::state::tools::{Tools, analyse};

/// Programs take their time: each edit costs a handshake with every stack.
const BUDGET: Budget = Budget {
    time: Duration::from_mins(2),
    ..Budget::PATIENT
};

/// Searches, with the programs of this machine. The proof is analysed.
pub(super) fn search(
    ticket: u64,
    setup: &LabSetup,
    analysis: &Analysis,
    voters: &[Voter],
    cancel: &Cancel,
    tools: &Tools,
) -> Agreement {
    let found = repair::agree(
        setup,
        &analysis.diagnosis.causes,
        voters,
        (cancel, &BUDGET),
        &mut |question, voter| ask_one(question, voter.stack, &voter.presence, cancel)?.accepts(),
        &mut |progress| {
            let tried = progress.tried;
            tools.tell(Done::Opinion(OpinionDone::Agreeing { ticket, tried }));
        },
    );
    Agreement {
        fix: found.fix.map(|fix| OfferedFix {
            proof: Arc::new(analyse(Arc::clone(&fix.proof))),
            fix: Arc::new(fix),
        }),
        tried: found.tried,
        is_cut_short: found.is_cut_short,
    }
}

impl State {
    /// Who gave a verdict on what is on the stage.
    fn voters(&self) -> Vec<Voter> {
        let rounds = self.asked_stacks().map(|asked| asked.rounds.as_slice());
        rounds
            .unwrap_or_default()
            .iter()
            .flat_map(|round| {
                round.rows.iter().filter_map(|row| {
                    Some(Voter {
                        stack: row.stack,
                        presence: row.presence.clone(),
                        judge: round.judge,
                        accepts: row.accepts()?,
                    })
                })
            })
            .collect()
    }

    /// How many accept or refuse, the run's own stack among them; `None` where nobody refuses, nobody was asked, or the files
    /// are others by now.
    pub fn who_could_agree(&self) -> Option<usize> {
        let asked = self
            .asked_stacks()
            .filter(|asked| asked.is_over && !self.is_asked_before_change(asked))?;
        let voters = self.voters();
        let is_refused = asked.rounds.iter().any(|round| {
            let own = super::Own::of(&asked.of, round.judge);
            own.is_some_and(|own| !own.accepts)
        });
        if voters.is_empty() || !(is_refused || voters.iter().any(|voter| !voter.accepts)) {
            return None;
        }
        let stacks: std::collections::BTreeSet<_> = voters.iter().map(|voter| voter.stack).collect();
        Some(stacks.len() + 1)
    }

    /// The search for what all accept, where it belongs to what was asked last.
    pub fn agreement(&self) -> Option<&AgreementSearch> {
        let asked = self.asked_stacks()?;
        let search = self.opinions.agreement.as_ref();
        search.filter(|search| search.asked == asked.ticket)
    }

    pub(super) fn find_agreement(&mut self) -> Vec<Effect> {
        if self.who_could_agree().is_none() || self.agreement().is_some_and(|one| one.result.is_none()) {
            return Vec::new();
        }
        let (ticket, voters) = (self.ticket(), self.voters());
        let (Some(run), Some(asked)) = (&self.opinions.run, &self.opinions.asked) else {
            return Vec::new();
        };
        let cancel = Cancel::default();
        let job = OpinionJob::Agree {
            ticket,
            setup: run.setup.clone(),
            analysis: Arc::clone(&run.of),
            voters,
            cancel: cancel.clone(),
        };
        self.opinions.agreement = Some(AgreementSearch {
            asked: asked.ticket,
            ticket,
            tried: 0,
            result: None,
            cancel,
        });
        vec![Effect::Work(Job::Opinion(job))]
    }

    /// Ends the search; what it found stays.
    pub(super) fn give_up_agreement(&mut self) {
        if let Some(search) = self.opinions.agreement.take_if(|search| search.result.is_none()) {
            search.cancel.cancel();
        }
    }

    fn agreement_with(&mut self, ticket: u64) -> Option<&mut AgreementSearch> {
        let search = self.opinions.agreement.as_mut();
        search.filter(|search| search.ticket == ticket && search.result.is_none())
    }

    pub(super) fn is_agreeing(&mut self, ticket: u64, tried: usize) {
        if let Some(search) = self.agreement_with(ticket) {
            search.tried = tried;
        }
    }

    pub(super) fn has_agreed(&mut self, ticket: u64, result: Result<Agreement, String>) {
        let Some(search) = self.agreement_with(ticket) else {
            return;
        };
        match result {
            Ok(found) => {
                search.tried = found.tried;
                search.result = Some(found);
            }
            Err(sentence) => {
                self.opinions.agreement = None;
                self.notes.add(NoteKind::Trouble, sentence);
            }
        }
    }

    fn agreed(&self) -> Option<OfferedFix> {
        self.agreement()?.result.as_ref()?.fix.clone()
    }

    pub(super) fn apply_agreement(&mut self) -> Vec<Effect> {
        let agreed = self.agreed();
        agreed.map_or_else(Vec::new, |agreed| self.apply_offered(&agreed))
    }

    pub(super) fn show_agreement(&mut self) {
        if let Some(agreed) = self.agreed() {
            self.show(Document {
                trial: Some(Trial::Agreement),
                ..Document::new("What all accept".to_owned(), agreed.fix.summary(), agreed.proof)
            });
        }
    }
}
