//! What the playhead has not passed stays hidden.

use egui::Ui;

use crate::analysis::Analysis;
use crate::capture::Side;
use crate::state::State;
use crate::story::RowKind;
use crate::ui::draw;
use crate::ui::theme;

/// Words for what must stay hidden until the playhead has passed it.
pub(super) fn not_yet(ui: &mut Ui, what: &str) {
    let palette = theme::palette(ui);
    ui.add_space(10.0);
    draw::card(ui, *palette.card, *palette.border, |ui| {
        draw::body(ui, what, *palette.text_muted);
    });
}

/// Whether the playhead has passed the moment at which `judge` judged.
pub(super) fn is_judged(state: &State, analysis: &Analysis, judge: Side) -> bool {
    if state.playback.is_at_end() {
        return true;
    }
    analysis
        .story
        .rows
        .iter()
        .take(state.playback.ended_steps())
        .any(|row| matches!(&row.kind, RowKind::Verification { judge: by, .. } if *by == judge))
}
