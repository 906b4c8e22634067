//! What lies over the panels and over the stage, used by its buttons, fields and keys.

use std::path::PathBuf;

use egui::Key;
use egui_kittest::Harness;
use mtlscope::capture::Side;
use mtlscope::setup::{Limits, TlsVersion};
use mtlscope::state::{
    Command, Done, LabDone, PacketCommand, PastedCommand, Phase, Placement, Question, SavingCommand,
    SetupSlot, Slot, Sorted,
};
use mtlscope::ui::{App, Options};

use super::heard::Walk;
use super::told::{click, did, focus, judged, press, rest, rest_on, tell, type_text, uncover};
use crate::dialogs::{in_a_directory, own_picker};
use crate::packets::morning;
use crate::support::window::{NOW_UNIX_S, open, open_drawn_every, open_with, session, take, wait};
use mtlscope::state::{DocumentCommand, FileCommand, SettingsCommand, ViewCommand};

const USUAL: [f32; 2] = [1440.0, 900.0];

fn opened(files: &[&str]) -> Harness<'static, App> {
    let mut window = open(USUAL, 1.0, files.iter().map(|name| session(name)).collect());
    tell(&mut window, Command::Settings(SettingsCommand::Greeted));
    judged(&mut window);
    rest(&mut window);
    window
}

fn picker(window: &Harness<'_, App>) -> Option<(PathBuf, String, String, usize)> {
    let picker = window.state().state().dialogs.picker.as_ref()?;
    Some((
        picker.directory.clone(),
        picker.filter.clone(),
        picker.path_text.clone(),
        picker.shown().count(),
    ))
}

#[test]
fn our_picker_by_buttons_fields_and_keys() {
    let mut window = opened(&["root-rotated"]);
    let mut walk = Walk::default();
    let choose = || Command::File(FileCommand::ChooseFile(Side::Client, SetupSlot::Key));
    let begin = |window: &mut Harness<'_, App>| {
        own_picker(window, choose());
        in_a_directory(window);
    };
    begin(&mut window);
    walk.screen("a directory", &window);
    for (text, left) in [("ORDERS", 3), (".key", 1), ("zzz", 0)] {
        focus(&mut window, "Filter");
        type_text(&mut window, text);
        assert_eq!(
            picker(&window).map(|one| (one.1, one.3)),
            Some((text.to_owned(), left))
        );
        walk.screen(&format!("filtered by {text:?}"), &window);
        // Enter takes the only one; of several or none it takes nothing.
        press(&mut window, Key::Enter);
        assert_eq!(picker(&window).is_none(), left == 1, "{text}");
        if left == 1 {
            begin(&mut window);
        }
        tell(
            &mut window,
            Command::File(FileCommand::PickerFilter(String::new())),
        );
    }
    // A row that has the keyboard is marked.
    focus(&mut window, "archive");
    walk.screen("archive has the keyboard", &window);
    rest_on(&mut walk, &mut window, "orders.key", 60);
    // Up, and into a directory.
    let here = picker(&window).expect("it is open").0;
    {
        click(&mut window, "Parent directory");
        wait(&mut window, "the directory above", |app| {
            let picker = app.state().dialogs.picker.as_ref();
            picker.is_some_and(|picker| {
                Some(picker.directory.as_path()) != here.parent() && picker.error.is_some()
            })
        });
    }
    // Escape and the cross close it.
    press(&mut window, Key::Escape);
    assert_eq!(picker(&window), None);
    begin(&mut window);
    click(&mut window, "Close");
    assert_eq!(picker(&window), None);
    // A path is typed and opened.
    begin(&mut window);
    type_text(&mut window, "orders.key");
    assert_eq!(
        picker(&window).map(|one| one.2).as_deref(),
        Some("orders.key"),
        "it has the keyboard at once"
    );
    walk.screen("a path", &window);
    click(&mut window, "Open");
    uncover(&mut window);
    assert_eq!(picker(&window), None);
    // One that would be replaced, with its ending or without.
    for (text, word) in [
        ("new", "Save here"),
        ("failed-at-night", "Replace"),
        ("orders.key", "Replace"),
        ("archive.x", "Save here"),
    ] {
        tell(&mut window, Command::Saving(SavingCommand::Ask));
        own_picker(&mut window, Command::Saving(SavingCommand::ChoosePlace));
        in_a_directory(&mut window);
        tell(
            &mut window,
            Command::File(FileCommand::PickerType(text.to_owned())),
        );
        let lines = super::heard::heard(&window);
        assert!(
            lines
                .iter()
                .any(|line| line.contains(&format!("Button {word:?}"))),
            "{text}: {word}"
        );
        uncover(&mut window);
    }
    walk.holds("picker");
}

/// What stands there before anything has run, and after nothing could.
#[test]
fn questions_and_offers() {
    let mut window = opened(&[]);
    let mut walk = Walk::default();
    let ask = |window: &mut Harness<'_, App>| {
        let placement = Placement {
            side: Side::Client,
            slot: SetupSlot::Trust,
            content: Slot::empty(SetupSlot::Trust),
        };
        let question = Question {
            title: "Whose is orders.pem?".to_owned(),
            detail: "It may be used on either side.".to_owned(),
            answers: vec![
                ("The client’s".to_owned(), vec![placement]),
                ("The server’s".to_owned(), Vec::new()),
            ],
        };
        let sorted = vec![Sorted::Ask(Box::new(question))];
        take(window, Done::Lab(LabDone::Read { sorted, target: None }));
    };
    for label in ["Neither", "The server’s"] {
        ask(&mut window);
        did(&mut walk, &mut window, label, |window| click(window, label));
    }
    ask(&mut window);
    did(&mut walk, &mut window, "Escape", |window| {
        press(window, Key::Escape)
    });
    // Limits are told and lifted; where the sides differ, both are told.
    for side in Side::BOTH {
        let scenario = mtlscope::scenario::find("good-tls13").expect("a scenario");
        let mut setup = scenario.setup(NOW_UNIX_S).expect("it mints");
        setup.parties.of_mut(side).policy.limits = Limits {
            server_names: vec!["a.example".to_owned(), "b.example".to_owned()],
            verify_schemes: vec!["ed25519".to_owned()],
            sign_schemes: vec!["rsa_pkcs1_sha256".to_owned(), "ed25519".to_owned()],
            expected_peer: Some("spiffe://shop.example/orders".to_owned()),
        };
        setup.parties.client.policy.alpn = vec!["h2".to_owned()];
        setup.parties.server.policy.groups = vec!["x25519".to_owned()];
        setup.parties.client.policy.versions = vec![TlsVersion::Tls12];
        setup.parties.server.policy.cipher_suites = vec!["TLS_AES_128_GCM_SHA256".to_owned()];
        let options = Options {
            setup: Some(Box::new(setup)),
            files: vec![session("good-tls13")],
            ..Options::default()
        };
        let mut window = open_with(options, 1.0 / 60.0, [1440.0, 1200.0], 1.0);
        tell(&mut window, Command::Settings(SettingsCommand::Greeted));
        let is_of_policy = |line: &String| {
            line.starts_with("ComboBox") || line.starts_with("TextInput") || line.contains(side.word())
        };
        for line in super::heard::heard(&window)
            .iter()
            .filter(|line| is_of_policy(line))
        {
            if !line.contains(", not judged") && !line.contains(": ") || line.starts_with("Combo") {
                walk.note(&format!("  {line}"));
            }
        }
        let lift = format!("Lift the {}'s limits", side.word());
        did(&mut walk, &mut window, &lift, |window| click(window, &lift));
    }
    walk.holds("questions");
}

#[test]
fn words_of_a_session_are_changed_saved_and_left() {
    let mut window = opened(&["root-rotated"]);
    let mut walk = Walk::default();
    tell(
        &mut window,
        Command::Saving(SavingCommand::Annotate("seen at night".to_owned())),
    );
    walk.screen("unsaved", &window);
    for label in ["Change title and notes", "Done"] {
        did(&mut walk, &mut window, label, |window| click(window, label));
    }
    click(&mut window, "Change title and notes");
    focus(&mut window, "Title");
    did(&mut walk, &mut window, "typed", |window| type_text(window, "!"));
    focus(&mut window, "Notes");
    did(&mut walk, &mut window, "typed", |window| type_text(window, "?"));
    click(&mut window, "Done");
    // Saved by the link; left with words unsaved.
    let save = |window: &mut Harness<'_, App>| tell(window, Command::Saving(SavingCommand::Ask));
    save(&mut window);
    walk.screen("the dialog", &window);
    for label in ["Leave the secrets out", "Leave the secrets out", "Cancel"] {
        did(&mut walk, &mut window, label, |window| click(window, label));
    }
    for label in ["Go on", "Discard"] {
        tell(&mut window, Command::Saving(SavingCommand::CloseWindow));
        if label == "Go on" {
            walk.screen("leaving", &window);
        }
        did(&mut walk, &mut window, label, |window| click(window, label));
    }
    walk.holds("saving");
}

#[test]
fn an_error_is_pasted_and_taken_away_again() {
    let mut window = opened(&["client-missing-intermediate"]);
    let mut walk = Walk::default();
    tell(&mut window, Command::Pasted(PastedCommand::ShowPasteBox(true)));
    for text in [
        "tlsv1 alert unknown ca:SSL alert number 48",
        "x509: certificate has expired or is not yet valid",
        "unable to get local issuer certificate",
        "PKIX path building failed",
        "nothing of the kind",
        "connection reset by peer",
    ] {
        tell(
            &mut window,
            Command::Pasted(PastedCommand::PasteError(text.to_owned())),
        );
        walk.screen(text, &window);
    }
    press(&mut window, Key::Escape);
    assert!(!window.state().state().dialogs.is_pasting);
    walk.holds("pasted");
}

#[test]
fn a_list_of_connections_by_buttons_and_keys() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut window = opened(&[]);
    tell(
        &mut window,
        Command::Document(DocumentCommand::OpenSessionFile(morning(directory.path(), true))),
    );
    wait(&mut window, "the list", |app| {
        let list = app.state().list();
        list.is_some_and(|list| matches!(list.phase, Phase::Ready { .. }))
    });
    uncover(&mut window);
    rest(&mut window);
    let mut walk = Walk::default();
    walk.screen("the list", &window);
    for label in ["Mutual", "Failed", "Failed", "Mutual"] {
        did(&mut walk, &mut window, label, |window| click(window, label));
    }
    for key in [
        Key::ArrowDown,
        Key::ArrowDown,
        Key::ArrowUp,
        Key::End,
        Key::Home,
        Key::PageDown,
        Key::PageUp,
    ] {
        did(&mut walk, &mut window, &format!("{key:?}"), |window| {
            press(window, key)
        });
    }
    focus(&mut window, "Show connections that contain this text");
    did(&mut walk, &mut window, "typed", |window| {
        type_text(window, "unknown_ca")
    });
    press(&mut window, Key::Escape);
    did(&mut walk, &mut window, "Choose a key log…", |window| {
        click(window, "Choose a key log…")
    });
    uncover(&mut window);
    // Each of the rows, by its place: what is on the stage then, and its neighbours.
    tell(
        &mut window,
        Command::Packets(PacketCommand::SetFilter(mtlscope::survey::Filter::default())),
    );
    for place in [0, 4, 7, 9] {
        tell(
            &mut window,
            Command::Packets(PacketCommand::OpenConnection(place)),
        );
        wait(&mut window, "the connection", |app| {
            app.state().list().is_none() && app.state().packets.lists[0].opening.is_none()
        });
        tell(&mut window, Command::View(ViewCommand::Last));
        rest(&mut window);
        walk.screen(&format!("connection {place}"), &window);
        let back = "Back to the list of connections";
        did(&mut walk, &mut window, back, |window| click(window, back));
    }
    walk.holds("list");
}

/// The built-in pair, with an answer for each of the dots: what resting on anything tells.
#[test]
fn what_a_resting_pointer_is_told() {
    // Few frames: a tip comes after half a second.
    let mut window = open_drawn_every(0.2, USUAL, 1.0, vec![session("everything-wrong")]);
    tell(&mut window, Command::Settings(SettingsCommand::Greeted));
    judged(&mut window);
    let mut walk = Walk::default();
    let labels: Vec<String> = super::heard::heard(&window)
        .iter()
        .filter_map(|line| {
            let rest = line.split_once(' ')?.1;
            let is_seen =
                line.starts_with("Button") || line.starts_with("Tab") || line.starts_with("ComboBox");
            let label = rest.strip_prefix('"')?.split('"').next()?;
            (is_seen && !label.contains('\\')).then(|| label.to_owned())
        })
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    for label in labels {
        if seen.insert(label.clone()) {
            rest_on(&mut walk, &mut window, &label, 6);
            window.event(egui::Event::PointerMoved(egui::pos2(720.0, 2.0)));
            window.run_steps(2);
        }
    }
    walk.holds("resting");
}

#[test]
fn slots_say_what_was_refused() {
    let mut window = opened(&["good-tls13"]);
    let mut walk = Walk::default();
    for slot in SetupSlot::ALL {
        let sorted = vec![Sorted::Refuse(format!(
            "a.txt: it holds nothing for {slot:?}; choose another"
        ))];
        let target = Some((Side::Server, slot));
        take(&mut window, Done::Lab(LabDone::Read { sorted, target }));
    }
    walk.screen("refused", &window);
    walk.holds("refused");
}
