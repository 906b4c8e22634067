//! What is cut is whole under the pointer, and what is said is said once, where it covers nothing.

use std::path::Path;

use crate::screens::{as_the_labs_own, picture};
use crate::support;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::Side;
use mtlscope::state::{Command, Fit, InspectorTab, LabCommand, SettingsCommand, SetupSlot, ViewCommand};
use support::window::{open, send, session, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];

#[test]
fn a_check_is_whole_under_the_pointer() {
    let mut window = open(USUAL, 1.0, vec![session("everything-wrong")]);
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Checks)),
    );
    let analysis = window.state().state().analysis().expect("a run").clone();
    let row = analysis
        .diagnosis
        .matrix
        .iter()
        .max_by_key(|row| row.detail.len());
    let row = row.expect("checks");
    let whole = format!("{}\n{}", row.check.words(), row.detail);
    assert!(window.query_by_label(&whole).is_none());
    let label = format!(": {}", row.detail);
    let node = window
        .query_all_by_label_contains(&label)
        .next()
        .expect("its row");
    node.scroll_to_me();
    window.run_steps(6);
    let node = window
        .query_all_by_label_contains(&label)
        .next()
        .expect("its row");
    node.hover();
    window.run_steps(60);
    window.get_by_label(&whole);
}

#[test]
fn a_key_that_nobody_signs_with_is_said_once_and_has_no_green_dot() {
    let fixture = |name: &str| {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/certs")
            .join(name)
    };
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::Settings(SettingsCommand::Greeted));
    as_the_labs_own(&mut window, "good-tls13");
    for (slot, name) in [
        (SetupSlot::Certificate, "rsa1024.pem"),
        (SetupSlot::Key, "rsa1024.key"),
    ] {
        send(
            &mut window,
            Command::Lab(LabCommand::LoadIntoSlot(Side::Client, slot, fixture(name))),
        );
        wait(&mut window, "the dot", |app| {
            matches!(app.state().lab.setup.slot(Side::Client, slot).fit, Fit::Bad(_))
        });
    }
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the end of the run", |app| !app.state().is_running());
    let sentences: Vec<String> = window
        .state()
        .state()
        .notes
        .iter()
        .map(|note| note.text.clone())
        .collect();
    let about = sentences.iter().filter(|text| text.contains("RSA-1024"));
    assert_eq!(about.count(), 1, "{sentences:?}");
    window.run_steps(8);
    // The set-up ends above the note: what lies below it can be scrolled up.
    let note = window.get_by_label("Dismiss the note").rect();
    let policy = window.get_by_label_contains("On the wire").rect();
    picture(&mut window, "key-too-short-dark");
    window.get_by_label_contains("On the wire").scroll_to_me();
    window.run_steps(30);
    let after = window.get_by_label_contains("On the wire").rect();
    assert!(
        after.bottom() < note.top(),
        "{policy:?} to {after:?}, with a note at {note:?}"
    );
}

#[test]
fn a_file_that_cannot_be_used_is_refused_under_its_slot_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("notes.txt");
    std::fs::write(&path, "nothing\n").expect("written");
    let mut window = open(USUAL, 1.0, Vec::new());
    send(
        &mut window,
        Command::Lab(LabCommand::LoadIntoSlot(Side::Client, SetupSlot::Key, path)),
    );
    wait(&mut window, "the sentence", |app| {
        app.state().lab.setup.sides.client.key.error.is_some()
    });
    assert!(window.state().state().notes.is_empty());
}
