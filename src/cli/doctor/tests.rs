//! What each finding says, and which of them forbid a workshop.

use std::net::TcpListener;

use super::checks::{self, Finding, Standing, WindowFound};
use super::portal::Portal;
use super::told;
use crate::cancel::Cancel;
use crate::opinion::Presence;
use crate::stack::Stack;

fn standings(findings: &[Finding]) -> Vec<(&'static str, Standing)> {
    findings.iter().map(|one| (one.what, one.standing)).collect()
}

#[test]
fn a_window_tells_display_opengl_screens_and_fonts() {
    use Standing::{Good, Note};
    let full = WindowFound {
        opengl: "4.5 Mesa\u{202e}".to_owned(),
        screens: vec![(1920, 1080), (1280, 720)],
        missing_scripts: Vec::new(),
    };
    let found = checks::window(Ok(full.clone()));
    let all = [
        ("display", Good),
        ("OpenGL", Good),
        ("screens", Good),
        ("fonts", Good),
    ];
    assert_eq!(standings(&found), all);
    assert!(!found[1].words.contains('\u{202e}'));
    assert_eq!(found[2].words, "1920×1080, 1280×720");

    let found = checks::window(Ok(WindowFound {
        opengl: String::new(),
        screens: Vec::new(),
        missing_scripts: vec!["Thai", "Korean"],
    }));
    let all = [
        ("display", Good),
        ("OpenGL", Note),
        ("screens", Note),
        ("fonts", Note),
    ];
    assert_eq!(standings(&found), all);
    assert!(found[3].words.starts_with("names in Thai, Korean would"));
}

#[test]
fn a_screen_is_large_enough_from_1280_by_720() {
    for (screens, standing, steps) in [
        (vec![(1280, 720)], Standing::Note, 1),
        (vec![(1279, 720)], Standing::Note, 2),
        (vec![(1280, 719)], Standing::Note, 2),
        (vec![(1280, 720), (1280, 720)], Standing::Good, 0),
        (vec![(1920, 1080), (1024, 768)], Standing::Note, 1),
    ] {
        let found = checks::window(Ok(WindowFound {
            screens: screens.clone(),
            ..WindowFound::default()
        }));
        assert_eq!(
            (found[2].standing, found[2].steps.len()),
            (standing, steps),
            "{screens:?}"
        );
    }
}

#[test]
fn no_window_is_missing_and_nothing_else_is_claimed() {
    let found = checks::window(Err("there is no display".to_owned()));
    assert_eq!(standings(&found), [("display", Standing::Missing)]);
    assert_eq!(found[0].words, "there is no display");
    assert_eq!(found[0].steps.len(), 1);
}

#[test]
fn a_workshop_can_do_without_the_desktops_dialog() {
    for (portal, standing, has_step) in [
        (Portal::BuiltIn, Standing::Good, false),
        (Portal::Answers(4), Standing::Good, false),
        (Portal::Silent("nobody there".to_owned()), Standing::Note, true),
    ] {
        let found = checks::file_dialog(portal);
        assert_eq!(
            (found.standing, !found.steps.is_empty()),
            (standing, has_step),
            "{}",
            found.words
        );
    }
}

#[test]
fn a_pack_is_opened_and_every_lesson_of_it_is_proven() {
    let cancel = Cancel::default();
    let folder = tempfile::tempdir().expect("a folder");
    let lesson = include_str!("../../../assets/lessons/06-my-browser.md");
    let found = || checks::pack(Some(folder.path()), &cancel);
    let nothing = found();
    assert_eq!(nothing.standing, Standing::Missing, "{}", nothing.words);
    std::fs::write(folder.path().join("one.md"), lesson).expect("a file");
    let good = found();
    assert_eq!(good.standing, Standing::Good, "{}", good.words);
    assert!(
        good.words.ends_with("one lesson, run, and it can be taught"),
        "{}",
        good.words
    );
    let other = lesson.replace("id: my-browser", "id: other");
    std::fs::write(
        folder.path().join("two.md"),
        other.replace("answer: A", "answer: C"),
    )
    .expect("a file");
    std::fs::write(folder.path().join("three.md"), "---\nno: lesson\n").expect("a file");
    let wrong = found();
    assert_eq!(wrong.standing, Standing::Missing);
    assert!(
        wrong.words.contains("three.md") && wrong.words.contains("; and "),
        "{}",
        wrong.words
    );
    let gone = checks::pack(Some(&folder.path().join("gone")), &cancel);
    assert!(
        gone.standing == Standing::Missing && gone.words.contains("gone"),
        "{}",
        gone.words
    );
}

#[test]
fn an_address_is_tried_by_listening_there() {
    let free = checks::address(([127, 0, 0, 1], 0).into());
    assert_eq!(free.standing, Standing::Good);
    assert_eq!(
        free.words,
        "a port of 127.0.0.1 is free; only this machine can reach it"
    );
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = checks::address(listener.local_addr().expect("an address"));
    assert_eq!(
        (taken.standing, taken.steps.len()),
        (Standing::Missing, 1),
        "{}",
        taken.words
    );
    let all = checks::address(([0, 0, 0, 0], 0).into());
    assert_eq!(
        all.words,
        "a port of 0.0.0.0 is free; everyone in that network can reach it"
    );
    // Of documentation (RFC 5737): no machine has it.
    assert_eq!(
        checks::address(([192, 0, 2, 1], 80).into()).standing,
        Standing::Missing
    );
}

#[test]
fn stacks_that_are_absent_are_named_with_their_packages() {
    let here = |stack, version: &str| {
        let (program, version) = ("/bin/x".into(), version.to_owned());
        (stack, Presence::Installed { program, version })
    };
    let absent = |stack| {
        (
            stack,
            Presence::Absent {
                looked_for: Vec::new(),
            },
        )
    };
    let found = checks::told_stacks(vec![here(Stack::OpenSsl, "3.0"), here(Stack::Go, "1.2\u{7}")]);
    assert_eq!(found.standing, Standing::Good);
    assert!(
        found.words.starts_with("rustls is built in; OpenSSL 3.0, Go 1.2") && !found.words.contains('\u{7}')
    );
    let found = checks::told_stacks(vec![
        absent(Stack::Java),
        here(Stack::Go, "1"),
        absent(Stack::Nginx),
        absent(Stack::Envoy),
    ]);
    assert_eq!(found.standing, Standing::Note);
    assert_eq!(
        found.steps,
        [
            "apt-get install default-jdk-headless nginx-light, to ask them as well",
            "Envoy is not on the path."
        ]
    );
    let broken = Presence::Unusable {
        program: "/opt/x".into(),
        words: "it says nothing".to_owned(),
    };
    let found = checks::told_stacks(vec![(Stack::Curl, broken)]);
    assert_eq!(
        (found.standing, found.steps),
        (Standing::Note, vec!["/opt/x: it says nothing".to_owned()])
    );
    assert!(found.words.starts_with("none but rustls"));
}

#[test]
fn the_last_line_counts_what_is_missing() {
    let missing = checks::window(Err("no display".to_owned()));
    let text = told(&missing, 1);
    assert!(
        text.starts_with("✗ display        no display\n                 ▸ Without"),
        "{text}"
    );
    assert!(
        text.ends_with("\nA workshop cannot start yet: one thing is missing, marked ✗.\n"),
        "{text}"
    );
    assert!(told(&[], 2).contains("2 things are missing"));
    assert_eq!(told(&[], 0), "\nA workshop can start here.\n");
}
