//! The tabs: the user's own files, each scenario, session and capture that is open, and the gallery.

use egui::{RichText, Ui, vec2};
use egui_material_icons::icons;

use super::super::theme::{self, Weight, palette, size};
use super::super::widgets::{icon_button, menu_spacing};
use super::parts::{GAP, button_width, with_key};
use crate::printable::printable;
use crate::state::{
    Command, CompareCommand, Document, DocumentCommand, PacketCommand, State, WindowCommand, WorkshopCommand,
    title_of_both,
};

/// Width of the ✕ beside a tab, and what stands between the two.
const CROSS: f32 = 24.0;
const BEFORE_CROSS: f32 = 1.0;
/// A button that is only an icon.
const ICON: f32 = 18.0;
/// The most letters of a title that a tab holds.
const MOST_LETTERS: usize = 24;

/// A tab that may be drawn.
pub(super) struct Tab {
    title: String,
    is_here: bool,
    /// What a click does.
    open: Command,
    /// What the ✕ beside it does, where it has one.
    close: Option<Command>,
}

/// All there are, as they stand.
pub(super) fn all(state: &State) -> Vec<Tab> {
    let own = state.documents.iter().position(Document::is_own);
    let mut tabs = vec![Tab {
        title: "My files".to_owned(),
        is_here: !is_covered(state) && (state.active.is_none() || state.active == own),
        open: Command::Document(DocumentCommand::ShowLab),
        close: None,
    }];
    tabs.push(Tab {
        title: "Workshop".to_owned(),
        is_here: state.workshop.is_open || state.lesson_here().is_some(),
        open: Command::Workshop(WorkshopCommand::Show),
        close: None,
    });
    tabs.extend(documents(state));
    tabs.extend(lists(state));
    tabs.extend(comparisons(state));
    if !state.lab.scenarios.is_empty() {
        tabs.push(Tab {
            title: "Scenarios".to_owned(),
            is_here: false,
            open: Command::Window(WindowCommand::ShowGallery(true)),
            close: None,
        });
    }
    tabs
}

fn documents(state: &State) -> impl Iterator<Item = Tab> {
    let is_drawn = |document: &Document| {
        let is_kept = document.path.is_some() || document.trial.is_some() || document.bench.is_some();
        // A lesson stands in the workshop's tab.
        is_kept && !document.is_lesson()
    };
    state
        .documents
        .iter()
        .enumerate()
        .filter(move |(_, document)| is_drawn(document))
        .map(|(index, document)| {
            let is_here = !is_covered(state) && state.active == Some(index);
            // The title often says how it ends, which is not told before the end.
            let is_told = state.is_told(index);
            let title = if is_told {
                short(&printable(&document.title), MOST_LETTERS)
            } else if document.bench.is_some() {
                "Scenario".to_owned()
            } else {
                "Session".to_owned()
            };
            // A point before what is not saved; the bar over the stage says it in words.
            let title = if document.has_unsaved_words() {
                format!("• {title}")
            } else {
                title
            };
            Tab {
                title,
                is_here,
                open: Command::Document(DocumentCommand::ShowDocument(index)),
                close: Some(Command::Document(DocumentCommand::CloseDocument(index))),
            }
        })
}

/// A tab for each packet capture: its list, with the connection that was chosen from it behind it.
fn lists(state: &State) -> impl Iterator<Item = Tab> {
    state.packets.lists.iter().enumerate().map(|(index, list)| {
        let is_behind = !is_covered(state)
            && state
                .document()
                .and_then(|document| document.connection.as_ref())
                .is_some_and(|from| from.file == list.path);
        Tab {
            title: short(&printable(&list.title()), MOST_LETTERS),
            is_here: state.packets.open == Some(index) || is_behind,
            open: Command::Packets(PacketCommand::ShowList(index)),
            close: Some(Command::Packets(PacketCommand::CloseList(list.path.clone()))),
        }
    })
}

/// Whether a list, the lessons or a comparison stands before the stage.
fn is_covered(state: &State) -> bool {
    state.workshop.is_open || state.packets.open.is_some() || state.compare.open.is_some()
}

/// A tab for each comparison.
fn comparisons(state: &State) -> impl Iterator<Item = Tab> {
    state
        .compare
        .all
        .iter()
        .enumerate()
        .map(|(index, comparing)| Tab {
            title: short(&printable(&title_of_both(comparing)), MOST_LETTERS),
            is_here: state.compare.open == Some(index),
            open: Command::Compare(CompareCommand::Show(comparing.id)),
            close: Some(Command::Compare(CompareCommand::Close(comparing.id))),
        })
}

/// A title of at most so many letters.
fn short(title: &str, most: usize) -> String {
    if title.chars().count() <= most {
        return title.to_owned();
    }
    let kept: String = title.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// For which of the tabs the actions make room: the user's own files, any one of the others, and the gallery.
pub(super) fn least_width(ui: &Ui, tabs: &[Tab]) -> f32 {
    let closable = || tabs.iter().filter(|tab| tab.close.is_some());
    let widest = closable().map(|tab| width(ui, tab)).fold(0.0, f32::max);
    let others: f32 = tabs
        .iter()
        .filter(|tab| tab.close.is_none())
        .map(|tab| width(ui, tab))
        .sum();
    let menu = if closable().count() > 1 {
        menu_width(ui)
    } else {
        0.0
    };
    others + widest + menu
}

/// Shows as many as there is room for, the open one always; the others stand in a menu.
pub(super) fn show(ui: &mut Ui, tabs: &[Tab], room: f32, commands: &mut Vec<Command>) {
    let widths: Vec<f32> = tabs.iter().map(|tab| width(ui, tab)).collect();
    let here = tabs.iter().position(|tab| tab.is_here).unwrap_or(0);
    let is_shown = choose(&widths, here, room, menu_width(ui));
    for (tab, _) in tabs.iter().zip(&is_shown).filter(|(_, is_shown)| **is_shown) {
        let is_alone = is_shown.iter().filter(|is_shown| **is_shown).count() == 1;
        let room = if is_alone && tabs.len() > 1 {
            room - menu_width(ui)
        } else {
            f32::INFINITY
        };
        show_tab(ui, tab, &fitting(ui, tab, room), commands);
    }
    let hidden: Vec<&Tab> = tabs
        .iter()
        .zip(&is_shown)
        .filter_map(|(tab, is_shown)| (!is_shown).then_some(tab))
        .collect();
    if !hidden.is_empty() {
        menu(ui, &hidden, commands);
    }
}

/// Which tabs stand in the bar: the open one whatever its width, then the first and the last, which are always there, then the
/// others in their order as long as there is room.
fn choose(widths: &[f32], here: usize, room: f32, menu: f32) -> Vec<bool> {
    if widths.iter().sum::<f32>() <= room {
        return vec![true; widths.len()];
    }
    let mut is_shown = vec![false; widths.len()];
    let mut left = room - menu;
    let last = widths.len().saturating_sub(1);
    for index in [here, 0, last].into_iter().chain(0..widths.len()) {
        let Some((is_shown, width)) = is_shown.get_mut(index).zip(widths.get(index)) else {
            continue;
        };
        if !*is_shown && (index == here || *width <= left) {
            *is_shown = true;
            left -= width;
        }
    }
    is_shown
}

/// The title, shortened until its tab fits: only where the bar holds no other tab.
fn fitting(ui: &Ui, tab: &Tab, room: f32) -> String {
    let mut title = tab.title.clone();
    let mut letters = title.chars().count();
    while letters > 4 && title_width(ui, &title) + cross_width(tab) + GAP > room {
        letters -= 1;
        title = short(&tab.title, letters);
    }
    title
}

fn font() -> egui::FontId {
    theme::text(size::BODY, Weight::Medium)
}

fn title_width(ui: &Ui, title: &str) -> f32 {
    button_width(ui, title, font(), 0.0)
}

fn cross_width(tab: &Tab) -> f32 {
    if tab.close.is_some() {
        BEFORE_CROSS + CROSS
    } else {
        0.0
    }
}

/// Of a tab with its ✕ and the gap after it.
fn width(ui: &Ui, tab: &Tab) -> f32 {
    title_width(ui, &tab.title) + cross_width(tab) + GAP
}

fn menu_width(ui: &Ui) -> f32 {
    let icon = icons::ICON_KEYBOARD_ARROW_DOWN.codepoint;
    button_width(ui, icon, theme::icon(ICON), 32.0) + GAP
}

fn show_tab(ui: &mut Ui, tab: &Tab, title: &str, commands: &mut Vec<Command>) {
    let p = palette(ui);
    let colour = if tab.is_here {
        *p.text_strong
    } else {
        *p.text_muted
    };
    let text = RichText::new(title).font(font()).color(colour);
    let button = egui::Button::new(text)
        .min_size(vec2(0.0, 30.0))
        .wrap_mode(egui::TextWrapMode::Extend);
    let button = if tab.is_here {
        button.fill(*p.control_active).stroke(egui::Stroke::NONE)
    } else {
        button.frame_when_inactive(false)
    };
    let response = with_key(ui.add(button), &tab.open);
    if response.clicked() {
        commands.push(tab.open.clone());
    }
    let Some(close) = &tab.close else { return };
    if response.middle_clicked() || close_button(ui, title) {
        commands.push(close.clone());
    }
}

/// The ✕ beside a tab; whether it was pressed.
fn close_button(ui: &mut Ui, title: &str) -> bool {
    // It belongs to the tab before it.
    ui.add_space(BEFORE_CROSS - GAP);
    let response = ui
        .scope(|ui| {
            ui.spacing_mut().button_padding.x = 0.0;
            let cross = RichText::new(icons::ICON_CLOSE.codepoint).font(theme::icon(13.0));
            let button = egui::Button::new(cross.color(*palette(ui).text_muted)).frame_when_inactive(false);
            ui.add(button.min_size(vec2(CROSS, 24.0)))
        })
        .inner;
    response.widget_info(|| {
        let label = format!("Close {title}");
        egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, label)
    });
    with_key(response, &Command::Document(DocumentCommand::CloseHere)).clicked()
}

/// The tabs that have no room.
fn menu(ui: &mut Ui, hidden: &[&Tab], commands: &mut Vec<Command>) {
    let icon = icons::ICON_KEYBOARD_ARROW_DOWN.codepoint;
    let response = icon_button(ui, icon, "More tabs");
    egui::Popup::menu(&response)
        .accessible_name("More tabs")
        .show(|ui| {
            menu_spacing(ui, 180.0);
            for tab in hidden {
                if ui.button(tab.title.as_str()).clicked() {
                    commands.push(tab.open.clone());
                    ui.close();
                }
            }
        });
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn the_open_tab_is_always_shown_and_the_bar_is_never_overfull() {
        let widths = [80.0, 120.0, 200.0, 90.0, 100.0];
        for here in 0..widths.len() {
            for room in (60..700).step_by(7).map(|room| room as f32) {
                let is_shown = choose(&widths, here, room, 40.0);
                assert!(is_shown[here], "{here} in {room}");
                let shown = || widths.iter().zip(&is_shown).filter(|(_, is_shown)| **is_shown);
                let menu = if shown().count() < widths.len() { 40.0 } else { 0.0 };
                let sum = shown().map(|(width, _)| width).sum::<f32>() + menu;
                assert!(
                    sum <= room || shown().count() == 1,
                    "{here} in {room}: {is_shown:?}"
                );
            }
        }
    }

    #[test]
    fn with_room_for_all_there_is_no_menu() {
        assert_eq!(choose(&[80.0, 120.0], 1, 200.0, 40.0), [true, true]);
    }

    #[test]
    fn the_first_and_the_last_come_before_those_between() {
        assert_eq!(
            choose(&[80.0, 60.0, 60.0, 90.0], 1, 280.0, 40.0),
            [true, true, false, true]
        );
    }
}
