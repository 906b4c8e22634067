//! The time machine's panel: a lane for each validity window, the verdict over them, and a needle to drag.
//!
//! `scale` maps seconds to points and back, `paint` draws. The verdict under the needle comes from the line that the worker
//! made: nothing runs while it is dragged.

mod measures;
mod paint;
mod scale;

use egui::{Align, Layout, RichText, Sense, Ui, WidgetInfo, accesskit::Role, vec2};
use egui_material_icons::icons;

use self::measures::{LANE, MOST_LANES, NAMES, STRIP, TICKS, sign};
use self::scale::Scale;
use super::at_right;
use super::theme::{self, Weight, palette, size};
use super::widgets::{heading, icon_button};
use crate::experiment::time::{Failure, Span, TimeLine, moment_words};
use crate::state::{Command, LabCommand, State, TimeCommand};

/// The buttons' row.
const HEADER: f32 = 34.0;
/// The verdict in words.
const VERDICT: f32 = 20.0;
/// A pointer so near to a date means the date, in points.
const SNAP: f32 = 7.0;

/// How high the panel is; `None` while it is closed.
pub fn height(state: &State) -> Option<f32> {
    // In a lesson it would tell when the pair works before anybody guessed.
    if !state.time.is_open || state.keeps_lesson_back() {
        return None;
    }
    let lanes = state
        .time
        .line
        .as_ref()
        .map_or(0, |line| line.windows.len().min(MOST_LANES + 1));
    Some(HEADER + VERDICT + STRIP + lanes as f32 * LANE + TICKS + 22.0)
}

/// Shows the panel.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let line = state.time.line.as_deref();
    let needle = state.needle_unix_s();
    header(ui, state, line, needle, commands);
    let Some(line) = line else {
        ui.label(RichText::new("Working out when this pair works…").color(*palette(ui).text_muted));
        return;
    };
    // Before the playhead has come to the end, nothing tells how it ends.
    let is_told = state.shows_fits();
    match line.at(needle) {
        Some(span) if is_told => verdict(ui, state, span),
        _ => not_told(ui),
    }
    let lanes = line.windows.len().min(MOST_LANES + 1) as f32;
    let (rect, _) = ui.allocate_exact_size(
        vec2(ui.available_width(), STRIP + lanes * LANE + TICKS),
        Sense::hover(),
    );
    let mut chart = rect;
    chart.min.x += NAMES;
    chart.max.x -= 10.0;
    let scale = Scale::of(line, chart.x_range());
    let response = ui.interact(chart, ui.scope_id().with("needle"), Sense::click_and_drag());
    let span_at_needle = line.at(needle).filter(|_| is_told);
    let words = span_at_needle.map_or_else(String::new, Span::words);
    let spoken = format!("The time is {}: {words}", moment_words(needle));
    response.widget_info(|| {
        let mut info = WidgetInfo::slider(true, needle as f64, &spoken);
        info.label = Some(spoken.clone());
        info
    });
    paint::chart(ui, rect, line, &scale, (needle, is_told), &response);
    drag(ui, state, &scale, &response, commands);
    if is_told
        && !response.dragged()
        && let Some(span) = response
            .hover_pos()
            .and_then(|at| line.at(scale.time_at(at.x, SNAP)))
    {
        let words = format!(
            "{} to {}\n{}",
            moment_words(span.from_unix_s),
            moment_words(span.until_unix_s),
            span.words()
        );
        response.on_hover_text_at_pointer(words);
    }
}

/// Dragging moves the needle, letting go sets the clocks; arrows move it by a second where it has the focus.
fn drag(ui: &Ui, state: &State, scale: &Scale, response: &egui::Response, commands: &mut Vec<Command>) {
    let pointed = response
        .interact_pointer_pos()
        .map(|pointer| scale.time_at(pointer.x, SNAP));
    if let Some(unix_s) = pointed.filter(|_| response.clicked()) {
        commands.push(Command::Lab(LabCommand::SetClock(Some(unix_s))));
    } else if let Some(unix_s) = pointed.filter(|_| response.dragged()) {
        if state.time.dragged_to != Some(unix_s) {
            commands.push(Command::Time(TimeCommand::DragNeedle(unix_s)));
        }
    } else if let Some(unix_s) = pointed
        .or(state.time.dragged_to)
        .filter(|_| response.drag_stopped())
    {
        commands.push(Command::Lab(LabCommand::SetClock(Some(unix_s))));
    }
    if response.has_focus() {
        let (left, right) = ui.input(|input| {
            (
                input.key_pressed(egui::Key::ArrowLeft),
                input.key_pressed(egui::Key::ArrowRight),
            )
        });
        let by = i64::from(right) - i64::from(left);
        if by != 0 {
            commands.push(Command::Lab(LabCommand::SetClock(Some(
                state.needle_unix_s() + by,
            ))));
        }
    }
}

fn header(ui: &mut Ui, state: &State, line: Option<&TimeLine>, needle: i64, commands: &mut Vec<Command>) {
    let p = palette(ui);
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), HEADER),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            heading(ui, "Time machine");
            ui.label(
                RichText::new(moment_words(needle))
                    .font(theme::mono(size::MONO))
                    .color(*p.text_strong),
            );
            at_right::show(ui, "time machine", |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                edge_button(
                    ui,
                    icons::ICON_SKIP_PREVIOUS.codepoint,
                    "To the change before",
                    line.and_then(|line| line.edge_before(needle)),
                    commands,
                );
                let now = ui.add_enabled(
                    state.lab.setup.sides.client.policy.clock_unix_s.is_some() || state.clocks_differ(),
                    egui::Button::new("Now").min_size(vec2(0.0, 28.0)),
                );
                now.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Back to now"));
                if now.clicked() {
                    commands.push(Command::Lab(LabCommand::SetClock(None)));
                }
                edge_button(
                    ui,
                    icons::ICON_SKIP_NEXT.codepoint,
                    "To the next change",
                    line.and_then(|line| line.edge_after(needle)),
                    commands,
                );
                if icon_button(ui, icons::ICON_CLOSE.codepoint, "Close the time machine").clicked() {
                    commands.push(Command::Time(TimeCommand::ToggleTimeMachine));
                }
            });
        },
    );
}

/// Stands where the verdict will.
fn not_told(ui: &mut Ui) {
    let words = RichText::new("When it works and when it fails is told at the end of the playback.");
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), VERDICT),
        Layout::left_to_right(Align::Center),
        |ui| ui.label(words.color(*palette(ui).text_muted)),
    );
}

/// What holds under the needle, in words.
fn verdict(ui: &mut Ui, state: &State, span: &Span) {
    let p = palette(ui);
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), VERDICT),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let (sign, ink) = sign(span.works(), p);
            ui.label(RichText::new(sign).font(theme::icon(16.0)).color(ink));
            let mut words = span.words();
            if state.clocks_differ() && state.time.dragged_to.is_none() {
                words.push_str("; here both clocks move together, in the set-up they differ");
            }
            let words = RichText::new(words)
                .font(theme::text(size::BODY, Weight::Medium))
                .color(ink);
            ui.add(egui::Label::new(words).truncate())
                .on_hover_text(all_words(span));
        },
    );
}

fn all_words(span: &Span) -> String {
    if span.works() {
        return span.words();
    }
    let lines: Vec<String> = span.failures.iter().map(Failure::words).collect();
    lines.join("\n")
}

fn edge_button(ui: &mut Ui, icon: &str, words: &str, edge: Option<i64>, commands: &mut Vec<Command>) {
    ui.add_enabled_ui(edge.is_some(), |ui| {
        let hover = edge.map_or_else(
            || words.to_owned(),
            |edge| format!("{words}: {}", moment_words(edge)),
        );
        let response = icon_button(ui, icon, words);
        if response.on_hover_text(hover).clicked() {
            commands.extend(edge.map(|edge| Command::Lab(LabCommand::SetClock(Some(edge)))));
        }
    });
}
