//! The table: one connection a row. Its heads sort; its columns can be pulled wider.

use egui::{Align, Align2, FontId, Id, Layout, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_extras::{TableBuilder, TableRow};
use egui_material_icons::icons;

use super::columns;
use crate::diagnose::Verdict;
use crate::printable::printable;
use crate::state::{Command, PacketCommand, PacketList};
use crate::survey::{ClientCertificate, Column, Order, Row, Survey};
use crate::ui::draw;
use crate::ui::theme::{self, Palette, Weight, palette, size};

const ROW_HEIGHT: f32 = 34.0;
const HEAD_HEIGHT: f32 = 26.0;
/// Between a cell's words and the next column.
const GAP: f32 = 12.0;

pub(super) fn show(ui: &mut Ui, list: &PacketList, survey: &Survey, commands: &mut Vec<Command>) {
    let p = palette(ui);
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let visuals = ui.visuals_mut();
    visuals.selection.bg_fill = *p.selected;
    visuals.widgets.noninteractive.bg_stroke.color = egui::Color32::TRANSPARENT;
    let first_us = survey.rows.first().map_or(0, |row| row.started_at_unix_us);
    let id = Id::unique(("connections", &list.path));
    let width = ui.available_width();
    let (columns, is_anew) = columns::of(ui, id, width);
    let is_moved = cursor_moved(ui, id, list);
    let mut table = TableBuilder::new(ui)
        .id_salt(id)
        .cell_layout(Layout::left_to_right(Align::Center))
        .auto_shrink(false)
        .min_scrolled_height(0.0)
        .animate_scrolling(false);
    for column in columns {
        table = table.column(column);
    }
    if is_anew {
        table.reset();
    }
    if is_moved {
        table = table.scroll_to_row(list.cursor, None);
    }
    let mut lines: Vec<(usize, usize, &Row, Rect)> = Vec::new();
    let mut widths = Vec::new();
    let table = table.header(HEAD_HEIGHT, |mut head| {
        for column in Column::ALL {
            head.col(|ui| head_cell(ui, column, list.order, commands));
        }
    });
    let output = table.body(|body| {
        widths = body.widths().to_vec();
        body.rows(ROW_HEIGHT, list.shown.len(), |mut row| {
            let place = row.index();
            let known = list
                .shown
                .get(place)
                .and_then(|index| Some((*index, survey.rows.get(*index)?)));
            let Some((index, of)) = known else { return };
            row.set_selected(place == list.cursor);
            let line = Line {
                index,
                row: of,
                first_us,
                is_opening: list.opening == Some(index),
            };
            cells(&mut row, &line, p);
            lines.push((place, index, of, row.response().rect));
        });
    });
    columns::remember(ui, id, width, widths);
    let p = palette(ui);
    let top = output.inner_rect.top();
    ui.painter().hline(
        output.inner_rect.x_range(),
        top,
        egui::Stroke::new(1.0, *p.border),
    );
    if list.shown.is_empty() {
        let at = output.inner_rect.center_top() + vec2(0.0, 44.0);
        let words = "No connection is like that. Loosen the filter.";
        let font = theme::text(size::BODY, Weight::Regular);
        draw::line(
            ui.painter(),
            at,
            Align2::CENTER_CENTER,
            words,
            font,
            *p.text_muted,
            width,
        );
    }
    for (place, index, row, rect) in lines {
        let rect = rect.intersect(output.inner_rect);
        let response = ui.interact(rect, id.with(("row", index)), Sense::click());
        row_response(ui, &response, index, row, place == list.cursor);
        if response.clicked() {
            commands.push(Command::Packets(PacketCommand::OpenConnection(place)));
        }
    }
}

/// Whether the cursor comes into sight: where the keys, the filter or the order moved it.
fn cursor_moved(ui: &Ui, id: Id, list: &PacketList) -> bool {
    let (id, here) = (id.with("cursor"), (list.cursor, list.shown.len(), list.order));
    let before = ui.data(|data| data.get_temp::<(usize, usize, Option<Order>)>(id));
    ui.data_mut(|data| data.insert_temp(id, here));
    !list.shown.is_empty() && before != Some(here)
}

/// What a row is called, and what is told of it under the pointer.
fn row_response(ui: &Ui, response: &Response, index: usize, row: &Row, is_here: bool) {
    let name = row.sni.as_deref().unwrap_or("no name");
    let spoken = format!(
        "Connection {}: {} to {}, {name}, {}",
        index + 1,
        row.client,
        row.server,
        row.words()
    );
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_here, printable(&spoken)));
    if (response.hovered() || response.has_focus()) && !is_here {
        let p = palette(ui);
        let fill = p.control_hover.gamma_multiply(0.35);
        ui.painter().rect_filled(response.rect, 0, fill);
    }
    response.clone().on_hover_ui(|ui| {
        let at = jiff::Timestamp::from_microsecond(row.started_at_unix_us);
        let when = at
            .map(|at| at.strftime("%Y-%m-%d %H:%M:%S%.6f UTC").to_string())
            .unwrap_or_default();
        let mut words = format!("{when}\n{} → {}\n", row.client, row.server);
        if let Some(name) = &row.sni {
            words.push_str(&printable(name));
            words.push('\n');
        }
        words.push_str(&printable(&row.words()));
        ui.label(words);
    });
}

/// A column's head: its words, and an arrow where the rows stand in its order.
fn head_cell(ui: &mut Ui, column: Column, order: Option<Order>, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let (words, spoken) = head_words(column);
    let here = order.filter(|order| order.column == column);
    let rect = ui.max_rect();
    let response = ui.interact(rect, ui.scope_id().with("head"), Sense::click());
    let state = match here {
        None => "",
        Some(order) if order.is_descending => ", descending",
        Some(_) => ", ascending",
    };
    response.widget_info(|| {
        WidgetInfo::selected(
            Role::Button,
            true,
            here.is_some(),
            format!("Sort by {spoken}{state}"),
        )
    });
    let colour = if here.is_some() || response.hovered() || response.has_focus() {
        *p.text_strong
    } else {
        *p.text_muted
    };
    let font = theme::text(size::HEADING - 0.5, Weight::SemiBold);
    let arrow_room = if here.is_some() { 16.0 } else { 0.0 };
    let room = rect.width() - GAP - arrow_room;
    let at = pos2(rect.left() + columns::inset(column), rect.center().y);
    let shown = draw::middle_cut(ui.painter(), words, &font, room);
    let words = draw::line(ui.painter(), at, Align2::LEFT_CENTER, &shown, font, colour, room);
    if let Some(order) = here {
        let arrow = if order.is_descending {
            icons::ICON_ARROW_DOWNWARD
        } else {
            icons::ICON_ARROW_UPWARD
        };
        let at = pos2(words.right() + 9.0, rect.center().y);
        draw::icon(ui.painter(), at, arrow.codepoint, 13.0, colour);
    }
    if response.clicked() {
        commands.push(Command::Packets(PacketCommand::SortBy(column)));
    }
    response
        .on_hover_text(format!("Sort by {spoken}"))
        .on_hover_cursor(egui::CursorIcon::PointingHand);
}

/// On the screen, and in a sentence.
fn head_words(column: Column) -> (&'static str, &'static str) {
    match column {
        Column::Number => ("#", "number"),
        Column::Time => ("TIME", "time"),
        Column::Client => ("CLIENT", "client"),
        Column::Server => ("SERVER", "server"),
        Column::Name => ("NAME ASKED FOR", "the name asked for"),
        Column::Version => ("VERSION", "version"),
        Column::ClientCertificate => ("CLIENT CERTIFICATE", "client certificate"),
        Column::Ending => ("HOW IT ENDED", "how it ended"),
    }
}

/// One line of the table.
struct Line<'a> {
    index: usize,
    row: &'a Row,
    first_us: i64,
    is_opening: bool,
}

/// Words in a cell, after an icon where there is one, cut in the middle where they do not fit.
struct Cell<'a> {
    icon: Option<&'static str>,
    words: std::borrow::Cow<'a, str>,
    font: FontId,
    colour: egui::Color32,
}

fn cells(table_row: &mut TableRow<'_, '_>, line: &Line<'_>, p: &Palette) {
    for column in Column::ALL {
        let cell = cell(column, line, p);
        table_row.col(|ui| {
            let rect = ui.max_rect();
            let mut x = rect.left() + columns::inset(column);
            if let Some(icon) = cell.icon {
                draw::icon(
                    ui.painter(),
                    pos2(x + 7.0, rect.center().y),
                    icon,
                    15.0,
                    cell.colour,
                );
                x += 22.0;
            }
            let room = rect.right() - x - GAP;
            let words = draw::middle_cut(ui.painter(), &cell.words, &cell.font, room);
            let at = pos2(x, rect.center().y);
            draw::line(
                ui.painter(),
                at,
                Align2::LEFT_CENTER,
                &words,
                cell.font,
                cell.colour,
                room,
            );
        });
    }
}

fn cell<'a>(column: Column, line: &Line<'a>, p: &Palette) -> Cell<'a> {
    let row = line.row;
    let small = || theme::mono(size::SMALL + 0.5);
    let body = |weight| theme::text(size::BODY, weight);
    let plain = |words, font, colour| Cell {
        icon: None,
        words,
        font,
        colour,
    };
    match column {
        Column::Number => plain((line.index + 1).to_string().into(), small(), *p.text_faint),
        Column::Time => {
            let since = offset_words(row.started_at_unix_us - line.first_us);
            plain(since.into(), small(), *p.text_muted)
        }
        Column::Client => plain(printable(&row.client), small(), *p.text),
        Column::Server => plain(printable(&row.server), small(), *p.text),
        Column::Name => {
            let name = row.sni.as_deref().or(row.client_said.as_deref()).map(printable);
            let around = row
                .carrier
                .clone()
                .or_else(|| row.preamble.map(|protocol| format!("after {protocol}")));
            match (name, around) {
                (Some(name), None) => plain(name, body(Weight::Medium), *p.text_strong),
                (Some(name), Some(around)) => {
                    let words = format!("{name} · {around}");
                    plain(words.into(), body(Weight::Medium), *p.text_strong)
                }
                (None, Some(around)) => plain(around.into(), body(Weight::Medium), *p.text_muted),
                (None, None) => plain("–".into(), body(Weight::Medium), *p.text_faint),
            }
        }
        Column::Version => {
            let version = row.version.as_deref().unwrap_or("–");
            plain(printable(version), body(Weight::Regular), *p.text)
        }
        Column::ClientCertificate => {
            let (icon, words, colour) = match row.client_certificate {
                ClientCertificate::Sent => (icons::ICON_BADGE, "sent", *p.client),
                ClientCertificate::Withheld => (icons::ICON_BLOCK, "asked for, none sent", *p.warn),
                ClientCertificate::NotAsked => (icons::ICON_REMOVE, "not asked for", *p.text_faint),
                ClientCertificate::Unknown => (icons::ICON_VISIBILITY_OFF, "not to be seen", *p.text_faint),
            };
            Cell {
                icon: Some(icon.codepoint),
                words: words.into(),
                font: theme::text(size::BODY - 0.5, Weight::Regular),
                colour,
            }
        }
        Column::Ending => {
            let (icon, colour) = match row.verdict {
                Verdict::Accepted => (icons::ICON_CHECK, *p.good),
                Verdict::Rejected => (icons::ICON_CLOSE, *p.bad),
                Verdict::Unfinished => (icons::ICON_HOURGLASS_EMPTY, *p.warn),
                Verdict::Unknown => (icons::ICON_QUESTION_MARK, *p.text_muted),
            };
            // While it is opened its ending is not what the cell speaks of.
            let (icon, words, colour) = if line.is_opening {
                (icons::ICON_MORE_HORIZ, "opening…", *p.text_muted)
            } else {
                (icon, row.ending.as_str(), colour)
            };
            Cell {
                icon: Some(icon.codepoint),
                words: printable(words),
                font: body(Weight::Medium),
                colour,
            }
        }
    }
}

/// `+12.345 s` since the first.
fn offset_words(us: i64) -> String {
    format!("{:+.3} s", us as f64 / 1_000_000.0)
}
