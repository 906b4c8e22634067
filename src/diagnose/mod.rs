//! The transcript judged: a matrix of checks, the causes of failure, and what to do about each.
//!
//! `check/` is a slice of checks, one file each, every check judged for every certificate. `cause` reconciles them
//! with what each stack concluded. `remedy` turns a cause into words and commands. `rosetta` knows how other stacks
//! say it. Checks take a chain and a trust, never a transcript, so that a chain can be judged without a handshake.

mod cause;
mod matrix;

pub use cause::{Cause, CauseId, Certainty, CertificateRef, Evidence, Remedy};
pub use matrix::{CheckKind, MatrixRow, Outcome, Role};

use crate::capture::{PerSide, Side};

/// How a connection, or one side of it, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The handshake completed and nobody objected afterwards.
    Accepted,
    /// A side refused.
    Rejected,
    /// It ended before anybody decided: hung, cut off, timed out.
    Unfinished,
    /// The evidence does not tell.
    Unknown,
}

impl Verdict {
    /// The word in JSON and on screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Unfinished => "unfinished",
            Self::Unknown => "unknown",
        }
    }
}

/// How one side ended: its own belief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// What it concluded.
    pub verdict: Verdict,
    /// The stack's own words; `None` where it had no complaint or is not known.
    pub error: Option<String>,
    /// When it believed itself connected, in microseconds; `None` if never.
    pub connected_at_us: Option<u64>,
    /// When it was over for this side.
    pub ended_at_us: Option<u64>,
}

/// The transcript judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// Of the connection as a whole.
    pub verdict: Verdict,
    /// Of each side.
    pub endings: PerSide<Ending>,
    /// Failures only; the first is the one to fix.
    pub causes: Vec<Cause>,
    /// Every check on every certificate of both chains.
    pub matrix: Vec<MatrixRow>,
    /// The chain that each side *presented*, as its peer sees it.
    pub chains: PerSide<ChainView>,
}

/// A presented chain as the judging peer sees it: what was sent, how the links hold, where it breaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainView {
    /// Who judges it (the peer of who sent it); `None` where nobody does.
    pub judge: Option<Side>,
    /// Certificates as sent, leaf first, then those that complete the path (the anchor, or what is missing).
    pub links: Vec<ChainLink>,
    /// The judge's trust store, for drawing it beside the chain; `None` where it is not known.
    pub store: Option<Vec<CertificateRef>>,
}

/// One certificate of a drawn chain and how it hangs on to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainLink {
    /// Which certificate; for an absent issuer only its name is known.
    pub certificate: Option<CertificateRef>,
    /// What to call it.
    pub name: String,
    /// `leaf · 23 h left`, `intermediate`, `not in its store`, `absent: nobody sent it`.
    pub note: String,
    /// Where it stands.
    pub role: Role,
    /// Whether it was sent, came from the store, or is missing.
    pub presence: Presence,
    /// Whether any check on it failed.
    pub is_bad: bool,
    /// Whether the link from this certificate *to the next one* holds; `None` at the end.
    pub link_to_next: Option<LinkState>,
}

/// Where a drawn certificate came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It travelled in the Certificate message.
    Sent,
    /// It is in the judge's store.
    InStore,
    /// It is in a file at hand, but was not sent and is not trusted.
    AtHand,
    /// Nobody has it; its name is known from the certificate below it.
    Absent,
}

/// Whether one certificate hangs on to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Names and signature agree.
    Holds,
    /// It does not.
    Broken,
}
