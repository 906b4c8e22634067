//! What a stack answered, or why there is no answer.

use std::path::PathBuf;

use crate::capture::Capture;
use crate::stack::Stack;

/// Whether a stack can be asked here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is here.
    Installed {
        /// The file that is run.
        program: PathBuf,
        /// `3.0.22`, as the program says it.
        version: String,
    },
    /// It is not: the names that were looked for on the path.
    Absent {
        /// `openssl`, `certtool`, …
        looked_for: Vec<String>,
    },
    /// A file of its name is here, and does not say its version.
    Unusable {
        /// The file.
        program: PathBuf,
        /// What it did instead, in a sentence.
        words: String,
    },
}

/// How a stack was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A real handshake with our instrumented end.
    Handshake,
    /// Its chain tool or library call: `openssl verify`, `certtool --verify`, `x509.Certificate.Verify`.
    ChainTool,
}

/// At which time the stack judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedAt {
    /// At the time of the question.
    Wanted,
    /// At the machine's time, since the program takes no other. It matters where the question names a time.
    Now,
}

/// Its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It took the chain.
    Accepts,
    /// It refused it: its own words in one line, verbatim.
    Refuses(String),
    /// There is no verdict, and this counts for nothing.
    NoAnswer(NoAnswer),
}

/// Why a stack that was asked gave no verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// It did not answer within the time given, in milliseconds.
    TimedOut(u64),
    /// It ended by a signal, or in a way that is no verdict: what it said.
    Crashed(String),
    /// It would not take the files, and never judged: what it said.
    Unusable(String),
    /// It cannot be asked this, and why: no list of the kind, no time, no version in common.
    CannotBeAsked(String),
    /// The user ended it.
    Cancelled,
}

/// One stack's opinion.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// Whose.
    pub stack: Stack,
    /// `3.0.22`.
    pub version: String,
    /// How it was asked.
    pub way: Way,
    /// At which time it judged.
    pub asked_at: AskedAt,
    /// What was run: program and arguments, each one as it was given. Names of temporary files are shortened to the file's own.
    pub command: Vec<String>,
    /// Exit status; `None` where we ended it or a signal did.
    pub exit_status: Option<i32>,
    /// The verdict.
    pub said: Said,
    /// All that it wrote, both streams, bounded; not yet escaped.
    pub output: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The handshake as our end saw it; `None` for a chain tool.
    pub capture: Option<Capture>,
}

impl NoAnswer {
    /// Why, in a sentence; a program's own words in it are neither escaped nor cut.
    pub fn words(&self) -> String {
        match self {
            Self::TimedOut(after_ms) => format!("nothing came within {after_ms} ms"),
            Self::Crashed(words) => format!("it broke off: {words}"),
            Self::Unusable(words) => format!("it would not take the files: {words}"),
            Self::CannotBeAsked(words) => words.clone(),
            Self::Cancelled => "cancelled".to_owned(),
        }
    }
}

impl Opinion {
    /// Whether it took the chain; `None` where there is no verdict.
    pub fn accepts(&self) -> Option<bool> {
        match self.said {
            Said::Accepts => Some(true),
            Said::Refuses(_) => Some(false),
            Said::NoAnswer(_) => None,
        }
    }
}
