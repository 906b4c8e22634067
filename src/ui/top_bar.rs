//! The top bar: what it is, where one is, and what one can do.

use egui::{RichText, ScrollArea, Ui, vec2};
use egui_material_icons::icons;

use super::at_right;
use super::theme::{self, Weight, palette, size};
use super::widgets::{alternative, heading, icon_button, menu_spacing, primary_button};
use crate::printable::{printable, shortened};
use crate::state::{
    Command, Document, DocumentCommand, LabCommand, PacketCommand, PanelCommand, PanelSide, PastedCommand,
    RunStatus, SavingCommand, SettingsCommand, State, ThemeChoice, WindowCommand, key_for,
};

/// A run shorter than this does not turn the button: it would only flicker.
const SHOWS_CANCEL_AFTER_S: f32 = 0.2;

/// Below this width, in points, what is seldom needed stands in a menu.
const NARROW: f32 = 900.0;

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.x = 6.0;
    let is_narrow = ui.available_width() < NARROW;
    ui.horizontal_centered(|ui| {
        brand(ui);
        ui.add_space(if is_narrow { 4.0 } else { 16.0 });
        // However many tabs there are, what stands at the right keeps its place.
        let right = at_right::width(ui, "actions");
        let room = (ui.available_width() - right - 12.0).max(40.0);
        ScrollArea::horizontal()
            .id_salt("tabs")
            .max_width(room)
            .auto_shrink([false, true])
            .scroll_bar_visibility(egui::scroll_area::ScrollBarVisibility::AlwaysHidden)
            .show(ui, |ui| {
                ui.horizontal_centered(|ui| tabs(ui, state, commands));
            });
        at_right::show(ui, "actions", |ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            if !is_narrow {
                fold_buttons(ui, state, commands);
            }
            settings_menu(ui, state, commands);
            if icon_button(ui, icons::ICON_HELP.codepoint, "Keys and help (?)").clicked() {
                commands.push(Command::Window(WindowCommand::ShowHelp(true)));
            }
            if is_narrow {
                more_menu(ui, state, commands);
            } else {
                let explain = ui.add(egui::Button::new("Paste an error").min_size(vec2(0.0, 32.0)));
                if with_key(explain, &PASTE).clicked() {
                    commands.push(PASTE);
                }
                open_menu(ui, state, commands);
                let save = ui.add_enabled(
                    can_save(state),
                    egui::Button::new("Save").min_size(vec2(0.0, 32.0)),
                );
                if with_key(save, &SAVE).clicked() {
                    commands.push(SAVE);
                }
            }
            run_button(ui, state, is_narrow, commands);
        });
    });
}

const PASTE: Command = Command::Pasted(PastedCommand::ShowPasteBox(true));
const SAVE: Command = Command::Saving(SavingCommand::Ask);

/// Of a list of connections there is nothing to save.
fn can_save(state: &State) -> bool {
    state.document().is_some() && state.list().is_none()
}

/// The ways to fold both panels.
fn fold_buttons(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let panels = &state.settings.panels;
    let sides = [
        (
            PanelSide::Left,
            panels.left.is_shown(),
            [icons::ICON_LEFT_PANEL_OPEN, icons::ICON_LEFT_PANEL_CLOSE],
            ["Show the set-up", "Fold the set-up"],
        ),
        (
            PanelSide::Right,
            panels.right.is_shown(),
            [icons::ICON_RIGHT_PANEL_OPEN, icons::ICON_RIGHT_PANEL_CLOSE],
            ["Show the inspector", "Fold the inspector"],
        ),
    ];
    for (side, is_shown, [open, close], [show, fold]) in sides {
        let (icon, words) = if is_shown { (close, fold) } else { (open, show) };
        let toggle = Command::Panels(PanelCommand::Toggle(side));
        if with_key(icon_button(ui, icon.codepoint, words), &toggle).clicked() {
            commands.push(toggle);
        }
    }
}

/// What has no room in a narrow window.
fn more_menu(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let response = icon_button(ui, icons::ICON_MORE_VERT.codepoint, "More");
    egui::Popup::menu(&response).accessible_name("More").show(|ui| {
        menu_spacing(ui, 140.0);
        let mut item = |ui: &mut Ui, words: &str, is_enabled: bool, command: Command| {
            if ui.add_enabled(is_enabled, egui::Button::new(words)).clicked() {
                commands.push(command);
                ui.close();
            }
        };
        item(ui, "Paste an error", true, PASTE);
        item(ui, "Open…", true, Command::Document(DocumentCommand::OpenSession));
        item(ui, "Save", can_save(state), SAVE);
    });
}

fn with_key(response: egui::Response, command: &Command) -> egui::Response {
    match key_for(command) {
        Some(key) => response.on_hover_text(key),
        None => response,
    }
}

fn brand(ui: &mut Ui) {
    let p = palette(ui);
    let mut job = egui::text::LayoutJob::default();
    for (word, colour) in [("mt", *p.client), ("lscope", *p.server)] {
        let format = egui::TextFormat::simple(theme::text(15.0, Weight::Bold), colour);
        job.append(word, 0.0, format);
    }
    ui.label(job);
}

fn tab(ui: &mut Ui, is_here: bool, text: &str) -> egui::Response {
    let p = palette(ui);
    let colour = if is_here { *p.text_strong } else { *p.text_muted };
    let text = RichText::new(text)
        .font(theme::text(size::BODY, Weight::Medium))
        .color(colour);
    let button = egui::Button::new(text).min_size(vec2(0.0, 30.0));
    let button = if is_here {
        button.fill(*p.control_active).stroke(egui::Stroke::NONE)
    } else {
        button.frame_when_inactive(false)
    };
    ui.add(button)
}

/// The user's own files, then a tab for each scenario and session that is open, then the gallery.
fn tabs(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let own = state.documents.iter().position(Document::is_own);
    let is_here = state.packets.open.is_none() && (state.active.is_none() || state.active == own);
    if tab(ui, is_here, "My files").clicked() {
        commands.push(Command::Document(DocumentCommand::ShowLab));
    }
    for (index, document) in state
        .documents
        .iter()
        .enumerate()
        .filter(|(_, one)| one.path.is_some() || one.is_proof || one.bench.is_some())
    {
        let is_here = state.packets.open.is_none() && state.active == Some(index);
        // The title often says how it ends, which is not told before the end.
        let is_told = if is_here {
            state.playback.is_at_end()
        } else {
            !document.was_left_before_its_end()
        };
        let title = if is_told {
            short(&document.title)
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
        let response = tab(ui, is_here, &title);
        if response.clicked() {
            commands.push(Command::Document(DocumentCommand::ShowDocument(index)));
        }
        if response.middle_clicked() {
            commands.push(Command::Document(DocumentCommand::CloseDocument(index)));
        }
        if close_button(ui, &title) {
            commands.push(Command::Document(DocumentCommand::CloseDocument(index)));
        }
    }
    lists(ui, state, commands);
    if !state.lab.scenarios.is_empty()
        && with_key(
            tab(ui, false, "Scenarios"),
            &Command::Window(WindowCommand::ShowGallery(true)),
        )
        .clicked()
    {
        commands.push(Command::Window(WindowCommand::ShowGallery(true)));
    }
}

/// The ✕ beside a tab; whether it was pressed.
fn close_button(ui: &mut Ui, title: &str) -> bool {
    let cross = RichText::new(icons::ICON_CLOSE.codepoint).font(theme::icon(13.0));
    let button = egui::Button::new(cross.color(*palette(ui).text_muted)).frame_when_inactive(false);
    // It belongs to the tab before it.
    ui.add_space(-5.0);
    let response = ui.add(button.min_size(vec2(20.0, 24.0)));
    response.widget_info(|| {
        let label = format!("Close {title}");
        egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, label)
    });
    with_key(response, &Command::Document(DocumentCommand::CloseHere)).clicked()
}

/// A title as it stands on a tab.
fn short(title: &str) -> String {
    const MOST: usize = 24;
    let title = printable(title);
    let title = title.as_ref();
    if title.chars().count() <= MOST {
        return title.to_owned();
    }
    let kept: String = title.chars().take(MOST - 1).collect();
    format!("{}…", kept.trim_end())
}

/// A tab for each packet capture: its list, with the connection that was chosen from it behind it.
fn lists(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    for (index, list) in state.packets.lists.iter().enumerate() {
        let is_behind = state.packets.open.is_none()
            && state
                .document()
                .and_then(|document| document.connection.as_ref())
                .is_some_and(|from| from.file == list.path);
        let title = short(&list.title());
        let response = tab(ui, state.packets.open == Some(index) || is_behind, &title);
        if response.clicked() {
            commands.push(Command::Packets(PacketCommand::ShowList(index)));
        }
        let close = || Command::Packets(PacketCommand::CloseList(list.path.clone()));
        if response.middle_clicked() || close_button(ui, &title) {
            commands.push(close());
        }
    }
}

fn open_menu(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let button = egui::Button::new("Open").min_size(vec2(0.0, 32.0));
    if state.settings.recent.is_empty() {
        if with_key(ui.add(button), &Command::Document(DocumentCommand::OpenSession)).clicked() {
            commands.push(Command::Document(DocumentCommand::OpenSession));
        }
        return;
    }
    let response = ui.add(button);
    egui::Popup::menu(&response).accessible_name("Open").show(|ui| {
        menu_spacing(ui, 240.0);
        if ui.button("Open a session or packets…").clicked() {
            commands.push(Command::Document(DocumentCommand::OpenSession));
            ui.close();
        }
        ui.separator();
        for path in &state.settings.recent {
            let name = path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            );
            if ui
                .button(printable(&shortened(&name, 60)).as_ref())
                .on_hover_text(printable(&path.display().to_string()).as_ref())
                .clicked()
            {
                commands.push(Command::Document(DocumentCommand::OpenSessionFile(path.clone())));
                ui.close();
            }
        }
    });
}

/// Before the words of a menu's line.
const INSET: f32 = 10.0;

/// A line of a menu that is ticked or not.
fn tick(ui: &mut Ui, is_ticked: &mut bool, words: &str) -> egui::Response {
    ui.horizontal(|ui| {
        ui.add_space(INSET);
        ui.checkbox(is_ticked, words)
    })
    .inner
}

fn settings_menu(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let response = icon_button(ui, icons::ICON_SETTINGS.codepoint, "Settings");
    egui::Popup::menu(&response)
        .accessible_name("Settings")
        .show(|ui| {
            menu_spacing(ui, 210.0);
            ui.horizontal(|ui| {
                ui.add_space(INSET);
                heading(ui, "Theme");
            });
            for (choice, words) in ThemeChoice::ALL {
                if alternative(ui, state.settings.theme == choice, words) {
                    commands.push(Command::Settings(SettingsCommand::SetTheme(choice)));
                }
            }
            ui.separator();
            // A menu draws no frames; a box that is not ticked needs one.
            ui.visuals_mut().widgets.inactive.bg_stroke = egui::Stroke::new(1.0, *palette(ui).text_faint);
            let mut runs = state.settings.runs_by_itself;
            let hint = "150 ms after the last change of the set-up";
            if tick(ui, &mut runs, "Run again after a change")
                .on_hover_text(hint)
                .clicked()
            {
                commands.push(Command::Settings(SettingsCommand::SetRunsByItself(runs)));
            }
            let mut is_reduced = state.settings.reduce_motion;
            if tick(ui, &mut is_reduced, "Reduce motion").clicked() {
                commands.push(Command::Settings(SettingsCommand::ReduceMotion(is_reduced)));
            }
        });
}

fn run_button(ui: &mut Ui, state: &State, is_narrow: bool, commands: &mut Vec<Command>) {
    let (words, least) = if is_narrow {
        ("Run", vec2(64.0, 32.0))
    } else {
        ("Run handshake", vec2(138.0, 32.0))
    };
    if let RunStatus::Running { since, is_cancelled } = &state.lab.run {
        let seconds = since.elapsed().as_secs_f32();
        if seconds > SHOWS_CANCEL_AFTER_S {
            let words = if *is_cancelled {
                "Cancelling…".to_owned()
            } else {
                format!("Cancel · {seconds:.1} s")
            };
            let response = ui.add_enabled(!is_cancelled, egui::Button::new(words).min_size(least));
            response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, "Cancel the run")
            });
            if response.clicked() {
                commands.push(Command::Lab(LabCommand::CancelRun));
            }
            return;
        }
    }
    let response = primary_button(ui, icons::ICON_PLAY_ARROW.codepoint, words, least);
    if with_key(response, &Command::Lab(LabCommand::Run)).clicked() {
        commands.push(Command::Lab(LabCommand::Run));
    }
}
