//! Small pieces that every painted panel needs: one line of text, signs, copyable commands.

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Role, Stroke, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::{
    ICON_CHECK, ICON_CLOSE, ICON_CONTENT_COPY, ICON_HORIZONTAL_RULE, ICON_QUESTION_MARK, ICON_WARNING,
};

use super::theme::{self, Palette, Weight, size};
pub use super::widgets::{heading, name_heading, pill};
use crate::diagnose::Outcome;
pub use crate::printable::drawn;
use crate::printable::shortened;
use crate::state::{Command, WindowCommand};

/// Paints one line, cut with an ellipsis at `max_width`. Returns where it stands.
pub fn line(
    painter: &Painter,
    at: Pos2,
    anchor: Align2,
    text: &str,
    font: FontId,
    color: Color32,
    max_width: f32,
) -> Rect {
    let mut job = LayoutJob::single_section(drawn(text).into_owned(), TextFormat::simple(font, color));
    job.wrap = TextWrapping::truncate_at_width(max_width.max(8.0));
    let galley = painter.layout_job(job);
    let rect = anchor.anchor_size(at, galley.size());
    painter.galley(rect.min, galley, color);
    rect
}

/// Whether a line of this would be cut.
pub fn is_cut(painter: &Painter, text: &str, font: &FontId, room: f32) -> bool {
    let galley = painter.layout_no_wrap(drawn(text).into_owned(), font.clone(), Color32::PLACEHOLDER);
    galley.size().x > room
}

/// The text, with its middle left out where it needs more room than there is: both ends of a file's name tell.
pub fn middle_cut(painter: &Painter, text: &str, font: &FontId, room: f32) -> String {
    let width = |text: &str| {
        let galley = painter.layout_no_wrap(text.to_owned(), font.clone(), Color32::PLACEHOLDER);
        galley.size().x
    };
    let shown = shortened(text, 300).into_owned();
    if width(&shown) <= room {
        return shown;
    }
    // The most characters that fit: halving finds it in a few steps.
    let (mut fits, mut too_many) = (3, shown.chars().count());
    while fits + 1 < too_many {
        let most = usize::midpoint(fits, too_many);
        if width(&shortened(&shown, most)) <= room {
            fits = most;
        } else {
            too_many = most;
        }
    }
    shortened(&shown, fits).into_owned()
}

/// The font in which lines of one kind stand side by side within `max_width`: a little smaller where some are a little too
/// long, and the same for all.
pub fn fitting<'a>(
    painter: &Painter,
    texts: impl IntoIterator<Item = &'a str>,
    font: &FontId,
    max_width: f32,
) -> FontId {
    const SMALLEST: f32 = 0.86;
    let widest = texts
        .into_iter()
        .map(|text| {
            painter
                .layout_no_wrap(text.to_owned(), font.clone(), Color32::PLACEHOLDER)
                .size()
                .x
        })
        .fold(0.0, f32::max);
    // A hair less than what is just right: glyphs are placed at whole pixels.
    let share = if widest > max_width {
        max_width / widest * 0.99
    } else {
        1.0
    };
    FontId::new(font.size * share.max(SMALLEST), font.family.clone())
}

/// Paints one line upwards, centred on `at`.
pub fn vertical_line(painter: &Painter, at: Pos2, text: &str, font: FontId, color: Color32) {
    let galley = painter.layout_no_wrap(text.to_owned(), font, color);
    let size = galley.size();
    // Turned a quarter to the left, the galley's corner lies at its lower left.
    let corner = at + vec2(-size.y / 2.0, size.x / 2.0);
    painter.add(egui::epaint::TextShape::new(corner, galley, color).with_angle(-std::f32::consts::FRAC_PI_2));
}

/// An icon, centred on `at`.
pub fn icon(painter: &Painter, at: Pos2, codepoint: &str, points: f32, color: Color32) {
    painter.text(at, Align2::CENTER_CENTER, codepoint, theme::icon(points), color);
}

/// Sign and colour of an outcome: never colour alone.
pub fn outcome_sign(outcome: Outcome, palette: &Palette) -> (&'static str, Color32, &'static str) {
    match outcome {
        Outcome::Pass => (ICON_CHECK.codepoint, *palette.good, "passes"),
        Outcome::Fail => (ICON_CLOSE.codepoint, *palette.bad, "fails"),
        Outcome::Warn => (ICON_WARNING.codepoint, *palette.warn, "warning"),
        Outcome::Unknown => (ICON_QUESTION_MARK.codepoint, *palette.text_muted, "unknown"),
        Outcome::NotReached => (ICON_HORIZONTAL_RULE.codepoint, *palette.text_muted, "not reached"),
        Outcome::NotApplicable => (
            ICON_HORIZONTAL_RULE.codepoint,
            *palette.text_faint,
            "does not apply",
        ),
    }
}

/// A filled circle with a sign in it.
pub fn badge(painter: &Painter, at: Pos2, radius: f32, fill: Color32, sign: &str, ink: Color32) {
    painter.circle_filled(at, radius, fill);
    icon(painter, at, sign, radius * 1.5, ink);
}

/// A dashed line.
pub fn dashed(painter: &Painter, from: Pos2, to: Pos2, stroke: Stroke) {
    painter.extend(egui::Shape::dashed_line(&[from, to], stroke, 4.0, 4.0));
}

/// A box of commands with a button that copies them.
pub fn commands(ui: &mut Ui, lines: &[String], sink: &mut Vec<Command>) {
    code_box(ui, |ui| {
        ui.horizontal_top(|ui| {
            let width = ui.available_width() - 34.0;
            ui.vertical(|ui| {
                ui.set_width(width);
                code_lines(ui, lines, usize::MAX, *theme::palette(ui).text_strong);
            });
            let copy = ui
                .add(
                    egui::Button::new(
                        egui::RichText::new(ICON_CONTENT_COPY.codepoint).font(theme::icon(15.0)),
                    )
                    .frame(false),
                )
                .on_hover_text("Copy the commands");
            copy.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Copy the commands"));
            if copy.clicked() {
                sink.push(Command::Window(WindowCommand::Copy {
                    text: lines.join("\n"),
                    what: "the commands",
                }));
            }
        });
    });
}

/// A box of commands alone, with so many lines at most; whether there were more.
pub fn code(ui: &mut Ui, lines: &[String], most: usize) -> bool {
    code_box(ui, |ui| {
        code_lines(ui, lines, most, *theme::palette(ui).text_strong)
    })
}

/// The box that commands and exact words stand in.
pub fn code_box<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    let palette = theme::palette(ui);
    egui::Frame::new()
        .fill(*palette.code)
        .stroke(Stroke::new(1.0, *palette.border))
        .corner_radius(theme::radius::SMALL)
        .inner_margin(egui::Margin::symmetric(12, 9))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            // As high as its text, not as a button.
            ui.spacing_mut().interact_size.y = 18.0;
            ui.spacing_mut().button_padding = vec2(4.0, 0.0);
            add(ui)
        })
        .inner
}

/// The commands, wrapped, down to so many lines in all; whether some had to be left out.
pub fn code_lines(ui: &mut Ui, lines: &[String], most: usize, ink: Color32) -> bool {
    let mut left = most;
    for line in lines {
        if left == 0 {
            return true;
        }
        let format = TextFormat::simple(theme::mono(size::MONO - 0.5), ink);
        let mut job = LayoutJob::single_section(drawn(line).into_owned(), format);
        job.wrap.max_width = ui.available_width();
        job.wrap.max_rows = left;
        let galley = ui.painter().layout_job(job);
        left = left.saturating_sub(galley.rows.len());
        let is_cut = galley.elided;
        let response = ui.label(galley);
        let role = |node: &mut egui::accesskit::Node| node.set_role(Role::Code);
        ui.ctx().accesskit_node_builder(response.id, role);
        if is_cut {
            return true;
        }
    }
    false
}

/// A card: the surface on which things of one kind stand together.
pub fn card<R>(ui: &mut Ui, fill: Color32, border: Color32, add: impl FnOnce(&mut Ui) -> R) -> R {
    egui::Frame::new()
        .fill(fill)
        .stroke(Stroke::new(1.0, border))
        .corner_radius(theme::radius::CARD)
        .inner_margin(egui::Margin::symmetric(14, 11))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            add(ui)
        })
        .inner
}

/// Wrapped body text.
pub fn body(ui: &mut Ui, text: &str, color: Color32) {
    ui.add(
        egui::Label::new(
            egui::RichText::new(drawn(text))
                .font(theme::text(size::BODY, Weight::Regular))
                .color(color),
        )
        .wrap(),
    );
}
