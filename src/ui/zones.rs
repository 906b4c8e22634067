//! The three zones: what is being done at the left, what happened in the middle, why at the right. A pure function of the
//! window's size and of what the user has folded or pulled.
//!
//! Where the window is narrow (zoom counts, for all of this is in points) a side panel becomes a drawer over the stage, and a
//! rail stands in its place.

use egui::{Rect, pos2};

use crate::state::{Panel, Panels};

/// Height of the top bar.
pub const TOP: f32 = 45.0;
/// Height of the playback bar.
pub const BOTTOM: f32 = 63.0;
/// Width of what stands in a folded panel's place.
pub const RAIL: f32 = 46.0;
/// Below this width the inspector is a drawer.
const RIGHT_DOCKS_FROM: f32 = 1180.0;
/// Two ladders need more room beside them.
const RIGHT_DOCKS_BESIDE_TWO_FROM: f32 = 1200.0;
/// Below this width so is the set-up.
const LEFT_DOCKS_FROM: f32 = 900.0;
/// The stage keeps so much beside docked panels, whatever they were pulled to.
const LEAST_STAGE: f32 = 420.0;
/// What the ladder needs at its best.
const BEST_STAGE: f32 = 900.0;
/// A panel is never narrower.
const LEAST_LEFT: f32 = 232.0;
const LEAST_RIGHT: f32 = 320.0;
/// A panel is never wider.
const MOST_LEFT: f32 = 420.0;
const MOST_RIGHT: f32 = 720.0;
/// From this width on, what needs room in the inspector has it.
const ROOM_FROM: f32 = 1340.0;
const RIGHT_WITH_ROOM: f32 = 520.0;
/// What a drawer leaves of the stage.
const BESIDE_DRAWER: f32 = 24.0;

/// Where a side panel stands: at most one of the two, and a rail where it is not docked.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Zone {
    pub docked: Option<Rect>,
    pub drawer: Option<Rect>,
    pub rail: Option<Rect>,
}

/// Where everything stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zones {
    pub top: Rect,
    pub bottom: Rect,
    pub left: Zone,
    pub middle: Rect,
    pub right: Zone,
}

/// Whether the left and the right panel are drawers in a window of this width, with one ladder or two in its middle.
pub fn drawers(width: f32, is_comparing: bool) -> (bool, bool) {
    let right_from = if is_comparing {
        RIGHT_DOCKS_BESIDE_TWO_FROM
    } else {
        RIGHT_DOCKS_FROM
    };
    (width < LEFT_DOCKS_FROM, width < right_from)
}

/// Widths of both panels: as drawn at 1440, less where the window is narrow; the inspector takes what the ladder leaves.
fn widths(width: f32, panels: &Panels) -> (f32, f32) {
    let left = panels
        .left
        .width
        .map_or((width * 0.2).clamp(244.0, 286.0), f32::from);
    let left = left.clamp(LEAST_LEFT, MOST_LEFT);
    let beside = if panels.left.is_shown() && !panels.left.is_drawer {
        left
    } else {
        RAIL
    };
    let usual = (width - beside - BEST_STAGE).max((width * 0.292).clamp(LEAST_RIGHT, 420.0));
    let usual = if panels.right_needs_room && width >= ROOM_FROM {
        usual.max(RIGHT_WITH_ROOM)
    } else {
        usual
    };
    let right = panels.right.width.map_or(usual, f32::from);
    let most = MOST_RIGHT.min(width - beside - LEAST_STAGE).max(LEAST_RIGHT);
    (left, right.clamp(LEAST_RIGHT, most))
}

/// The zones of a window.
pub fn zones(window: Rect, panels: &Panels) -> Zones {
    let (left, right) = widths(window.width(), panels);
    let top = Rect::from_min_max(window.min, pos2(window.right(), window.top() + TOP));
    let bottom = Rect::from_min_max(
        pos2(window.left(), (window.bottom() - BOTTOM).max(top.bottom())),
        window.max,
    );
    let body = Rect::from_min_max(top.left_bottom(), bottom.right_top());
    let taken = |panel: &Panel, width: f32| match (panel.is_drawer, panel.is_shown()) {
        (false, true) => width,
        _ => RAIL,
    };
    let from = body.left() + taken(&panels.left, left);
    let until = (body.right() - taken(&panels.right, right)).max(from);
    let column =
        |from: f32, until: f32| Rect::from_min_max(pos2(from, body.top()), pos2(until, body.bottom()));
    let drawer = |width: f32| width.min(body.width() - 2.0 * RAIL - BESIDE_DRAWER).max(RAIL);
    let zone = |panel: &Panel, place: Rect, drawer: Rect| match (panel.is_drawer, panel.is_shown()) {
        (false, true) => Zone {
            docked: Some(place),
            ..Zone::default()
        },
        (_, is_shown) => Zone {
            docked: None,
            drawer: is_shown.then_some(drawer),
            rail: Some(place),
        },
    };
    Zones {
        top,
        bottom,
        left: zone(
            &panels.left,
            column(body.left(), from),
            column(from, from + drawer(left)),
        ),
        middle: column(from, until),
        right: zone(
            &panels.right,
            column(until, body.right()),
            column(until - drawer(right), until),
        ),
    }
}

/// The zones of a comparison: two ladders, and no panel at the left.
pub fn of_comparison(window: Rect, panels: &Panels) -> Zones {
    let all = zones(window, panels);
    let width = window.width();
    let usual = (width - TWO_LADDERS).clamp(BESIDE_TWO.0, BESIDE_TWO.1);
    let right = panels.right.width.map_or(usual, f32::from);
    let right = right.clamp(
        LEAST_RIGHT,
        MOST_RIGHT.min((width - LEAST_STAGE).max(LEAST_RIGHT)),
    );
    let until = match all.right.rail {
        Some(rail) => rail.left(),
        None => window.right() - right,
    };
    let body = all.top.bottom()..=all.bottom.top();
    Zones {
        left: Zone::default(),
        middle: Rect::from_x_y_ranges(window.left()..=until, body.clone()),
        right: Zone {
            docked: all
                .right
                .docked
                .map(|_| Rect::from_x_y_ranges(until..=window.right(), body)),
            ..all.right
        },
        ..all
    }
}

/// Two ladders at their best, with what stands between them.
const TWO_LADDERS: f32 = 1020.0;
/// The panel beside them has a width between these, unless it was pulled.
const BESIDE_TWO: (f32, f32) = (340.0, 520.0);

#[cfg(test)]
mod tests {
    use egui::{Rect, pos2, vec2};

    use super::{Zones, drawers, of_comparison, zones};
    use crate::state::Panels;

    const SIZES: [(f32, f32); 7] = [
        (393.0, 268.0),
        (512.0, 350.0),
        (720.0, 450.0),
        (1024.0, 700.0),
        (1280.0, 720.0),
        (1440.0, 900.0),
        (2560.0, 1440.0),
    ];

    fn laid(size: (f32, f32), change: impl FnOnce(&mut Panels)) -> Zones {
        let mut panels = Panels::default();
        (panels.left.is_drawer, panels.right.is_drawer) = drawers(size.0, false);
        change(&mut panels);
        zones(Rect::from_min_size(pos2(0.0, 0.0), vec2(size.0, size.1)), &panels)
    }

    #[test]
    fn nothing_overlaps_and_nothing_is_left_over() {
        for size in SIZES {
            for (left_open, right_open) in [(true, true), (true, false), (false, true), (false, false)] {
                let all = laid(size, |panels| {
                    panels.left.show(left_open);
                    panels.right.show(right_open);
                });
                let side = |zone: super::Zone| zone.docked.or(zone.rail).expect("a place");
                let (left, right) = (side(all.left), side(all.right));
                assert!((left.right() - all.middle.left()).abs() < 0.01, "{size:?}");
                assert!((all.middle.right() - right.left()).abs() < 0.01, "{size:?}");
                let width = left.width() + all.middle.width() + right.width();
                assert!((width - size.0).abs() < 0.01, "{size:?}");
                assert!(all.middle.width() >= 300.0, "{size:?}: {}", all.middle.width());
                assert!((all.top.bottom() - all.middle.top()).abs() < 0.01);
                assert!((all.bottom.top() - all.middle.bottom()).abs() < 0.01);
                for drawer in [all.left.drawer, all.right.drawer].into_iter().flatten() {
                    assert!(
                        all.middle.contains_rect(drawer),
                        "{size:?}: a drawer lies over the stage"
                    );
                    assert!(drawer.width() < all.middle.width());
                }
            }
        }
    }

    #[test]
    fn the_inspector_takes_what_the_ladder_leaves() {
        let wide = laid((2560.0, 1440.0), |_| {});
        assert!((wide.right.docked.expect("docked").width() - 720.0).abs() < 0.01);
        let usual = laid((1440.0, 900.0), |_| {});
        assert!((usual.right.docked.expect("docked").width() - 420.0).abs() < 1.0);
        assert!((usual.left.docked.expect("docked").width() - 286.0).abs() < 1.0);
        assert!((usual.middle.width() - 734.0).abs() < 1.0, "as in the pictures");
    }

    #[test]
    fn opinions_have_more_room_where_there_is_some() {
        let width = |window: f32| {
            let laid = laid((window, 900.0), |panels| panels.right_needs_room = true);
            laid.right.docked.expect("docked").width()
        };
        assert!((width(1440.0) - 520.0).abs() < 0.01);
        assert!(width(1339.0) < 421.0);
        assert!((width(2560.0) - 720.0).abs() < 0.01);
    }

    #[test]
    fn a_narrow_window_has_drawers() {
        assert_eq!(drawers(1180.0, false), (false, false));
        assert_eq!(drawers(1179.0, false), (false, true));
        assert_eq!(drawers(899.0, false), (true, true));
        let narrow = laid((1024.0, 700.0), |_| {});
        assert!(narrow.left.docked.is_some() && narrow.right.docked.is_none());
        assert!(
            narrow.right.drawer.is_none(),
            "a drawer comes out when it is asked for"
        );
    }

    #[test]
    fn two_ladders_have_no_panel_at_their_left_and_a_sheet_where_it_is_narrow() {
        let laid = |width: f32, pulled: Option<u16>| {
            let mut panels = Panels::default();
            (panels.left.is_drawer, panels.right.is_drawer) = drawers(width, true);
            panels.right.width = pulled;
            let window = Rect::from_min_size(pos2(0.0, 0.0), vec2(width, 900.0));
            of_comparison(window, &panels)
        };
        let usual = laid(1440.0, None);
        assert!((usual.middle.width() - 1020.0).abs() < 0.01, "as in the picture");
        assert!((usual.right.docked.expect("docked").width() - 420.0).abs() < 0.01);
        assert_eq!((usual.left.docked, usual.left.rail), (None, None));
        assert!(laid(1200.0, None).right.docked.is_some());
        let narrow = laid(1199.0, None);
        assert!(narrow.right.docked.is_none() && narrow.right.rail.is_some());
        for (width, pulled) in [
            (1200.0, Some(700)),
            (2560.0, Some(320)),
            (2560.0, None),
            (1440.0, Some(600)),
        ] {
            let all = laid(width, pulled);
            let right = all.right.docked.expect("docked");
            assert!((all.middle.right() - right.left()).abs() < 0.01, "{width}");
            assert!(all.middle.left().abs() < 0.01 && (right.right() - width).abs() < 0.01);
            assert!(all.middle.width() >= 420.0, "{width}");
        }
    }

    #[test]
    fn what_was_pulled_is_kept_as_far_as_the_stage_allows() {
        let pulled = laid((1440.0, 900.0), |panels| panels.right.width = Some(600));
        assert!((pulled.right.docked.expect("docked").width() - 600.0).abs() < 0.01);
        let tight = laid((1200.0, 900.0), |panels| panels.right.width = Some(700));
        assert!(tight.middle.width() >= 420.0);
    }
}
