//! Our own file picker, for where the system has no dialog or is slow to answer.

use std::path::PathBuf;

use egui::{
    Align2, Context, Id, Key, Modal, RichText, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, accesskit::Role,
    pos2, vec2,
};
use egui_material_icons::icons;

use super::draw;
use super::theme::{self, Weight, palette, size};
use super::widgets::{icon_button, name_field, primary_button};
use crate::printable::{printable, quoted_path};
use crate::state::{Command, Entry, FileCommand, Picker, State, WindowCommand};

const ROW_HEIGHT: f32 = 28.0;
/// As wide as the longest word on the button at the end.
const BUTTON: f32 = 100.0;

/// Shows the picker while it is open.
pub fn show(context: &Context, state: &State, commands: &mut Vec<Command>) {
    let Some(picker) = &state.dialogs.picker else {
        return;
    };
    let modal = Modal::new(Id::unique("picker"))
        .frame(super::help::dialog_frame(context))
        .show(context, |ui| {
            ui.set_width(super::help::dialog_width(context, 620.0));
            super::help::title(
                ui,
                &picker.purpose.title(),
                commands,
                Command::Window(WindowCommand::Dismiss),
            );
            place(ui, picker, commands);
            list(ui, picker, commands);
            path_field(ui, picker, commands);
        });
    if modal.should_close() {
        commands.push(Command::Window(WindowCommand::Dismiss));
    }
}

/// The directory, the way up, and the filter.
fn place(ui: &mut Ui, picker: &Picker, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let parent = picker.directory.parent();
        let up = ui.add_enabled_ui(parent.is_some(), |ui| {
            icon_button(ui, icons::ICON_ARROW_UPWARD.codepoint, "Parent directory")
        });
        if up.inner.clicked()
            && let Some(parent) = parent
        {
            commands.push(Command::File(FileCommand::PickerGoTo(parent.to_path_buf())));
        }
        let mut filter = picker.filter.clone();
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let response = ui.add(
                TextEdit::singleline(&mut filter)
                    .hint_text("Filter")
                    .desired_width(130.0)
                    .margin(vec2(8.0, 6.0)),
            );
            name_field(&response, "Filter", &filter, "");
            let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            if response.changed() {
                commands.push(Command::File(FileCommand::PickerFilter(filter.clone())));
            }
            // After it: the last letters may have come in the same frame.
            if entered {
                commands.push(Command::File(FileCommand::PickerEnterFilter));
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                let text = RichText::new(quoted_path(&picker.directory)).font(theme::mono(size::MONO));
                ui.add(egui::Label::new(text.color(*palette(ui).text)).truncate());
            });
        });
    });
}

fn list(ui: &mut Ui, picker: &Picker, commands: &mut Vec<Command>) {
    let p = palette(ui);
    if let Some(error) = &picker.error {
        ui.label(RichText::new(error).color(*p.bad));
    }
    let shown: Vec<_> = picker.shown().collect();
    let height = super::help::scrolled_height(ui.ctx(), 360.0, 264.0);
    egui::Frame::new()
        .fill(*p.code)
        .corner_radius(theme::radius::SMALL)
        .inner_margin(6)
        .show(ui, |ui| {
            ui.set_min_height(height);
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 0.0;
            if shown.is_empty() {
                let words = if picker.filter.is_empty() {
                    "Nothing here"
                } else {
                    "No name contains this"
                };
                ui.label(RichText::new(words).color(*p.text_muted));
            }
            ScrollArea::vertical()
                .max_height(height)
                .auto_shrink([false, false])
                .show_rows(ui, ROW_HEIGHT, shown.len(), |ui, rows| {
                    for entry in shown.get(rows).unwrap_or_default() {
                        if row(ui, entry).clicked() {
                            commands.push(Command::File(FileCommand::choose(picker, entry)));
                        }
                    }
                });
        });
}

/// One line: the name, what kind of file it is, how large, and when it was changed.
fn row(ui: &mut Ui, entry: &Entry) -> egui::Response {
    let p = palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::click());
    let kind = kind(entry);
    let size = entry.bytes.map(size_words).unwrap_or_default();
    let changed = entry.changed_unix_s.map(day).unwrap_or_default();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, printable(&entry.name)));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.hovered() || response.has_focus() {
        ui.painter()
            .rect_filled(rect, theme::radius::SMALL, *p.control_hover);
    }
    let icon = if entry.is_directory {
        icons::ICON_FOLDER
    } else {
        icons::ICON_DESCRIPTION
    };
    let (y, painter) = (rect.center().y, ui.painter());
    draw::icon(
        painter,
        pos2(rect.left() + 14.0, y),
        icon.codepoint,
        16.0,
        *p.text_muted,
    );
    let right = rect.right() - 8.0;
    let small = || theme::text(size::SMALL + 0.5, Weight::Regular);
    for (x, words, anchor) in [
        (right - 262.0, kind, Align2::LEFT_CENTER),
        (right - 92.0, size.as_str(), Align2::RIGHT_CENTER),
        (right, changed.as_str(), Align2::RIGHT_CENTER),
    ] {
        draw::line(painter, pos2(x, y), anchor, words, small(), *p.text_muted, 110.0);
    }
    let font = theme::text(size::BODY, Weight::Regular);
    let room = (right - 262.0) - (rect.left() + 28.0) - 12.0;
    let name = draw::middle_cut(painter, &printable(&entry.name), &font, room);
    draw::line(
        painter,
        pos2(rect.left() + 28.0, y),
        Align2::LEFT_CENTER,
        &name,
        font,
        *p.text_strong,
        room,
    );
    response.on_hover_text(printable(&entry.name).as_ref())
}

/// What kind of file it is, by its name.
fn kind(entry: &Entry) -> &'static str {
    if entry.is_directory {
        return "folder";
    }
    let extension = entry
        .path
        .extension()
        .map(|one| one.to_string_lossy().to_lowercase());
    match extension.as_deref().unwrap_or_default() {
        "pem" => "PEM",
        "crt" | "cer" => "certificate",
        "der" => "DER",
        "key" => "private key",
        "p12" | "pfx" => "PKCS#12",
        "p7b" | "p7c" => "PKCS#7",
        "jks" | "jceks" => "Java key store",
        "yaml" | "yml" => "YAML",
        "json" => "JSON",
        "ovpn" => "OpenVPN profile",
        "crl" => "revocation list",
        "csr" => "request",
        "pcap" | "pcapng" | "cap" => "packet capture",
        "gz" | "zst" => "packed",
        "keylog" => "key log",
        "ron" => "session",
        "log" | "txt" => "text",
        _ => "",
    }
}

/// `812 B`, `2.4 kB`, `1.0 MB`.
pub(super) fn size_words(bytes: u64) -> String {
    let (divisor, unit) = match bytes {
        0..=999 => return format!("{bytes} B"),
        1_000..=999_949 => (1e3, "kB"),
        999_950..=999_949_999 => (1e6, "MB"),
        _ => (1e9, "GB"),
    };
    format!("{:.1} {unit}", bytes as f64 / divisor)
}

/// `2026-11-24`, in UTC.
fn day(unix_s: i64) -> String {
    jiff::Timestamp::from_second(unix_s)
        .map(|at| at.strftime("%Y-%m-%d").to_string())
        .unwrap_or_default()
}

/// The path, typed or pasted, and the button that takes it.
fn path_field(ui: &mut Ui, picker: &Picker, commands: &mut Vec<Command>) {
    ui.add_space(4.0);
    if replaces(picker) {
        draw::body(
            ui,
            "There is a file of this name: it would be replaced.",
            *palette(ui).warn,
        );
    }
    ui.horizontal(|ui| {
        let mut text = picker.path_text.clone();
        let edit = TextEdit::singleline(&mut text)
            .font(theme::mono(size::MONO))
            .hint_text("or type a path")
            .margin(vec2(9.0, 7.0))
            .desired_width(ui.available_width() - BUTTON - ui.spacing().item_spacing.x);
        let response = ui.add(edit);
        name_field(&response, "Path", &text, "");
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        // Whoever opened the dialog may type at once.
        if !entered && ui.memory(|memory| memory.focused().is_none()) {
            response.request_focus();
        }
        if response.changed() {
            commands.push(Command::File(FileCommand::PickerType(text)));
        }
        let word = match (picker.purpose.is_save(), replaces(picker)) {
            (true, true) => "Replace",
            (true, false) => "Save here",
            (false, _) => "Open",
        };
        let pressed = primary_button(ui, "", word, vec2(BUTTON, 32.0)).clicked();
        // After what was typed: its last letters may have come in the same frame.
        if pressed || entered {
            commands.push(Command::File(FileCommand::PickerEnterPath));
        }
    });
}

/// Whether a file that is there would be written over.
fn replaces(picker: &Picker) -> bool {
    let is_there = |path: &PathBuf| {
        let named = |path: &PathBuf| path.extension().is_none().then(|| path.with_extension("ron"));
        let path = named(path).unwrap_or_else(|| path.clone());
        picker
            .entries
            .iter()
            .any(|entry| !entry.is_directory && entry.path == path)
    };
    picker.purpose.is_save() && picker.typed_path().as_ref().is_some_and(is_there)
}

/// An offer to use ours: while the system's dialog is slow, and after it gave nothing.
pub fn offer(context: &Context, state: &State, commands: &mut Vec<Command>) {
    let is_slow = state
        .dialogs
        .waiting_for_system
        .as_ref()
        .is_some_and(|waiting| waiting.since.elapsed() >= super::input::OFFERS_OWN_PICKER_AFTER);
    let words = if is_slow {
        "The desktop’s file dialog is open, or slow."
    } else if state.dialogs.without_file.is_some() {
        "The desktop’s file dialog gave no file."
    } else {
        return;
    };
    egui::Area::new(Id::unique("picker offer"))
        .anchor(Align2::CENTER_TOP, vec2(0.0, 60.0))
        // Over the dialog of saving, which comes back when no place was chosen.
        .order(egui::Order::Tooltip)
        .show(context, |ui| {
            super::help::dialog_frame(ui.ctx())
                .inner_margin(12)
                .show(ui, |ui| {
                    ui.set_max_width(super::help::dialog_width(context, 520.0));
                    ui.horizontal_wrapped(|ui| {
                        ui.label(RichText::new(words).color(*palette(ui).text));
                        if ui.button("Use mtlscope’s own").clicked() {
                            commands.push(Command::File(FileCommand::UseOwnPicker));
                        }
                        if ui.button("Never mind").clicked() {
                            commands.push(Command::Window(WindowCommand::Dismiss));
                        }
                    });
                });
        });
}
