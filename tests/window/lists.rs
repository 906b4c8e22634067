//! Revocation lists in the window: whose they are, their dot, how one is chosen and taken away.

use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::Side;
use mtlscope::pki::{ListRecipe, RevocationListFacts, mint_list};
use mtlscope::state::{Command, FileCommand, Fit, LabCommand, SetupSlot, Source};
use mtlscope::ui::App;
use support::pem::{identity, pem};
use support::window::{open, send, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];

fn source(app: &App, side: Side, slot: SetupSlot) -> Source {
    app.state().lab.setup.slot(side, slot).source.clone()
}

#[test]
fn a_revocation_list_goes_to_who_judges_by_it_and_can_be_taken_away() {
    let pki = support::window::minted(support::pki::USUAL);
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("issuer.crl");
    let write = |revokes: &str| {
        let recipe: ListRecipe =
            ron::from_str(&format!("(issuer: \"issuer\", revokes: [{revokes}])")).expect("a list");
        let list = mint_list(&recipe, &pki, support::window::NOW_UNIX_S).expect("minted");
        std::fs::write(&path, pem("X509 CRL", &list.der)).expect("written");
    };
    write("(\"client\", \"keyCompromise\", -2)");
    let mut window = open(USUAL, 1.0, Vec::new());
    for text in [
        identity(&pki, &["server", "issuer"]),
        identity(&pki, &["client", "issuer"]),
    ] {
        send(&mut window, Command::Lab(LabCommand::Paste(text, None)));
    }
    wait(&mut window, "both", |app| {
        Side::BOTH
            .iter()
            .all(|side| source(app, *side, SetupSlot::Key) == Source::Pasted)
    });
    // On a slot of the server's: its list.
    let target = Some((Side::Server, SetupSlot::Trust));
    send(
        &mut window,
        Command::Lab(LabCommand::LoadDropped(vec![path.clone()], target)),
    );
    wait(&mut window, "the list", |app| {
        app.state().lab.setup.sides.server.policy.revocation.lists.len() == 1
    });
    assert!(
        window
            .state()
            .state()
            .lab
            .setup
            .sides
            .client
            .policy
            .revocation
            .is_empty()
    );
    wait(&mut window, "how long it lasts", |app| {
        app.state().lab.setup.sides.server.lists_seen.span.is_some()
    });
    window.get_by_label_contains("server lists: 1 · 23 h left");
    // The same file twice is one list, and with no slot named it goes to both, who both judge a chain of this issuer.
    send(
        &mut window,
        Command::Lab(LabCommand::LoadDropped(vec![path.clone()], None)),
    );
    wait(&mut window, "the client's list", |app| {
        app.state().lab.setup.sides.client.policy.revocation.lists.len() == 1
    });
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
    // Read again at every run, and by the lab's own stacks.
    write("");
    send(
        &mut window,
        Command::Lab(LabCommand::Paste(
            pem("CERTIFICATE", &pki.find("root").expect("minted").certificate.der),
            Some((Side::Server, SetupSlot::Trust)),
        )),
    );
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the run", |app| !app.state().is_running());
    let analysis = window.state().state().analysis().expect("an analysis").clone();
    let lists = &analysis
        .capture
        .sides
        .server
        .trust
        .as_ref()
        .expect("it judges")
        .revocation
        .lists;
    let facts = RevocationListFacts::from_der(lists[0].der.as_bytes()).expect("readable");
    assert!(facts.entries.is_empty(), "the file as it is now");
    window
        .get_by_label("The server judges by no revocation list")
        .click();
    window.run_steps(3);
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
}

/// The dot of the lists: by rustls's own verdict on the peer's chain, with a sentence where they are no good.
#[test]
fn the_lists_dot_says_what_is_wrong_with_them() {
    let pki = support::window::minted(support::pki::USUAL);
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, recipe: &str| {
        let recipe: ListRecipe = ron::from_str(recipe).expect("a list");
        let list = mint_list(&recipe, &pki, support::window::NOW_UNIX_S).expect("minted");
        let path = directory.path().join(name);
        std::fs::write(&path, &list.der).expect("written");
        path
    };
    let mut window = open(USUAL, 1.0, Vec::new());
    let trust = pem("CERTIFICATE", &pki.find("root").expect("minted").certificate.der);
    for (text, target) in [
        (identity(&pki, &["server", "issuer"]), None),
        (identity(&pki, &["client", "issuer"]), None),
        (trust, Some((Side::Server, SetupSlot::Trust))),
    ] {
        send(&mut window, Command::Lab(LabCommand::Paste(text, target)));
    }
    wait(&mut window, "all three", |app| {
        source(app, Side::Server, SetupSlot::Trust) == Source::Pasted
            && source(app, Side::Client, SetupSlot::Key) == Source::Pasted
    });
    let seen = |app: &App| app.state().lab.setup.sides.server.lists_seen.fit.clone();
    let drop = |window: &mut Harness<'_, App>, path: &std::path::Path| {
        let target = Some((Side::Server, SetupSlot::Trust));
        send(
            window,
            Command::Lab(LabCommand::LoadDropped(vec![path.to_path_buf()], target)),
        );
    };
    // By a CA that issued nothing here.
    let other = write("other.crl", "(issuer: \"other\")");
    drop(&mut window, &other);
    wait(
        &mut window,
        "a list of another CA",
        |app| matches!(seen(app), Fit::Bad(why) if why.contains("by Other Root")),
    );
    window.get_by_label_contains("server lists: 1");
    // The issuer's is there, the root's is not: nobody speaks of the intermediate.
    let issuer = write("issuer.crl", "(issuer: \"issuer\")");
    drop(&mut window, &issuer);
    wait(
        &mut window,
        "a list that does not speak of all",
        |app| matches!(seen(app), Fit::Bad(why) if why.contains("speaks of all")),
    );
    let root = write("root.crl", "(issuer: \"root\")");
    drop(&mut window, &root);
    wait(&mut window, "all lists", |app| seen(app) == Fit::Good);
    // A list that withdraws the client does its work.
    write(
        "issuer.crl",
        "(issuer: \"issuer\", revokes: [(\"client\", \"keyCompromise\", -2)])",
    );
    drop(&mut window, &issuer);
    wait(
        &mut window,
        "the client's dot",
        |app| matches!(&app.state().lab.setup.slot(Side::Client, SetupSlot::Certificate).fit, Fit::Bad(why) if why.contains("revoked")),
    );
    assert_eq!(seen(window.state()), Fit::Good);
    for (recipe, words) in [
        (
            "(issuer: \"issuer\", this_hours: -48, next_hours: -24)",
            "rustls goes by it, others refuse it",
        ),
        (
            "(issuer: \"issuer\", signed_by: Some(\"other\"))",
            "cannot be relied on",
        ),
    ] {
        write("issuer.crl", recipe);
        drop(&mut window, &issuer);
        wait(
            &mut window,
            words,
            |app| matches!(seen(app), Fit::Bad(why) if why.contains(words)),
        );
    }
    // Chosen for the client, by the trust slot's menu: no list is put into any slot, and a certificate is no list.
    let ca = directory.path().join("ca.pem");
    std::fs::write(
        &ca,
        pem("CERTIFICATE", &pki.find("other").expect("minted").certificate.der),
    )
    .expect("written");
    for path in [&ca, &root] {
        send(&mut window, Command::File(FileCommand::ChooseLists(Side::Client)));
        send(&mut window, Command::File(FileCommand::UseOwnPicker));
        send(&mut window, Command::File(FileCommand::PickerTake(path.clone())));
        if path == &ca {
            wait(&mut window, "the refusal", |app| {
                let mut notes = app.state().notes.iter();
                notes.any(|note| note.text.contains("ca.pem: it holds no revocation list"))
            });
        }
    }
    wait(&mut window, "the client's list", |app| {
        app.state().lab.setup.sides.client.policy.revocation.lists.len() == 1
    });
    assert_ne!(
        source(window.state(), Side::Client, SetupSlot::Trust),
        Source::File(ca.clone())
    );
    // A run reads the files again, and the dot follows what they hold now.
    write("issuer.crl", "(issuer: \"issuer\")");
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the run", |app| !app.state().is_running());
    wait(&mut window, "the mended list", |app| seen(app) == Fit::Good);
}
