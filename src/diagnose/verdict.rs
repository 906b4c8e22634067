//! How a connection ended, and what each side believed.

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
