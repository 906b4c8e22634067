//! The notes: small sentences at the window's bottom left, over the set-up and not over what is being watched.

use egui::{Context, CornerRadius, Frame, Id, Margin, RichText, Stroke, vec2};
use egui_material_icons::icons;

use super::theme::{self, Weight, palette, radius, size};
use crate::state::{Command, NoteKind, State, WindowCommand};

/// Between the notes and the playback bar.
const ABOVE_PLAYBACK: f32 = 13.0;

/// Shows the notes.
pub fn show(context: &Context, state: &State, commands: &mut Vec<Command>) {
    let height_id = Id::unique("height of the notes");
    if state.notes.is_empty() {
        // The set-up panel left room for the notes: once more it is laid out, without them.
        if context
            .data_mut(|data| data.remove_temp::<f32>(height_id))
            .is_some()
        {
            context.request_repaint_after(std::time::Duration::ZERO);
        }
        return;
    }
    let area = egui::Area::new(Id::unique("notes"))
        .anchor(
            egui::Align2::LEFT_BOTTOM,
            vec2(14.0, -(super::zones::BOTTOM + ABOVE_PLAYBACK)),
        )
        .order(egui::Order::Foreground)
        .show(context, |ui| {
            ui.set_max_width(460.0);
            for note in state.notes.iter() {
                let p = palette(ui);
                let (icon, colour) = match note.kind {
                    NoteKind::Done => (icons::ICON_CHECK, *p.good),
                    NoteKind::Told => (icons::ICON_INFO, *p.accent),
                    NoteKind::Trouble => (icons::ICON_ERROR, *p.bad),
                };
                let frame = Frame::new()
                    .fill(*p.card)
                    .stroke(Stroke::new(1.0, colour))
                    .corner_radius(CornerRadius::same(radius::CARD))
                    .inner_margin(Margin::symmetric(12, 8))
                    .shadow(ui.visuals().popup_shadow);
                frame.show(ui, |ui| {
                    ui.horizontal_top(|ui| {
                        ui.label(
                            RichText::new(icon.codepoint)
                                .font(theme::icon(18.0))
                                .color(colour),
                        );
                        let text =
                            RichText::new(&note.text).font(theme::text(size::BODY - 0.5, Weight::Regular));
                        ui.scope(|ui| {
                            ui.set_max_width(380.0);
                            ui.add(egui::Label::new(text.color(*p.text_strong)).wrap());
                        });
                        let cross = RichText::new(icons::ICON_CLOSE.codepoint).font(theme::icon(15.0));
                        let button = egui::Button::new(cross.color(*p.text_muted)).frame_when_inactive(false);
                        let close = ui.add(button.min_size(vec2(22.0, 22.0)));
                        close.widget_info(|| {
                            egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, "Dismiss the note")
                        });
                        if close.clicked() {
                            commands.push(Command::Window(WindowCommand::DismissNote(note.id)));
                        }
                    });
                });
            }
        });
    // The set-up below them gives way: it can be scrolled up from under them.
    let height = area.response.rect.height() + ABOVE_PLAYBACK;
    let before = context.data_mut(|data| data.get_temp::<f32>(height_id).unwrap_or_default());
    if (height - before).abs() > 0.5 {
        context.data_mut(|data| data.insert_temp(height_id, height));
        context.request_repaint_after(std::time::Duration::ZERO);
    }
}

/// How much of the left panel's foot the notes lie over.
pub fn height(context: &Context) -> f32 {
    let id = Id::unique("height of the notes");
    context.data(|data| data.get_temp(id)).unwrap_or_default()
}
