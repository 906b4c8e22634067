//! What lies over the panels, the clipboard, the screen.

mod acts;

/// What the user can ask of the window.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowCommand {
    /// Show only the scenarios that speak of this.
    FilterGallery(String),
    /// Show or hide the gallery of scenarios.
    ShowGallery(bool),
    /// Show or hide the list of keys.
    ShowHelp(bool),
    /// In and out of full screen.
    ToggleFullScreen,
    /// Put text on the clipboard; the words say what was copied (`the command`).
    Copy {
        /// The text.
        text: String,
        /// What it is.
        what: &'static str,
    },
    /// Take this note away.
    DismissNote(u64),
    /// Close the topmost note, dialog or panel.
    Dismiss,
}
