//! The dialog of saving: title, notes, with or without the secrets. A place is asked for after it.

use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Context, Id, Key, Modal, Modifiers, RichText, ScrollArea, TextEdit, Ui, vec2};

use super::draw;
use super::help::{dialog_frame, dialog_width, scrolled_height, title};
use super::theme::{self, Weight, palette, size};
use super::widgets::primary_button;
use crate::printable::printable;
use crate::state::{Command, SaveDialog, SavingCommand, State};

const WIDTH: f32 = 440.0;

/// Shows the dialog while it is open and no place is being asked for.
pub fn show(context: &Context, state: &State, commands: &mut Vec<Command>) {
    let Some(dialog) = state.saving.dialog.as_ref().filter(|_| state.shows_save_dialog()) else {
        return;
    };
    let modal = Modal::new(Id::unique("save"))
        .frame(dialog_frame(context))
        .show(context, |ui| {
            ui.set_width(dialog_width(context, WIDTH));
            title(
                ui,
                "Save the session",
                commands,
                Command::Saving(SavingCommand::Cancel),
            );
            let is_accepted = fields(ui, dialog, commands);
            secrets(ui, dialog, commands);
            if let Some(error) = &dialog.error {
                ui.add_space(4.0);
                draw::body(ui, error, *palette(ui).bad);
            }
            ui.add_space(10.0);
            buttons(ui, dialog, is_accepted, commands);
        });
    // What was typed is not lost by a click beside the dialog.
    if modal.should_close() && !modal.backdrop_response.clicked() {
        commands.push(Command::Saving(SavingCommand::Cancel));
    }
}

/// A field's name, over it.
fn label(ui: &mut Ui, words: &str) -> Id {
    ui.add_space(4.0);
    let words = RichText::new(words).font(theme::text(size::SMALL + 0.5, Weight::Medium));
    ui.label(words.color(*palette(ui).text_muted)).id
}

/// Title and notes; whether Enter accepted them.
fn fields(ui: &mut Ui, dialog: &SaveDialog, commands: &mut Vec<Command>) -> bool {
    let name = label(ui, "Title");
    let mut text = dialog.title.clone();
    let edit = TextEdit::singleline(&mut text)
        .desired_width(f32::INFINITY)
        .margin(vec2(9.0, 7.0));
    let title = ui.add_enabled(!dialog.is_writing, edit).labelled_by(name);
    if title.changed() {
        commands.push(Command::Saving(SavingCommand::SetTitle(text)));
    }
    let is_enter = ui.input(|input| input.key_pressed(Key::Enter));
    let is_entered = title.lost_focus() && is_enter;
    let is_free = ui.memory(|memory| memory.focused().is_none());
    // Whoever opened the dialog may type at once, and what is typed takes the place of the title that was made up.
    if is_free && !is_entered {
        title.request_focus();
        if let Some(mut edited) = TextEditState::load(ui, title.id) {
            let all = CCursorRange::two(CCursor::new(0), CCursor::new(dialog.title.chars().count()));
            edited.cursor.set_char_range(Some(all));
            edited.store(ui, title.id);
        }
    }
    let name = label(ui, "Notes");
    if !dialog.can_edit_notes {
        let words = "They are too long to be changed here, and are kept as they are.";
        draw::body(ui, words, *palette(ui).text_muted);
        return is_entered;
    }
    let mut text = dialog.notes.clone();
    let with_ctrl = ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter));
    let height = scrolled_height(ui.ctx(), 150.0, 304.0);
    ScrollArea::vertical()
        .id_salt("notes of the session")
        .max_height(height)
        .min_scrolled_height(height.min(64.0))
        .show(ui, |ui| {
            let edit = TextEdit::multiline(&mut text)
                .hint_text("What happened, and what to look for")
                .desired_rows(5)
                .desired_width(f32::INFINITY)
                .margin(vec2(9.0, 7.0));
            let notes = ui.add_enabled(!dialog.is_writing, edit).labelled_by(name);
            if notes.changed() {
                commands.push(Command::Saving(SavingCommand::SetNotes(text)));
            }
        });
    is_entered || with_ctrl
}

fn secrets(ui: &mut Ui, dialog: &SaveDialog, commands: &mut Vec<Command>) {
    ui.add_space(6.0);
    let has_secrets = dialog.has_secrets();
    let mut leaves_out = dialog.leaves_secrets_out;
    let tick = egui::Checkbox::new(&mut leaves_out, "Leave the secrets out");
    if ui.add_enabled(has_secrets && !dialog.is_writing, tick).clicked() {
        commands.push(Command::Saving(SavingCommand::LeaveSecretsOut(leaves_out)));
    }
    let words = if has_secrets {
        "Without the TLS secrets nobody can read what was encrypted."
    } else {
        "There are no TLS secrets in it."
    };
    let words = RichText::new(words).font(theme::text(size::SMALL + 0.5, Weight::Regular));
    ui.add(egui::Label::new(words.color(*palette(ui).text_muted)).wrap());
}

fn buttons(ui: &mut Ui, dialog: &SaveDialog, is_accepted: bool, commands: &mut Vec<Command>) {
    let p = palette(ui);
    if dialog.is_writing {
        ui.horizontal(|ui| {
            ui.add(egui::Spinner::new().size(16.0));
            draw::body(ui, "Saving…", *p.text_muted);
        });
        return;
    }
    if let Some(path) = dialog.own_file() {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let font = theme::text(size::SMALL + 0.5, Weight::Regular);
        let words = format!("Saves into {}", printable(&name));
        let shown = draw::middle_cut(ui.painter(), &words, &font, WIDTH);
        ui.label(RichText::new(shown).font(font).color(*p.text_muted))
            .on_hover_text(printable(&path.display().to_string()).as_ref());
        ui.add_space(2.0);
    }
    ui.horizontal(|ui| {
        let word = if dialog.own_file().is_some() {
            "Save"
        } else {
            "Choose a place…"
        };
        if primary_button(ui, "", word, vec2(96.0, 32.0)).clicked() || is_accepted {
            commands.push(Command::Saving(SavingCommand::Accept));
        }
        let mut other = |ui: &mut Ui, word: &str, command: SavingCommand| {
            if ui
                .add(egui::Button::new(word).min_size(vec2(90.0, 32.0)))
                .clicked()
            {
                commands.push(Command::Saving(command));
            }
        };
        if dialog.own_file().is_some() {
            other(ui, "Another place…", SavingCommand::ChoosePlace);
        }
        other(ui, "Cancel", SavingCommand::Cancel);
    });
}
