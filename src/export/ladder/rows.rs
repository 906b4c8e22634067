//! What a row draws: its arrow, its capsule, or its moment.

use super::frame::{CLIENT, Ladder, Place, SERVER, SMALL, TITLE, ink_of, words, x};
use super::signs::{badge, cross};
use crate::capture::Side;
use crate::export::ink::Ink;
use crate::export::shape::{Anchor, Shape, cut, width_of};
use crate::story::{Row, RowKind, cause_words, shorten};

impl Ladder<'_> {
    pub(super) fn arrow(
        &self,
        place: &Place,
        row: &Row,
        (from, is_alert, is_lost): (Side, bool, bool),
        shapes: &mut Vec<Shape>,
    ) {
        let Some(step) = self.analysis.story.steps.get(place.step) else {
            return;
        };
        let is_bad = is_alert && (row.is_break || !step.title.contains("close_notify"));
        let ink = if is_bad { Ink::Bad } else { ink_of(from) };
        let direction = if from == Side::Client { 1.0 } else { -1.0 };
        let (start, end) = (x(from) + 7.0 * direction, x(from.peer()) - 7.0 * direction);
        let tip = if is_lost {
            f32::midpoint(start, end) + 0.12 * (end - start)
        } else {
            end
        };
        let y = place.middle;
        shapes.push(Shape::Line {
            from: (start, y),
            to: (tip, y),
            ink,
            width: 1.8,
            is_dashed: false,
        });
        if is_lost {
            cross((tip, y), 5.0, (Ink::Bad, 2.0), shapes);
        } else {
            let back = tip - 9.0 * direction;
            shapes.push(Shape::Filled {
                points: vec![(tip, y), (back, y - 4.5), (back, y + 4.5)],
                fill: ink,
            });
        }
        let middle = f32::midpoint(CLIENT, SERVER);
        let room = SERVER - CLIENT - 40.0;
        let title = shorten::title(&step.title, |text| width_of(text, TITLE, 600) <= room);
        let title = cut(&title, TITLE, 600, room);
        let title_ink = if is_bad { Ink::Bad } else { Ink::Strong };
        shapes.push(words(
            (middle, y - 8.0),
            title,
            (TITLE, 600),
            title_ink,
            Anchor::Middle,
        ));
        let caption = shorten::caption(&step.caption, |text| width_of(text, SMALL, 400) <= room);
        let caption = cut(&caption, SMALL, 400, room);
        shapes.push(words(
            (middle, y + 15.0),
            caption,
            (SMALL, 400),
            Ink::Muted,
            Anchor::Middle,
        ));
    }

    pub(super) fn capsule(&self, place: &Place, row: &Row, judge: Side, shapes: &mut Vec<Shape>) {
        let (
            RowKind::Verification {
                refused_for,
                is_likely,
                is_accepted,
                ..
            },
            Some(step),
        ) = (&row.kind, self.analysis.story.steps.get(place.step))
        else {
            return;
        };
        let ink = match (is_accepted, refused_for) {
            (true, _) => Ink::Good,
            (false, Some(_)) => Ink::Bad,
            (false, None) => Ink::Muted,
        };
        let caption =
            refused_for.map_or_else(|| step.caption.clone(), |cause| cause_words(cause, *is_likely));
        let room = SERVER - CLIENT - 90.0;
        let title = cut(&step.title, SMALL + 0.5, 600, room * 0.6);
        let title_width = width_of(&title, SMALL + 0.5, 600);
        let left = room - title_width;
        let caption = shorten::caption(&caption, |text| width_of(text, SMALL, 400) <= left);
        let caption = cut(&caption, SMALL, 400, left);
        let width = 34.0 + title_width + 14.0 + width_of(&caption, SMALL, 400) + 12.0;
        let y = (f32::midpoint(place.top, place.bottom) - 0.5).round();
        let x = match judge {
            Side::Client => CLIENT - 14.0,
            Side::Server => SERVER + 14.0 - width,
        };
        shapes.push(Shape::Box {
            at: (x, y - 15.5),
            size: (width, 31.0),
            radius: 8.0,
            fill: Ink::Panel,
            edge: Some((ink, 1.4)),
        });
        badge((x + 18.0, y), ink, (*is_accepted, refused_for.is_some()), shapes);
        shapes.push(words(
            (x + 32.0, y + 4.2),
            title,
            (SMALL + 0.5, 600),
            Ink::Strong,
            Anchor::Start,
        ));
        let caption_ink = match (refused_for, is_likely) {
            (Some(_), true) => Ink::Warn,
            (Some(_), false) => Ink::Bad,
            (None, _) => Ink::Muted,
        };
        shapes.push(words(
            (x + width - 12.0, y + 4.0),
            caption,
            (SMALL, 400),
            caption_ink,
            Anchor::End,
        ));
    }

    pub(super) fn moment(&self, place: &Place, side: Side, is_failure: bool, shapes: &mut Vec<Shape>) {
        let Some(step) = self.analysis.story.steps.get(place.step) else {
            return;
        };
        let ink = if is_failure { Ink::Bad } else { Ink::Muted };
        let y = place.middle;
        shapes.push(Shape::Disc {
            at: (x(side), y),
            radius: 6.0,
            fill: ink,
        });
        let (anchor, x) = match side {
            Side::Client => (Anchor::Start, CLIENT + 18.0),
            Side::Server => (Anchor::End, SERVER - 18.0),
        };
        let room = SERVER - CLIENT - 60.0;
        let title_ink = if is_failure { Ink::Bad } else { Ink::Strong };
        let title = cut(&step.title, TITLE, 600, room);
        shapes.push(words((x, y - 3.0), title, (TITLE, 600), title_ink, anchor));
        let caption = shorten::caption(&step.caption, |text| width_of(text, SMALL, 400) <= room);
        let caption = cut(&caption, SMALL, 400, room);
        shapes.push(words((x, y + 13.0), caption, (SMALL, 400), Ink::Muted, anchor));
    }
}
