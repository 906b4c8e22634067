//! One coloured line over the stage that tells something of the run below it, with a button at its end.

use egui::{Align, Button, Color32, Frame, Layout, Margin, RichText, Ui, WidgetInfo, accesskit::Role};

use super::draw;
use super::theme::{self, Weight, palette, size};

/// What stands on the line.
pub struct News<'a> {
    /// The sign before the words, in its colour, and the colour of the line.
    pub icon: &'a str,
    /// The sign's colour.
    pub ink: Color32,
    /// The line's colour.
    pub fill: Color32,
    /// Cut off where there is no room.
    pub words: &'a str,
    /// What the pointer tells of words that may be cut off; empty for words that never are.
    pub hover: &'a str,
    /// What can be done about it.
    pub button: NewsButton<'a>,
}

/// The button at the end.
pub struct NewsButton<'a> {
    /// Its sign.
    pub icon: &'a str,
    /// Its word.
    pub word: &'a str,
    /// What it is called where it is not seen.
    pub spoken: &'a str,
    /// What the pointer tells.
    pub hover: &'a str,
    /// It can be pressed now.
    pub is_enabled: bool,
}

/// Shows the line; true where its button was clicked.
pub fn show(ui: &mut Ui, news: &News<'_>) -> bool {
    let p = palette(ui);
    let mut is_clicked = false;
    Frame::new()
        .inner_margin(Margin::symmetric(14, 6))
        .fill(news.fill)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                ui.label(RichText::new(news.icon).font(theme::icon(16.0)).color(news.ink));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let button = &news.button;
                    let sign = RichText::new(button.icon).font(theme::icon(15.0));
                    let response = ui.add_enabled(button.is_enabled, Button::new((sign, button.word)));
                    response
                        .widget_info(|| WidgetInfo::labeled(Role::Button, button.is_enabled, button.spoken));
                    is_clicked = response.on_hover_text(button.hover).clicked();
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let words = RichText::new(draw::drawn(news.words))
                            .font(theme::text(size::BODY, Weight::Medium))
                            .color(*p.text_strong);
                        let label = ui.add(egui::Label::new(words).truncate());
                        if !news.hover.is_empty() {
                            label.on_hover_text(news.hover);
                        }
                    });
                });
            });
        });
    is_clicked
}
