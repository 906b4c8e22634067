//! Where the state asks the rooms to its left. Everything here is slow and runs on the worker.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::repair::FixResult;
use super::root::ScenarioCard;
use super::setup::Setup;
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::{Capture, KeyLog};
use crate::clock::Clock;
use crate::decode::thousands;
use crate::experiment::repair;
use crate::session::{self, Session};
use crate::source::lab::LabSetup;
use crate::source::packets;
use crate::survey::Survey;
use crate::{diagnose, scenario};

/// Title, notes and evidence: what a session file keeps.
pub(super) struct Kept {
    pub title: String,
    pub notes: String,
    pub capture: Arc<Capture>,
}

pub(super) fn analyse(capture: Arc<Capture>) -> Analysis {
    ready(Analysis::of(capture))
}

/// Works out what the first frame would ask for.
fn ready(analysis: Analysis) -> Analysis {
    // The words of other stacks are read from their asset once; here, and not in the first frame that shows them.
    let _ = diagnose::other_words(diagnose::CauseId::Expired, None);
    // The Chain tab asks for them: here, and not in its first frame.
    let _ = analysis.paths();
    analysis
}

/// Edits that make a failing run work, each proven, each proof analysed.
pub(super) fn find_fixes(
    setup: &LabSetup,
    analysis: &Analysis,
    cancel: &Cancel,
    progress: &mut dyn FnMut(repair::Progress),
) -> Result<FixResult, String> {
    let budget = repair::Budget::default();
    repair::search(setup, &analysis.diagnosis.causes, cancel, &budget, progress)
        .map(|found| FixResult::of(&found, analyse))
        .map_err(|error| error.to_string())
}

/// The built-in identities, minted now.
pub(super) fn built_in(clock: &Clock) -> Result<Setup, String> {
    scenario(scenario::BUILT_IN, clock)
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
            heading: scenario.group.heading(),
        })
        .collect()
}

/// A scenario, minted now.
pub(super) fn scenario(id: &str, clock: &Clock) -> Result<Setup, String> {
    scenario::find(id)
        .and_then(|scenario| scenario.setup(clock.unix_s()))
        .map(|setup| LabSetup {
            wall_clock: clock.clone(),
            ..setup
        })
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

/// Whether a file is a packet capture, by its first bytes.
pub(super) fn is_packets(path: &Path) -> bool {
    use std::io::Read;
    let mut start = [0; 4];
    std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file())
        && std::fs::File::open(path)
            .and_then(|mut file| file.read_exact(&mut start))
            .is_ok()
        && packets::is_packet_capture(&start)
}

/// How far a reading is: what is done, the fraction, and words.
pub(super) type Progress<'a> = &'a (dyn Fn(&'static str, f32, String) + Sync);

/// Reads a packet capture and looks at every connection. `Ok`: the connections, and the key logs that secrets came from.
pub(super) fn survey(
    path: &Path,
    key_log: Option<&Path>,
    cancel: &Cancel,
    progress: Progress<'_>,
) -> Result<(Arc<Survey>, Vec<PathBuf>), String> {
    let (log, files) = match key_log {
        Some(file) => (read_key_log(file)?, vec![file.to_owned()]),
        None => packets::key_log_beside(path),
    };
    let index = packets::PacketIndex::open(path, cancel, &mut |now| {
        let fraction = now.read_bytes as f32 / now.total_bytes.max(1) as f32;
        progress(
            "Reading packets",
            fraction,
            format!("{} packets", thousands(now.packets as usize)),
        );
    })
    .map_err(|error| error.to_string())?;
    let survey = Survey::of(index, log, cancel, &|done, total| {
        let words = format!("{} of {}", thousands(done), thousands(total));
        progress("Looking at connections", done as f32 / total.max(1) as f32, words);
    })
    .map_err(|error| error.to_string())?;
    Ok((Arc::new(survey), files))
}

fn read_key_log(path: &Path) -> Result<KeyLog, String> {
    const LARGEST_BYTES: u64 = 64 << 20;
    let bytes = crate::pki::read_limited(path, LARGEST_BYTES).map_err(|error| {
        let (what, mend) = error.words();
        format!("{}: {what}; {mend}", path.display())
    })?;
    let mut log = KeyLog::default();
    if log.read(&String::from_utf8_lossy(&bytes)) == 0 {
        return Err(format!(
            "{}: no line of this file is a TLS secret; write it with SSLKEYLOGFILE and give that file",
            path.display()
        ));
    }
    Ok(log)
}

/// One connection, decoded, judged and told.
pub(super) fn connection(survey: &Survey, row: usize) -> Result<Analysis, String> {
    let row = survey
        .rows
        .get(row)
        .ok_or("that connection is no longer in the list")?;
    survey.analysis(row).map(ready).map_err(|error| error.to_string())
}
