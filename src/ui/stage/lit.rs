//! What of a row stands out, and what steps back.

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, Pos2, vec2};

use super::paint::Brush;
use super::seen::Tone;
use crate::ui::draw;
use crate::ui::theme::{Weight, size};

impl Brush<'_> {
    /// The colour of a title.
    pub(super) fn ink(&self, tone: Tone) -> Color32 {
        match tone {
            Tone::Usual | Tone::Strong => *self.palette.text_strong,
            Tone::Quiet => *self.palette.text,
            Tone::Grey => *self.palette.text_muted,
        }
    }

    /// A caption of which a part stands out, centred below `at`.
    pub(super) fn lit_line(&self, at: Pos2, caption: &str, lit: &str, room: f32) {
        let (before, after) = caption.split_once(lit).unwrap_or((caption, ""));
        let (muted, warn) = (*self.palette.text_muted, *self.palette.warn);
        let mut job = LayoutJob::default();
        for (words, color, weight) in [
            (before, muted, Weight::Regular),
            (lit, warn, Weight::SemiBold),
            (after, muted, Weight::Regular),
        ] {
            let format = TextFormat::simple(self.text(size::SMALL, weight), color);
            job.append(&draw::drawn(words), 0.0, format);
        }
        job.wrap = TextWrapping::truncate_at_width(room);
        let galley = self.painter.layout_job(job);
        let corner = at - vec2(galley.size().x / 2.0, 0.0);
        self.painter.galley(corner, galley, muted);
    }
}
