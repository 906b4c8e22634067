//! A result that cannot be written is an error; a reader that has seen enough is none.

use std::fs::File;
use std::process::{Command, Stdio};

use crate::support::chain_files::{Folder, program};
use crate::support::command::{mtlscope, status, stderr};
use crate::support::pki::{USUAL, minted};

/// A folder with a chain, its root and a session; and every command in every format that prints to stdout.
fn commands() -> (Folder, Vec<Vec<&'static str>>) {
    let folder = Folder::new(minted(USUAL));
    folder.chain("chain.pem", &["server", "issuer"]);
    folder.chain("root.pem", &["root"]);
    let session = folder.path().join("good.ron");
    let saved = mtlscope(&["lab", "--save", &session.to_string_lossy()]);
    assert_eq!(status(&saved), 0, "{}", stderr(&saved));
    let mut commands = vec![
        vec!["--help"],
        vec!["--version"],
        vec!["lab", "--help"],
        vec!["lab", "--list-scenarios"],
        vec!["lab", "--timeline"],
        vec!["lab", "--scenario", "client-expired", "--fixes"],
        vec!["show", "good.ron", "--fields", "--keys"],
    ];
    for format in ["text", "json"] {
        // A client that never comes: a report is printed all the same.
        commands.push(vec![
            "audit", "client", "--format", format, "--", "true", "{port}",
        ]);
        commands.push(vec!["lab", "--format", format]);
        commands.push(vec!["show", "good.ron", "--format", format]);
        commands.push(vec!["explain", "tlsv1 alert unknown ca", "--format", format]);
        commands.push(vec!["explain", "words of nobody", "--format", format]);
    }
    for format in ["text", "json", "sarif", "junit"] {
        commands.push(vec![
            "verify",
            "chain.pem",
            "--trust",
            "root.pem",
            "--format",
            format,
        ]);
    }
    (folder, commands)
}

fn run(folder: &Folder, arguments: &[&str], stdout: Stdio) -> std::process::Output {
    Command::new(program())
        .args(arguments)
        .current_dir(folder.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdout(stdout)
        .output()
        .expect("the program starts")
}

#[test]
fn a_full_disk_is_an_error_in_every_command_and_format() {
    let (folder, commands) = commands();
    for arguments in commands {
        let usual = run(&folder, &arguments, Stdio::piped());
        // Otherwise it is no command that prints, and the rest would be true of itself.
        assert_ne!(status(&usual), 2, "{arguments:?}: {}", stderr(&usual));
        assert!(!usual.stdout.is_empty(), "{arguments:?}");
        let full = File::options().write(true).open("/dev/full").expect("/dev/full");
        let output = run(&folder, &arguments, full.into());
        let words = stderr(&output);
        assert_eq!(status(&output), 2, "{arguments:?}: {words}");
        assert!(words.contains("cannot be written"), "{arguments:?}: {words}");
        let errors = words.lines().filter(|line| !line.starts_with("note: "));
        assert_eq!(errors.count(), 1, "{arguments:?}: {words}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let (folder, commands) = commands();
    for arguments in commands {
        let usual = status(&run(&folder, &arguments, Stdio::piped()));
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = run(&folder, &arguments, writer.into());
        assert_eq!(status(&output), usual, "{arguments:?}: {}", stderr(&output));
    }
}

/// The key that the run was given, by its own name and through a link; a page of notes.
#[cfg(unix)]
#[test]
fn a_save_never_takes_the_place_of_an_input() {
    let folder = Folder::new(minted(USUAL));
    folder.chain("chain.pem", &["server", "issuer"]);
    let key = folder.path().join("chain.pem");
    std::os::unix::fs::symlink("chain.pem", folder.path().join("link.ron")).expect("a link");
    std::fs::write(folder.path().join("notes.txt"), "of the night").expect("a file");
    let before = std::fs::read(&key).expect("a file");
    for target in ["chain.pem", "./chain.pem", "link.ron", "notes.txt"] {
        let lab = ["lab", "--known", "chain.pem", "--save", target];
        let output = run(&folder, &lab, Stdio::piped());
        assert_eq!(status(&output), 2, "{target}");
        let words = stderr(&output);
        assert!(
            words.contains("no session of mtlscope") && words.contains("untouched"),
            "{words}"
        );
        assert_eq!(std::fs::read(&key).expect("a file"), before, "{target}");
    }
    assert_eq!(
        std::fs::read_to_string(folder.path().join("notes.txt")).expect("a file"),
        "of the night"
    );
    // A session is replaced by the next.
    for _ in 0..2 {
        let output = run(&folder, &["lab", "--save", "good.ron"], Stdio::piped());
        assert_eq!(status(&output), 0, "{}", stderr(&output));
    }
}
