//! The list of lessons: the pack, its lessons as cards with what is done of each, and the ways to other packs.

use egui::{
    Align, Button, CornerRadius, Label, Layout, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind,
    TextEdit, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::parts::words;
use crate::lesson::Pack;
use crate::state::{Command, Standing, State, WorkshopCommand};
use crate::ui::draw;
use crate::ui::theme::{self, Weight, palette, radius, size};
use crate::ui::widgets::name_field;

/// A column of cards is at least so wide, and the page at most.
const LEAST_COLUMN: f32 = 270.0;
const PAGE: f32 = 1020.0;
const CARD_HEIGHT: f32 = 118.0;
const GAP: f32 = 12.0;
/// Problems told at once: a pack in which everything is wrong is told by its first ones.
const MOST_PROBLEMS: usize = 12;

/// Shows the place.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    ScrollArea::vertical()
        .id_salt("lessons")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            let width = (ui.available_width() - 48.0).min(PAGE);
            let margin = (ui.available_width() - width) / 2.0;
            ui.add_space(26.0);
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.add_space(margin);
                ui.vertical(|ui| {
                    ui.set_width(width);
                    ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
                    page(ui, state, commands);
                });
            });
            ui.add_space(26.0);
        });
}

fn page(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let workshop = &state.workshop;
    head(ui, state, commands);
    if let Some(trouble) = &workshop.trouble {
        draw::card(ui, *p.bad_soft, *p.bad, |ui| {
            words(ui, "This pack cannot be opened", size::BODY, Weight::SemiBold);
            draw::body(ui, trouble, *p.text);
        });
    }
    let Some(pack) = workshop.pack.as_deref() else {
        draw::body(ui, "The lessons are being read…", *p.text_muted);
        return;
    };
    problems(ui, pack);
    ui.add_space(6.0);
    let width = ui.available_width();
    let columns = ((width + GAP) / (LEAST_COLUMN + GAP)).floor().clamp(1.0, 3.0);
    let column = (width - GAP * (columns - 1.0)) / columns;
    egui::Grid::new("lessons").spacing(vec2(GAP, GAP)).show(ui, |ui| {
        for (index, lesson) in pack.lessons.iter().enumerate() {
            let standing = Standing::of(state.record_of(&lesson.id));
            let told = Told {
                number: index + 1,
                title: &lesson.title,
                question: &lesson.case.question,
                standing,
                is_open: workshop.attempts.contains_key(&lesson.id),
            };
            if card(ui, &told, column) {
                let open = WorkshopCommand::OpenLesson(lesson.id.clone());
                commands.push(Command::Workshop(open));
            }
            if (index + 1) % columns as usize == 0 {
                ui.end_row();
            }
        }
    });
    ui.add_space(10.0);
    record(ui, state, commands);
}

/// The pack's title, what a lesson is, and other packs.
fn head(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let pack = state.workshop.pack.as_deref();
    ui.horizontal(|ui| {
        let title = pack.map_or("Workshop", Pack::title);
        let room = ui.available_width() - 270.0;
        let font = theme::text(25.0, Weight::Bold);
        let title = draw::middle_cut(ui.painter(), &draw::drawn(title), &font, room);
        ui.label(RichText::new(title).font(font).color(*p.text_strong));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui
                .add(Button::new("Open a pack…").min_size(vec2(0.0, 32.0)))
                .on_hover_text("A zip of lessons, or a folder: choose any lesson in it. A folder can be dropped here, too.")
                .clicked()
            {
                commands.push(Command::Workshop(WorkshopCommand::ChoosePack));
            }
            let built_in = Button::new("Built-in lessons").min_size(vec2(0.0, 32.0));
            if ui
                .add_enabled(!state.workshop.is_built_in || state.workshop.trouble.is_some(), built_in)
                .clicked()
            {
                commands.push(Command::Workshop(WorkshopCommand::UseBuiltIn));
            }
        });
    });
    let count = pack.map_or(0, |pack| pack.lessons.len());
    let lessons = match count {
        0 => String::new(),
        1 => "One lesson. ".to_owned(),
        count => format!("{count} lessons. "),
    };
    draw::body(
        ui,
        &format!("{lessons}Each asks first: guess, watch the handshake, compare, mend it, and try its twin."),
        *p.text_muted,
    );
}

/// What could not be read of the pack.
fn problems(ui: &mut Ui, pack: &Pack) {
    if pack.problems.is_empty() {
        return;
    }
    let p = palette(ui);
    draw::card(ui, *p.warn_soft, *p.warn, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let count = pack.problems.len();
        let title = match count {
            1 => "One file of this pack cannot be used".to_owned(),
            count => format!("{count} files of this pack cannot be used"),
        };
        words(ui, &title, size::BODY, Weight::SemiBold);
        for problem in pack.problems.iter().take(MOST_PROBLEMS) {
            draw::body(ui, &problem.to_string(), *p.text);
        }
        if count > MOST_PROBLEMS {
            let more = format!("and {} more", count - MOST_PROBLEMS);
            draw::body(ui, &more, *p.text_muted);
        }
    });
}

/// What a card tells.
struct Told<'a> {
    number: usize,
    title: &'a str,
    question: &'a str,
    standing: Standing,
    is_open: bool,
}

/// One card; whether it was chosen.
fn card(ui: &mut Ui, told: &Told<'_>, width: f32) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(width, CARD_HEIGHT), Sense::click());
    let (title, question) = (draw::drawn(told.title), draw::drawn(told.question));
    let standing = match (told.standing, told.is_open) {
        (Standing::NotBegun, true) => "open",
        (standing, _) => standing.words(),
    };
    let spoken = format!("Lesson {}: {title}. {question} {standing}", told.number);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if !ui.is_rect_visible(rect) {
        return response.clicked();
    }
    let p = palette(ui);
    let fill = if response.hovered() {
        *p.control_hover
    } else {
        *p.card
    };
    let border = if response.has_focus() {
        *p.accent
    } else {
        *p.border
    };
    let corner = CornerRadius::same(radius::CARD);
    ui.painter()
        .rect(rect, corner, fill, Stroke::new(1.0, border), StrokeKind::Inside);
    let number = pos2(rect.left() + 26.0, rect.top() + 25.0);
    let is_done = told.standing == Standing::TwinDone;
    let (circle, ink) = if is_done {
        (*p.good, *p.on_accent)
    } else {
        (*p.control_active, *p.text_strong)
    };
    ui.painter().circle_filled(number, 13.0, circle);
    let font = theme::text(12.5, Weight::SemiBold);
    let digits = told.number.to_string();
    ui.painter()
        .text(number, egui::Align2::CENTER_CENTER, digits, font, ink);
    let mut place = rect.shrink2(vec2(14.0, 13.0));
    place.min.x += 34.0;
    place.max.y -= 18.0;
    let builder = UiBuilder::new()
        .max_rect(place)
        .layout(Layout::top_down(Align::Min));
    let mut inner = ui.new_child(builder);
    inner.set_clip_rect(place.expand(2.0).intersect(ui.clip_rect()));
    inner.spacing_mut().item_spacing.y = 4.0;
    let text = RichText::new(title.as_ref())
        .font(theme::text(14.5, Weight::SemiBold))
        .color(*p.text_strong);
    inner.add(Label::new(text).wrap().selectable(false));
    let text = RichText::new(question.as_ref())
        .font(theme::text(12.5, Weight::Regular))
        .color(*p.text_muted);
    inner.add(Label::new(text).wrap().selectable(false));
    progress(
        ui,
        told.standing,
        standing,
        pos2(place.left(), rect.bottom() - 17.0),
    );
    response.clicked()
}

/// Four short lines, of which those that are done are green; and a word.
fn progress(ui: &Ui, standing: Standing, words: &str, at: egui::Pos2) {
    let p = palette(ui);
    let all = [
        Standing::Guessed,
        Standing::Tried,
        Standing::Mended,
        Standing::TwinDone,
    ];
    for (index, part) in all.into_iter().enumerate() {
        let from = at + vec2(index as f32 * 20.0, -2.0);
        let colour = if standing >= part {
            *p.good
        } else {
            *p.control_active
        };
        let bar = egui::Rect::from_min_size(from, vec2(16.0, 4.0));
        ui.painter().rect_filled(bar, 2.0, colour);
    }
    draw::line(
        ui.painter(),
        at + vec2(88.0, 0.0),
        egui::Align2::LEFT_CENTER,
        words,
        theme::text(size::SMALL, Weight::Medium),
        *p.text_muted,
        140.0,
    );
}

/// The learner's name, and the way of the record into a file and back.
fn record(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let p = palette(ui);
    ui.separator();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(10.0, 6.0);
        ui.label(RichText::new("What you did is kept while the window is open.").color(*p.text_muted));
        let mut name = state.workshop.attendee.clone();
        let edit = TextEdit::singleline(&mut name)
            .hint_text("Your name, if you like")
            .char_limit(80)
            .margin(vec2(9.0, 6.0))
            .desired_width(180.0);
        let response = ui.add(edit);
        name_field(&response, "Your name", &name, "if you like");
        if response.changed() {
            commands.push(Command::Workshop(WorkshopCommand::SetAttendee(name)));
        }
        for (words, command) in [
            ("Save my progress…", WorkshopCommand::SaveProgress),
            ("Open my progress…", WorkshopCommand::LoadProgress),
        ] {
            if ui.add(Button::new(words).min_size(vec2(0.0, 30.0))).clicked() {
                commands.push(Command::Workshop(command));
            }
        }
    });
}
