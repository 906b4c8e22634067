//! The fail-open audit: bad clients against a real server, bad servers against a real client. Each must be refused; one that
//! is let in is a hole. A good peer goes first: where even it is refused, nothing is proven.
//!
//! `clients` and `servers` are the batteries, `server` and `client` run them, `answer` says what an answer means.

mod answer;
mod client;
mod clients;
mod server;
mod servers;

use crate::diagnose::CauseId;
use crate::source::probe::ProbeError;

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
}

impl AuditVerdict {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::Meaningless => "meaningless",
        }
    }
}

/// All probes, the good peer first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// The good peer.
    pub control: Probe,
    /// The bad ones.
    pub probes: Vec<Probe>,
}

impl AuditReport {
    /// The verdict. A hole is a hole, whatever became of the good peer.
    pub fn verdict(&self) -> AuditVerdict {
        if self.holes().next().is_some() {
            AuditVerdict::Open
        } else if matches!(self.control.answer, Answer::Accepted(_)) {
            AuditVerdict::Closed
        } else {
            AuditVerdict::Meaningless
        }
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
