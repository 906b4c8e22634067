//! The bar over the stage with the title and the notes of what is on it. A session's can be changed there.

use egui::{
    Align, Frame, Layout, Margin, RichText, ScrollArea, TextEdit, Ui, WidgetInfo, accesskit::Role, vec2,
};
use egui_material_icons::icons;

use super::theme::{self, Weight, palette, size};
use super::widgets::{name_field, offer_link, small_icon_button};
use crate::printable::{printable, printable_lines, shortened};
use crate::state::{Command, Document, MOST_NOTES, SavingCommand, State};

/// So much of the notes is shown.
const MOST_SHOWN: usize = 1_500;

/// Shows the bar where there is something to tell.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let Some(document) = state.document() else { return };
    let is_editing = state.saving.is_editing && document.path.is_some();
    if document.notes.is_empty() && !is_editing && !document.has_unsaved_words() {
        return;
    }
    Frame::new()
        .inner_margin(Margin::symmetric(14, 8))
        .fill(*palette(ui).card)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            if is_editing {
                edit(ui, document, commands);
            } else {
                told(ui, state, document, commands);
            }
        });
}

fn told(ui: &mut Ui, state: &State, document: &Document, commands: &mut Vec<Command>) {
    let (is_session, is_unsaved) = (document.path.is_some(), document.has_unsaved_words());
    if is_session {
        // As high as the pencil: words and buttons stand on one line.
        ui.spacing_mut().interact_size.y = 20.0;
    }
    ui.horizontal_top(|ui| {
        let buttons = match (is_session, is_unsaved) {
            (true, true) => 128.0,
            (true, false) => 30.0,
            (false, _) => 0.0,
        };
        let width = ui.available_width() - buttons;
        ui.vertical(|ui| {
            ui.set_width(width);
            let told = |has_title| words(ui, document, has_title);
            // The title often says how it ends. Its place is kept until then: the stage below does not jump.
            let is_at_end = state.playback.is_at_end();
            let room = ui.painter().layout_job(told(true)).size().y;
            let label = ui.add(egui::Label::new(told(is_at_end)).wrap());
            label.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken(document, is_at_end)));
            ui.add_space((room - label.rect.height()).max(0.0));
        });
        if !is_session {
            return;
        }
        if is_unsaved {
            save_link(ui, commands);
        }
        let pencil = icons::ICON_EDIT.codepoint;
        if small_icon_button(ui, pencil, "Change title and notes").clicked() {
            commands.push(Command::Saving(SavingCommand::Edit(true)));
        }
    });
}

/// The same for a screen reader: between the two there is a gap to be seen, and none to be heard.
fn spoken(document: &Document, has_title: bool) -> String {
    let notes = printable_lines(&shortened(&document.notes, MOST_SHOWN)).into_owned();
    match (has_title, notes.is_empty()) {
        (false, _) => notes,
        (true, true) => printable(&document.title).into_owned(),
        (true, false) => format!("{}: {notes}", printable(&document.title)),
    }
}

/// The title and the notes, or the notes alone, as wide as there is room.
fn words(ui: &Ui, document: &Document, has_title: bool) -> egui::text::LayoutJob {
    let p = palette(ui);
    let mut job = egui::text::LayoutJob::default();
    job.wrap.max_width = ui.available_width();
    let mut add = |text: &str, weight, ink, before: f32| {
        let font = theme::text(size::SMALL + 1.0, weight);
        job.append(text, before, egui::TextFormat::simple(font, ink));
    };
    if has_title {
        let title = printable(&document.title);
        add(&title, Weight::SemiBold, *p.text_strong, 0.0);
    }
    let notes = shortened(&document.notes, MOST_SHOWN);
    let before = if has_title {
        ui.spacing().item_spacing.x
    } else {
        0.0
    };
    add(&printable_lines(&notes), Weight::Regular, *p.text, before);
    job
}

fn save_link(ui: &mut Ui, commands: &mut Vec<Command>) {
    let words = RichText::new("not saved").font(theme::text(size::SMALL + 1.0, Weight::Regular));
    ui.label(words.color(*palette(ui).warn));
    if offer_link(ui, "Save") {
        commands.push(Command::Saving(SavingCommand::Ask));
    }
}

fn edit(ui: &mut Ui, document: &Document, commands: &mut Vec<Command>) {
    let mut title = document.title.clone();
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui
                .add(egui::Button::new("Done").min_size(vec2(64.0, 30.0)))
                .clicked()
            {
                commands.push(Command::Saving(SavingCommand::Edit(false)));
            }
            let field = TextEdit::singleline(&mut title)
                .margin(vec2(9.0, 6.0))
                .desired_width(f32::INFINITY);
            let response = ui.add(field);
            name_field(&response, "Title", &title, "");
            if response.changed() {
                commands.push(Command::Saving(SavingCommand::Retitle(title.clone())));
            }
        });
    });
    if document.notes.chars().nth(MOST_NOTES).is_some() {
        return;
    }
    let mut notes = document.notes.clone();
    ScrollArea::vertical()
        .id_salt("notes over the stage")
        .max_height(96.0)
        .show(ui, |ui| {
            let field = TextEdit::multiline(&mut notes)
                .hint_text("What happened, and what to look for")
                .desired_rows(3)
                .margin(vec2(9.0, 6.0))
                .desired_width(f32::INFINITY);
            let response = ui.add(field);
            name_field(&response, "Notes", &notes, "");
            if response.changed() {
                commands.push(Command::Saving(SavingCommand::Annotate(notes.clone())));
            }
        });
}
