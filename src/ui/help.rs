//! The list of keys, from the table that the keyboard itself uses.

use egui::{Context, CornerRadius, Frame, Id, Layout, Margin, Modal, RichText, Stroke, Ui, vec2};
use egui_material_icons::icons;

use super::theme::{self, Weight, palette, palette_for, radius, size};
use super::widgets::icon_button;
use crate::state::{Command, OTHER_KEYS, State, WindowCommand, shortcuts};

/// Between a dialog's edge and what is in it.
const INSIDE: f32 = 20.0;
/// Between a dialog and the window's edge, at least.
const OUTSIDE: f32 = 8.0;

/// The frame that every dialog stands in.
pub fn dialog_frame(context: &Context) -> Frame {
    let style = context.global_style();
    let p = palette_for(style.visuals.dark_mode);
    Frame::new()
        .fill(*p.panel)
        .stroke(Stroke::new(1.0, *p.border))
        .corner_radius(CornerRadius::same(radius::CARD + 3))
        .inner_margin(Margin::same(INSIDE as i8))
        .shadow(style.visuals.window_shadow)
}

/// How wide a dialog is: as wide as it would be, and not wider than the window.
pub fn dialog_width(context: &Context, wanted: f32) -> f32 {
    wanted.min(context.content_rect().width() - 2.0 * (INSIDE + OUTSIDE))
}

/// How high the part of a dialog is that scrolls, beside a rest of this height.
pub fn scrolled_height(context: &Context, wanted: f32, rest: f32) -> f32 {
    let room = context.content_rect().height() - 2.0 * (INSIDE + OUTSIDE) - rest;
    wanted.min(room).max(32.0)
}

/// A dialog's title with its closing cross.
pub fn title(ui: &mut Ui, text: &str, commands: &mut Vec<Command>, close: Command) {
    ui.horizontal(|ui| {
        let title = RichText::new(text)
            .font(theme::text(size::LEAD + 2.0, Weight::SemiBold))
            .color(*palette(ui).text_strong);
        ui.label(title);
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, icons::ICON_CLOSE.codepoint, "Close").clicked() {
                commands.push(close);
            }
        });
    });
}

/// Shows the list while it is open.
pub fn show(context: &Context, state: &State, commands: &mut Vec<Command>) {
    if !state.dialogs.help {
        return;
    }
    let modal = Modal::new(Id::unique("help"))
        .frame(dialog_frame(context))
        .show(context, |ui| {
            ui.set_width(dialog_width(context, 440.0));
            title(
                ui,
                "Keys",
                commands,
                Command::Window(WindowCommand::ShowHelp(false)),
            );
            ui.add_space(4.0);
            // As high as its text: the list fits into the smallest window.
            ui.spacing_mut().interact_size.y = 20.0;
            let height = scrolled_height(context, f32::INFINITY, 110.0);
            let area = egui::ScrollArea::vertical()
                .max_height(height)
                .min_scrolled_height(height);
            area.show(ui, |ui| {
                egui::Grid::new("keys")
                    .num_columns(2)
                    .spacing(vec2(24.0, 4.0))
                    .show(ui, |ui| {
                        let table = shortcuts();
                        let sent = table.iter().map(|line| (line.label.as_str(), line.words));
                        for (label, words) in sent.chain(OTHER_KEYS).filter(|(_, words)| !words.is_empty()) {
                            let p = palette(ui);
                            ui.label(
                                RichText::new(label)
                                    .font(theme::mono(size::MONO))
                                    .color(*p.text_strong),
                            );
                            ui.label(RichText::new(words).color(*p.text));
                            ui.end_row();
                        }
                    })
            });
            ui.add_space(10.0);
            let words = "Drop certificates, keys or a saved session anywhere on the window.";
            ui.add(egui::Label::new(RichText::new(words).color(*palette(ui).text_muted)).wrap());
        });
    if modal.should_close() {
        commands.push(Command::Window(WindowCommand::ShowHelp(false)));
    }
}
