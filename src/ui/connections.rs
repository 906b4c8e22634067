//! The connections of a packet capture: the list in the middle, its filter, and how far the reading is.

use egui::{
    Align2, Id, Key, Margin, Modifiers, ProgressBar, RichText, Role, ScrollArea, Sense, TextEdit, Ui,
    WidgetInfo, pos2, vec2,
};
use egui_material_icons::icons;

use super::draw;
use super::theme::{self, Weight, palette, radius, size};
use super::widgets::{icon_button, primary_button};
use crate::decode::thousands;
use crate::diagnose::Verdict;
use crate::state::{Command, PacketList, Phase, State};
use crate::survey::{ClientCertificate, Filter, Row, Survey};

const ROW_HEIGHT: f32 = 34.0;
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
                    table(ui, list, survey, commands);
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
    let Some(list) = state.lists.iter().find(|list| list.path == from.file) else {
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
                    commands.push(Command::BackToList);
                }
                let title =
                    RichText::new(&document.title).font(theme::text(size::SMALL + 1.0, Weight::SemiBold));
                ui.add(egui::Label::new(title.color(*p.text_strong)).truncate());
            });
        });
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
            RichText::new(list.title())
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
            commands.push(Command::CloseList(list.path.clone()));
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
            RichText::new(list.title())
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
            commands.push(Command::ChooseKeyLog);
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
        format!(
            "{connections} in {} packets",
            thousands(survey.index.packets as usize)
        )
    } else {
        format!("{} of {connections}", thousands(list.shown.len()))
    }
}

fn secrets_words(survey: &Survey, key_logs: &[std::path::PathBuf]) -> String {
    let names: Vec<String> = key_logs
        .iter()
        .map(|path| {
            path.file_name()
                .map(|name| name.to_string_lossy().into_owned())
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
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &text, &text, "");
        info.label = Some("Show connections that contain this text".to_owned());
        info
    });
    if response.changed() {
        commands.push(Command::SetFilter(Filter {
            text,
            ..filter.clone()
        }));
    }
    ui.add_space(4.0);
    let mut toggle = |ui: &mut Ui, is_on: bool, words: &str, hint: &str, filter: Filter| {
        let button = egui::Button::selectable(is_on, words).min_size(vec2(0.0, 30.0));
        if ui.add(button).on_hover_text(hint).clicked() {
            commands.push(Command::SetFilter(filter));
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
            let words = format!(
                "{} packets and {} TCP connections were looked at, whatever their ports, and none carries a TLS record. \
                 Record where the encrypted traffic passes: before a proxy that ends TLS, not behind it.",
                thousands(survey.index.packets as usize),
                thousands(survey.index.connections.len())
            );
            let words = RichText::new(words).font(theme::text(size::BODY + 0.5, Weight::Regular));
            ui.add(egui::Label::new(words.color(*p.text)).wrap());
        });
        ui.add_space(14.0);
        if primary_button(ui, icons::ICON_FOLDER_OPEN.codepoint, "Open another", vec2(150.0, 34.0)).clicked() {
            commands.push(Command::CloseList(list.path.clone()));
            commands.push(Command::OpenSession);
        }
    });
}

/// The arrow keys, where nobody types and nothing lies over the list.
fn keys(ui: &Ui, state: &State, list: &PacketList, commands: &mut Vec<Command>) {
    let dialogs = &state.dialogs;
    let is_covered =
        dialogs.gallery || dialogs.help || dialogs.picker.is_some() || dialogs.question.is_some();
    if is_covered || ui.ctx().text_edit_focused() {
        return;
    }
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    for (key, by) in [
        (Key::ArrowDown, 1),
        (Key::ArrowUp, -1),
        (Key::PageDown, 15),
        (Key::PageUp, -15),
    ] {
        if pressed(key) {
            commands.push(Command::MoveCursor(by));
        }
    }
    let is_free = ui.memory(|memory| memory.focused().is_none());
    if is_free && pressed(Key::Enter) {
        commands.push(Command::OpenConnection(list.cursor));
    }
}

/// Where the columns begin, and how wide each is.
struct Columns {
    number: f32,
    time: f32,
    ends: f32,
    name: f32,
    version: f32,
    client: f32,
    ending: f32,
    right: f32,
}

impl Columns {
    fn of(left: f32, width: f32) -> Self {
        // What remains beside the fixed columns goes to the ends, the name and the ending.
        let rest = (width - 46.0 - 84.0 - 76.0 - 168.0).max(300.0);
        let number = left + 10.0;
        let time = number + 46.0;
        let ends = time + 84.0;
        let name = ends + rest * 0.36;
        let version = name + rest * 0.27;
        let client = version + 76.0;
        let ending = client + 168.0;
        Self {
            number,
            time,
            ends,
            name,
            version,
            client,
            ending,
            right: left + width - 6.0,
        }
    }
}

fn table(ui: &mut Ui, list: &PacketList, survey: &Survey, commands: &mut Vec<Command>) {
    let p = palette(ui);
    // The scroll bar has its own strip.
    let width = ui.available_width() - 12.0;
    let (rect, _) = ui.allocate_exact_size(vec2(width, 26.0), Sense::hover());
    let columns = Columns::of(rect.left(), width);
    for (x, words) in [
        (columns.number, "#"),
        (columns.time, "TIME"),
        (columns.ends, "CLIENT → SERVER"),
        (columns.name, "NAME ASKED FOR"),
        (columns.version, "VERSION"),
        (columns.client, "CLIENT CERTIFICATE"),
        (columns.ending, "HOW IT ENDED"),
    ] {
        let font = theme::text(size::HEADING - 0.5, Weight::SemiBold);
        let at = pos2(x, rect.center().y);
        draw::line(
            ui.painter(),
            at,
            Align2::LEFT_CENTER,
            words,
            font,
            *p.text_muted,
            240.0,
        );
    }
    ui.painter()
        .hline(rect.x_range(), rect.bottom(), egui::Stroke::new(1.0, *p.border));
    if list.shown.is_empty() {
        ui.add_space(30.0);
        ui.vertical_centered(|ui| {
            draw::body(
                ui,
                "No connection is like that. Loosen the filter.",
                *p.text_muted,
            );
        });
        return;
    }
    let first_us = survey.rows.first().map_or(0, |row| row.started_at_unix_us);
    let height = ui.available_height();
    let mut scroll = ScrollArea::vertical()
        .id_salt(("connections", &list.path))
        .auto_shrink([false, false]);
    // The cursor comes into sight where the keys moved it.
    let shown = Id::unique(("connections cursor", &list.path));
    let offset = Id::unique(("connections offset", &list.path));
    if ui.data(|data| data.get_temp::<usize>(shown)) != Some(list.cursor) {
        ui.data_mut(|data| data.insert_temp(shown, list.cursor));
        let top = list.cursor as f32 * ROW_HEIGHT;
        let last = ui.data(|data| data.get_temp::<f32>(offset)).unwrap_or(0.0);
        if top < last {
            scroll = scroll.vertical_scroll_offset(top);
        } else if top + ROW_HEIGHT > last + height {
            scroll = scroll.vertical_scroll_offset(top + ROW_HEIGHT - height);
        }
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let output = scroll.show_rows(ui, ROW_HEIGHT, list.shown.len(), |ui, range| {
        for place in range {
            let row = list
                .shown
                .get(place)
                .and_then(|index| Some((*index, survey.rows.get(*index)?)));
            if let Some((index, row)) = row {
                let line = Line {
                    place,
                    index,
                    row,
                    first_us,
                    is_here: place == list.cursor,
                    is_opening: list.opening == Some(index),
                };
                one(ui, &line, width, commands);
            }
        }
    });
    ui.data_mut(|data| data.insert_temp(offset, output.state.clamped_offset().y));
}

/// One line of the table.
struct Line<'a> {
    place: usize,
    index: usize,
    row: &'a Row,
    first_us: i64,
    is_here: bool,
    is_opening: bool,
}

fn one(ui: &mut Ui, line: &Line<'_>, width: f32, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let row = line.row;
    let (rect, response) = ui.allocate_exact_size(vec2(width, ROW_HEIGHT), Sense::click());
    let name = row.sni.as_deref().unwrap_or("no name");
    let spoken = format!(
        "Connection {}: {} to {}, {name}, {}",
        line.index + 1,
        row.client,
        row.server,
        row.words()
    );
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, line.is_here, &spoken));
    if line.is_here || response.hovered() || response.has_focus() {
        let fill = if line.is_here {
            *p.selected
        } else {
            *p.control_hover
        };
        ui.painter()
            .rect_filled(rect.shrink2(vec2(0.0, 1.0)), radius::SMALL, fill);
    }
    if response.clicked() {
        commands.push(Command::OpenConnection(line.place));
    }
    let columns = Columns::of(rect.left(), width);
    let y = rect.center().y;
    let painter = ui.painter();
    let put = |x: f32, until: f32, words: &str, font: egui::FontId, color| {
        draw::line(
            painter,
            pos2(x, y),
            Align2::LEFT_CENTER,
            words,
            font,
            color,
            until - x - 14.0,
        );
    };
    let small = || theme::mono(size::SMALL + 0.5);
    put(
        columns.number,
        columns.time,
        &(line.index + 1).to_string(),
        small(),
        *p.text_faint,
    );
    let since = offset_words(row.started_at_unix_us - line.first_us);
    put(columns.time, columns.ends, &since, small(), *p.text_muted);
    let ends = format!("{} → {}", row.client, row.server);
    put(columns.ends, columns.name, &ends, small(), *p.text);
    let body = theme::text(size::BODY, Weight::Medium);
    match (&row.sni, row.preamble) {
        (Some(name), None) => put(columns.name, columns.version, name, body.clone(), *p.text_strong),
        (Some(name), Some(protocol)) => {
            put(
                columns.name,
                columns.version,
                &format!("{name} · after {protocol}"),
                body.clone(),
                *p.text_strong,
            );
        }
        (None, Some(protocol)) => {
            put(
                columns.name,
                columns.version,
                &format!("after {protocol}"),
                body.clone(),
                *p.text_muted,
            );
        }
        (None, None) => put(columns.name, columns.version, "–", body.clone(), *p.text_faint),
    }
    let version = row.version.as_deref().unwrap_or("–");
    put(
        columns.version,
        columns.client,
        version,
        theme::text(size::BODY, Weight::Regular),
        *p.text,
    );
    let (icon, words, color) = match row.client_certificate {
        ClientCertificate::Sent => (icons::ICON_BADGE.codepoint, "sent", *p.client),
        ClientCertificate::Withheld => (icons::ICON_BLOCK.codepoint, "asked for, none sent", *p.warn),
        ClientCertificate::NotAsked => (icons::ICON_REMOVE.codepoint, "not asked for", *p.text_faint),
        ClientCertificate::Unknown => (icons::ICON_LOCK.codepoint, "encrypted", *p.text_faint),
    };
    draw::icon(painter, pos2(columns.client + 7.0, y), icon, 15.0, color);
    let regular = || theme::text(size::BODY - 0.5, Weight::Regular);
    put(columns.client + 22.0, columns.ending, words, regular(), color);
    let (icon, color) = match row.verdict {
        Verdict::Accepted => (icons::ICON_CHECK.codepoint, *p.good),
        Verdict::Rejected => (icons::ICON_CLOSE.codepoint, *p.bad),
        Verdict::Unfinished => (icons::ICON_HOURGLASS_EMPTY.codepoint, *p.warn),
        Verdict::Unknown => (icons::ICON_QUESTION_MARK.codepoint, *p.text_muted),
    };
    draw::icon(painter, pos2(columns.ending + 7.0, y), icon, 15.0, color);
    let ending = if line.is_opening {
        "opening…"
    } else {
        row.ending.as_str()
    };
    put(
        columns.ending + 22.0,
        columns.right,
        ending,
        theme::text(size::BODY, Weight::Medium),
        color,
    );
    response.on_hover_ui(|ui| {
        let at = jiff::Timestamp::from_microsecond(row.started_at_unix_us);
        let when = at
            .map(|at| at.strftime("%Y-%m-%d %H:%M:%S%.6f UTC").to_string())
            .unwrap_or_default();
        ui.label(format!(
            "{when}\n{} → {}\n{}",
            row.client,
            row.server,
            row.words()
        ));
    });
}

/// `+12.345 s` since the first.
fn offset_words(us: i64) -> String {
    format!("+{:.3} s", us as f64 / 1_000_000.0)
}
