//! The fail-open audit: bad clients against a real server, bad servers against a real client. Each must be refused; one that
//! is let in is a hole. A good peer goes first and again at the end: where even it is refused, nothing is proven, and a peer that
//! is silent, or gone, has refused nobody. What rests on a CA that was given (an expired certificate of it) comes after a valid
//! one of the same CA: where that is refused, the others were refused for it and not for their fault.
//!
//! `clients` and `servers` are the batteries, `server` and `client` run them, `answer` says what an answer means.

mod answer;
mod authority;
#[cfg(test)]
mod battery_tests;
mod client;
mod clients;
mod server;
mod servers;

use crate::diagnose::CauseId;
use crate::source::probe::ProbeError;

pub use authority::Authority;
pub use client::{ClientAudit, audit_client};
pub use clients::BadClient;
pub use server::{ServerAudit, audit_server};
pub use servers::BadServer;

/// What became of one probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Stable, kebab-case: `expired`.
    pub id: &'static str,
    /// `an expired certificate`.
    pub title: &'static str,
    /// What it means to let this one in.
    pub teaches: &'static str,
    /// The cause for which it must be refused; `None` for the good peer.
    pub cause: Option<CauseId>,
    /// What the other side did.
    pub answer: Answer,
}

/// What the other side did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It went on: in words, how that showed.
    Accepted(String),
    /// It refused: in words, how.
    Refused(String),
    /// It was shown the probe and gave no answer in time, was gone, or refused for another reason: nothing is known.
    NotTested(String),
    /// The probe could not be made, and why.
    NotRun(String),
}

/// What the audit says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditVerdict {
    /// Every bad peer was refused, and the good one was not.
    Closed,
    /// At least one bad peer was let in.
    Open,
    /// Not even the good peer was let in: refusals prove nothing.
    Meaningless,
    /// Some bad peers got no answer, or none to what they test, or the good one was not let in any more at the end: not every refusal is one.
    Inconclusive,
}

impl AuditVerdict {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::Meaningless => "meaningless",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// All probes, the good peer first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// The good peer.
    pub control: Probe,
    /// A valid peer of the CA that was given, on which the probes below that CA rest; `None` where there is no such CA or key,
    /// or where the good peer is one already.
    pub ca_control: Option<Probe>,
    /// The bad ones.
    pub probes: Vec<Probe>,
    /// The good peer again, after all of them; `None` where it was not let in at first.
    pub control_again: Option<Probe>,
}

impl AuditReport {
    /// The verdict. A hole is a hole, whatever became of the good peer.
    pub fn verdict(&self) -> AuditVerdict {
        if self.holes().next().is_some() {
            AuditVerdict::Open
        } else if !matches!(self.control.answer, Answer::Accepted(_)) {
            AuditVerdict::Meaningless
        } else if self.is_alive_at_the_end() && self.untested().next().is_none() {
            AuditVerdict::Closed
        } else {
            AuditVerdict::Inconclusive
        }
    }

    /// Whether the good peer was let in again, after all bad ones.
    pub fn is_alive_at_the_end(&self) -> bool {
        let again = self.control_again.as_ref();
        again.is_some_and(|again| matches!(again.answer, Answer::Accepted(_)))
    }

    /// The bad peers that got no answer.
    pub fn untested(&self) -> impl Iterator<Item = &Probe> {
        self.probes
            .iter()
            .filter(|probe| matches!(probe.answer, Answer::NotTested(_)))
    }

    /// The bad peers that were let in.
    pub fn holes(&self) -> impl Iterator<Item = &Probe> {
        self.probes
            .iter()
            .filter(|probe| matches!(probe.answer, Answer::Accepted(_)))
    }
}

/// Why there is no audit. One sentence, with the mend.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The connection cannot be made at all.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// What is to be shown cannot be minted.
    #[error("the battery cannot be minted: {0}")]
    Mint(#[from] crate::pki::MintError),
    /// The client cannot be started.
    #[error("“{program}” cannot be started ({words}); give the client's command after --")]
    Start {
        /// The program.
        program: String,
        /// The system's words.
        words: String,
    },
    /// A place for the CA's file cannot be had.
    #[error("no file can be written for the client ({words}); is the temporary directory full?")]
    Workspace {
        /// The system's words.
        words: String,
    },
    /// The user ended it.
    #[error("the audit was cancelled")]
    Cancelled,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(answer: Answer, is_bad: bool) -> Probe {
        Probe {
            id: "one",
            title: "one",
            teaches: "",
            cause: is_bad.then_some(CauseId::Expired),
            answer,
        }
    }

    fn verdict(first: Answer, bad: &[Answer], again: Option<Answer>) -> AuditVerdict {
        AuditReport {
            control: probe(first, false),
            ca_control: None,
            probes: bad.iter().map(|answer| probe(answer.clone(), true)).collect(),
            control_again: again.map(|answer| probe(answer, false)),
        }
        .verdict()
    }

    #[test]
    fn only_refusals_between_two_welcomes_are_closed() {
        let yes = || Answer::Accepted(String::new());
        let no = || Answer::Refused(String::new());
        let silent = || Answer::NotTested(String::new());
        let not_run = || Answer::NotRun(String::new());
        assert_eq!(verdict(yes(), &[no(), no()], Some(yes())), AuditVerdict::Closed);
        // What could not be made for want of a CA's key was not shown.
        assert_eq!(
            verdict(yes(), &[no(), not_run()], Some(yes())),
            AuditVerdict::Closed
        );
        assert_eq!(
            verdict(yes(), &[no(), silent()], Some(yes())),
            AuditVerdict::Inconclusive
        );
        for again in [Some(no()), Some(silent()), None] {
            assert_eq!(verdict(yes(), &[no(), no()], again), AuditVerdict::Inconclusive);
        }
        for first in [no(), silent(), not_run()] {
            assert_eq!(verdict(first.clone(), &[no()], None), AuditVerdict::Meaningless);
            // A hole is a hole, whatever became of the good peer.
            assert_eq!(verdict(first, &[no(), yes()], None), AuditVerdict::Open);
        }
        assert_eq!(verdict(yes(), &[silent(), yes()], Some(no())), AuditVerdict::Open);
    }
}
