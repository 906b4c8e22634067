//! TLS that something carried: said on the stage, and whole under the pointer.

use std::path::{Path, PathBuf};

use crate::screens::picture;
use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use mtlscope::state::{Command, DocumentCommand, FileCommand, SettingsCommand, ThemeChoice};
use mtlscope::ui::App;
use support::window::{open, send, wait};

fn carried(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/carried")
        .join(name)
}

/// A packet capture of one connection, which opens by itself.
fn opened(size: [f32; 2], path: PathBuf) -> Harness<'static, App> {
    let mut window = open(size, 1.0, Vec::new());
    send(&mut window, Command::Settings(SettingsCommand::Greeted));
    send(
        &mut window,
        Command::Document(DocumentCommand::OpenSessionFile(path)),
    );
    wait(&mut window, "the connection", |app| {
        app.state()
            .document()
            .is_some_and(|document| document.connection.is_some())
    });
    window
}

/// What is said where the pointer rests on what a screen reader calls so.
fn told(window: &mut Harness<'_, App>, label: &str) -> String {
    window.get_by_label(label).hover();
    window.run_steps(60);
    let all: Vec<String> = window
        .query_all_by(|node| node.role() == egui::accesskit::Role::Label)
        .filter_map(|node| node.accesskit_node().value())
        .collect();
    all.join("\n")
}

/// The server keeps the client out, and no alert tells what it made of the certificate: its chapter is not a good one.
#[test]
fn a_verification_that_nothing_tells_of_is_undecided() {
    let window = opened([1440.0, 900.0], carried("eap-tls-refused.pcap"));
    window.get_by_label_contains("Chapter 3: Server verified, done");
    window.get_by_label_contains("Chapter 5: Client verified, undecided");
}

/// A connection that is alone in its file opens by itself: a key log can be given there as well.
#[test]
fn a_key_log_can_be_given_to_the_connection_on_the_stage() {
    let mut window = opened([1440.0, 900.0], carried("eap-tls-13.pcap"));
    window.get_by_label("Choose a key log…").click();
    window.run_steps(6);
    send(&mut window, Command::File(FileCommand::UseOwnPicker));
    window.get_by_label_contains("Choose a key log (SSLKEYLOGFILE)");
}

#[test]
fn what_carried_the_tls_is_said_between_the_heads() {
    for (name, label, more) in [
        (
            "eap-tls-13.pcap",
            "Carried as EAP-TLS in RADIUS",
            "The client says that it is",
        ),
        (
            "eapol.pcap",
            "Carried as EAP-TLS in EAPOL",
            "The client says that it is",
        ),
        (
            "openvpn-tls-auth.pcap",
            "Carried as TLS inside OpenVPN over UDP",
            "bears an HMAC of",
        ),
    ] {
        for size in [[1440.0, 900.0], [1024.0, 700.0]] {
            let mut window = opened(size, carried(name));
            let told = told(&mut window, label);
            assert!(told.contains(more), "{name}: {told}");
        }
    }
}

#[test]
fn a_bare_connection_says_nothing_of_a_carrier() {
    let window = open([1440.0, 900.0], 1.0, Vec::new());
    assert!(window.query_by_label_contains("Carried as").is_none());
}

#[test]
fn how_much_was_unpacked_is_said_beside_where_it_came_from() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("eapol.pcap.gz");
    let bytes = std::fs::read(carried("eapol.pcap")).expect("a fixture");
    std::fs::write(&path, support::packets::gzip(&bytes)).expect("written");
    let mut window = opened([1440.0, 900.0], path);
    window.get_by_label_contains("The file came packed: 3.5 kB were unpacked.");
    picture(&mut window, "carried-dark");
    send(
        &mut window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
    picture(&mut window, "carried-light");
    // As it is, nothing was.
    let window = opened([1440.0, 900.0], carried("eapol.pcap"));
    assert!(window.query_by_label_contains("unpacked").is_none());
}
