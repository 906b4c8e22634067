//! Reading a file within bounds: never a device, never more than it may hold.

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
    /// A device, a pipe, a socket.
    NotAFile,
    /// More bytes than such a file can have.
    TooLarge {
        /// Its size.
        bytes: u64,
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
                "this is a device or a pipe, not a file".to_owned(),
                "save its content to a file first".to_owned(),
            ),
            Self::TooLarge { bytes, limit } => (
                format!(
                    "{} MB is too large for this kind of file (the limit is {} MB)",
                    bytes.div_ceil(1_000_000),
                    limit / 1_000_000
                ),
                "choose the file that holds only what is asked for here".to_owned(),
            ),
        }
    }
}

/// Reads a regular file of at most `limit` bytes, without touching the content of a larger one.
pub fn read_limited(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    use std::io::Read;
    let metadata = std::fs::metadata(path).map_err(ReadError::Io)?;
    if metadata.is_dir() {
        return Err(ReadError::Directory);
    }
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    if metadata.len() > limit {
        return Err(ReadError::TooLarge {
            bytes: metadata.len(),
            limit,
        });
    }
    let mut bytes = Vec::new();
    // The file may grow between the question and the reading.
    std::fs::File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(ReadError::Io)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge {
            bytes: bytes.len() as u64,
            limit,
        });
    }
    Ok(bytes)
}
