//! The workshop: the list of lessons in the middle, and a lesson in the left panel beside the stage.
//!
//! Deliberately absent: anything that tells how a run ends before the playhead is there.

mod choices;
mod lesson;
mod list;
mod markdown;
mod mend;
mod parts;

pub use lesson::show as show_lesson;
pub use list::show as show_list;
