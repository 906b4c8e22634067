//! What the user is doing. Knows nothing of egui: panels read `&State` and send [`Command`]s.

mod command;
mod selection;

pub use command::{Command, SetupSlot, ThemeChoice};
pub use selection::{InspectorTab, Selection};
