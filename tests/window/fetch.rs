//! Fetching from the network from the window: by a click, for one thing, and never otherwise.

use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::Side;
use mtlscope::fetch::{Kind, Place};
use mtlscope::pki::{ListRecipe, Minted, mint_list};
use mtlscope::state::{Command, InspectorTab, LabCommand, Selection, SetupSlot, Source, ViewCommand};
use mtlscope::ui::App;
use support::http::{At, Server};
use support::pem::{identity, pem};
use support::window::{open, send, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];

fn mesh(server: &Server) -> Minted {
    support::window::minted(&format!(
        r#"[
        (name: "root", subject: "Mesh Root", is_ca: true),
        (name: "issuer", subject: "Mesh Issuer", issuer: "root", is_ca: true),
        (name: "server", subject: "payments", issuer: "issuer", sans: ["DNS:payments.shop.svc"], purposes: ["serverAuth"], crl_points: ["{list}"], issuer_urls: ["{issuer}"]),
        (name: "client", subject: "orders", issuer: "issuer", sans: ["DNS:orders.shop.svc"], purposes: ["clientAuth"], crl_points: ["{list}"], issuer_urls: ["{issuer}"]),
    ]"#,
        list = server.url("/issuer.crl"),
        issuer = server.url("/issuer.der"),
    ))
}

/// Both sides with their files, run; the leaf of each, and what it sends with it.
fn run_with(pki: &Minted, sent: &[&str]) -> Harness<'static, App> {
    let mut window = open(USUAL, 1.0, Vec::new());
    for (text, side) in [
        (identity(pki, &[&["server"], sent].concat()), Side::Server),
        (identity(pki, &[&["client"], sent].concat()), Side::Client),
    ] {
        send(
            &mut window,
            Command::Lab(LabCommand::Paste(text, Some((side, SetupSlot::Certificate)))),
        );
        send_root(&mut window, pki, side.peer());
    }
    wait(&mut window, "the files", |app| {
        Side::BOTH.into_iter().all(|side| {
            SetupSlot::ALL
                .into_iter()
                .all(|slot| app.state().lab.setup.slot(side, slot).source == Source::Pasted)
        })
    });
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the run", |app| !app.state().is_running());
    window
}

fn send_root(window: &mut Harness<'_, App>, pki: &Minted, side: Side) {
    let root = pem("CERTIFICATE", &pki.find("root").expect("minted").certificate.der);
    send(
        window,
        Command::Lab(LabCommand::Paste(root, Some((side, SetupSlot::Trust)))),
    );
}

fn look_at(window: &mut Harness<'_, App>, sender: Side) {
    send(window, Command::View(ViewCommand::ShowTab(InspectorTab::Chain)));
    send(
        window,
        Command::View(ViewCommand::Select(Selection::Certificate { sender, link: 0 })),
    );
}

/// The server of these tests is on loopback: the first click is refused for it, the second allows it, this once.
fn allow(window: &mut Harness<'_, App>, server: &Server, button: &str, kind: Kind, whose: &str) {
    let file = match kind {
        Kind::List => "/issuer.crl",
        Kind::Issuer => "/issuer.der",
    };
    let place = Place {
        kind,
        urls: vec![server.url(file)],
        whose: whose.to_owned(),
    };
    let what = format!("the {} about {whose}", kind.word());
    let before = server.asked().len();
    window.get_by_label(&format!("{button}: {what}")).click();
    wait(window, "the refusal", |app| {
        app.state().is_refused_as_private(&place)
    });
    assert_eq!(server.asked().len(), before, "nobody was asked");
    window.run_steps(3);
    window.get_by_label(&format!("Allow and fetch: {what}")).click();
}

#[test]
fn a_list_is_fetched_by_a_click_and_the_pair_runs_with_it() {
    let server = Server::start();
    let pki = mesh(&server);
    let recipe: ListRecipe =
        ron::from_str("(issuer: \"issuer\", revokes: [(\"client\", \"keyCompromise\", -2)])")
            .expect("a list");
    let list = mint_list(&recipe, &pki, support::window::NOW_UNIX_S).expect("minted");
    server.put("/issuer.crl", At::Body(list.der.to_vec()));
    let mut window = run_with(&pki, &["issuer"]);
    look_at(&mut window, Side::Client);
    assert!(server.asked().is_empty(), "drawing is not asking");
    allow(&mut window, &server, "Fetch and run", Kind::List, "orders");
    wait(&mut window, "the list", |app| {
        !app.state()
            .lab
            .setup
            .sides
            .server
            .policy
            .revocation
            .lists
            .is_empty()
            && !app.state().is_running()
    });
    let state = window.state().state();
    // Whoever judges the client has it, and nobody else.
    assert!(state.lab.setup.sides.client.policy.revocation.is_empty());
    let causes = &state.analysis().expect("a run").diagnosis.causes;
    assert!(
        causes.iter().any(|cause| cause.id.word() == "revoked"),
        "{causes:#?}"
    );
    assert_eq!(server.asked(), ["/issuer.crl"]);
    // A further run judges by what is there, and asks nobody.
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the run", |app| !app.state().is_running());
    assert_eq!(server.asked().len(), 1);
    look_at(&mut window, Side::Client);
    // What was allowed was allowed once.
    allow(&mut window, &server, "Fetch again", Kind::List, "orders");
    wait(&mut window, "a second request", |_| server.asked().len() == 2);
    wait(&mut window, "the run", |app| !app.state().is_running());
    assert_eq!(
        window
            .state()
            .state()
            .lab
            .setup
            .sides
            .server
            .policy
            .revocation
            .lists
            .len(),
        1
    );
}

#[test]
fn a_fetched_issuer_is_at_hand_and_mends_the_chain() {
    let server = Server::start();
    let pki = mesh(&server);
    let issuer = pki.find("issuer").expect("minted").certificate.der.clone();
    server.put("/issuer.der", At::Body(issuer.to_vec()));
    let mut window = run_with(&pki, &[]);
    let first = |window: &Harness<'_, App>| {
        let analysis = window.state().state().analysis().expect("a run").clone();
        analysis.diagnosis.causes[0].id.word()
    };
    look_at(&mut window, Side::Server);
    let button = window.get_by_label("Fetch and run: the issuer's certificate about payments");
    button.scroll_to_me();
    window.run_steps(3);
    allow(&mut window, &server, "Fetch and run", Kind::Issuer, "payments");
    wait(&mut window, "the issuer", |app| {
        let state = app.state();
        !state.lab.setup.known.is_empty()
            && !state.is_running()
            && state.fix_search().is_some_and(|it| it.result.is_some())
    });
    assert_eq!(first(&window), "missing-intermediate");
    let state = window.state().state();
    let search = state
        .fix_search()
        .and_then(|search| search.result.as_ref())
        .expect("it ended");
    let fix = search
        .fixes
        .first()
        .expect("with the issuer at hand there is a fix");
    let url = server.url("/issuer.der");
    let commands = fix.fix.commands.join("\n");
    assert!(
        commands.contains(&format!("curl -sSL {url} | openssl x509 -inform DER")),
        "{commands}"
    );
}

#[test]
fn what_does_not_come_is_a_note_and_changes_nothing() {
    let server = Server::start();
    let pki = mesh(&server);
    let mut window = run_with(&pki, &["issuer"]);
    look_at(&mut window, Side::Client);
    allow(&mut window, &server, "Fetch and run", Kind::List, "orders");
    wait(&mut window, "the answer", |app| {
        app.state()
            .notes
            .iter()
            .any(|note| note.text.contains("the status 404"))
    });
    assert!(
        window
            .state()
            .state()
            .lab
            .setup
            .sides
            .server
            .policy
            .revocation
            .is_empty()
    );
    // One that never answers is waited for no longer than the user wants.
    server.put("/issuer.crl", At::Silence);
    allow(&mut window, &server, "Fetch and run", Kind::List, "orders");
    wait(&mut window, "the asking", |_| server.asked().len() == 2);
    window
        .get_by_label("Stop asking for the revocation list about orders")
        .click();
    window.run_steps(3);
    window.get_by_label("Fetch and run: the revocation list about orders");
}
