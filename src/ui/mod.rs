//! Drawing only: panels read the state and send commands.

pub mod theme;
