//! Bytes: the whole message in hexadecimal. A click on a byte selects its field.

use egui::Ui;

use super::hex::{Pane, ROW_HEIGHT, Whose, bytes_of};
use super::{fields, told, wire};
use crate::analysis::Analysis;
use crate::state::{Command, State};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

pub(super) fn show(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let Some((index, message)) = told::message(state, analysis)
        .and_then(|index| Some((index, analysis.transcript.messages.get(index)?)))
    else {
        draw::body(ui, "No message yet.", *palette.text_muted);
        return;
    };
    fields::chooser(ui, state, analysis, index, commands);
    wire::switch(ui, state, commands);
    if state.wire.is_shown {
        wire::show(ui, state, analysis, message, commands);
        return;
    }
    let selected = fields::selected(state, index).and_then(|path| message.root.at(path));
    let lit = selected.map_or(0..0, |field| field.range.clone());
    let (name, value) = selected.map_or_else(
        || ("Click a byte: its field is selected".to_owned(), String::new()),
        |field| (field.name.to_string(), field.value.clone().into_owned()),
    );
    ui.horizontal(|ui| {
        ui.label(
            egui::RichText::new(name)
                .font(theme::text(size::BODY, Weight::SemiBold))
                .color(*palette.text_strong),
        );
        ui.add(
            egui::Label::new(
                egui::RichText::new(draw::drawn(&value))
                    .font(theme::mono(size::SMALL + 0.5))
                    .color(*palette.accent),
            )
            .truncate(),
        );
    });
    let (bytes, buffer) = bytes_of(analysis, message, selected);
    let what = match buffer {
        Some(_) => "decompressed",
        None => fields::protection_words(message),
    };
    let where_ = format!(
        "{} · bytes 0x{:02x}–0x{:02x} of {}",
        what,
        lit.start,
        lit.end.saturating_sub(1).max(lit.start),
        crate::decode::thousands(bytes.len())
    );
    ui.label(
        egui::RichText::new(where_)
            .font(theme::text(size::SMALL, Weight::Regular))
            .color(*palette.text_muted),
    );
    let first_row = lit.start / 16;
    let pane = Pane {
        whose: Whose::Message {
            index,
            root: &message.root,
            buffer,
        },
        bytes,
        lit,
        shows_text: true,
    };
    egui::Frame::new()
        .fill(*palette.code)
        .corner_radius(theme::radius::SMALL)
        .inner_margin(6)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let mut area = egui::ScrollArea::vertical()
                .id_salt(("all bytes", index))
                .auto_shrink([false, false]);
            // When another field is chosen elsewhere, its bytes come into sight.
            let key = egui::Id::unique("bytes shown");
            let now = (index, first_row);
            if ui.data(|data| data.get_temp::<(usize, usize)>(key)) != Some(now) {
                ui.data_mut(|data| data.insert_temp(key, now));
                area = area.vertical_scroll_offset((first_row as f32 - 3.0).max(0.0) * ROW_HEIGHT);
            }
            area.show_rows(ui, ROW_HEIGHT, pane.rows(), |ui, rows| {
                pane.show(ui, rows, "all", commands)
            });
        });
}
