//! Opens a packet capture: a file as it is, and what is packed or comes through a pipe as a private copy of it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::file::{PacketsError, at_start, first_four, is_packet_capture, unreadable};
use super::packed::{Packing, Stream};
use super::pipe::Pipe;
use super::progress::Progress;
use crate::cancel::Cancel;

/// A packet capture that can be read, and read again.
pub(super) struct Opened {
    pub(super) file: File,
    /// It was packed: places are those of the unpacked file.
    pub(super) is_unpacked: bool,
    /// What was odd, in a sentence.
    pub(super) remark: Option<String>,
}

/// Whether a file's first four bytes are those of a packet capture, or of a packed file that may hold one.
pub fn may_be_packet_capture(start: &[u8]) -> bool {
    is_packet_capture(start) || Packing::of(start).is_some()
}

/// Opens a packet capture; what is none is refused.
pub(super) fn open(
    path: &Path,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Progress),
) -> Result<Opened, PacketsError> {
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let start = first_four(path, &mut file)?;
    if Packing::of(&start).is_none() {
        at_start(path, &mut file)?;
        return Ok(Opened {
            file,
            is_unpacked: false,
            remark: None,
        });
    }
    let stream = Stream {
        path,
        start: &start,
        total_bytes: file.metadata().ok().map(|metadata| metadata.len()),
    };
    unpacked(&stream, &mut file, cancel, progress)
}

/// Takes what comes through a pipe, to its end or until `is_over`.
pub(super) fn from_stream(
    path: &Path,
    stream: impl Read + Send + 'static,
    is_over: &Cancel,
    progress: &mut dyn FnMut(Progress),
) -> Result<Opened, PacketsError> {
    let mut pipe = Pipe::new(stream, is_over).map_err(|error| unreadable(path, &error))?;
    let start = first_four(path, &mut pipe)?;
    let known = Stream {
        path,
        start: &start,
        total_bytes: None,
    };
    unpacked(&known, &mut pipe, &Cancel::default(), progress)
}

fn unpacked(
    stream: &Stream<'_>,
    rest: &mut dyn Read,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Progress),
) -> Result<Opened, PacketsError> {
    let mut unpacked = stream.unpack(rest, cancel, progress)?;
    at_start(stream.path, &mut unpacked.file)?;
    Ok(Opened {
        file: unpacked.file,
        is_unpacked: Packing::of(stream.start).is_some(),
        remark: unpacked.remark,
    })
}
