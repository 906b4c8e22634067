//! Something is changed and run again: what only a real run can prove is run, and not guessed.
//!
//! [`repair`] searches small edits of a failing set-up and offers only those that then succeeded. [`time`] finds every
//! moment at which a pair begins or ceases to work. [`audit`] shows a real peer every kind of bad one.
//!
//! Deliberately absent: drawing, and changes to files. An edit changes a set-up in memory; its commands tell the user how
//! to change the files.

pub mod audit;
mod hand;
pub mod repair;
pub mod time;
