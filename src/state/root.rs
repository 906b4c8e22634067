//! The state itself: everything that the panels read.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::dialogs::Dialogs;
use super::document::Document;
use super::fetching::Fetching;
use super::notes::Notes;
use super::packets::PacketList;
use super::pasted::Pasted;
use super::playback::Playback;
use super::repair::Repair;
use super::setup::Setup;
use super::time::TimeMachine;
use super::{InspectorTab, Selection, ThemeChoice};
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::Tool;
use crate::fetch::Place;

/// What the user is doing. Panels read it; only [`State::apply`](super::State::apply) and
/// [`State::absorb`](super::State::absorb) change it.
#[derive(Debug, Default)]
pub struct State {
    /// The left panel.
    pub setup: Setup,
    /// Open connections: the lab's, and sessions.
    pub documents: Vec<Document>,
    /// Open packet captures.
    pub lists: Vec<PacketList>,
    /// The packet capture whose list is in the middle, instead of the stage.
    pub open_list: Option<usize>,
    /// Which of the open connections is on the stage.
    pub active: Option<usize>,
    /// What every panel points at.
    pub selection: Selection,
    /// The inspector's tab.
    pub tab: InspectorTab,
    /// Rows of the ladder that are open to their messages.
    pub open_rows: BTreeSet<usize>,
    /// The playhead.
    pub playback: Playback,
    /// Whether a handshake is running.
    pub run: RunStatus,
    /// The set-up is no longer what the lab's last run was made of.
    pub is_setup_newer: bool,
    /// The run under way began by itself at the start: a session that the user opened keeps the stage.
    pub(super) is_first_run: bool,
    /// Fixes that were proven for the lab's last run.
    pub repair: Repair,
    /// Of the lab's last run: issuers that nobody here has, where they are said to be, and who judges.
    pub issuers_elsewhere: Vec<(Side, Place)>,
    /// What the network is being asked for.
    pub(super) fetching: Vec<Fetching>,
    /// What led to a private address, and was not fetched.
    pub(super) fetches_refused: Vec<Place>,
    /// When the set-up works.
    pub time: TimeMachine,
    /// Small sentences.
    pub notes: Notes,
    /// The error that the user pasted.
    pub pasted: Pasted,
    /// What lies over the panels.
    pub dialogs: Dialogs,
    /// The scenarios that the gallery shows.
    pub scenarios: Vec<ScenarioCard>,
    /// The scenario that the set-up came from; `None` once it was something else.
    pub scenario: Option<String>,
    /// Sessions opened or saved lately, newest first.
    pub recent: Vec<PathBuf>,
    /// Light, dark or projector.
    pub theme: ThemeChoice,
    /// The tool whose commands are shown; `None`: OpenSSL.
    pub tool: Option<Tool>,
    /// The TLS stack that the reader works with: its words come first.
    pub stack: Option<String>,
    /// Whether every stack's words are shown, and not the first few.
    pub shows_all_stacks: bool,
    /// Steps of zoom; 0 is the usual size.
    pub zoom_steps: i32,
    /// The wall clock in seconds since the epoch, as of the last frame that was drawn.
    pub now_unix_s: i64,
    /// Where the last file was found.
    pub(super) last_directory: Option<PathBuf>,
    /// Numbers askings, so that an answer to an older one is known for stale.
    pub(super) next_ticket: u64,
    /// The last asking for the dots.
    pub(super) fit_ticket: u64,
}

/// Whether a handshake is running.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RunStatus {
    /// Identities are being minted, nothing has run yet.
    #[default]
    Starting,
    /// Nothing is under way.
    Idle,
    /// A handshake is under way.
    Running {
        /// Since when.
        since: Instant,
        /// The user asked it to end.
        is_cancelled: bool,
    },
    /// The last run could not begin, and why.
    CouldNotBegin(String),
}

/// A scenario as the gallery shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioCard {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// What to look for.
    pub look_for: String,
    /// The heading that it stands under.
    pub heading: &'static str,
}

impl ScenarioCard {
    /// Whether it speaks of every word of a text, wherever: in its words, its id or its heading.
    pub fn speaks_of(&self, text: &str) -> bool {
        let all = [
            self.id.as_str(),
            &self.title,
            &self.summary,
            &self.look_for,
            self.heading,
        ]
        .map(str::to_lowercase);
        text.to_lowercase()
            .split_whitespace()
            .all(|word| all.iter().any(|words| words.contains(word)))
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
        !is_lab || self.playback.is_at_end() || self.is_setup_newer
    }

    /// Whether a handshake is under way.
    pub fn is_running(&self) -> bool {
        matches!(self.run, RunStatus::Running { .. })
    }

    /// A number that no other asking has.
    pub(super) fn ticket(&mut self) -> u64 {
        self.next_ticket += 1;
        self.next_ticket
    }
}
