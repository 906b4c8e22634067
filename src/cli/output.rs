//! Printing. A reader that goes away (`| head`) is no error.

use std::io::Write;

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
