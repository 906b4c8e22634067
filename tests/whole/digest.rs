//! Answers that are too long to be kept: a digest is, and the whole text lies in the target folder once a test ran.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use mtlscope::pki::sha256_hex;

/// Where the whole texts are written.
fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole").join(kind)
}

/// A line for each: its name, how many lines it has, and what they hash to. Each whole text is written beside, for a comparison with
/// that of another commit.
pub fn of_all(kind: &str, all: &[(String, String)]) -> String {
    let folder = folder(kind);
    std::fs::create_dir_all(&folder).expect("a folder under target");
    let mut lines = String::new();
    for (name, text) in all {
        std::fs::write(folder.join(format!("{}.txt", name.replace('/', "+"))), text).expect("written");
        let hash: String = sha256_hex(text.as_bytes()).chars().take(16).collect();
        let _ = writeln!(lines, "{name} {} lines {hash}", text.lines().count());
    }
    lines
}
