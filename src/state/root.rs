//! The state itself: everything that the panels read.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Weak};

use super::compare::Comparisons;
use super::dialogs::Dialogs;
use super::documents::Document;
use super::export::Export;
use super::fetching::Fetching;
use super::folds::Folds;
use super::lab::Lab;
use super::notes::Notes;
use super::opinions::Opinions;
use super::packets::Packets;
use super::pasted::Pasted;
use super::playback::Playback;
use super::repair::Repair;
use super::saving::Saving;
use super::settings::Settings;
use super::time::TimeMachine;
use super::view::{InspectorTab, Selection};
use super::wire::WireView;
use super::workshop::Workshop;
use crate::analysis::Analysis;
use crate::fetch::Place;

/// What the user is doing. Panels read it; only [`State::apply`](super::State::apply) and
/// [`State::absorb`](super::State::absorb) change it.
#[derive(Debug, Default)]
pub struct State {
    // What all features share.
    /// Open connections: the lab's, and sessions.
    pub documents: Vec<Document>,
    /// Which of the open connections is on the stage.
    pub active: Option<usize>,
    /// What was on the stage before, the latest last: a closed tab leads back there.
    pub(super) shown_before: Vec<Tab>,
    /// What every panel points at.
    pub selection: Selection,
    /// The inspector's tab.
    pub tab: InspectorTab,
    /// Rows of the ladder that are open to their messages.
    pub open_rows: BTreeSet<usize>,
    /// The playhead.
    pub playback: Playback,
    /// Small sentences.
    pub notes: Notes,
    /// What lies over the panels.
    pub dialogs: Dialogs,
    /// The wall clock in seconds since the epoch, as of the last frame that was drawn.
    pub now_unix_s: i64,
    // Each feature's own.
    /// The set-up and its runs.
    pub lab: Lab,
    /// What is being saved.
    pub saving: Saving,
    /// What is being exported.
    pub export: Export,
    /// Open packet captures.
    pub packets: Packets,
    /// Open comparisons.
    pub compare: Comparisons,
    /// Fixes that were proven for the lab's last run.
    pub repair: Repair,
    /// What other stacks say of the lab's last run.
    pub opinions: Opinions,
    /// When the set-up works.
    pub time: TimeMachine,
    /// What the network is being asked for.
    pub(super) fetching: Vec<Fetching>,
    /// What led to a private address, and was not fetched.
    pub(super) fetches_refused: Vec<Place>,
    /// The error that the user pasted.
    pub pasted: Pasted,
    /// How the bytes on the wire are looked at.
    pub wire: WireView,
    /// Which sections of the inspector are open.
    pub folds: Folds,
    /// Lessons, and how far they are.
    pub workshop: Workshop,
    /// What is remembered from one start to the next.
    pub settings: Settings,
    /// Whether every stack's words are shown, and not the first few.
    pub shows_all_stacks: bool,
    /// Where the last file was found.
    pub(super) last_directory: Option<PathBuf>,
    /// Numbers requests, so that an answer to an older one is known for stale.
    next_ticket: u64,
}

/// What stands in the middle.
#[derive(Clone, Debug)]
pub(super) enum Tab {
    /// The stage with this connection.
    Document(Weak<Analysis>),
    /// The list of this packet capture.
    List(PathBuf),
    /// The comparison of this number.
    Comparison(u64),
}

impl Tab {
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Document(one), Self::Document(other)) => one.ptr_eq(other),
            (Self::List(one), Self::List(other)) => one == other,
            (Self::Comparison(one), Self::Comparison(other)) => one == other,
            _ => false,
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Self::Document(analysis) if analysis.strong_count() == 0)
    }
}

impl State {
    /// What is on the stage.
    pub fn document(&self) -> Option<&Document> {
        self.documents.get(self.active?)
    }

    /// The connection on the stage and all that follows from it.
    pub fn analysis(&self) -> Option<&Arc<Analysis>> {
        self.document().map(|document| &document.analysis)
    }

    /// How many steps have begun: what lies after them is hidden everywhere.
    pub fn visible_steps(&self) -> usize {
        self.playback.visible_steps()
    }

    /// Whether the dots of the set-up may be seen: they tell what the run on the stage will come to.
    pub fn shows_fits(&self) -> bool {
        let is_lab = self.document().is_some_and(Document::is_lab);
        !self.keeps_lesson_back() && (!is_lab || self.playback.is_at_end() || self.lab.is_setup_newer)
    }

    /// A number that no other request has.
    pub(super) fn ticket(&mut self) -> u64 {
        self.next_ticket += 1;
        self.next_ticket
    }
}
