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
    /// Top and bottom of the boxes at the head of the lifelines.
    pub head: (f32, f32),
    pub head_width: f32,
    pub rows: Vec<Place>,
    /// Left and right of the bands.
    pub band: (f32, f32),
    /// Where times end, to the right.
    pub time_x: f32,
    /// Where the lifelines end.
    pub bottom: f32,
}

const HEAD_TOP: f32 = 12.0;
const HEAD_HEIGHT: f32 = 38.0;
const FIRST_ROW: f32 = 60.0;
const ARROW_ROW: f32 = 50.0;
const CAPSULE_ROW: f32 = 46.0;
const MESSAGE_ROW: f32 = 22.0;
const TAIL: f32 = 46.0;

impl Layout {
    pub(super) fn new(rows: &[Shape], width: f32) -> Self {
        // The margins give way first, then the times; the arrows keep their room.
        let (left, right) = if width >= 620.0 {
            (118.0, 120.0)
        } else {
            (86.0, 76.0)
        };
        let client_x = left;
        let server_x = (width - right).max(client_x + 160.0);
        let mut top = FIRST_ROW;
        let mut places = Vec::with_capacity(rows.len());
        for row in rows {
            let own = if row.is_capsule { CAPSULE_ROW } else { ARROW_ROW };
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
                middle_y: top + if row.is_capsule { own / 2.0 } else { 26.0 },
                messages,
            });
            top += height;
        }
        let bottom = top + TAIL * 0.6;
        Self {
            height: top + TAIL,
            client_x,
            server_x,
            head: (HEAD_TOP, HEAD_TOP + HEAD_HEIGHT),
            head_width: if width >= 620.0 { 126.0 } else { 108.0 },
            rows: places,
            band: (
                client_x - 56.0_f32.min(left - 66.0).max(12.0),
                server_x + (right - 20.0),
            ),
            time_x: client_x - if width >= 620.0 { 64.0 } else { 26.0 },
            bottom,
        }
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
    use super::{Layout, Shape};
    use crate::capture::Side;

    fn shapes(count: usize) -> Vec<Shape> {
        (0..count)
            .map(|index| Shape {
                is_capsule: index % 4 == 3,
                open_messages: usize::from(index == 2) * 3,
            })
            .collect()
    }

    #[test]
    fn rows_follow_each_other_without_gap_or_overlap() {
        for width in [380.0, 560.0, 734.0, 1600.0] {
            let layout = Layout::new(&shapes(12), width);
            for pair in layout.rows.windows(2) {
                assert!((pair[0].rect.bottom() - pair[1].rect.top()).abs() < 0.01);
            }
            assert!(layout.height > layout.rows.last().expect("rows").rect.bottom());
            assert!(layout.head.1 < layout.rows[0].rect.top());
        }
    }

    #[test]
    fn everything_stands_within_the_width() {
        for width in [400.0, 560.0, 734.0, 1600.0] {
            let layout = Layout::new(&shapes(8), width);
            assert!(
                layout.band.0 >= 0.0 && layout.band.1 <= width,
                "{width}: {:?}",
                layout.band
            );
            assert!(layout.client_x - layout.head_width / 2.0 >= 0.0);
            assert!(layout.server_x + layout.head_width / 2.0 <= width, "{width}");
            assert!(layout.time_x > 20.0);
        }
    }

    #[test]
    fn an_opened_row_makes_room_for_its_messages() {
        let layout = Layout::new(&shapes(4), 734.0);
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
        let layout = Layout::new(&shapes(1), 734.0);
        assert!((layout.packet(Side::Server, 10.0, 0.0).x - layout.server_x).abs() < 0.01);
        assert!((layout.packet(Side::Server, 10.0, 1.0).x - layout.client_x).abs() < 0.01);
    }
}
