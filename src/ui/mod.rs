//! Drawing only: panels read the state and send commands.
//!
//! `window` opens it, `app` joins logic and drawing, `keyboard` and `drops` turn input into commands. Each panel is a
//! `show(ui, &State, &mut Vec<Command>)`. Colours and sizes come from [`theme`].
//!
//! Deliberately absent: decisions. A panel that needs to know something asks the state.

mod app;
mod at_right;
mod compare;
mod connections;
pub mod draw;
mod drops;
mod empty;
mod faces;
mod focus;
mod gallery;
mod greeting;
mod help;
mod input;
pub mod inspector;
mod last_files;
mod leave_question;
mod news_line;
mod notes;
mod options;
mod passphrase;
mod paste_box;
mod picker;
pub mod playback_bar;
mod question;
#[cfg(test)]
mod reading_tests;
mod save_dialog;
mod session_bar;
mod setup;
mod sides;
pub mod stage;
mod stale_bar;
pub mod stepper;
pub mod theme;
mod time_strip;
mod top_bar;
mod trial;
mod undo_bar;
pub mod widgets;
mod window;
mod workshop;
mod zones;

pub use app::App;
pub use options::Options;
pub use trial::{Screen, Trial, try_window};
pub use window::{WindowError, run_window};
