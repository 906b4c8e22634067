//! A pack: lessons, and the scenarios that they bring.

use std::collections::BTreeMap;
use std::path::Path;

use super::files::{self, PackError, has_extension, refused};
use super::format::{Lesson, LessonError, is_lesson};
use crate::printable::quoted_value;
use crate::scenario::{self, Scenario, ScenarioError};

/// More lessons than a course has.
pub const MOST_LESSONS: usize = 200;

/// Lessons, with the scenarios that they bring.
#[derive(Clone, Debug)]
pub struct Pack {
    /// What it is called: the name of its folder or file.
    pub name: String,
    /// It comes with the program.
    is_built_in: bool,
    /// In the order of their files' names.
    pub lessons: Vec<Lesson>,
    /// Files that could not be read; the others are taught all the same.
    pub problems: Vec<LessonError>,
    /// As they lie in the pack, by their names below it: what a seed rewrites.
    pub(super) files: BTreeMap<String, String>,
    scenarios: BTreeMap<String, Scenario>,
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
    Pack {
        is_built_in: true,
        ..Pack::of("built-in", files)
    }
}

impl Pack {
    /// Reads a pack: a folder, or a zip. A file that is wrong does not hide the others: it is among [`Pack::problems`].
    pub fn open(path: &Path) -> Result<Self, PackError> {
        let files = files::read(path)?;
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
            is_built_in: false,
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

    /// Whether it comes with the program.
    pub fn is_built_in(&self) -> bool {
        self.is_built_in
    }

    /// What it is called on screen.
    pub fn title(&self) -> &str {
        if self.is_built_in {
            "Built-in lessons"
        } else {
            &self.name
        }
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
