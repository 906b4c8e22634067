//! Whether a lesson can be taught: it fails as shipped, its solution succeeds, and the engine itself tells the right answer
//! from the wrong ones.

use super::change::Change;
use super::format::{Case, Lesson, Letter};
use super::pack::Pack;
use super::predicate::Miss;
use super::run::RunError;
use crate::cancel::Cancel;

/// How much longer the longest answer may be than the shortest, in characters. The right one is often the longest, and people
/// know it.
const MOST_DIFFERENCE: usize = 12;

/// Something that keeps a lesson from being taught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Of the lesson.
    pub file: String,
    /// Its id.
    pub lesson: String,
    /// What is wrong, and what would be right.
    pub words: String,
}

/// All that keeps a lesson of this pack from being taught; empty where nothing does. Some handshakes: call it off the UI thread.
pub fn check(pack: &Pack, lesson: &Lesson, cancel: &Cancel) -> Result<Vec<Finding>, RunError> {
    let mut checker = Checker {
        pack,
        lesson,
        cancel,
        findings: Vec::new(),
    };
    checker.words();
    for (number, fault) in lesson.faults().enumerate() {
        checker.run(number, fault)?;
    }
    let twin = &lesson.twin;
    checker.answers("its twin", twin);
    let shown = pack.show(twin, &twin.change, None, cancel)?;
    checker.expect("its twin", &twin.shows.misses(shown.seen()));
    checker.judged("its twin", twin, &twin.change, &shown)?;
    Ok(checker.findings)
}

struct Checker<'a> {
    pack: &'a Pack,
    lesson: &'a Lesson,
    cancel: &'a Cancel,
    findings: Vec<Finding>,
}

impl Checker<'_> {
    fn say(&mut self, words: String) {
        self.findings.push(Finding {
            file: self.lesson.file.clone(),
            lesson: self.lesson.id.clone(),
            words,
        });
    }

    /// What can be told without a run.
    fn words(&mut self) {
        let lesson = self.lesson;
        for (what, text) in [
            ("title", &lesson.title),
            ("myth", &lesson.myth),
            ("task", &lesson.task),
            ("text", &lesson.body),
            ("section “## Reveal”", &lesson.reveal),
        ] {
            if text.trim().is_empty() {
                self.say(format!("it has no {what}"));
            }
        }
        let hints = lesson.hints.iter().filter(|hint| !hint.trim().is_empty()).count();
        if hints != 3 || lesson.hints.len() != 3 {
            self.say(format!(
                "it has {hints} hints and wants three: where to look, which check, the command"
            ));
        }
        if let Some(cause) = lesson.case.shows.cause {
            let words = cause.0.words().to_lowercase();
            if lesson.title.to_lowercase().contains(&words) {
                self.say(format!("its title gives the cause away: “{words}”"));
            }
        }
        if lesson.success.is_empty() {
            self.say("its success asks nothing, so every run succeeds".to_owned());
        }
        self.answers("its question", &lesson.case);
    }

    /// The answers, as they are read.
    fn answers(&mut self, whose: &str, case: &Case) {
        if case.question.trim().is_empty() {
            self.say(format!("{whose} is empty"));
        }
        if case.choices.len() != Letter::ALL.len() {
            self.say(format!(
                "{whose} has {} options and wants four",
                case.choices.len()
            ));
            return;
        }
        let mut texts: Vec<String> = case
            .choices
            .iter()
            .map(|choice| choice.text.trim().to_lowercase())
            .collect();
        let lengths: Vec<usize> = texts.iter().map(|text| text.chars().count()).collect();
        let (shortest, longest) = (lengths.iter().min(), lengths.iter().max());
        if let (Some(shortest), Some(longest)) = (shortest, longest)
            && longest - shortest > MOST_DIFFERENCE
        {
            self.say(format!(
                "{whose}: its options are {shortest} to {longest} characters long; {MOST_DIFFERENCE} is the most that they may differ, \
                 or their length gives the answer away"
            ));
        }
        texts.sort_unstable();
        texts.dedup();
        if texts.len() != case.choices.len() || texts.iter().any(String::is_empty) {
            self.say(format!(
                "{whose} has an option that is empty or stands there twice"
            ));
        }
        if case.choices.iter().any(|choice| choice.because.trim().is_empty()) {
            self.say(format!(
                "{whose} has an option without its “because”: people want to know why"
            ));
        }
        if case.shows.verdict.is_none() {
            self.say(format!(
                "{whose} does not say how its run ends: write “shows” with a verdict"
            ));
        }
    }

    fn run(&mut self, number: usize, fault: &Change) -> Result<(), RunError> {
        let lesson = self.lesson;
        let whose = match number {
            0 => "as shipped".to_owned(),
            number => format!("with the {number}. of its equals"),
        };
        let shown = self.pack.show(&lesson.case, fault, None, self.cancel)?;
        self.expect(&whose, &lesson.case.shows.misses(shown.seen()));
        if lesson.success.holds(shown.unseen()) {
            self.say(format!(
                "{whose}, it succeeds before anybody did anything: nothing is left to mend"
            ));
        }
        let solved = self
            .pack
            .show(&lesson.case, fault, Some(&lesson.solution), self.cancel)?;
        self.expect(
            &format!("{whose}, with its solution"),
            &lesson.success.misses(solved.seen()),
        );
        self.judged(&whose, &lesson.case, fault, &shown)
    }

    fn expect(&mut self, whose: &str, misses: &[Miss]) {
        for miss in misses {
            self.say(format!(
                "{whose}: it says that {}, but {}",
                miss.asked, miss.found
            ));
        }
    }

    /// Whether the engine tells the right answer from the wrong ones.
    fn judged(
        &mut self,
        whose: &str,
        case: &Case,
        fault: &Change,
        shown: &super::run::Shown,
    ) -> Result<(), RunError> {
        let lesson = self.lesson;
        let mut told_wrong = 0;
        for (letter, choice) in Letter::ALL.into_iter().zip(&case.choices) {
            let is_right = letter == case.answer;
            let judged = self
                .pack
                .judge(case, fault, &lesson.success, choice, shown, self.cancel)?;
            match (judged, is_right) {
                (None, true) => self.say(format!(
                    "{whose}: nothing proves its answer {letter}: give it a “when” that holds for the run, or a “does” that mends it"
                )),
                (Some(false), true) => self.say(format!(
                    "{whose}: its answer {letter} is wrong by the run itself"
                )),
                (Some(true), false) => self.say(format!(
                    "{whose}: {letter} is right as well by the run itself, and the answer is {}",
                    case.answer
                )),
                (Some(false), false) => told_wrong += 1,
                (None, false) | (Some(true), true) => {}
            }
        }
        if told_wrong == 0 {
            self.say(format!(
                "{whose}: no wrong option is proved wrong by a run: give at least one a “when” or a “does”"
            ));
        }
        Ok(())
    }
}
