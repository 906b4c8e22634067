//! Fields: the message as a tree; the selected field's bytes and its meaning below.

use egui::{Align2, Id, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons::{ICON_ARROW_DROP_DOWN, ICON_ARROW_RIGHT, ICON_WARNING};

use super::hex::{Pane, ROW_HEIGHT, Whose, bytes_of};
use super::{explain, step_note, told};
use crate::analysis::Analysis;
use crate::decode::{Field, Message, Protection};
use crate::state::{Command, Selection, State, ViewCommand};
use crate::story::RowKind;
use crate::ui::draw;
use crate::ui::theme::{self, size};

const LINE: f32 = 24.0;

/// The path selected in this message.
pub(super) fn selected(state: &State, message: usize) -> Option<&[usize]> {
    match &state.selection {
        Selection::Field { message: of, path } if *of == message => Some(path),
        _ => None,
    }
}

/// The keys it travelled under, in words.
pub(super) fn protection_words(message: &Message) -> &'static str {
    match message.protection {
        Protection::None => "in the clear",
        Protection::Handshake => "under handshake keys",
        Protection::Application => "under application keys",
        Protection::Early => "under early data keys",
        Protection::Tls12 => "under TLS 1.2 keys",
    }
}

/// One line of the tree.
struct Line<'a> {
    field: &'a Field,
    path: Vec<usize>,
    is_open: bool,
}

pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let Some((index, message)) = told::message(state, analysis)
        .and_then(|index| Some((index, analysis.transcript.messages.get(index)?)))
    else {
        draw::body(ui, "No message yet.", *palette.text_muted);
        return;
    };
    step_note::show(ui, state, analysis, commands);
    chooser(ui, state, analysis, index, commands);
    let path = selected(state, index).unwrap_or_default().to_vec();
    let mut lines = Vec::new();
    collect(ui, index, &message.root, &mut Vec::new(), &path, &mut lines);
    walk(ui, index, &lines, &path, commands);
    let below = if path.is_empty() {
        150.0
    } else {
        330.0_f32.min(ui.available_height() * 0.5)
    };
    let height = (ui.available_height() - below).max(120.0);
    let mut tree = egui::ScrollArea::vertical()
        .id_salt(("fields", index))
        .max_height(height)
        .auto_shrink([false, true]);
    // When the selection was made elsewhere (a byte, a piece of evidence), its line comes into sight.
    let key = Id::unique("field shown");
    let shown = (index, path.clone());
    if ui.data(|data| data.get_temp::<(usize, Vec<usize>)>(key)) != Some(shown.clone()) {
        ui.data_mut(|data| data.insert_temp(key, shown));
        let line = lines.iter().position(|line| line.path == path).unwrap_or(0) as f32;
        let last = ui
            .data(|data| data.get_temp::<f32>(Id::unique("fields offset")))
            .unwrap_or(0.0);
        if line * LINE < last || (line + 1.0) * LINE > last + height {
            tree = tree.vertical_scroll_offset((line * LINE - height / 2.0).max(0.0));
        }
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let output = tree.show_rows(ui, LINE, lines.len(), |ui, rows| {
        for line in lines.get(rows).unwrap_or_default() {
            one(ui, index, line, *line.path == *path, commands);
        }
    });
    ui.data_mut(|data| data.insert_temp(Id::unique("fields offset"), output.state.clamped_offset().y));
    ui.spacing_mut().item_spacing.y = 8.0;
    ui.add_space(10.0);
    egui::ScrollArea::vertical()
        .id_salt("meaning")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            if let Some(field) = message.root.at(&path) {
                bytes(ui, analysis, index, message, field, &path, commands);
                explain::show(ui, analysis, index, message, field, &path);
            }
        });
}

/// The other messages of the same row.
pub(super) fn chooser(
    ui: &mut Ui,
    state: &State,
    analysis: &Analysis,
    index: usize,
    commands: &mut Vec<Command>,
) {
    let visible = state.visible_steps();
    let row = analysis
        .story
        .rows
        .iter()
        .take(visible)
        .find_map(|row| match &row.kind {
            RowKind::Flight { messages, .. } if messages.contains(&index) && messages.len() > 1 => {
                Some(messages)
            }
            _ => None,
        });
    let Some(messages) = row else { return };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for other in messages {
            let Some(message) = analysis.transcript.messages.get(*other) else {
                continue;
            };
            if ui
                .selectable_label(*other == index, message.kind.word())
                .clicked()
            {
                commands.push(Command::View(ViewCommand::Select(Selection::Field {
                    message: *other,
                    path: Vec::new(),
                })));
            }
        }
    });
}

/// Up and down walk the tree, where nothing else has the arrows.
fn walk(ui: &Ui, message: usize, lines: &[Line<'_>], path: &[usize], commands: &mut Vec<Command>) {
    let context = ui.ctx();
    let is_busy =
        egui::Popup::is_any_open(context) || context.memory(|memory| memory.top_modal_layer().is_some());
    if is_busy || context.memory(|memory| memory.focused().is_some()) {
        return;
    }
    let by = context.input(|input| {
        let pressed = |key| i32::from(input.key_pressed(key));
        pressed(egui::Key::ArrowDown) - pressed(egui::Key::ArrowUp)
    });
    let here = lines.iter().position(|line| line.path == path);
    let next = here.and_then(|here| here.checked_add_signed(by as isize));
    let Some(next) = next.and_then(|next| lines.get(next)).filter(|_| by != 0) else {
        return;
    };
    commands.push(Command::View(ViewCommand::Select(Selection::Field {
        message,
        path: next.path.clone(),
    })));
}

fn open_key(message: usize, path: &[usize]) -> Id {
    Id::unique(("field is open", message, path.to_vec()))
}

/// Lines of what is open: the first level, lists of extensions, and whatever leads to the selection.
fn collect<'a>(
    ui: &Ui,
    message: usize,
    field: &'a Field,
    path: &mut Vec<usize>,
    selected: &[usize],
    lines: &mut Vec<Line<'a>>,
) {
    let by_default = path.is_empty()
        || matches!(
            field.name.as_ref(),
            "extensions" | "certificate_list" | "certificate_authorities"
        );
    let leads_there = selected.starts_with(path) && selected.len() > path.len();
    let chosen = ui.data(|data| data.get_temp::<bool>(open_key(message, path)));
    let is_open = !field.children.is_empty() && (leads_there || chosen.unwrap_or(by_default));
    lines.push(Line {
        field,
        path: path.clone(),
        is_open,
    });
    if !is_open {
        return;
    }
    for (index, child) in field.children.iter().enumerate() {
        path.push(index);
        collect(ui, message, child, path, selected, lines);
        path.pop();
    }
}

fn one(ui: &mut Ui, message: usize, line: &Line<'_>, is_selected: bool, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let field = line.field;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let response = ui.interact(
        rect,
        Id::unique(("field", message, line.path.clone())),
        Sense::click(),
    );
    let label = format!("Field {} {}", field.name, field.value);
    response.widget_info(|| WidgetInfo::selected(Role::TreeItem, true, is_selected, label.trim()));
    if is_selected {
        ui.painter()
            .rect_filled(rect, theme::radius::SMALL, *palette.selected);
    } else if response.hovered() || response.has_focus() {
        ui.painter()
            .rect_filled(rect, theme::radius::SMALL, *palette.card);
    }
    let y = rect.center().y;
    let indent = rect.left() + 8.0 + line.path.len() as f32 * 15.0;
    let has_children = !field.children.is_empty();
    if has_children {
        let sign = if line.is_open {
            ICON_ARROW_DROP_DOWN
        } else {
            ICON_ARROW_RIGHT
        };
        draw::icon(
            ui.painter(),
            pos2(indent + 4.0, y),
            sign.codepoint,
            18.0,
            *palette.text_muted,
        );
    }
    let name_x = indent + 16.0;
    let name_room = (rect.width() * 0.62 - (name_x - rect.left())).max(60.0);
    let name_color = if field.error.is_some() {
        *palette.bad
    } else {
        *palette.text_strong
    };
    let font = theme::text(size::BODY - 0.5, theme::Weight::Regular);
    let placed = draw::line(
        ui.painter(),
        pos2(name_x, y),
        Align2::LEFT_CENTER,
        &field.name,
        font.clone(),
        name_color,
        name_room,
    );
    let mut right = rect.right() - 8.0;
    if field.error.is_some() {
        draw::icon(
            ui.painter(),
            pos2(right - 7.0, y),
            ICON_WARNING.codepoint,
            14.0,
            *palette.bad,
        );
        right -= 20.0;
    }
    let value_color = if is_selected {
        *palette.accent
    } else {
        *palette.text_muted
    };
    let room = (right - placed.right() - 14.0).max(20.0);
    let mono = theme::mono(size::SMALL);
    draw::line(
        ui.painter(),
        pos2(right, y),
        Align2::RIGHT_CENTER,
        &field.value,
        mono.clone(),
        value_color,
        room,
    );
    if response.clicked() {
        let is_on_arrow = response.interact_pointer_pos().is_some_and(|at| at.x < name_x);
        if has_children && (is_on_arrow || is_selected) {
            ui.data_mut(|data| data.insert_temp(open_key(message, &line.path), !line.is_open));
        }
        if !is_on_arrow {
            commands.push(Command::View(ViewCommand::Select(Selection::Field {
                message,
                path: line.path.clone(),
            })));
        }
    }
    let is_cut = draw::is_cut(ui.painter(), &field.name, &font, name_room)
        || draw::is_cut(ui.painter(), &field.value, &mono, room);
    if let Some(error) = &field.error {
        response.on_hover_text(draw::drawn(&format!("{}: {}\n{error}", field.name, field.value)));
    } else if is_cut {
        response.on_hover_text(draw::drawn(&format!("{}: {}", field.name, field.value)));
    }
}

/// The rows of bytes around the selected field.
fn bytes(
    ui: &mut Ui,
    analysis: &Analysis,
    index: usize,
    message: &Message,
    field: &Field,
    path: &[usize],
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let range = field.range.clone();
    if path.is_empty() {
        draw::heading(ui, &format!("Bytes, {}", protection_words(message)));
    } else {
        draw::heading(
            ui,
            &format!(
                "Bytes 0x{:02x}–0x{:02x}",
                range.start,
                range.end.saturating_sub(1).max(range.start)
            ),
        );
    }
    let lit = if path.is_empty() { 0..0 } else { range.clone() };
    let (bytes, buffer) = bytes_of(analysis, message, Some(field));
    let pane = Pane {
        whose: Whose::Message {
            index,
            root: &message.root,
            buffer,
        },
        bytes,
        lit,
        shows_text: false,
    };
    let first = range.start / 16;
    let last = (range.end.div_ceil(16))
        .clamp(first + 1, first + 5)
        .max(first + 3);
    egui::Frame::new()
        .fill(*palette.code)
        .stroke(egui::Stroke::new(1.0, *palette.border))
        .corner_radius(theme::radius::SMALL)
        .inner_margin(8)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.set_min_height(ROW_HEIGHT);
            pane.show(ui, first..last.min(pane.rows()), "near", commands);
        });
}
