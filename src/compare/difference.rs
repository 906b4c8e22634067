//! One difference, how much it matters, and what became of a trial.

use super::both::Both;
use super::inputs::Input;

/// What became known of one difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Whether it matters.
    pub rank: Rank,
    /// Which input it is of; `None` for what came of them.
    pub input: Option<Input>,
    /// `Issuer of the client's certificate`.
    pub name: String,
    /// In A and in B; empty where there is none, or it is not known.
    pub values: Both<Vec<String>>,
    /// What was tried, and what came of it; `None` where nothing had to be.
    pub proof: Option<String>,
}

/// How much a difference matters; in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// It changed; with A's, B becomes as A.
    Matters,
    /// It did not change; with another, B becomes as A.
    ShouldHaveChanged,
    /// It changed; with A's alone, B becomes like neither: it goes with another change.
    GoesWithAnother,
    /// It changed; with A's, B stays as it is.
    NoDifference,
    /// It changed, and could not be put back.
    NotTried,
    /// It is what came of the other differences.
    Follows,
    /// It differs between any two runs.
    Always,
}

impl Rank {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::Matters,
        Self::ShouldHaveChanged,
        Self::GoesWithAnother,
        Self::NoDifference,
        Self::NotTried,
        Self::Follows,
        Self::Always,
    ];

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Matters => "changed-and-matters",
            Self::ShouldHaveChanged => "unchanged-and-should-have-changed",
            Self::GoesWithAnother => "changed-with-another",
            Self::NoDifference => "changed-and-makes-no-difference",
            Self::NotTried => "not-tried",
            Self::Follows => "follows",
            Self::Always => "differs-always",
        }
    }

    /// What stands above them.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Matters => "This changed, and matters",
            Self::ShouldHaveChanged => "This did not change, and should have",
            Self::GoesWithAnother => "This changed together with something else",
            Self::NoDifference => "This changed, and makes no difference",
            Self::NotTried => "This changed, and was not tried",
            Self::Follows => "Follows from it",
            Self::Always => "Differs always",
        }
    }
}

/// What came of B with some of A's inputs.
pub(super) struct Effect {
    pub is_as_a: bool,
    pub is_as_b: bool,
    /// `B is accepted`.
    pub words: String,
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Ranked {
    pub differences: Vec<Difference>,
    /// Names of what is equal.
    pub equal: Vec<String>,
}
