//! Reading and writing session files.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ron::ser::PrettyConfig;

use super::compat::{NAME, V1, version};
use super::{Session, VERSION};
use crate::pki::{ReadError, read_limited, read_to_limit};
use crate::printable::{quoted_name, quoted_path, quoted_value};

/// A session larger than this is none: a handshake is some kilobytes. Larger ones are not saved either.
pub(super) const LARGEST_BYTES: u64 = 64 * 1024 * 1024;

/// Why a session could not be opened or saved. One sentence, with the file and the mend.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The file cannot be had.
    #[error("{}: {what}; {mend}", quoted_path(path))]
    Read {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: String,
        /// The mend.
        mend: String,
    },
    /// It is something else.
    #[error(
        "{name}: this is not an mtlscope session ({looks_like}); open a .ron file that mtlscope saved, or a packet capture (pcap, pcapng)"
    )]
    NotASession {
        /// The file.
        name: String,
        /// What it seems to be.
        looks_like: &'static str,
    },
    /// It is damaged.
    #[error("{name}, line {line}, column {column}: the session is damaged ({words}); restore it from a copy")]
    Damaged {
        /// The file.
        name: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there.
        words: String,
    },
    /// A later build wrote it.
    #[error(
        "{name}: this session has format version {version}, made by a newer mtlscope; this one reads up to {VERSION}, so update mtlscope"
    )]
    Newer {
        /// The file.
        name: String,
        /// Its version.
        version: u32,
    },
    /// Somebody put a private key into it.
    #[error("{name}: the file holds a private key, which no session may; remove it")]
    HoldsKey {
        /// The file.
        name: String,
    },
    /// It cannot be written.
    #[error(
        "{}: the session cannot be written ({words}); what was there is untouched; choose another place",
        quoted_path(path)
    )]
    Write {
        /// Where.
        path: PathBuf,
        /// The system's words.
        words: String,
    },
}

impl SessionError {
    /// The file's bytes cannot be had.
    pub fn unreadable(path: &Path, error: &ReadError) -> Self {
        let (what, mend) = error.words();
        Self::Read {
            path: path.to_owned(),
            what,
            mend,
        }
    }
}

/// The session as text: one thing a line.
pub fn to_text(session: &Session) -> Result<String, ron::Error> {
    let file = V1 {
        version: VERSION,
        title: session.title.clone(),
        notes: session.notes.clone(),
        step_notes: session.step_notes.clone(),
        capture: Arc::clone(&session.capture),
    };
    let pretty = PrettyConfig::new()
        .struct_names(true)
        .indentor("  ")
        .new_line("\n");
    ron::ser::to_string_pretty(&file, pretty).map(|text| text + "\n")
}

/// Opens a session.
pub fn load(path: &Path) -> Result<Session, SessionError> {
    let bytes = read_limited(path, LARGEST_BYTES).map_err(|error| SessionError::unreadable(path, &error))?;
    of_bytes(bytes, path)
}

/// Opens a session that comes through a pipe; `path` is what it is called.
pub fn load_from(stream: impl Read, path: &Path) -> Result<Session, SessionError> {
    let bytes =
        read_to_limit(stream, LARGEST_BYTES).map_err(|error| SessionError::unreadable(path, &error))?;
    of_bytes(bytes, path)
}

fn of_bytes(bytes: Vec<u8>, path: &Path) -> Result<Session, SessionError> {
    let name = quoted_path(path);
    let text = String::from_utf8(bytes).map_err(|_| SessionError::NotASession {
        name: name.clone(),
        looks_like: "it is not text",
    })?;
    parse(&text, &name)
}

/// Reads a session's text; `name` is for sentences.
pub fn parse(text: &str, name: &str) -> Result<Session, SessionError> {
    let name = &quoted_name(name);
    let not = |looks_like| SessionError::NotASession {
        name: name.clone(),
        looks_like,
    };
    if text.trim().is_empty() {
        return Err(not("it is empty"));
    }
    if holds_key(text) {
        return Err(SessionError::HoldsKey { name: name.clone() });
    }
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    if !begins.starts_with(NAME) {
        if text.contains("-----BEGIN ") {
            return Err(not("it is a PEM file"));
        }
        return Err(not("it does not begin with MtlscopeSession"));
    }
    // Lines are those of the file, with what an editor put before the first.
    let before = text.strip_suffix(begins).unwrap_or_default();
    let damaged = |error: ron::error::SpannedError| SessionError::Damaged {
        name: name.clone(),
        line: error.span.start.line + before.matches('\n').count(),
        column: error.span.start.col
            + match (error.span.start.line, before.rsplit('\n').next()) {
                (1, Some(indent)) => indent.trim_start_matches('\u{feff}').chars().count(),
                _ => 0,
            },
        // They may quote the file, and so a key that somebody put into it.
        words: quoted_value(&error.code.to_string()),
    };
    let newer = |version| SessionError::Newer {
        name: name.clone(),
        version,
    };
    // A file of another version has other fields: its version is told before they are looked at.
    match version(begins) {
        None | Some(VERSION) => {}
        Some(0) => return Err(not("it has no version")),
        Some(version) => return Err(newer(version)),
    }
    let file = ron::from_str::<V1>(begins).map_err(damaged)?;
    match file.version {
        VERSION => Ok(Session::from(file)),
        0 => Err(not("it has no version")),
        version => Err(newer(version)),
    }
}

/// Whether a private key of any kind stands in a session's text, in its notes for one.
pub(super) fn holds_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

#[cfg(test)]
mod tests;
