//! `mtlscope doctor`: what is missing is told, each with what to do. That a window opens is shown by `.ci/window`.

use std::process::Command;

use crate::support::command::{json, mtlscope, status, stderr, stdout};

/// No display, no desktop and no programs of this machine.
fn bare(arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mtlscope"));
    command.arg("doctor").args(arguments);
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(name);
    }
    command
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .env("PATH", "/nonexistent")
        .output()
        .expect("the program")
}

#[test]
fn without_a_display_no_workshop_can_start() {
    let output = bare(&["--format", "json"]);
    let report = json(&output);
    assert_eq!(report["schema"], "mtlscope.doctor/1");
    assert_eq!(report["ready"], false);
    let standing = |what: &str| {
        let findings = report["findings"].as_array().expect("findings");
        let one = findings.iter().find(|finding| finding["what"] == what);
        one.map(|finding| finding["standing"].as_str().expect("a word").to_owned())
    };
    let all = ["display", "OpenGL", "file dialog", "pack", "address", "stacks"].map(standing);
    let dialog = if cfg!(target_os = "linux") { "note" } else { "good" };
    assert_eq!(
        all,
        [
            Some("missing"),
            None,
            Some(dialog),
            Some("good"),
            Some("good"),
            Some("note")
        ]
        .map(|word| word.map(str::to_owned))
    );
    assert_eq!(status(&output), 1);

    let told = bare(&[]);
    assert_eq!(status(&told), 1);
    let text = stdout(&told);
    assert!(text.contains("✗ display"), "{text}");
    assert!(text.contains("one thing is missing"), "{text}");
    assert!(stderr(&told).is_empty(), "{}", stderr(&told));
}

#[test]
fn what_cannot_be_used_is_one_sentence() {
    for arguments in [
        &["doctor", "--address", "here"][..],
        &["doctor", "--address", "127.0.0.1"],
        &["doctor", "one", "two"],
    ] {
        let output = mtlscope(arguments);
        assert_eq!(status(&output), 2);
        assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
    }
}
