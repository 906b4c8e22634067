//! Where everything that is printed leaves the program: text is made safe here, and a write that fails is an error.
//!
//! A reader that goes away (`| head`) is none: whoever closed the pipe knows.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use super::outcome::Unusable;
use crate::printable::{is_unsafe, printable_lines, sentence};

/// Prints lines for people to stdout; whatever would steer a terminal is written out.
pub(super) fn text(text: &str) -> Result<(), Unusable> {
    written(std::io::stdout().lock(), printable_lines(text).as_bytes())
}

/// Prints to stdout what a machine reads, which has been made safe in its own way.
pub(super) fn document(document: &str) -> Result<(), Unusable> {
    bytes(document.as_bytes())
}

/// The same for a document that was written as bytes.
pub(super) fn bytes(document: &[u8]) -> Result<(), Unusable> {
    written(std::io::stdout().lock(), document)
}

/// Prints one line to stderr: the last gate, whoever worded it.
pub(super) fn error(line: &str) {
    // There is nobody left to tell if this fails.
    let _ = writeln!(std::io::stderr().lock(), "{}", sentence(line));
}

/// Status 2, with the sentence on stderr.
pub(super) fn refuse(sentence: &str) -> ExitCode {
    error(&format!("mtlscope: {sentence}"));
    ExitCode::from(2)
}

/// Prints a value as JSON to stdout.
pub(super) fn json(value: &impl serde::Serialize) -> Result<(), Unusable> {
    let mut words = serde_json::to_string_pretty(value)
        .map_err(|error| Unusable(format!("the result cannot be written as JSON: {error}")))?;
    words.push('\n');
    document(&json_escaped(&words))
}

/// JSON with every character that would steer a terminal or turn a line as `\u202e`: any reader gets the same strings.
pub(super) fn json_escaped(json: &str) -> Cow<'_, str> {
    // Outside strings JSON is ASCII, and inside them the writer has escaped what is below U+0020.
    let is_meant = |character: char| is_unsafe(character) && !matches!(character, '\n' | '\t' | '\r');
    let Some(first) = json.find(is_meant) else {
        return Cow::Borrowed(json);
    };
    let mut out = String::with_capacity(json.len() + 64);
    let (before, rest) = json.split_at(first);
    out.push_str(before);
    for character in rest.chars() {
        if is_meant(character) {
            out.push_str(&unicode_escape(character));
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// `\u202e`; two of them for what lies beyond the first plane (RFC 8259 §7).
pub(super) fn unicode_escape(character: char) -> String {
    let mut out = String::new();
    for unit in character.encode_utf16(&mut [0; 2]) {
        let _ = write!(out, "\\u{unit:04x}");
    }
    out
}

/// Writes and flushes; only a closed pipe may fail.
fn written(mut to: impl Write, bytes: &[u8]) -> Result<(), Unusable> {
    judged(to.write_all(bytes).and_then(|()| to.flush()))
}

/// What became of something that somebody else wrote to stdout, and may not have flushed.
pub(super) fn printed(result: std::io::Result<()>) -> Result<(), Unusable> {
    judged(result.and_then(|()| std::io::stdout().lock().flush()))
}

fn judged(result: std::io::Result<()>) -> Result<(), Unusable> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Unusable(format!(
            "the result cannot be written to the standard output ({error}); make room there, or send it elsewhere"
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_stays_the_same_strings() {
        let value = serde_json::json!({ "a\u{202e}": "b\u{85}\u{7f}\u{e0041}\n\t é" });
        let plain = serde_json::to_string_pretty(&value).expect("JSON");
        let safe = json_escaped(&plain);
        assert!(
            !safe
                .chars()
                .any(|character| is_unsafe(character) && character != '\n'),
            "{safe}"
        );
        assert!(
            safe.contains(r"\u202e") && safe.contains(r"\udb40\udc41"),
            "{safe}"
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&safe).expect("JSON"),
            value
        );
        assert!(matches!(json_escaped("{\n  \"a\": 1\n}"), Cow::Borrowed(_)));
    }

    /// Takes so many bytes, then fails; or fails when it is flushed.
    struct Sink {
        room: usize,
        kind: ErrorKind,
        fails_at_flush: bool,
    }

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let taken = bytes.len().min(self.room);
            if taken == 0 && !self.fails_at_flush {
                return Err(self.kind.into());
            }
            self.room -= taken;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            if self.fails_at_flush {
                return Err(self.kind.into());
            }
            Ok(())
        }
    }

    #[test]
    fn only_a_closed_pipe_may_fail() {
        let write = |room, kind, fails_at_flush| {
            written(
                Sink {
                    room,
                    kind,
                    fails_at_flush,
                },
                b"words",
            )
        };
        assert!(write(0, ErrorKind::StorageFull, false).is_err());
        assert!(write(5, ErrorKind::StorageFull, true).is_err());
        assert!(write(0, ErrorKind::PermissionDenied, false).is_err());
        assert!(write(0, ErrorKind::BrokenPipe, false).is_ok());
        assert!(write(5, ErrorKind::BrokenPipe, true).is_ok());
        assert!(write(5, ErrorKind::Other, false).is_ok());
    }
}
