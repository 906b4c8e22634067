//! Where the state asks the rooms to its left. Everything here is slow and runs on the worker.

use std::path::Path;
use std::sync::Arc;

use super::root::ScenarioCard;
use super::setup::Setup;
use crate::analysis::Analysis;
use crate::capture::Capture;
use crate::session::{self, Session};
use crate::{diagnose, scenario};

/// Title, notes and evidence: what a session file keeps.
pub(super) struct Kept {
    pub title: String,
    pub notes: String,
    pub capture: Arc<Capture>,
}

pub(super) fn analyse(capture: Arc<Capture>) -> Analysis {
    // The words of other stacks are read from their asset once; here, and not in the first frame that shows them.
    let _ = diagnose::other_words(diagnose::CauseId::Expired, None);
    Analysis::of(capture)
}

/// The built-in identities, minted now.
pub(super) fn built_in() -> Result<Setup, String> {
    scenario::built_in()
        .map(Setup::from_lab)
        .map_err(|error| error.to_string())
}

/// The gallery.
pub(super) fn scenarios() -> Vec<ScenarioCard> {
    scenario::all()
        .iter()
        .map(|scenario| ScenarioCard {
            id: scenario.id.clone(),
            title: scenario.title.clone(),
            summary: scenario.summary.clone(),
            look_for: scenario.look_for.clone(),
        })
        .collect()
}

/// A scenario, minted now.
pub(super) fn scenario(id: &str) -> Result<Setup, String> {
    scenario::find(id)
        .and_then(|scenario| scenario.setup(jiff::Timestamp::now().as_second()))
        .map(Setup::from_lab)
        .map_err(|error| error.to_string())
}

/// Writes a session.
pub(super) fn save(path: &Path, kept: &Kept) -> Result<(), String> {
    let session = Session {
        title: kept.title.clone(),
        notes: kept.notes.clone(),
        capture: Arc::clone(&kept.capture),
    };
    session::save(path, &session).map_err(|error| error.to_string())
}

/// Reads a session.
pub(super) fn open(path: &Path) -> Result<Kept, String> {
    let session = session::load(path).map_err(|error| error.to_string())?;
    Ok(Kept {
        title: session.title,
        notes: session.notes,
        capture: session.capture,
    })
}
