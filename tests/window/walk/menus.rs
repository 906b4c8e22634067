//! Every menu and every choice of the bar and of the set-up: what it offers, and what each does.

use egui::Key;
use egui_kittest::Harness;
use mtlscope::capture::Side;
use mtlscope::setup::TlsVersion;
use mtlscope::state::{
    Command, Fit, PanelCommand, PanelSide, SettingsCommand, SetupSlot, ViewCommand, WindowCommand,
};
use mtlscope::ui::App;

use super::heard::Walk;
use super::told::{
    click, click_at, click_secondary, did, drag, focus, place, press, rest, rest_on, tell, type_text, uncover,
};
use crate::support::window::{open, session, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];

/// A recorded handshake is on the stage, the built-in identities stand beside it and their dots are judged.
fn opened(size: [f32; 2]) -> Harness<'static, App> {
    let mut window = open(size, 1.0, vec![session("good-tls13")]);
    tell(&mut window, Command::Settings(SettingsCommand::Greeted));
    wait(&mut window, "the dots", |app| {
        let setup = &app.state().lab.setup;
        setup.slots().all(|(.., slot)| slot.fit == Fit::Good)
    });
    uncover(&mut window);
    rest(&mut window);
    window
}

/// Each of these items of a menu is taken once; between them nothing lies over the panels.
fn items(walk: &mut Walk, window: &mut Harness<'_, App>, opener: &dyn Fn(&App) -> String, items: &[&[&str]]) {
    let label = opener(window.state());
    did(walk, window, &format!("opens {label}"), |window| {
        click(window, &label)
    });
    press(window, Key::Escape);
    for path in items {
        uncover(window);
        let label = opener(window.state());
        click(window, &label);
        let (last, before) = path.split_last().expect("an item");
        for item in before {
            click(window, item);
        }
        did(
            walk,
            window,
            &format!("{label} > {}", path.join(" > ")),
            |window| click(window, last),
        );
    }
    uncover(window);
}

#[test]
fn the_menus_of_the_bar() {
    let mut window = opened(USUAL);
    let mut walk = Walk::default();
    items(
        &mut walk,
        &mut window,
        &|_| "Settings".to_owned(),
        &[
            &["Light"],
            &["Dark"],
            &["Run again after a change"],
            &["Run again after a change"],
            &["Ask other stacks after each run"],
            &["Reduce motion"],
            &["Reduce motion"],
        ],
    );
    items(
        &mut walk,
        &mut window,
        &|_| "Open".to_owned(),
        &[&["Open a session or packets…"], &["good-tls13.ron"]],
    );
    items(
        &mut walk,
        &mut window,
        &|app| format!("Speed {} steps a second", app.state().playback.speed()),
        &[
            &["4× · 4 steps a second"],
            &["0.25× · 0.25 steps a second"],
            &["1× · 1 steps a second"],
        ],
    );
    for label in ["Save", "Paste an error", "Keys and help (?)", "Scenarios"] {
        did(&mut walk, &mut window, label, |window| click(window, label));
        did(&mut walk, &mut window, "Escape", |window| {
            press(window, Key::Escape)
        });
        uncover(&mut window);
    }
    walk.holds("menus_of_the_bar");
}

#[test]
fn what_has_no_room_in_the_bar() {
    let mut walk = Walk::default();
    for width in [1180.0, 1000.0, 860.0, 700.0, 600.0] {
        let mut window = opened([width, 700.0]);
        walk.screen(&format!("{width} wide"), &window);
        uncover(&mut window);
        let has_more = super::heard::heard(&window)
            .iter()
            .any(|line| line.contains("\"More\""));
        if has_more {
            did(&mut walk, &mut window, "More", |window| click(window, "More"));
            press(&mut window, Key::Escape);
            click(&mut window, "More");
            did(&mut walk, &mut window, "More > Paste an error", |window| {
                click(window, "Paste an error")
            });
        }
    }
    walk.holds("narrow_bar");
}

#[test]
fn the_choices_of_the_set_up() {
    let mut window = opened([1440.0, 1300.0]);
    let mut walk = Walk::default();
    let state = |app: &App| app.state().lab.setup.clone();
    items(
        &mut walk,
        &mut window,
        &|app| {
            let word = format!("{:?}", app.state().lab.setup.client_auth).to_lowercase();
            format!("Client auth: {word}")
        },
        &[&["optional"], &["none"], &["required"]],
    );
    items(
        &mut walk,
        &mut window,
        &|app| {
            let versions = state(app).sides.client.policy.versions;
            let word = match versions.as_slice() {
                [TlsVersion::Tls13] => "1.3",
                [TlsVersion::Tls12] => "1.2",
                _ => "1.3, 1.2",
            };
            format!("TLS versions: {word}")
        },
        &[&["1.3"], &["1.2"], &["1.3, 1.2"]],
    );
    let names = |what: &'static str, all: &[String]| match all {
        [] => format!("{what}: default"),
        [one] => format!("{what}: {one}"),
        [first, rest @ ..] => format!("{what}: {first} +{}", rest.len()),
    };
    items(
        &mut walk,
        &mut window,
        &|app| names("Cipher suites", &state(app).sides.client.policy.cipher_suites),
        &[
            &["TLS_AES_128_GCM_SHA256"],
            &["TLS_AES_256_GCM_SHA384"],
            &["TLS_AES_128_GCM_SHA256"],
            &["default"],
        ],
    );
    items(
        &mut walk,
        &mut window,
        &|app| names("Groups", &state(app).sides.client.policy.groups),
        &[&["secp256r1"], &["x25519"], &["default"]],
    );
    walk.holds("choices");
}

/// The opener of the clock's choices, by the time that it shows.
fn time(app: &App) -> String {
    let clock = app.state().lab.setup.sides.client.policy.clock_unix_s;
    let here = clock.map_or_else(|| "now".to_owned(), mtlscope::state::time_words);
    format!("The time is: {here}")
}

#[test]
fn another_time_and_another_wire() {
    let mut window = opened([1440.0, 1300.0]);
    let mut walk = Walk::default();
    items(
        &mut walk,
        &mut window,
        &time,
        &[
            &["in a day"],
            &["in 90 days"],
            &["in 2 years"],
            &["a day ago"],
            &["now"],
        ],
    );
    // Typed: nonsense is said and kept, a moment is taken.
    for (text, key) in [("tomorrow", Key::Enter), ("2027-01-31T12:00:00Z", Key::Enter)] {
        let label = time(window.state());
        click(&mut window, &label);
        focus(&mut window, "Exact time");
        did(&mut walk, &mut window, &format!("{text:?}"), |window| {
            type_text(window, text)
        });
        did(&mut walk, &mut window, "Enter", |window| press(window, key));
        // The field keeps its text: it is taken out again.
        for _ in 0..text.len() {
            window.key_press(Key::Backspace);
        }
        press(&mut window, Key::Escape);
        uncover(&mut window);
    }
    let wire = |app: &App| {
        let fault = app.state().lab.setup.fault;
        let lines = super::told::fault_words(fault);
        format!("On the wire: {lines}")
    };
    items(
        &mut walk,
        &mut window,
        &wire,
        &[
            &["answer in HTTP"],
            &["the client hangs up"],
            &["the server hangs up"],
            &["flip a bit", "the client’s …", "record 1"],
            &["drop", "the server’s …", "record 8"],
            &["repeat", "the client’s …", "record 2"],
            &["cut short", "the server’s …", "record 3"],
            &["stall", "the server’s …", "record 1"],
            &["no fault"],
        ],
    );
    let button = "Time machine (Ctrl+T)";
    did(&mut walk, &mut window, button, |window| click(window, button));
    did(&mut walk, &mut window, button, |window| click(window, button));
    walk.holds("time_and_wire");
}

#[test]
fn the_fields_of_the_set_up() {
    let mut window = opened([1440.0, 1300.0]);
    let mut walk = Walk::default();
    for (field, text) in [("Server name", " .example "), ("ALPN", "h2, http/1.1 ≠ x")] {
        focus(&mut window, field);
        did(&mut walk, &mut window, &format!("{field}: {text:?}"), |window| {
            type_text(window, text)
        });
        press(&mut window, Key::Escape);
    }
    walk.holds("fields");
}

#[test]
fn a_slot_s_own_menu_and_keys() {
    let mut window = opened([1440.0, 1300.0]);
    let mut walk = Walk::default();
    let label = |app: &App, side: Side, slot: SetupSlot| {
        let content = app.state().lab.setup.slot(side, slot);
        let word = match slot {
            SetupSlot::Certificate => "cert",
            SetupSlot::Key => "key",
            SetupSlot::Trust => "trusts",
        };
        let dot = match &content.fit {
            Fit::Good => "fits",
            Fit::Bad(why) => why,
            Fit::Unknown => "not judged",
        };
        format!("{} {word}: {}, {dot}", side.word(), content.label)
    };
    let judged = |window: &mut Harness<'_, App>| {
        // The dots come when they come: what is heard is noted once they are there.
        tell(window, Command::View(ViewCommand::Last));
        wait(window, "the dots", |app| {
            let own = |side| &app.state().lab.setup.sides.of(side).trust.fit;
            Side::BOTH.into_iter().any(|side| *own(side) != Fit::Unknown)
        });
    };
    for slot in SetupSlot::ALL {
        let here = label(window.state(), Side::Client, slot);
        did(
            &mut walk,
            &mut window,
            &format!("the other button on {slot:?}"),
            |window| click_secondary(window, &here),
        );
        did(&mut walk, &mut window, "Choose a file…", |window| {
            click(window, "Choose a file…")
        });
        uncover(&mut window);
        did(
            &mut walk,
            &mut window,
            &format!("a click on {slot:?}"),
            |window| click(window, &here),
        );
        uncover(&mut window);
        rest_on(&mut walk, &mut window, &here, 60);
        window.event(egui::Event::PointerMoved(egui::pos2(2.0, 2.0)));
        window.run_steps(3);
    }
    let here = label(window.state(), Side::Server, SetupSlot::Trust);
    click_secondary(&mut window, &here);
    did(&mut walk, &mut window, "Add a revocation list…", |window| {
        click(window, "Add a revocation list…")
    });
    uncover(&mut window);
    for (slot, words) in [
        (SetupSlot::Key, "Take the key away"),
        (SetupSlot::Certificate, "Send no certificate"),
        (SetupSlot::Trust, "Trust nobody"),
    ] {
        let here = label(window.state(), Side::Client, slot);
        click_secondary(&mut window, &here);
        click(&mut window, words);
        assert!(
            window
                .state()
                .state()
                .lab
                .setup
                .slot(Side::Client, slot)
                .is_empty(),
            "{words}"
        );
        judged(&mut window);
        uncover(&mut window);
    }
    // By the keyboard as well, and nothing is taken from a slot that has not got it.
    let here = label(window.state(), Side::Server, SetupSlot::Trust);
    press(&mut window, Key::Delete);
    assert!(!window.state().state().lab.setup.sides.server.trust.is_empty());
    focus(&mut window, &here);
    press(&mut window, Key::Delete);
    assert!(window.state().state().lab.setup.sides.server.trust.is_empty());
    assert!(
        !window
            .state()
            .state()
            .lab
            .setup
            .sides
            .server
            .certificate
            .is_empty()
    );
    walk.holds("slots");
}

#[test]
fn the_playhead_by_buttons_rail_and_keys() {
    let mut window = opened(USUAL);
    let mut walk = Walk::default();
    let rail = |window: &Harness<'_, App>| {
        let state = window.state().state();
        let label = format!(
            "Playhead at step {} of {}",
            state.visible_steps(),
            state.playback.steps()
        );
        place(window, &label)
    };
    for label in [
        "To the beginning",
        "One step forward",
        "One step forward",
        "One step back",
        "To the end",
    ] {
        did(&mut walk, &mut window, label, |window| click(window, label));
    }
    let steps = window.state().state().playback.steps() as f32;
    for part in [0.0, 0.3, 0.55, 1.0] {
        let rect = rail(&window);
        let at = egui::pos2(
            egui::lerp(rect.left() + 0.5..=rect.right() - 0.5, part),
            rect.center().y,
        );
        did(&mut walk, &mut window, &format!("a click at {part}"), |window| {
            click_at(window, at)
        });
    }
    // A drag moves freely, and no further than the ends.
    let rect = rail(&window);
    let from = rect.center();
    for (to, wanted) in [
        (rect.left() - 200.0, 0.0),
        (rect.right() + 200.0, steps),
        (rect.center().x, steps / 2.0),
    ] {
        drag(&mut window, from, egui::pos2(to, from.y));
        let position = window.state().state().playback.position();
        assert!((position - wanted).abs() < 0.01, "{position} for {wanted}");
        walk.screen(&format!("dragged to {wanted}"), &window);
    }
    walk.holds("playhead");
}

#[test]
fn panels_fold_and_come_back() {
    let mut window = opened(USUAL);
    let mut walk = Walk::default();
    for side in [PanelSide::Left, PanelSide::Right] {
        for _ in 0..2 {
            tell(&mut window, Command::Panels(PanelCommand::Toggle(side)));
            window.run_steps(20);
            walk.screen(&format!("{side:?} toggled"), &window);
        }
    }
    walk.holds("panels");
}

#[test]
fn the_gallery_by_filter_and_keys() {
    let mut window = opened(USUAL);
    let mut walk = Walk::default();
    tell(&mut window, Command::Window(WindowCommand::ShowGallery(true)));
    walk.screen("gallery", &window);
    let filter = "Show scenarios that speak of this";
    // Nothing speaks of it; of several Enter chooses none; of one alone it chooses that.
    for (text, is_chosen) in [
        ("zzz", false),
        ("root", false),
        ("root rotated one side only", true),
    ] {
        tell(
            &mut window,
            Command::Window(WindowCommand::FilterGallery(String::new())),
        );
        focus(&mut window, filter);
        type_text(&mut window, text);
        if !is_chosen {
            walk.screen(&format!("{text:?}"), &window);
        }
        press(&mut window, Key::Enter);
        assert_eq!(window.state().state().dialogs.gallery, !is_chosen, "{text}");
    }
    wait(&mut window, "the scenario", |app| {
        app.state().lab.scenario.as_deref() == Some("root-rotated") && !app.state().is_running()
    });
    // The one that is here is marked.
    tell(&mut window, Command::Window(WindowCommand::ShowGallery(true)));
    let marked: Vec<String> = super::heard::heard(&window)
        .into_iter()
        .filter(|line| line.starts_with("Button") && line.ends_with(" on"))
        .collect();
    assert_eq!(marked.len(), 1, "{marked:?}");
    press(&mut window, Key::Escape);
    assert!(!window.state().state().dialogs.gallery);
    walk.holds("gallery");
}
