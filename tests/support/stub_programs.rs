//! Stub programs on PATH: commands that a user would paste are run, and what each program was handed is recorded.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Every program that a command names, and those that an injected one would run.
const PROGRAMS: &[&str] = &[
    "openssl",
    "awk",
    "kubectl",
    "step",
    "curl",
    "cmctl",
    "nginx",
    "date",
    "chronyc",
    "timedatectl",
    "tcpdump",
    "base64",
    "grep",
    "jq",
    "envoy",
    "ping",
    "spire-server",
    "faketime",
    "keytool",
    "pkcs11-tool",
    "certutil",
    "tr",
    "wc",
    "head",
    "touch",
    "rm",
    "id",
];

/// Records its name and its arguments, each ended by a NUL, and an empty line's mark at the end.
const STUB: &str = "#!/bin/sh\nprintf '%s\\000' \"${0##*/}\" \"$@\" \"$(printf '\\001')\" >> \"$STUB_LOG\"\n";

/// What a run left behind.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    /// Name and arguments of every program, sorted: a pipeline's parts run at once.
    pub calls: Vec<Vec<String>>,
    /// The files in the directory afterwards.
    pub files: Vec<String>,
    /// What the shell complained of.
    pub complaints: String,
}

/// The shells that are there; `sh` is.
pub fn shells() -> Vec<&'static str> {
    let has_bash = Path::new("/bin/bash").exists();
    if has_bash {
        vec!["/bin/sh", "/bin/bash"]
    } else {
        vec!["/bin/sh"]
    }
}

/// Runs commands as one script, one on each line, with stubs for every program, in a directory of its own.
pub fn run(shell: &str, commands: &[String]) -> Ran {
    let top = tempfile::tempdir().expect("a directory for the test");
    let (programs, scratch) = (top.path().join("bin"), top.path().join("scratch"));
    let log: PathBuf = top.path().join("log");
    std::fs::create_dir(&programs).expect("made");
    std::fs::create_dir(&scratch).expect("made");
    std::fs::write(&log, "").expect("written");
    let stub = programs.join("stub");
    std::fs::write(&stub, STUB).expect("written");
    let mut permissions = std::fs::metadata(&stub).expect("written").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
    std::fs::set_permissions(&stub, permissions).expect("set");
    for name in PROGRAMS {
        std::os::unix::fs::symlink(&stub, programs.join(name)).expect("linked");
    }
    let script = top.path().join("script");
    std::fs::write(&script, commands.join("\n") + "\nid the-end\n").expect("written");
    let output = Command::new(shell)
        .arg(&script)
        .current_dir(&scratch)
        .env_clear()
        .env("PATH", &programs)
        .env("STUB_LOG", &log)
        .env("LC_ALL", "C.UTF-8")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("a shell");
    let recorded = String::from_utf8_lossy(&std::fs::read(&log).expect("a log")).into_owned();
    let mut calls: Vec<Vec<String>> = recorded
        .split("\u{1}\0")
        .filter(|call| !call.is_empty())
        .map(|call| {
            let mut words: Vec<String> = call.split('\0').map(str::to_owned).collect();
            words.pop();
            words
        })
        .collect();
    calls.sort();
    let mut files: Vec<String> = std::fs::read_dir(&scratch)
        .expect("a directory")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    files.sort();
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        calls
            .iter()
            .any(|call| call.iter().map(String::as_str).eq(["id", "the-end"])),
        "{shell} did not come to the end: {complaints}"
    );
    Ran {
        calls,
        files,
        complaints,
    }
}
