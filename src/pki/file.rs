//! Reading within bounds: never a device, never more than a file of its kind may hold.

use std::io::Read;
use std::path::Path;

/// Whether a certificate or a list was fetched: its address stands where a file's path would.
pub fn is_address(file: &str) -> bool {
    file.get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case("http://"))
}

/// Why a file's bytes could not be had.
#[derive(Debug)]
pub enum ReadError {
    /// The operating system said no.
    Io(std::io::Error),
    /// A directory.
    Directory,
    /// A device, a named pipe, a socket, or a file that the kernel makes up while it is read.
    NotAFile,
    /// More bytes than such a file can have.
    TooLarge {
        /// Its size; `None` for what does not say it.
        bytes: Option<u64>,
        /// The limit.
        limit: u64,
    },
}

impl ReadError {
    /// What is wrong, and the mend.
    pub fn words(&self) -> (String, String) {
        match self {
            Self::Io(error) => match error.kind() {
                std::io::ErrorKind::NotFound => (
                    "there is no such file".to_owned(),
                    "check the path and its spelling".to_owned(),
                ),
                std::io::ErrorKind::PermissionDenied => (
                    "the file may not be read".to_owned(),
                    "give your user read permission (chmod u+r)".to_owned(),
                ),
                _ => (
                    format!("the file cannot be read ({error})"),
                    "check the disk and the path".to_owned(),
                ),
            },
            Self::Directory => (
                "this is a directory".to_owned(),
                "choose one of the files in it".to_owned(),
            ),
            Self::NotAFile => (
                "this is a device, a named pipe or a socket, not a file".to_owned(),
                "save its content to a file first, or hand it over as <(command)".to_owned(),
            ),
            Self::TooLarge { bytes, limit } => (
                match bytes {
                    Some(bytes) => format!(
                        "{} MB is too large for this kind of file (the limit is {} MB)",
                        bytes.div_ceil(1_000_000),
                        limit / 1_000_000
                    ),
                    None => format!(
                        "it goes on beyond {} MB, the limit for this kind of file",
                        limit / 1_000_000
                    ),
                },
                "choose the file that holds only what is asked for here".to_owned(),
            ),
        }
    }
}

/// Opens what holds content and ends: a regular file, or a pipe that the shell opened for this process (`<(command)`,
/// `/dev/stdin`). Devices, named pipes, sockets and directories are never opened: they may not end, and opening some of
/// them changes something.
///
/// The size is `None` for a pipe, whose content ends where its writer says.
pub fn open_content(path: &Path) -> Result<(std::fs::File, Option<u64>), ReadError> {
    let metadata = std::fs::metadata(path).map_err(ReadError::Io)?;
    if metadata.is_dir() {
        return Err(ReadError::Directory);
    }
    if is_given_pipe(path, &metadata) {
        let file = std::fs::File::open(path).map_err(ReadError::Io)?;
        return Ok((file, None));
    }
    if !metadata.is_file() || is_made_by_the_kernel(path) {
        return Err(ReadError::NotAFile);
    }
    let file = std::fs::File::open(path).map_err(ReadError::Io)?;
    Ok((file, Some(metadata.len())))
}

/// A pipe under a name that only this process has: what `<(command)` and `command |` make.
#[cfg(unix)]
fn is_given_pipe(path: &Path, metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let is_own =
        path == Path::new("/dev/stdin") || path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd");
    is_own && metadata.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_given_pipe(_path: &Path, _metadata: &std::fs::Metadata) -> bool {
    false
}

/// Files of /proc and /sys look regular, and some never end (`/proc/kmsg`).
fn is_made_by_the_kernel(path: &Path) -> bool {
    std::fs::canonicalize(path).is_ok_and(|real| ["/proc", "/sys"].iter().any(|made| real.starts_with(made)))
}

/// A pipe that the shell made for this process, opened. `None` where it is none; one under a name of its own (`mkfifo`) is not
/// opened, for nobody may ever write to it.
pub fn open_pipe(path: &Path) -> Option<Result<std::fs::File, ReadError>> {
    let metadata = std::fs::metadata(path).ok()?;
    is_given_pipe(path, &metadata).then(|| std::fs::File::open(path).map_err(ReadError::Io))
}

/// The first bytes of a stream, fewer where it has fewer.
pub fn read_start(stream: &mut impl Read, count: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    stream
        .take(count)
        .read_to_end(&mut bytes)
        .map_err(ReadError::Io)?;
    Ok(bytes)
}

/// Reads content of at most `limit` bytes, without touching that of a larger file.
pub fn read_limited(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let (file, size) = open_content(path)?;
    if let Some(bytes) = size.filter(|bytes| *bytes > limit) {
        return Err(ReadError::TooLarge {
            bytes: Some(bytes),
            limit,
        });
    }
    read_to_limit(file, limit)
}

/// Reads all of a stream that may have at most `limit` bytes: a pipe says no size, and a file may grow while it is read.
pub fn read_to_limit(stream: impl Read, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    stream
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(ReadError::Io)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge { bytes: None, limit });
    }
    Ok(bytes)
}

/// The first bytes of a regular file, fewer where it has fewer; `None` where it is none. A pipe is not touched: what is
/// read from it is gone.
pub fn first_bytes(path: &Path, count: u64) -> Option<Vec<u8>> {
    let metadata = std::fs::metadata(path).ok()?;
    if !metadata.is_file() || is_made_by_the_kernel(path) {
        return None;
    }
    let mut file = std::fs::File::open(path).ok()?;
    read_start(&mut file, count).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_holds_from_both_sides() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("x");
        for size in [0, 9, 10] {
            std::fs::write(&path, vec![b'x'; size]).expect("a file");
            assert_eq!(read_limited(&path, 10).expect("within").len(), size);
            assert_eq!(read_to_limit(&vec![0; size][..], 10).expect("within").len(), size);
        }
        std::fs::write(&path, [b'x'; 11]).expect("a file");
        assert!(matches!(
            read_limited(&path, 10),
            Err(ReadError::TooLarge {
                bytes: Some(11),
                limit: 10
            })
        ));
        assert!(matches!(
            read_to_limit(std::io::repeat(0), 10),
            Err(ReadError::TooLarge {
                bytes: None,
                limit: 10
            })
        ));
        assert_eq!(first_bytes(&path, 4).as_deref(), Some(&b"xxxx"[..]));
        assert_eq!(first_bytes(&path, 400).map(|bytes| bytes.len()), Some(11));
        assert_eq!(first_bytes(directory.path(), 4), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_may_not_end_is_not_opened() {
        let directory = tempfile::tempdir().expect("a directory");
        let socket = directory.path().join("socket");
        let _listening = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
        let link = directory.path().join("link");
        std::os::unix::fs::symlink("/proc/kmsg", &link).expect("a link");
        for path in [
            Path::new("/dev/zero"),
            Path::new("/proc/self/status"),
            Path::new("/proc/kmsg"),
            &link,
            &socket,
        ] {
            assert!(
                matches!(read_limited(path, 10), Err(ReadError::NotAFile)),
                "{path:?}"
            );
            assert_eq!(first_bytes(path, 4), None, "{path:?}");
        }
        assert!(matches!(
            read_limited(directory.path(), 10),
            Err(ReadError::Directory)
        ));
    }
}
