//! A comparison as plain data.

use super::effects::Outcome;
use super::inputs::Input;
use super::rows::AlignedRow;
use crate::analysis::Analysis;
use crate::setup::LabSetup;
use crate::story::ChapterState;

/// One value for each of two handshakes. A came first, or worked; B is the one to explain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Both<T> {
    /// The first.
    pub a: T,
    /// The second.
    pub b: T,
}

/// One of the two handshakes.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What was seen, and what follows from it.
    pub analysis: &'a Analysis,
    /// What it was made of, private keys included; `None` for a recording.
    pub setup: Option<&'a LabSetup>,
}

/// Two handshakes, compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How each ended.
    pub outcomes: Both<Outcome>,
    /// Both ended alike.
    pub is_same_outcome: bool,
    /// The rows of both ladders on one grid.
    pub rows: Vec<AlignedRow>,
    /// The first row that differs, an index into `rows`; `None` where all are equal.
    pub first_difference: Option<usize>,
    /// The six chapters of both.
    pub chapters: [ChapterPair; 6],
    /// What differs, and what should have; by rank.
    pub differences: Vec<Difference>,
    /// What is equal in both, by its name.
    pub equal: Vec<String>,
    /// How it was found out which of the changes matter.
    pub judged: Judged,
    /// Both are one recording, byte for byte.
    pub is_same_recording: bool,
}

impl Comparison {
    /// The differences of one rank.
    pub fn of(&self, rank: Rank) -> impl Iterator<Item = &Difference> {
        self.differences
            .iter()
            .filter(move |difference| difference.rank == rank)
    }

    /// Nothing differs but what differs between any two runs.
    pub fn is_identical(&self) -> bool {
        self.first_difference.is_none() && self.differences.iter().all(|one| one.rank == Rank::Always)
    }
}

/// One chapter of both handshakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChapterPair {
    /// 1 to 6.
    pub number: u8,
    /// As in [`crate::story::Chapter::title`].
    pub title: &'static str,
    /// How it ended in each.
    pub states: Both<ChapterState>,
    /// All its rows are equal.
    pub is_equal: bool,
    /// The first difference lies here.
    pub is_first_difference: bool,
}

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

/// How it was found out which changes matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// Each was put back alone, and the pair was run.
    ByRuns,
    /// No private keys of B: rustls judged the chains alone.
    ByChains,
}

impl Judged {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::ByRuns => "run",
            Self::ByChains => "chains",
        }
    }
}
