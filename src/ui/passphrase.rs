//! The question for a passphrase. What is typed is masked before egui sees it: its fields keep every text for Ctrl+Z.

use std::ops::Range;

use egui::text::{CCursor, CharIndex};
use egui::{Context, Id, Key, Modal, RichText, TextBuffer, TextEdit, Ui, vec2};
use egui_material_icons::icons;
use zeroize::Zeroizing;

use super::draw;
use super::help::{dialog_frame, dialog_width};
use super::theme::{self, Weight, palette, size};
use super::widgets::{icon_button, name_field, primary_button};
use crate::pki::Passphrase;
use crate::printable::{capitalised, drawn, sentence, shortened};
use crate::state::{Command, LabCommand, PassphraseCommand, PassphraseDialog, State};

/// Longer than any passphrase; a file that was pasted here by mistake is cut.
const MOST_LETTERS: usize = 1024;

/// Shows the question while there is one.
pub fn show(context: &Context, state: &State, commands: &mut Vec<Command>) {
    let Some(dialog) = state
        .lab
        .closed
        .asked
        .as_ref()
        .filter(|_| state.shows_passphrase_dialog())
    else {
        return;
    };
    let mut send = |command| commands.push(Command::Lab(LabCommand::Passphrase(command)));
    let modal = Modal::new(Id::unique("passphrase"))
        .frame(dialog_frame(context))
        .show(context, |ui| {
            ui.set_width(dialog_width(context, 420.0));
            let p = palette(ui);
            let name = shortened(&dialog.closed.name(), 48).into_owned();
            let title = format!("The passphrase of {}", drawn(&name));
            let title = RichText::new(title).font(theme::text(size::LEAD, Weight::SemiBold));
            ui.add(egui::Label::new(title.color(*p.text_strong)).wrap());
            draw::body(ui, &whole(&dialog.closed.what), *p.text);
            ui.add_space(6.0);
            let is_entered = field(ui, dialog, &mut send);
            if let Some(wrong) = &dialog.wrong {
                draw::body(ui, &whole(wrong), *p.bad);
            }
            ui.add_space(2.0);
            let small = theme::text(size::SMALL + 0.5, Weight::Regular);
            let kept = RichText::new("Kept in memory while the file is in use. Never saved.").font(small);
            ui.add(egui::Label::new(kept.color(*p.text_muted)).wrap());
            ui.add_space(10.0);
            buttons(ui, state, dialog, is_entered, &mut send);
        });
    // What was typed is not lost by a click beside the dialog.
    if modal.should_close() && !modal.backdrop_response.clicked() {
        send(PassphraseCommand::Cancel);
    }
}

/// A clause as a sentence.
fn whole(clause: &str) -> String {
    format!("{}.", capitalised(&sentence(clause)).trim_end_matches('.'))
}

/// The field and what shows its letters; whether Enter was pressed in it.
fn field(ui: &mut Ui, dialog: &PassphraseDialog, send: &mut impl FnMut(PassphraseCommand)) -> bool {
    let mut is_entered = false;
    ui.horizontal(|ui| {
        let mut letters = Letters::new(&dialog.typed, dialog.is_shown);
        let id = Id::unique("passphrase field");
        let edit = TextEdit::singleline(&mut letters)
            .id(id)
            .password(!dialog.is_shown)
            .char_limit(MOST_LETTERS)
            .font(theme::mono(size::MONO))
            .margin(vec2(9.0, 7.0))
            .desired_width(ui.available_width() - 40.0);
        let field = ui.add_enabled(!dialog.is_trying(), edit);
        let heard = "•".repeat(dialog.typed.as_str().chars().count());
        name_field(&field, "Passphrase", &heard, "");
        let is_changed = field.changed() && letters.typed.as_str() != dialog.typed.as_str();
        if is_changed {
            send(PassphraseCommand::Type(letters.into_passphrase()));
        }
        is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        // Whoever is asked may type at once; and again where it was wrong.
        if !is_entered && !dialog.is_trying() && ui.memory(|memory| memory.focused().is_none()) {
            field.request_focus();
            // What was wrong is selected: the next letters take its place.
            if dialog.wrong.is_some() {
                select_all(ui, id, dialog.typed.as_str().chars().count());
            }
        }
        let (sign, words) = if dialog.is_shown {
            (icons::ICON_VISIBILITY_OFF, "Hide the letters")
        } else {
            (icons::ICON_VISIBILITY, "Show the letters")
        };
        if icon_button(ui, sign.codepoint, words).clicked() {
            // What the field kept of letters that were shown goes.
            if let Some(mut kept) = egui::text_edit::TextEditState::load(ui, id) {
                kept.clear_undoer();
                kept.store(ui, id);
            }
            send(PassphraseCommand::Show(!dialog.is_shown));
        }
    });
    is_entered
}

fn select_all(ui: &Ui, id: Id, letters: usize) {
    let mut kept = egui::text_edit::TextEditState::load(ui, id).unwrap_or_default();
    let all = egui::text::CCursorRange::two(CCursor::new(CharIndex(0)), CCursor::new(CharIndex(letters)));
    kept.cursor.set_char_range(Some(all));
    kept.store(ui, id);
}

fn buttons(
    ui: &mut Ui,
    state: &State,
    dialog: &PassphraseDialog,
    is_entered: bool,
    send: &mut impl FnMut(PassphraseCommand),
) {
    let p = palette(ui);
    ui.horizontal(|ui| {
        if dialog.is_trying() {
            ui.add(egui::Spinner::new().size(16.0));
            draw::body(ui, "Opening…", *p.text_muted);
        } else {
            let is_typed = !dialog.typed.is_empty();
            let open = |ui: &mut Ui| primary_button(ui, "", "Open", vec2(90.0, 32.0));
            if ui.add_enabled_ui(is_typed, open).inner.clicked() || is_entered {
                send(PassphraseCommand::Open);
            }
        }
        let cancel = egui::Button::new("Cancel").min_size(vec2(90.0, 32.0));
        if ui.add(cancel).clicked() {
            send(PassphraseCommand::Cancel);
        }
        let more = match state.lab.closed.waiting() {
            0 => return,
            1 => "One more after it".to_owned(),
            many => format!("{many} more after it"),
        };
        draw::body(ui, &more, *p.text_muted);
    });
}

/// The letters as they are edited, and as egui sees them.
struct Letters {
    typed: Zeroizing<String>,
    /// As many dots as there are letters; empty where the letters are shown.
    mask: Option<String>,
}

impl Letters {
    fn new(typed: &Passphrase, is_shown: bool) -> Self {
        // With room for all: a text that grows leaves copies of itself behind.
        let mut text = Zeroizing::new(String::with_capacity(4 * MOST_LETTERS));
        text.push_str(typed.as_str());
        let mask = (!is_shown).then(|| dots(&text));
        Self { typed: text, mask }
    }

    fn into_passphrase(mut self) -> Passphrase {
        Passphrase::new(std::mem::take(&mut *self.typed))
    }

    fn mask_again(&mut self) {
        if self.mask.is_some() {
            self.mask = Some(dots(&self.typed));
        }
    }
}

fn dots(text: &str) -> String {
    "•".repeat(text.chars().count())
}

impl TextBuffer for Letters {
    fn is_mutable(&self) -> bool {
        true
    }

    fn as_str(&self) -> &str {
        self.mask.as_deref().unwrap_or(&self.typed)
    }

    fn insert_text(&mut self, text: &str, char_index: CharIndex) -> usize {
        let inserted = self.typed.insert_text(text, char_index);
        self.mask_again();
        inserted
    }

    fn delete_char_range(&mut self, char_range: Range<CharIndex>) {
        self.typed.delete_char_range(char_range);
        self.mask_again();
    }

    /// Undo and redo give back what egui saw: dots are no passphrase.
    fn replace_with(&mut self, text: &str) {
        if self.mask.is_none() {
            self.typed.replace_with(text);
        }
    }

    fn type_id(&self) -> std::any::TypeId {
        std::any::TypeId::of::<Self>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn egui_sees_dots_and_edits_letters() {
        let mut letters = Letters::new(&Passphrase::new("señal".to_owned()), false);
        assert_eq!(letters.as_str(), "•••••");
        letters.insert_text("ü", CharIndex(2));
        letters.delete_char_range(CharIndex(0)..CharIndex(1));
        assert_eq!(letters.as_str(), "•••••");
        letters.replace_with("••");
        assert_eq!(letters.into_passphrase().as_str(), "eüñal");
        let shown = Letters::new(&Passphrase::new("open".to_owned()), true);
        assert_eq!(shown.as_str(), "open");
    }
}
