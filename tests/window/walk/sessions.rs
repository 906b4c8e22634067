//! Recorded handshakes, walked through: every tab with all that folds open, and every row of the ladder selected.

use egui_kittest::Harness;
use mtlscope::state::{
    Command, DocumentCommand, FoldCommand, InspectorTab, Section, Selection, SettingsCommand, ThemeChoice,
    ViewCommand,
};
use mtlscope::ui::App;

use super::heard::Walk;
use super::told::{judged, rest, tell};
use crate::support::window::{open, session, wait};

/// High enough for most of a panel: what is scrolled away is not drawn.
const TALL: [f32; 2] = [1440.0, 1700.0];

fn unfold_all(window: &mut Harness<'_, App>) {
    for section in Section::ALL {
        if !window.state().state().folds.is_open(section) {
            tell(window, Command::Fold(FoldCommand::Toggle(section)));
        }
    }
}

/// Opens one after the other in one window.
fn walk(names: &[&str], golden: &str) {
    let mut window = open(TALL, 1.0, vec![session(names[0])]);
    tell(&mut window, Command::Settings(SettingsCommand::Greeted));
    judged(&mut window);
    unfold_all(&mut window);
    let mut walk = Walk::default();
    for name in names {
        let path = session(name);
        tell(
            &mut window,
            Command::Document(DocumentCommand::OpenSessionFile(path.clone())),
        );
        wait(&mut window, "the session", |app| {
            app.state()
                .document()
                .is_some_and(|document| document.path.as_ref() == Some(&path))
        });
        for note in window
            .state()
            .state()
            .notes
            .iter()
            .map(|note| note.id)
            .collect::<Vec<_>>()
        {
            tell(
                &mut window,
                Command::Window(mtlscope::state::WindowCommand::DismissNote(note)),
            );
        }
        rest(&mut window);
        for tab in InspectorTab::ALL {
            tell(&mut window, Command::View(ViewCommand::ShowTab(tab)));
            walk.screen(&format!("{name} {tab:?}"), &window);
        }
        let rows = window
            .state()
            .state()
            .analysis()
            .expect("an analysis")
            .story
            .rows
            .len();
        for row in 0..rows {
            tell(
                &mut window,
                Command::View(ViewCommand::Select(Selection::Step(row))),
            );
            walk.screen(&format!("{name} row {row}"), &window);
        }
        tell(&mut window, Command::Document(DocumentCommand::CloseHere));
    }
    walk.holds(golden);
}

#[test]
fn handshakes_that_succeed() {
    walk(
        &[
            "good-tls13",
            "good-tls12",
            "good-spiffe",
            "hello-retry-request",
            "crl-stale-accepted",
            "cross-signed",
        ],
        "succeed",
    );
}

#[test]
fn handshakes_that_fail_by_their_certificates() {
    walk(
        &[
            "root-rotated",
            "everything-wrong",
            "client-missing-intermediate",
            "revoked",
            "expired-twin",
            "malformed",
        ],
        "certificates",
    );
}

#[test]
fn handshakes_that_fail_by_what_is_offered() {
    walk(
        &[
            "client-no-certificate",
            "client-auth-declined",
            "alpn-mismatch",
            "sni-rejected",
            "no-common-version",
            "key-mismatch",
        ],
        "offered",
    );
}

#[test]
fn handshakes_that_fail_on_the_wire() {
    walk(
        &[
            "plain-http",
            "tampered",
            "truncated",
            "stalled",
            "go-withholds",
            "unexpected-message",
        ],
        "wire",
    );
}

/// What is shown half-way through a step, at each of its phases, in each theme.
#[test]
fn steps_that_are_under_way() {
    let mut walk = Walk::default();
    for (name, theme) in [
        ("good-tls13", ThemeChoice::Dark),
        ("root-rotated", ThemeChoice::Light),
        ("client-no-certificate", ThemeChoice::Projector),
    ] {
        let mut window = open([1440.0, 900.0], 1.0, vec![session(name)]);
        tell(&mut window, Command::Settings(SettingsCommand::Greeted));
        judged(&mut window);
        tell(&mut window, Command::Settings(SettingsCommand::SetTheme(theme)));
        rest(&mut window);
        let steps = window.state().state().playback.steps();
        for step in 0..steps {
            for part in [0.0, 0.3, 0.7] {
                tell(&mut window, Command::View(ViewCommand::Seek(step as f32 + part)));
                walk.screen(&format!("{name} at {step} and {part}"), &window);
            }
        }
    }
    walk.holds("under_way");
}
