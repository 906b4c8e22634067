//! A comparison as plain data.

use super::both::Both;
use super::difference::{Difference, Rank};
use super::outcome::Outcome;
use super::rows::{AlignedRow, ChapterPair};

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
