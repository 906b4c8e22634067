//! The bottom: transport buttons, speed, the scrubber with a tick for each step, and the time.

use egui::{Align2, Color32, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons::{
    ICON_FIRST_PAGE, ICON_LAST_PAGE, ICON_PAUSE, ICON_PLAY_ARROW, ICON_SKIP_NEXT, ICON_SKIP_PREVIOUS,
};

use super::draw;
use super::theme::{self, Palette, size};
use crate::compare::Which;
use crate::state::{Command, Comparing, Playback, SPEEDS, State, ViewCommand};
use crate::story::{RowKind, Story, moment};

/// The playback bar, over the whole width.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let track = Track::of(ui, state);
    let has_steps = track.playback.steps() > 0 && !state.awaits_guess();
    ui.add_enabled_ui(has_steps, |ui| {
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.add_space(12.0);
            let play = if track.playback.is_playing() {
                (ICON_PAUSE, "Pause")
            } else {
                (ICON_PLAY_ARROW, "Play")
            };
            button(
                ui,
                ICON_FIRST_PAGE.codepoint,
                "To the beginning",
                false,
                Command::View(ViewCommand::First),
                commands,
            );
            button(
                ui,
                ICON_SKIP_PREVIOUS.codepoint,
                "One step back",
                false,
                Command::View(ViewCommand::StepBy(-1)),
                commands,
            );
            button(
                ui,
                play.0.codepoint,
                play.1,
                true,
                Command::View(ViewCommand::TogglePlay),
                commands,
            );
            button(
                ui,
                ICON_SKIP_NEXT.codepoint,
                "One step forward",
                false,
                Command::View(ViewCommand::StepBy(1)),
                commands,
            );
            button(
                ui,
                ICON_LAST_PAGE.codepoint,
                "To the end",
                false,
                Command::View(ViewCommand::Last),
                commands,
            );
            ui.add_space(6.0);
            speed(ui, track.playback, commands);
            ui.add_space(10.0);
            scrubber(ui, &track, commands);
        });
    });
}

fn button(
    ui: &mut Ui,
    icon: &str,
    words: &str,
    is_main: bool,
    command: Command,
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(32.0, 32.0), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, words));
    let fill = match (is_main, response.hovered()) {
        (true, _) => *palette.accent,
        (false, true) => *palette.control_hover,
        (false, false) => *palette.card,
    };
    let ink = if is_main {
        *palette.on_accent
    } else {
        *palette.text
    };
    let (fill, ink) = if enabled {
        (fill, ink)
    } else {
        (*palette.card, *palette.text_faint)
    };
    ui.painter().rect_filled(rect, theme::radius::SMALL, fill);
    draw::icon(ui.painter(), rect.center(), icon, 19.0, ink);
    if response.on_hover_text(words).clicked() {
        commands.push(command);
    }
}

fn speed(ui: &mut Ui, playback: &Playback, commands: &mut Vec<Command>) {
    let now = playback.speed();
    let text = egui::RichText::new(format!("{now}×")).font(theme::mono(size::SMALL + 0.5));
    let response = ui.add(
        egui::Button::new(text)
            .min_size(vec2(48.0, 26.0))
            .corner_radius(13),
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Speed {now} steps a second")));
    egui::Popup::menu(&response).show(|ui| {
        for speed in SPEEDS {
            if ui
                .selectable_label(
                    (speed - now).abs() < 0.01,
                    format!("{speed}× · {speed} steps a second"),
                )
                .clicked()
            {
                commands.push(Command::View(ViewCommand::SetSpeed(speed)));
                ui.close();
            }
        }
    });
}

/// What is played: a story, or the rows of two that are compared.
struct Track<'a> {
    playback: &'a Playback,
    /// A tick for each step: its colour, once the step has happened.
    ticks: Vec<Color32>,
    /// The time at the playhead.
    times: String,
    /// The usual longest of these.
    longest: &'static str,
}

impl<'a> Track<'a> {
    fn of(ui: &Ui, state: &'a State) -> Self {
        let palette = theme::palette(ui);
        if let Some(comparing) = state.comparison() {
            return Self::of_two(palette, comparing);
        }
        let story = state.analysis().map(|analysis| &analysis.story);
        Self {
            playback: &state.playback,
            ticks: story.map_or_else(Vec::new, |story| {
                let steps = 0..story.steps.len();
                steps.map(|step| tick(story, step, palette)).collect()
            }),
            times: times(state),
            longest: "12.34 / 12.34 ms",
        }
    }

    fn of_two(palette: &Palette, comparing: &'a Comparing) -> Self {
        let mut track = Self {
            playback: &comparing.playback,
            ticks: Vec::new(),
            times: String::new(),
            longest: "A 12.34 · B 12.34 ms",
        };
        let (Some(found), Some(both)) = (comparing.found(), comparing.analyses()) else {
            return track;
        };
        let color = |at: usize| {
            if found.first_difference == Some(at) {
                *palette.warn
            } else {
                *palette.text_muted
            }
        };
        track.ticks = (0..found.rows.len()).map(color).collect();
        // The last row of each that has begun.
        let seen = found
            .rows
            .get(..comparing.playback.visible_steps())
            .unwrap_or_default();
        let at = |which: Which| {
            let row = seen.iter().rev().find_map(|row| *row.rows.of(which));
            let step = row.and_then(|row| both.of(which).story.steps.get(row));
            moment(step.map_or(0, |step| step.at_us))
        };
        track.times = side_by_side(&at(Which::A), &at(Which::B));
        track
    }
}

/// `A 2.83 · B 2.18 ms`.
fn side_by_side(a: &str, b: &str) -> String {
    match (a.rsplit_once(' '), b.rsplit_once(' ')) {
        (Some((figure, unit)), Some((_, other))) if unit == other => format!("A {figure} · B {b}"),
        _ => format!("A {a} · B {b}"),
    }
}

/// The time at the playhead, and with it the time of the end once it is reached: before, it would tell how long it lasts.
fn times(state: &State) -> String {
    let steps = state.analysis().map_or(&[][..], |analysis| &analysis.story.steps);
    let at = |step: usize| steps.get(step).map_or(0, |step| step.at_us);
    let now = moment(state.visible_steps().checked_sub(1).map_or(0, at));
    if !state.playback.is_at_end() {
        return now;
    }
    let end = moment(at(steps.len().saturating_sub(1)));
    match now.rsplit_once(' ') {
        Some((figure, unit)) if end.ends_with(unit) => format!("{figure} / {end}"),
        _ => format!("{now} / {end}"),
    }
}

/// Room between the end of the rail and the time: the knob is wider than the rail's end.
const KNOB: f32 = 12.0;
/// Without so much room for the rail the time gives way.
const SHORTEST_RAIL: f32 = 80.0;

fn scrubber(ui: &mut Ui, track: &Track<'_>, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let playback = track.playback;
    let font = theme::mono(size::SMALL + 0.5);
    let words = track.times.clone();
    let measured = |text: &str| {
        let galley = ui
            .painter()
            .layout_no_wrap(text.to_owned(), font.clone(), *palette.text_muted);
        galley.size().x
    };
    // As wide as the usual longest, so that the rail keeps its length while it is played.
    let readout = measured(&words).max(measured(track.longest)) + 2.0 * KNOB + 8.0;
    let is_short = ui.available_width() - readout < SHORTEST_RAIL;
    let readout = if is_short { 2.0 * KNOB } else { readout };
    let width = (ui.available_width() - readout).max(SHORTEST_RAIL / 2.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 36.0), Sense::click_and_drag());
    let steps = playback.steps().max(1) as f32;
    let position = playback.position();
    let spoken = format!(
        "Playhead at step {} of {}",
        playback.visible_steps(),
        playback.steps()
    );
    response.widget_info(|| {
        let mut info = WidgetInfo::slider(true, f64::from(position), spoken.clone());
        info.label = Some(spoken.clone());
        info
    });
    let y = rect.center().y;
    let x = |at: f32| egui::lerp(rect.left()..=rect.right(), (at / steps).clamp(0.0, 1.0));
    let painter = ui.painter();
    let rail = |from: f32, to: f32| Rect::from_min_max(pos2(from, y - 3.0), pos2(to, y + 3.0));
    painter.rect_filled(rail(rect.left(), rect.right()), 3.0, *palette.control_hover);
    painter.rect_filled(
        rail(rect.left(), x(position)),
        3.0,
        palette.accent.gamma_multiply(0.62),
    );
    let happened = playback.ended_steps();
    for (step, color) in track.ticks.iter().enumerate() {
        // What is still to come keeps its colour to itself.
        let color = if step < happened {
            *color
        } else {
            *palette.text_faint
        };
        let at = x(step as f32 + 1.0);
        painter.rect_filled(Rect::from_center_size(pos2(at, y), vec2(2.5, 15.0)), 1.0, color);
    }
    let knob = pos2(x(position), y);
    painter.circle_filled(knob, 9.0, *palette.text_strong);
    if response.hovered() || response.dragged() || response.has_focus() {
        painter.circle_stroke(knob, 12.0, Stroke::new(2.0, *palette.accent));
    }
    if let Some(pointer) = response.interact_pointer_pos()
        && (response.dragged() || response.clicked())
    {
        let at = ((pointer.x - rect.left()) / rect.width() * steps).clamp(0.0, steps);
        // A click lands on a step; a drag moves freely.
        commands.push(Command::View(ViewCommand::Seek(if response.clicked() {
            at.round()
        } else {
            at
        })));
    }
    if is_short {
        response.on_hover_text(words);
        return;
    }
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    draw::line(
        ui.painter(),
        pos2(area.right() - 16.0, y),
        Align2::RIGHT_CENTER,
        &words,
        font,
        *palette.text_muted,
        area.width() - 16.0,
    );
}

fn tick(story: &Story, step: usize, palette: &Palette) -> Color32 {
    match story.rows.get(step).map(|row| (&row.kind, row.is_break)) {
        Some((_, true)) => *palette.bad,
        Some((RowKind::Flight { from, is_alert, .. }, _)) => {
            let is_bad = *is_alert
                && !story
                    .steps
                    .get(step)
                    .is_some_and(|step| step.title.contains("close_notify"));
            if is_bad { *palette.bad } else { palette.side(*from) }
        }
        Some((
            RowKind::Verification {
                is_accepted: true, ..
            },
            _,
        )) => *palette.good,
        Some((
            RowKind::Verification {
                refused_for: Some(_), ..
            },
            _,
        )) => *palette.bad,
        Some((RowKind::Moment { is_failure: true, .. }, _)) => *palette.bad,
        _ => *palette.text_muted,
    }
}
