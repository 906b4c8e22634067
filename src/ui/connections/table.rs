//! The rows: one connection each, in columns.

use egui::{Align2, Id, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons;

use crate::diagnose::Verdict;
use crate::state::{Command, PacketCommand, PacketList};
use crate::survey::{ClientCertificate, Row, Survey};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, palette, radius, size};

const ROW_HEIGHT: f32 = 34.0;

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

pub(super) fn show(ui: &mut Ui, list: &PacketList, survey: &Survey, commands: &mut Vec<Command>) {
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
        commands.push(Command::Packets(PacketCommand::OpenConnection(line.place)));
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
        ClientCertificate::Unknown => (
            icons::ICON_VISIBILITY_OFF.codepoint,
            "not to be seen",
            *p.text_faint,
        ),
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
