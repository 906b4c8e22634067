//! What saving is made of: its commands, the dialog as it stands open, what is written, what waits for it. Names nothing of
//! the rest of the state.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use crate::analysis::Analysis;
use crate::printable::{printable, printable_lines};
use crate::session::StepNotes;

/// What the user writes: it is in no evidence, and nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// A name.
    pub title: String,
    /// What happened, and what to look for.
    pub notes: String,
    /// Words on single steps.
    pub step_notes: StepNotes,
}

/// A title of more characters is not taken: it stands on a tab.
pub const MOST_TITLE: usize = 200;
/// Notes of more characters are not taken: a field of a window is no place for a book.
pub const MOST_NOTES: usize = 20_000;

/// What the user can ask of saving.
#[derive(Clone, Debug, PartialEq)]
pub enum SavingCommand {
    /// Ask how what is on the stage is to be saved.
    Ask,
    /// What stands in the field of the title.
    SetTitle(String),
    /// What stands in the field of the notes.
    SetNotes(String),
    /// Whether the TLS secrets are left out.
    LeaveSecretsOut(bool),
    /// Save: into its own file, or ask for a place where it has none.
    Accept,
    /// Ask for another place than its own file.
    ChoosePlace,
    /// Save here.
    WriteTo(PathBuf),
    /// Do not save.
    Cancel,
    /// Change title and notes of the session on the stage, or be done with it.
    Edit(bool),
    /// The session on the stage has this title.
    Retitle(String),
    /// The session on the stage has these notes.
    Annotate(String),
    /// Change the note of a step of the session on the stage, or of none.
    EditStep(Option<usize>),
    /// This step of it has this note.
    AnnotateStep(usize, String),
    /// The window is to close.
    CloseWindow,
    /// The answer to what is asked before unsaved words are lost.
    Answer(LeaveAnswer),
}

/// What saving keeps.
#[derive(Clone, Debug, Default)]
pub struct Saving {
    /// The dialog, while it is open.
    pub dialog: Option<SaveDialog>,
    /// What would lose unsaved words, and was not done yet.
    pub leave: Option<Leave>,
    /// Title and notes of the session on the stage are being changed.
    pub is_editing: bool,
    /// Of this step the note is being changed.
    pub edited_step: Option<usize>,
}

/// The dialog as it stands open. It holds what was on the stage when it was opened, whatever runs meanwhile.
#[derive(Clone, Debug)]
pub struct SaveDialog {
    /// The field of the title.
    pub title: String,
    /// The field of the notes.
    pub notes: String,
    /// Whether the TLS secrets are left out.
    pub leaves_secrets_out: bool,
    /// The file that it has already.
    pub path: Option<PathBuf>,
    /// Why it could not be saved.
    pub error: Option<String>,
    /// It is being written.
    pub is_writing: bool,
    /// The notes are short enough to be changed in a field.
    pub can_edit_notes: bool,
    pub(super) step_notes: StepNotes,
    begun_with: Words,
    pub(super) analysis: Arc<Analysis>,
}

impl SaveDialog {
    /// Opens with these words.
    pub(super) fn new(words: Words, path: Option<PathBuf>, analysis: Arc<Analysis>) -> Self {
        Self {
            title: words.title.clone(),
            notes: words.notes.clone(),
            leaves_secrets_out: false,
            path,
            error: None,
            is_writing: false,
            can_edit_notes: are_short(&words.notes),
            step_notes: words.step_notes.clone(),
            begun_with: words,
            analysis,
        }
    }

    /// Whether it is this evidence that it would save.
    pub(super) fn is_of(&self, analysis: &Arc<Analysis>) -> bool {
        Arc::ptr_eq(&self.analysis, analysis)
    }

    /// Whether there are secrets that could be left out.
    pub fn has_secrets(&self) -> bool {
        !self.analysis.capture.secrets.is_empty()
    }

    /// The file that it is written into without asking. A copy without secrets never replaces the whole session.
    pub fn own_file(&self) -> Option<&Path> {
        self.path.as_deref().filter(|_| !self.leaves_secrets_out)
    }

    /// Whether something was typed.
    pub fn is_changed(&self) -> bool {
        self.title != self.begun_with.title || self.notes != self.begun_with.notes
    }
}

/// As it can stand in a field: what steers a line is written out, as everywhere on the screen.
pub(super) fn editable(words: Words) -> Words {
    Words {
        title: printable(&words.title).into_owned(),
        notes: printable_lines(&words.notes).into_owned(),
        step_notes: words.step_notes,
    }
}

/// Whether notes can be changed in a field: longer ones are kept as they are.
pub(super) fn are_short(notes: &str) -> bool {
    notes.len() <= MOST_NOTES || notes.chars().nth(MOST_NOTES).is_none()
}

/// The first so many characters.
pub(super) fn at_most(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
    }
    text
}

/// What is to be done, and loses what is not saved.
#[derive(Clone, Debug)]
pub(in crate::state) enum Leaving {
    /// Close the window.
    Window,
    /// Close this document.
    Document(Weak<Analysis>),
    /// Close the list of this packet capture, and the connection that was chosen from it.
    List(PathBuf),
    /// Show what was read from this file in the place of what is open of it.
    Replace(PathBuf, Words, Arc<Analysis>),
}

/// The answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveAnswer {
    /// Save it first.
    Save,
    /// Lose it.
    Discard,
    /// Do nothing of the kind.
    GoOn,
}

/// Something that was not done yet, because it would lose words.
#[derive(Clone, Debug)]
pub struct Leave {
    /// What they are about.
    pub title: String,
    /// Whether the question is open; otherwise it is being saved.
    pub is_asking: bool,
    pub(super) to: Leaving,
    pub(super) about: Arc<Analysis>,
    /// What the user said is to be lost.
    pub(super) discarded: Vec<Arc<Analysis>>,
}

impl Leave {
    /// What happens once it is answered, for the question: `before the window closes`.
    pub fn before(&self) -> &'static str {
        match self.to {
            Leaving::Window => "before the window closes",
            Leaving::Document(_) | Leaving::List(_) => "before its tab closes",
            Leaving::Replace(..) => "before the file is opened again",
        }
    }
}

/// A session to be written.
#[derive(Clone, Debug)]
pub struct SavingJob {
    /// Where.
    pub path: PathBuf,
    /// Its title and notes.
    pub words: Words,
    /// Whether its TLS secrets stay out of the file.
    pub leaves_secrets_out: bool,
    /// The evidence, and what follows from it (which is not written).
    pub analysis: Arc<Analysis>,
}

/// A session was written, or not.
#[derive(Debug)]
pub struct SavingDone {
    /// What was asked for.
    pub job: SavingJob,
    /// Or why it was not written.
    pub result: Result<(), String>,
}
