//! Small things that several panels draw: pills, headings, dots, choices.

use egui::{
    Align2, Color32, CornerRadius, Frame, Margin, Popup, Response, RichText, Sense, Stroke, StrokeKind,
    TextWrapMode, Ui, Vec2, WidgetInfo, accesskit::Role, vec2,
};
use egui_material_icons::icons::ICON_CLOSE;

use super::theme::{self, Weight, palette, radius, size};
use crate::printable::drawn;
use crate::state::Fit;

/// A section's heading in capitals.
pub fn heading(ui: &mut Ui, text: &str) {
    let colour = *palette(ui).text_muted;
    let text = RichText::new(text.to_uppercase())
        .font(theme::text(size::HEADING, Weight::SemiBold))
        .extra_letter_spacing(0.6)
        .color(colour);
    ui.label(text);
}

/// A heading that is a name: in its own letters.
pub fn name_heading(ui: &mut Ui, text: &str) {
    let colour = *palette(ui).text_strong;
    let text = RichText::new(drawn(text))
        .font(theme::text(size::TITLE, Weight::SemiBold))
        .color(colour);
    ui.add(egui::Label::new(text).wrap());
}

/// One line over the stage that offers something: words, and what `offers` adds after them.
pub fn offer_line(ui: &mut Ui, words: &str, close: &str, offers: impl FnOnce(&mut Ui)) -> bool {
    let p = palette(ui);
    let mut is_closed = false;
    Frame::new()
        .inner_margin(Margin::symmetric(14, 7))
        .fill(*p.card)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            // As high as the button at its end: words and button stand on one line.
            ui.spacing_mut().interact_size.y = 32.0;
            ui.horizontal_top(|ui| {
                // The cross has its place at the right, in the first line, however many there are.
                let room = (ui.available_width() - CLOSE_BUTTON).max(120.0);
                ui.allocate_ui(vec2(room, 32.0), |ui| {
                    ui.horizontal_wrapped(|ui| {
                        ui.set_width(room);
                        ui.spacing_mut().item_spacing = vec2(10.0, 4.0);
                        // An offer that does not fit goes to the next line whole.
                        ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
                        let words =
                            RichText::new(words).font(theme::text(size::SMALL + 1.0, Weight::Regular));
                        ui.label(words.color(*p.text));
                        offers(ui);
                    });
                });
                is_closed = icon_button(ui, ICON_CLOSE.codepoint, close).clicked();
            });
        });
    is_closed
}

/// Width of the close button of a banner, with the gap before it.
const CLOSE_BUTTON: f32 = 42.0;

/// A link on such a line; true where it was clicked.
pub fn offer_link(ui: &mut Ui, words: &str) -> bool {
    let words = RichText::new(words).font(theme::text(size::SMALL + 1.0, Weight::Medium));
    ui.link(words).clicked()
}

/// A small rounded word, such as `23 h left`.
pub fn pill(ui: &mut Ui, text: &str, colour: Color32) -> Response {
    let galley = ui.painter().layout_no_wrap(
        drawn(text).into_owned(),
        theme::text(size::SMALL, Weight::Regular),
        colour,
    );
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(16.0, 5.0), Sense::hover());
    let corner = CornerRadius::same((rect.height() / 2.0) as u8);
    ui.painter().rect_stroke(
        rect,
        corner,
        Stroke::new(1.0, *palette(ui).border),
        StrokeKind::Inside,
    );
    let at = Align2::CENTER_CENTER
        .align_size_within_rect(galley.size(), rect)
        .min;
    ui.painter().galley(at, galley, colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response
}

/// Paints the dot of a slot. The sign tells as much as the colour: full, a mark of exclamation, or hollow.
pub fn fit_dot(ui: &Ui, centre: egui::Pos2, fit: &Fit) {
    let p = palette(ui);
    match fit {
        Fit::Good => {
            ui.painter().circle_filled(centre, 5.0, *p.good);
        }
        Fit::Bad(_) => {
            ui.painter().circle_filled(centre, 7.0, *p.bad);
            ui.painter().text(
                centre,
                Align2::CENTER_CENTER,
                "!",
                theme::text(11.0, Weight::Bold),
                *p.panel,
            );
        }
        Fit::Unknown => {
            ui.painter()
                .circle_stroke(centre, 4.5, Stroke::new(1.5, *p.text_muted));
        }
    }
}

/// Tells a screen reader, and the tests, which field it is; `hint` is what the field suggests.
pub fn name_field(response: &Response, label: &str, value: &str, hint: &str) {
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, value, value, hint);
        info.label = Some(label.to_owned());
        info
    });
}

/// Air around the lines of a menu of the top bar.
pub fn menu_spacing(ui: &mut Ui, width: f32) {
    ui.set_min_width(width);
    ui.spacing_mut().button_padding = vec2(10.0, 3.0);
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.spacing_mut().interact_size.y = 28.0;
}

/// A button that shows a value and opens its alternatives. `label` names it for screen readers and tests.
pub fn choice(ui: &mut Ui, label: &str, value: &str, add_contents: impl FnOnce(&mut Ui)) -> Response {
    let text = RichText::new(format!("{value} ▾")).color(*palette(ui).text_strong);
    let response = ui.add(egui::Button::new(text).min_size(vec2(0.0, 26.0)).truncate());
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("{label}: {value}")));
    Popup::menu(&response).accessible_name(label).show(|ui| {
        ui.set_min_width(140.0);
        add_contents(ui);
    });
    response
}

/// One alternative of a [`choice`]; whether it was taken.
pub fn alternative(ui: &mut Ui, is_chosen: bool, text: &str) -> bool {
    let response = ui.selectable_label(is_chosen, text);
    let is_taken = response.clicked();
    if is_taken {
        ui.close();
    }
    is_taken
}

/// A button that is only an icon; `label` names it.
pub fn icon_button(ui: &mut Ui, icon: &str, label: &str) -> Response {
    icon_button_of(ui, icon, label, 18.0, 32.0)
}

/// The same in a line of text.
pub fn small_icon_button(ui: &mut Ui, icon: &str, label: &str) -> Response {
    ui.scope(|ui| {
        ui.spacing_mut().button_padding = Vec2::ZERO;
        ui.spacing_mut().interact_size.y = 18.0;
        icon_button_of(ui, icon, label, 15.0, 20.0)
    })
    .inner
}

fn icon_button_of(ui: &mut Ui, icon: &str, label: &str, points: f32, side: f32) -> Response {
    let text = RichText::new(icon)
        .font(theme::icon(points))
        .color(*palette(ui).text);
    let button = egui::Button::new(text)
        .min_size(Vec2::splat(side))
        .frame_when_inactive(false);
    let response = ui.add(button);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    response.on_hover_text(label)
}

/// A button in the accent's colour: the one thing to do next.
pub fn primary_button(ui: &mut Ui, icon: &str, text: &str, min_size: Vec2) -> Response {
    let p = palette(ui);
    let mut job = egui::text::LayoutJob::default();
    let format = |font: egui::FontId| egui::TextFormat {
        font_id: font,
        color: *p.on_accent,
        valign: egui::Align::Center,
        ..egui::TextFormat::default()
    };
    if !icon.is_empty() {
        job.append(icon, 0.0, format(theme::icon(18.0)));
    }
    job.append(
        text,
        if icon.is_empty() { 0.0 } else { 5.0 },
        format(theme::text(size::BODY, Weight::SemiBold)),
    );
    let button = egui::Button::new(job)
        .fill(*p.accent)
        .stroke(Stroke::NONE)
        .corner_radius(CornerRadius::same(radius::SMALL))
        .min_size(min_size);
    let response = ui.add(button);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text));
    response
}

/// A strip of tabs as wide as its panel; the one that was clicked.
pub fn tab_strip(ui: &mut Ui, salt: &str, names: &[String], open: usize) -> Option<usize> {
    let p = palette(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 34.0), Sense::hover());
    ui.painter().rect_filled(rect, radius::CARD, *p.card);
    let width = (rect.width() - 8.0) / names.len().max(1) as f32;
    let mut clicked = None;
    for (index, name) in names.iter().enumerate() {
        let cell = egui::Rect::from_min_size(
            rect.min + vec2(4.0 + width * index as f32, 3.0),
            vec2(width, rect.height() - 6.0),
        );
        let response = ui.interact(cell, egui::Id::unique((salt, index)), Sense::click());
        let is_open = open == index;
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_open, name));
        if is_open || response.hovered() {
            let fill = if is_open { *p.control_hover } else { *p.control };
            ui.painter().rect_filled(cell, radius::SMALL, fill);
        }
        if response.has_focus() {
            let stroke = Stroke::new(1.5, *p.accent);
            ui.painter()
                .rect_stroke(cell, radius::SMALL, stroke, StrokeKind::Inside);
        }
        let (ink, weight) = if is_open {
            (*p.text_strong, Weight::SemiBold)
        } else {
            (*p.text_muted, Weight::Medium)
        };
        let font = theme::text(size::BODY - 0.5, weight);
        ui.painter()
            .text(cell.center(), Align2::CENTER_CENTER, name, font, ink);
        if response.clicked() {
            clicked = Some(index);
        }
    }
    clicked
}
