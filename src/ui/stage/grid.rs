//! A ladder whose rows stand where they are told to: two of them, side by side, are compared row by row.

use std::sync::Arc;

use egui::{Rect, Ui};

use super::layout::Layout;
pub(in crate::ui) use super::layout::{Slot, row_height};
use super::model::Scene;
use super::motion::Motion;
use super::paint::{self, Heads};
pub(in crate::ui) use super::seen::{Seen, Tone};
use crate::analysis::Analysis;

/// One of the ladders.
pub(in crate::ui) struct Ladder<'a> {
    /// No two of them share it.
    pub salt: &'static str,
    pub analysis: &'a Arc<Analysis>,
    pub seen: Seen,
    /// Where each row of the story stands.
    pub slots: &'a [Slot],
    pub width: f32,
    /// Rows are so much higher than usual.
    pub scale: f32,
    /// Where its lifelines end.
    pub bottom: f32,
}

/// What stands out of a row.
pub(in crate::ui) type Marked = (Tone, Option<String>);

/// Height of the strip of heads over a stage of this height.
pub(in crate::ui) fn heads_height(stage: f32) -> f32 {
    Heads::of(stage).height
}

impl Ladder<'_> {
    fn layout(&self) -> Layout {
        Layout::on_grid(self.slots, self.width, self.scale, self.bottom)
    }

    /// Where the lifelines stand, from its left edge.
    pub(in crate::ui) fn lifelines(&self) -> (f32, f32) {
        let layout = self.layout();
        (layout.client_x, layout.server_x)
    }

    /// Paints the heads of the lifelines; `stage` is the height that all of it stands in.
    pub(in crate::ui) fn heads(&self, ui: &Ui, strip: Rect, stage: f32) {
        let scene = Scene::seen(self.analysis, self.seen);
        paint::heads(ui, strip, &scene, &self.layout(), Heads::of(stage));
    }

    /// What is to be painted at this moment, with what stands out.
    pub(in crate::ui) fn begin(
        &self,
        ui: &Ui,
        is_reduced: bool,
        marked: impl Fn(usize) -> Marked,
    ) -> Begun<'_> {
        let mut scene = Scene::seen(self.analysis, self.seen);
        for item in &mut scene.rows {
            (item.tone, item.lit) = marked(item.step);
        }
        let (rows, happened) = (scene.rows.len(), scene.happened);
        Begun {
            motion: Motion::follow(ui, self.salt, self.analysis, rows, happened, is_reduced),
            layout: self.layout(),
            scene,
        }
    }
}

/// A ladder that is being painted: what lies behind its rows first.
pub(in crate::ui) struct Begun<'a> {
    scene: Scene<'a>,
    layout: Layout,
    motion: Motion,
}

impl Begun<'_> {
    /// Rows have begun since the last frame.
    pub(in crate::ui) fn has_moved(&self) -> bool {
        self.motion.has_moved
    }

    /// What lies behind the rows; `rect` begins where the grid does.
    pub(in crate::ui) fn bands(&self, ui: &Ui, rect: Rect) {
        paint::bands(ui, rect, &self.scene, &self.layout, &self.motion);
    }

    /// The rows.
    pub(in crate::ui) fn rows(&self, ui: &Ui, rect: Rect) {
        paint::rows(ui, rect, &self.scene, &self.layout, &self.motion);
    }
}
