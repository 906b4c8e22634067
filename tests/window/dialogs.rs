//! What lies over the panels, by name and in pictures: the picker, the settings, the dialog of saving, and what is asked
//! before unsaved words are lost.

use std::path::PathBuf;

use crate::screens::as_the_labs_own;
use crate::support;
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions};
use mtlscope::capture::Side;
use mtlscope::session;
use mtlscope::state::{
    Command, DocumentCommand, Entry, FileCommand, FileDone, PickPurpose, SavingCommand, Settings,
    SettingsCommand, SetupSlot, SlotFile, ThemeChoice,
};
use mtlscope::ui::{App, Options};
use support::window::{NOW_UNIX_S, open, open_with, send, session as saved, take, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];
const SMALL: [f32; 2] = [1024.0, 700.0];

fn picture(window: &mut Harness<'_, App>, name: &str) {
    window.run_steps(6);
    let options = SnapshotOptions::new()
        .output_path("screenshots")
        .max_failed_pixels(40);
    window.snapshot_options(name, &options);
}

fn both(window: &mut Harness<'_, App>, name: &str) {
    picture(window, &format!("{name}-dark"));
    send(
        window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(window, &format!("{name}-light"));
}

/// Our own picker, whatever the system has: both commands before the next frame.
pub fn own_picker(window: &mut Harness<'_, App>, asks: Command) {
    let context = window.ctx.clone();
    for command in [asks, Command::File(FileCommand::UseOwnPicker)] {
        window.state_mut().send(&context, command);
    }
    wait(window, "our picker", |app| app.state().dialogs.picker.is_some());
}

/// The picker shows a directory that is on no machine.
pub fn in_a_directory(window: &mut Harness<'_, App>) {
    let directory = PathBuf::from("/home/ada/clusters/production/certificates");
    send(window, Command::File(FileCommand::PickerGoTo(directory.clone())));
    wait(window, "the real answer", |app| {
        let picker = app.state().dialogs.picker.as_ref();
        picker.is_some_and(|picker| picker.error.is_some())
    });
    let entry = |name: &str, bytes: Option<u64>, days: i64| Entry {
        name: name.to_owned(),
        path: directory.join(name),
        is_directory: bytes.is_none(),
        bytes,
        changed_unix_s: Some(NOW_UNIX_S - days * 86_400),
    };
    let entries = vec![
        entry("archive", None, 400),
        entry("ca", None, 90),
        entry("clients-ca.pem", Some(1_842), 12),
        entry("failed-at-night.ron", Some(48_211), 3),
        entry(
            "orders-7d9f4c-client-certificate-with-the-whole-chain-2026-11-24.pem",
            Some(5_403),
            0,
        ),
        entry("orders.key", Some(241), 12),
        entry("orders.p12", Some(2_760), 12),
        entry("ordi\u{202e}mep.exe", Some(999), 1),
        entry("node-17.pcapng", Some(81_004_112), 1),
        entry("root.crl", Some(612), 7),
    ];
    take(
        window,
        mtlscope::state::Done::File(FileDone::Listed {
            directory,
            entries: Ok(entries),
        }),
    );
}

#[test]
fn the_picker() {
    let mut window = open(USUAL, 1.0, vec![saved("root-rotated")]);
    own_picker(
        &mut window,
        Command::File(FileCommand::ChooseFile(Side::Client, SetupSlot::Certificate)),
    );
    in_a_directory(&mut window);
    both(&mut window, "picker");
    send(
        &mut window,
        Command::File(FileCommand::PickerFilter("nothing like it".to_owned())),
    );
    window.get_by_label("No name contains this");
}

#[test]
fn a_place_to_save_in_and_a_file_that_would_be_replaced() {
    let mut window = open(SMALL, 1.0, vec![saved("root-rotated")]);
    send(&mut window, Command::Saving(SavingCommand::Ask));
    own_picker(&mut window, Command::Saving(SavingCommand::ChoosePlace));
    in_a_directory(&mut window);
    let picker = |window: &Harness<'_, App>| window.state().state().dialogs.picker.clone().expect("open");
    assert!(matches!(picker(&window).purpose, PickPurpose::SaveSession(_)));
    window.get_by_label("Save here");
    window.get_by_label("failed-at-night.ron").click();
    window.run_steps(6);
    window.get_by_label("Replace");
    window.get_by_label("There is a file of this name: it would be replaced.");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "picker-replace-light");
}

#[test]
fn the_settings() {
    let mut window = open(USUAL, 1.0, vec![saved("root-rotated")]);
    window.get_by_label("Settings").click();
    window.run_steps(6);
    window.get_by_label("Reduce motion");
    both(&mut window, "settings");
}

#[test]
fn files_loaded_last_time() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("settings.ron");
    let file = |side, slot, path: &str| SlotFile {
        side,
        slot,
        path: path.into(),
    };
    let settings = Settings {
        files: vec![
            file(Side::Client, SetupSlot::Certificate, "/home/ada/orders.pem"),
            file(Side::Client, SetupSlot::Key, "/home/ada/orders.pem"),
            file(Side::Client, SetupSlot::Trust, "/home/ada/ca.pem"),
            file(
                Side::Server,
                SetupSlot::Certificate,
                "/home/ada/payments-7d9f4c-server-certificate.pem",
            ),
            file(Side::Server, SetupSlot::Trust, "/home/ada/clients-ca.pem"),
        ],
        is_greeted: true,
        ..Settings::default()
    };
    settings.write(&path).expect("written");
    let options = Options {
        settings: Some(path),
        ..Options::default()
    };
    let mut window = open_with(options, 1.0 / 60.0, USUAL, 1.0);
    as_the_labs_own(&mut window, "good-tls13");
    window.get_by_label("Load them again");
    both(&mut window, "last-files");
}

#[test]
fn the_dialog_of_saving() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut window = open(USUAL, 1.0, Vec::new());
    as_the_labs_own(&mut window, "good-tls13");
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::S);
    window.run_steps(6);
    assert!(window.state().state().shows_save_dialog());
    // The title has the keyboard, and what is typed takes the place of the one that was made up.
    window.get_by_label("Title").type_text("orders at 3 a.m.");
    window.run_steps(4);
    let notes = "The root was rotated on one side.\nLook at the authorities that the server names.";
    send(
        &mut window,
        Command::Saving(SavingCommand::SetNotes(notes.to_owned())),
    );
    let title = |window: &Harness<'_, App>| {
        let dialog = window.state().state().saving.dialog.clone();
        dialog.map(|dialog| dialog.title)
    };
    assert_eq!(title(&window).as_deref(), Some("orders at 3 a.m."));
    both(&mut window, "save");
    // From the title on, Tab leads through it in order.
    let focused = |window: &Harness<'_, App>| {
        let context = &window.ctx;
        let id = context.memory(egui::Memory::focused)?;
        context.read_response(id).map(|response| response.rect.center())
    };
    let mut before = focused(&window).expect("the title");
    for step in 0..4 {
        window.key_press(egui::Key::Tab);
        window.run_steps(3);
        let here = focused(&window).expect("something");
        let is_after = here.y > before.y + 1.0 || (here.y > before.y - 1.0 && here.x > before.x);
        assert!(is_after, "step {step}: {before:?} to {here:?}");
        before = here;
    }
    // An error is said in the dialog, and what was written stays.
    send(
        &mut window,
        Command::Saving(SavingCommand::WriteTo(directory.path().join("none/orders.ron"))),
    );
    wait(&mut window, "the sentence", |app| {
        let dialog = app.state().saving.dialog.as_ref();
        dialog.is_some_and(|dialog| dialog.error.is_some())
    });
    window.get_by_label_contains("what was there is untouched");
    let path = directory.path().join("orders.ron");
    send(&mut window, Command::Saving(SavingCommand::WriteTo(path.clone())));
    wait(&mut window, "the file", |app| app.state().saving.dialog.is_none());
    let session = session::load(&path).expect("it opens");
    assert_eq!(session.notes, notes);
    window.get_by_label_contains("Look at the authorities");
}

#[test]
fn a_session_keeps_its_title_and_notes_and_they_can_be_changed() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("night.ron");
    let mut session = session::load(&saved("root-rotated")).expect("it opens");
    session.title = "Night shift".to_owned();
    session.notes = "First seen at 03:12.\nThe root was rotated on one side.".to_owned();
    session::save(&path, &session).expect("written");
    let mut window = open(SMALL, 1.0, vec![path.clone()]);
    window.get_by_label_contains("First seen at 03:12.");
    picture(&mut window, "session-notes-dark");
    window.get_by_label("Change title and notes").click();
    window.run_steps(6);
    window.get_by_label("Notes").click();
    window.run_steps(3);
    window.get_by_label("Notes").type_text("!");
    window.run_steps(6);
    assert!(window.state().state().holds_unsaved_words());
    window.get_by_label("Done");
    picture(&mut window, "session-notes-edited-light");
    window.get_by_label("Done").click();
    window.run_steps(6);
    window.get_by_label("not saved");
    // Enter in the dialog's title saves into its own file.
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::S);
    window.run_steps(6);
    window.key_press(egui::Key::Enter);
    window.run_steps(3);
    wait(&mut window, "the file", |app| app.state().saving.dialog.is_none());
    assert!(session::load(&path).expect("it opens").notes.contains('!'));
    assert!(!window.state().state().holds_unsaved_words());
}

#[test]
fn closing_with_unsaved_words_asks() {
    let mut window = open(USUAL, 1.0, vec![saved("root-rotated")]);
    let asks = |window: &Harness<'_, App>| {
        let leave = window.state().state().saving.leave.as_ref();
        leave.is_some_and(|leave| leave.is_asking)
    };
    let close = |window: &mut Harness<'_, App>| {
        let id = egui::ViewportId::ROOT;
        let viewport = window.input_mut().viewports.entry(id).or_default();
        viewport.events.push(egui::ViewportEvent::Close);
        window.step();
        if let Some(viewport) = window.input_mut().viewports.get_mut(&id) {
            viewport.events.clear();
        }
        let output = window.output().viewport_output.get(&id);
        output.map(|output| output.commands.clone()).unwrap_or_default()
    };
    assert!(
        !close(&mut window).contains(&egui::ViewportCommand::CancelClose),
        "nothing would be lost"
    );
    send(
        &mut window,
        Command::Saving(SavingCommand::Annotate("not in any file".to_owned())),
    );
    assert!(close(&mut window).contains(&egui::ViewportCommand::CancelClose));
    window.run_steps(4);
    assert!(asks(&window));
    both(&mut window, "leave");
    window.key_press(egui::Key::Escape);
    window.run_steps(4);
    assert!(!asks(&window) && window.state().state().holds_unsaved_words());
    // The tab's own cross asks as well.
    let here = window.state().state().active.expect("one is here");
    send(
        &mut window,
        Command::Document(DocumentCommand::CloseDocument(here)),
    );
    assert!(asks(&window));
    window.get_by_label("Discard").click();
    window.run_steps(6);
    assert!(!asks(&window) && !window.state().state().holds_unsaved_words());
}
