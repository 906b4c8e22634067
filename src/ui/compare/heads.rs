//! The heads of both: which handshake it is, when, how it ended, and a menu to choose another.

use egui::{
    Align2, Color32, Context, Id, Popup, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};
use egui_material_icons::icons;

use super::super::draw;
use super::super::theme::{self, Palette, Weight, size};
use super::super::widgets::{heading, icon_button, menu_spacing};
use super::halves::{GUTTER, Halves, INSET};
use crate::compare::Which;
use crate::diagnose::Verdict;
use crate::printable::{printable, shortened};
use crate::state::{Command, CompareCommand, Comparing, Document, PacketList, Place, State};

/// Of a head.
const HEIGHT: f32 = 40.0;
/// Above and below it.
const ABOVE: f32 = 12.0;
const BELOW: f32 = 6.0;
/// What the swap button takes between the two.
const SWAP: f32 = 32.0;
/// A menu offers so many connections of one packet capture; its list has all.
const MOST_ROWS: usize = 24;
/// So many letters of a title stand in a menu.
const MOST_LETTERS: usize = 48;

/// Where the heads stand, for files that are dropped.
#[derive(Clone, Copy)]
struct Places {
    a: Rect,
    b: Rect,
    pass: u64,
}

fn places_id() -> Id {
    Id::unique("places of a comparison")
}

/// The place that the pointer is over: its half of the middle.
pub fn slot_at(context: &Context) -> Option<Which> {
    let places: Places = context.data(|data| data.get_temp(places_id()))?;
    let pointer = context.pointer_latest_pos()?;
    let is_drawn = places.pass + 1 >= context.cumulative_pass_nr();
    let is_over = |place: Rect| is_drawn && place.x_range().contains(pointer.x);
    match (is_over(places.a), is_over(places.b)) {
        (true, _) => Some(Which::A),
        (_, true) => Some(Which::B),
        _ => None,
    }
}

/// Where a head stands that begins at `top`: both give way to the button between them.
pub(super) fn place(halves: Halves, which: Which, top: f32) -> Rect {
    let inner = (SWAP - GUTTER) / 2.0 + 2.0;
    let (left, right) = match which {
        Which::A => (INSET, inner),
        Which::B => (inner, INSET),
    };
    let from = halves.left(which);
    Rect::from_min_max(
        pos2(from + left, top),
        pos2(from + halves.width - right, top + HEIGHT),
    )
}

/// Both heads, and the button between them.
pub(super) fn show(
    ui: &mut Ui,
    state: &State,
    comparing: &Comparing,
    halves: Halves,
    commands: &mut Vec<Command>,
) {
    let (strip, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), ABOVE + HEIGHT + BELOW), Sense::hover());
    let top = strip.top() + ABOVE;
    let (a, b) = (place(halves, Which::A, top), place(halves, Which::B, top));
    let pass = ui.ctx().cumulative_pass_nr();
    ui.data_mut(|data| data.insert_temp(places_id(), Places { a, b, pass }));
    head(ui, state, comparing, (Which::A, a), commands);
    let between = Rect::from_center_size(
        pos2(f32::midpoint(a.right(), b.left()), a.center().y),
        vec2(SWAP, SWAP),
    );
    ui.scope_builder(egui::UiBuilder::new().max_rect(between), |ui| {
        let swap = icon_button(ui, icons::ICON_SWAP_HORIZ.codepoint, "Swap A and B");
        if swap.clicked() {
            commands.push(Command::Compare(CompareCommand::Swap));
        }
    });
    head(ui, state, comparing, (Which::B, b), commands);
}

fn head(
    ui: &mut Ui,
    state: &State,
    comparing: &Comparing,
    (which, rect): (Which, Rect),
    commands: &mut Vec<Command>,
) {
    let response = ui.interact(rect, Id::unique(("compared head", which)), Sense::click());
    let place = comparing.places.of(which);
    let title = comparing.title(which);
    let spoken = match place {
        Place::Empty => format!("Choose {}", which.letter()),
        _ => format!("{}: {title}; choose another", which.letter()),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    paint(ui, comparing, which, &response);
    menu(&response, state, comparing, which, commands);
}

fn paint(ui: &Ui, comparing: &Comparing, which: Which, response: &Response) {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let rect = response.rect;
    let place = comparing.places.of(which);
    let fill = if response.hovered() {
        *palette.control_hover
    } else {
        *palette.card
    };
    let line = if response.has_focus() {
        *palette.accent
    } else {
        *palette.border
    };
    painter.rect(
        rect,
        theme::radius::CARD,
        fill,
        Stroke::new(1.0, line),
        StrokeKind::Inside,
    );
    let y = rect.center().y;
    let badge = Rect::from_center_size(pos2(rect.left() + 24.0, y), vec2(22.0, 22.0));
    painter.rect_filled(badge, theme::radius::SMALL, *palette.control_active);
    let letter = theme::text(size::SMALL + 0.5, Weight::Bold);
    painter.text(
        badge.center(),
        Align2::CENTER_CENTER,
        which.letter(),
        letter,
        *palette.text_strong,
    );
    let arrow = pos2(rect.right() - 16.0, y);
    draw::icon(
        painter,
        arrow,
        icons::ICON_ARROW_DROP_DOWN.codepoint,
        18.0,
        *palette.text_muted,
    );
    let mut right = rect.right() - 30.0;
    if let Some((words, sign, ink)) = ending(comparing, which, palette) {
        let font = theme::text(size::BODY, Weight::Medium);
        let at = pos2(right, y);
        let told = draw::line(painter, at, Align2::RIGHT_CENTER, words, font, ink, 110.0);
        draw::icon(painter, pos2(told.left() - 12.0, y), sign, 16.0, ink);
        right = told.left() - 28.0;
    }
    let left = badge.right() + 11.0;
    let bold = theme::text(size::TITLE, Weight::SemiBold);
    let (title, ink) = match place {
        Place::Empty => ("Choose a handshake".to_owned(), *palette.text_muted),
        _ => (comparing.title(which), *palette.text_strong),
    };
    let when = began(place);
    let small = theme::text(size::SMALL, Weight::Regular);
    let room_of_when = painter
        .layout_no_wrap(when.clone(), small.clone(), *palette.text_muted)
        .size()
        .x;
    let width = painter
        .layout_no_wrap(draw::drawn(&title).into_owned(), bold.clone(), ink)
        .size()
        .x;
    // The time gives way before the title is cut.
    let has_room = left + width + 10.0 + room_of_when <= right;
    let at = pos2(left, y);
    let title = draw::line(painter, at, Align2::LEFT_CENTER, &title, bold, ink, right - left);
    if has_room {
        let at = pos2(title.right() + 10.0, y + 0.5);
        draw::line(
            painter,
            at,
            Align2::LEFT_CENTER,
            &when,
            small,
            *palette.text_muted,
            room_of_when + 2.0,
        );
    }
}

/// How it ended: words, sign, colour; nothing before the playhead has come to the end.
fn ending(
    comparing: &Comparing,
    which: Which,
    palette: &Palette,
) -> Option<(&'static str, &'static str, Color32)> {
    if !comparing.is_told() {
        return None;
    }
    let analysis = comparing.places.of(which).analysis()?;
    Some(match analysis.diagnosis.verdict {
        Verdict::Accepted => ("accepted", icons::ICON_CHECK.codepoint, *palette.good),
        Verdict::Rejected => ("refused", icons::ICON_CLOSE.codepoint, *palette.bad),
        Verdict::Unfinished => ("unfinished", icons::ICON_QUESTION_MARK.codepoint, *palette.warn),
        Verdict::Unknown => (
            "unknown",
            icons::ICON_QUESTION_MARK.codepoint,
            *palette.text_muted,
        ),
    })
}

/// `25 Nov 14:02`, in UTC.
fn began(place: &Place) -> String {
    let Some(analysis) = place.analysis() else {
        return String::new();
    };
    jiff::Timestamp::from_microsecond(analysis.capture.started_at_unix_us)
        .map(|at| at.strftime("%-d %b %H:%M UTC").to_string())
        .unwrap_or_default()
}

/// What can stand there.
pub(super) fn menu(
    response: &Response,
    state: &State,
    comparing: &Comparing,
    which: Which,
    commands: &mut Vec<Command>,
) {
    let words = format!("Choose {}", which.letter());
    Popup::menu(response).accessible_name(words).show(|ui| {
        menu_spacing(ui, 300.0);
        egui::ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
            let mut item = |ui: &mut Ui, words: &str, command: CompareCommand| {
                let words = printable(&shortened(words, MOST_LETTERS)).into_owned();
                if ui.button(words).clicked() {
                    commands.push(Command::Compare(command));
                    ui.close();
                }
            };
            if comparing.places.of(which).taken().is_some() {
                item(ui, "Show it on the stage", CompareCommand::ShowSide(which));
                ui.separator();
            }
            if !state.documents.is_empty() {
                heading(ui, "Open");
            }
            for (index, document) in state.documents.iter().enumerate() {
                let words = called(index, document);
                item(ui, &words, CompareCommand::TakeDocument(which, index));
            }
            for list in &state.packets.lists {
                connections(ui, list, which, &mut item);
            }
            ui.separator();
            item(ui, "Open a session…", CompareCommand::ChooseSession(which));
        });
    });
}

/// A document by its title; before its end that is not told.
fn called(index: usize, document: &Document) -> String {
    let title = if document.was_left_before_its_end() {
        format!("Handshake {}", index + 1)
    } else {
        document.title.clone()
    };
    if document.is_own() {
        format!("{title} (my files)")
    } else {
        title
    }
}

fn connections(
    ui: &mut Ui,
    list: &PacketList,
    which: Which,
    item: &mut impl FnMut(&mut Ui, &str, CompareCommand),
) {
    let Some(survey) = list.survey() else { return };
    heading(ui, &list.title());
    for row in list.shown.iter().take(MOST_ROWS) {
        let Some(of_row) = survey.rows.get(*row) else {
            continue;
        };
        let name = of_row.sni.as_deref().unwrap_or(&of_row.server);
        let words = format!("{name} · {} · {}", of_row.client, of_row.ending);
        item(
            ui,
            &words,
            CompareCommand::TakeConnection(which, list.path.clone(), *row),
        );
    }
    if list.shown.len() > MOST_ROWS {
        let more = format!("and {} more: filter its list", list.shown.len() - MOST_ROWS);
        ui.label(more);
    }
}
