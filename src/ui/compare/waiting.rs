//! The middle before there is a comparison: something to choose, the work, or why it could not be done.

use egui::{Align2, Id, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, vec2};
use egui_material_icons::icons;

use super::super::draw;
use super::super::theme::{self, Weight, palette, size};
use super::super::widgets::primary_button;
use super::halves::Halves;
use super::heads;
use crate::compare::Which;
use crate::state::{Command, CompareCommand, ComparePhase, Comparing, Place, State};

/// Of the dashed slot.
const SLOT: f32 = 170.0;

pub(super) fn show(
    ui: &mut Ui,
    state: &State,
    comparing: &Comparing,
    halves: Halves,
    commands: &mut Vec<Command>,
) {
    match &comparing.phase {
        ComparePhase::Working { since, .. } => {
            let seconds = since.elapsed().as_secs_f32();
            let words = if comparing.places.b.taken().is_some_and(|b| b.setup.is_some()) {
                "Each change is put back alone and run."
            } else {
                "Without private keys each change is judged on the chains alone."
            };
            let title = if seconds < 0.5 {
                "Comparing …".to_owned()
            } else {
                format!("Comparing … {seconds:.1} s")
            };
            middle(ui, &title, words, |ui| {
                if ui.button("Cancel").clicked() {
                    commands.push(Command::Compare(CompareCommand::Cancel));
                }
            });
        }
        ComparePhase::Cancelled => middle(ui, "Cancelled", "Nothing was compared.", |ui| {
            again(ui, commands);
        }),
        ComparePhase::Failed(sentence) => middle(ui, "Nothing was compared", sentence, |ui| {
            again(ui, commands);
        }),
        ComparePhase::Choosing | ComparePhase::Ready(_) => slots(ui, state, comparing, halves, commands),
    }
}

fn again(ui: &mut Ui, commands: &mut Vec<Command>) {
    let icon = icons::ICON_COMPARE_ARROWS.codepoint;
    if primary_button(ui, icon, "Compare", vec2(130.0, 34.0)).clicked() {
        commands.push(Command::Compare(CompareCommand::Again));
    }
}

fn middle(ui: &mut Ui, title: &str, words: &str, add: impl FnOnce(&mut Ui)) {
    let p = palette(ui);
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.3).max(20.0));
        ui.label(
            RichText::new(title)
                .font(theme::text(22.0, Weight::SemiBold))
                .color(*p.text_strong),
        );
        ui.add_space(6.0);
        ui.scope(|ui| {
            ui.set_max_width(440.0);
            let text = RichText::new(draw::drawn(words)).font(theme::text(size::BODY + 0.5, Weight::Regular));
            ui.add(egui::Label::new(text.color(*p.text)).wrap());
        });
        ui.add_space(14.0);
        add(ui);
    });
}

/// What was chosen, and a dashed slot for what was not.
fn slots(ui: &mut Ui, state: &State, comparing: &Comparing, halves: Halves, commands: &mut Vec<Command>) {
    let place = ui.available_rect_before_wrap();
    ui.allocate_rect(place, Sense::hover());
    let top = place.top() + (place.height() * 0.24).max(8.0);
    for which in Which::BOTH {
        let head = heads::place(halves, which, top);
        let height = SLOT.min(place.height() - 16.0).max(60.0);
        let rect = Rect::from_min_size(head.min, vec2(head.width(), height));
        match comparing.places.of(which) {
            Place::Empty => slot(ui, state, comparing, (which, rect), commands),
            Place::Loading { title, .. } => told(ui, rect, title, "Reading …"),
            Place::Taken(one) => {
                let analysis = &one.document.analysis;
                let words = match analysis.story.rows.len() {
                    1 => "1 step".to_owned(),
                    count => format!("{count} steps"),
                };
                told(ui, rect, &comparing.title(which), &words);
            }
        }
    }
}

fn told(ui: &Ui, rect: Rect, title: &str, words: &str) {
    let p = palette(ui);
    let painter = ui.painter();
    painter.rect(
        rect,
        theme::radius::CARD,
        *p.card,
        Stroke::new(1.0, *p.border),
        egui::StrokeKind::Inside,
    );
    let room = rect.width() - 32.0;
    let bold = theme::text(size::LEAD, Weight::SemiBold);
    let small = theme::text(size::SMALL + 0.5, Weight::Regular);
    let at = rect.center() - vec2(0.0, 4.0);
    draw::line(
        painter,
        at,
        Align2::CENTER_BOTTOM,
        title,
        bold,
        *p.text_strong,
        room,
    );
    let at = rect.center() + vec2(0.0, 4.0);
    draw::line(painter, at, Align2::CENTER_TOP, words, small, *p.text_muted, room);
}

fn slot(
    ui: &Ui,
    state: &State,
    comparing: &Comparing,
    (which, rect): (Which, Rect),
    commands: &mut Vec<Command>,
) {
    let p = palette(ui);
    let id = Id::unique(("free place", which));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| {
        let label = format!("Choose or drop a session for {}", which.letter());
        WidgetInfo::labeled(Role::Button, true, label)
    });
    let is_lit = response.hovered() || response.has_focus();
    let ink = if is_lit { *p.accent } else { *p.text_faint };
    let painter = ui.painter();
    if is_lit {
        painter.rect_filled(rect, theme::radius::CARD, *p.card);
    }
    let stroke = Stroke::new(1.5, ink);
    let line = rect.shrink(1.0);
    for (from, to) in [
        (line.left_top(), line.right_top()),
        (line.right_top(), line.right_bottom()),
        (line.right_bottom(), line.left_bottom()),
        (line.left_bottom(), line.left_top()),
    ] {
        draw::dashed(painter, from, to, stroke);
    }
    let room = rect.width() - 32.0;
    let icon = rect.center() - vec2(0.0, 38.0);
    draw::icon(
        painter,
        icon,
        icons::ICON_COMPARE_ARROWS.codepoint,
        26.0,
        *p.text_muted,
    );
    let words = format!("Choose or drop a session for {}", which.letter());
    let bold = theme::text(size::BODY + 0.5, Weight::SemiBold);
    let small = theme::text(size::SMALL + 0.5, Weight::Regular);
    draw::line(
        painter,
        rect.center(),
        Align2::CENTER_CENTER,
        &words,
        bold,
        *p.text_strong,
        room,
    );
    let hint = "an open tab, a captured connection, or a file";
    let at = rect.center() + vec2(0.0, 22.0);
    draw::line(
        painter,
        at,
        Align2::CENTER_CENTER,
        hint,
        small,
        *p.text_muted,
        room,
    );
    heads::menu(&response, state, comparing, which, commands);
}
