//! What a lesson keeps back: nobody plays before they guess, and nobody changes a set-up whose run they have not seen.

use super::LessonStep;
use crate::state::features::Command;
use crate::state::lab::LabCommand;
use crate::state::notes::NoteKind;
use crate::state::root::State;
use crate::state::time::TimeCommand;
use crate::state::view::ViewCommand;
use crate::state::{DocumentCommand, RepairCommand};

/// Why something is not done now.
const GUESS_FIRST: &str = "First your guess: choose an answer, then “Play and see”.";
const MEND_LATER: &str = "The set-up can be changed once you have seen how it ends.";
const OWN_IDENTITIES: &str = "A lesson has identities of its own; begin it anew (Ctrl+L) to have them back.";
const COMPARE_LATER: &str = "A lesson can be compared once you have seen how it ends.";
const EXPORT_LATER: &str = "A lesson can be exported once you have seen how it ends.";
const NOT_TOLD: &str = "The answer is told at the end of the handshake; End goes there.";

impl State {
    /// How far the lesson is that is on the stage.
    pub fn lesson_step(&self) -> Option<LessonStep> {
        Some(self.lesson_here()?.attempt.step)
    }

    /// Whether a lesson's question waits for its answer: nothing plays before that.
    pub fn awaits_guess(&self) -> bool {
        self.lesson_step().is_some_and(LessonStep::is_question)
    }

    /// Whether the end of the lesson on the stage is still to come.
    pub fn keeps_lesson_back(&self) -> bool {
        self.lesson_step().is_some_and(LessonStep::is_before_the_end)
    }

    /// Whether a command must wait; the sentence is told.
    pub(in crate::state) fn holds_back(&mut self, command: &Command) -> bool {
        let words = match command {
            // The stage lies behind the list.
            Command::View(
                ViewCommand::TogglePlay
                | ViewCommand::StepBy(_)
                | ViewCommand::First
                | ViewCommand::Last
                | ViewCommand::Seek(_)
                | ViewCommand::JumpToChapter(_),
            )
            | Command::Lab(LabCommand::Run)
                if self.workshop.is_open =>
            {
                return true;
            }
            Command::View(
                ViewCommand::TogglePlay
                | ViewCommand::StepBy(_)
                | ViewCommand::Last
                | ViewCommand::Seek(_)
                | ViewCommand::JumpToChapter(_),
            ) if self.awaits_guess() => GUESS_FIRST,
            Command::Document(DocumentCommand::CopyAnswer) if !self.playback.is_at_end() => NOT_TOLD,
            // All of it is in the export: the cause as well.
            Command::Export(_) if self.keeps_lesson_back() => EXPORT_LATER,
            Command::Compare(_) if self.keeps_lesson_back() => COMPARE_LATER,
            Command::Lab(
                LabCommand::OpenScenario(_)
                | LabCommand::CancelRun
                | LabCommand::DeclineLastFiles
                | LabCommand::Answer(_)
                | LabCommand::Passphrase(_)
                // What they hold is looked at first: a session may be among it.
                | LabCommand::LoadDropped(..)
                | LabCommand::Paste(..),
            ) => return false,
            Command::Lab(LabCommand::UseBuiltIn) if self.lesson_here().is_some() => OWN_IDENTITIES,
            Command::Lab(_)
            | Command::Repair(RepairCommand::ApplyFix(_) | RepairCommand::UndoFix)
            | Command::Opinion(_)
            | Command::Fetch(_)
            | Command::Time(TimeCommand::ToggleTimeMachine | TimeCommand::DragNeedle(_))
                if self.keeps_lesson_back() && !self.workshop.is_open =>
            {
                MEND_LATER
            }
            _ => return false,
        };
        self.notes.add(NoteKind::Told, words);
        true
    }

    /// Whether files must not go into the set-up now; the sentence is told.
    pub(in crate::state) fn holds_files_back(&mut self) -> bool {
        let is_held = self.keeps_lesson_back() && !self.workshop.is_open;
        if is_held {
            self.notes.add(NoteKind::Told, MEND_LATER);
        }
        is_held
    }
}
