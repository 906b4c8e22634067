//! What the worker does for packet captures: reading one, and opening a connection of it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

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

/// What the worker does for packet captures.
#[derive(Debug)]
pub enum PacketJob {
    /// Read a packet capture and look at every connection in it.
    Open {
        /// The file.
        path: PathBuf,
        /// The key log to take secrets from; `None`: those that lie beside the file.
        key_log: Option<PathBuf>,
        /// Ends it early; also says which request it was.
        cancel: Cancel,
    },
    /// Decode, judge and tell one connection of a packet capture.
    Connection {
        /// Which request.
        ticket: u64,
        /// The file.
        path: PathBuf,
        /// Its connections.
        survey: Arc<Survey>,
        /// Which row.
        row: usize,
    },
}

/// What the worker answers of packet captures.
#[derive(Debug)]
pub enum PacketDone {
    /// How far the reading is.
    Progress {
        /// The file.
        path: PathBuf,
        /// Which request.
        cancel: Cancel,
        /// `Reading packets`, `Looking at connections`.
        what: &'static str,
        /// 0 to 1.
        fraction: f32,
        /// `12,000 packets`.
        words: String,
    },
    /// A packet capture was read.
    Read {
        /// The file.
        path: PathBuf,
        /// Which request.
        cancel: Cancel,
        /// The connections and the key logs used, or why there are none.
        result: Result<(Arc<Survey>, Vec<PathBuf>), String>,
    },
    /// A connection was opened.
    Connection {
        /// Which request.
        ticket: u64,
        /// The file.
        path: PathBuf,
        /// Which row.
        row: usize,
        /// All that follows from it.
        result: Result<Arc<Analysis>, String>,
    },
}

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

/// Whether a file is a packet capture, by its first bytes.
pub(in crate::state) fn is_packets(path: &Path) -> bool {
    crate::pki::first_bytes(path, 4).is_some_and(|start| packets::is_packet_capture(&start))
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
