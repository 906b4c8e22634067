//! Keeps the house: which room may know which, a door sign on every file, files that a reader can hold.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room and the rooms it may name with `crate::`. A room that is not listed fails the test, so that a new one has
/// to state its place.
const ARROWS: &[(&str, &[&str])] = &[
    ("cancel", &[]),
    ("clock", &[]),
    ("printable", &[]),
    ("iana", &[]),
    ("pki", &[]),
    ("fetch", &["pki"]),
    ("capture", &["pki"]),
    ("session", &["capture", "pki"]),
    ("source", &["capture", "pki", "iana"]),
    ("decode", &["capture", "pki", "iana"]),
    ("scenario", &["source", "capture", "pki"]),
    ("diagnose", &["decode", "capture", "pki", "iana"]),
    ("story", &["diagnose", "decode", "capture", "pki", "iana"]),
    ("analysis", &["story", "diagnose", "decode", "capture"]),
    (
        "survey",
        &["analysis", "diagnose", "decode", "capture", "source", "iana"],
    ),
    (
        "experiment",
        &[
            "analysis", "story", "diagnose", "decode", "capture", "pki", "source",
        ],
    ),
    (
        "state",
        &[
            "experiment",
            "analysis",
            "story",
            "diagnose",
            "decode",
            "capture",
            "pki",
            "iana",
            "source",
            "session",
            "scenario",
            "survey",
            "fetch",
        ],
    ),
    (
        "cli",
        &[
            "experiment",
            "analysis",
            "story",
            "diagnose",
            "decode",
            "capture",
            "pki",
            "iana",
            "source",
            "session",
            "scenario",
            "survey",
            "fetch",
        ],
    ),
    (
        "ui",
        &[
            "state",
            "experiment",
            "analysis",
            "story",
            "diagnose",
            "decode",
            "capture",
            "pki",
            "iana",
            "source",
            "session",
            "scenario",
            "survey",
            "fetch",
        ],
    ),
    (
        "app",
        &["ui", "state", "cli", "source", "session", "scenario", "analysis"],
    ),
];

/// What every module may name.
const SHARED: &[&str] = &["cancel", "clock", "printable"];

/// Longer than a reader can hold.
const MOST_LINES: usize = 450;

/// Files that are longer, and how long they may be: one state machine, one drawing, that would be harder to follow in
/// parts.
const LONGER: &[(&str, usize)] = &[];

struct File {
    path: PathBuf,
    /// `decode` for src/decode/… and src/decode.rs; `None` for lib.rs and main.rs.
    room: Option<String>,
    text: String,
}

impl File {
    /// Lines that are code: no comments, and not the tests at the end.
    fn code(&self) -> impl Iterator<Item = &str> {
        self.text
            .lines()
            .take_while(|line| *line != "#[cfg(test)]")
            .filter(|line| !line.trim_start().starts_with("//"))
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory of the project") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn files_of(directory: &str) -> Vec<File> {
    let top = root().join(directory);
    let mut paths = Vec::new();
    rust_files(&top, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&top).expect("below the top").to_path_buf();
            let first = inside
                .components()
                .next()
                .map(|part| part.as_os_str().to_string_lossy().into_owned());
            File {
                room: first
                    .map(|name| name.trim_end_matches(".rs").to_owned())
                    .filter(|name| name != "lib" && name != "main"),
                text: fs::read_to_string(&path).expect("a text file"),
                path,
            }
        })
        .collect()
}

/// The rooms that a line of code names: `crate::decode::…`, `crate::{decode, capture::Side}`.
fn rooms_named(line: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            rooms.extend(list.split(',').filter_map(first_word));
        } else {
            rooms.extend(first_word(rest));
        }
    }
    rooms
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text
        .trim_start()
        .chars()
        .take_while(|character| character.is_alphanumeric() || *character == '_')
        .collect();
    (!word.is_empty()).then_some(word)
}

#[test]
fn arrows_point_one_way() {
    let rooms: BTreeSet<&str> = ARROWS.iter().map(|(room, _)| *room).collect();
    let mut wrong = Vec::new();
    for file in files_of("src") {
        let Some(room) = &file.room else { continue };
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| name == room) else {
            wrong.push(format!(
                "{}: the room {room} has no place in the house",
                file.path.display()
            ));
            continue;
        };
        for line in file.code() {
            for named in rooms_named(line) {
                if rooms.contains(named.as_str())
                    && named != *room
                    && !allowed.contains(&named.as_str())
                    && !SHARED.contains(&named.as_str())
                {
                    wrong.push(format!(
                        "{}: {room} may not know {named}: {line}",
                        file.path.display()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_arrows_have_no_circle() {
    // Rooms that know nobody are taken away until none is left; a circle would stay.
    let mut left: Vec<(&str, &[&str])> = ARROWS.to_vec();
    while !left.is_empty() {
        let names: BTreeSet<&str> = left.iter().map(|(room, _)| *room).collect();
        let before = left.len();
        left.retain(|(_, knows)| knows.iter().any(|other| names.contains(other)));
        assert!(
            left.len() < before,
            "these rooms know each other in a circle: {left:?}"
        );
    }
}

#[test]
fn only_the_window_names_egui_and_only_sources_name_rustls() {
    let mut wrong = Vec::new();
    for file in files_of("src") {
        let Some(room) = file.room.as_deref() else {
            continue;
        };
        for line in file.code() {
            let is_drawing = ["egui::", "eframe::", "egui_extras::"]
                .iter()
                .any(|name| line.contains(name));
            if is_drawing && !matches!(room, "ui" | "app") {
                wrong.push(format!("{}: {room} names egui: {line}", file.path.display()));
            }
            let is_rustls = line.contains("rustls::") || line.trim_start().starts_with("use rustls ");
            if is_rustls && room != "source" {
                wrong.push(format!("{}: {room} names rustls: {line}", file.path.display()));
            }
            let is_printing = ["println!", "eprintln!", "print!(", "eprint!("]
                .iter()
                .any(|name| line.contains(name));
            let is_test = file.path.ends_with("tests.rs");
            if is_printing && room != "cli" && !is_test {
                wrong.push(format!("{}: {room} prints: {line}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_and_can_be_held() {
    let mut wrong = Vec::new();
    for file in files_of("src").into_iter().chain(files_of("tests")) {
        if !file.text.starts_with("//!") {
            wrong.push(format!("{}: does not open with //!", file.path.display()));
        }
        let lines = file.text.lines().count();
        let most = LONGER
            .iter()
            .find(|(path, _)| file.path.ends_with(path))
            .map_or(MOST_LINES, |(_, most)| *most);
        if lines > most {
            wrong.push(format!(
                "{}: {lines} lines, more than {most}",
                file.path.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_map_names_every_room() {
    let map = fs::read_to_string(root().join("src/lib.rs")).expect("the map");
    let doc: String = map.lines().filter(|line| line.starts_with("//!")).collect();
    for room in map.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let room = room.trim_end_matches(';');
        assert!(
            doc.contains(&format!("`{room}`")),
            "src/lib.rs does not say what {room} is for"
        );
    }
}
