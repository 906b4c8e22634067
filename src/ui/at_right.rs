//! Things at the right end of a row, in the order in which they are read: egui's own layout from right to left would have Tab
//! walk backwards.

use egui::{Align, Id, Layout, Ui, UiBuilder, pos2};

/// Shows things at the right end of what is left of a row. Their width is known from the frame before; where it has changed,
/// this frame is made anew before it is seen.
pub fn show<R>(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let known = width(ui, name);
    let row = ui.available_rect_before_wrap();
    let from = (row.right() - known).max(row.left());
    let mut place = row;
    place.min = pos2(from, row.top());
    let builder = UiBuilder::new()
        .id_salt(name)
        .max_rect(place)
        .layout(Layout::left_to_right(Align::Center));
    let mut inner = ui.new_child(builder);
    let result = add(&mut inner);
    let now = inner.min_rect().width();
    if (now - known).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id_of(name), now));
        ui.ctx().request_discard("the width of what stands at the right");
    }
    ui.advance_cursor_after_rect(inner.min_rect());
    result
}

/// How wide those things were in the frame before.
pub fn width(ui: &Ui, name: &str) -> f32 {
    ui.data(|data| data.get_temp(id_of(name))).unwrap_or(0.0)
}

fn id_of(name: &str) -> Id {
    Id::unique(("at the right", name))
}
