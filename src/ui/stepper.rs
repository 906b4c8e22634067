//! The six chapters of the lesson: where the handshake is, and where it broke.

use egui::{Align2, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons::{ICON_CHECK, ICON_CLOSE};

use super::draw;
use super::theme::{self, Palette, Weight, size};
use crate::state::{Command, State, ViewCommand};
use crate::story::{Chapter, ChapterState};

const HEIGHT: f32 = 86.0;
const RADIUS: f32 = 13.0;

/// What a chapter shows at the playhead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Done,
    Failed,
    UnderWay,
    NotYet,
    Skipped,
    NotReached,
}

/// A row of six, each a button.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let Some(analysis) = state.analysis() else { return };
    let palette = theme::palette(ui);
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
    let chapters = &analysis.story.chapters;
    // A step that is still on its way has decided nothing.
    let is_whole = state.playback.progress_in_step() >= 1.0;
    let visible = state.visible_steps();
    let ended = if is_whole {
        visible
    } else {
        visible.saturating_sub(1)
    };
    let is_at_end = state.playback.is_at_end();
    let shown: Vec<Shown> = chapters
        .iter()
        .map(|chapter| shown(chapter, visible, ended, is_at_end))
        .collect();
    let margin = (width * 0.094).clamp(44.0, 90.0);
    let pitch = (width - 2.0 * margin) / 5.0;
    let centre = |index: usize| pos2(rect.left() + margin + pitch * index as f32, rect.top() + 28.0);
    for (index, pair) in shown.windows(2).enumerate() {
        let [from, to] = pair else { continue };
        let ends = [
            centre(index) + vec2(RADIUS + 2.0, 0.0),
            centre(index + 1) - vec2(RADIUS + 2.0, 0.0),
        ];
        connect(ui, ends, line_color(*from, palette), line_color(*to, palette));
    }
    let room = pitch - 6.0;
    let notes: Vec<String> = chapters
        .iter()
        .zip(&shown)
        .map(|(chapter, shown)| note(chapter, *shown))
        .collect();
    let fonts = [
        draw::fitting(
            ui.painter(),
            chapters.iter().map(|chapter| chapter.title),
            &theme::text(size::SMALL + 0.5, Weight::SemiBold),
            room,
        ),
        draw::fitting(
            ui.painter(),
            notes.iter().map(String::as_str),
            &theme::text(size::SMALL, Weight::Regular),
            room,
        ),
    ];
    for (index, (chapter, shown)) in chapters.iter().zip(&shown).enumerate() {
        one(ui, chapter, *shown, centre(index), room, &fonts, commands);
    }
}

fn shown(chapter: &Chapter, visible: usize, ended: usize, is_at_end: bool) -> Shown {
    let begun = chapter.first_step.is_some_and(|first| first < visible);
    let ended = chapter.last_step.is_some_and(|last| last < ended);
    match chapter.state {
        ChapterState::Done if ended => Shown::Done,
        ChapterState::Failed if ended || (is_at_end && chapter.first_step.is_none()) => Shown::Failed,
        ChapterState::Done | ChapterState::Failed if begun => Shown::UnderWay,
        ChapterState::Skipped if is_at_end => Shown::Skipped,
        ChapterState::NotReached if is_at_end => Shown::NotReached,
        _ => Shown::NotYet,
    }
}

/// The line below the title.
fn note(chapter: &Chapter, shown: Shown) -> String {
    match shown {
        Shown::NotYet => String::new(),
        Shown::UnderWay => "under way …".to_owned(),
        _ => chapter.note.clone(),
    }
}

fn line_color(shown: Shown, palette: &Palette) -> egui::Color32 {
    match shown {
        Shown::Done => *palette.good,
        Shown::Failed => *palette.bad,
        Shown::UnderWay => *palette.text_muted,
        Shown::NotYet | Shown::Skipped | Shown::NotReached => *palette.control_hover,
    }
}

/// A line that fades from one chapter's colour to the next one's.
fn connect(ui: &Ui, ends: [egui::Pos2; 2], from: egui::Color32, to: egui::Color32) {
    let [start, end] = ends;
    if end.x <= start.x {
        return;
    }
    let mut mesh = egui::Mesh::default();
    let half = vec2(0.0, 1.4);
    for (at, color) in [
        (start - half, from),
        (start + half, from),
        (end + half, to),
        (end - half, to),
    ] {
        mesh.colored_vertex(at, color);
    }
    mesh.add_triangle(0, 1, 2);
    mesh.add_triangle(0, 2, 3);
    ui.painter().add(egui::Shape::mesh(mesh));
}

fn one(
    ui: &mut Ui,
    chapter: &Chapter,
    shown: Shown,
    centre: egui::Pos2,
    room: f32,
    [title_font, note_font]: &[egui::FontId; 2],
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let area = Rect::from_center_size(centre + vec2(0.0, 20.0), vec2(room, 72.0));
    let response = ui.interact(area, Id::unique(("chapter", chapter.number)), Sense::click());
    let (fill, ink, sign) = match shown {
        Shown::Done => (*palette.good, *palette.stage, Some(ICON_CHECK.codepoint)),
        Shown::Failed => (*palette.bad, *palette.stage, Some(ICON_CLOSE.codepoint)),
        Shown::UnderWay => (*palette.control_active, *palette.text_strong, None),
        Shown::NotYet | Shown::Skipped | Shown::NotReached => (*palette.card, *palette.text_muted, None),
    };
    let note = note(chapter, shown);
    let words = match shown {
        Shown::Done => "done",
        Shown::Failed => "failed",
        Shown::UnderWay => "under way",
        Shown::NotYet => "not yet",
        Shown::Skipped => "skipped",
        Shown::NotReached => "not reached",
    };
    let label = format!("Chapter {}: {}, {words}. {note}", chapter.number, chapter.title);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, chapter.first_step.is_some(), label.trim()));
    let painter = ui.painter();
    if shown == Shown::Failed {
        painter.circle_filled(centre, RADIUS + 5.0, palette.bad.gamma_multiply(0.2));
    }
    painter.circle(
        centre,
        RADIUS,
        fill,
        Stroke::new(1.0, if sign.is_some() { fill } else { *palette.border }),
    );
    match sign {
        Some(sign) => draw::icon(painter, centre, sign, 17.0, ink),
        None => {
            painter.text(
                centre,
                Align2::CENTER_CENTER,
                chapter.number,
                theme::text(size::SMALL, Weight::SemiBold),
                ink,
            );
        }
    }
    if response.hovered() || response.has_focus() {
        let color = if response.has_focus() {
            *palette.accent
        } else {
            *palette.border
        };
        painter.rect_stroke(
            area,
            theme::radius::CARD,
            Stroke::new(1.0, color),
            StrokeKind::Inside,
        );
    }
    let is_dim = matches!(shown, Shown::NotYet | Shown::Skipped | Shown::NotReached);
    let title_color = if is_dim {
        *palette.text_muted
    } else {
        *palette.text_strong
    };
    draw::line(
        painter,
        centre + vec2(0.0, 19.0),
        Align2::CENTER_TOP,
        chapter.title,
        title_font.clone(),
        title_color,
        room,
    );
    let note_color = if shown == Shown::Failed {
        *palette.bad
    } else {
        *palette.text_muted
    };
    let placed = draw::line(
        painter,
        centre + vec2(0.0, 35.0),
        Align2::CENTER_TOP,
        &note,
        note_font.clone(),
        note_color,
        room,
    );
    let is_cut = placed.width() > room - 4.0;
    let response = if is_cut && !note.is_empty() {
        response.on_hover_text(&note)
    } else {
        response
    };
    if response.clicked() && chapter.first_step.is_some() {
        commands.push(Command::View(ViewCommand::JumpToChapter(chapter.number)));
    }
}
