//! `mtlscope show` on packed packet captures, and on those that come through standard input.

use std::io::Write;
use std::process::{Child, Command, Output, Stdio};

use crate::support;
use support::command::{mtlscope, status, stderr, stdout};
use support::packets::{Ends, PacketFile, gzip, zstandard};
use support::window::session;

fn plain() -> Vec<u8> {
    let mut file = PacketFile::new();
    for (name, port) in [("good-tls13", 40_001), ("root-rotated", 40_002)] {
        let capture = mtlscope::session::load(&session(name))
            .expect("a session")
            .capture;
        let ends = Ends {
            client: (1, port),
            server: (2, 8443),
            at_us: 1_795_510_800_000_000 + u64::from(port),
        };
        file.connection(&capture, ends);
    }
    file.bytes().to_vec()
}

/// `show -`, which waits for its standard input.
fn reads_a_pipe() -> Child {
    Command::new(env!("CARGO_BIN_EXE_mtlscope"))
        .args(["show", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// `show -`, with these bytes on standard input.
fn piped(bytes: &[u8]) -> Output {
    let mut child = reads_a_pipe();
    // What is refused is not read to its end.
    let _ = child.stdin.take().expect("piped").write_all(bytes);
    child.wait_with_output().expect("it ends")
}

#[test]
fn packed_and_piped_captures_give_the_same_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = plain();
    let shown = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        mtlscope(&["show", &path.display().to_string(), "--format", "json"])
    };
    let wanted = shown("plain.pcap", &plain);
    assert!(stdout(&wanted).contains("10.0.0.1:40002"), "{}", stderr(&wanted));
    for (name, bytes) in [
        ("a.pcap.gz", gzip(&plain)),
        // By content, not by name.
        ("b.pcap", gzip(&plain)),
        ("c.pcap.zst", zstandard(&plain)),
    ] {
        let output = shown(name, &bytes);
        assert_eq!(stdout(&output), stdout(&wanted), "{name}: {}", stderr(&output));
        assert_eq!(status(&output), status(&wanted), "{name}");
    }
    for bytes in [plain.clone(), gzip(&plain), zstandard(&plain)] {
        let output = piped(&bytes);
        assert_eq!(stdout(&output), stdout(&wanted), "{}", stderr(&output));
        assert_eq!(status(&output), status(&wanted));
    }
}

#[test]
fn what_comes_through_the_pipe_and_is_no_capture_is_refused_in_one_sentence() {
    for (bytes, named) in [
        (&b""[..], "no packet capture"),
        (b"Dear reader", "no packet capture"),
        (
            b"\xfd7zXZ\0....",
            "packed with xz; unpack it first: xz --decompress",
        ),
        (b"PK\x03\x04....", "packed with zip; unpack it first: unzip"),
    ] {
        let output = piped(bytes);
        let words = stderr(&output);
        assert_eq!(status(&output), 2, "{words}");
        assert!(
            words.contains("standard input") && words.contains(named),
            "{words}"
        );
        assert_eq!(words.trim_end().lines().count(), 1, "{words}");
    }
}

/// What comes through a pipe of the shell is known by its first bytes: a capture, packed or not, or a session.
#[cfg(unix)]
#[test]
fn a_pipe_is_known_by_what_comes_through_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let (capture, saved) = (at("x.pcap"), session("root-rotated"));
    std::fs::write(&capture, plain()).expect("written");
    std::fs::write(at("x.pcap.gz"), gzip(&plain())).expect("written");
    let shown = |path: &std::path::Path| mtlscope(&["show", &path.display().to_string(), "--format", "json"]);
    for (file, plain) in [
        (&capture, &capture),
        (&at("x.pcap.gz"), &capture),
        (&saved, &saved),
    ] {
        let wanted = shown(plain);
        assert!(stderr(&wanted).is_empty(), "{}", stderr(&wanted));
        // What a shell makes of <(command).
        let output = Command::new("bash")
            .args(["-c", "\"$0\" show <(cat \"$1\") --format json"])
            .arg(env!("CARGO_BIN_EXE_mtlscope"))
            .arg(file)
            .output()
            .expect("bash");
        assert_eq!(
            stdout(&output),
            stdout(&wanted),
            "{}: {}",
            file.display(),
            stderr(&output)
        );
        assert_eq!(status(&output), status(&wanted));
    }
    // What is neither is refused as a file of that content is.
    let output = Command::new("bash")
        .args(["-c", "\"$0\" show <(echo Dear reader)"])
        .arg(env!("CARGO_BIN_EXE_mtlscope"))
        .output()
        .expect("bash");
    assert_eq!(status(&output), 2);
    assert!(
        stderr(&output).contains("not an mtlscope session"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn the_help_names_what_tls_is_found_in() {
    let help = stdout(&mtlscope(&["show", "--help"]));
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in [
        "gzip",
        "Zstandard",
        "pipe",
        "PROXY",
        "TDS 7",
        "OpenVPN",
        "EAPOL",
        "RADIUS",
        "VXLAN",
        "GTP-U",
        "Wi-Fi",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

/// Ctrl+C ends the recording, also where what records goes on; what came until then is told.
#[cfg(unix)]
#[test]
fn after_ctrl_c_what_was_recorded_is_told() {
    let mut bytes = plain();
    let wanted = piped(&bytes);
    // More than a pipe holds: once it is written, the program reads, and heeds Ctrl+C. The packets are of no protocol it knows.
    let none = [&[0; 16][..], &[0; 1000]].concat();
    for _ in 0..300 {
        let mut header = [0; 16];
        header[8..12].copy_from_slice(&1016u32.to_le_bytes());
        header[12..16].copy_from_slice(&1016u32.to_le_bytes());
        bytes.extend(header);
        bytes.extend(&none);
    }
    let mut child = reads_a_pipe();
    let mut stays_open = child.stdin.take().expect("piped");
    stays_open.write_all(&bytes).expect("written");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("told");
    let output = child.wait_with_output().expect("it ends");
    drop(stays_open);
    assert_eq!(status(&output), status(&wanted), "{}", stderr(&output));
    assert_eq!(stdout(&output), stdout(&wanted));
}

/// The key log of the plain file is that of the packed one.
#[test]
fn a_key_log_beside_a_packed_capture_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let capture = mtlscope::session::load(&session("good-tls13"))
        .expect("a session")
        .capture;
    let path = folder.path().join("a.pcap.gz");
    std::fs::write(&path, gzip(&plain())).expect("written");
    let log = support::packets::key_log(&[&capture]);
    std::fs::write(folder.path().join("a.keylog"), log).expect("written");
    let path = path.display().to_string();
    let output = mtlscope(&["show", &path, "--connection", "1"]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let all = stdout(&output);
    assert!(all.contains("a.keylog"), "{all}");
}
