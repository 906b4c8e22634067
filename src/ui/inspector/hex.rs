//! Bytes in rows of sixteen: offset, pairs, text. A byte is a button; the selected field is lit.

use std::ops::Range;

use egui::{Align2, Color32, FontId, Id, Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::analysis::Analysis;
use crate::decode::{BufferId, Field, Message};
use crate::state::{Command, Selection, ViewCommand, WireByte, WireCommand};
use crate::ui::theme::{self, size};

const PER_ROW: usize = 16;
/// A row's height, for virtual scrolling.
pub(super) const ROW_HEIGHT: f32 = 19.0;

/// Whose bytes a hex pane shows, and so what a click on one does.
#[derive(Clone, Copy)]
pub(super) enum Whose<'a> {
    /// A message's: its field is selected.
    Message {
        index: usize,
        root: &'a Field,
        /// Which buffer the bytes are, if not the message's own.
        buffer: Option<BufferId>,
    },
    /// A record's as it travelled: the byte itself is chosen.
    Record(usize),
}

/// What a hex pane shows.
pub(super) struct Pane<'a> {
    pub whose: Whose<'a>,
    pub bytes: &'a [u8],
    /// The lit bytes.
    pub lit: Range<usize>,
    pub shows_text: bool,
}

/// The bytes that a field's range counts in: the message's own, or what it carried compressed.
pub(super) fn bytes_of<'a>(
    analysis: &'a Analysis,
    message: &'a Message,
    field: Option<&Field>,
) -> (&'a [u8], Option<BufferId>) {
    let buffer = field.and_then(|field| field.buffer);
    match buffer.and_then(|id| analysis.transcript.buffers.get(id.0)) {
        Some(opened) => (&opened.bytes, buffer),
        None => (&message.bytes, None),
    }
}

impl Pane<'_> {
    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.bytes.len().div_ceil(PER_ROW).max(1)
    }

    /// Paints rows and answers the pointer. `salt` keeps two panes of one message apart.
    pub(super) fn show(&self, ui: &mut Ui, rows: Range<usize>, salt: &str, commands: &mut Vec<Command>) {
        let palette = theme::palette(ui);
        let (font, gap) = if self.shows_text {
            (theme::mono(10.0), 2.9)
        } else {
            (theme::mono(size::SMALL + 0.5), 4.6)
        };
        let pitch = ui
            .painter()
            .layout_no_wrap("00".to_owned(), font.clone(), *palette.text)
            .size()
            .x
            + gap;
        for row in rows {
            let start = row * PER_ROW;
            let end = (start + PER_ROW).min(self.bytes.len());
            let Some(bytes) = self.bytes.get(start..end) else {
                continue;
            };
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
            let geometry = Geometry {
                rect,
                pitch,
                left: rect.left() + if self.shows_text { 34.0 } else { 46.0 },
            };
            self.row(ui, start, bytes, &geometry, &font);
            self.pointer(ui, start, bytes.len(), &geometry, (row, salt), commands);
        }
    }

    fn row(&self, ui: &Ui, start: usize, bytes: &[u8], geometry: &Geometry, font: &FontId) {
        let palette = theme::palette(ui);
        let painter = ui.painter();
        let y = geometry.rect.center().y;
        let text = |at: Pos2, words: &str, color: Color32| {
            painter.text(at, Align2::LEFT_CENTER, words, font.clone(), color);
        };
        text(
            pos2(geometry.rect.left() + 4.0, y),
            &format!("{start:04x}"),
            *palette.text_muted,
        );
        // One light for a run of lit bytes, so that it reads as one thing.
        let lit = self.lit.start.max(start)..self.lit.end.min(start + bytes.len());
        if lit.start < lit.end {
            let from = geometry.x(lit.start - start) - 2.0;
            let to = geometry.x(lit.end - 1 - start) + geometry.pitch - 2.5;
            let area = Rect::from_min_max(pos2(from, geometry.rect.top()), pos2(to, geometry.rect.bottom()));
            painter.rect_filled(area, 3.0, *palette.byte_lit);
        }
        for (index, byte) in bytes.iter().enumerate() {
            let is_lit = self.lit.contains(&(start + index));
            let color = if is_lit {
                *palette.text_strong
            } else {
                *palette.text
            };
            text(pos2(geometry.x(index), y), &format!("{byte:02x}"), color);
        }
        let text_x = geometry.x(PER_ROW) + 5.0;
        if self.shows_text && text_x + 90.0 < geometry.rect.right() {
            let readable: String = bytes
                .iter()
                .map(|byte| {
                    if byte.is_ascii_graphic() || *byte == b' ' {
                        char::from(*byte)
                    } else {
                        '·'
                    }
                })
                .collect();
            text(pos2(text_x, y), &readable, *palette.text_muted);
        }
    }

    fn pointer(
        &self,
        ui: &mut Ui,
        start: usize,
        count: usize,
        geometry: &Geometry,
        salt: (usize, &str),
        commands: &mut Vec<Command>,
    ) {
        let width = geometry.x(count) - geometry.left;
        let area = Rect::from_min_size(pos2(geometry.left, geometry.rect.top()), vec2(width, ROW_HEIGHT));
        let id = match self.whose {
            Whose::Message { index, .. } => Id::unique(("hex", index, salt)),
            Whose::Record(record) => Id::unique(("hex of a record", record, salt)),
        };
        let response = ui.interact(area, id, Sense::click());
        response.widget_info(|| {
            WidgetInfo::labeled(
                Role::Button,
                true,
                format!("Bytes {start:04x} to {:04x}", start + count.saturating_sub(1)),
            )
        });
        let Some(pointer) = response.interact_pointer_pos().or_else(|| response.hover_pos()) else {
            return;
        };
        let index = geometry.index(pointer.x).min(count.saturating_sub(1));
        let (message, root, buffer) = match self.whose {
            Whose::Message { index, root, buffer } => (index, root, buffer),
            Whose::Record(record) => {
                if response.clicked() {
                    let byte = start + index;
                    commands.push(Command::Wire(WireCommand::Choose(WireByte { record, byte })));
                }
                return;
            }
        };
        let Some(path) = root.path_to_byte(buffer, start + index) else {
            return;
        };
        if response.clicked() {
            commands.push(Command::View(ViewCommand::Select(Selection::Field {
                message,
                path,
            })));
            return;
        }
        if let Some(field) = root.at(&path) {
            let words = format!("{}  {}", field.name, field.value);
            response.on_hover_text_at_pointer(words.trim());
        }
    }
}

struct Geometry {
    rect: Rect,
    pitch: f32,
    left: f32,
}

impl Geometry {
    /// Where a byte's pair begins; a little more room after the eighth.
    fn x(&self, index: usize) -> f32 {
        self.left + index as f32 * self.pitch + if index >= 8 { 5.0 } else { 0.0 }
    }

    fn index(&self, x: f32) -> usize {
        let raw = (x - self.left) / self.pitch;
        let shifted = if raw > 8.0 {
            (x - self.left - 5.0) / self.pitch
        } else {
            raw
        };
        shifted.max(0.0) as usize
    }
}
