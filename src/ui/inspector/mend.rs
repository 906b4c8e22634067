//! What mends it, with the reader's own tool; and the rule behind it.

use egui::{Role, Ui, WidgetInfo};

use crate::diagnose::{Cause, Tool};
use crate::state::{Command, SettingsCommand, State};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// What to do, for one tool at a time: the one that the reader chose last, where it has anything to say.
pub(super) fn show(ui: &mut Ui, state: &State, cause: &Cause, commands: &mut Vec<Command>) {
    if cause.remedies.is_empty() {
        return;
    }
    let palette = theme::palette(ui);
    ui.add_space(8.0);
    draw::heading(ui, "Fix it");
    let offered: Vec<Tool> = Tool::ALL
        .into_iter()
        .filter(|tool| cause.remedies.iter().any(|remedy| remedy.tool == Some(*tool)))
        .collect();
    let shown = state
        .settings
        .tool
        .filter(|tool| offered.contains(tool))
        .or(offered.first().copied());
    if offered.len() > 1 {
        tools(ui, &offered, shown, commands);
    }
    for remedy in &cause.remedies {
        if remedy.tool.is_some() && remedy.tool != shown {
            continue;
        }
        draw::body(ui, &remedy.text, *palette.text);
        if !remedy.commands.is_empty() {
            draw::commands(ui, &remedy.commands, commands);
        }
        ui.add_space(2.0);
    }
}

/// One word for each tool; the one whose commands are shown is marked.
fn tools(ui: &mut Ui, offered: &[Tool], shown: Option<Tool>, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(2.0, 2.0);
        ui.spacing_mut().button_padding = egui::vec2(7.0, 2.0);
        for tool in offered {
            let is_shown = shown == Some(*tool);
            let color = if is_shown {
                *palette.text_strong
            } else {
                *palette.text_muted
            };
            let weight = if is_shown {
                Weight::SemiBold
            } else {
                Weight::Medium
            };
            let text = egui::RichText::new(tool.name())
                .font(theme::text(size::SMALL + 0.5, weight))
                .color(color);
            let button = egui::Button::new(text).corner_radius(theme::radius::SMALL);
            let button = if is_shown {
                button.fill(*palette.control_active).stroke(egui::Stroke::NONE)
            } else {
                button.frame_when_inactive(false)
            };
            let response = ui.add(button);
            let label = format!("Fix it with {}", tool.name());
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_shown, &label));
            if response.clicked() && !is_shown {
                commands.push(Command::Settings(SettingsCommand::SetTool(*tool)));
            }
        }
    });
}

/// The rule that is broken, for whoever wants the section.
pub(super) fn rule(ui: &mut Ui, cause: &Cause) {
    if cause.rule.is_empty() {
        return;
    }
    let palette = theme::palette(ui);
    ui.add_space(8.0);
    draw::heading(ui, "The rule");
    draw::body(ui, &cause.rule, *palette.text_muted);
}
