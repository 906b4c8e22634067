//! How the worker reads a packet capture, and opens a connection of it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{PacketDone, PacketJob};
use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::KeyLog;
use crate::decode::thousands;
use crate::source::packets;
use crate::state::features::{Done, OnFailure};
use crate::state::tools::{Tools, prepared};
use crate::survey::Survey;

/// Progress is told at most so often: an eye sees no more.
const TELLS_EVERY: Duration = Duration::from_millis(50);

impl PacketJob {
    pub(in crate::state) async fn run(self, tools: &Tools) -> PacketDone {
        let here = tools.clone();
        match self {
            Self::Open {
                path,
                key_log,
                cancel,
            } => {
                let work = move || PacketDone::Read {
                    result: survey(&path, key_log.as_deref(), &cancel, &here),
                    path,
                    cancel,
                };
                tools.off_thread(work).await
            }
            Self::Connection {
                ticket,
                path,
                survey,
                row,
            } => {
                let work = move || PacketDone::Connection {
                    ticket,
                    path,
                    row,
                    result: connection(&survey, row).map(Arc::new),
                };
                tools.off_thread(work).await
            }
        }
    }

    pub(in crate::state) fn on_failure(&self) -> OnFailure {
        match self {
            Self::Open { path, cancel, .. } => {
                let (path, cancel) = (path.clone(), cancel.clone());
                Box::new(move |sentence| {
                    Done::Packets(PacketDone::Read {
                        path,
                        cancel,
                        result: Err(sentence),
                    })
                })
            }
            Self::Connection {
                ticket, path, row, ..
            } => {
                let (ticket, path, row) = (*ticket, path.clone(), *row);
                Box::new(move |sentence| {
                    Done::Packets(PacketDone::Connection {
                        ticket,
                        path,
                        row,
                        result: Err(sentence),
                    })
                })
            }
        }
    }
}

/// Reads a packet capture and looks at every connection, and tells now and then how far it is. `Ok`: the connections, and
/// the key logs that secrets came from.
fn survey(
    path: &Path,
    key_log: Option<&Path>,
    cancel: &Cancel,
    tools: &Tools,
) -> Result<(Arc<Survey>, Vec<PathBuf>), String> {
    let told = Mutex::new(Instant::now());
    let tell = |what, fraction, words| {
        let Ok(mut told) = told.try_lock() else { return };
        if told.elapsed() < TELLS_EVERY {
            return;
        }
        *told = Instant::now();
        tools.tell(Done::Packets(PacketDone::Progress {
            path: path.to_owned(),
            cancel: cancel.clone(),
            what,
            fraction,
            words,
        }));
    };
    let (log, files) = match key_log {
        Some(file) => (read_key_log(file)?, vec![file.to_owned()]),
        None => packets::key_log_beside(path),
    };
    let index = packets::PacketIndex::open(path, cancel, &mut |now| {
        let fraction = now.read_bytes as f32 / now.total_bytes.max(1) as f32;
        if now.is_unpacking {
            let words = format!(
                "{} of {} MB, {} MB unpacked",
                now.read_bytes / 1_000_000,
                now.total_bytes / 1_000_000,
                now.unpacked_bytes / 1_000_000
            );
            tell("Unpacking", fraction, words);
            return;
        }
        let words = format!("{} packets", thousands(now.packets as usize));
        tell("Reading packets", fraction, words);
    })
    .map_err(|error| error.to_string())?;
    let survey = Survey::of(index, log, cancel, &|done, total| {
        let words = format!("{} of {}", thousands(done), thousands(total));
        tell("Looking at connections", done as f32 / total.max(1) as f32, words);
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
fn connection(survey: &Survey, row: usize) -> Result<Analysis, String> {
    let row = survey
        .rows
        .get(row)
        .ok_or("that connection is no longer in the list")?;
    survey
        .analysis(row)
        .map(prepared)
        .map_err(|error| error.to_string())
}
