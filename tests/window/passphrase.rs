//! What is closed with a passphrase asks for it; what was recognised is said; folders and stores of several are sorted.

use std::path::{Path, PathBuf};

use crate::screens::{as_the_labs_own, picture};
use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::Side;
use mtlscope::state::{
    Command, LabCommand, SettingsCommand, SetupSlot, Slot, Source, ThemeChoice, WindowCommand,
};
use mtlscope::ui::App;
use support::window::{open, send, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/containers")
        .join(name)
}

fn window() -> Harness<'static, App> {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(&mut window, Command::Settings(SettingsCommand::Greeted));
    window
}

fn drop_on(window: &mut Harness<'_, App>, names: &[PathBuf], target: Option<(Side, SetupSlot)>) {
    send(
        window,
        Command::Lab(LabCommand::LoadDropped(names.to_vec(), target)),
    );
}

fn asks_for(window: &mut Harness<'_, App>, name: &str) {
    wait(window, "the question", |app| {
        let asked = app.state().lab.closed.asked.as_ref();
        asked.is_some_and(|dialog| dialog.closed.name() == name)
    });
}

/// Types it, as the field has the keyboard, and presses Enter.
fn enter(window: &mut Harness<'_, App>, text: &str) {
    window.event(egui::Event::Text(text.to_owned()));
    window.run_steps(3);
    window.key_press(egui::Key::Enter);
    window.run_steps(3);
}

fn slot<'a>(window: &'a Harness<'_, App>, side: Side, slot: SetupSlot) -> &'a Slot {
    window.state().state().lab.setup.slot(side, slot)
}

fn notes(window: &Harness<'_, App>) -> String {
    let notes: Vec<&str> = window
        .state()
        .state()
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    notes.join("\n")
}

fn is_asked(window: &Harness<'_, App>) -> bool {
    window.state().state().lab.closed.asked.is_some()
}

const CLIENT: Option<(Side, SetupSlot)> = Some((Side::Client, SetupSlot::Certificate));

#[test]
fn a_container_asks_for_its_passphrase_until_it_opens() {
    let mut window = window();
    as_the_labs_own(&mut window, "good-tls13");
    drop_on(&mut window, &[fixture("orders.p12")], CLIENT);
    asks_for(&mut window, "orders.p12");
    window.get_by_label("The passphrase of orders.p12");
    // It has the keyboard at once, and shows dots.
    window.event(egui::Event::Text("changeit?".to_owned()));
    window.run_steps(4);
    assert!(window.query_by_value("changeit?").is_none());
    assert!(window.query_by_label_contains("changeit?").is_none());
    picture(&mut window, "passphrase-dark");
    window.key_press(egui::Key::Enter);
    wait(&mut window, "the answer", |app| {
        let asked = app.state().lab.closed.asked.as_ref();
        asked.is_some_and(|dialog| dialog.wrong.is_some())
    });
    window.get_by_label("The passphrase does not open the PKCS#12 container.");
    window.get_by_label("Show the letters").click();
    window.run_steps(4);
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "passphrase-wrong-light");
    // The last letter goes, and Enter opens.
    window.get_by_label("Passphrase").focus();
    window.run_steps(2);
    window.key_press(egui::Key::End);
    window.run_steps(2);
    window.key_press(egui::Key::Backspace);
    window.run_steps(3);
    window.key_press(egui::Key::Enter);
    let file = Source::File(fixture("orders.p12"));
    wait(&mut window, "the file", |app| {
        app.state().lab.setup.slot(Side::Client, SetupSlot::Key).source == file
    });
    assert!(!is_asked(&window));
    assert_eq!(
        slot(&window, Side::Client, SetupSlot::Certificate)
            .certificates
            .len(),
        2
    );
    let said = notes(&window);
    assert!(
        said.contains("orders.p12 is a PKCS#12 container: 1 private key and 2 certificates."),
        "{said}"
    );
    // The slot goes on telling it, and a run reads the file again without asking.
    let details = &slot(&window, Side::Client, SetupSlot::Key).details;
    assert!(
        details
            .iter()
            .any(|(_, words)| words.contains("a PKCS#12 container")),
        "{details:?}"
    );
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the run", |app| !app.state().is_running());
    assert!(!is_asked(&window));
    assert!(!window.state().state().lab.is_setup_newer, "it ran");
    // Nothing of it is in what would be saved or printed.
    let state = format!("{:?}", window.state().state());
    assert!(!state.contains("changeit"));
}

#[test]
fn a_run_asks_again_for_a_file_that_was_closed_anew() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("orders.key");
    std::fs::copy(fixture("orders.key"), &path).expect("a copy");
    let mut window = window();
    let key = Some((Side::Client, SetupSlot::Key));
    drop_on(&mut window, &[fixture("orders.pem")], CLIENT);
    drop_on(&mut window, std::slice::from_ref(&path), key);
    wait(&mut window, "the key", |app| {
        app.state().lab.setup.slot(Side::Client, SetupSlot::Key).source == Source::File(path.clone())
    });
    std::fs::copy(fixture("pbes2.key"), &path).expect("a copy");
    send(&mut window, Command::Lab(LabCommand::Run));
    asks_for(&mut window, "orders.key");
    assert!(!notes(&window).contains("Nothing was run"));
    // Esc leaves it closed, and says that nothing was run.
    window.key_press(egui::Key::Escape);
    window.run_steps(4);
    assert!(!is_asked(&window) && notes(&window).contains("orders.key stays closed, and nothing was run."));
    send(&mut window, Command::Lab(LabCommand::Run));
    asks_for(&mut window, "orders.key");
    enter(&mut window, "changeit");
    wait(&mut window, "the run", |app| {
        app.state().lab.closed.asked.is_none() && !app.state().is_running()
    });
    assert!(!window.state().state().lab.is_setup_newer, "it ran");
    // A key that leaves the set-up takes its passphrase along.
    send(
        &mut window,
        Command::Lab(LabCommand::ClearSlot(Side::Client, SetupSlot::Key)),
    );
    drop_on(&mut window, std::slice::from_ref(&path), key);
    asks_for(&mut window, "orders.key");
}

#[test]
fn several_closed_files_are_asked_for_one_after_the_other() {
    let mut window = window();
    let files = ["orders.p12", "certtool.p12"].map(fixture);
    drop_on(&mut window, &files, None);
    asks_for(&mut window, "orders.p12");
    assert_eq!(window.state().state().lab.closed.waiting(), 1);
    window.get_by_label("One more after it");
    enter(&mut window, "changeit");
    wait(&mut window, "the next question", |app| {
        app.state().dialogs.question.is_some()
    });
    // Whose the first is comes before the next passphrase: one question lies over the window, not two.
    window.get_by_label("Whose is orders.p12?");
    assert!(window.query_by_label_contains("The passphrase of").is_none());
    window.get_by_label("The client’s").click();
    window.run_steps(4);
    window.get_by_label("The passphrase of certtool.p12");
    let source = &slot(&window, Side::Client, SetupSlot::Certificate).source;
    assert_eq!(*source, Source::File(fixture("orders.p12")));
    send(&mut window, Command::Window(WindowCommand::Dismiss));
    assert!(!is_asked(&window) && notes(&window).contains("certtool.p12 stays closed."));
}

#[test]
fn of_several_files_whose_owner_is_asked_none_is_lost() {
    let mut window = window();
    let files = ["orders-chain.pem", "billing-chain.pem"].map(fixture);
    drop_on(&mut window, &files, None);
    wait(&mut window, "the first question", |app| {
        app.state().dialogs.question.is_some()
    });
    window.get_by_label("Whose is orders-chain.pem?");
    window.get_by_label("The client’s").click();
    window.run_steps(4);
    window.get_by_label("Whose is billing-chain.pem?");
    window.get_by_label("The server’s").click();
    window.run_steps(4);
    for (side, name) in [
        (Side::Client, "orders-chain.pem"),
        (Side::Server, "billing-chain.pem"),
    ] {
        let source = &slot(&window, side, SetupSlot::Certificate).source;
        assert_eq!(*source, Source::File(fixture(name)));
    }
}

#[test]
fn a_store_and_a_key_in_it_may_have_a_passphrase_each() {
    let mut window = window();
    drop_on(&mut window, &[fixture("own-key-passphrase.jks")], CLIENT);
    asks_for(&mut window, "own-key-passphrase.jks");
    enter(&mut window, "changeit");
    wait(&mut window, "the answer", |app| {
        let asked = app.state().lab.closed.asked.as_ref();
        asked.is_some_and(|dialog| dialog.wrong.is_some())
    });
    window.get_by_label("The passphrase does not open the key of entry “orders”.");
    // What was wrong is selected: the next letters take its place.
    enter(&mut window, "another");
    wait(&mut window, "the store", |app| {
        app.state().lab.closed.asked.is_none()
    });
    send(&mut window, Command::Window(WindowCommand::Dismiss));
}

#[test]
fn a_store_of_several_identities_asks_which() {
    let mut window = window();
    drop_on(&mut window, &[fixture("two.jks")], CLIENT);
    asks_for(&mut window, "two.jks");
    enter(&mut window, "changeit");
    wait(&mut window, "the question", |app| {
        app.state().dialogs.question.is_some()
    });
    window.get_by_label("Which of these is the client’s?");
    window.get_by_label("billing").click();
    window.run_steps(4);
    let certificate = slot(&window, Side::Client, SetupSlot::Certificate);
    assert_eq!(certificate.certificates.len(), 2, "the chain of that entry");
    // Read again, it is still this one of the two.
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the run", |app| !app.state().is_running());
    assert!(!is_asked(&window));
    let subjects = &slot(&window, Side::Client, SetupSlot::Certificate).details;
    assert!(
        subjects
            .iter()
            .any(|(name, value)| *name == "Subject" && value.contains("billing")),
        "{subjects:?}"
    );
    wait(&mut window, "the dots", |app| {
        app.state().lab.setup.slot(Side::Client, SetupSlot::Key).fit == mtlscope::state::Fit::Good
    });
}

#[test]
fn a_folder_is_sorted_and_said() {
    let directory = tempfile::tempdir().expect("a directory");
    let pki = support::window::minted(support::pki::USUAL);
    let folder = directory.path().join("pki");
    std::fs::create_dir(&folder).expect("a folder");
    let root = pki.find("root").expect("it is minted");
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text).expect("written");
    write("orders.pem", support::pem::identity(&pki, &["client", "issuer"]));
    write(
        "payments.pem",
        support::pem::identity(&pki, &["server", "issuer"]),
    );
    write(
        "root.pem",
        support::pem::pem("CERTIFICATE", root.certificate.der.as_bytes()),
    );
    write("notes.txt", "nothing\n".to_owned());
    std::fs::copy(fixture("scrypt.key"), folder.join("other.key")).expect("a copy");
    let mut window = window();
    drop_on(&mut window, std::slice::from_ref(&folder), None);
    asks_for(&mut window, "other.key");
    window.key_press(egui::Key::Escape);
    window.run_steps(4);
    let file = |name: &str| Source::File(folder.join(name));
    for side in Side::BOTH {
        let name = if side == Side::Client {
            "orders.pem"
        } else {
            "payments.pem"
        };
        for of in [SetupSlot::Certificate, SetupSlot::Key] {
            assert_eq!(slot(&window, side, of).source, file(name));
        }
        assert_eq!(slot(&window, side, SetupSlot::Trust).source, file("root.pem"));
    }
    let said = notes(&window);
    assert!(
        said.contains(
            "pki holds 2 certificates with their keys, 1 CA certificate, 1 file that asks for its passphrase."
        ),
        "{said}"
    );
    assert!(said.contains("1 other file holds nothing of use."), "{said}");
    assert!(
        said.contains("payments.pem +1 is now the server’s certificate and the server’s key"),
        "{said}"
    );
}

#[test]
fn of_a_folder_that_only_asks_nothing_is_said() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::copy(fixture("orders.p12"), directory.path().join("orders.p12")).expect("a copy");
    let mut window = window();
    drop_on(&mut window, &[directory.path().to_path_buf()], None);
    asks_for(&mut window, "orders.p12");
    assert_eq!(
        window.state().state().notes.iter().count(),
        0,
        "{}",
        notes(&window)
    );
}

/// Either may be either side's.
const EITHER: &str = r#"[
    (name: "root", subject: "Shop Root", is_ca: true),
    (name: "alpha", subject: "alpha", issuer: "root", sans: ["DNS:alpha.svc"]),
    (name: "beta", subject: "beta", issuer: "root", sans: ["DNS:beta.svc"]),
    (name: "gamma", subject: "gamma", issuer: "root", sans: ["DNS:gamma.svc"]),
]"#;

/// A folder of these identities, and the root of all.
fn folder_of(names: &[&str]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let pki = support::window::minted(EITHER);
    let write = |name: &str, text: String| {
        std::fs::write(directory.path().join(format!("{name}.pem")), text).expect("written");
    };
    for name in names {
        write(name, support::pem::identity(&pki, &[*name]));
    }
    let root = pki.find("root").expect("it is minted");
    write(
        "root",
        support::pem::pem("CERTIFICATE", root.certificate.der.as_bytes()),
    );
    directory
}

#[test]
fn of_two_identities_that_may_be_either_sides_one_click_says_who_is_who() {
    let folder = folder_of(&["alpha", "beta"]);
    let mut window = window();
    drop_on(&mut window, &[folder.path().to_path_buf()], None);
    wait(&mut window, "the question", |app| {
        app.state().dialogs.question.is_some()
    });
    window.get_by_label("Which is the client’s, and which the server’s?");
    assert!(!notes(&window).contains("In no slot"), "{}", notes(&window));
    window.get_by_label("Client beta, server alpha").click();
    window.run_steps(4);
    let file = |name: &str| Source::File(folder.path().join(name));
    for (side, name) in [(Side::Client, "beta.pem"), (Side::Server, "alpha.pem")] {
        for of in [SetupSlot::Certificate, SetupSlot::Key] {
            assert_eq!(slot(&window, side, of).source, file(name));
        }
        assert_eq!(slot(&window, side, SetupSlot::Trust).source, file("root.pem"));
    }
    assert!(window.state().state().dialogs.question.is_none());
}

#[test]
fn of_three_identities_each_side_is_asked_for() {
    let folder = folder_of(&["alpha", "beta", "gamma"]);
    let mut window = window();
    drop_on(&mut window, &[folder.path().to_path_buf()], None);
    wait(&mut window, "the question", |app| {
        app.state().dialogs.question.is_some()
    });
    for (title, name) in [
        ("Which of these is the client’s?", "gamma"),
        ("Which of these is the server’s?", "alpha"),
    ] {
        window.get_by_label(title);
        window.get_by_label(name).click();
        window.run_steps(4);
    }
    let file = |name: &str| Source::File(folder.path().join(name));
    assert_eq!(
        slot(&window, Side::Client, SetupSlot::Key).source,
        file("gamma.pem")
    );
    assert_eq!(
        slot(&window, Side::Server, SetupSlot::Key).source,
        file("alpha.pem")
    );
    assert_eq!(
        slot(&window, Side::Client, SetupSlot::Trust).source,
        file("root.pem")
    );
}

#[test]
fn what_others_refuse_is_said() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("orders.pem");
    let text = std::fs::read(fixture("orders-chain.pem")).expect("it is there");
    std::fs::write(&path, [&[0xef, 0xbb, 0xbf], text.as_slice()].concat()).expect("written");
    let mut window = window();
    drop_on(&mut window, &[path], CLIENT);
    wait(&mut window, "the words", |app| {
        let mut notes = app.state().notes.iter();
        notes.any(|note| note.text.contains("byte-order mark"))
    });
    let details = &slot(&window, Side::Client, SetupSlot::Certificate).details;
    assert!(
        details.iter().any(|(_, words)| words.contains("byte-order mark")),
        "{details:?}"
    );
}
