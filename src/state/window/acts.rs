//! What dialogs and notes do, and which lies on top.

use super::WindowCommand;
use crate::state::effect::Effect;
use crate::state::notes::NoteKind;
use crate::state::root::State;
use crate::state::view::Selection;

impl State {
    pub(in crate::state) fn apply_window(&mut self, command: WindowCommand) -> Vec<Effect> {
        match command {
            WindowCommand::FilterGallery(text) => self.dialogs.gallery_filter = text,
            WindowCommand::ShowGallery(show) => {
                self.dialogs.gallery = show;
                self.dialogs.gallery_filter.clear();
            }
            WindowCommand::ShowHelp(show) => self.dialogs.help = show,
            WindowCommand::ToggleFullScreen => return vec![Effect::ToggleFullScreen],
            WindowCommand::Copy { text, what } => {
                self.notes.add(NoteKind::Done, format!("Copied {what}."));
                return vec![Effect::CopyText(text)];
            }
            WindowCommand::DismissNote(id) => self.notes.dismiss(id),
            WindowCommand::Dismiss => self.dismiss(),
        }
        Vec::new()
    }

    /// A job that nobody waits for did not succeed.
    pub(in crate::state) fn tell_trouble(&mut self, sentence: Option<String>) -> Vec<Effect> {
        if let Some(sentence) = sentence {
            self.notes.add(NoteKind::Trouble, sentence);
        }
        Vec::new()
    }

    fn dismiss(&mut self) {
        if self.saving.leave.as_ref().is_some_and(|leave| leave.is_asking) {
            self.saving.leave = None;
            return;
        }
        if self.dialogs.take_question().is_some() {
            self.forget_passphrases();
            return;
        }
        if self.shows_passphrase_dialog() {
            self.leave_closed();
            return;
        }
        if self.dialogs.picker.take().is_some() {
            return;
        }
        if self.stop_waiting_for_system().is_some() {
            return;
        }
        if self.dialogs.without_file.take().is_some() {
            return;
        }
        if self.saving.dialog.is_some() {
            self.cancel_saving();
            return;
        }
        if std::mem::take(&mut self.saving.is_editing) {
            return;
        }
        let dialogs = &mut self.dialogs;
        if std::mem::take(&mut dialogs.is_pasting)
            || std::mem::take(&mut dialogs.help)
            || std::mem::take(&mut dialogs.gallery)
        {
            return;
        }
        if !self.notes.dismiss_newest() && !self.settings.panels.push_in() {
            if let Some(comparing) = self.comparison_mut() {
                comparing.selected = None;
                return;
            }
            self.selection = Selection::Nothing;
        }
    }

    /// Whether something lies over the panels and takes the keys.
    pub fn is_covered(&self) -> bool {
        let dialogs = &self.dialogs;
        dialogs.gallery
            || dialogs.help
            || dialogs.is_pasting
            || dialogs.picker.is_some()
            || dialogs.question.is_some()
            || self.lab.closed.asked.is_some()
            || self.saving.dialog.is_some()
            || self.saving.leave.as_ref().is_some_and(|leave| leave.is_asking)
    }

    /// Whether the question for a passphrase is to be seen: where another question is being asked it comes after that.
    pub fn shows_passphrase_dialog(&self) -> bool {
        self.lab.closed.asked.is_some() && self.dialogs.question.is_none()
    }

    /// Whether the dialog of saving is to be seen: not while it has asked for a place or is about to be left.
    pub fn shows_save_dialog(&self) -> bool {
        let is_asked_elsewhere = self.dialogs.picker.is_some()
            || self.dialogs.waiting_for_system.is_some()
            || self.saving.leave.as_ref().is_some_and(|leave| leave.is_asking);
        self.saving.dialog.is_some() && !is_asked_elsewhere
    }
}
