//! A folder or a zip of lessons, read whole and within bounds.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::format::{Lesson, LessonError, is_lesson};
use crate::printable::{quoted_path, quoted_value};
use crate::scenario::{self, Scenario, ScenarioError};

/// More files than any pack has.
const MOST_FILES: usize = 2_000;
/// More lessons than a course has.
pub const MOST_LESSONS: usize = 200;
/// The largest file of a pack, in bytes.
const MOST_FILE_BYTES: u64 = 1024 * 1024;
/// All files of a pack together, in bytes.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Lessons, with the scenarios that they bring.
#[derive(Clone, Debug)]
pub struct Pack {
    /// What it is called: the name of its folder or file.
    pub name: String,
    /// In the order of their files' names.
    pub lessons: Vec<Lesson>,
    /// Files that could not be read; the others are taught all the same.
    pub problems: Vec<LessonError>,
    /// As they lie in the pack, by their names below it: what a seed rewrites.
    pub(super) files: BTreeMap<String, String>,
    scenarios: BTreeMap<String, Scenario>,
}

/// Why a pack cannot be opened at all.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// It cannot be read.
    #[error("{} cannot be read: {source}", quoted_path(path))]
    Read {
        /// The pack, or the file in it.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A zip that is none, or is damaged.
    #[error("{} is no zip that can be read: {words}", quoted_path(path))]
    Zip {
        /// The file.
        path: PathBuf,
        /// What the reader says.
        words: String,
    },
    /// It holds something that a pack must not hold.
    #[error("{}: {words}", quoted_path(path))]
    Refused {
        /// The pack.
        path: PathBuf,
        /// What, and what would be right.
        words: String,
    },
}

macro_rules! lesson {
    ($file:literal) => {
        ($file, include_str!(concat!("../../assets/lessons/", $file)))
    };
}

/// The lessons that come with the program: a pack like any other.
const BUILT_IN: &[(&str, &str)] = &[
    lesson!("01-six-steps.md"),
    lesson!("02-connected.md"),
    lesson!("03-padlock.md"),
    lesson!("04-in-between.md"),
    lesson!("05-one-bit.md"),
    lesson!("06-my-browser.md"),
    lesson!("07-one-of-us.md"),
    lesson!("08-one-sidecar.md"),
    lesson!("10-looked-fine.md"),
    lesson!("11-new-root.md"),
    lesson!("12-and-then.md"),
    lesson!("13-works-today.md"),
    lesson!("14-round-trip.md"),
];

/// The built-in lessons.
pub fn built_in() -> Pack {
    let files = BUILT_IN
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    Pack::of("built-in", files)
}

impl Pack {
    /// Reads a pack: a folder, or a zip. A file that is wrong does not hide the others: it is among [`Pack::problems`].
    pub fn open(path: &Path) -> Result<Self, PackError> {
        let meta = fs::metadata(path).map_err(|source| read_error(path, source))?;
        let files = if meta.is_dir() {
            folder(path)?
        } else if meta.is_file() {
            zip(path)?
        } else {
            return Err(refused(
                path,
                "it is neither a folder nor a zip of lessons".to_owned(),
            ));
        };
        let name = path.file_stem().unwrap_or(path.as_os_str());
        let pack = Self::of(&name.to_string_lossy(), files);
        if pack.lessons.len() > MOST_LESSONS {
            let words = format!(
                "it holds {} lessons, and {MOST_LESSONS} are the most: make several packs of it",
                pack.lessons.len()
            );
            return Err(refused(path, words));
        }
        if pack.lessons.is_empty() && pack.problems.is_empty() {
            let words =
                "there is no lesson in it: a lesson is a Markdown file (.md) that begins with a line of ---"
                    .to_owned();
            return Err(refused(path, words));
        }
        Ok(pack)
    }

    /// The pack of these files, by their names below it.
    pub(super) fn of(name: &str, files: BTreeMap<String, String>) -> Self {
        let mut pack = Self {
            name: name.to_owned(),
            lessons: Vec::new(),
            problems: Vec::new(),
            scenarios: BTreeMap::new(),
            files: BTreeMap::new(),
        };
        for (file, text) in &files {
            if has_extension(file, "ron") {
                pack.take_scenario(file, text);
            }
        }
        for (file, text) in &files {
            if has_extension(file, "md") && is_lesson(text) {
                match Lesson::parse(file, text) {
                    Ok(lesson) => pack.take_lesson(lesson),
                    Err(problem) => pack.problems.push(problem),
                }
            }
        }
        pack.files = files;
        pack
    }

    /// The lesson with this id.
    pub fn lesson(&self, id: &str) -> Option<&Lesson> {
        self.lessons.iter().find(|lesson| lesson.id == id)
    }

    /// A scenario of the pack's own, or a built-in one.
    pub fn scenario(&self, id: &str) -> Result<&Scenario, ScenarioError> {
        match self.scenarios.get(id) {
            Some(own) => Ok(own),
            None => scenario::find(id),
        }
    }

    /// Whether it brings a scenario of this id.
    pub(super) fn has_own(&self, id: &str) -> bool {
        self.scenarios.contains_key(id)
    }

    fn take_lesson(&mut self, lesson: Lesson) {
        let problem = |words: String| LessonError {
            file: lesson.file.clone(),
            line: None,
            words,
        };
        let is_word = |id: &str| {
            !id.is_empty()
                && id.len() <= 64
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        if !is_word(&lesson.id) {
            let words = "its id is not a short word of small letters, digits and hyphens, such as missing-intermediate";
            self.problems.push(problem(words.to_owned()));
        } else if let Some(other) = self.lesson(&lesson.id) {
            let words = format!(
                "its id {} is also that of {}: give it another",
                lesson.id,
                quoted_value(&other.file)
            );
            self.problems.push(problem(words));
        } else {
            for case in [&lesson.case, &lesson.twin] {
                if let Err(error) = self.scenario(&case.scenario) {
                    self.problems.push(problem(error.to_string()));
                }
            }
            self.lessons.push(lesson);
        }
    }

    fn take_scenario(&mut self, file: &str, text: &str) {
        let problem = |words: String| LessonError {
            file: file.to_owned(),
            line: None,
            words,
        };
        match Scenario::parse(text) {
            Err(error) => self.problems.push(problem(error.to_string())),
            Ok(scenario) => match refusal(&scenario) {
                Some(words) => self.problems.push(problem(words)),
                None => {
                    self.scenarios.insert(scenario.id.clone(), scenario);
                }
            },
        }
    }
}

/// What a scenario from a stranger must not hold: the address of a real machine, and more work than a lesson needs.
fn refusal(scenario: &Scenario) -> Option<String> {
    const MOST_RECIPES: usize = 64;
    const LONGEST_WAIT_MS: u64 = 10_000;
    if scenario.recipes.len() > MOST_RECIPES {
        return Some(format!(
            "it mints {} certificates, and {MOST_RECIPES} are the most",
            scenario.recipes.len()
        ));
    }
    if scenario.timeout_ms > LONGEST_WAIT_MS {
        return Some(format!(
            "it waits longer than {} s: lower timeout_ms",
            LONGEST_WAIT_MS / 1000
        ));
    }
    let addresses = scenario
        .recipes
        .iter()
        .flat_map(|recipe| recipe.crl_points.iter().chain(&recipe.issuer_urls));
    let real = addresses.into_iter().find(|address| !is_reserved(address))?;
    Some(format!(
        "it writes the address {} into a certificate: a lesson names only hosts that end in .example, .test or .invalid (RFC 2606)",
        quoted_value(real)
    ))
}

/// An address whose host is nobody's (RFC 2606 §2).
fn is_reserved(address: &str) -> bool {
    let host = url::Url::parse(address)
        .ok()
        .and_then(|url| url.host_str().map(str::to_ascii_lowercase));
    host.is_some_and(|host| {
        let last = host.rsplit('.').next().unwrap_or_default();
        ["example", "test", "invalid"].contains(&last)
    })
}

fn read_error(path: &Path, source: io::Error) -> PackError {
    PackError::Read {
        path: path.to_owned(),
        source,
    }
}

fn refused(path: &Path, words: String) -> PackError {
    PackError::Refused {
        path: path.to_owned(),
        words,
    }
}

/// What is read so far, within the bounds of a pack.
struct Files<'a> {
    pack: &'a Path,
    texts: BTreeMap<String, String>,
    bytes: u64,
}

impl Files<'_> {
    /// Takes a file, of which no more is read than may be. A file that no lesson is made of is passed over.
    fn take(&mut self, name: &str, from: impl Read) -> Result<(), PackError> {
        let path = self.pack;
        if !is_wanted(name) {
            return Ok(());
        }
        let shown = quoted_value(name);
        let mut bytes = Vec::new();
        from.take(MOST_FILE_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|source| read_error(path, source))?;
        if bytes.len() as u64 > MOST_FILE_BYTES {
            return Err(refused(
                path,
                format!("{shown} in it is larger than {} KiB", MOST_FILE_BYTES / 1024),
            ));
        }
        self.bytes += bytes.len() as u64;
        if self.bytes > MOST_BYTES || self.texts.len() >= MOST_FILES {
            let words = format!(
                "it holds more than {} MiB or {MOST_FILES} files: make several packs of it",
                MOST_BYTES / (1024 * 1024)
            );
            return Err(refused(path, words));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| refused(path, format!("{shown} in it is no text in UTF-8: save it as one")))?;
        self.texts.insert(name.to_owned(), text);
        Ok(())
    }
}

/// Whether a file's name ends so, in letters of either case.
pub(super) fn has_extension(file: &str, extension: &str) -> bool {
    let path = Path::new(file);
    path.extension()
        .is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

/// Lessons lie at the top or in `lessons/`, scenarios in `scenarios/`.
fn is_wanted(name: &str) -> bool {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    match folder {
        "" | "lessons" => has_extension(file, "md"),
        "scenarios" => has_extension(file, "ron"),
        _ => false,
    }
}

fn folder(path: &Path) -> Result<BTreeMap<String, String>, PackError> {
    let mut files = Files {
        pack: path,
        texts: BTreeMap::new(),
        bytes: 0,
    };
    for below in ["", "lessons", "scenarios"] {
        let folder = path.join(below);
        let is_link = |path: &Path| fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
        if !below.is_empty() && is_link(&folder) {
            return Err(refused(
                path,
                format!("{below} in it is a link: a pack holds its own files"),
            ));
        }
        if !below.is_empty() && !folder.is_dir() {
            continue;
        }
        let entries = fs::read_dir(&folder).map_err(|source| read_error(&folder, source))?;
        for entry in entries.take(MOST_FILES + 1) {
            let entry = entry.map_err(|source| read_error(&folder, source))?;
            let Some(file) = entry.file_name().to_str().map(str::to_owned) else {
                continue;
            };
            let name = if below.is_empty() {
                file
            } else {
                format!("{below}/{file}")
            };
            if !is_wanted(&name) {
                continue;
            }
            // A link may lead to any file of the machine, a pipe to none.
            let kind = entry
                .file_type()
                .map_err(|source| read_error(&entry.path(), source))?;
            if !kind.is_file() {
                let words = format!(
                    "{} in it is no ordinary file: a pack holds its own files",
                    quoted_value(&name)
                );
                return Err(refused(path, words));
            }
            let file = fs::File::open(entry.path()).map_err(|source| read_error(&entry.path(), source))?;
            files.take(&name, file)?;
        }
    }
    Ok(files.texts)
}

fn zip(path: &Path) -> Result<BTreeMap<String, String>, PackError> {
    let zip_error = |error: zip::result::ZipError| PackError::Zip {
        path: path.to_owned(),
        words: error.to_string(),
    };
    let file = fs::File::open(path).map_err(|source| read_error(path, source))?;
    let mut archive = zip::ZipArchive::new(io::BufReader::new(file)).map_err(zip_error)?;
    if archive.len() > MOST_FILES {
        return Err(refused(
            path,
            format!("it holds {} files, and {MOST_FILES} are the most", archive.len()),
        ));
    }
    let mut files = Files {
        pack: path,
        texts: BTreeMap::new(),
        bytes: 0,
    };
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(std::borrow::Cow::into_owned))
        .collect::<Result<_, _>>()
        .map_err(zip_error)?;
    let top = common_top(&names);
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(zip_error)?;
        let Some(name) = names.get(index) else {
            continue;
        };
        let is_inside = entry.enclosed_name().is_some() && !name.starts_with('/') && !name.contains('\\');
        if !is_inside || entry.is_symlink() {
            let words = format!(
                "{} in it leads out of the pack: a pack holds its own files",
                quoted_value(name)
            );
            return Err(refused(path, words));
        }
        if entry.is_dir() {
            continue;
        }
        files.take(name.strip_prefix(&top).unwrap_or(name), entry)?;
    }
    Ok(files.texts)
}

/// The folder in which everything lies, with its slash, as where a folder was zipped; empty where there is none.
fn common_top(names: &[String]) -> String {
    let mut top: Option<&str> = None;
    for name in names {
        let Some((first, _)) = name.split_once('/') else {
            return String::new();
        };
        if *top.get_or_insert(first) != first {
            return String::new();
        }
    }
    match top {
        // These are folders of a pack, not one around it.
        None | Some("lessons" | "scenarios") => String::new(),
        Some(top) => format!("{top}/"),
    }
}
