//! A packet capture file, block by block: pcap in either byte order and precision, and pcapng.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use pcap_parser::{PcapError, create_reader};

use super::blocks::{Blocks, Each};

/// The longest block that is read: a packet of 256 KiB, pcapng's own usual limit, and secrets of some thousand connections.
const LARGEST_BLOCK_BYTES: usize = 64 << 20;
const FIRST_BUFFER_BYTES: usize = 1 << 20;

/// Why a packet capture could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {what}; {mend}", path.display())]
pub struct PacketsError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub what: String,
    /// What to do.
    pub mend: String,
}

impl PacketsError {
    pub(super) fn new(path: &Path, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            what: what.into(),
            mend: mend.into(),
        }
    }

    pub(super) fn is_none(path: &Path) -> Self {
        Self::new(
            path,
            "it is no packet capture",
            "give a pcap or pcapng file, as tcpdump -w and Wireshark write them",
        )
    }

    pub(super) fn cancelled(path: &Path) -> Self {
        Self::new(path, "the reading was cancelled", "open it again")
    }
}

/// Whether a file's first bytes are those of a packet capture.
pub fn is_packet_capture(start: &[u8]) -> bool {
    const MAGIC: [[u8; 4]; 6] = [
        [0xa1, 0xb2, 0xc3, 0xd4],
        [0xd4, 0xc3, 0xb2, 0xa1],
        [0xa1, 0xb2, 0x3c, 0x4d],
        [0x4d, 0x3c, 0xb2, 0xa1],
        // Some Linux distributions of old wrote eight bytes more for each packet.
        [0x34, 0xcd, 0xb2, 0xa1],
        [0x0a, 0x0d, 0x0d, 0x0a],
    ];
    MAGIC.iter().any(|magic| start.starts_with(magic))
}

/// How the reading ended.
pub(super) enum End {
    /// At the end of the file.
    Whole,
    /// Before it, and why: what was read so far is good.
    Early(String),
    /// Because it was asked to.
    Stopped,
}

/// Goes back to the start of a file, and refuses what is no packet capture.
pub(super) fn at_start(path: &Path, file: &mut File) -> Result<(), PacketsError> {
    let rewind = |file: &mut File| {
        file.seek(SeekFrom::Start(0))
            .map_err(|error| unreadable(path, &error))
    };
    rewind(file)?;
    let start = first_four(path, file)?;
    if !is_packet_capture(&start) {
        return Err(PacketsError::is_none(path));
    }
    rewind(file)?;
    Ok(())
}

/// The first four bytes of a stream, fewer where it has fewer.
pub(super) fn first_four(path: &Path, stream: &mut dyn Read) -> Result<Vec<u8>, PacketsError> {
    let mut start = Vec::new();
    stream
        .take(4)
        .read_to_end(&mut start)
        .map_err(|error| unreadable(path, &error))?;
    Ok(start)
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> PacketsError {
    PacketsError::new(
        path,
        format!("it cannot be read: {error}"),
        "check the name and its permissions",
    )
}

/// Reads an opened file from its start. `each` gets every item with the bytes read so far, and says whether to go on.
pub(super) fn read(path: &Path, file: &File, each: &mut Each<'_>) -> Result<End, PacketsError> {
    let total_bytes = file.metadata().map_or(u64::MAX, |metadata| metadata.len());
    let mut reader = create_reader(FIRST_BUFFER_BYTES, file).map_err(|error| {
        PacketsError::new(
            path,
            format!("its header is damaged ({})", words(&error)),
            "record or export it again",
        )
    })?;
    let mut blocks = Blocks::default();
    let mut capacity = FIRST_BUFFER_BYTES;
    let mut position = 0u64;
    // `Incomplete` twice at one place means that the buffer is too small for the block, or that the file ends in it.
    let mut last_refill = None;
    loop {
        match reader.next() {
            Ok((length, block)) => {
                if !blocks.item(&block, position, each) {
                    return Ok(End::Stopped);
                }
                position += length as u64;
                reader.consume(length);
            }
            Err(PcapError::Eof) => return Ok(End::Whole),
            Err(PcapError::Incomplete(_) | PcapError::BufferTooSmall) => {
                if last_refill == Some(position) {
                    if reader.reader_exhausted() {
                        return Ok(End::Early(format!(
                            "the file ends in the middle of a packet, at byte {position}"
                        )));
                    }
                    if capacity as u64 > total_bytes.saturating_sub(position) {
                        return Ok(End::Early(format!(
                            "the file ends in the middle of a packet, at byte {position}"
                        )));
                    }
                    capacity *= 2;
                    if capacity > LARGEST_BLOCK_BYTES || !reader.grow(capacity) {
                        return Ok(End::Early(format!(
                            "the block at byte {position} is too long to be true"
                        )));
                    }
                }
                last_refill = Some(position);
                if reader.refill().is_err() {
                    return Ok(End::Early(format!(
                        "the file could not be read beyond byte {position}"
                    )));
                }
            }
            Err(PcapError::UnexpectedEof) => {
                return Ok(End::Early(format!(
                    "the file ends in the middle of a packet, at byte {position}"
                )));
            }
            Err(error) => {
                return Ok(End::Early(format!(
                    "the file is damaged at byte {position} ({})",
                    words(&error)
                )));
            }
        }
    }
}

fn words<I>(error: &PcapError<I>) -> &'static str {
    match error {
        PcapError::Eof | PcapError::UnexpectedEof | PcapError::Incomplete(_) => "it ends too early",
        PcapError::BufferTooSmall => "a block is too long",
        PcapError::ReadError => "it cannot be read",
        PcapError::HeaderNotRecognized => "its first bytes are not those of a packet capture",
        PcapError::NomError(..) | PcapError::OwnedNomError(..) => "a block is not as the format asks for",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::source::packets::item::Item;

    /// A pcap file with packets of these lengths, of which the last so many bytes are cut off.
    fn read_packets(lengths: &[u32], cut: usize) -> (Vec<usize>, Option<String>) {
        let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        bytes.extend(u32::MAX.to_le_bytes());
        bytes.extend(1u32.to_le_bytes());
        for length in lengths {
            for number in [1, 0, *length, *length] {
                bytes.extend(number.to_le_bytes());
            }
            bytes.resize(bytes.len() + *length as usize, 7);
        }
        bytes.truncate(bytes.len() - cut);
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(&bytes).expect("written");
        let path = Path::new("x.pcap");
        at_start(path, &mut file).expect("a capture");
        let mut seen = Vec::new();
        let end = read(path, &file, &mut |item, _| {
            if let Item::Packet(packet) = item {
                seen.push(packet.data.len());
            }
            true
        });
        let why = match end.expect("a header") {
            End::Whole => None,
            End::Early(why) => Some(why),
            End::Stopped => panic!("nobody stops it"),
        };
        (seen, why)
    }

    #[test]
    fn a_block_longer_than_the_buffer_is_read_whole() {
        let (mib, first) = (1u32 << 20, FIRST_BUFFER_BYTES as u32);
        for length in [0, 1, first - 40, first, first + 1, 5 * mib] {
            let lengths = [9, length, 11];
            let wanted: Vec<usize> = lengths.iter().map(|length| *length as usize).collect();
            assert_eq!(read_packets(&lengths, 0), (wanted, None), "{length}");
        }
    }

    #[test]
    fn where_the_file_ends_too_early_what_came_before_is_good() {
        let ends_in = |at: u64| Some(format!("the file ends in the middle of a packet, at byte {at}"));
        for (lengths, cut, wanted, at) in [
            (&[9, 40][..], 1, vec![9], 49),
            (&[9, 40], 40, vec![9], 49),
            (&[9, 40], 50, vec![9], 49),
            (&[9], 1, vec![], 24),
            (&[9, 3 << 20], 1, vec![9], 49),
        ] {
            assert_eq!(
                read_packets(lengths, cut),
                (wanted, ends_in(at)),
                "{lengths:?} {cut}"
            );
        }
        assert_eq!(read_packets(&[9, 40], 56), (vec![9], None));
    }
}
