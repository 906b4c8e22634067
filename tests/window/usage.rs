//! The window, used as a person uses it: by the names that a screen reader hears, and by keys.

use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::{ClientAuth, Side};
use mtlscope::diagnose::Verdict;
use mtlscope::session;
use mtlscope::state::{
    Command, InspectorTab, LabCommand, SavingCommand, Selection, SetupSlot, Source, WindowCommand,
};
use mtlscope::story::ChapterState;
use mtlscope::ui::App;
use support::window::{open, send, session as fixture, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];

fn first_cause(window: &Harness<'_, App>) -> Option<&'static str> {
    let analysis = window.state().state().analysis()?;
    analysis.diagnosis.causes.first().map(|cause| cause.id.word())
}

fn press(window: &mut Harness<'_, App>, key: egui::Key) {
    window.key_press(key);
    window.run_steps(3);
}

#[test]
fn it_opens_with_a_handshake_ready_to_play() {
    let mut window = open(USUAL, 1.0, Vec::new());
    let state = window.state().state();
    assert_eq!(
        state.analysis().expect("an analysis").diagnosis.verdict,
        Verdict::Accepted
    );
    assert!(state.playback.is_at_end() && state.tab == InspectorTab::Why);
    window.get_by_label("Step 1: ClientHello");
    window.get_by_label_contains("Chapter 6: Secure channel, done");
    window.get_by_label("Run handshake");
    // Nothing moves, so nothing asks to be drawn again soon.
    window.run_steps(4);
}

#[test]
fn a_scenario_is_chosen_in_the_gallery_and_answered() {
    let mut window = open(USUAL, 1.0, Vec::new());
    window.get_by_label("Scenarios").click();
    window.run_steps(6);
    let filter = "Show scenarios that speak of this";
    window.get_by_label(filter).focus();
    window.run_steps(2);
    window.get_by_label(filter).type_text("rotated ROOT");
    window.run_steps(6);
    assert!(
        window
            .query_by_label_contains("A bit flipped on the wire")
            .is_none(),
        "the filter hides what does not speak of it"
    );
    window
        .get_all_by_label_contains("Root rotated on one side only")
        .next()
        .expect("a card")
        .click();
    window.run_steps(3);
    wait(&mut window, "the scenario", |app| {
        !app.state().is_running()
            && app
                .state()
                .analysis()
                .is_some_and(|analysis| analysis.diagnosis.verdict == Verdict::Rejected)
    });
    assert_eq!(first_cause(&window), Some("unknown-issuer"));
    window.get_by_label("Copy the whole answer");
    window.get_by_label_contains("Chapter 5: Client verified, failed");
}

#[test]
fn one_selection_goes_through_all_panels() {
    let mut window = open(USUAL, 1.0, vec![fixture("good-tls13")]);
    window.get_by_label("Step 1: ClientHello").click();
    window.run_steps(3);
    assert_eq!(window.state().state().selection, Selection::Step(0));
    window.get_by_label("Fields").click();
    window.run_steps(3);
    window.get_by_label_contains("Field random").click();
    window.run_steps(3);
    let Selection::Field { message: 0, path } = window.state().state().selection.clone() else {
        panic!("{:?}", window.state().state().selection);
    };
    let analysis = window.state().state().analysis().expect("an analysis").clone();
    let root = &analysis.transcript.messages[0].root;
    assert_eq!(root.at(&path).expect("a field").name, "random");
    // And back: a click on a byte selects its field.
    window.get_by_label("Bytes").click();
    window.run_steps(3);
    window.get_by_label_contains("Bytes 0030 to").click();
    window.run_steps(3);
    let Selection::Field { path, .. } = window.state().state().selection.clone() else {
        panic!("no field")
    };
    let field = root.at(&path).expect("a field");
    assert!(
        field.children.is_empty() && field.range.start >= 0x20 && field.range.start <= 0x40,
        "{field:?}"
    );
}

#[test]
fn what_lies_after_the_playhead_is_hidden_everywhere() {
    let mut window = open(USUAL, 1.0, vec![fixture("root-rotated")]);
    window.get_by_label_contains("Alert: unknown_ca");
    press(&mut window, egui::Key::Home);
    assert!(window.query_by_label("Step 1: ClientHello").is_none());
    window.get_by_label("Chapter 1: Client Hello, not yet.");
    press(&mut window, egui::Key::ArrowRight);
    window.get_by_label("Step 1: ClientHello");
    assert!(window.query_by_label("Step 2: ServerHello").is_none());
    for tab in ["Why", "Checks", "Chain"] {
        window.get_by_label(tab).click();
        window.run_steps(3);
        let told = window.query_all_by_label_contains("does not trust").count()
            + window.query_all_by_label_contains("unknown issuer").count()
            + window.query_all_by_label_contains("fails").count();
        assert_eq!(told, 0, "{tab} tells too early");
    }
    press(&mut window, egui::Key::End);
    window.get_by_label("Why").click();
    window.run_steps(3);
    window.get_by_label_contains("does not trust whoever issued");
    press(&mut window, egui::Key::Num3);
    let visible = window.state().state().visible_steps();
    assert!(visible > 1 && visible < window.state().state().playback.steps());
    press(&mut window, egui::Key::Space);
    assert!(window.state().state().playback.is_playing());
    let before = window.state().state().playback.position();
    window.run_steps(30);
    assert!(window.state().state().playback.position() > before);
}

#[test]
fn a_bad_file_says_so_and_the_good_value_stays() {
    let mut window = open(USUAL, 1.0, Vec::new());
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("notes.txt");
    std::fs::write(&path, "hello").expect("written");
    send(
        &mut window,
        Command::Lab(LabCommand::LoadIntoSlot(
            Side::Server,
            SetupSlot::Certificate,
            path.clone(),
        )),
    );
    wait(&mut window, "the sentence", |app| {
        app.state()
            .lab
            .setup
            .slot(Side::Server, SetupSlot::Certificate)
            .error
            .is_some()
    });
    let slot = window
        .state()
        .state()
        .lab
        .setup
        .slot(Side::Server, SetupSlot::Certificate);
    let error = slot.error.clone().expect("an error");
    assert!(
        error.contains("notes.txt") && error.contains("BEGIN CERTIFICATE"),
        "{error}"
    );
    assert!(matches!(slot.source, Source::BuiltIn), "the previous value stays");
}

#[test]
fn files_are_loaded_run_and_read_again() {
    let pki = support::window::minted(support::pki::USUAL);
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, recipe: &str| {
        let identity = pki.find(recipe).expect("minted");
        let path = directory.path().join(name);
        std::fs::write(&path, &identity.certificate.der).expect("written");
        path
    };
    let mut window = open(USUAL, 1.0, Vec::new());
    // A root that issued nobody's certificate here: the server will refuse the client.
    let trust = write("trust.der", "root");
    send(
        &mut window,
        Command::Lab(LabCommand::LoadIntoSlot(
            Side::Server,
            SetupSlot::Trust,
            trust.clone(),
        )),
    );
    wait(&mut window, "the file", |app| {
        matches!(
            app.state().lab.setup.slot(Side::Server, SetupSlot::Trust).source,
            Source::File(_)
        )
    });
    window.get_by_label("Run handshake").click();
    window.run_steps(2);
    wait(&mut window, "the run", |app| {
        !app.state().is_running()
            && app
                .state()
                .analysis()
                .is_some_and(|analysis| analysis.diagnosis.verdict == Verdict::Rejected)
    });
    let analysis = window.state().state().analysis().expect("an analysis").clone();
    let cause = &analysis.diagnosis.causes[0];
    assert_eq!(
        (cause.id.word(), cause.side),
        ("unknown-issuer", Some(Side::Server))
    );
    let commands = format!("{:?}", cause.remedies);
    assert!(
        commands.contains("trust.der"),
        "the user's own file is named: {commands}"
    );
    // The file changes on disk; the next run reads it again.
    std::fs::write(&trust, "no longer a certificate").expect("written");
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the second run", |app| !app.state().is_running());
    let said = window
        .state()
        .state()
        .lab
        .setup
        .slot(Side::Server, SetupSlot::Trust)
        .error
        .is_some()
        || !window.state().state().notes.is_empty();
    assert!(said, "a file that went bad is said so");
}

#[test]
fn policy_changes_the_story() {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(
        &mut window,
        Command::Lab(LabCommand::SetClientAuth(ClientAuth::None)),
    );
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the run", |app| {
        !app.state().is_running()
            && app
                .state()
                .analysis()
                .is_some_and(|analysis| analysis.story.chapters[4].state == ChapterState::Skipped)
    });
    window.get_by_label_contains("Chapter 5: Client verified, skipped");
}

#[test]
fn what_is_saved_in_the_window_opens_to_the_same_story() {
    let mut window = open(USUAL, 1.0, Vec::new());
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("saved.ron");
    send(&mut window, Command::Saving(SavingCommand::WriteTo(path.clone())));
    wait(&mut window, "the file", |_| path.exists());
    let saved = session::load(&path).expect("it opens");
    let live = window.state().state().analysis().expect("an analysis").clone();
    let replayed = mtlscope::analysis::Analysis::of(saved.capture);
    assert_eq!(*live, replayed);
}

#[test]
fn keys_are_listed_and_the_list_closes() {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::Window(WindowCommand::ShowHelp(true)));
    window.get_by_label_contains("Play or pause");
    press(&mut window, egui::Key::Escape);
    window.run_steps(6);
    assert!(!window.state().state().dialogs.help);
}

#[test]
fn pasted_text_goes_into_its_slot() {
    let pki = support::window::minted(support::pki::USUAL);
    let der = &pki.find("root").expect("minted").certificate.der;
    let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
    let text = format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
    let mut window = open(USUAL, 1.0, Vec::new());
    send(
        &mut window,
        Command::Lab(LabCommand::Paste(text, Some((Side::Client, SetupSlot::Trust)))),
    );
    wait(&mut window, "the paste", |app| {
        matches!(
            app.state().lab.setup.slot(Side::Client, SetupSlot::Trust).source,
            Source::Pasted
        )
    });
}
