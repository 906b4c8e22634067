//! What a command asks of the world around the state.

use super::ThemeChoice;
use super::job::Job;

/// Work for the worker, or something that only the window can do.
#[derive(Debug)]
pub enum Effect {
    /// For the worker.
    Work(Job),
    /// End the run under way.
    CancelRun,
    /// Put text on the clipboard.
    CopyText(String),
    /// In and out of full screen.
    ToggleFullScreen,
    /// Draw in this theme.
    ShowTheme(ThemeChoice),
    /// Draw so much larger: 1.0 is the usual size.
    ShowZoom(f32),
}
