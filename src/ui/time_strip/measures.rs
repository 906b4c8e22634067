//! How large the parts of the panel are, and the sign of a verdict.

use egui_material_icons::icons;

use crate::ui::theme;

/// The verdict's strip.
pub(super) const STRIP: f32 = 22.0;
/// One lane.
pub(super) const LANE: f32 = 19.0;
/// The dates below.
pub(super) const TICKS: f32 = 22.0;
/// Names stand here.
pub(super) const NAMES: f32 = 190.0;
/// More lanes than this are told as a number.
pub(super) const MOST_LANES: usize = 9;
/// Never colour alone.
pub(super) fn sign(works: bool, p: &theme::Palette) -> (&'static str, egui::Color32) {
    if works {
        (icons::ICON_CHECK.codepoint, *p.good)
    } else {
        (icons::ICON_CLOSE.codepoint, *p.bad)
    }
}
