//! A real browser, without a window: Debian's Chromium.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::machine::{is_left_out, skipped};

/// Where it is; `None`, said aloud, where there is none. In CI there has to be one.
pub fn chromium(test: &str) -> Option<PathBuf> {
    if is_left_out("Chromium", test) {
        return None;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .flat_map(|folder| ["chromium", "chromium-browser"].map(|name| folder.join(name)))
        .find(|program| program.is_file());
    if found.is_none() {
        skipped(test, "it needs the browser chromium, which is not installed");
    }
    found
}

/// Opens a page: what it wrote to stdout (the document, with `--dump-dom`) and to stderr (the console among it).
pub fn open(program: &Path, address: &str, flags: &[&str]) -> (String, String) {
    let profile = tempfile::tempdir().expect("a folder");
    let output = Command::new(program)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
        // Whatever it would ask the network for goes to a port where nobody listens, and is said.
        .args(["--proxy-server=127.0.0.1:9", "--disable-background-networking"])
        .args(["--disable-component-update", "--no-first-run"])
        .args(["--enable-logging=stderr", "--window-size=1440,900"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(flags)
        .arg(address)
        .output()
        .expect("chromium starts");
    assert!(output.status.success(), "{output:?}");
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}
