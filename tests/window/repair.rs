//! Proven fixes and the time machine in the window, used as a person uses them.

use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::Side;
use mtlscope::diagnose::Verdict;
use mtlscope::state::{
    Command, DocumentCommand, FixResult, LabCommand, RepairCommand, Section, SetupSlot, Source, TimeCommand,
};
use mtlscope::ui::App;
use support::window::{open, send, session, unfold, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];

fn result<'a>(window: &'a Harness<'_, App>) -> &'a FixResult {
    let search = window.state().state().fix_search().expect("a search");
    search.result.as_ref().expect("it is over")
}

fn verdict(app: &App) -> Option<Verdict> {
    Some(app.state().analysis()?.diagnosis.verdict)
}

/// Opens a scenario and waits until its fixes are searched.
fn scenario(id: &str) -> Harness<'static, App> {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::Lab(LabCommand::OpenScenario(id.to_owned())));
    searched(&mut window);
    window
}

fn searched(window: &mut Harness<'_, App>) {
    wait(window, "the search", |app| {
        !app.state().is_running()
            && app
                .state()
                .fix_search()
                .is_some_and(|search| search.result.is_some())
    });
}

fn ran_to(window: &mut Harness<'_, App>, wanted: Verdict) {
    wait(window, "the run", |app| {
        !app.state().is_running() && verdict(app) == Some(wanted)
    });
}

#[test]
fn a_fix_is_found_applied_and_undone() {
    let mut window = scenario("client-missing-intermediate");
    let chain = |window: &Harness<'_, App>| {
        let state = window.state().state();
        let slot = state.lab.setup.slot(Side::Client, SetupSlot::Certificate);
        slot.certificates.len()
    };
    assert_eq!(chain(&window), 1);
    window.get_by_label_contains("Let the client send Edge Issuer as well");
    window.get_by_label_contains("Tried ");
    window.get_by_label("Apply fix 1 and run").click();
    window.run_steps(3);
    ran_to(&mut window, Verdict::Accepted);
    assert_eq!(chain(&window), 2);
    assert!(
        window.state().state().fix_search().is_none(),
        "nothing is left to mend"
    );
    window.get_by_label_contains("Applied: Let the client send");
    window.get_by_label("Undo the fix").click();
    window.run_steps(3);
    ran_to(&mut window, Verdict::Rejected);
    assert_eq!(chain(&window), 1);
    assert_eq!(
        window.state().state().lab.scenario.as_deref(),
        Some("client-missing-intermediate")
    );
    assert!(window.query_by_label("Undo the fix").is_none());
    // And by key.
    searched(&mut window);
    send(&mut window, Command::Repair(RepairCommand::ApplyFix(0)));
    ran_to(&mut window, Verdict::Accepted);
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    window.run_steps(3);
    ran_to(&mut window, Verdict::Rejected);
}

#[test]
fn the_proof_takes_the_stage_beside_the_failure() {
    let mut window = scenario("wrong-server-name");
    window.get_by_label("Show the proof of fix 1").click();
    window.run_steps(4);
    let state = window.state().state();
    assert_eq!(
        state.analysis().expect("a run").diagnosis.verdict,
        Verdict::Accepted
    );
    assert!(state.document().expect("a document").trial.is_some());
    window
        .get_all_by_label_contains("Proof of the fix")
        .next()
        .expect("a tab");
    // The scenario's own tab still shows its failure. It may stand in the menu of tabs.
    let documents = &window.state().state().documents;
    let own = documents
        .iter()
        .position(|document| document.title == "The name nobody asked for" && document.trial.is_none())
        .expect("the scenario's tab");
    send(&mut window, Command::Document(DocumentCommand::ShowDocument(own)));
    window.run_steps(4);
    assert_eq!(verdict(window.state()), Some(Verdict::Rejected));
    // The failure still has its fixes.
    assert_eq!(result(&window).fixes.len(), 1);
}

#[test]
fn where_nothing_helps_it_says_so() {
    let mut window = scenario("client-wrong-purpose");
    assert!(result(&window).fixes.is_empty());
    window.get_by_label_contains("none makes this handshake succeed");
    // A session has no keys to run with.
    let mut window_of_session = open(USUAL, 1.0, vec![session("root-rotated")]);
    unfold(&mut window_of_session, Section::OtherFixes);
    window_of_session.get_by_label_contains("that needs the private keys");
    // Nothing is told before the end.
    window_of_session.key_press(egui::Key::Home);
    window_of_session.run_steps(4);
    assert_eq!(
        window_of_session
            .query_all_by_label_contains("private keys")
            .count(),
        0
    );
    window.key_press(egui::Key::Home);
    window.run_steps(4);
    assert_eq!(window.query_all_by_label_contains("none makes").count(), 0);
}

#[test]
fn another_change_ends_the_undo() {
    let mut window = scenario("wrong-server-name");
    send(&mut window, Command::Repair(RepairCommand::ApplyFix(0)));
    ran_to(&mut window, Verdict::Accepted);
    assert_eq!(window.state().state().repair.applied.len(), 1);
    send(
        &mut window,
        Command::Lab(LabCommand::SetServerName("elsewhere.svc".to_owned())),
    );
    assert!(window.state().state().repair.applied.is_empty());
    send(&mut window, Command::Repair(RepairCommand::UndoFix));
    assert_eq!(window.state().state().lab.setup.server_name, "elsewhere.svc");
}

/// Files as a user has them: a bundle that holds more than is needed.
#[test]
fn an_applied_fix_keeps_to_its_certificates_when_files_are_read_again() {
    let pki = support::window::minted(support::pki::USUAL);
    let directory = tempfile::tempdir().expect("a directory");
    let pem = |names: &[&str]| {
        let mut text = String::new();
        for name in names {
            let der = &pki.find(name).expect("minted").certificate.der;
            let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
            text.push_str(&format!(
                "-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n"
            ));
        }
        text
    };
    let key = |name: &str| {
        let der = &pki.find(name).expect("minted").key.key.der;
        let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der.secret_der());
        format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n")
    };
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let files = [
        (
            Side::Client,
            SetupSlot::Certificate,
            write("orders.pem", &pem(&["client"])),
        ),
        (Side::Client, SetupSlot::Key, write("orders.key", &key("client"))),
        (Side::Client, SetupSlot::Trust, write("root.pem", &pem(&["root"]))),
        // The server's chain is upside down, and its file holds a stranger as well.
        (
            Side::Server,
            SetupSlot::Certificate,
            write("payments.pem", &pem(&["issuer", "server", "other"])),
        ),
        (
            Side::Server,
            SetupSlot::Key,
            write("payments.key", &key("server")),
        ),
        (Side::Server, SetupSlot::Trust, directory.path().join("root.pem")),
    ];
    let mut window = open(USUAL, 1.0, Vec::new());
    for (side, slot, path) in files {
        let wanted = Source::File(path.clone());
        send(
            &mut window,
            Command::Lab(LabCommand::LoadIntoSlot(side, slot, path)),
        );
        wait(&mut window, "the file", |app| {
            app.state().lab.setup.slot(side, slot).source == wanted
        });
    }
    send(
        &mut window,
        Command::Lab(LabCommand::SetServerName("payments.shop.svc".to_owned())),
    );
    send(&mut window, Command::Lab(LabCommand::Run));
    searched(&mut window);
    let fixes = &result(&window).fixes;
    let words: Vec<&str> = fixes[0]
        .fix
        .edits
        .iter()
        .map(mtlscope::experiment::repair::Edit::word)
        .collect();
    assert!(
        words.contains(&"reorder-chain"),
        "{words:?} {:?}",
        fixes[0].fix.words
    );
    send(&mut window, Command::Repair(RepairCommand::ApplyFix(0)));
    ran_to(&mut window, Verdict::Accepted);
    // Every later run reads the files again: the order stays as the fix left it.
    for _ in 0..2 {
        let before = window.state().state().analysis().expect("a run").clone();
        send(&mut window, Command::Lab(LabCommand::Run));
        wait(&mut window, "another run", |app| {
            !app.state().is_running()
                && app
                    .state()
                    .analysis()
                    .is_some_and(|analysis| !std::sync::Arc::ptr_eq(analysis, &before))
        });
        assert_eq!(verdict(window.state()), Some(Verdict::Accepted));
    }
    // A file that lost what the fix needs is told.
    write("payments.pem", &pem(&["issuer"]));
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the refusal", |app| {
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
        error.contains("payments.pem") && error.contains("load the file again"),
        "{error}"
    );
    // Nothing was written by the fix.
    let names: Vec<_> = std::fs::read_dir(directory.path())
        .expect("a directory")
        .collect();
    assert_eq!(names.len(), 5);
}

fn with_line(window: &mut Harness<'_, App>) {
    wait(window, "the line", |app| app.state().time.line.is_some());
}

#[test]
fn the_needle_moves_both_clocks_and_stops_at_the_edges() {
    let mut window = open(USUAL, 1.0, Vec::new());
    assert!(
        window.state().state().time.line.is_none(),
        "closed, it costs nothing"
    );
    window.get_by_label("Time machine (Ctrl+T)").click();
    window.run_steps(3);
    with_line(&mut window);
    window.get_by_label_contains("UTC: works");
    let line = window.state().state().time.line.clone().expect("a line");
    let edge = line.edge_after(line.now_unix_s).expect("the leaf ends");
    window.get_by_label("To the next change").click();
    window.run_steps(3);
    let clocks = |window: &Harness<'_, App>| {
        let setup = &window.state().state().lab.setup;
        Side::BOTH.map(|side| setup.sides.of(side).policy.clock_unix_s)
    };
    assert_eq!(clocks(&window), [Some(edge); 2]);
    window.get_by_label_contains("UTC: the client refuses payments: expired");
    // One second earlier it works: by the arrow key, on the focused needle.
    window.get_by_label_contains("UTC: the client refuses").focus();
    window.run_steps(2);
    window.key_press(egui::Key::ArrowLeft);
    window.run_steps(3);
    assert_eq!(clocks(&window), [Some(edge - 1); 2]);
    window.get_by_label_contains("UTC: works");
    // The dots are judged at that time, and a run agrees.
    send(&mut window, Command::Lab(LabCommand::SetClock(Some(edge))));
    send(&mut window, Command::Lab(LabCommand::Run));
    ran_to(&mut window, Verdict::Rejected);
    window.get_by_label("Back to now").click();
    window.run_steps(3);
    assert_eq!(clocks(&window), [None; 2]);
    send(&mut window, Command::Lab(LabCommand::Run));
    ran_to(&mut window, Verdict::Accepted);
    window.get_by_label("Close the time machine").click();
    window.run_steps(3);
    assert!(!window.state().state().time.is_open);
}

#[test]
fn dragging_shows_the_verdict_at_once_and_sets_no_clock() {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::Time(TimeCommand::ToggleTimeMachine));
    with_line(&mut window);
    let rect = window.get_by_label_contains("UTC: works").rect();
    let y = rect.top() + 12.0;
    window.drag_at(egui::pos2(rect.center().x, y));
    window.run_steps(2);
    window.hover_at(egui::pos2(rect.right() - 4.0, y));
    window.run_steps(3);
    let state = window.state().state();
    assert!(state.time.dragged_to.is_some());
    assert_eq!(state.lab.setup.sides.client.policy.clock_unix_s, None);
    window.get_by_label_contains("UTC: the client refuses");
    window.drop_at(egui::pos2(rect.right() - 4.0, y));
    window.run_steps(3);
    let state = window.state().state();
    assert!(state.time.dragged_to.is_none());
    assert!(
        state
            .lab
            .setup
            .sides
            .server
            .policy
            .clock_unix_s
            .expect("it is set")
            > state.now_unix_s
    );
}

#[test]
fn the_strip_follows_the_set_up() {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::Time(TimeCommand::ToggleTimeMachine));
    with_line(&mut window);
    send(
        &mut window,
        Command::Lab(LabCommand::SetServerName("elsewhere.svc".to_owned())),
    );
    wait(&mut window, "another line", |app| {
        app.state()
            .time
            .line
            .as_ref()
            .is_some_and(|line| line.spans.iter().all(|span| !span.works()))
    });
    window.get_by_label_contains("UTC: the client refuses payments: name mismatch");
    // Nothing moves any more: nothing asks to be drawn again.
    window.run_steps(4);
}
