//! How wide the table's columns are: at first by the room there is, then as the user pulled them, as long as that fits.

use egui::{Id, Ui};
use egui_extras::Column as Width;

use crate::survey::Column;

/// The scroll bar has its own strip.
const BAR: f32 = 12.0;

/// What the ending needs to be read whole.
const ENDING: f32 = 204.0;

/// Before a cell's words.
pub(super) fn inset(column: Column) -> f32 {
    if column == Column::Number { 10.0 } else { 0.0 }
}

/// The least that a column is pulled to.
fn least(column: Column) -> f32 {
    match column {
        Column::Number => 34.0,
        Column::Time | Column::Version => 56.0,
        Column::Client | Column::Server | Column::Name | Column::ClientCertificate => 72.0,
        Column::Ending => 120.0,
    }
}

/// How wide each is at first: what must be read whole has its width, the rest share what is left.
fn first_widths(width: f32) -> [f32; 8] {
    const FIXED: f32 = 48.0 + 82.0 + 76.0 + 162.0;
    let rest = (width - BAR - FIXED).max(420.0);
    // An address of version 4 with its port is read whole.
    let address = (rest * 0.2).clamp(134.0, 190.0);
    let words = rest - 2.0 * address;
    // "encrypted: give a key log", after its sign.
    let ending = (words * 0.54).max(ENDING).min(words - least(Column::Name));
    Column::ALL.map(|column| match column {
        Column::Number => 48.0,
        Column::Time => 82.0,
        Column::Version => 76.0,
        Column::ClientCertificate => 162.0,
        Column::Client | Column::Server => address,
        Column::Name => words - ending,
        Column::Ending => ending,
    })
}

/// What was seen in the last frame.
#[derive(Clone)]
struct Seen {
    room: f32,
    widths: Vec<f32>,
}

/// Whether widths are those of the beginning, but for the last, which takes what is left.
fn are_first(widths: &[f32], room: f32) -> bool {
    let first = first_widths(room);
    let all_but_last = first.len() - 1;
    widths
        .iter()
        .zip(first)
        .take(all_but_last)
        .all(|(is, first)| (is - first).abs() < 0.5)
}

/// Whether they leave room for the last.
fn fit(widths: &[f32], room: f32) -> bool {
    let all_but_last: f32 = widths.iter().take(Column::ALL.len() - 1).sum();
    all_but_last + least(Column::Ending) <= room - BAR
}

/// Whether the columns begin anew in a room of this width: it is another than before, and they were not pulled, or no
/// longer fit.
fn begins_anew(widths: &[f32], room_before: f32, room: f32) -> bool {
    (room - room_before).abs() > 0.5 && (are_first(widths, room_before) || !fit(widths, room))
}

/// The columns for a room of this width, and whether they begin anew.
pub(super) fn of(ui: &Ui, id: Id, room: f32) -> (Vec<Width>, bool) {
    let seen = ui.data(|data| data.get_temp::<Seen>(id));
    let is_anew = seen.is_some_and(|seen| begins_anew(&seen.widths, seen.room, room));
    let columns = Column::ALL.into_iter().zip(first_widths(room));
    let columns = columns.map(|(column, first)| {
        let width = if column == Column::Ending {
            Width::remainder()
        } else {
            Width::initial(first).resizable(true)
        };
        width.at_least(least(column)).clip(true)
    });
    (columns.collect(), is_anew)
}

/// Keeps what was seen for the next frame.
pub(super) fn remember(ui: &Ui, id: Id, room: f32, widths: Vec<f32>) {
    ui.data_mut(|data| data.insert_temp(id, Seen { room, widths }));
}

#[cfg(test)]
mod tests {
    use super::{begins_anew, first_widths, fit};

    #[test]
    fn columns_fit_at_every_width_of_the_window() {
        for room in [988.0, 1244.0, 1404.0, 2524.0] {
            assert!(fit(&first_widths(room), room), "{room}");
        }
    }

    #[test]
    fn what_was_pulled_stays_as_long_as_it_fits() {
        let first = first_widths(1404.0).to_vec();
        assert!(!begins_anew(&first, 1404.0, 1404.0));
        assert!(begins_anew(&first, 1404.0, 988.0), "not pulled: shared anew");
        let mut pulled = first;
        pulled[4] += 40.0;
        assert!(!begins_anew(&pulled, 1404.0, 1404.0));
        assert!(!begins_anew(&pulled, 1404.0, 1500.0), "it fits, and stays");
        assert!(begins_anew(&pulled, 1404.0, 988.0), "it does not fit");
    }
}
