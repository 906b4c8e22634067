//! An analysis written out whole, a fact a line. Nothing is left away by `..`: what is added to a type has to be written here.

mod diagnosis;
mod paths;
mod story;
mod transcript;

pub use diagnosis::*;
pub use paths::*;
pub use story::*;
pub use transcript::*;

use std::fmt::{Display, Write};
use std::ops::Range;

use mtlscope::capture::Side;
use mtlscope::diagnose::CertificateRef;
use mtlscope::pki::sha256_hex;

/// Lines, each indented as deep as what it tells lies.
#[derive(Default)]
pub struct Text {
    /// All of it.
    pub all: String,
    depth: usize,
}

impl Text {
    /// A line; what has line ends is written as several, so that a difference shows where it is.
    pub fn line(&mut self, words: impl Display) {
        for line in words.to_string().lines() {
            let depth = 2 * self.depth;
            let _ = writeln!(self.all, "{}", format!("{:depth$}{line}", "").trim_end());
        }
    }

    /// What lies below the line before.
    pub fn below(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }
}

/// What is written so.
pub fn written(write: impl FnOnce(&mut Text)) -> String {
    let mut text = Text::default();
    write(&mut text);
    text.all
}

/// What stands for words that are told elsewhere.
pub fn tag(words: &str) -> String {
    sha256_hex(words.as_bytes()).chars().take(6).collect()
}

pub(crate) fn side(side: Option<Side>) -> &'static str {
    side.map_or("nobody", Side::word)
}

pub(crate) fn certificate(certificate: Option<&CertificateRef>) -> String {
    certificate.map_or_else(
        || "no certificate".to_owned(),
        |CertificateRef { sha256, subject }| {
            let short: String = sha256.chars().take(8).collect();
            format!("{subject} {short}")
        },
    )
}

pub(crate) fn range(range: &Range<usize>) -> String {
    format!("[{}..{}]", range.start, range.end)
}

pub(crate) fn often(repeated: usize) -> String {
    match repeated {
        0 => String::new(),
        _ => format!(", and {repeated} more like it"),
    }
}
