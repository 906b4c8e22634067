//! What a learner did in each lesson of a pack: a RON file, with their name only if they gave one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::format::Letter;
use super::pack::MOST_LESSONS;
use crate::printable::{printable, quoted_path, shortened};

/// The version that this program writes.
const VERSION: u32 = 1;
/// More than any such file has, in bytes.
const MOST_BYTES: u64 = 1024 * 1024;
/// So many runs, and so many resets, are kept of a lesson; and so many letters of a name.
const MOST_KEPT: usize = 500;
const MOST_NAME: usize = 80;

/// What one person did in a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Of the file's form.
    pub version: u32,
    /// The learner's name, if they gave one.
    pub attendee: Option<String>,
    /// The pack's name.
    pub pack: String,
    /// By the lessons' ids.
    pub lessons: BTreeMap<String, LessonRecord>,
}

/// What was done in a lesson. Times are in milliseconds since the lesson was opened or begun anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LessonRecord {
    /// The answer to its question.
    pub guess: Option<Guess>,
    /// When each hint was taken.
    pub hints: Vec<u64>,
    /// The runs of the mend.
    pub runs: Vec<Try>,
    /// When a solution was shown.
    pub solution_shown: Option<u64>,
    /// When the mend succeeded.
    pub mended: Option<u64>,
    /// The answer to its twin's question.
    pub twin: Option<Guess>,
    /// When its last run was watched to the end.
    pub done: Option<u64>,
    /// What was done before it was begun anew, oldest first.
    pub resets: Vec<Reset>,
}

/// An answer, given before the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guess {
    /// `None`: the learner went on without a guess.
    pub letter: Option<Letter>,
    /// When.
    pub at_ms: u64,
    /// Whether the engine found it right; `None` for no guess.
    pub is_right: Option<bool>,
}

/// A run that was to mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Try {
    /// When.
    pub at_ms: u64,
    /// Whether it did.
    pub is_success: bool,
}

/// A lesson was begun anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// When.
    pub at_ms: u64,
    /// What had been guessed until then.
    pub guess: Option<Letter>,
    /// How many runs of the mend there had been.
    pub runs: usize,
    /// Whether one of them succeeded.
    pub was_mended: bool,
}

/// Why a file of progress cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProgressError {
    /// It cannot be read or written.
    #[error("{}: {source}", quoted_path(path))]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is something else.
    #[error("{} is no progress of a workshop: {words}", quoted_path(path))]
    Other {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        words: String,
    },
}

impl LessonRecord {
    /// Notes a run of the mend.
    pub fn add_run(&mut self, run: Try) {
        if self.runs.len() < MOST_KEPT {
            self.runs.push(run);
        }
    }

    /// The lesson is begun anew: what was done so far becomes one line.
    pub fn reset(&mut self, at_ms: u64) {
        let mut resets = std::mem::take(&mut self.resets);
        resets.push(Reset {
            at_ms,
            guess: self.guess.and_then(|guess| guess.letter),
            runs: self.runs.len(),
            was_mended: self.mended.is_some(),
        });
        if resets.len() > MOST_KEPT {
            resets.remove(0);
        }
        *self = Self {
            resets,
            ..Self::default()
        };
    }
}

impl Progress {
    /// Nothing done yet.
    pub fn of(pack: &str) -> Self {
        Self {
            version: VERSION,
            attendee: None,
            pack: pack.to_owned(),
            lessons: BTreeMap::new(),
        }
    }

    /// The learner's name; one that is empty is none.
    pub fn set_attendee(&mut self, name: &str) {
        let name: String = name.chars().take(MOST_NAME).collect();
        self.attendee = (!name.trim().is_empty()).then_some(name);
    }

    /// Reads such a file, within bounds.
    pub fn load(path: &Path) -> Result<Self, ProgressError> {
        use std::io::Read;
        let file_error = |source| ProgressError::File {
            path: path.to_owned(),
            source,
        };
        let mut text = String::new();
        let file = fs::File::open(path).map_err(file_error)?;
        file.take(MOST_BYTES + 1)
            .read_to_string(&mut text)
            .map_err(file_error)?;
        Self::parse(&text).map_err(|words| ProgressError::Other {
            path: path.to_owned(),
            words,
        })
    }

    /// Reads its text; what is wrong, in words, where it cannot be used.
    pub fn parse(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        if text.len() as u64 > MOST_BYTES {
            return Err(format!("it is larger than {} KiB", MOST_BYTES / 1024));
        }
        let words =
            |error: ron::error::SpannedError| printable(&shortened(&error.to_string(), 200)).into_owned();
        let Version { version } = ron::from_str(text).map_err(words)?;
        if version != VERSION {
            return Err(format!(
                "it has version {version}, and this mtlscope reads {VERSION}"
            ));
        }
        let progress: Self = ron::from_str(text).map_err(words)?;
        let is_too_much = |record: &LessonRecord| {
            record.runs.len() > MOST_KEPT || record.resets.len() > MOST_KEPT || record.hints.len() > 3
        };
        if progress.lessons.len() > MOST_LESSONS || progress.lessons.values().any(is_too_much) {
            return Err("it tells of more than a workshop has".to_owned());
        }
        let name = progress.attendee.as_deref().unwrap_or_default();
        if name.chars().count() > MOST_NAME {
            return Err(format!("its name is longer than {MOST_NAME} letters"));
        }
        Ok(progress)
    }

    /// Its text.
    pub fn text(&self) -> Result<String, ron::Error> {
        ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default())
    }

    /// Writes it: whole, or not at all.
    pub fn save(&self, path: &Path) -> Result<(), ProgressError> {
        let file_error = |source| ProgressError::File {
            path: path.to_owned(),
            source,
        };
        let text = self.text().map_err(|error| file_error(io::Error::other(error)))?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let new = path.with_file_name(name);
        fs::write(&new, text)
            .and_then(|()| fs::rename(&new, path))
            .map_err(file_error)
    }
}

#[cfg(test)]
mod tests {
    use super::{Guess, LessonRecord, Letter, Progress, Try};

    fn done() -> Progress {
        let mut progress = Progress::of("built-in");
        progress.set_attendee("Ada");
        let mut record = LessonRecord {
            guess: Some(Guess {
                letter: Some(Letter::B),
                at_ms: 2_000,
                is_right: Some(false),
            }),
            hints: vec![9_000],
            ..LessonRecord::default()
        };
        record.add_run(Try {
            at_ms: 12_000,
            is_success: false,
        });
        progress.lessons.insert("connected".to_owned(), record);
        progress
    }

    #[test]
    fn progress_comes_back() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("ada.ron");
        done().save(&path).expect("written");
        assert_eq!(Progress::load(&path).expect("read"), done());
        assert_eq!(std::fs::read_dir(directory.path()).expect("listed").count(), 1);
    }

    #[test]
    fn begun_anew_a_lesson_keeps_a_line_of_what_was() {
        let mut progress = done();
        let record = progress.lessons.get_mut("connected").expect("a record");
        record.reset(30_000);
        assert_eq!(
            (record.guess, record.hints.len(), record.runs.len()),
            (None, 0, 0)
        );
        let [reset] = record.resets[..] else {
            panic!("one line")
        };
        assert_eq!(
            (reset.guess, reset.runs, reset.was_mended),
            (Some(Letter::B), 1, false)
        );
    }

    #[test]
    fn what_is_no_progress_gets_a_sentence() {
        let text = done().text().expect("text");
        let newer = text.replacen("version: 1", "version: 2", 1);
        let more = text.replacen("hints:", "secret: 1, hints:", 1);
        let many = text.replacen("9000", "1, 2, 3, 4", 1);
        let long = text.replacen("Ada", &"A".repeat(81), 1);
        for (text, words) in [
            (newer.as_str(), "version 2"),
            (&more, "secret"),
            (&many, "more than a workshop"),
            (&long, "longer than 80"),
            ("()", "version"),
            ("{{{", ""),
        ] {
            let error = Progress::parse(text).expect_err(words);
            assert!(error.contains(words), "{error}");
        }
    }
}
