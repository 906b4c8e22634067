//! The records that carry a message, as they travelled. Any byte can be chosen, and the handshake run with it flipped.

use egui::{RichText, Role, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::ICON_PLAY_ARROW;

use super::hex::{Pane, ROW_HEIGHT, Whose};
use crate::analysis::Analysis;
use crate::decode::{BufferKind, Message, Record, thousands};
use crate::iana;
use crate::state::{Command, State, WireByte, WireCommand};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// Bytes of a record before its payload (RFC 8446 §5.1).
const HEADER: usize = 5;
/// More records of one message are not shown.
const MOST_RECORDS: usize = 16;
const PER_ROW: usize = 16;

/// What is shown: the message, or the wire.
pub(super) fn switch(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (is_wire, words) in [(false, "The message"), (true, "On the wire")] {
            if ui
                .selectable_label(state.wire.is_shown == is_wire, words)
                .clicked()
            {
                commands.push(Command::Wire(WireCommand::Show(is_wire)));
            }
        }
    });
}

/// The records of a message, and what can be done to one of their bytes.
pub(super) fn show(
    ui: &mut Ui,
    state: &State,
    analysis: &Analysis,
    message: &Message,
    commands: &mut Vec<Command>,
) {
    let mut records: Vec<usize> = message.pieces.iter().map(|piece| piece.record).collect();
    records.dedup();
    let chosen = state.chosen_byte().filter(|byte| records.contains(&byte.record));
    flip(ui, state, analysis, chosen, commands);
    let left_out = records.len().saturating_sub(MOST_RECORDS);
    records.truncate(MOST_RECORDS);
    let shown: Vec<(usize, &Record, &[u8])> = records
        .iter()
        .filter_map(|index| {
            let record = analysis.transcript.records.get(*index)?;
            Some((*index, record, bytes_of(analysis, record)?))
        })
        .collect();
    let palette = theme::palette(ui);
    egui::Frame::new()
        .fill(*palette.code)
        .corner_radius(theme::radius::SMALL)
        .inner_margin(6)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let area = egui::ScrollArea::vertical()
                .id_salt(("records", records.first()))
                .auto_shrink([false, false]);
            // A heading and the bytes of each record, a line each.
            let lines: usize = shown.iter().map(|(_, _, bytes)| 1 + rows(bytes)).sum();
            let more = usize::from(left_out > 0);
            area.show_rows(ui, ROW_HEIGHT, lines + more, |ui, visible| {
                let mut first = 0;
                for (index, record, bytes) in &shown {
                    let last = first + 1 + rows(bytes);
                    let here = visible.start.max(first)..visible.end.min(last);
                    if here.start < here.end {
                        let within = here.start - first..here.end - first;
                        lines_of(ui, *index, record, bytes, within, chosen, commands);
                    }
                    first = last;
                }
                if more > 0 && visible.end > lines {
                    let words = format!("and {} more records", thousands(left_out));
                    small(ui, &words);
                }
            });
        });
}

fn rows(bytes: &[u8]) -> usize {
    bytes.len().div_ceil(PER_ROW).max(1)
}

/// Lines of one record: 0 is its heading.
fn lines_of(
    ui: &mut Ui,
    index: usize,
    record: &Record,
    bytes: &[u8],
    lines: std::ops::Range<usize>,
    chosen: Option<WireByte>,
    commands: &mut Vec<Command>,
) {
    if lines.start == 0 {
        let words = format!(
            "{} record · {} bytes, the first five its header{}",
            iana::named(iana::Table::ContentType, u16::from(record.content_type)),
            thousands(bytes.len()),
            record
                .altered
                .as_ref()
                .map(|words| format!(" · {words}"))
                .unwrap_or_default()
        );
        small(ui, &words);
    }
    let lit = chosen
        .filter(|byte| byte.record == index)
        .map_or(0..0, |byte| byte.byte..byte.byte + 1);
    let pane = Pane {
        whose: Whose::Record(index),
        bytes,
        lit,
        shows_text: true,
    };
    pane.show(ui, lines.start.max(1) - 1..lines.end - 1, "wire", commands);
}

fn small(ui: &mut Ui, words: &str) {
    let palette = theme::palette(ui);
    ui.allocate_ui(vec2(ui.available_width(), ROW_HEIGHT), |ui| {
        ui.set_min_height(ROW_HEIGHT);
        let text = RichText::new(words).font(theme::text(size::SMALL, Weight::Medium));
        ui.add(egui::Label::new(text.color(*palette.text_muted)).truncate());
    });
}

/// The chosen byte, and the button that flips it.
fn flip(
    ui: &mut Ui,
    state: &State,
    analysis: &Analysis,
    chosen: Option<WireByte>,
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let found = chosen.and_then(|chosen| {
        let record = analysis.transcript.records.get(chosen.record)?;
        let byte = *bytes_of(analysis, record)?.get(chosen.byte)?;
        Some((chosen, record, byte))
    });
    let Some((chosen, record, byte)) = found else {
        let words = "Choose a byte: it can be flipped on its way, and the handshake run with it.";
        draw::body(ui, words, *palette.text_muted);
        return;
    };
    let place = if chosen.byte < HEADER {
        "in the record's header"
    } else {
        "in its payload"
    };
    let words = format!(
        "Byte {} of the {}'s record is {byte:02x}, {place}. Flipped it is {:02x}.",
        thousands(chosen.byte + 1),
        record.side.word(),
        byte ^ 1
    );
    draw::body(ui, &words, *palette.text);
    let can_flip = state.can_flip();
    let button = ui.add_enabled(
        can_flip,
        egui::Button::new((
            RichText::new(ICON_PLAY_ARROW.codepoint).font(theme::icon(14.0)),
            "Flip this byte and run",
        )),
    );
    button.widget_info(|| WidgetInfo::labeled(Role::Button, can_flip, "Flip this byte and run"));
    let button =
        button.on_disabled_hover_text("Only the lab can send it once more: a recording is what it was.");
    if button.clicked() {
        commands.push(Command::Wire(WireCommand::FlipAndRun));
    }
}

/// A record as its receiver got it.
fn bytes_of<'a>(analysis: &'a Analysis, record: &Record) -> Option<&'a [u8]> {
    let mut buffers = analysis.transcript.buffers.iter();
    let wire = buffers.find(|buffer| buffer.kind == BufferKind::Wire(record.side))?;
    wire.bytes.get(record.wire.clone())
}
