//! A scenario opens in a tab of its own: what the user loaded stays in theirs.

use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::Side;
use mtlscope::diagnose::Verdict;
use mtlscope::state::{Command, DocumentCommand, LabCommand, SettingsCommand, SetupSlot, Source};
use mtlscope::ui::App;
use support::pem::pem;
use support::window::{open, send, session, wait};

const TITLE: &str = "Root rotated on one side only";
/// As much of it as a tab holds.
const TAB: &str = "Root rotated on one sid…";

fn is_mine(window: &Harness<'_, App>) -> bool {
    let setup = &window.state().state().lab.setup;
    matches!(setup.slot(Side::Server, SetupSlot::Trust).source, Source::Pasted)
}

fn click(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_label(label).click();
    window.run_steps(6);
}

#[test]
fn a_scenario_leaves_my_files_where_they_are() {
    let pki = support::window::minted(support::pki::USUAL);
    let root = pem("CERTIFICATE", &pki.find("root").expect("minted").certificate.der);
    let mut window = open([1440.0, 900.0], 1.0, Vec::new());
    let target = Some((Side::Server, SetupSlot::Trust));
    send(&mut window, Command::Lab(LabCommand::Paste(root, target)));
    wait(&mut window, "the paste", |app| {
        let setup = &app.state().lab.setup;
        matches!(setup.slot(Side::Server, SetupSlot::Trust).source, Source::Pasted)
    });
    send(
        &mut window,
        Command::Lab(LabCommand::OpenScenario("root-rotated".to_owned())),
    );
    wait(&mut window, "the scenario", |app| {
        let document = app.state().document();
        !app.state().is_running() && document.is_some_and(|document| document.title == TITLE)
    });
    assert!(!is_mine(&window), "the scenario has a set-up of its own");
    let verdict = |window: &Harness<'_, App>| {
        let analysis = window.state().state().analysis().expect("one").clone();
        analysis.diagnosis.verdict
    };
    assert_eq!(verdict(&window), Verdict::Rejected);
    click(&mut window, "My files");
    assert!(is_mine(&window), "what was loaded is still there");
    assert_eq!(verdict(&window), Verdict::Accepted, "and so is its last run");
    click(&mut window, TAB);
    assert!(!is_mine(&window));
    let here = window.state().state().active.expect("one is here");
    send(
        &mut window,
        Command::Document(DocumentCommand::CloseDocument(here)),
    );
    assert!(is_mine(&window), "a closed scenario takes its set-up with it");
    assert!(window.query_by_label(TAB).is_none());
}

/// By the menu's switch, and with nobody pressing the button.
#[test]
fn a_changed_set_up_runs_by_itself() {
    let mut window = open([1440.0, 900.0], 1.0, Vec::new());
    let verdict = |app: &App| app.state().analysis().map(|analysis| analysis.diagnosis.verdict);
    assert_eq!(verdict(window.state()), Some(Verdict::Accepted));
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetRunsByItself(true)),
    );
    send(
        &mut window,
        Command::Lab(LabCommand::SetServerName("somebody.else.svc".to_owned())),
    );
    wait(&mut window, "the run that nobody asked for", |app| {
        verdict(app) == Some(Verdict::Rejected)
    });
}

#[test]
fn ctrl_w_closes_the_tab_and_leads_back() {
    let mut window = open([1440.0, 900.0], 1.0, vec![session("root-rotated")]);
    let shown = |window: &Harness<'_, App>| {
        let state = window.state().state();
        (
            state.documents.len(),
            state.document().is_some_and(|document| document.path.is_some()),
        )
    };
    assert_eq!(shown(&window), (2, true));
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::W);
    window.run_steps(6);
    assert_eq!(shown(&window), (1, false));
    // What is the user's own has no cross, and stays.
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::W);
    window.run_steps(6);
    assert_eq!(shown(&window), (1, false));
}
