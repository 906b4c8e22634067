//! The six chapters of the lesson: where the handshake is, and where it broke.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align, Align2, Color32, FontId, Galley, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};
use egui_material_icons::icons::{ICON_CHECK, ICON_CLOSE};

use super::draw;
use super::theme::{self, Palette, Weight, size};
use crate::state::{Command, State, ViewCommand};
use crate::story::{Chapter, ChapterState};

const RADIUS: f32 = 13.0;
/// From the top to the middle of the circles.
const CENTRE: f32 = 28.0;
/// From the middle of a circle to its title.
const TITLE: f32 = 19.0;
/// Where the window is lower than this, in points, the notes give way to the ladder.
const LOW: f32 = 360.0;

/// What a chapter shows at the playhead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Done,
    Failed,
    /// It happened, and nothing shows what came of it.
    Undecided,
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
    let chapters = &analysis.story.chapters;
    let visible = state.visible_steps();
    // A step that is still on its way has decided nothing.
    let ended = state.playback.ended_steps();
    let is_at_end = state.playback.is_at_end();
    let shown: Vec<Shown> = chapters
        .iter()
        .map(|chapter| shown(chapter, visible, ended, is_at_end))
        .zip(chapters)
        .map(|(shown, chapter)| match shown {
            // Nothing shows what came of it: that is no good news.
            Shown::Done if analysis.story.is_undecided(chapter) => Shown::Undecided,
            shown => shown,
        })
        .collect();
    // As wide as the ladder below, which has a best width.
    let width_used = width.min(900.0);
    let margin = (width_used * 0.094).clamp(34.0, 90.0);
    let pitch = (width_used - 2.0 * margin) / 5.0;
    let words = Words::new(ui, chapters, &shown, pitch - 6.0);
    let (rect, _) = ui.allocate_exact_size(vec2(width, words.bottom + 12.0), Sense::hover());
    let left = rect.left() + (width - width_used) / 2.0;
    let centre = |index: usize| pos2(left + margin + pitch * index as f32, rect.top() + CENTRE);
    for (index, pair) in shown.windows(2).enumerate() {
        let [from, to] = pair else { continue };
        let ends = [
            centre(index) + vec2(RADIUS + 2.0, 0.0),
            centre(index + 1) - vec2(RADIUS + 2.0, 0.0),
        ];
        connect(ui, ends, line_color(*from, palette), line_color(*to, palette));
    }
    for (index, (chapter, shown)) in chapters.iter().zip(&shown).enumerate() {
        one(ui, chapter, *shown, centre(index), (index, &words), commands);
    }
}

/// Titles and notes, set so that all of them fit: in a line each, else a little smaller, else on two lines.
struct Words {
    titles: Vec<Arc<Galley>>,
    notes: Vec<Arc<Galley>>,
    room: f32,
    /// Where the notes begin, and where all of it ends, from the top.
    notes_top: f32,
    bottom: f32,
}

impl Words {
    fn new(ui: &Ui, chapters: &[Chapter], shown: &[Shown], room: f32) -> Self {
        let palette = theme::palette(ui);
        let painter = ui.painter();
        let texts: Vec<String> = chapters
            .iter()
            .zip(shown)
            .map(|(chapter, shown)| note(chapter, *shown))
            .collect();
        let title_font = draw::fitting(
            painter,
            chapters.iter().map(|chapter| chapter.title),
            &theme::text(size::SMALL + 0.5, Weight::SemiBold),
            room,
        );
        let note_font = theme::text(size::SMALL, Weight::Regular);
        let note_font = draw::fitting(painter, texts.iter().map(String::as_str), &note_font, room);
        let titles: Vec<_> = chapters
            .iter()
            .zip(shown)
            .map(|(chapter, shown)| {
                let is_dim = matches!(shown, Shown::NotYet | Shown::Skipped | Shown::NotReached);
                let color = if is_dim {
                    *palette.text_muted
                } else {
                    *palette.text_strong
                };
                set(painter, chapter.title, &title_font, color, room)
            })
            .collect();
        let is_low = ui.ctx().content_rect().height() < LOW;
        let notes: Vec<_> = texts
            .iter()
            .zip(chapters.iter().zip(shown))
            .map(|(text, (chapter, shown))| {
                let color = match (shown, chapter.is_likely) {
                    (Shown::Failed, true) => *palette.warn,
                    (Shown::Failed, false) => *palette.bad,
                    _ => *palette.text_muted,
                };
                let text = if is_low { "" } else { text.as_str() };
                set(painter, text, &note_font, color, room)
            })
            .collect();
        let highest = |galleys: &[Arc<Galley>]| galleys.iter().map(|one| one.size().y).fold(0.0, f32::max);
        let notes_top = CENTRE + TITLE + highest(&titles) + 1.0;
        // A line is kept free for the notes that are still to come.
        let least = if is_low { 0.0 } else { note_font.size * 1.2 };
        let noted = if is_low { 0.0 } else { highest(&notes) };
        let bottom = notes_top + noted.max(least);
        Self {
            titles,
            notes,
            room,
            notes_top,
            bottom,
        }
    }
}

/// A text in the middle of so much room, on two lines at most.
fn set(painter: &egui::Painter, text: &str, font: &FontId, color: Color32, room: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font.clone(), color));
    job.wrap.max_width = room;
    job.wrap.max_rows = 2;
    job.halign = Align::Center;
    painter.layout_job(job)
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

fn line_color(shown: Shown, palette: &Palette) -> Color32 {
    match shown {
        Shown::Done => *palette.good,
        Shown::Failed => *palette.bad,
        Shown::Undecided | Shown::UnderWay => *palette.text_muted,
        Shown::NotYet | Shown::Skipped | Shown::NotReached => *palette.control_hover,
    }
}

/// A line that fades from one chapter's colour to the next one's.
pub(super) fn connect(ui: &Ui, ends: [egui::Pos2; 2], from: Color32, to: Color32) {
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
    (index, all): (usize, &Words),
    commands: &mut Vec<Command>,
) {
    let palette = theme::palette(ui);
    let top = centre.y - CENTRE;
    let area = Rect::from_min_max(
        pos2(centre.x - all.room / 2.0, top + 8.0),
        pos2(centre.x + all.room / 2.0, top + all.bottom + 4.0),
    );
    let response = ui.interact(area, Id::unique(("chapter", chapter.number)), Sense::click());
    let (fill, ink, sign) = match shown {
        Shown::Done => (*palette.good, *palette.stage, Some(ICON_CHECK.codepoint)),
        Shown::Failed => (*palette.bad, *palette.stage, Some(ICON_CLOSE.codepoint)),
        Shown::Undecided | Shown::UnderWay => (*palette.control_active, *palette.text_strong, None),
        Shown::NotYet | Shown::Skipped | Shown::NotReached => (*palette.card, *palette.text_muted, None),
    };
    let note = note(chapter, shown);
    let words = match shown {
        Shown::Done => "done",
        Shown::Failed => "failed",
        Shown::Undecided => "undecided",
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
    if response.hovered() {
        let stroke = Stroke::new(1.0, *palette.border);
        painter.rect_stroke(area, theme::radius::CARD, stroke, StrokeKind::Inside);
    }
    if let Some(title) = all.titles.get(index) {
        let at = pos2(centre.x, centre.y + TITLE);
        painter.galley(at, title.clone(), *palette.text_strong);
    }
    let mut is_cut = false;
    if let Some(set) = all.notes.get(index) {
        is_cut = set.elided || set.text() != note;
        painter.galley(
            pos2(centre.x, top + all.notes_top),
            set.clone(),
            *palette.text_muted,
        );
    }
    let response = if is_cut && !note.is_empty() {
        response.on_hover_text(&note)
    } else {
        response
    };
    if response.clicked() && chapter.first_step.is_some() {
        commands.push(Command::View(ViewCommand::JumpToChapter(chapter.number)));
    }
}
