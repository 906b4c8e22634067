//! Where everything stands: a pure function of the rows and the width, in points from the ladder's corner.

use egui::{Pos2, Rect, pos2, vec2};

/// What the layout needs to know of a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    pub is_capsule: bool,
    pub open_messages: usize,
}

/// Where a row stands.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The whole row, between the lifelines.
    pub rect: Rect,
    /// Where the arrow flies, or the capsule's middle.
    pub middle_y: f32,
    /// One for each message of an opened row.
    pub messages: Vec<Rect>,
}

/// Where everything stands.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub height: f32,
    pub client_x: f32,
    pub server_x: f32,
    /// Where the ladder ends.
    pub right: f32,
    pub head_width: f32,
    pub rows: Vec<Place>,
    /// Left and right of the bands.
    pub band: (f32, f32),
    /// Where times end, to the right.
    pub time_x: f32,
    /// There is no room for units beside the times.
    pub is_tight: bool,
    /// Where the lifelines end.
    pub bottom: f32,
    /// Type is so much larger than usual.
    pub type_scale: f32,
    /// The next row will stand here.
    pub next: Rect,
}

/// Where a row of a grid stands that several ladders share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ui) struct Slot {
    pub top: f32,
    pub height: f32,
    pub is_capsule: bool,
}

/// A ladder wider than this is harder to read, not easier.
const WIDEST: f32 = 900.0;
const FIRST_ROW: f32 = 10.0;
const ARROW_ROW: f32 = 50.0;
const CAPSULE_ROW: f32 = 46.0;
const MESSAGE_ROW: f32 = 22.0;
const TAIL: f32 = 46.0;

/// What the ladder has to stand in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub width: f32,
    pub height: f32,
    /// All rows of the story, arrows and capsules, so that nothing grows or shrinks while it is played.
    pub arrows: usize,
    pub capsules: usize,
}

impl Room {
    /// How much higher than usual rows are: they share the height that there is, within reason.
    pub(super) fn scale(self) -> f32 {
        let usual = self.arrows as f32 * ARROW_ROW + self.capsules as f32 * CAPSULE_ROW;
        ((self.height - FIRST_ROW - TAIL) / usual.max(1.0)).clamp(0.88, 1.3)
    }
}

/// Width of the ladder in a stage of this width.
pub(super) fn ladder_width(stage: f32) -> f32 {
    stage.min(WIDEST)
}

/// Room at the left and at the right of the lifelines: the margins give way first, then the times; the arrows keep theirs.
fn margins(width: f32) -> (f32, f32) {
    if width >= 620.0 {
        (118.0, 128.0)
    } else if width >= 440.0 {
        (86.0, 76.0)
    } else {
        (60.0, 52.0)
    }
}

/// Where both lifelines stand in a ladder of this width.
fn lifelines(width: f32) -> (f32, f32) {
    let (left, right) = margins(width);
    (left, (width - right).max(left + 160.0))
}

/// Where a row's arrow flies, or its capsule's middle.
fn middle_of(top: f32, height: f32, is_capsule: bool) -> f32 {
    top + height * if is_capsule { 0.5 } else { 0.52 }
}

/// How high a row of a grid is at this scale.
pub(in crate::ui) fn row_height(is_capsule: bool, scale: f32) -> f32 {
    scale * if is_capsule { CAPSULE_ROW } else { ARROW_ROW }
}

impl Layout {
    pub(super) fn new(rows: &[Shape], room: Room) -> Self {
        let width = ladder_width(room.width);
        let (client_x, server_x) = lifelines(width);
        let scale = room.scale();
        let mut top = FIRST_ROW;
        let mut places = Vec::with_capacity(rows.len());
        for row in rows {
            let own = scale * if row.is_capsule { CAPSULE_ROW } else { ARROW_ROW };
            let messages: Vec<Rect> = (0..row.open_messages)
                .map(|index| {
                    Rect::from_min_size(
                        pos2(client_x + 28.0, top + own + index as f32 * MESSAGE_ROW),
                        vec2((server_x - client_x - 56.0).max(20.0), MESSAGE_ROW),
                    )
                })
                .collect();
            let height = own + messages.len() as f32 * MESSAGE_ROW;
            places.push(Place {
                rect: Rect::from_min_max(pos2(client_x, top), pos2(server_x, top + height)),
                middle_y: middle_of(top, own, row.is_capsule),
                messages,
            });
            top += height;
        }
        // Behind the last row only the tail stands: nothing comes that would need more. It ends where the ladder does, so that
        // what brings it into sight ends there too, from wherever it comes.
        let is_whole = rows.len() >= room.arrows + room.capsules;
        let next_height = if is_whole {
            TAIL
        } else {
            TAIL.max(scale * ARROW_ROW)
        };
        let next = Rect::from_min_max(pos2(client_x, top), pos2(server_x, top + next_height));
        Self::around(width, places, next, scale)
    }

    /// A ladder of this width whose rows stand on a grid; its lifelines end at `bottom`, unless it goes on.
    pub(super) fn on_grid(slots: &[Slot], width: f32, scale: f32, bottom: f32) -> Self {
        let (client_x, server_x) = lifelines(width);
        let across = |top: f32, bottom: f32| Rect::from_min_max(pos2(client_x, top), pos2(server_x, bottom));
        let places = slots.iter().map(|slot| Place {
            rect: across(slot.top, slot.top + slot.height),
            middle_y: middle_of(slot.top, slot.height, slot.is_capsule),
            messages: Vec::new(),
        });
        let mut layout = Self::around(width, places.collect(), across(bottom, bottom), scale);
        layout.bottom = bottom;
        layout
    }

    fn around(width: f32, rows: Vec<Place>, next: Rect, scale: f32) -> Self {
        let (left, right) = margins(width);
        let (client_x, server_x) = (next.left(), next.right());
        Self {
            height: next.bottom(),
            client_x,
            server_x,
            right: width,
            head_width: (2.0 * left.min(right) - 12.0).min(126.0),
            rows,
            band: (
                client_x - 56.0_f32.min(left - 66.0).max(12.0),
                server_x + (right - 20.0),
            ),
            time_x: client_x
                - match left {
                    wide if wide > 100.0 => 64.0,
                    usual if usual > 80.0 => 26.0,
                    _ => 20.0,
                },
            is_tight: width < 440.0,
            bottom: next.top() + TAIL * 0.6,
            type_scale: 1.0 + (scale - 1.0).max(0.0) * 0.5,
            next,
        }
    }

    /// The rows that are to be in sight: this one, and the place of the next.
    pub(super) fn to_be_seen(&self, row: usize) -> Rect {
        let here = self.rows.get(row).map_or(self.next, |place| place.rect);
        let next = self.rows.get(row + 1).map_or(self.next, |place| place.rect);
        here.union(next)
    }

    /// Top and bottom of a run of rows, for a band.
    pub(super) fn span(&self, first: usize, last: usize) -> Option<(f32, f32)> {
        Some((
            self.rows.get(first)?.rect.top(),
            self.rows.get(last)?.rect.bottom(),
        ))
    }

    pub(super) fn x(&self, side: crate::capture::Side) -> f32 {
        match side {
            crate::capture::Side::Client => self.client_x,
            crate::capture::Side::Server => self.server_x,
        }
    }

    /// The packet's place on its arrow: `progress` 0 to 1 from the sender.
    pub(super) fn packet(&self, from: crate::capture::Side, y: f32, progress: f32) -> Pos2 {
        let (start, end) = (self.x(from), self.x(from.peer()));
        pos2(egui::lerp(start..=end, progress), y)
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, Room, Shape, ladder_width};
    use crate::capture::Side;

    fn shapes(count: usize) -> Vec<Shape> {
        (0..count)
            .map(|index| Shape {
                is_capsule: index % 4 == 3,
                open_messages: usize::from(index == 2) * 3,
            })
            .collect()
    }

    fn room(width: f32, height: f32, rows: usize) -> Room {
        Room {
            width,
            height,
            arrows: rows - rows / 4,
            capsules: rows / 4,
        }
    }

    fn laid(rows: usize, width: f32, height: f32) -> Layout {
        Layout::new(&shapes(rows), room(width, height, rows))
    }

    #[test]
    fn rows_follow_each_other_without_gap_or_overlap() {
        for (width, height) in [(320.0, 150.0), (424.0, 300.0), (734.0, 640.0), (1600.0, 1200.0)] {
            let layout = laid(12, width, height);
            for pair in layout.rows.windows(2) {
                assert!((pair[0].rect.bottom() - pair[1].rect.top()).abs() < 0.01);
            }
            let last = layout.rows.last().expect("rows").rect;
            assert!((last.bottom() - layout.next.top()).abs() < 0.01);
            assert!(layout.height >= layout.next.bottom());
        }
    }

    #[test]
    fn everything_stands_within_the_width() {
        for width in [300.0, 380.0, 424.0, 560.0, 734.0, 1600.0] {
            let layout = laid(8, width, 600.0);
            let width = ladder_width(width);
            assert!(
                layout.band.0 >= 0.0 && layout.band.1 <= width,
                "{width}: {:?}",
                layout.band
            );
            assert!(layout.client_x - layout.head_width / 2.0 >= 0.0);
            assert!(layout.server_x + layout.head_width / 2.0 <= width, "{width}");
            assert!(layout.time_x >= 38.0, "{width}: {}", layout.time_x);
        }
    }

    #[test]
    fn a_ladder_has_a_best_width_and_rows_share_the_height() {
        assert!(ladder_width(2000.0) <= 900.0);
        let (low, usual, high) = (
            laid(10, 734.0, 200.0),
            laid(10, 734.0, 600.0),
            laid(10, 734.0, 2000.0),
        );
        let pitch = |layout: &Layout| layout.rows[1].rect.height();
        assert!(pitch(&low) < pitch(&usual) && pitch(&usual) < pitch(&high));
        assert!(
            pitch(&low) >= 44.0,
            "two lines of text and an arrow need their room"
        );
        assert!(pitch(&high) <= 66.0 && high.type_scale <= 1.2);
        // The rows that are still to come count: nothing shrinks while it is played.
        let first = Layout::new(&shapes(10)[..1], room(734.0, 700.0, 10));
        let all = laid(10, 734.0, 700.0);
        assert!((first.rows[0].rect.height() - all.rows[0].rect.height()).abs() < 0.01);
    }

    #[test]
    fn the_current_row_and_the_place_of_the_next_are_to_be_seen() {
        let layout = laid(6, 734.0, 600.0);
        assert!(layout.to_be_seen(2).contains_rect(layout.rows[3].rect));
        assert!(layout.to_be_seen(5).contains_rect(layout.next));
        assert!(layout.to_be_seen(5).contains_rect(layout.rows[5].rect));
    }

    #[test]
    fn a_ladder_that_fits_needs_no_scroll_bar_when_all_of_it_is_there() {
        let mut folded = shapes(10);
        for row in &mut folded {
            row.open_messages = 0;
        }
        for height in [520.0, 600.0, 700.0, 760.0, 900.0] {
            let layout = Layout::new(&folded, room(734.0, height, 10));
            assert!(layout.height <= height + 0.5, "{} in {height}", layout.height);
            // Before the last row the place of the next is kept.
            let before = Layout::new(&folded[..9], room(734.0, height, 10));
            assert!(before.height >= before.next.bottom());
            assert!(before.next.height() >= layout.rows[9].rect.height() - 10.0);
        }
    }

    #[test]
    fn an_opened_row_makes_room_for_its_messages() {
        let layout = laid(4, 734.0, 600.0);
        assert_eq!(layout.rows[2].messages.len(), 3);
        assert!(
            layout.rows[2]
                .messages
                .iter()
                .all(|rect| layout.rows[2].rect.contains_rect(*rect))
        );
    }

    #[test]
    fn a_packet_flies_from_its_sender() {
        let layout = laid(1, 734.0, 600.0);
        assert!((layout.packet(Side::Server, 10.0, 0.0).x - layout.server_x).abs() < 0.01);
        assert!((layout.packet(Side::Server, 10.0, 1.0).x - layout.client_x).abs() < 0.01);
    }
}
