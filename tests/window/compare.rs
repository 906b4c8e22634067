//! Two handshakes side by side: chosen, compared, looked at, and the pictures of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::screens::picture;
use crate::support;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::clock::Clock;
use mtlscope::compare::{Both, Comparison, Judged, Subject, Which, compare};
use mtlscope::scenario;
use mtlscope::session::{self, Session};
use mtlscope::setup::LabSetup;
use mtlscope::source::lab::run_blocking;
use mtlscope::state::{
    Command, CompareCommand, CompareDone, ComparePhase, CompareTab, Comparing, Done, InspectorTab,
    LabCommand, PanelCommand, PanelSide, Rest, SettingsCommand, ThemeChoice, ViewCommand,
};
use mtlscope::ui::App;
use support::window::{NOW_UNIX_S, open, send, take, wait};

const USUAL: [f32; 2] = [1440.0, 900.0];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/compared")
        .join(format!("{name}.ron"))
}

/// The demonstration pair: what both describe alike is the same in both.
fn pair() -> Both<LabSetup> {
    let find = |id| scenario::find(id).expect("a scenario");
    let (mut a, mut b) =
        scenario::pair(find("good-tls13"), find("client-wrong-ca"), NOW_UNIX_S).expect("minted");
    a.wall_clock = Clock::still(NOW_UNIX_S);
    b.wall_clock = Clock::still(NOW_UNIX_S + 18 * 3600 + 41 * 60);
    Both { a, b }
}

fn run(setup: &LabSetup) -> Analysis {
    Analysis::of(Arc::new(
        run_blocking(setup, &Cancel::default()).expect("it runs"),
    ))
}

#[test]
#[ignore = "writes the sessions that the pictures are of"]
fn write_the_pair() {
    let setups = pair();
    let mut again = setups.a.clone();
    again.wall_clock = Clock::still(NOW_UNIX_S + 3600);
    for (name, title, setup) in [
        ("yesterday", "orders, yesterday", &setups.a),
        ("today", "orders, today", &setups.b),
        ("again", "orders, again", &again),
    ] {
        // The second run has no libraries to load: its times are the usual.
        let capture = [run(setup), run(setup)][1].capture.clone();
        let session = Session {
            title: title.to_owned(),
            ..Session::new(capture)
        };
        session::save(&fixture(name), &session).expect("written");
    }
}

/// What putting each change back alone and running it found; what no two runs share is written over.
fn by_runs() -> Comparison {
    let setups = pair();
    let (a, b) = (run(&setups.a), run(&setups.b));
    let both = Both {
        a: Subject {
            analysis: &a,
            setup: Some(&setups.a),
        },
        b: Subject {
            analysis: &b,
            setup: Some(&setups.b),
        },
    };
    let mut found = compare(both, &Cancel::default());
    assert_eq!(found.judged, Judged::ByRuns);
    for one in &mut found.differences {
        for (values, digit) in [(&mut one.values.a, '4'), (&mut one.values.b, '6')] {
            for value in values {
                let is_hex = |word: &str| word.len() >= 16 && word.chars().all(|it| it.is_ascii_hexdigit());
                let words: Vec<String> = value
                    .split(' ')
                    .map(|word| {
                        if is_hex(word) {
                            digit.to_string().repeat(16)
                        } else {
                            word.to_owned()
                        }
                    })
                    .collect();
                *value = words.join(" ");
            }
        }
    }
    found
}

fn comparing<'a>(window: &'a Harness<'_, App>) -> &'a Comparing {
    window.state().state().comparison().expect("a comparison")
}

fn compare_with(window: &mut Harness<'_, App>, command: CompareCommand) {
    send(window, Command::Compare(command));
}

/// A comparison of these two files.
fn opened(size: [f32; 2], files: Vec<PathBuf>) -> Harness<'static, App> {
    let mut window = open(size, 1.0, Vec::new());
    compare_with(&mut window, CompareCommand::Begin);
    for (which, file) in Which::BOTH.into_iter().zip(files) {
        compare_with(&mut window, CompareCommand::TakeFiles(vec![file], Some(which)));
    }
    wait(&mut window, "the comparison", |app| {
        app.state().comparison().is_some_and(|one| one.found().is_some())
    });
    window
}

fn of_the_pair(size: [f32; 2]) -> Harness<'static, App> {
    opened(size, vec![fixture("yesterday"), fixture("today")])
}

/// Hands it what runs found, in place of what the worker finds without keys.
fn proven_by_runs(window: &mut Harness<'_, App>) {
    let context = window.ctx.clone();
    window
        .state_mut()
        .send(&context, Command::Compare(CompareCommand::Again));
    let ComparePhase::Working { ticket, .. } = comparing(window).phase else {
        panic!("it works");
    };
    let result = Ok(Arc::new(by_runs()));
    take(window, Done::Compare(CompareDone::Compared { ticket, result }));
}

fn light(window: &mut Harness<'_, App>) {
    send(
        window,
        Command::Settings(SettingsCommand::SetTheme(ThemeChoice::Light)),
    );
}

#[test]
fn pictures_of_a_change_that_matters() {
    let mut window = of_the_pair(USUAL);
    proven_by_runs(&mut window);
    picture(&mut window, "compare-dark");
    send(&mut window, Command::View(ViewCommand::Seek(6.4)));
    picture(&mut window, "compare-playing-dark");
    send(&mut window, Command::View(ViewCommand::Last));
    light(&mut window);
    picture(&mut window, "compare-light");
    compare_with(&mut window, CompareCommand::SelectRow(5));
    picture(&mut window, "compare-fields-light");
    compare_with(&mut window, CompareCommand::ShowTab(CompareTab::Chains));
    picture(&mut window, "compare-chains-light");
}

#[test]
fn pictures_without_keys_and_with_all_lists_open() {
    let mut window = of_the_pair(USUAL);
    for list in [Rest::Follows, Rest::Always, Rest::Equal] {
        compare_with(&mut window, CompareCommand::Toggle(list));
    }
    picture(&mut window, "compare-without-keys-dark");
    compare_with(&mut window, CompareCommand::SelectRow(5));
    compare_with(&mut window, CompareCommand::ShowTab(CompareTab::Bytes));
    picture(&mut window, "compare-bytes-dark");
}

#[test]
fn picture_of_the_sheet() {
    let mut window = of_the_pair([1180.0, 800.0]);
    picture(&mut window, "compare-narrow-dark");
    send(
        &mut window,
        Command::Panels(PanelCommand::Toggle(PanelSide::Right)),
    );
    picture(&mut window, "compare-sheet-dark");
}

#[test]
fn pictures_of_nothing_to_compare() {
    let mut window = open(USUAL, 1.0, vec![fixture("yesterday")]);
    compare_with(&mut window, CompareCommand::Begin);
    picture(&mut window, "compare-empty-dark");
    light(&mut window);
    picture(&mut window, "compare-empty-light");
}

#[test]
fn nothing_differs_but_what_always_does() {
    let mut window = opened(USUAL, vec![fixture("yesterday"), fixture("again")]);
    window.get_by_label("Nothing differs but what always does");
    picture(&mut window, "compare-identical-dark");
}

fn click(window: &mut Harness<'_, App>, label: &str) {
    window.get_by_label(label).click();
    window.run_steps(6);
}

#[test]
fn it_is_begun_chosen_swapped_and_left_by_hand() {
    let mut window = open(USUAL, 1.0, vec![fixture("yesterday"), fixture("today")]);
    wait(&mut window, "both sessions", |app| {
        app.state().documents.len() == 3
    });
    click(&mut window, "Compare…");
    window.get_by_label("Choose or drop a session for B");
    click(&mut window, "Choose B");
    // The menu names the tabs that are open.
    let open = window.state().state().document().expect("one").title.clone();
    let other = if open == "orders, today" {
        "orders, yesterday"
    } else {
        "orders, today"
    };
    let entries: Vec<_> = window.get_all_by_label(other).collect();
    entries.last().expect("the menu's entry").click();
    drop(entries);
    wait(&mut window, "the comparison", |app| {
        app.state().comparison().is_some_and(|one| one.found().is_some())
    });
    window.get_by_label("judged on the chains alone");
    if open == "orders, today" {
        click(&mut window, "Swap A and B");
        wait(&mut window, "the comparison", |app| {
            app.state().comparison().is_some_and(|one| one.found().is_some())
        });
    }
    window.get_by_label("The issuer of orders changed");
    window.get_by_label("orders: A and B");
    // Its rows answer: a row opens its fields, in both.
    window
        .get_by_label("B, step 6: Certificate · CertificateVerify · Finished; differs")
        .click();
    window.run_steps(6);
    assert_eq!(comparing(&window).tab, CompareTab::Fields);
    assert_eq!(comparing(&window).selected, Some(5));
    click(&mut window, "Changes");
    window.get_by_label_contains("Follows from it: ").click();
    window.run_steps(6);
    click(&mut window, "Copy the comparison");
    window.get_by_label_contains("Copied the comparison");
    click(
        &mut window,
        "Show the bytes in B: Issuer of the client's certificate",
    );
    assert!(window.state().state().comparison().is_none());
    assert_eq!(window.state().state().tab, InspectorTab::Bytes);
    let id = window.state().state().compare.all.first().expect("one").id;
    compare_with(&mut window, CompareCommand::Show(id));
    click(&mut window, "Open B’s fix");
    assert_eq!(window.state().state().tab, InspectorTab::Why);
    compare_with(&mut window, CompareCommand::Show(id));
    click(&mut window, "Close orders: A and B");
    assert!(window.state().state().compare.all.is_empty());
}

#[test]
fn runs_of_the_lab_are_compared_with_their_keys() {
    let mut window = open(USUAL, 1.0, Vec::new());
    let run = |window: &mut Harness<'_, App>, id: &str| {
        send(window, Command::Lab(LabCommand::OpenScenario(id.to_owned())));
        wait(window, id, |app| {
            let here = app.state().document().and_then(|document| document.bench.clone());
            !app.state().is_running() && here.as_deref() == Some(id)
        });
    };
    run(&mut window, "good-tls13");
    run(&mut window, "no-common-version");
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::D);
    window.run_steps(6);
    compare_with(&mut window, CompareCommand::Swap);
    let good = window
        .state()
        .state()
        .documents
        .iter()
        .position(|one| one.bench.as_deref() == Some("good-tls13"));
    compare_with(
        &mut window,
        CompareCommand::TakeDocument(Which::A, good.expect("it is open")),
    );
    wait(&mut window, "the comparison", |app| {
        app.state().comparison().is_some_and(|one| one.found().is_some())
    });
    let found = comparing(&window).found().expect("found");
    assert_eq!(found.judged, Judged::ByRuns);
    window.get_by_label("each put back alone and run");
}

#[test]
fn nothing_of_the_end_is_told_before_it() {
    let mut window = of_the_pair(USUAL);
    send(&mut window, Command::View(ViewCommand::Seek(3.0)));
    for words in [
        "First difference",
        "refused",
        "accepted",
        "orders, today",
        "issuer of orders",
        "Open B’s fix",
        "unknown",
    ] {
        assert!(window.query_by_label_contains(words).is_none(), "{words}");
    }
    assert!(
        window.query_by_label("Chapter 4: Client cert").is_some(),
        "it says no more"
    );
    // One after the other, both at once.
    let rows = comparing(&window).found().expect("found").rows.len();
    for _ in 3..rows {
        window.key_press(egui::Key::ArrowRight);
        window.run_steps(2);
    }
    assert!(comparing(&window).is_told());
    window.get_by_label_contains("issuer of orders");
}

#[test]
fn rows_scroll_with_the_playhead() {
    let mut window = of_the_pair([1440.0, 700.0]);
    // The last row lies below what fits, and is brought into sight.
    let last = comparing(&window).found().expect("found").rows.len() - 1;
    send(&mut window, Command::View(ViewCommand::First));
    for _ in 0..last {
        window.key_press(egui::Key::ArrowRight);
        window.run_steps(2);
    }
    window.run_steps(40);
    let label = "A, step 11: Goodbye (close_notify); only here";
    let row = window.get_by_label(label).rect();
    assert!(row.bottom() < 700.0 - 63.0 && row.top() > 200.0, "{row:?}");
}

#[test]
fn a_recording_and_itself_are_the_same() {
    let window = opened(USUAL, vec![fixture("yesterday"), fixture("yesterday")]);
    window.get_by_label("A and B are the same recording");
    window.get_by_label("orders, yester…: A and B");
}
