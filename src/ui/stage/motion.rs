//! What moves on the stage for a moment: rows that fade in, bars that grow from their event, a break that flashes once.
//!
//! By the time of the frame and not by counting frames, so that it lasts equally long on every machine. Deliberately absent:
//! the packet on its arrow, which is where the playhead says.

use std::sync::Arc;

use egui::{Id, Ui};

use crate::analysis::Analysis;

/// A row is there so long after it began, in seconds.
const FADE_S: f64 = 0.12;
/// A belief's bar has its length so long after its event, in seconds.
const GROW_S: f64 = 0.25;
/// A break has flashed so long after it happened, in seconds.
const FLASH_S: f64 = 0.45;
/// Between two frames of what moves.
const FRAME: std::time::Duration = std::time::Duration::from_millis(16);

/// Which rows were seen, and since when the newest are.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// Of this story; another one begins anew, without motion.
    story: usize,
    /// Rows that have begun, and that have happened, as of the last frame.
    begun: Newest,
    happened: Newest,
}

/// A number of rows that grows, and when it last did.
#[derive(Clone, Copy, Debug, Default)]
struct Newest {
    count: usize,
    /// Rows from here on came with the last growth.
    from: usize,
    at_s: Option<f64>,
}

impl Newest {
    fn still(count: usize) -> Self {
        Self {
            count,
            from: count,
            at_s: None,
        }
    }

    fn observe(&mut self, count: usize, now_s: f64) {
        if count > self.count {
            self.from = self.count;
            self.at_s = Some(now_s);
        }
        self.count = count;
    }

    /// How far what began with this row has come after so many seconds: 0 to 1.
    fn progress(&self, row: usize, now_s: f64, lasts_s: f64) -> f32 {
        match self.at_s {
            Some(at_s) if row >= self.from => ((now_s - at_s) / lasts_s).clamp(0.0, 1.0) as f32,
            _ => 1.0,
        }
    }

    fn is_younger_than(&self, now_s: f64, seconds: f64) -> bool {
        self.at_s.is_some_and(|at_s| now_s - at_s < seconds)
    }
}

impl Seen {
    fn observe(&mut self, story: usize, begun: usize, happened: usize, now_s: f64) {
        if self.story != story {
            *self = Self {
                story,
                begun: Newest::still(begun),
                happened: Newest::still(happened),
            };
        }
        self.begun.observe(begun, now_s);
        self.happened.observe(happened, now_s);
    }
}

/// What moves in this frame.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Motion {
    seen: Seen,
    now_s: f64,
    is_reduced: bool,
    /// Rows have begun since the last frame: the newest is to be brought into sight.
    pub has_moved: bool,
}

impl Motion {
    /// Takes note of the rows that have begun and that have happened, and asks for frames while something moves.
    pub(super) fn follow(
        ui: &Ui,
        which: &str,
        analysis: &Arc<Analysis>,
        begun: usize,
        happened: usize,
        is_reduced: bool,
    ) -> Self {
        let id = Id::unique(("ladder motion", which));
        let mut seen: Seen = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        let before = (seen.story, seen.begun.count);
        let now_s = ui.input(|input| input.time);
        seen.observe(Arc::as_ptr(analysis) as usize, begun, happened, now_s);
        ui.data_mut(|data| data.insert_temp(id, seen));
        let motion = Self {
            seen,
            now_s,
            is_reduced,
            has_moved: before != (seen.story, seen.begun.count),
        };
        if motion.is_moving() {
            ui.ctx().request_repaint_after(FRAME);
        }
        motion
    }

    fn is_moving(&self) -> bool {
        !self.is_reduced
            && (self.seen.begun.is_younger_than(self.now_s, FADE_S)
                || self
                    .seen
                    .happened
                    .is_younger_than(self.now_s, FLASH_S.max(GROW_S)))
    }

    /// How much of a row is there, 0 to 1.
    pub(super) fn opacity(&self, row: usize) -> f32 {
        if self.is_reduced {
            return 1.0;
        }
        self.seen.begun.progress(row, self.now_s, FADE_S)
    }

    /// How far a bar has grown that began with this row's event, 0 to 1.
    pub(super) fn growth(&self, row: usize) -> f32 {
        if self.is_reduced {
            return 1.0;
        }
        let progress = self.seen.happened.progress(row, self.now_s, GROW_S);
        egui::emath::easing::cubic_out(progress)
    }

    /// How far the flash of a break at this row has come; `None` once it is over.
    pub(super) fn flash(&self, row: usize) -> Option<f32> {
        let progress = self.seen.happened.progress(row, self.now_s, FLASH_S);
        (progress < 1.0 && !self.is_reduced).then_some(progress)
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "the ends are exact")]
mod tests {
    use super::{Motion, Seen};

    fn at(seen: Seen, now_s: f64) -> Motion {
        Motion {
            seen,
            now_s,
            ..Motion::default()
        }
    }

    #[test]
    fn a_new_row_fades_in_and_the_others_stay() {
        let mut seen = Seen::default();
        seen.observe(7, 3, 3, 10.0);
        assert_eq!(
            at(seen, 10.0).opacity(2),
            1.0,
            "a story that is opened is there at once"
        );
        assert!(!at(seen, 10.0).is_moving(), "idle costs nothing");
        seen.observe(7, 4, 3, 11.0);
        assert_eq!((at(seen, 11.0).opacity(3), at(seen, 11.0).opacity(2)), (0.0, 1.0));
        assert!((at(seen, 11.06).opacity(3) - 0.5).abs() < 0.01);
        assert_eq!(at(seen, 11.12).opacity(3), 1.0);
        assert!(at(seen, 11.05).is_moving() && !at(seen, 11.2).is_moving());
    }

    #[test]
    fn a_break_flashes_once_when_it_has_happened() {
        let mut seen = Seen::default();
        seen.observe(7, 4, 3, 10.0);
        assert_eq!(at(seen, 10.1).flash(3), None, "it has not happened yet");
        seen.observe(7, 4, 4, 11.0);
        assert!(at(seen, 11.1).flash(3).is_some() && at(seen, 11.1).growth(3) < 1.0);
        assert_eq!((at(seen, 11.5).flash(3), at(seen, 11.5).growth(3)), (None, 1.0));
        seen.observe(7, 2, 2, 12.0);
        assert_eq!(at(seen, 12.0).flash(3), None, "going back is no event");
        let reduced = Motion {
            seen,
            now_s: 11.0,
            is_reduced: true,
            ..Motion::default()
        };
        assert!(reduced.flash(3).is_none() && reduced.opacity(3) == 1.0 && !reduced.is_moving());
    }

    #[test]
    fn another_story_is_there_at_once() {
        let mut seen = Seen::default();
        seen.observe(7, 1, 1, 10.0);
        seen.observe(8, 9, 9, 11.0);
        assert_eq!(at(seen, 11.0).opacity(8), 1.0);
        assert!(!at(seen, 11.0).is_moving());
    }
}
