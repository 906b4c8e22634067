//! A ring around whatever has the keyboard: drawn in one place, so that nothing is without.

use egui::{Context, Rect, Stroke, StrokeKind};

use super::theme::{palette_for, radius};

/// Draws the ring, over everything of the same layer.
pub fn show(context: &Context) {
    let Some(focused) = context.memory(egui::Memory::focused) else {
        return;
    };
    let Some(response) = context.read_response(focused) else {
        return;
    };
    // A text field draws its own, and a thing that is scrolled away has none.
    if context.text_edit_focused() || !response.interact_rect.is_positive() {
        return;
    }
    let palette = palette_for(context.global_style().visuals.dark_mode);
    let ring = ring_of(response.interact_rect, context.content_rect());
    context.layer_painter(response.layer_id).rect_stroke(
        ring,
        radius::SMALL,
        Stroke::new(2.0, *palette.accent),
        StrokeKind::Inside,
    );
}

/// A little larger than the thing, and never outside of the window.
fn ring_of(thing: Rect, window: Rect) -> Rect {
    thing.expand(3.0).intersect(window)
}

#[cfg(test)]
mod tests {
    use egui::{Rect, pos2};

    use super::ring_of;

    #[test]
    fn a_ring_stands_around_its_thing_and_within_the_window() {
        let window = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 100.0));
        let thing = Rect::from_min_max(pos2(10.0, 10.0), pos2(30.0, 20.0));
        assert!(ring_of(thing, window).contains_rect(thing));
        assert!(window.contains_rect(ring_of(window, window)));
    }
}
