//! What lies at hand in a lesson's set-up: its certificates, each with the places that it can be put into.

use egui::{Button, Popup, Role, Ui, WidgetInfo, vec2};

use crate::capture::Side;
use crate::lesson::AtHand;
use crate::state::{Command, WorkshopCommand};
use crate::ui::draw;
use crate::ui::theme::{self, size};
use crate::ui::widgets::{heading, menu_spacing};

/// More than these are no help.
const MOST: usize = 24;

/// Shows it.
pub fn show(ui: &mut Ui, at_hand: &[AtHand], commands: &mut Vec<Command>) {
    if at_hand.is_empty() {
        return;
    }
    heading(ui, "At hand in this lesson");
    for (index, one) in at_hand.iter().enumerate().take(MOST) {
        let room = ui.available_width() - 44.0;
        let font = theme::mono(size::MONO - 0.5);
        let label = draw::drawn(&one.label);
        let words = format!("{} ▾", draw::middle_cut(ui.painter(), &label, &font, room));
        let text = egui::RichText::new(words).font(font);
        let button = Button::new(text).min_size(vec2(ui.available_width(), 28.0));
        let response = ui.add(button.wrap_mode(egui::TextWrapMode::Truncate));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("At hand: {label}")));
        Popup::menu(&response).accessible_name(&*label).show(|ui| {
            menu_spacing(ui, 190.0);
            for side in Side::BOTH {
                let (words, command) = if one.is_authority {
                    (
                        format!("The {} trusts it, too", side.word()),
                        WorkshopCommand::Trust(side, index),
                    )
                } else {
                    (
                        format!("The {} presents it", side.word()),
                        WorkshopCommand::Present(side, index),
                    )
                };
                if ui.button(words).clicked() {
                    commands.push(Command::Workshop(command));
                    ui.close();
                }
            }
        });
        response.on_hover_text(label.as_ref());
    }
}
