//! The fixes beside the recommended one, with the reader's own tool; and the rule behind it.

use egui::{Role, Ui, WidgetInfo};

use super::fixes::{self, Fixes};
use crate::diagnose::{Cause, Tool};
use crate::state::{Command, Document, Section, SettingsCommand, State};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// The section: what was proven besides, then what is known, for one tool at a time.
pub(super) fn show(ui: &mut Ui, state: &State, fixes: &Fixes<'_>, commands: &mut Vec<Command>) {
    let unproven = why_unproven(state);
    if fixes.others() == 0 && unproven.is_none() {
        return;
    }
    let note = match fixes.others() {
        0 => "none proven".to_owned(),
        count => count.to_string(),
    };
    super::fold::section(
        ui,
        state,
        Section::OtherFixes,
        ("Other fixes", &note),
        commands,
        |ui, commands| {
            let palette = theme::palette(ui);
            for fix in &fixes.proven {
                super::repair::proven(ui, state, fix, commands);
            }
            known(ui, state, fixes, commands);
            if let Some(words) = unproven {
                draw::body(ui, &words, *palette.text_muted);
            }
        },
    );
}

fn known(ui: &mut Ui, state: &State, fixes: &Fixes<'_>, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let offered = fixes::tools(&fixes.remedies);
    let shown = fixes::shown_tool(state.settings.tool, &fixes.remedies);
    if offered.len() > 1 {
        tools(ui, &offered, shown, commands);
    }
    for remedy in &fixes.remedies {
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

/// Why no fix was proven, where none could be tried.
fn why_unproven(state: &State) -> Option<String> {
    let document = state.document().filter(|document| !document.is_lab())?;
    if state.fix_search().is_some() {
        return None;
    }
    let is_packets = |document: &Document| document.connection.is_some();
    let what = if is_packets(document) {
        "packets hold"
    } else {
        "a session holds"
    };
    Some(format!(
        "A fix is proven by running it, and that needs the private keys: {what} none. Load the files in the Lab and run them \
         there; what works is then offered here."
    ))
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

/// The rule that is broken, for whoever wants the section of the RFC.
pub(super) fn rule(ui: &mut Ui, state: &State, cause: &Cause, commands: &mut Vec<Command>) {
    if cause.rule.is_empty() {
        return;
    }
    super::fold::section(ui, state, Section::Rule, ("The rule", ""), commands, |ui, _| {
        let palette = theme::palette(ui);
        draw::body(ui, &cause.rule, *palette.text_muted);
    });
}
