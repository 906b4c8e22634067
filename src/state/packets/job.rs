//! What the worker does for packet captures: reading one, and opening a connection of it.

mod acts;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::source::packets;
use crate::survey::Survey;

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

/// Whether a file is a packet capture, perhaps a packed one, by its first bytes.
pub(in crate::state) fn is_packets(path: &Path) -> bool {
    crate::pki::first_bytes(path, 4).is_some_and(|start| packets::may_be_packet_capture(&start))
}
