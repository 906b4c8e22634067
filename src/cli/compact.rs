//! JSON in one line, made safe while it is written: what a capture of many connections is printed as.
//!
//! The same bytes as `serde_json` writes and [`super::output::json_escaped`] makes of them, without looking at each character
//! a second time: nearly a megabyte is written for ten connections.

use std::io::{Result, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::output::unicode_escape;
use crate::printable::is_unsafe;

/// Appends a value in one line. After an error nothing of it is left.
pub(super) fn append(out: &mut Vec<u8>, value: &impl Serialize) -> serde_json::Result<()> {
    let before = out.len();
    let result = value.serialize(&mut Serializer::with_formatter(&mut *out, Safe));
    if result.is_err() {
        out.truncate(before);
    }
    result
}

/// In one line, with every character that would steer a terminal as `\u202e`.
struct Safe;

impl Formatter for Safe {
    /// What JSON itself must escape is no part of a fragment.
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> Result<()> {
        // ASCII but for DEL, as nearly all is. Looked at whole, many bytes at a time, and not up to the first.
        let is_plain = fragment.bytes().fold(0, u8::max) < 0x7f;
        if is_plain {
            return writer.write_all(fragment.as_bytes());
        }
        for run in fragment.split_inclusive(is_unsafe) {
            match run
                .char_indices()
                .next_back()
                .filter(|(_, last)| is_unsafe(*last))
            {
                Some((at, last)) => {
                    writer.write_all(run.get(..at).unwrap_or_default().as_bytes())?;
                    writer.write_all(unicode_escape(last).as_bytes())?;
                }
                None => writer.write_all(run.as_bytes())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
