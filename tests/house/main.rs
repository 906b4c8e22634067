//! Holds the layers: which module may name which, no circles of files, a purpose on every file, files that a reader can hold.
#![allow(missing_docs, reason = "a test")]

mod imports;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use imports::{Sources, circles};
use mtlscope::stack::Stack;

/// Each module and the modules that it may name. A module that is not listed fails the test, so that a new one has to
/// state its place.
const ARROWS: &[(&str, &[&str])] = &[
    ("cancel", &[]),
    ("clock", &[]),
    ("printable", &[]),
    ("prose", &[]),
    ("stack", &[]),
    ("iana", &[]),
    ("pki", &[]),
    ("net", &[]),
    ("fetch", &["net", "pki"]),
    ("capture", &["pki"]),
    ("session", &["capture", "pki"]),
    ("preamble", &["capture"]),
    ("setup", &["capture", "pki"]),
    ("source", &["setup", "preamble", "capture", "net", "pki", "iana"]),
    ("opinion", &["source", "setup", "capture", "net", "pki"]),
    ("decode", &["preamble", "capture", "pki", "iana"]),
    ("scenario", &["setup", "source", "capture", "pki"]),
    ("diagnose", &["decode", "capture", "pki", "iana"]),
    ("story", &["diagnose", "decode", "capture", "pki", "iana"]),
    ("analysis", &["story", "diagnose", "decode", "capture", "pki"]),
    (
        "survey",
        &["analysis", "diagnose", "decode", "capture", "source", "iana"],
    ),
    (
        "experiment",
        &[
            "analysis", "story", "diagnose", "decode", "capture", "pki", "source", "setup", "net", "opinion",
        ],
    ),
    (
        "lesson",
        &[
            "analysis", "diagnose", "decode", "capture", "pki", "source", "setup", "scenario",
        ],
    ),
    (
        "compare",
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
            "setup",
        ],
    ),
    (
        "export",
        &[
            "analysis", "story", "diagnose", "decode", "capture", "session", "pki",
        ],
    ),
    (
        "state",
        &[
            "compare",
            "export",
            "experiment",
            "lesson",
            "analysis",
            "story",
            "diagnose",
            "decode",
            "capture",
            "pki",
            "iana",
            "source",
            "setup",
            "session",
            "scenario",
            "survey",
            "fetch",
            "net",
            "opinion",
        ],
    ),
    (
        "cli",
        &[
            "compare",
            "export",
            "experiment",
            "lesson",
            "analysis",
            "story",
            "diagnose",
            "decode",
            "capture",
            "pki",
            "iana",
            "source",
            "setup",
            "session",
            "scenario",
            "survey",
            "fetch",
            "net",
            "opinion",
        ],
    ),
    (
        "ui",
        &[
            "export",
            "state",
            "compare",
            "experiment",
            "lesson",
            "analysis",
            "story",
            "diagnose",
            "decode",
            "capture",
            "pki",
            "iana",
            "source",
            "setup",
            "session",
            "scenario",
            "survey",
            "fetch",
            "net",
            "opinion",
        ],
    ),
    (
        "app",
        &[
            "ui", "state", "cli", "setup", "source", "session", "scenario", "analysis",
        ],
    ),
];

/// What every module may name.
const SHARED: &[&str] = &["cancel", "clock", "printable", "prose", "stack"];

/// Longer than a reader can hold.
const MOST_LINES: usize = 450;

/// Files that are longer, and how long they may be: one state machine, one drawing, that would be harder to follow in
/// parts.
const LONGER: &[(&str, usize)] = &[];

/// Circles of files that are still there: a file a line, an empty line between circles. `MTLSCOPE_UPDATE_CIRCLES=1` writes
/// it anew where no file has joined.
const CIRCLES: &str = "tests/house/circles.txt";

static SOURCES: LazyLock<Sources> = LazyLock::new(|| Sources::read(&root().join("src"), &files_of("src")));

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

fn files_of(directory: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    rust_files(&root().join(directory), &mut paths);
    paths.sort();
    paths
}

#[test]
fn arrows_point_one_way() {
    let sources = &*SOURCES;
    let mut wrong = BTreeSet::new();
    for (from, to) in sources.arrows() {
        let (from, to) = (&sources.files[from], &sources.files[to]);
        let (Some(module), Some(named)) = (from.top(), to.top()) else {
            continue;
        };
        if module == named || SHARED.contains(&named) {
            continue;
        }
        match ARROWS.iter().find(|(name, _)| *name == module) {
            None => {
                wrong.insert(format!("{module} has no place in ARROWS"));
            }
            Some((_, allowed)) if !allowed.contains(&named) => {
                wrong.insert(format!(
                    "src/{}: {module} may not name {named} (src/{})",
                    from.name, to.name
                ));
            }
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_arrows_have_no_circle() {
    // Modules that name nobody are taken away until none is left; a circle would stay.
    let mut left: Vec<(&str, &[&str])> = ARROWS.to_vec();
    while !left.is_empty() {
        let names: BTreeSet<&str> = left.iter().map(|(module, _)| *module).collect();
        let before = left.len();
        left.retain(|(_, named)| named.iter().any(|other| names.contains(other)));
        assert!(
            left.len() < before,
            "these modules name each other in a circle: {left:?}"
        );
    }
}

#[test]
fn no_new_circle_of_files() {
    let sources = &*SOURCES;
    let arrows = sources.arrows();
    // A check that sees nothing would pass for ever.
    assert!(arrows.len() > 1_000, "only {} imports were seen", arrows.len());
    let found: BTreeSet<Vec<&str>> = circles(sources.files.len(), &arrows)
        .into_iter()
        .map(|circle| {
            circle
                .into_iter()
                .map(|file| sources.files[file].name.as_str())
                .collect()
        })
        .collect();
    let text = fs::read_to_string(root().join(CIRCLES)).expect("the circles that are left");
    let known: BTreeSet<Vec<&str>> = text
        .split("\n\n")
        .map(|circle| circle.lines().filter(|line| !line.is_empty()).collect())
        .filter(|circle: &Vec<&str>| !circle.is_empty())
        .collect();
    if found == known {
        return;
    }
    let was_in_one: BTreeSet<&str> = known.iter().flatten().copied().collect();
    let joined: Vec<_> = found
        .iter()
        .filter(|circle| circle.iter().any(|file| !was_in_one.contains(file)))
        .collect();
    assert!(
        joined.is_empty(),
        "files that name each other in a circle, some of them new to it: {joined:#?}"
    );
    if std::env::var_os("MTLSCOPE_UPDATE_CIRCLES").is_some() {
        let circles: Vec<String> = found.iter().map(|circle| circle.join("\n")).collect();
        fs::write(root().join(CIRCLES), circles.join("\n\n") + "\n").expect("written");
        return;
    }
    panic!(
        "circles have gone or become smaller, well done: MTLSCOPE_UPDATE_CIRCLES=1 cargo test --test house"
    );
}

#[test]
fn only_the_window_names_egui_and_only_sources_name_rustls() {
    let mut wrong = Vec::new();
    for file in &SOURCES.files {
        let Some(module) = file.top() else { continue };
        let first_words = file.first_words();
        let mut only = |names: &[&str], modules: &[&str]| {
            for name in names {
                if first_words.contains(name) && !modules.contains(&module) {
                    wrong.push(format!("src/{}: {module} names {name}", file.name));
                }
            }
        };
        only(&["egui", "eframe", "egui_extras"], &["ui"]);
        only(&["rustls"], &["source"]);
        for name in ["println", "eprintln", "print", "eprint", "dbg"] {
            if file.macros.contains(name) && module != "cli" {
                wrong.push(format!("src/{}: {module} prints with {name}!", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_and_can_be_held() {
    let mut wrong = Vec::new();
    for path in files_of("src").into_iter().chain(files_of("tests")) {
        let text = fs::read_to_string(&path).expect("a text file");
        if !text.starts_with("//!") {
            wrong.push(format!("{}: does not open with //!", path.display()));
        }
        let lines = text.lines().count();
        let most = LONGER
            .iter()
            .find(|(longer, _)| path.ends_with(longer))
            .map_or(MOST_LINES, |(_, most)| *most);
        if lines > most {
            wrong.push(format!("{}: {lines} lines, more than {most}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_stack_is_installed_in_ci_and_named_in_the_readme() {
    let read = |file: &str| fs::read_to_string(root().join(file)).expect("a file of the project");
    let (steps, readme) = (read(".ci/run"), read("README.md"));
    for stack in Stack::ALL {
        assert!(
            readme.contains(stack.name()),
            "README.md does not name {}",
            stack.name()
        );
        if let Some(package) = stack.package() {
            assert!(
                steps.split_whitespace().any(|word| word == package),
                ".ci/run does not install {package}"
            );
        }
    }
}

#[test]
fn the_map_names_every_module() {
    let map = fs::read_to_string(root().join("src/lib.rs")).expect("the map");
    let doc: String = map.lines().filter(|line| line.starts_with("//!")).collect();
    for module in map.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let module = module.trim_end_matches(';');
        assert!(
            doc.contains(&format!("`{module}`")),
            "src/lib.rs does not say what {module} is for"
        );
        assert!(
            ARROWS.iter().any(|(name, _)| *name == module),
            "{module} has no place in ARROWS"
        );
    }
}
