//! Every menu and every choice of the bar and of the set-up: what it offers, and what each does.

use egui::Key;
use egui_kittest::Harness;
use mtlscope::setup::TlsVersion;
use mtlscope::state::{Command, SettingsCommand};
use mtlscope::ui::App;

use super::heard::Walk;
use super::told::{click, did, focus, judged, press, rest, tell, type_text, uncover};
use crate::support::window::{open, session, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];

/// A recorded handshake is on the stage, the built-in identities stand beside it and their dots are judged.
pub fn opened(size: [f32; 2]) -> Harness<'static, App> {
    let mut window = open(size, 1.0, vec![session("good-tls13")]);
    tell(&mut window, Command::Settings(SettingsCommand::Greeted));
    judged(&mut window);
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
    did(&mut walk, &mut window, button, |window| {
        click(window, button);
        // The worker needs its time for the line.
        wait(window, "the line", |app| app.state().time.line.is_some());
    });
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
