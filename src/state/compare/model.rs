//! A comparison as it stands: its two places, how far it is, and how it is looked at.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::compare::{Both, Comparison, Which};
use crate::setup::LabSetup;
use crate::state::documents::Document;
use crate::state::playback::Playback;

/// All that are open.
#[derive(Debug, Default)]
pub struct Comparisons {
    /// In the order of their tabs.
    pub all: Vec<Comparing>,
    /// The one in the middle, instead of the stage.
    pub open: Option<usize>,
}

/// One comparison.
#[derive(Debug)]
pub struct Comparing {
    /// No other has it.
    pub id: u64,
    /// The two.
    pub places: Both<Place>,
    /// How far it is.
    pub phase: ComparePhase,
    /// The tab of its panel.
    pub tab: CompareTab,
    /// The row of the grid that is looked at.
    pub selected: Option<usize>,
    /// The playhead over the rows of the grid.
    pub playback: Playback,
    /// Lists that are open.
    pub open_lists: BTreeSet<Rest>,
}

/// One of the two places of a comparison.
#[derive(Debug, Default)]
pub enum Place {
    /// Nothing was chosen.
    #[default]
    Empty,
    /// Being read.
    Loading {
        /// Which request.
        ticket: u64,
        /// What it is called meanwhile.
        title: String,
    },
    /// A handshake.
    Taken(Box<Compared>),
}

/// One of the two.
#[derive(Clone, Debug)]
pub struct Compared {
    /// As it was when it was chosen: it stays, whatever becomes of its tab.
    pub document: Document,
    /// What it was run with, private keys included, where this program ran it.
    pub setup: Option<Arc<LabSetup>>,
}

/// How far a comparison is.
#[derive(Debug, Default)]
pub enum ComparePhase {
    /// One of the two is missing.
    #[default]
    Choosing,
    /// The worker is at it.
    Working {
        /// Which request.
        ticket: u64,
        /// Since when.
        since: Instant,
        /// Ends it.
        cancel: Cancel,
    },
    /// The user ended it.
    Cancelled,
    /// Compared.
    Ready(Arc<Comparison>),
    /// It could not be done: the sentence.
    Failed(String),
}

/// The tabs of its panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the words on the tabs")]
pub enum CompareTab {
    #[default]
    Changes,
    Chains,
    Fields,
    Bytes,
}

impl CompareTab {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Changes, Self::Chains, Self::Fields, Self::Bytes];
}

/// The lists of what does not matter. Each folds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rest {
    /// It follows from what changed.
    Follows,
    /// It differs between any two runs.
    Always,
    /// It is equal.
    Equal,
}

impl Place {
    /// What stands there.
    pub fn taken(&self) -> Option<&Compared> {
        match self {
            Self::Taken(one) => Some(one),
            Self::Empty | Self::Loading { .. } => None,
        }
    }

    /// What stands there, and all that follows from it.
    pub fn analysis(&self) -> Option<&Arc<Analysis>> {
        self.taken().map(|one| &one.document.analysis)
    }
}

impl Comparing {
    /// An empty one, whose playhead moves like this one.
    pub(super) fn new(id: u64, like: &Playback) -> Self {
        let mut playback = like.clone();
        playback.at_end_of(0);
        Self {
            id,
            places: Both::default(),
            phase: ComparePhase::Choosing,
            tab: CompareTab::default(),
            selected: None,
            playback,
            open_lists: BTreeSet::new(),
        }
    }

    /// What was found, once it was.
    pub fn found(&self) -> Option<&Arc<Comparison>> {
        match &self.phase {
            ComparePhase::Ready(found) => Some(found),
            _ => None,
        }
    }

    /// Both handshakes, where both are there.
    pub fn analyses(&self) -> Option<Both<&Arc<Analysis>>> {
        Some(Both {
            a: self.places.a.analysis()?,
            b: self.places.b.analysis()?,
        })
    }

    /// Whether the end may be told: the playhead has come to it.
    pub fn is_told(&self) -> bool {
        self.playback.is_at_end()
    }

    /// Whether the worker is at it.
    pub fn is_working(&self) -> bool {
        matches!(self.phase, ComparePhase::Working { .. })
            || Which::BOTH
                .iter()
                .any(|which| matches!(self.places.of(*which), Place::Loading { .. }))
    }

    /// What one of the two is called. A title often says how it ends, which is not told before the end.
    pub fn title(&self, which: Which) -> String {
        match self.places.of(which) {
            Place::Empty => which.letter().to_owned(),
            Place::Loading { title, .. } => title.clone(),
            Place::Taken(one) if self.is_told() => one.document.title.clone(),
            Place::Taken(_) => format!("Handshake {}", which.letter()),
        }
    }

    /// The row that the panel speaks of: the one that is looked at, or the first that differs.
    pub fn row(&self) -> Option<usize> {
        self.selected
            .or_else(|| self.found()?.first_difference)
            .filter(|row| *row < self.playback.visible_steps())
    }

    /// The row goes with the playhead: the one under way, and none at either end.
    pub(in crate::state) fn follow_playhead(&mut self) {
        let visible = self.playback.visible_steps();
        self.selected = visible.checked_sub(1).filter(|_| !self.playback.is_at_end());
    }
}

/// So many letters of each title stand on the tab of both, and of what the two have in common.
const MOST_LETTERS: usize = 10;
const MOST_IN_COMMON: usize = 14;

/// `orders: A and B` on a tab, where both are called so; before the end neither title is told.
pub fn title_of_both(comparing: &Comparing) -> String {
    if comparing.analyses().is_none() || !comparing.is_told() {
        return "Comparison".to_owned();
    }
    let (a, b) = (comparing.title(Which::A), comparing.title(Which::B));
    let short = |title: &str, most: usize| {
        let letters: String = title.chars().take(most).collect();
        if letters.len() < title.len() {
            return format!("{}…", letters.trim_end());
        }
        letters
    };
    let common = common_start(&a, &b);
    if !common.is_empty() {
        return format!("{}: A and B", short(&common, MOST_IN_COMMON));
    }
    format!("{} and {}", short(&a, MOST_LETTERS), short(&b, MOST_LETTERS))
}

/// The words that both begin with.
fn common_start(a: &str, b: &str) -> String {
    let pairs = a.split_whitespace().zip(b.split_whitespace());
    let same: Vec<&str> = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    let same = same.join(" ");
    same.trim_end_matches(|letter: char| !letter.is_alphanumeric())
        .to_owned()
}
