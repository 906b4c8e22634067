//! What carried the TLS, between the heads of the lifelines: EAP-TLS in RADIUS, OpenVPN, a tunnel.

use egui::{Align2, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::layout::Layout;
use crate::capture::{Capture, Carrier};
use crate::survey::{travelled, tunnels};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, size};

/// Between the words and the pill's ends.
const AROUND: f32 = 14.0;
/// Between a head and the pill.
const BESIDE: f32 = 12.0;

/// Short words for the stage, and all there is to say; `None` where TLS lay bare in TCP.
fn words(capture: &Capture) -> Option<(String, String)> {
    let carrier = capture.carrier.as_ref();
    let short: Vec<String> = carrier
        .map(Carrier::words)
        .into_iter()
        .chain(tunnels(capture).map(|kinds| format!("in {kinds}")))
        .collect();
    let long: Vec<String> = carrier
        .map(Carrier::told)
        .into_iter()
        .chain(travelled(capture))
        .collect();
    (!short.is_empty()).then(|| (short.join(" · "), long.join(" ")))
}

/// Paints the pill between heads whose middle is at `y`, with the line that it lies on.
pub(super) fn show(ui: &Ui, left: f32, y: f32, capture: &Capture, layout: &Layout) {
    let Some((short, long)) = words(capture) else {
        return;
    };
    let palette = theme::palette(ui);
    let half = layout.head_width / 2.0;
    let (from, to) = (left + layout.client_x + half, left + layout.server_x - half);
    let room = to - from - 2.0 * (BESIDE + AROUND);
    if room < 24.0 {
        return;
    }
    let painter = ui.painter();
    let font = theme::text(size::SMALL, Weight::Medium);
    let words = draw::drawn(&short).into_owned();
    let width = painter
        .layout_no_wrap(words.clone(), font.clone(), *palette.text)
        .size()
        .x
        .min(room);
    let middle = pos2(f32::midpoint(from, to), y);
    let pill = Rect::from_center_size(middle, vec2(width + 2.0 * AROUND, 24.0));
    let line = Stroke::new(1.0, *palette.border);
    painter.line_segment([pos2(from, y), pill.left_center()], line);
    painter.line_segment([pill.right_center(), pos2(to, y)], line);
    painter.rect(pill, 12.0, *palette.card, line, StrokeKind::Inside);
    draw::line(
        painter,
        middle,
        Align2::CENTER_CENTER,
        &words,
        font,
        *palette.text,
        room,
    );
    let response = ui.interact(pill, Id::unique("what carried it"), Sense::hover());
    let long = draw::drawn(&long).into_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("Carried as {words}")));
    response.on_hover_text(long);
}
