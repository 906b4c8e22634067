//! What a learner asks for: lessons are opened, answers locked, hints taken, solutions shown.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{
    Attempt, LessonHere, LessonStep, Making, Part, WorkshopCommand, WorkshopJob, bench_of, lesson_of,
};
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::lesson::{Guess, LessonRecord, Letter, Progress};
use crate::state::documents::Document;
use crate::state::effect::Effect;
use crate::state::features::Job;
use crate::state::lab::{Placement, SetupSlot, Slot, Source};
use crate::state::purpose::PickPurpose;
use crate::state::root::State;

impl State {
    pub(in crate::state) fn apply_workshop(&mut self, command: WorkshopCommand) -> Vec<Effect> {
        self.judging_another_bench(|state| state.carry_out_workshop(command))
    }

    fn carry_out_workshop(&mut self, command: WorkshopCommand) -> Vec<Effect> {
        match command {
            WorkshopCommand::Show => return self.show_workshop(),
            WorkshopCommand::ShowList => return self.show_lessons(),
            WorkshopCommand::OpenLesson(id) => return self.open_lesson(&id),
            WorkshopCommand::StepLesson(by) => return self.step_lesson(by),
            WorkshopCommand::Choose(letter) => self.choose(letter),
            WorkshopCommand::Play => self.lock_guess(false),
            WorkshopCommand::SkipGuess => self.lock_guess(true),
            WorkshopCommand::Hint => self.take_hint(),
            WorkshopCommand::GoOn => return self.go_on(),
            WorkshopCommand::ShowSetup(is_shown) => {
                self.on_attempt(|attempt, _| attempt.shows_setup = is_shown);
            }
            WorkshopCommand::Present(side, index) => return self.put_at_hand(side, index, false),
            WorkshopCommand::Trust(side, index) => return self.put_at_hand(side, index, true),
            WorkshopCommand::AskSolution(asks) => self.on_attempt(|attempt, _| attempt.asks_solution = asks),
            WorkshopCommand::ShowSolution => return self.show_solution(),
            WorkshopCommand::Reset => return self.reset_lesson(),
            WorkshopCommand::ChoosePack => return self.ask_for_file(PickPurpose::Pack),
            WorkshopCommand::OpenPack(path) => return self.read_pack(Some(path)),
            WorkshopCommand::UseBuiltIn => {
                if !self.workshop.is_built_in {
                    return self.read_pack(None);
                }
                self.workshop.trouble = None;
            }
            WorkshopCommand::SetAttendee(name) => self.set_attendee(name),
            WorkshopCommand::SaveProgress => return self.ask_where_to_save_progress(),
            WorkshopCommand::LoadProgress => return self.ask_for_file(PickPurpose::LoadProgress),
        }
        Vec::new()
    }

    /// The lesson on the stage.
    pub fn lesson_here(&self) -> Option<LessonHere<'_>> {
        if self.workshop.is_open || self.packets.open.is_some() || self.compare.open.is_some() {
            return None;
        }
        let id = self.lesson_on_stage()?;
        self.lesson_of(id)
    }

    /// The id of the lesson that is on the stage, or behind a list.
    fn lesson_on_stage(&self) -> Option<&str> {
        let document = self.document().filter(|document| document.is_lab())?;
        lesson_of(document.bench.as_deref()?)
    }

    /// A lesson that was opened.
    pub(super) fn lesson_of(&self, id: &str) -> Option<LessonHere<'_>> {
        let pack = self.workshop.pack.as_deref()?;
        let index = pack.lessons.iter().position(|lesson| lesson.id == id)?;
        Some(LessonHere {
            pack,
            index,
            lesson: pack.lessons.get(index)?,
            attempt: self.workshop.attempts.get(id)?,
            record: self.record_of(id),
        })
    }

    /// What is noted of a lesson of the pack at hand.
    pub fn record_of(&self, id: &str) -> Option<&LessonRecord> {
        let pack = self.workshop.pack.as_deref()?;
        self.workshop.progress.get(&pack.name)?.lessons.get(id)
    }

    /// The lesson on the stage, to change it and what is noted of it.
    pub(super) fn on_attempt(&mut self, change: impl FnOnce(&mut Attempt, &mut LessonRecord)) {
        let Some(id) = self.lesson_here().map(|here| here.lesson.id.clone()) else {
            return;
        };
        let workshop = &mut self.workshop;
        let Some((pack, attempt)) = workshop.pack.as_deref().zip(workshop.attempts.get_mut(&id)) else {
            return;
        };
        let progress = workshop
            .progress
            .entry(pack.name.clone())
            .or_insert_with(|| Progress::of(&pack.name));
        change(attempt, progress.lessons.entry(id).or_default());
    }

    /// From another tab to the lesson that was open last; from a lesson to the list.
    fn show_workshop(&mut self) -> Vec<Effect> {
        let last = self.workshop.last.clone();
        let is_elsewhere = !self.workshop.is_open && self.lesson_here().is_none();
        match last.and_then(|id| self.document_of_lesson(&id)) {
            Some(index) if is_elsewhere => {
                self.activate(index);
                Vec::new()
            }
            _ => self.show_lessons(),
        }
    }

    fn show_lessons(&mut self) -> Vec<Effect> {
        self.enter_workshop();
        if self.workshop.pack.is_some() || self.workshop.reading.is_some() {
            return Vec::new();
        }
        self.read_pack(None)
    }

    /// Where the document of a lesson is.
    fn document_of_lesson(&self, id: &str) -> Option<usize> {
        let bench = Some(bench_of(id));
        let is_its = |document: &Document| document.is_lab() && document.bench == bench;
        self.documents.iter().position(is_its)
    }

    fn open_lesson(&mut self, id: &str) -> Vec<Effect> {
        if self
            .workshop
            .pack
            .as_deref()
            .and_then(|pack| pack.lesson(id))
            .is_none()
        {
            return Vec::new();
        }
        self.workshop.last = Some(id.to_owned());
        if let Some(index) = self.document_of_lesson(id)
            && self.workshop.attempts.contains_key(id)
        {
            self.activate(index);
            return Vec::new();
        }
        self.workshop.attempts.insert(id.to_owned(), Attempt::begin());
        self.make(id, Part::Shipped)
    }

    fn step_lesson(&mut self, by: i32) -> Vec<Effect> {
        let here = self.lesson_here();
        let next = here.and_then(|here| {
            let index = i32::try_from(here.index).ok()?.checked_add(by)?;
            here.pack.lessons.get(usize::try_from(index).ok()?)
        });
        match next.map(|lesson| lesson.id.clone()) {
            Some(id) => self.open_lesson(&id),
            None => Vec::new(),
        }
    }

    /// Has a handshake of a lesson made, in place of any that is being made for it.
    fn make(&mut self, id: &str, part: Part) -> Vec<Effect> {
        let (ticket, cancel) = (self.ticket(), Cancel::default());
        let workshop = &mut self.workshop;
        let Some((pack, attempt)) = workshop.pack.as_ref().zip(workshop.attempts.get_mut(id)) else {
            return Vec::new();
        };
        let older = attempt.making.replace(Making {
            ticket,
            cancel: cancel.clone(),
        });
        if let Some(older) = older {
            older.cancel.cancel();
        }
        attempt.trouble = None;
        vec![Effect::Work(Job::Workshop(WorkshopJob::Make {
            ticket,
            pack: Arc::clone(pack),
            lesson: id.to_owned(),
            part,
            cancel,
        }))]
    }

    fn choose(&mut self, letter: Letter) {
        let is_there = |here: LessonHere<'_>| here.case().choices.len() > letter.index();
        if self.awaits_guess() && self.lesson_here().is_some_and(is_there) {
            self.on_attempt(|attempt, _| attempt.chosen = Some(letter));
        }
    }

    /// The answer is locked, and the handshake plays.
    fn lock_guess(&mut self, is_skipped: bool) {
        let Some(here) = self.lesson_here() else { return };
        let letter = here.attempt.chosen.filter(|_| !is_skipped);
        if !here.attempt.step.is_question() || (letter.is_none() && !is_skipped) || here.attempt.is_making() {
            return;
        }
        let is_right = letter.map(|letter| here.is_right(letter));
        self.on_attempt(|attempt, record| {
            let guess = Some(Guess {
                letter,
                at_ms: attempt.passed_ms(),
                is_right,
            });
            if attempt.step.is_twin() {
                attempt.step = LessonStep::TwinWatch;
                record.twin = guess;
            } else {
                attempt.step = LessonStep::Watch;
                record.guess = guess;
            }
        });
        self.playback.first();
        self.playback.toggle();
        self.follow_playhead();
    }

    fn take_hint(&mut self) {
        let count = self.lesson_here().map_or(0, |here| here.lesson.hints.len());
        self.on_attempt(|attempt, record| {
            if attempt.hints < count && !attempt.step.is_twin() {
                attempt.hints += 1;
                if record.hints.len() < attempt.hints {
                    record.hints.push(attempt.passed_ms());
                }
            }
        });
    }

    /// To the mend, and from there to the twin. A lesson need not be mended to see its twin.
    fn go_on(&mut self) -> Vec<Effect> {
        let Some(here) = self.lesson_here() else {
            return Vec::new();
        };
        let id = here.lesson.id.clone();
        match here.attempt.step {
            LessonStep::Compare => self.begin_mend(),
            LessonStep::Mend if !here.attempt.is_making() => {
                self.on_attempt(|attempt, _| {
                    attempt.step = LessonStep::TwinPredict;
                    attempt.chosen = None;
                    attempt.judged.clear();
                    attempt.shows_setup = false;
                    attempt.asks_solution = false;
                });
                self.forget_run();
                self.playback.first();
                self.follow_playhead();
                return self.make(&id, Part::Twin);
            }
            _ => {}
        }
        Vec::new()
    }

    /// Puts what lies at hand into the slots of a side.
    fn put_at_hand(&mut self, side: Side, index: usize, is_trusted: bool) -> Vec<Effect> {
        let here = self.lesson_here();
        let found = here.filter(|here| here.attempt.step == LessonStep::Mend);
        let Some(found) = found.and_then(|here| here.attempt.at_hand.get(index)).cloned() else {
            return Vec::new();
        };
        let place = |slot, content| Placement { side, slot, content };
        if !is_trusted {
            return self.put(vec![
                place(
                    SetupSlot::Certificate,
                    Slot::of_certificates(SetupSlot::Certificate, Source::BuiltIn, found.chain),
                ),
                place(SetupSlot::Key, Slot::of_key(Source::BuiltIn, found.key)),
            ]);
        }
        let mut trusted = self.lab.setup.slot(side, SetupSlot::Trust).certificates.to_vec();
        for mut certificate in found.chain {
            if trusted.iter().all(|one| one.der != certificate.der) {
                certificate.entry = trusted.len();
                trusted.push(certificate);
            }
        }
        let content = Slot::of_certificates(SetupSlot::Trust, Source::BuiltIn, trusted);
        self.put(vec![place(SetupSlot::Trust, content)])
    }

    fn show_solution(&mut self) -> Vec<Effect> {
        let here = self.lesson_here();
        let here = here.filter(|here| here.attempt.step == LessonStep::Mend && here.attempt.asks_solution);
        let Some(id) = here.map(|here| here.lesson.id.clone()) else {
            return Vec::new();
        };
        self.on_attempt(|attempt, record| {
            attempt.asks_solution = false;
            record.solution_shown.get_or_insert(attempt.passed_ms());
        });
        self.make(&id, Part::Solution)
    }

    fn reset_lesson(&mut self) -> Vec<Effect> {
        let Some(id) = self.lesson_here().map(|here| here.lesson.id.clone()) else {
            return Vec::new();
        };
        self.on_attempt(|attempt, record| {
            record.reset(attempt.passed_ms());
            if let Some(making) = attempt.making.take() {
                making.cancel.cancel();
            }
            *attempt = Attempt::begin();
        });
        self.forget_run();
        // What is on the stage is the run before: nothing of it is told again.
        self.playback.first();
        self.follow_playhead();
        self.make(&id, Part::Shipped)
    }

    /// What was dropped, where it may be a pack of lessons; otherwise `None`. In the list of lessons nothing else is dropped.
    pub(in crate::state) fn take_as_lessons(
        &mut self,
        path: &Path,
        target: Option<(Side, SetupSlot)>,
    ) -> Option<Vec<Effect>> {
        let ending = path.extension().map(OsStr::to_ascii_lowercase);
        let may_be = ending.is_none_or(|ending| ending == "zip" || ending == "md");
        if !may_be {
            return None;
        }
        let path = path.to_owned();
        if self.workshop.is_open {
            return Some(self.read_pack(Some(path)));
        }
        Some(vec![Effect::Work(Job::Workshop(WorkshopJob::Sort {
            path,
            target,
        }))])
    }

    fn read_pack(&mut self, path: Option<PathBuf>) -> Vec<Effect> {
        let ticket = self.ticket();
        self.workshop.reading = Some(ticket);
        self.workshop.trouble = None;
        vec![Effect::Work(Job::Workshop(WorkshopJob::OpenPack {
            ticket,
            path,
        }))]
    }
}
