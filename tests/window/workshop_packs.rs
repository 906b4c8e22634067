//! Packs of lessons and the record of what was done, opened and kept in the window.

use std::path::{Path, PathBuf};

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::lesson::Letter;
use mtlscope::state::{Command, LabCommand, Standing, WorkshopCommand};
use mtlscope::ui::App;

use crate::support;
use crate::support::window::{send, wait};
use crate::workshop::{act, guess, open_lesson, workshop};

fn pack(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let pack = directory.path().join("our-lessons");
    std::fs::create_dir(&pack).expect("a folder");
    for (name, text) in files {
        std::fs::write(pack.join(name), text).expect("written");
    }
    (directory, pack)
}

fn lesson_text() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/lessons/02-connected.md");
    std::fs::read_to_string(path).expect("a lesson")
}

fn open_pack(window: &mut Harness<'_, App>, path: &Path) {
    act(window, WorkshopCommand::OpenPack(path.to_owned()));
    let path = path.to_owned();
    wait(window, "the pack", |app| {
        let workshop = &app.state().workshop;
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        workshop.trouble.is_some() || workshop.pack.as_ref().is_some_and(|pack| pack.name == name)
    });
}

#[test]
fn a_pack_is_opened_dropped_and_left_again() {
    let mut window = workshop();
    let good = lesson_text().replace("id: connected", "id: ours");
    let (_kept, folder) = pack(&[("1.md", &good), ("2.md", "---\nid: [\n---\n")]);
    open_pack(&mut window, &folder);
    window.get_by_label("our-lessons");
    window.get_by_label("One file of this pack cannot be used");
    open_lesson(&mut window, "ours");
    guess(&mut window, Letter::A);
    window.get_by_label("You guessed A: right");
    act(&mut window, WorkshopCommand::ShowList);
    window.get_by_label("Built-in lessons").click();
    window.run_steps(3);
    wait(&mut window, "the built-in lessons", |app| {
        app.state().workshop.is_built_in
    });
    // Its lesson has gone with it.
    let is_left = |app: &App| app.state().documents.iter().all(|document| !document.is_lesson());
    assert!(is_left(window.state()));
    // Dropped on the lab.
    send(
        &mut window,
        Command::Document(mtlscope::state::DocumentCommand::ShowLab),
    );
    send(
        &mut window,
        Command::Lab(LabCommand::LoadDropped(vec![folder], None)),
    );
    wait(&mut window, "the pack", |app| !app.state().workshop.is_built_in);
    assert!(window.state().state().workshop.is_open);
}

#[test]
fn a_pack_that_cannot_be_read_gets_a_sentence() {
    let mut window = workshop();
    let (_kept, folder) = pack(&[("readme.md", "# No lesson")]);
    open_pack(&mut window, &folder);
    window.get_by_label("This pack cannot be opened");
    window.get_by_label_contains("there is no lesson in it");
    assert!(
        window.state().state().workshop.is_built_in,
        "what was there stays"
    );
    open_pack(&mut window, &folder.join("missing.zip"));
    window.get_by_label_contains("missing.zip");
    window
        .get_by_role_and_label(egui::accesskit::Role::Button, "Built-in lessons")
        .click();
    window.run_steps(4);
    assert!(window.query_by_label("This pack cannot be opened").is_none());
}

#[test]
fn what_was_done_is_kept_in_a_file_and_read_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ada.ron");
    let mut window = workshop();
    act(&mut window, WorkshopCommand::SetAttendee("Ada".to_owned()));
    open_lesson(&mut window, "connected");
    guess(&mut window, Letter::C);
    let progress = window.state().state().progress().expect("progress");
    progress.save(&path).expect("written");
    let mut later = workshop();
    support::window::take(
        &mut later,
        mtlscope::state::Done::Workshop(mtlscope::state::WorkshopDone::Loaded(
            mtlscope::lesson::Progress::load(&path)
                .map(Box::new)
                .map_err(|error| error.to_string()),
        )),
    );
    let state = later.state().state();
    assert_eq!(state.workshop.attendee, "Ada");
    assert_eq!(Standing::of(state.record_of("connected")), Standing::Guessed);
    later.get_by_label_contains("Lesson 2: The client said it was connected");
}
