//! What a command asks of the world around the state.

use super::features::Job;
use super::settings::ThemeChoice;

/// Work for the worker, or something that only the window can do.
#[derive(Debug)]
pub enum Effect {
    /// For the worker.
    Work(Job),
    /// Put text on the clipboard.
    CopyText(String),
    /// Close the window: nothing is lost by it.
    CloseWindow,
    /// In and out of full screen.
    ToggleFullScreen,
    /// Draw in this theme.
    ShowTheme(ThemeChoice),
    /// Draw so much larger: 1.0 is the usual size.
    ShowZoom(f32),
    /// Let everything happen at once, or move again.
    ReduceMotion(bool),
}
