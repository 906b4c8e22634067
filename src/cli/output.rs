//! Printing. A reader that goes away (`| head`) is no error.

use std::io::Write;

use super::setup::Unusable;

/// Prints to stdout.
pub(super) fn text(text: &str) {
    let mut stdout = std::io::stdout().lock();
    // Nobody is left to tell if this fails.
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}

/// Prints one line to stderr.
pub(super) fn error(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Prints a value as JSON to stdout.
pub(super) fn json(value: &impl serde::Serialize) -> Result<(), Unusable> {
    let mut words = serde_json::to_string_pretty(value)
        .map_err(|error| Unusable(format!("the result cannot be written as JSON: {error}")))?;
    words.push('\n');
    text(&words);
    Ok(())
}
