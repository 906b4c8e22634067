//! The right: everything about the one selection, on six tabs.

mod bytes;
mod certificate;
mod chain;
mod checks;
mod elsewhere;
mod evidence;
mod explain;
mod fetching;
mod field;
mod fields;
mod fixes;
mod fold;
mod graph;
mod headline;
mod here;
mod hex;
mod keys;
mod mend;
mod opinions;
mod others;
mod paths;
mod repair;
mod rosetta;
mod so_far;
mod step_note;
mod told;
mod why;
mod wire;
mod withhold;

use egui::{Ui, vec2};

use super::draw;
use super::theme::{self, Weight, size};
use super::widgets::tab_strip;
use crate::analysis::Analysis;
use crate::state::{Command, InspectorTab, State, ViewCommand};

/// How a run ended, in words: its first cause, or that there is none.
pub fn answer_of(analysis: &Analysis) -> (String, String) {
    match analysis.diagnosis.causes.first() {
        Some(cause) => (cause.title.clone(), cause.detail.clone()),
        None => analysis.without_cause(),
    }
}

/// The inspector.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    egui::Frame::new()
        .inner_margin(egui::Margin {
            left: 14,
            right: 14,
            top: 14,
            bottom: 8,
        })
        .show(ui, |ui| {
            let Some(analysis) = state.analysis() else {
                let palette = theme::palette(ui);
                draw::body(
                    ui,
                    "What happened, and why, will be told here.",
                    *palette.text_muted,
                );
                return;
            };
            ui.spacing_mut().item_spacing.y = 8.0;
            // The tabs never move: what changes stands below them.
            tabs(ui, state, commands);
            header(ui, state, analysis, commands);
            ui.add_space(2.0);
            match state.tab {
                InspectorTab::Why => {
                    // Another cause is read from its top, and each is found again where it was left.
                    let salt = told::cause(state, analysis).map_or("why", |cause| cause.id.word());
                    scrolled(ui, salt, |ui| why::show(ui, state, analysis, commands));
                }
                InspectorTab::Checks => {
                    scrolled(ui, "checks", |ui| checks::show(ui, state, analysis, commands))
                }
                InspectorTab::Chain => scrolled(ui, "chain", |ui| chain::show(ui, state, analysis, commands)),
                InspectorTab::Fields => fields::show(ui, state, analysis, commands),
                InspectorTab::Bytes => bytes::show(ui, state, analysis, commands),
                InspectorTab::Keys => scrolled(ui, "keys", |ui| keys::show(ui, state, analysis, commands)),
            }
        });
}

/// How much of the margin at the right is the scroll bar's.
const SCROLL_BAR_STRIP: f32 = 12.0;

fn scrolled(ui: &mut Ui, salt: &str, add: impl FnOnce(&mut Ui)) {
    // The scroll bar stands in the margin: what is scrolled ends where everything else does, and nothing lies under the bar.
    let mut rect = ui.available_rect_before_wrap();
    rect.max.x += SCROLL_BAR_STRIP;
    ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
        egui::ScrollArea::vertical()
            .id_salt(salt)
            .auto_shrink([false, false])
            .show(ui, |ui| {
                ui.set_width(ui.available_width() - SCROLL_BAR_STRIP);
                add(ui);
            });
    });
}

/// What is selected, in one line; the cause itself where Why is open.
fn header(ui: &mut Ui, state: &State, analysis: &Analysis, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    if state.tab == InspectorTab::Why {
        headline::show(ui, state, analysis, commands);
        return;
    }
    ui.horizontal(|ui| {
        let (title, pills) = what_is_selected(state, analysis);
        let width = ui.available_width()
            - pills
                .iter()
                .map(|pill| pill.len() as f32 * 6.4 + 26.0)
                .sum::<f32>();
        ui.allocate_ui(vec2(width.max(80.0), 28.0), |ui| {
            ui.add(
                egui::Label::new(
                    egui::RichText::new(draw::drawn(&title))
                        .font(theme::text(size::LEAD, Weight::SemiBold))
                        .color(*palette.text_strong),
                )
                .truncate(),
            );
        });
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            for pill in pills.iter().rev() {
                draw::pill(ui, pill, *palette.text_muted);
            }
        });
    });
}

fn what_is_selected(state: &State, analysis: &Analysis) -> (String, Vec<String>) {
    let message = told::message(state, analysis)
        .filter(|_| matches!(state.tab, InspectorTab::Fields | InspectorTab::Bytes));
    if let Some(message) = message.and_then(|index| analysis.transcript.messages.get(index)) {
        let way = format!("{} → {}", message.side.word(), message.side.peer().word());
        return (
            message.kind.to_string(),
            vec![
                way,
                format!("{} B", crate::decode::thousands(message.bytes.len())),
            ],
        );
    }
    match state.tab {
        InspectorTab::Checks => {
            let failed = analysis
                .diagnosis
                .matrix
                .iter()
                .filter(|row| row.outcome == crate::diagnose::Outcome::Fail)
                .count();
            let words = match failed {
                0 => "none fails".to_owned(),
                1 => "1 fails".to_owned(),
                count => format!("{count} fail"),
            };
            let is_told = state.playback.is_at_end();
            (
                "Every check".to_owned(),
                if is_told { vec![words] } else { Vec::new() },
            )
        }
        InspectorTab::Chain => ("Both chains".to_owned(), Vec::new()),
        InspectorTab::Keys => ("Keys and proofs".to_owned(), Vec::new()),
        _ => ("The handshake".to_owned(), Vec::new()),
    }
}

fn tabs(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let names = InspectorTab::ALL.map(|tab| format!("{tab:?}"));
    let open = InspectorTab::ALL.iter().position(|tab| *tab == state.tab);
    let clicked = tab_strip(ui, "inspector tab", &names, open.unwrap_or_default());
    if let Some(tab) = clicked.and_then(|index| InspectorTab::ALL.get(index)) {
        commands.push(Command::View(ViewCommand::ShowTab(*tab)));
    }
}
