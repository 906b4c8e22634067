//! A lesson as data: a question about a handshake, a run that answers it, a mend, and a twin.
//!
//! A lesson is one Markdown file: what the program needs stands in its front matter (YAML between two lines of `---`), what
//! people read below it. A pack is a folder or a zip of lessons, with scenarios of its own where it needs them. The built-in
//! lessons are a pack like any other.
//!
//! `words` are the single words of the front matter, `predicate` what is asked of a run, `change` what an edit changes in a
//! scenario, `format` the file, `files` what lies in a folder or zip, `pack` its lessons, `run` makes the handshake, `at_hand` what it can be mended with, `check` proves that a lesson can be
//! taught, `seed` makes the same lesson with other names, `record` is what a learner did.
//!
//! Deliberately absent: drawing, and anything that a pack could start. A pack is data: it names no command, no address, and no
//! path outside itself.

mod at_hand;
mod change;
mod check;
mod files;
mod format;
mod pack;
mod predicate;
mod record;
mod run;
mod seed;
#[cfg(test)]
mod tests;
mod words;

pub use at_hand::AtHand;
pub use change::{Change, PartyChange};
pub use check::{Finding, check};
pub use files::PackError;
pub use format::{Case, Choice, Lesson, LessonError, Letter};
pub use pack::{Pack, built_in};
pub use predicate::{Miss, Predicate, Seen};
pub use record::{Guess, LessonRecord, Progress, ProgressError, Reset, Try};
pub use run::{LESSON_TIME, RunError, Shown};
pub use seed::seed_of;
