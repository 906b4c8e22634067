//! Files into the window: by our own picker, dropped, pasted, and asked about.

use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::Side;
use mtlscope::state::{Command, FileCommand, Fit, LabCommand, SetupSlot, Source, time_words};
use mtlscope::ui::App;
use support::pem::{identity, pem};
use support::window::{open, send, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];

fn source(app: &App, side: Side, slot: SetupSlot) -> Source {
    app.state().lab.setup.slot(side, slot).source.clone()
}

fn judged(window: &mut Harness<'_, App>, side: Side, slot: SetupSlot) -> Fit {
    wait(window, "the dot", |app| {
        app.state().lab.setup.slot(side, slot).fit != Fit::Unknown
    });
    window.state().state().lab.setup.slot(side, slot).fit.clone()
}

#[test]
fn our_own_picker_loads_a_file() {
    let pki = support::window::minted(support::pki::USUAL);
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("orders.pem");
    std::fs::write(&path, identity(&pki, &["client", "issuer"])).expect("written");
    let mut window = open(USUAL, 1.0, Vec::new());
    // The system's dialog may exist where this test runs: ours is asked for by name.
    send(
        &mut window,
        Command::File(FileCommand::ChooseFile(Side::Client, SetupSlot::Certificate)),
    );
    send(&mut window, Command::File(FileCommand::UseOwnPicker));
    send(
        &mut window,
        Command::File(FileCommand::PickerGoTo(directory.path().to_path_buf())),
    );
    wait(&mut window, "the directory", |app| {
        app.state()
            .dialogs
            .picker
            .as_ref()
            .is_some_and(|picker| picker.entries.len() == 1)
    });
    window.get_by_label("Path");
    window.get_by_label("orders.pem").click();
    window.run_steps(3);
    wait(&mut window, "the file", |app| {
        source(app, Side::Client, SetupSlot::Certificate) == Source::File(path.clone())
    });
    // One file of chain and key fills both slots, and each certificate is counted.
    let app = window.state();
    assert_eq!(
        source(app, Side::Client, SetupSlot::Key),
        Source::File(path.clone())
    );
    assert_eq!(
        app.state()
            .lab
            .setup
            .slot(Side::Client, SetupSlot::Certificate)
            .label,
        "orders.pem +1"
    );
    assert_eq!(judged(&mut window, Side::Client, SetupSlot::Key), Fit::Good);
    // Its root is not the built-in one, so the server's trust no longer fits.
    wait(&mut window, "the other dot", |app| {
        matches!(
            app.state().lab.setup.slot(Side::Server, SetupSlot::Trust).fit,
            Fit::Bad(_)
        )
    });
    window.get_by_label_contains("server trusts: ");
}

#[test]
fn a_path_is_typed_and_entered() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(directory.path().join("deeper")).expect("a directory");
    let path = directory.path().join("deeper").join("orders.pem");
    let pki = support::window::minted(support::pki::USUAL);
    std::fs::write(&path, identity(&pki, &["client", "issuer"])).expect("written");
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::File(FileCommand::ChooseFiles));
    send(&mut window, Command::File(FileCommand::UseOwnPicker));
    send(
        &mut window,
        Command::File(FileCommand::PickerGoTo(directory.path().to_path_buf())),
    );
    wait(&mut window, "the directory", |app| {
        app.state()
            .dialogs
            .picker
            .as_ref()
            .is_some_and(|picker| picker.entries.len() == 1)
    });
    // The path field has the keyboard from the start.
    window.event(egui::Event::Text("deeper".to_owned()));
    window.run_steps(2);
    window.key_press(egui::Key::Enter);
    window.run_steps(2);
    wait(&mut window, "the directory below", |app| {
        app.state()
            .dialogs
            .picker
            .as_ref()
            .is_some_and(|picker| picker.directory.ends_with("deeper"))
    });
    window.event(egui::Event::Text("orders.pem".to_owned()));
    window.run_steps(2);
    window.key_press(egui::Key::Enter);
    window.run_steps(2);
    wait(&mut window, "the file", |app| {
        source(app, Side::Client, SetupSlot::Key) == Source::File(path.clone())
    });
    assert!(window.state().state().dialogs.picker.is_none());
}

#[test]
fn what_is_dropped_finds_its_side_or_asks() {
    let pki = support::window::minted(support::pki::USUAL);
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: String| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let server = write("server.pem", identity(&pki, &["server", "issuer"]));
    let client = write("client.pem", identity(&pki, &["client", "issuer"]));
    let stranger = write(
        "stranger.pem",
        pem("CERTIFICATE", &pki.find("other").expect("minted").certificate.der),
    );
    let mut window = open(USUAL, 1.0, Vec::new());
    // By the purposes in their leaves.
    send(
        &mut window,
        Command::Lab(LabCommand::LoadDropped(
            vec![server.clone(), client.clone()],
            None,
        )),
    );
    wait(&mut window, "both", |app| {
        source(app, Side::Server, SetupSlot::Key) == Source::File(server.clone())
            && source(app, Side::Client, SetupSlot::Key) == Source::File(client.clone())
    });
    // A root that leads to neither side's chain: only the user knows who trusts it.
    send(
        &mut window,
        Command::Lab(LabCommand::LoadDropped(vec![stranger.clone()], None)),
    );
    wait(&mut window, "the question", |app| {
        app.state().dialogs.question.is_some()
    });
    window.get_by_label("Who trusts stranger.pem?");
    window.get_by_label("The server").click();
    window.run_steps(3);
    let app = window.state();
    assert_eq!(
        source(app, Side::Server, SetupSlot::Trust),
        Source::File(stranger)
    );
    assert_eq!(source(app, Side::Client, SetupSlot::Trust), Source::BuiltIn);
    assert!(app.state().dialogs.question.is_none());
}

#[test]
fn a_root_goes_to_whoever_needs_it_and_a_key_alone_to_its_certificate() {
    let pki = support::window::minted(support::pki::USUAL);
    let find = |name: &str| pki.find(name).expect("minted");
    let mut window = open(USUAL, 1.0, Vec::new());
    send(
        &mut window,
        Command::Lab(LabCommand::Paste(identity(&pki, &["server", "issuer"]), None)),
    );
    wait(&mut window, "the server", |app| {
        source(app, Side::Server, SetupSlot::Certificate) == Source::Pasted
    });
    send(
        &mut window,
        Command::Lab(LabCommand::Paste(
            pem("CERTIFICATE", &find("root").certificate.der),
            None,
        )),
    );
    wait(&mut window, "the root", |app| {
        source(app, Side::Client, SetupSlot::Trust) == Source::Pasted
    });
    assert_eq!(
        source(window.state(), Side::Server, SetupSlot::Trust),
        Source::BuiltIn
    );
    send(
        &mut window,
        Command::Lab(LabCommand::ClearSlot(Side::Server, SetupSlot::Key)),
    );
    wait(
        &mut window,
        "the dot",
        |app| matches!(&app.state().lab.setup.slot(Side::Server, SetupSlot::Key).fit, Fit::Bad(why) if why.contains("no private key")),
    );
    let key = pem("PRIVATE KEY", find("server").key.key.der.secret_der());
    send(&mut window, Command::Lab(LabCommand::Paste(key, None)));
    wait(&mut window, "the key", |app| {
        source(app, Side::Server, SetupSlot::Key) == Source::Pasted
    });
}

#[test]
fn a_key_of_another_certificate_has_a_red_dot_and_run_without_a_key_says_so() {
    let pki = support::window::minted(support::pki::USUAL);
    let key = pem(
        "PRIVATE KEY",
        pki.find("client").expect("minted").key.key.der.secret_der(),
    );
    let mut window = open(USUAL, 1.0, Vec::new());
    send(
        &mut window,
        Command::Lab(LabCommand::Paste(key, Some((Side::Server, SetupSlot::Key)))),
    );
    wait(
        &mut window,
        "the dot",
        |app| matches!(&app.state().lab.setup.slot(Side::Server, SetupSlot::Key).fit, Fit::Bad(why) if why.contains("does not belong")),
    );
    send(
        &mut window,
        Command::Lab(LabCommand::ClearSlot(Side::Server, SetupSlot::Key)),
    );
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the refusal", |app| !app.state().is_running());
    window.get_by_label_contains("no private key; choose the key that belongs to it");
    assert!(
        window.state().state().analysis().is_some(),
        "the last good run stays on the stage"
    );
}

#[test]
fn the_time_machine_moves_the_dots() {
    let mut window = open(USUAL, 1.0, Vec::new());
    assert_eq!(
        judged(&mut window, Side::Client, SetupSlot::Certificate),
        Fit::Good
    );
    let later = window.state().state().now_unix_s + 90 * 86_400;
    send(&mut window, Command::Lab(LabCommand::SetClock(Some(later))));
    wait(
        &mut window,
        "the dot",
        |app| matches!(&app.state().lab.setup.slot(Side::Client, SetupSlot::Certificate).fit, Fit::Bad(why) if why.contains("expired")),
    );
    window.get_by_label(&format!("The time is: {}", time_words(later)));
    let shown: Vec<_> = window.get_all_by_label_contains("expired 89 d ago").collect();
    assert_eq!(shown.len(), 2, "both cards say so");
}

#[test]
fn a_run_that_hangs_can_be_cancelled() {
    use mtlscope::setup::{Fault, FaultTarget};
    let mut window = open(USUAL, 1.0, Vec::new());
    let target = FaultTarget {
        from: Side::Server,
        record: 0,
    };
    send(
        &mut window,
        Command::Lab(LabCommand::SetFault(Some(Fault::Stall(target)))),
    );
    send(&mut window, Command::Lab(LabCommand::Run));
    // The button is drawn once the run has taken a while.
    support::machine::wait_until("the button", || {
        window.step();
        window.query_by_label("Cancel the run").is_some()
    });
    window.get_by_label("Cancel the run").click();
    window.run_steps(2);
    wait(&mut window, "the end", |app| !app.state().is_running());
    window.get_by_label_contains("The run was cancelled.");
}
