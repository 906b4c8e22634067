//! Files of several parts: what is sent, its key, and what is trusted each go to their own place.

use std::path::PathBuf;

use crate::support;
use base64::Engine;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::Side;
use mtlscope::pki::{CertificateFacts, Minted};
use mtlscope::state::{Command, LabCommand, SetupSlot, Source};
use mtlscope::ui::App;
use support::pem::{identity, pem};
use support::window::{open, send, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];

/// A root, and a leaf that may be used on either side.
const EITHER: &str = r#"[
    (name: "root", subject: "Shop Root", is_ca: true),
    (name: "payments", subject: "payments", issuer: "root", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth", "clientAuth"]),
    (name: "orders", subject: "orders", issuer: "root", sans: ["DNS:orders.shop.svc"], purposes: ["serverAuth", "clientAuth"]),
]"#;

fn written(directory: &tempfile::TempDir, name: &str, text: String) -> PathBuf {
    let path = directory.path().join(name);
    std::fs::write(&path, text).expect("written");
    path
}

fn certificate(pki: &Minted, name: &str) -> String {
    pem("CERTIFICATE", &pki.find(name).expect("minted").certificate.der)
}

fn key(pki: &Minted, name: &str) -> String {
    pem(
        "PRIVATE KEY",
        pki.find(name).expect("minted").key.key.der.secret_der(),
    )
}

/// The names in a slot, in order.
fn names(app: &App, side: Side, slot: SetupSlot) -> Vec<String> {
    let slot = app.state().lab.setup.slot(side, slot);
    let name = |one: &mtlscope::pki::LoadedCertificate| {
        let facts = CertificateFacts::from_der(&one.der).expect("it reads");
        facts.display_name
    };
    slot.certificates.iter().map(name).collect()
}

fn source(app: &App, side: Side, slot: SetupSlot) -> Source {
    app.state().lab.setup.slot(side, slot).source.clone()
}

fn drop_in(window: &mut Harness<'_, App>, paths: &[&PathBuf]) {
    let paths = paths.iter().map(|path| (*path).clone()).collect();
    send(window, Command::Lab(LabCommand::LoadDropped(paths, None)));
}

#[test]
fn a_secret_s_ca_is_trusted_and_not_sent() {
    let pki = support::window::minted(EITHER);
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("secret.yaml");
    let encoded = |text: String| base64::engine::general_purpose::STANDARD.encode(text);
    // `kubectl get secret` writes the keys in the order of the alphabet: the CA comes first.
    let text = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: payments-tls\n  namespace: shop\ntype: kubernetes.io/tls\ndata:\n  ca.crt: {}\n  tls.crt: {}\n  tls.key: {}\n",
        encoded(certificate(&pki, "root")),
        encoded(certificate(&pki, "payments")),
        encoded(key(&pki, "payments")),
    );
    std::fs::write(&path, text).expect("written");
    let mut window = open(USUAL, 1.0, Vec::new());
    drop_in(&mut window, &[&path]);
    wait(&mut window, "the Secret", |app| {
        source(app, Side::Server, SetupSlot::Certificate) == Source::File(path.clone())
    });
    let app = window.state();
    assert_eq!(names(app, Side::Server, SetupSlot::Certificate), ["payments"]);
    assert_eq!(names(app, Side::Client, SetupSlot::Trust), ["Shop Root"]);
    assert_eq!(
        source(app, Side::Server, SetupSlot::Key),
        Source::File(path.clone())
    );
    // Read again for a run, each slot keeps to its part.
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the run", |app| !app.state().is_running());
    let app = window.state();
    assert_eq!(names(app, Side::Server, SetupSlot::Certificate), ["payments"]);
    window.get_by_label_contains("Both sides proved who they are");
}

#[test]
fn a_profile_of_openvpn_is_the_client_s_with_whom_it_trusts() {
    let pki = support::window::minted(EITHER);
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("orders.ovpn");
    let text = format!(
        "client\ndev tun\nremote vpn.shop.svc 1194\n<ca>\n{}</ca>\n<cert>\n{}</cert>\n<key>\n{}</key>\n",
        certificate(&pki, "root"),
        certificate(&pki, "orders"),
        key(&pki, "orders"),
    );
    std::fs::write(&path, text).expect("written");
    let mut window = open(USUAL, 1.0, Vec::new());
    drop_in(&mut window, &[&path]);
    wait(&mut window, "the profile", |app| {
        source(app, Side::Client, SetupSlot::Certificate) == Source::File(path.clone())
    });
    let app = window.state();
    assert!(
        app.state().dialogs.question.is_none(),
        "a profile says whose it is"
    );
    assert_eq!(names(app, Side::Client, SetupSlot::Certificate), ["orders"]);
    assert_eq!(names(app, Side::Client, SetupSlot::Trust), ["Shop Root"]);
    assert_eq!(names(app, Side::Server, SetupSlot::Trust), ["Shop Root"]);
}

#[test]
fn files_that_come_together_are_asked_about_once() {
    let pki = support::window::minted(EITHER);
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: String| written(&directory, name, text);
    let root = write("ca.pem", certificate(&pki, "root"));
    let leaf = write("orders.pem", certificate(&pki, "orders"));
    let its_key = write("orders.key", key(&pki, "orders"));
    let mut window = open(USUAL, 1.0, Vec::new());
    drop_in(&mut window, &[&root, &leaf, &its_key]);
    wait(&mut window, "the question", |app| {
        app.state().dialogs.question.is_some()
    });
    window.get_by_label("Whose is orders.pem?");
    window.get_by_label("The client’s").click();
    window.run_steps(3);
    let app = window.state();
    assert!(app.state().dialogs.question.is_none(), "the CA's place follows");
    assert_eq!(names(app, Side::Client, SetupSlot::Certificate), ["orders"]);
    assert_eq!(source(app, Side::Client, SetupSlot::Key), Source::File(its_key));
    assert_eq!(source(app, Side::Server, SetupSlot::Trust), Source::File(root));
    assert_eq!(source(app, Side::Client, SetupSlot::Trust), Source::BuiltIn);
}

#[test]
fn two_identities_and_their_ca_fill_both_sides() {
    let pki = support::window::minted(EITHER);
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: String| written(&directory, name, text);
    let orders = write("orders.pem", identity(&pki, &["orders"]));
    let payments = write("payments.pem", identity(&pki, &["payments"]));
    let root = write("ca.pem", certificate(&pki, "root"));
    let mut window = open(USUAL, 1.0, Vec::new());
    drop_in(&mut window, &[&orders, &payments, &root]);
    wait(&mut window, "both", |app| {
        source(app, Side::Server, SetupSlot::Key) == Source::File(payments.clone())
            && source(app, Side::Client, SetupSlot::Key) == Source::File(orders.clone())
    });
    let app = window.state();
    for side in Side::BOTH {
        assert_eq!(names(app, side, SetupSlot::Trust), ["Shop Root"], "{side:?}");
    }
}

#[test]
fn the_set_up_takes_its_room_back_when_the_notes_are_gone() {
    let pki = support::window::minted(EITHER);
    let mut window = open(USUAL, 1.0, Vec::new());
    let foot = |window: &Harness<'_, App>| window.get_by_label_contains("On the wire").rect().bottom();
    let before = foot(&window);
    send(
        &mut window,
        Command::Lab(LabCommand::Paste(identity(&pki, &["payments"]), None)),
    );
    wait(&mut window, "the note", |app| !app.state().notes.is_empty());
    let notes: Vec<u64> = window.state().state().notes.iter().map(|note| note.id).collect();
    window.run_steps(4);
    for id in notes {
        let context = window.ctx.clone();
        let dismiss = mtlscope::state::WindowCommand::DismissNote(id);
        window.state_mut().send(&context, Command::Window(dismiss));
    }
    // Only frames that are asked for are drawn.
    let mut frames = 0;
    window.step();
    while window.ctx.has_requested_repaint() && frames < 200 {
        window.step();
        frames += 1;
    }
    assert!((foot(&window) - before).abs() < 0.5);
}
