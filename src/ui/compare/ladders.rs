//! Both ladders, the signs between them, and the band of the first difference.

use std::sync::Arc;

use egui::style::ScrollAnimation;
use egui::{Align2, Id, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::super::draw;
use super::super::stage::grid::{Ladder, Slot, Tone, heads_height};
use super::super::theme::{self, Weight, size};
use super::grid::{ABOVE_FIRST, BELOW_FIRST, Grid};
use super::halves::{GUTTER, Halves};
use crate::analysis::Analysis;
use crate::compare::{AlignedRow, Both, Comparison, Relation, Which};
use crate::state::{Command, CompareCommand, Comparing};

/// Radius of the sign of the first difference.
const SIGN: f32 = 10.0;

/// What is painted of both.
struct Scene<'a> {
    comparing: &'a Comparing,
    found: &'a Comparison,
    both: Both<&'a Arc<Analysis>>,
    grid: Grid,
    halves: Halves,
}

/// Paints both into what is left of the middle.
pub(super) fn show(
    ui: &mut Ui,
    comparing: &Comparing,
    found: &Comparison,
    both: Both<&Arc<Analysis>>,
    halves: Halves,
    commands: &mut Vec<Command>,
) {
    let stage = ui.available_rect_before_wrap();
    let heads = heads_height(stage.height());
    let analyses = Both {
        a: both.a.as_ref(),
        b: both.b.as_ref(),
    };
    let scene = Scene {
        comparing,
        found,
        both,
        grid: Grid::new(found, &analyses, stage.height() - heads),
        halves,
    };
    let slots = Both {
        a: scene.grid.slots_of(Which::A),
        b: scene.grid.slots_of(Which::B),
    };
    let (strip, _) = ui.allocate_exact_size(vec2(stage.width(), heads), Sense::hover());
    for which in Which::BOTH {
        let left = halves.left(which);
        let strip = Rect::from_min_size(pos2(left, strip.top()), vec2(halves.width, heads));
        scene
            .ladder(which, slots.of(which))
            .heads(ui, strip, stage.height());
    }
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .id_salt(("ladders", comparing.id))
        .show(ui, |ui| {
            let (rect, _) =
                ui.allocate_exact_size(vec2(ui.available_width(), scene.grid.height), Sense::hover());
            scene.paint(ui, rect, &slots, commands);
        });
}

impl Scene<'_> {
    fn ladder<'a>(&'a self, which: Which, slots: &'a [Slot]) -> Ladder<'a> {
        Ladder {
            salt: match which {
                Which::A => "compared, A",
                Which::B => "compared, B",
            },
            analysis: self.both.of(which),
            seen: self
                .grid
                .seen(which, &self.comparing.playback, self.comparing.selected),
            slots,
            width: self.halves.width,
            scale: self.grid.scale,
            bottom: self.grid.bottom_of(which),
        }
    }

    fn paint(&self, ui: &mut Ui, rect: Rect, slots: &Both<Vec<Slot>>, commands: &mut Vec<Command>) {
        let is_reduced = self.comparing.playback.is_motion_reduced();
        let visible = self.comparing.playback.visible_steps();
        let ladders = Which::BOTH.map(|which| (which, self.ladder(which, slots.of(which))));
        let lifelines = ladders[0].1.lifelines();
        let begun = ladders.each_ref().map(|(which, ladder)| {
            let place = rect.translate(vec2(self.halves.left(*which) - rect.left(), 0.0));
            let begun = ladder.begin(ui, is_reduced, |step| self.marked(*which, step));
            (place, begun)
        });
        for (place, begun) in &begun {
            begun.bands(ui, *place);
        }
        self.first_difference(ui, rect, lifelines);
        for (place, begun) in &begun {
            begun.rows(ui, *place);
        }
        let has_moved = begun.iter().any(|(_, begun)| begun.has_moved());
        for (at, (row, slot)) in self
            .found
            .rows
            .iter()
            .zip(&self.grid.slots)
            .enumerate()
            .take(visible)
        {
            let place = Rect::from_min_size(
                pos2(rect.left(), rect.top() + slot.top),
                vec2(rect.width(), slot.height),
            );
            if !ui.is_rect_visible(place) {
                continue;
            }
            self.sign(ui, at, row, place);
            for which in Which::BOTH {
                self.one(ui, at, (row, which), place, lifelines, commands);
            }
        }
        self.bring_into_sight(ui, rect, has_moved, visible);
    }

    /// The current row, with the place of the next one; or the row that was chosen elsewhere.
    fn bring_into_sight(&self, ui: &Ui, rect: Rect, has_moved: bool, visible: usize) {
        let id = Id::unique(("row in sight", self.comparing.id));
        let selected = self.comparing.selected;
        let before: Option<usize> = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        ui.data_mut(|data| data.insert_temp(id, selected));
        let row = if has_moved && !self.comparing.is_told() {
            visible.checked_sub(1)
        } else {
            selected.filter(|_| selected != before)
        };
        let Some(slot) = row.and_then(|row| self.grid.slots.get(row)) else {
            return;
        };
        let next = row.and_then(|row| self.grid.slots.get(row + 1));
        let bottom = next.map_or(self.grid.height, |next| next.top + next.height);
        let place = Rect::from_min_max(
            pos2(rect.left(), rect.top() + slot.top - ABOVE_FIRST),
            pos2(rect.right(), rect.top() + bottom),
        );
        let animation = if self.comparing.playback.is_motion_reduced() || ui.ctx().cumulative_pass_nr() < 2 {
            ScrollAnimation::none()
        } else {
            ui.style().scroll_animation
        };
        ui.scroll_to_rect_animation(place, None, animation);
    }

    /// How a row of a story stands out: what is equal is quiet, what follows from the first difference is grey.
    fn marked(&self, which: Which, step: usize) -> (Tone, Option<String>) {
        let Some(at) = self.grid.of.of(which).get(step).copied() else {
            return (Tone::Usual, None);
        };
        match self.found.first_difference {
            Some(first) if at > first => (Tone::Grey, None),
            Some(first) if at == first => (Tone::Strong, self.lit(which, at)),
            _ => (Tone::Quiet, None),
        }
    }

    /// What of the caption is not in the other's.
    fn lit(&self, which: Which, at: usize) -> Option<String> {
        let caption = |which: Which| {
            let row = self.found.rows.get(at)?.rows.of(which).as_ref().copied()?;
            let step = self.both.of(which).story.steps.get(row)?;
            Some(step.caption.as_str())
        };
        differing(caption(which)?, caption(which.other())?)
    }

    /// The band over both ladders.
    fn first_difference(&self, ui: &Ui, rect: Rect, (client_x, server_x): (f32, f32)) {
        let visible = self.comparing.playback.visible_steps();
        let first = self.found.first_difference.filter(|first| *first < visible);
        let Some((first, slot)) = first.and_then(|first| Some((first, self.grid.slots.get(first)?))) else {
            return;
        };
        let Some(row) = self.found.rows.get(first) else {
            return;
        };
        let palette = theme::palette(ui);
        let top = rect.top() + slot.top - ABOVE_FIRST + 2.0;
        let bottom = rect.top() + slot.top + slot.height + BELOW_FIRST - 4.0;
        let across = self.halves.across(top, bottom);
        let band = Rect::from_min_max(
            pos2((across.left() + 8.0).max(rect.left() + 2.0), top),
            pos2((across.right() - 8.0).min(rect.right() - 2.0), bottom),
        );
        let stroke = Stroke::new(1.5, *palette.warn);
        let painter = ui.painter();
        painter.rect(
            band,
            theme::radius::CARD,
            *palette.warn_soft,
            stroke,
            StrokeKind::Inside,
        );
        let y = top + 14.0;
        let left = self.halves.a + client_x + 14.0;
        let right = self.halves.b + server_x - 8.0;
        let strong = theme::text(size::SMALL + 0.5, Weight::SemiBold);
        let small = theme::text(size::SMALL + 0.5, Weight::Regular);
        let lead = draw::line(
            painter,
            pos2(left, y),
            Align2::LEFT_CENTER,
            "First difference",
            strong,
            *palette.warn,
            140.0,
        );
        let words = format!("chapter {}: {}", row.chapter, row.words(self.both.a, self.both.b));
        let is_more = first + 1 < self.found.rows.len().min(visible);
        let after = if is_more {
            "what is below follows from it"
        } else {
            ""
        };
        let follows = draw::line(
            painter,
            pos2(right, y),
            Align2::RIGHT_CENTER,
            after,
            small.clone(),
            *palette.text_muted,
            220.0,
        );
        let from = lead.right() + 8.0;
        draw::line(
            painter,
            pos2(from, y),
            Align2::LEFT_CENTER,
            &words,
            small,
            *palette.text_strong,
            follows.left() - from - 20.0,
        );
    }

    /// Between the ladders: whether the row is the same in both.
    fn sign(&self, ui: &Ui, at: usize, row: &AlignedRow, place: Rect) {
        let palette = theme::palette(ui);
        let middle = pos2(self.halves.a + self.halves.width + GUTTER / 2.0, place.center().y);
        let painter = ui.painter();
        let bold = theme::text(size::LEAD, Weight::SemiBold);
        let (sign, ink) = match row.relation {
            _ if self.found.first_difference == Some(at) => {
                painter.circle_filled(middle, SIGN, *palette.warn);
                ("≠", *palette.stage)
            }
            Relation::Equal => ("=", *palette.text_muted),
            Relation::Differs => ("≠", *palette.text_muted),
            Relation::OnlyA | Relation::OnlyB => return,
        };
        painter.text(middle, Align2::CENTER_CENTER, sign, bold, ink);
    }

    /// One side of a row: it answers, and says where there is none.
    fn one(
        &self,
        ui: &mut Ui,
        at: usize,
        (row, which): (&AlignedRow, Which),
        place: Rect,
        (client_x, server_x): (f32, f32),
        commands: &mut Vec<Command>,
    ) {
        let left = self.halves.left(which);
        let across = Rect::from_x_y_ranges(left + client_x..=left + server_x, place.y_range());
        let Some(step) = *row.rows.of(which) else {
            not_there(ui, across, self.is_over(which, at));
            return;
        };
        let steps = &self.both.of(which).story.steps;
        let title = steps.get(step).map_or("", |step| step.title.as_str());
        let relation = match row.relation {
            Relation::Equal => "equal",
            Relation::Differs => "differs",
            Relation::OnlyA | Relation::OnlyB => "only here",
        };
        let is_selected = self.comparing.selected == Some(at);
        let response = ui.interact(across, Id::unique(("compared row", which, at)), Sense::click());
        response.widget_info(|| {
            let label = format!("{}, step {}: {title}; {relation}", which.letter(), step + 1);
            WidgetInfo::selected(Role::Button, true, is_selected, label)
        });
        if response.hovered() {
            let stroke = Stroke::new(1.0, *theme::palette(ui).border);
            let area = across.expand2(vec2(20.0, -2.0));
            ui.painter()
                .rect_stroke(area, theme::radius::CARD, stroke, StrokeKind::Inside);
        }
        if response.clicked() {
            commands.push(Command::Compare(CompareCommand::SelectRow(at)));
        }
    }

    /// Whether this side has no row from here on.
    fn is_over(&self, which: Which, at: usize) -> bool {
        self.grid.of.of(which).last().is_none_or(|last| *last < at)
    }
}

/// A row that one side does not have.
fn not_there(ui: &Ui, across: Rect, is_over: bool) {
    let palette = theme::palette(ui);
    let words = if is_over {
        "not reached"
    } else {
        "nothing of the kind"
    };
    let inside = across.shrink2(vec2(14.0, 0.0));
    let text = draw::line(
        ui.painter(),
        inside.center(),
        Align2::CENTER_CENTER,
        words,
        theme::text(size::SMALL + 0.5, Weight::Regular),
        *palette.text_muted,
        inside.width(),
    );
    let stroke = Stroke::new(1.0, *palette.border);
    let y = inside.center().y;
    for (from, to) in [
        (inside.left(), text.left() - 14.0),
        (text.right() + 14.0, inside.right()),
    ] {
        if to > from {
            draw::dashed(ui.painter(), pos2(from, y), pos2(to, y), stroke);
        }
    }
}

/// The parts of a caption that are not in another, from the first to the last of them; figures of size are let go.
fn differing(caption: &str, other: &str) -> Option<String> {
    let parts = |text: &str| -> Vec<String> {
        let parts = text.split(" · ").filter(|part| !part.ends_with(" B"));
        parts.map(str::to_owned).collect()
    };
    let others = parts(other);
    let differs = parts(caption).into_iter().find(|part| !others.contains(part))?;
    // Of names that are joined by arrows, those that differ.
    let names: Vec<&str> = differs.split(" ← ").collect();
    let of_other: Vec<&str> = others
        .iter()
        .find(|part| part.contains(" ← "))
        .map(|part| part.split(" ← ").collect())
        .unwrap_or_default();
    let same = names
        .iter()
        .zip(&of_other)
        .take_while(|(one, other)| one == other)
        .count();
    let rest = names.get(same..).unwrap_or_default().join(" ← ");
    Some(if rest.is_empty() { differs } else { rest })
}

#[cfg(test)]
mod tests {
    use super::differing;

    #[test]
    fn what_differs_in_a_caption_stands_out() {
        for (caption, other, lit) in [
            (
                "orders ← Mesh Issuer · ECDSA P-256 · 1,071 B",
                "orders ← Partner Root · ECDSA P-256 · 614 B",
                Some("Mesh Issuer"),
            ),
            (
                "orders ← Mesh Issuer ← Mesh Root · 1,071 B",
                "orders ← Mesh Issuer ← Old Root · 1,071 B",
                Some("Mesh Root"),
            ),
            ("TLS 1.3 · 80 B", "TLS 1.2 · 81 B", Some("TLS 1.3")),
            ("orders ← Issuer", "no certificate", Some("orders ← Issuer")),
            ("fatal · 24 B", "fatal · 25 B", None),
            ("", "", None),
        ] {
            assert_eq!(differing(caption, other).as_deref(), lit, "{caption}");
        }
    }
}
