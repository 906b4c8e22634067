//! Answers that are too long to be kept: a digest is. Where one differs its whole text is written under the target folder; with
//! `MTLSCOPE_WHOLE=1` all of them are, also by the commit that it is to be compared with.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use mtlscope::pki::sha256_hex;

fn snapshot(kind: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/whole/snapshots")
        .join(format!("whole__digest__{kind}.snap"));
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Where the whole texts are written.
fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole").join(kind)
}

/// Its name, how many lines it has, and what they hash to.
fn line(name: &str, text: &str) -> String {
    let hash: String = sha256_hex(text.as_bytes()).chars().take(16).collect();
    format!("{name} {} lines {hash}", text.lines().count())
}

fn write(kind: &str, name: &str, text: &str) {
    std::fs::create_dir_all(folder(kind)).expect("a folder under target");
    let file = folder(kind).join(format!("{}.txt", name.replace('/', "+")));
    std::fs::write(file, text).expect("written");
}

/// Holds named texts to their digests.
pub fn holds(kind: &str, all: &[(String, String)]) {
    let mut lines = String::new();
    for (name, text) in all {
        let _ = writeln!(lines, "{}", line(name, text));
        if std::env::var_os("MTLSCOPE_WHOLE").is_some() {
            write(kind, name, text);
        }
    }
    let before = snapshot(kind);
    let hold = || insta::assert_snapshot!(kind.to_owned(), lines);
    if catch_unwind(AssertUnwindSafe(hold)).is_ok() {
        return;
    }
    let known: BTreeSet<&str> = before.lines().collect();
    let mut differ = Vec::new();
    for (name, text) in all {
        if !known.contains(line(name, text).as_str()) {
            write(kind, name, text);
            differ.push(name.as_str());
        }
    }
    panic!("differ: {}; see {}", differ.join(", "), folder(kind).display());
}
