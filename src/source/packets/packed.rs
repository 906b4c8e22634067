//! Packet captures that come packed (gzip, Zstandard) or through a pipe are put into a private file of no name, so that they can be read again.
//!
//! The place of every packet is then one in the unpacked file. What a cut or damaged file still gives is used, and told.

use std::cell::Cell;
use std::fs::File;
use std::io::{Cursor, ErrorKind, Read, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::file::{PacketsError, is_packet_capture};
use super::frames::{Frames, WindowTooLarge, window_too_large};
use super::progress::Progress;
use crate::cancel::Cancel;

/// So much may always come out of a packed file.
const LEAST_LIMIT: u64 = 1 << 30;
/// So many times its size may come out of a larger one. Headers of packets pack well, but not like zeros.
const MOST_TIMES: u64 = 200;

/// How files are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstandard,
    Lz4,
    Xz,
    Bzip2,
    Zip,
}

impl Packing {
    /// By a file's first four bytes.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        match start {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            // A frame, or one to be skipped.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstandard),
            [0x04, 0x22, 0x4d, 0x18, ..] => Some(Self::Lz4),
            [0xfd, b'7', b'z', b'X', ..] => Some(Self::Xz),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some(Self::Bzip2),
            [b'P', b'K', 3, 4, ..] => Some(Self::Zip),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstandard => "zstd",
            Self::Lz4 => "lz4",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
            Self::Zip => "zip",
        }
    }

    /// The command that unpacks it.
    fn mend(self) -> &'static str {
        match self {
            Self::Gzip => "unpack it first: gunzip --keep",
            Self::Zstandard => "unpack it first: zstd -d",
            Self::Lz4 => "unpack it first: lz4 -d",
            Self::Xz => "unpack it first: xz --decompress --keep",
            Self::Bzip2 => "unpack it first: bunzip2 --keep",
            Self::Zip => "unpack it first: unzip",
        }
    }
}

/// A packet capture that was put into a file of its own.
pub(super) struct Unpacked {
    pub(super) file: File,
    /// What was odd, in a sentence.
    pub(super) remark: Option<String>,
}

/// What is known of a stream before it is unpacked.
pub(super) struct Stream<'a> {
    /// What it is called.
    pub(super) path: &'a Path,
    /// Its first bytes, which are no longer in it.
    pub(super) start: &'a [u8],
    /// How long it is; `None`: a pipe does not say.
    pub(super) total_bytes: Option<u64>,
}

impl Stream<'_> {
    /// Puts all of it into a private file, unpacked where it is packed.
    pub(super) fn unpack(
        &self,
        rest: &mut dyn Read,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Unpacked, PacketsError> {
        self.unpack_within(rest, LEAST_LIMIT, cancel, progress)
    }

    fn unpack_within(
        &self,
        rest: &mut dyn Read,
        least_limit: u64,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Unpacked, PacketsError> {
        let packing = Packing::of(self.start);
        if packing.is_none() && !is_packet_capture(self.start) {
            return Err(PacketsError::is_none(self.path));
        }
        let told = Counts::default();
        let source = Counted {
            inner: Cursor::new(self.start).chain(rest),
            counts: &told,
        };
        let mut reader: Box<dyn Read + '_> = match packing {
            None => Box::new(source),
            Some(Packing::Gzip) => Box::new(MultiGzDecoder::new(source)),
            Some(Packing::Zstandard) => Box::new(Frames::new(source)),
            Some(other @ (Packing::Lz4 | Packing::Xz | Packing::Bzip2 | Packing::Zip)) => {
                return Err(PacketsError::new(
                    self.path,
                    format!("it is packed with {}", other.name()),
                    other.mend(),
                ));
            }
        };
        let no_room = |error: std::io::Error| {
            PacketsError::new(
                self.path,
                format!("it could not be put into a temporary file: {error}"),
                "make room in the folder for temporary files, or name another one with TMPDIR",
            )
        };
        let mut file = tempfile::tempfile().map_err(no_room)?;
        let mut buffer = vec![0; 1 << 16];
        let mut unpacked = 0u64;
        let mut has_failed = false;
        loop {
            if cancel.is_cancelled() {
                return Err(PacketsError::cancelled(self.path));
            }
            let got = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(got) => got,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => {
                    if let Some(WindowTooLarge { bytes }) = window_too_large(&error) {
                        return Err(PacketsError::new(
                            self.path,
                            format!(
                                "it is packed with zstd --long, and {} MB of it are needed at once, more than are held in \
                                 memory here",
                                bytes / 1_000_000
                            ),
                            "unpack it first: zstd -d --long=31",
                        ));
                    }
                    has_failed = true;
                    break;
                }
            };
            file.write_all(buffer.get(..got).unwrap_or_default())
                .map_err(no_room)?;
            unpacked += got as u64;
            if let Some(packing) = packing
                && unpacked > least_limit.max(told.read_bytes.get().saturating_mul(MOST_TIMES))
            {
                return Err(PacketsError::new(
                    self.path,
                    format!(
                        "far more comes out of it than is packed into a packet capture of its size (over {} MB)",
                        unpacked / 1_000_000
                    ),
                    format!("if it is yours, {}", packing.mend()),
                ));
            }
            progress(Progress {
                is_unpacking: true,
                read_bytes: told.read_bytes.get(),
                total_bytes: self.total_bytes.unwrap_or_default(),
                unpacked_bytes: unpacked,
                packets: 0,
            });
        }
        if unpacked == 0
            && let Some(packing) = packing
        {
            return Err(PacketsError::new(
                self.path,
                format!(
                    "it is packed with {}, and nothing comes out of it",
                    packing.name()
                ),
                "get the file once more, or unpack it by hand to see what is wrong",
            ));
        }
        Ok(Unpacked {
            file,
            remark: has_failed.then(|| told.remark(packing, unpacked)),
        })
    }
}

/// What was seen of the packed bytes.
#[derive(Default)]
struct Counts {
    read_bytes: Cell<u64>,
    has_ended: Cell<bool>,
    has_failed: Cell<bool>,
}

impl Counts {
    /// What is said of a stream that could not be unpacked to its end.
    fn remark(&self, packing: Option<Packing>, unpacked: u64) -> String {
        let packed = packing.map_or(String::new(), |packing| {
            format!(" is packed with {} and", packing.name())
        });
        if self.has_failed.get() {
            format!(
                "The file{packed} could not be read to its end: {unpacked} bytes of a packet capture were."
            )
        } else if self.has_ended.get() {
            format!("The file{packed} is cut: what could be unpacked was read, {unpacked} bytes.")
        } else {
            format!(
                "The file{packed} is damaged: what could be unpacked was read, {unpacked} bytes, and may be wrong in places."
            )
        }
    }
}

/// Counts what is read.
struct Counted<'a, R> {
    inner: R,
    counts: &'a Counts,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let got = self.inner.read(buffer);
        match &got {
            Ok(0) => self.counts.has_ended.set(!buffer.is_empty()),
            Ok(got) => self
                .counts
                .read_bytes
                .set(self.counts.read_bytes.get() + *got as u64),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => self.counts.has_failed.set(true),
        }
        got
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).expect("packed");
        encoder.finish().expect("packed")
    }

    fn zstandard(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn unpack(bytes: &[u8], limit: u64) -> Result<Unpacked, PacketsError> {
        let (start, mut rest) = bytes.split_at(4);
        let stream = Stream {
            path: Path::new("x.pcap"),
            start,
            total_bytes: None,
        };
        stream.unpack_within(&mut rest, limit, &Cancel::default(), &mut |_| {})
    }

    #[test]
    fn a_bomb_is_refused_and_the_mend_is_named() {
        let zeros = vec![0; 4 << 20];
        for (packed, mend) in [(gzip(&zeros), "gunzip"), (zstandard(&zeros), "zstd -d")] {
            let words = unpack(&packed, 1 << 20).err().expect("refused").to_string();
            assert!(words.contains("far more") && words.contains(mend), "{words}");
            assert!(unpack(&packed, 4 << 20).is_ok(), "below the limit it is unpacked");
        }
    }

    /// What a stream does when it is read: bytes, an interruption, an error, and then its end.
    struct Script(std::collections::VecDeque<std::io::Result<&'static [u8]>>);

    impl Read for Script {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let next = self.0.pop_front().unwrap_or(Ok(b""))?;
            buffer[..next.len()].copy_from_slice(next);
            Ok(next.len())
        }
    }

    #[test]
    fn an_interruption_is_no_failure_and_what_failed_is_told() {
        let interrupted = || Err(ErrorKind::Interrupted.into());
        let broken = || Err(ErrorKind::BrokenPipe.into());
        for (rest, remark) in [
            (vec![interrupted(), Ok(&b"efgh"[..])], None),
            (
                vec![Ok(&b"efgh"[..]), broken()],
                Some("The file could not be read to its end: 8 bytes of a packet capture were."),
            ),
        ] {
            let stream = Stream {
                path: Path::new("x.pcap"),
                start: b"\xd4\xc3\xb2\xa1",
                total_bytes: None,
            };
            let mut rest = Script(rest.into());
            let unpacked = stream
                .unpack_within(&mut rest, 1 << 20, &Cancel::default(), &mut |_| {})
                .map_err(|error| error.to_string())
                .expect("it is read");
            assert_eq!(unpacked.remark.as_deref(), remark);
            assert_eq!(unpacked.file.metadata().map(|data| data.len()).ok(), Some(8));
        }
        let cancel = Cancel::default();
        cancel.cancel();
        let stream = Stream {
            path: Path::new("x.pcap"),
            start: b"\xd4\xc3\xb2\xa1",
            total_bytes: None,
        };
        let refused = stream.unpack_within(&mut &b"efgh"[..], 1 << 20, &cancel, &mut |_| {});
        assert_eq!(
            refused.err().map(|error| error.to_string()).as_deref(),
            Some("x.pcap: the reading was cancelled; open it again")
        );
    }

    #[test]
    fn what_is_read_is_counted() {
        let counts = Counts::default();
        let mut counted = Counted {
            inner: Script(
                vec![
                    Ok(&b"abc"[..]),
                    Err(ErrorKind::Interrupted.into()),
                    Ok(b"de"),
                    Ok(b""),
                ]
                .into(),
            ),
            counts: &counts,
        };
        let mut buffer = [0; 8];
        let state = |counts: &Counts| {
            (
                counts.read_bytes.get(),
                counts.has_ended.get(),
                counts.has_failed.get(),
            )
        };
        let mut states = Vec::new();
        for _ in 0..3 {
            let _ = counted.read(&mut buffer);
            states.push(state(&counts));
        }
        let _ = counted.read(&mut []);
        states.push(state(&counts));
        let _ = counted.read(&mut buffer);
        states.push(state(&counts));
        counted.inner.0.push_back(Err(ErrorKind::BrokenPipe.into()));
        let _ = counted.read(&mut buffer);
        states.push(state(&counts));
        assert_eq!(
            states,
            [
                (3, false, false),
                (3, false, false),
                (5, false, false),
                // Nobody asked for more.
                (5, false, false),
                (5, true, false),
                (5, true, true),
            ]
        );
        let gzip = Some(Packing::Gzip);
        let failed = counts.remark(gzip, 7);
        assert_eq!(
            failed,
            "The file is packed with gzip and could not be read to its end: 7 bytes of a packet capture were."
        );
        counts.has_failed.set(false);
        assert!(
            counts
                .remark(gzip, 7)
                .starts_with("The file is packed with gzip and is cut:")
        );
        counts.has_ended.set(false);
        assert!(counts.remark(None, 7).starts_with("The file is damaged:"));
    }

    /// `zstd --long=28` writes this header, behind which what it may refer to lies up to 256 MB back.
    #[test]
    fn a_window_that_is_too_large_names_the_flag_that_opens_it() {
        let header = [&[0x28, 0xb5, 0x2f, 0xfd, 0, 0x90][..], &[1, 0, 0]].concat();
        let words = unpack(&header, 1 << 20).err().expect("refused").to_string();
        assert!(
            words.contains("zstd --long, and 268 MB") && words.ends_with("zstd -d --long=31"),
            "{words}"
        );
        // One that zstd opens without a flag is opened here too.
        let usual = [&[0x28, 0xb5, 0x2f, 0xfd, 0, 0x88][..], &[1, 0, 0]].concat();
        let words = unpack(&usual, 1 << 20).err().expect("empty").to_string();
        assert!(words.contains("nothing comes out"), "{words}");
    }

    #[test]
    fn what_cannot_be_unpacked_is_refused_by_its_name() {
        for (start, name) in [
            (&b"\x04\x22\x4d\x18...."[..], "lz4"),
            (b"\xfd7zXZ\0..", "xz"),
            (b"BZh91AY&", "bzip2"),
            (b"PK\x03\x04....", "zip"),
            (b"\x1f\x8b\x08\x00", "gzip"),
            (b"\x28\xb5\x2f\xfd", "zstd"),
        ] {
            let words = unpack(start, 1 << 20).err().expect("refused").to_string();
            assert!(words.contains(&format!("packed with {name}")), "{words}");
        }
    }
}
