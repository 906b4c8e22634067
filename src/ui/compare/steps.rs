//! The six chapters of both handshakes: equal, the first difference, and how each goes on after it.

use egui::{Align2, Color32, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons::{ICON_CHECK, ICON_CLOSE};

use super::super::draw;
use super::super::stepper::connect;
use super::super::theme::{self, Palette, Weight, size};
use crate::compare::{ChapterPair, Comparison};
use crate::state::{Command, Comparing, Playback, ViewCommand};
use crate::story::ChapterState;

const RADIUS: f32 = 12.0;
const HEIGHT: f32 = 84.0;
/// From the top to the middle of the circles.
const CENTRE: f32 = 28.0;
/// Between two circles of one chapter, from their middle.
const APART: f32 = 14.0;

/// What a chapter of both shows at the playhead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    NotYet,
    UnderWay,
    /// Both are the same, and ended so.
    Equal(ChapterState),
    /// Here they part.
    First,
    /// Each went its way.
    Apart(ChapterState, ChapterState),
}

fn shown(pair: &ChapterPair, found: &Comparison, playback: &Playback) -> Shown {
    let rows = || {
        let all = found.rows.iter().enumerate();
        all.filter(|(_, row)| row.chapter == pair.number)
            .map(|(at, _)| at)
    };
    let (begun, ended) = (playback.visible_steps(), playback.ended_steps());
    match (rows().min(), rows().max()) {
        (Some(_), Some(last)) if last < ended => {}
        (Some(first), _) if first < begun => return Shown::UnderWay,
        (None, _) if playback.is_at_end() => {}
        _ => return Shown::NotYet,
    }
    if pair.is_first_difference {
        Shown::First
    } else if pair.is_equal {
        Shown::Equal(pair.states.b)
    } else {
        Shown::Apart(pair.states.a, pair.states.b)
    }
}

/// A row of six, each a button.
pub(super) fn show(ui: &mut Ui, comparing: &Comparing, found: &Comparison, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
    let used = width.min(1100.0);
    let margin = (used * 0.094).clamp(34.0, 96.0);
    let pitch = (used - 2.0 * margin) / 5.0;
    let left = rect.left() + (width - used) / 2.0 + margin;
    let shown: Vec<Shown> = found
        .chapters
        .iter()
        .map(|pair| shown(pair, found, &comparing.playback))
        .collect();
    let reach = |shown: Shown| match shown {
        Shown::Apart(..) => RADIUS + APART + 2.0,
        _ => RADIUS + 2.0,
    };
    let centre = |index: usize| pos2(left + pitch * index as f32, rect.top() + CENTRE);
    for (index, pair) in shown.windows(2).enumerate() {
        let [from, to] = pair else { continue };
        let ends = [
            centre(index) + vec2(reach(*from), 0.0),
            centre(index + 1) - vec2(reach(*to), 0.0),
        ];
        connect(ui, ends, line(*from, palette), line(*to, palette));
    }
    for (index, (pair, shown)) in found.chapters.iter().zip(shown).enumerate() {
        one(ui, pair, shown, (centre(index), pitch - 6.0), commands);
    }
}

fn line(shown: Shown, palette: &Palette) -> Color32 {
    match shown {
        Shown::Equal(ChapterState::Done) => palette.good.gamma_multiply(0.7),
        Shown::First => palette.warn.gamma_multiply(0.7),
        _ => *palette.control_active,
    }
}

/// How it ended, in a word.
fn word(state: ChapterState, number: u8) -> &'static str {
    let is_judgement = matches!(number, 3 | 5);
    match (state, is_judgement) {
        (ChapterState::Done, true) => "accepted",
        (ChapterState::Failed, true) => "refused",
        (ChapterState::Done, false) => "done",
        (ChapterState::Failed, false) => "failed",
        (ChapterState::NotReached, _) => "not reached",
        (ChapterState::Skipped, _) => "skipped",
    }
}

/// The line below the title.
fn note(pair: &ChapterPair, shown: Shown) -> String {
    match shown {
        Shown::NotYet => String::new(),
        Shown::UnderWay => "under way …".to_owned(),
        Shown::First => "differs here".to_owned(),
        Shown::Equal(ChapterState::Done) => "equal".to_owned(),
        Shown::Equal(state) => format!("equal: {}", word(state, pair.number)),
        Shown::Apart(a, b) if a == b => "differs too".to_owned(),
        Shown::Apart(a, b) => format!("{}, {}", word(a, pair.number), word(b, pair.number)),
    }
}

fn one(
    ui: &mut Ui,
    pair: &ChapterPair,
    shown: Shown,
    (centre, room): (egui::Pos2, f32),
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let area = Rect::from_center_size(
        pos2(centre.x, centre.y + HEIGHT / 2.0 - CENTRE),
        vec2(room, HEIGHT - 14.0),
    );
    let note = note(pair, shown);
    let response = ui.interact(
        area,
        Id::unique(("compared chapter", pair.number)),
        Sense::click(),
    );
    response.widget_info(|| {
        let label = format!("Chapter {}: {}, {note}", pair.number, pair.title);
        WidgetInfo::labeled(Role::Button, true, label.trim_end_matches(", "))
    });
    match shown {
        Shown::NotYet | Shown::UnderWay => circle(ui, centre, None, pair.number),
        Shown::Equal(state) => circle(ui, centre, Some(state), pair.number),
        Shown::First => {
            let painter = ui.painter();
            painter.circle_filled(centre, RADIUS + 5.0, palette.warn.gamma_multiply(0.25));
            painter.circle_filled(centre, RADIUS + 1.0, *palette.warn);
            let bold = theme::text(size::LEAD + 1.0, Weight::Bold);
            painter.text(centre, Align2::CENTER_CENTER, "≠", bold, *palette.stage);
        }
        Shown::Apart(a, b) => {
            circle(ui, centre - vec2(APART, 0.0), Some(a), pair.number);
            circle(ui, centre + vec2(APART, 0.0), Some(b), pair.number);
        }
    }
    let is_dim = matches!(shown, Shown::NotYet | Shown::Apart(..));
    let (ink, note_ink) = match shown {
        Shown::First => (*palette.text_strong, *palette.warn),
        _ if is_dim => (*palette.text_muted, *palette.text_muted),
        _ => (*palette.text_strong, *palette.text_muted),
    };
    let painter = ui.painter();
    let title = theme::text(size::SMALL + 0.5, Weight::SemiBold);
    let title = draw::fitting(painter, [pair.title], &title, room);
    let at = pos2(centre.x, centre.y + 19.0);
    let title = draw::line(painter, at, Align2::CENTER_TOP, pair.title, title, ink, room);
    let small = theme::text(size::SMALL, Weight::Regular);
    let small = draw::fitting(painter, [note.as_str()], &small, room);
    let at = pos2(centre.x, title.bottom() + 1.0);
    draw::line(painter, at, Align2::CENTER_TOP, &note, small, note_ink, room);
    if response.hovered() {
        let stroke = Stroke::new(1.0, *palette.border);
        painter.rect_stroke(area, theme::radius::CARD, stroke, StrokeKind::Inside);
    }
    if response.clicked() {
        commands.push(Command::View(ViewCommand::JumpToChapter(pair.number)));
    }
}

/// One circle: how a chapter ended, or its number where it did not come to that.
fn circle(ui: &Ui, centre: egui::Pos2, state: Option<ChapterState>, number: u8) {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let sign = match state {
        Some(ChapterState::Done) => Some((ICON_CHECK.codepoint, *palette.good)),
        Some(ChapterState::Failed) => Some((ICON_CLOSE.codepoint, *palette.bad)),
        _ => None,
    };
    let Some((sign, ink)) = sign else {
        let stroke = Stroke::new(1.0, *palette.border);
        painter.circle(centre, RADIUS, *palette.card, stroke);
        let font = theme::text(size::SMALL, Weight::SemiBold);
        painter.text(centre, Align2::CENTER_CENTER, number, font, *palette.text_muted);
        return;
    };
    painter.circle(centre, RADIUS, *palette.stage, Stroke::new(1.5, ink));
    draw::icon(painter, centre, sign, 15.0, ink);
}

#[cfg(test)]
mod tests {
    use super::{Shown, note, shown};
    use crate::analysis::Analysis;
    use crate::cancel::Cancel;
    use crate::compare::{Both, Subject, compare};
    use crate::state::Playback;

    #[test]
    fn a_chapter_tells_nothing_before_the_playhead_has_passed_it() {
        let session = |name: &str| {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/fixtures/sessions")
                .join(format!("{name}.ron"));
            Analysis::of(crate::session::load(&path).expect("a session").capture)
        };
        let (a, b) = (session("good-tls13"), session("root-rotated"));
        let subject = |analysis| Subject {
            analysis,
            setup: None,
        };
        let both = Both {
            a: subject(&a),
            b: subject(&b),
        };
        let found = compare(both, &Cancel::default());
        let mut playback = Playback::default();
        playback.at_end_of(found.rows.len());
        let all = |playback: &Playback| -> Vec<Shown> {
            found
                .chapters
                .iter()
                .map(|pair| shown(pair, &found, playback))
                .collect()
        };
        let at_end = all(&playback);
        assert!(
            at_end
                .iter()
                .all(|one| !matches!(one, Shown::NotYet | Shown::UnderWay))
        );
        assert_eq!(at_end.iter().filter(|one| **one == Shown::First).count(), 1);
        playback.seek(0.0);
        assert!(all(&playback).iter().all(|one| *one == Shown::NotYet));
        for step in 0..found.rows.len() {
            playback.seek(step as f32 + 0.2);
            let row = found.rows.get(step).expect("a row");
            for (pair, now) in found.chapters.iter().zip(all(&playback)) {
                if pair.number == row.chapter {
                    assert!(
                        matches!(now, Shown::UnderWay),
                        "chapter {} at {step}: {now:?}",
                        pair.number
                    );
                }
                if matches!(now, Shown::NotYet) {
                    assert_eq!(note(pair, now), "");
                }
            }
        }
    }
}
