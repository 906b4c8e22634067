//! Drawing only: panels read the state and send commands.

pub mod draw;
pub mod playback_bar;
pub mod stage;
pub mod stepper;
pub mod theme;
