//! Writing a session file: whole or not at all, onto a regular file or a new one, through links, never beyond what opens again.

use std::fs::Permissions;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Session;
use super::compat::NAME;
use super::file::{LARGEST_BYTES, SessionError, holds_key, to_text};
use crate::pki::first_bytes;

/// As many links as Linux follows before it says that they go round in a circle.
const MOST_LINKS: usize = 40;

/// Writes a session: whole, or not at all.
///
/// A link stays, and what it points to is replaced; a file that is replaced keeps its permissions, a new one is for its
/// owner alone, since it may hold TLS secrets. Devices, pipes and directories are refused, as is a file that is no session, and
/// a session that [`super::load`] would not take back.
pub fn save(path: &Path, session: &Session) -> Result<(), SessionError> {
    let refused = |words: String| SessionError::Write {
        path: path.to_owned(),
        words,
    };
    // Before it is written out: hexadecimal has two characters for each byte.
    check_size(least_bytes(session)).map_err(refused)?;
    let text = to_text(session).map_err(|error| refused(error.to_string()))?;
    check_size(text.len() as u64).map_err(refused)?;
    if holds_key(&text) {
        return Err(refused(
            "its title or its notes hold a private key, which no session may".to_owned(),
        ));
    }
    write_over(path, text.as_bytes(), "session of mtlscope", is_session).map_err(|error| refused(error.0))
}

/// Why a file was not written, in a few words; what was there is untouched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteRefused(pub String);

/// Writes a file whole or not at all, onto a new one, an empty one, or one that `is_ours` knows: links are followed, devices,
/// pipes and directories refused, and so is whatever else somebody has there. `what` says in words what may be written over.
pub fn write_over(
    path: &Path,
    bytes: &[u8],
    what: &str,
    is_ours: impl Fn(&Path) -> bool,
) -> Result<(), WriteRefused> {
    let target = target(path, what, is_ours).map_err(WriteRefused)?;
    write(&target, bytes).map_err(|error| WriteRefused(error.to_string()))
}

/// What its largest parts need at the least.
fn least_bytes(session: &Session) -> u64 {
    let segments = session.capture.segments.iter();
    let bytes: usize = segments.map(|segment| 2 * segment.bytes.len()).sum();
    (session.title.len() + session.notes.len() + bytes) as u64
}

/// Refuses what could not be opened again.
fn check_size(bytes: u64) -> Result<(), String> {
    if bytes > LARGEST_BYTES {
        return Err(format!(
            "it has {} MB, and no session of more than {} MB can be opened again",
            bytes.div_ceil(1_000_000),
            LARGEST_BYTES / 1_000_000
        ));
    }
    Ok(())
}

/// Where the bytes go, and the permissions of what lies there already.
struct Target {
    path: PathBuf,
    permissions: Option<Permissions>,
}

/// Follows links to a regular file, or to a place where there is nothing yet.
fn target(path: &Path, what: &str, is_ours: impl Fn(&Path) -> bool) -> Result<Target, String> {
    let mut at = path.to_owned();
    for _ in 0..MOST_LINKS {
        let metadata = match std::fs::symlink_metadata(&at) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Target {
                    path: at,
                    permissions: None,
                });
            }
            Err(error) => return Err(error.to_string()),
        };
        let kind = metadata.file_type();
        if kind.is_symlink() {
            let to = std::fs::read_link(&at).map_err(|error| error.to_string())?;
            // A relative link counts from where it lies.
            at = at.parent().map_or_else(|| to.clone(), |folder| folder.join(&to));
        } else if kind.is_dir() {
            return Err("it is a directory".to_owned());
        } else if !kind.is_file() {
            return Err("it is a device, a pipe or a socket, not a file".to_owned());
        } else if metadata.permissions().readonly() {
            return Err("the file there is write-protected".to_owned());
        } else if metadata.len() > 0 && !is_ours(&at) {
            // A key, or whatever somebody has: only what was saved before is replaced.
            return Err(format!("the file there is no {what}, and it is not written over"));
        } else {
            return Ok(Target {
                path: at,
                permissions: Some(metadata.permissions()),
            });
        }
    }
    Err("its links go round in a circle".to_owned())
}

/// Whether a file begins as every session does, of any version.
fn is_session(path: &Path) -> bool {
    let beginning = first_bytes(path, MOST_BEFORE_THE_NAME + NAME.len() as u64 + 1).unwrap_or_default();
    let text = String::from_utf8_lossy(&beginning);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.strip_prefix(NAME)
        .is_some_and(|rest| rest.trim_start().starts_with('(') || rest.is_empty())
}

/// An editor may put a byte order mark and empty lines before it.
const MOST_BEFORE_THE_NAME: u64 = 64;

fn write(target: &Target, bytes: &[u8]) -> std::io::Result<()> {
    // In the same directory, so that the last step is a rename within one file system.
    let directory = target
        .path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(bytes)?;
    if let Some(permissions) = &target.permissions {
        file.as_file().set_permissions(permissions.clone())?;
    }
    file.as_file().sync_all()?;
    file.persist(&target.path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_opens_again() {
        assert_eq!(check_size(LARGEST_BYTES), Ok(()));
        let words = check_size(LARGEST_BYTES + 1).expect_err("one byte more");
        assert!(words.contains("68 MB") && words.contains("67 MB"), "{words}");
    }
}
