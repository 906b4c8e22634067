//! The workshop: a pack of lessons, and how far each of them is. A question first, then the run that answers it, the mend, and
//! a twin.
//!
//! `job` is what the worker does, `acts` what a learner asks for, `flow` what follows from runs and from the playhead, `guard`
//! what a lesson keeps back before its question is answered, `progress` how the record is kept in a file.

mod acts;
mod flow;
mod guard;
mod job;
mod progress;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use crate::analysis::Analysis;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::lesson::{AtHand, Case, Lesson, LessonRecord, Letter, Miss, Pack, Progress};
use crate::setup::LabSetup;
use crate::state::lab::SetupSlot;

/// What a learner can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkshopCommand {
    /// To the list of lessons; from another tab, to the lesson that was open last.
    Show,
    /// To the list of lessons.
    ShowList,
    /// Open this lesson, by its id.
    OpenLesson(String),
    /// Open the next lesson (1) or the one before (-1).
    StepLesson(i32),
    /// Choose this answer; it can be changed until the run.
    Choose(Letter),
    /// Lock the answer, and play.
    Play,
    /// Play without an answer.
    SkipGuess,
    /// Show the next hint.
    Hint,
    /// To the mend, and from there to the twin.
    GoOn,
    /// Show the set-up in place of the lesson, or the lesson again.
    ShowSetup(bool),
    /// This side presents what lies at hand there.
    Present(Side, usize),
    /// This side trusts what lies at hand there, too.
    Trust(Side, usize),
    /// Ask before a solution is shown, or do not any more.
    AskSolution(bool),
    /// Put a solution into the set-up, and run it.
    ShowSolution,
    /// Begin the lesson anew.
    Reset,
    /// Ask for a pack.
    ChoosePack,
    /// Open this pack: a folder or a zip.
    OpenPack(PathBuf),
    /// Back to the built-in lessons.
    UseBuiltIn,
    /// The learner's name, for the record.
    SetAttendee(String),
    /// Ask where the record is to be kept.
    SaveProgress,
    /// Ask for a record that was kept.
    LoadProgress,
}

/// Which of a lesson's handshakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// As it is shipped.
    Shipped,
    /// With its solution.
    Solution,
    /// Its twin.
    Twin,
}

/// What the worker does.
#[derive(Debug)]
pub enum WorkshopJob {
    /// Read a pack; `None`: the built-in one.
    OpenPack {
        /// Which request.
        ticket: u64,
        /// Where it lies.
        path: Option<PathBuf>,
    },
    /// Open this as a pack where it holds lessons; otherwise it is something for the slots.
    Sort {
        /// What was dropped.
        path: PathBuf,
        /// The slot under the pointer.
        target: Option<(Side, SetupSlot)>,
    },
    /// Make a lesson's handshake.
    Make {
        /// Which request.
        ticket: u64,
        /// The pack.
        pack: Arc<Pack>,
        /// The lesson's id.
        lesson: String,
        /// Which of its handshakes.
        part: Part,
        /// Ends it early.
        cancel: Cancel,
    },
    /// Write the record.
    Save(PathBuf, Box<Progress>),
    /// Read one.
    Load(PathBuf),
}

/// What the worker answers.
#[derive(Debug)]
pub enum WorkshopDone {
    /// A pack was read, or not.
    Pack {
        /// Which request; `None`: it was dropped.
        ticket: Option<u64>,
        /// Or why not.
        result: Result<Arc<Pack>, String>,
    },
    /// What was dropped holds no lessons.
    NoLessons {
        /// What.
        path: PathBuf,
        /// The slot under the pointer.
        target: Option<(Side, SetupSlot)>,
    },
    /// A handshake was made, or not.
    Made {
        /// Which request.
        ticket: u64,
        /// Of which lesson.
        lesson: String,
        /// Which of its handshakes.
        part: Part,
        /// Or why not.
        result: Result<Box<Made>, String>,
    },
    /// The record was written, or not.
    Saved(PathBuf, Result<(), String>),
    /// A record was read, or not.
    Loaded(Result<Box<Progress>, String>),
}

/// A lesson's handshake.
#[derive(Debug)]
pub struct Made {
    /// What it was made of.
    pub setup: Box<LabSetup>,
    /// What came of it.
    pub analysis: Arc<Analysis>,
    /// Of each answer, whether the engine finds it right; `None` where it cannot be run.
    pub judged: Vec<Option<bool>>,
    /// What it can be mended with.
    pub at_hand: Vec<AtHand>,
}

/// How far a lesson is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LessonStep {
    /// The question is to be answered.
    #[default]
    Predict,
    /// The run plays.
    Watch,
    /// The answer stands beside what happened.
    Compare,
    /// It is to be mended.
    Mend,
    /// The twin's question is to be answered.
    TwinPredict,
    /// The twin's run plays.
    TwinWatch,
    /// The twin's answer stands beside what happened.
    TwinCompare,
}

impl LessonStep {
    /// Whether a question waits for its answer.
    pub fn is_question(self) -> bool {
        matches!(self, Self::Predict | Self::TwinPredict)
    }

    /// Whether the end is still to come, so that nothing may tell it.
    pub fn is_before_the_end(self) -> bool {
        self.is_question() || matches!(self, Self::Watch | Self::TwinWatch)
    }

    /// Whether it is about the twin.
    pub fn is_twin(self) -> bool {
        self >= Self::TwinPredict
    }
}

/// What is done of a lesson, for the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing.
    NotBegun,
    /// Its question is answered.
    Guessed,
    /// Its mend was tried.
    Tried,
    /// It is mended.
    Mended,
    /// Its twin is done.
    TwinDone,
}

impl Standing {
    /// Of what is noted.
    pub fn of(record: Option<&LessonRecord>) -> Self {
        match record {
            Some(record) if record.done.is_some() => Self::TwinDone,
            Some(record) if record.mended.is_some() => Self::Mended,
            Some(record) if !record.runs.is_empty() => Self::Tried,
            Some(record) if record.guess.is_some() => Self::Guessed,
            _ => Self::NotBegun,
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotBegun => "not begun",
            Self::Guessed => "guessed",
            Self::Tried => "run",
            Self::Mended => "mended",
            Self::TwinDone => "twin done",
        }
    }
}

/// A lesson that was opened.
#[derive(Debug)]
pub struct Attempt {
    /// How far it is.
    pub step: LessonStep,
    /// The answer that is chosen and not locked yet.
    pub chosen: Option<Letter>,
    /// How many hints are shown.
    pub hints: usize,
    /// Of each answer to the question at hand, whether the engine finds it right.
    pub judged: Vec<Option<bool>>,
    /// What the last run of the mend does not meet; `None` before it was judged.
    pub misses: Option<Vec<Miss>>,
    /// What it can be mended with.
    pub at_hand: Vec<AtHand>,
    /// The set-up stands in the lesson's place.
    pub shows_setup: bool,
    /// It is asked whether a solution is to be shown.
    pub asks_solution: bool,
    /// Why its handshake could not be made.
    pub trouble: Option<String>,
    /// The handshake that is being made: an answer to an older request changes nothing.
    pub(super) making: Option<Making>,
    /// What its last run of the mend was made of, for what the engine saw.
    pub mended: Option<Arc<Analysis>>,
    opened: Instant,
}

/// A handshake under way.
#[derive(Debug)]
pub(super) struct Making {
    ticket: u64,
    cancel: Cancel,
}

impl Attempt {
    fn begin() -> Self {
        Self {
            step: LessonStep::default(),
            chosen: None,
            hints: 0,
            judged: Vec::new(),
            misses: None,
            at_hand: Vec::new(),
            shows_setup: false,
            asks_solution: false,
            trouble: None,
            making: None,
            mended: None,
            opened: Instant::now(),
        }
    }

    /// Which request its handshake is being made for.
    pub fn ticket(&self) -> Option<u64> {
        self.making.as_ref().map(|making| making.ticket)
    }

    /// Whether its handshake is being made.
    pub fn is_making(&self) -> bool {
        self.making.is_some()
    }

    /// Whether the mend holds.
    pub fn is_mended(&self) -> bool {
        self.misses.as_ref().is_some_and(Vec::is_empty)
    }

    fn passed_ms(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// The workshop's part of the state.
#[derive(Debug, Default)]
pub struct Workshop {
    /// The list of lessons stands in the middle.
    pub is_open: bool,
    /// The lessons; `None` until they are read.
    pub pack: Option<Arc<Pack>>,
    /// Why the pack that was asked for last cannot be opened.
    pub trouble: Option<String>,
    /// The pack is the built-in one.
    pub is_built_in: bool,
    /// Lessons that were opened, by their ids.
    pub attempts: BTreeMap<String, Attempt>,
    /// What was done, by the packs' names.
    pub(super) progress: BTreeMap<String, Progress>,
    /// The learner's name as it is typed.
    pub attendee: String,
    /// The lesson that was on the stage last.
    pub(super) last: Option<String>,
    /// The pack that is being read.
    pub(super) reading: Option<u64>,
}

/// Before the id of a lesson in the name of its bench: no scenario's id has a space.
const BENCH: &str = "lesson ";

/// The lesson's bench in the lab.
pub(super) fn bench_of(lesson: &str) -> String {
    format!("{BENCH}{lesson}")
}

/// The id of the lesson that has this bench.
pub(super) fn lesson_of(bench: &str) -> Option<&str> {
    bench.strip_prefix(BENCH)
}

/// A lesson, and how far it is.
#[derive(Clone, Copy, Debug)]
pub struct LessonHere<'a> {
    /// Its pack.
    pub pack: &'a Pack,
    /// Which of its lessons, from 0.
    pub index: usize,
    /// The lesson.
    pub lesson: &'a Lesson,
    /// How far it is.
    pub attempt: &'a Attempt,
    /// What is noted of it.
    pub record: Option<&'a LessonRecord>,
}

impl<'a> LessonHere<'a> {
    /// The question at hand with its run: the lesson's own or its twin's.
    pub fn case(&self) -> &'a Case {
        if self.attempt.step.is_twin() {
            &self.lesson.twin
        } else {
            &self.lesson.case
        }
    }

    /// The answer that was locked, if one was.
    pub fn guess(&self) -> Option<Letter> {
        let record = self.record?;
        let guess = if self.attempt.step.is_twin() {
            record.twin
        } else {
            record.guess
        };
        guess?.letter
    }

    /// Whether an answer is right: by the engine, and by the lesson where it cannot be run.
    pub fn is_right(&self, letter: Letter) -> bool {
        let judged = self.attempt.judged.get(letter.index()).copied().flatten();
        judged.unwrap_or(letter == self.case().answer)
    }
}
