//! What a row does under the pointer and the keyboard.

use egui::{Id, Rect, Role, Sense, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::{ICON_EXPAND_LESS, ICON_EXPAND_MORE};

use super::layout::{Layout, Place};
use super::model::{Item, ItemKind};
use crate::state::{Command, Selection, ViewCommand};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// A capsule stands out over its lifeline: what frames its row goes around it.
const AROUND_CAPSULE: f32 = 22.0;

/// Makes a row answer: a click selects it, its disclosure opens it to its messages. `opacity` is the row's, from 0 to 1.
pub(super) fn interact(
    ui: &mut Ui,
    ladder: Rect,
    (item, place, opacity): (&Item, &Place, f32),
    layout: &Layout,
    commands: &mut Vec<Command>,
) {
    let offset = ladder.min.to_vec2();
    let mut rect = place.rect.translate(offset);
    if let Some(first) = place.messages.first() {
        rect.max.y = first.top() + offset.y;
    }
    let id = Id::unique(("ladder row", item.step));
    let response = ui.interact(rect, id, Sense::click());
    let mut label = format!("Step {}: {}", item.step + 1, item.title);
    if let Some(others) = &item.others {
        label += &format!("; of the other stacks {}", others.words);
    }
    if item.note.is_some() {
        label += "; it has a note";
    }
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, item.is_selected, &label));
    let palette = theme::palette(ui);
    if response.hovered() {
        let stroke = egui::Stroke::new(1.0, *palette.border);
        let area = match item.kind {
            ItemKind::Capsule { .. } => rect.expand2(vec2(AROUND_CAPSULE, -2.0)),
            ItemKind::Arrow { .. } | ItemKind::Moment { .. } => rect.shrink2(vec2(7.0, 2.0)),
        };
        ui.painter()
            .rect_stroke(area, theme::radius::CARD, stroke, egui::StrokeKind::Inside);
    }
    let note = item
        .note
        .as_ref()
        .map(|note| draw::drawn(&format!("Note: {note}")).into_owned());
    let hover: Vec<String> = whole(ui, item, layout).into_iter().chain(note).collect();
    let response = match (!hover.is_empty()).then(|| hover.join("\n")) {
        Some(words) => response.on_hover_text(words),
        None => response,
    };
    if response.clicked() {
        commands.push(Command::View(ViewCommand::Select(Selection::Step(item.step))));
    }
    if response.double_clicked() && item.messages.len() > 1 {
        commands.push(Command::View(ViewCommand::ToggleRow(item.step)));
    }
    if item.messages.len() > 1 {
        disclose(ui, rect, (item, opacity), commands);
    }
    for ((message, words, _), rect) in item.messages.iter().zip(&place.messages) {
        let response = ui.interact(
            rect.translate(offset),
            Id::unique(("ladder message", *message)),
            Sense::click(),
        );
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Message {words}")));
        if response.hovered() {
            ui.painter().rect_stroke(
                rect.translate(offset),
                theme::radius::SMALL,
                egui::Stroke::new(1.0, *palette.border),
                egui::StrokeKind::Inside,
            );
        }
        if response.clicked() {
            commands.push(Command::View(ViewCommand::Select(Selection::Field {
                message: *message,
                path: Vec::new(),
            })));
        }
    }
}

/// A row's whole title and caption for its tooltip, where the stage cuts them.
fn whole(ui: &Ui, item: &Item, layout: &Layout) -> Option<String> {
    let font = |size, weight| theme::text(size * layout.type_scale, weight);
    let room = layout.server_x - layout.client_x;
    let (title_size, title_room, caption_room) = match item.kind {
        ItemKind::Arrow { .. } => {
            let sign = if item.messages.len() > 1 { 52.0 } else { 8.0 };
            (size::TITLE - 0.5, room - 28.0 - sign, room - 28.0)
        }
        ItemKind::Capsule { .. } => (size::SMALL + 0.5, room - 90.0, room - 90.0),
        ItemKind::Moment { .. } => (size::SMALL + 0.5, room - 40.0, room - 40.0),
    };
    let title_font = font(title_size, Weight::SemiBold);
    // In a capsule the two share one line.
    let caption_room = match item.kind {
        ItemKind::Capsule { .. } => {
            let title = ui.painter().layout_no_wrap(
                item.title.clone(),
                title_font.clone(),
                egui::Color32::PLACEHOLDER,
            );
            caption_room - title.size().x
        }
        ItemKind::Arrow { .. } | ItemKind::Moment { .. } => caption_room,
    };
    let small = font(size::SMALL, Weight::Regular);
    let is_cut = draw::is_cut(ui.painter(), &item.title, &title_font, title_room)
        || draw::is_cut(ui.painter(), &item.caption, &small, caption_room);
    is_cut.then(|| draw::drawn(&format!("{}\n{}", item.title, item.caption)).into_owned())
}

fn disclose(ui: &mut Ui, row: Rect, (item, opacity): (&Item, f32), commands: &mut Vec<Command>) {
    let rect = Rect::from_center_size(row.right_top() + vec2(-22.0, 14.0), vec2(20.0, 20.0));
    let response = ui.interact(rect, Id::unique(("ladder disclosure", item.step)), Sense::click());
    let words = if item.is_open { "Close" } else { "Open" };
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Button,
            true,
            format!("{words} step {} to its messages", item.step + 1),
        )
    });
    let response = response.on_hover_text(format!("{words} to its messages"));
    let palette = theme::palette(ui);
    let color = if response.hovered() || response.has_focus() {
        *palette.text_strong
    } else {
        *palette.text_muted
    };
    let sign = if item.is_open {
        ICON_EXPAND_LESS
    } else {
        ICON_EXPAND_MORE
    };
    let mut painter = ui.painter().clone();
    painter.multiply_opacity(opacity);
    draw::icon(&painter, rect.center(), sign.codepoint, 16.0, color);
    if response.clicked() {
        commands.push(Command::View(ViewCommand::ToggleRow(item.step)));
    }
}
