//! What follows from answers of the worker, from runs of the lab, and from the playhead.

use std::sync::Arc;

use super::{LessonStep, Made, Making, Part, WorkshopDone, bench_of, lesson_of};
use crate::analysis::Analysis;
use crate::lesson::{LESSON_TIME, Pack, Seen, Try};
use crate::state::documents::Document;
use crate::state::effect::Effect;
use crate::state::lab::{Offer, Setup};
use crate::state::notes::NoteKind;
use crate::state::root::State;
use crate::state::view::{InspectorTab, Look};

/// The last chapter: a run of the mend is seen whole.
const WHOLE: u8 = 6;

impl State {
    pub(in crate::state) fn absorb_workshop(&mut self, done: WorkshopDone) -> Vec<Effect> {
        match done {
            WorkshopDone::Pack { ticket, result } => {
                if ticket.is_some() && ticket != self.workshop.reading {
                    return Vec::new();
                }
                self.workshop.reading = None;
                return self.judging_another_bench(|state| {
                    state.take_pack(result);
                    Vec::new()
                });
            }
            WorkshopDone::NoLessons { path, target } => return self.read(vec![Offer::File(path)], target),
            WorkshopDone::Made {
                ticket,
                lesson,
                part,
                result,
            } => return self.take_made(ticket, &lesson, part, result),
            WorkshopDone::Saved(path, result) => self.take_saved(&path, result),
            WorkshopDone::Loaded(result) => self.take_progress(result),
        }
        Vec::new()
    }

    fn take_pack(&mut self, result: Result<Arc<Pack>, String>) {
        match result {
            Ok(pack) => {
                let id_of = |document: &Document| document.bench.as_deref().and_then(lesson_of).is_some();
                // The lessons of the pack before go with it; what was done in them stays noted.
                while let Some(index) = self.documents.iter().position(id_of) {
                    self.close(index);
                }
                self.workshop.attempts.clear();
                self.workshop.last = None;
                self.workshop.trouble = None;
                self.workshop.is_built_in = pack.is_built_in();
                self.workshop.pack = Some(pack);
                self.enter_workshop();
            }
            Err(sentence) => {
                if !self.workshop.is_open {
                    self.notes.add(NoteKind::Trouble, sentence.clone());
                }
                self.workshop.trouble = Some(sentence);
            }
        }
    }

    /// A lesson's handshake was made: it takes the stage, with the playhead before its beginning where a question comes first.
    fn take_made(
        &mut self,
        ticket: u64,
        lesson: &str,
        part: Part,
        result: Result<Box<Made>, String>,
    ) -> Vec<Effect> {
        let Some(attempt) = self.workshop.attempts.get_mut(lesson) else {
            return Vec::new();
        };
        let is_awaited = |making: &mut Making| making.ticket == ticket;
        if attempt.making.take_if(is_awaited).is_none() {
            return Vec::new();
        }
        let made = match result {
            Ok(made) => *made,
            Err(sentence) => {
                attempt.trouble = Some(sentence.clone());
                self.notes.add(NoteKind::Trouble, sentence);
                return Vec::new();
            }
        };
        if part != Part::Solution {
            attempt.judged = made.judged;
        }
        // What lay at hand before was minted for another run.
        attempt.at_hand = made.at_hand;
        self.go_to_bench(&Some(bench_of(lesson)));
        self.forget_run();
        let title = self
            .lesson_of(lesson)
            .map_or_else(String::new, |here| here.lesson.title.clone());
        self.lab.setup = Setup::from_lab((*made.setup).clone());
        self.lab.scenario = None;
        self.lab.is_setup_newer = false;
        self.lab.run_due = None;
        self.lab.issuers_elsewhere = Vec::new();
        self.repair.applied.clear();
        let mut document = Document {
            bench: Some(bench_of(lesson)),
            ..Document::new(title, String::new(), Arc::clone(&made.analysis))
        };
        if part != Part::Solution {
            document.look = Some(Look::before_the_first_step());
        }
        self.show(document);
        // A lesson that cannot be seen cannot be taken.
        self.settings.panels.left.show(true);
        let mut effects = self.judge_anew();
        self.has_run(made.setup.clone(), &made.analysis);
        effects.extend(self.search_fixes(made.setup, &made.analysis));
        if part == Part::Solution {
            self.lesson_ran(&made.analysis);
        }
        effects
    }

    /// The lesson's title for a run in its bench.
    pub(in crate::state) fn title_of_lesson(&self) -> Option<String> {
        let id = lesson_of(self.lab.bench.as_deref()?)?;
        Some(self.lesson_of(id)?.lesson.title.clone())
    }

    /// The time that the set-up is judged at where no side has a clock of its own: a lesson never depends on today.
    pub fn now_at_bench(&self) -> i64 {
        let lesson = self.lab.bench.as_deref().and_then(lesson_of);
        lesson.map_or(self.now_unix_s, |_| LESSON_TIME)
    }

    /// The playhead has moved: at the end of what was guessed, guess and outcome stand side by side.
    pub(in crate::state) fn lesson_watched(&mut self) {
        if !self.keeps_lesson_back() || !self.playback.is_at_end() {
            return;
        }
        self.on_attempt(|attempt, record| match attempt.step {
            LessonStep::Watch => attempt.step = LessonStep::Compare,
            LessonStep::TwinWatch => {
                attempt.step = LessonStep::TwinCompare;
                record.done.get_or_insert(attempt.passed_ms());
            }
            _ => {}
        });
        self.tab = InspectorTab::Why;
    }

    /// The mend begins. What is asked may hold already, where the run had only to be watched.
    pub(super) fn begin_mend(&mut self) {
        let analysis = self.analysis().map(Arc::clone);
        let misses = analysis.as_ref().zip(self.lesson_here()).map(|(analysis, here)| {
            here.lesson.success.misses(Seen {
                analysis,
                watched: WHOLE,
            })
        });
        self.on_attempt(|attempt, record| {
            attempt.step = LessonStep::Mend;
            if misses.is_some_and(|misses| misses.is_empty()) {
                attempt.misses = Some(Vec::new());
                attempt.mended = analysis;
                record.mended.get_or_insert(attempt.passed_ms());
            }
        });
    }

    /// The set-up was changed: whoever changes it mends.
    pub(in crate::state) fn lesson_changed(&mut self) {
        if self.lesson_step() == Some(LessonStep::Compare) {
            self.begin_mend();
        }
    }

    /// A run of the lab has ended, in a lesson's bench: it is judged by what the lesson asks.
    pub(in crate::state) fn lesson_ran(&mut self, analysis: &Arc<Analysis>) {
        self.lesson_changed();
        let here = self.lesson_here();
        let Some(here) = here.filter(|here| here.attempt.step == LessonStep::Mend) else {
            return;
        };
        let misses = here.lesson.success.misses(Seen {
            analysis,
            watched: WHOLE,
        });
        let analysis = Arc::clone(analysis);
        self.on_attempt(|attempt, record| {
            let at_ms = attempt.passed_ms();
            let is_success = misses.is_empty();
            record.add_run(Try { at_ms, is_success });
            if is_success {
                record.mended.get_or_insert(at_ms);
                // Told in the lesson's place.
                attempt.shows_setup = false;
            }
            attempt.misses = Some(misses);
            attempt.mended = Some(analysis);
        });
    }
}
