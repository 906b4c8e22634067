//! The connections of a packet capture: the list in the middle, its filter, and how far the reading is. `table` draws the rows.

mod columns;
mod table;

use egui::{Key, Margin, Modifiers, ProgressBar, RichText, Role, TextEdit, Ui, WidgetInfo, vec2};
use egui_material_icons::icons;

use super::picker::size_words;
use super::theme::{self, Weight, palette, size};
use super::widgets::{icon_button, name_field, primary_button};
use crate::decode::thousands;
use crate::printable::printable;
use crate::state::{Command, DocumentCommand, PacketCommand, PacketList, Phase, State, key_for};
use crate::survey::{Filter, Survey};

/// The list's own margin, left and right.
const MARGIN: f32 = 22.0;

/// Shows the list of the packet capture that is in the middle.
pub fn show(ui: &mut Ui, state: &State, list: &PacketList, commands: &mut Vec<Command>) {
    egui::Frame::new()
        .inner_margin(Margin {
            left: MARGIN as i8,
            right: MARGIN as i8 - 8,
            top: 16,
            bottom: 8,
        })
        .show(ui, |ui| match &list.phase {
            Phase::Reading {
                what,
                fraction,
                words,
            } => reading(ui, list, what, *fraction, words, commands),
            Phase::Ready { survey, key_logs } => {
                head(ui, list, survey, key_logs, commands);
                ui.add_space(10.0);
                if survey.rows.is_empty() {
                    nothing(ui, survey, commands, list);
                } else {
                    keys(ui, state, list, commands);
                    table::show(ui, list, survey, commands);
                }
            }
        });
}

/// Over the stage, where the connection on it came from a list: the way back.
pub fn way_back(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let Some((document, from)) = state
        .document()
        .and_then(|document| Some((document, document.connection.as_ref()?)))
    else {
        return;
    };
    let Some(list) = state.packets.lists.iter().find(|list| list.path == from.file) else {
        return;
    };
    let count = list.survey().map_or(0, |survey| survey.rows.len());
    if count < 2 {
        return;
    }
    let p = palette(ui);
    egui::Frame::new()
        .inner_margin(Margin::symmetric(14, 6))
        .fill(*p.card)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                let response = icon_button(
                    ui,
                    icons::ICON_ARROW_BACK.codepoint,
                    "Back to the list of connections",
                );
                let words = format!("{} connections", thousands(count));
                if response.clicked() || ui.link(words).clicked() {
                    commands.push(Command::Packets(PacketCommand::BackToList));
                }
                step_buttons(ui, state, commands);
                let title = RichText::new(printable(&document.title))
                    .font(theme::text(size::SMALL + 1.0, Weight::SemiBold));
                ui.add(egui::Label::new(title.color(*p.text_strong)).truncate());
            });
        });
}

/// To the neighbours in the list, as it is filtered and sorted.
fn step_buttons(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let Some((_, place, count)) = state.place_in_list() else {
        return;
    };
    for (icon, words, by, is_enabled) in [
        (
            icons::ICON_KEYBOARD_ARROW_UP,
            "Previous connection",
            -1,
            place > 0,
        ),
        (
            icons::ICON_KEYBOARD_ARROW_DOWN,
            "Next connection",
            1,
            place + 1 < count,
        ),
    ] {
        let command = Command::Packets(PacketCommand::StepConnection(by));
        let words = match key_for(&command) {
            Some(key) => format!("{words} ({key})"),
            None => words.to_owned(),
        };
        ui.add_enabled_ui(is_enabled, |ui| {
            if icon_button(ui, icon.codepoint, &words).clicked() {
                commands.push(command);
            }
        });
    }
    let words = format!("{} of {}", thousands(place + 1), thousands(count));
    let words = RichText::new(words).font(theme::text(size::SMALL + 0.5, Weight::Regular));
    ui.label(words.color(*palette(ui).text_muted));
}

fn reading(
    ui: &mut Ui,
    list: &PacketList,
    what: &str,
    fraction: f32,
    words: &str,
    commands: &mut Vec<Command>,
) {
    let p = palette(ui);
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.32).max(20.0));
        ui.label(
            RichText::new(printable(&list.title()))
                .font(theme::text(22.0, Weight::SemiBold))
                .color(*p.text_strong),
        );
        ui.add_space(6.0);
        let line = if words.is_empty() {
            what.to_owned()
        } else {
            format!("{what} · {words}")
        };
        ui.label(
            RichText::new(&line)
                .font(theme::text(size::BODY, Weight::Regular))
                .color(*p.text_muted),
        );
        ui.add_space(10.0);
        let bar = ProgressBar::new(fraction)
            .desired_width(360.0)
            .desired_height(6.0)
            .fill(*p.accent);
        ui.add(bar)
            .widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &line));
        ui.add_space(16.0);
        if ui
            .add(egui::Button::new("Cancel").min_size(vec2(96.0, 32.0)))
            .clicked()
        {
            commands.push(Command::Packets(PacketCommand::CloseList(list.path.clone())));
        }
    });
}

/// The file, how many, what is looked for, and where the secrets came from.
fn head(
    ui: &mut Ui,
    list: &PacketList,
    survey: &Survey,
    key_logs: &[std::path::PathBuf],
    commands: &mut Vec<Command>,
) {
    let p = palette(ui);
    ui.horizontal(|ui| {
        ui.label(
            RichText::new(printable(&list.title()))
                .font(theme::text(20.0, Weight::SemiBold))
                .color(*p.text_strong),
        );
        ui.label(
            RichText::new(count_words(list, survey))
                .font(theme::text(size::BODY, Weight::Regular))
                .color(*p.text_muted),
        );
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(8.0);
            filter(ui, &list.filter, commands);
        });
    });
    ui.add_space(2.0);
    ui.horizontal(|ui| {
        ui.label(
            RichText::new(secrets_words(survey, key_logs))
                .font(theme::text(size::SMALL + 0.5, Weight::Regular))
                .color(*p.text_muted),
        );
        let words = RichText::new("Choose a key log…").font(theme::text(size::SMALL + 0.5, Weight::Medium));
        if ui.link(words).clicked() {
            commands.push(Command::Packets(PacketCommand::ChooseKeyLog));
        }
    });
}

fn count_words(list: &PacketList, survey: &Survey) -> String {
    let all = survey.rows.len();
    let connections = match all {
        1 => "1 TLS connection".to_owned(),
        _ => format!("{} TLS connections", thousands(all)),
    };
    if list.shown.len() == all {
        let packets = thousands(survey.index.packets as usize);
        match survey.index.unpacked_bytes {
            Some(bytes) => format!(
                "{connections} in {packets} packets · {} unpacked",
                size_words(bytes)
            ),
            None => format!("{connections} in {packets} packets"),
        }
    } else {
        format!("{} of {connections}", thousands(list.shown.len()))
    }
}

fn secrets_words(survey: &Survey, key_logs: &[std::path::PathBuf]) -> String {
    let names: Vec<String> = key_logs
        .iter()
        .map(|path| {
            path.file_name()
                .map(|name| printable(&name.to_string_lossy()).into_owned())
                .unwrap_or_default()
        })
        .collect();
    match (names.is_empty(), survey.index.key_log.is_empty()) {
        (true, true) => "No secrets: what is encrypted stays shut.".to_owned(),
        (false, true) => format!("Secrets from {}.", names.join(", ")),
        (true, false) => "Secrets from the file itself.".to_owned(),
        (false, false) => format!("Secrets from the file itself and from {}.", names.join(", ")),
    }
}

fn filter(ui: &mut Ui, filter: &Filter, commands: &mut Vec<Command>) {
    let mut text = filter.text.clone();
    let edit = TextEdit::singleline(&mut text)
        .hint_text("Name, address, ending")
        .desired_width(210.0)
        .margin(vec2(10.0, 7.0));
    let response = ui.add(edit);
    name_field(&response, "Show connections that contain this text", &text, "");
    if response.changed() {
        commands.push(Command::Packets(PacketCommand::SetFilter(Filter {
            text,
            ..filter.clone()
        })));
    }
    ui.add_space(4.0);
    let mut toggle = |ui: &mut Ui, is_on: bool, words: &str, hint: &str, filter: Filter| {
        let button = egui::Button::new(words).selected(is_on).min_size(vec2(0.0, 30.0));
        if ui.add(button).on_hover_text(hint).clicked() {
            commands.push(Command::Packets(PacketCommand::SetFilter(filter)));
        }
    };
    let mutual = Filter {
        mutual: !filter.mutual,
        ..filter.clone()
    };
    toggle(
        ui,
        filter.mutual,
        "Mutual",
        "Only where the client was asked for a certificate",
        mutual,
    );
    let failed = Filter {
        failed: !filter.failed,
        ..filter.clone()
    };
    toggle(
        ui,
        filter.failed,
        "Failed",
        "Only those that were rejected or stayed unfinished",
        failed,
    );
}

/// No TLS at all, said kindly.
fn nothing(ui: &mut Ui, survey: &Survey, commands: &mut Vec<Command>, list: &PacketList) {
    let p = palette(ui);
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.28).max(20.0));
        ui.label(
            RichText::new("Nobody speaks TLS here")
                .font(theme::text(22.0, Weight::SemiBold))
                .color(*p.text_strong),
        );
        ui.scope(|ui| {
            ui.set_max_width(440.0);
            let connections = match survey.index.tcp_connections as usize {
                1 => "1 TCP connection".to_owned(),
                count => format!("{} TCP connections", thousands(count)),
            };
            let words = format!(
                "{} packets and {connections} were looked at, whatever their ports, and none carries a TLS record. \
                 Record where the encrypted traffic passes: before a proxy that ends TLS, not behind it.",
                thousands(survey.index.packets as usize)
            );
            let words = RichText::new(words).font(theme::text(size::BODY + 0.5, Weight::Regular));
            ui.add(egui::Label::new(words.color(*p.text)).wrap());
        });
        ui.add_space(14.0);
        if primary_button(ui, icons::ICON_FOLDER_OPEN.codepoint, "Open another", vec2(150.0, 34.0)).clicked() {
            commands.push(Command::Packets(PacketCommand::CloseList(list.path.clone())));
            commands.push(Command::Document(DocumentCommand::OpenSession));
        }
    });
}

/// The arrow keys, where nobody types and nothing lies over the list.
fn keys(ui: &Ui, state: &State, list: &PacketList, commands: &mut Vec<Command>) {
    if state.is_covered() || ui.ctx().text_edit_focused() {
        return;
    }
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    for (key, by) in [
        (Key::ArrowDown, 1),
        (Key::ArrowUp, -1),
        (Key::PageDown, 15),
        (Key::PageUp, -15),
        (Key::Home, i32::MIN),
        (Key::End, i32::MAX),
    ] {
        if pressed(key) {
            commands.push(Command::Packets(PacketCommand::MoveCursor(by)));
        }
    }
    let is_free = ui.memory(|memory| memory.focused().is_none());
    if is_free && pressed(Key::Enter) {
        commands.push(Command::Packets(PacketCommand::OpenConnection(list.cursor)));
    }
}
