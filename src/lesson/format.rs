//! The lesson file: front matter for the program, Markdown for people.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::predicate::Predicate;
use crate::printable::{printable, quoted_value};

/// More than any lesson has, in bytes.
pub const MOST_BYTES: usize = 256 * 1024;

/// One lesson.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The file that it was read from, below the pack.
    pub file: String,
    /// Stable, kebab-case.
    pub id: String,
    /// On the card: it gives no cause away.
    pub title: String,
    /// What people believe, and what the lesson corrects.
    pub myth: String,
    /// The question and the run that answers it.
    pub case: Case,
    /// What is to be done after the run.
    pub task: String,
    /// When that is done.
    pub success: Predicate,
    /// One way to do it.
    pub solution: Change,
    /// Faults that are as good as the one shipped: a seed chooses among all of them.
    pub equals: Vec<Change>,
    /// What chooses among equals.
    pub seed: u64,
    /// Where to look, which check, the command.
    pub hints: Vec<String>,
    /// The same idea once more.
    pub twin: Case,
    /// What is read before, Markdown.
    pub body: String,
    /// What is read after, Markdown.
    pub reveal: String,
    /// For the instructor, Markdown.
    pub notes: String,
}

/// A question, and the run that answers it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The scenario: one of the pack's own, or a built-in one.
    pub scenario: String,
    /// What is changed in it.
    pub change: Change,
    /// What comes of it.
    pub shows: Predicate,
    /// What is asked before it runs.
    pub question: String,
    /// What may be answered.
    pub choices: Vec<Choice>,
    /// What is right.
    pub answer: Letter,
}

/// One answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Choice {
    /// As it stands on the card.
    pub text: String,
    /// It is right where this holds for the run.
    #[serde(default)]
    pub when: Option<Predicate>,
    /// It is right where the lesson succeeds with this change.
    #[serde(default)]
    pub does: Option<Change>,
    /// Why it is right or wrong, told afterwards.
    pub because: String,
}

/// An answer's letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the letters by name")]
pub enum Letter {
    A,
    B,
    C,
    D,
}

impl Letter {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// Which choice it is, from 0.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The letter for `a` or `A`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|letter| word.eq_ignore_ascii_case(&letter.to_string()))
    }
}

impl fmt::Display for Letter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, formatter)
    }
}

/// Why a file of a pack cannot be read: one sentence that names the file, the place and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {words}", quoted_value(file), line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct LessonError {
    /// Below the pack.
    pub file: String,
    /// From 1, where it can be told.
    pub line: Option<usize>,
    /// What is wrong, and the mend.
    pub words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Front {
    id: String,
    title: String,
    scenario: String,
    #[serde(default)]
    change: Change,
    shows: Predicate,
    myth: String,
    question: String,
    options: Vec<Choice>,
    answer: Letter,
    task: String,
    success: Predicate,
    #[serde(default)]
    solution: Change,
    #[serde(default)]
    equals: Vec<Change>,
    #[serde(default)]
    seed: u64,
    hints: Vec<String>,
    twin: Twin,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Twin {
    scenario: String,
    #[serde(default)]
    change: Change,
    shows: Predicate,
    question: String,
    options: Vec<Choice>,
    answer: Letter,
}

/// Whether a Markdown file is a lesson: it begins with front matter. Any other, a README say, is none.
pub fn is_lesson(text: &str) -> bool {
    text.strip_prefix('\u{FEFF}')
        .unwrap_or(text)
        .lines()
        .next()
        .is_some_and(|line| line.trim_end() == FENCE)
}

const FENCE: &str = "---";

impl Lesson {
    /// Reads a lesson file. `file` is its name below the pack.
    pub fn parse(file: &str, text: &str) -> Result<Self, LessonError> {
        let error = |line: Option<usize>, words: String| LessonError {
            file: file.to_owned(),
            line,
            words,
        };
        if text.len() > MOST_BYTES {
            return Err(error(
                None,
                format!(
                    "it is longer than {} KiB: make two lessons of it",
                    MOST_BYTES / 1024
                ),
            ));
        }
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let (front, below) = split(text).ok_or_else(|| {
            error(
                Some(1),
                "its front matter does not end: write it between two lines of ---".to_owned(),
            )
        })?;
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! {
                max_depth: 16,
                max_documents: 1,
                max_anchors: 0,
                max_aliases: 0,
                max_nodes: 4_000,
            },
            with_snippet: false,
        };
        let front: Front = serde_saphyr::from_str_with_options(front, options).map_err(|wrong| {
            // The front matter begins below the line of ---.
            let line = wrong.location().map(|place| place.line() as usize + 1);
            error(line, printable(&without_place(&wrong.to_string())).into_owned())
        })?;
        let sections = Sections::of(below);
        Ok(Self {
            file: file.to_owned(),
            id: front.id,
            title: front.title,
            myth: front.myth,
            case: Case {
                scenario: front.scenario,
                change: front.change,
                shows: front.shows,
                question: front.question,
                choices: front.options,
                answer: front.answer,
            },
            task: front.task,
            success: front.success,
            solution: front.solution,
            equals: front.equals,
            seed: front.seed,
            hints: front.hints,
            twin: Case {
                scenario: front.twin.scenario,
                change: front.twin.change,
                shows: front.twin.shows,
                question: front.twin.question,
                choices: front.twin.options,
                answer: front.twin.answer,
            },
            body: sections.body,
            reveal: sections.reveal,
            notes: sections.notes,
        })
    }

    /// Every fault among which a seed chooses, the shipped one first.
    pub fn faults(&self) -> impl Iterator<Item = &Change> {
        std::iter::once(&self.case.change).chain(&self.equals)
    }

    /// The fault that its seed chooses.
    pub fn fault(&self) -> &Change {
        let count = self.equals.len() as u64 + 1;
        let chosen = usize::try_from(self.seed % count).unwrap_or_default();
        self.faults().nth(chosen).unwrap_or(&self.case.change)
    }
}

impl Case {
    /// The right answer; `None` where the file gives fewer answers than its letter says.
    pub fn right(&self) -> Option<&Choice> {
        self.choices.get(self.answer.index())
    }
}

/// The front matter, and what stands below it.
fn split(text: &str) -> Option<(&str, &str)> {
    let (first, rest) = text.split_once('\n')?;
    (first.trim_end() == FENCE).then_some(())?;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == FENCE {
            return Some((&rest[..at], &rest[at + line.len()..]));
        }
        at += line.len();
    }
    None
}

/// What the reader of YAML says, without the line in its own count: the file's is told already.
fn without_place(words: &str) -> String {
    let first = words.lines().next().unwrap_or_default();
    first
        .rsplit_once(" at line ")
        .map_or(first, |(words, _)| words)
        .to_owned()
}

/// The Markdown below the front matter, by its headings of the second level.
#[derive(Default)]
struct Sections {
    body: String,
    reveal: String,
    notes: String,
}

impl Sections {
    fn of(text: &str) -> Self {
        let mut sections = Self::default();
        let mut current = &mut sections.body;
        let mut is_code = false;
        for line in text.lines() {
            if line.trim_start().starts_with("```") {
                is_code = !is_code;
            }
            match line.trim_end() {
                "## Reveal" if !is_code => current = &mut sections.reveal,
                "## Notes" if !is_code => current = &mut sections.notes,
                line => {
                    current.push_str(line);
                    current.push('\n');
                }
            }
        }
        for part in [&mut sections.body, &mut sections.reveal, &mut sections.notes] {
            *part = part.trim().to_owned();
        }
        sections
    }
}
