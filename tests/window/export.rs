//! Export from the top bar, and notes on single steps.

use crate::support;
use egui_kittest::kittest::Queryable;
use mtlscope::export::Format;
use mtlscope::state::{
    Command, ExportCommand, FileCommand, InspectorTab, PickPurpose, SavingCommand, Selection, ViewCommand,
};
use support::window::{open, send, session, wait};

use super::opinions::both;

const USUAL: [f32; 2] = [1440.0, 900.0];

#[test]
fn the_menu_exports_to_each_format() {
    let mut window = open(USUAL, 1.0, vec![session("root-rotated")]);
    window.get_by_label("Export").click();
    window.run_steps(4);
    for format in Format::ALL {
        window.get_by_label(format.words());
    }
    window.get_by_label("Without secrets").click();
    window.run_steps(4);
    assert!(window.state().state().export.leaves_secrets_out);
    both(&mut window, "export-menu");
}

#[test]
fn a_page_is_written_where_it_was_asked_for_and_that_is_told() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut window = open(USUAL, 1.0, vec![session("root-rotated")]);
    // Before its end too.
    send(&mut window, Command::View(ViewCommand::Seek(1.0)));
    super::dialogs::own_picker(&mut window, Command::Export(ExportCommand::To(Format::Html)));
    let purpose = window
        .state()
        .state()
        .dialogs
        .picker
        .as_ref()
        .map(|picker| picker.purpose.clone());
    assert!(matches!(purpose, Some(PickPurpose::Export(Format::Html, name)) if name.contains(".html")));
    let path = directory.path().join("given.html");
    send(&mut window, Command::File(FileCommand::PickerTake(path.clone())));
    wait(&mut window, "the page", |_| path.exists());
    wait(&mut window, "the note", |app| {
        app.state()
            .notes
            .iter()
            .any(|note| note.text == "Exported as given.html.")
    });
    let page = std::fs::read_to_string(&path).expect("a page");
    assert!(page.contains("<g class=\"step\" data-step=\"8\">"), "all of it");
}

#[test]
fn a_step_gets_a_note_that_its_row_shows() {
    let mut window = open(USUAL, 1.0, vec![session("root-rotated")]);
    send(
        &mut window,
        Command::View(ViewCommand::Select(Selection::Step(2))),
    );
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Fields)),
    );
    window.get_by_label("Note on this step…").click();
    window.run_steps(4);
    window.get_by_label("Note on this step").focus();
    window.run_steps(2);
    window
        .get_by_label("Note on this step")
        .type_text("The server names only the old root here.");
    window.run_steps(4);
    window.get_by_label("Done").click();
    window.run_steps(4);
    let document = window.state().state().document().cloned().expect("a session");
    assert_eq!(
        document.step_notes.of(2),
        Some("The server names only the old root here.")
    );
    assert!(document.has_unsaved_words());
    window.get_by_label_contains("Step 3: EncryptedExtensions · CertificateRequest; it has a note");
    window.get_by_label("Change the note on this step");
    both(&mut window, "step-note");
    send(
        &mut window,
        Command::Saving(SavingCommand::AnnotateStep(2, String::new())),
    );
    window.get_by_label("Note on this step…");
}
