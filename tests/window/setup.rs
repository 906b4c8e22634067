//! The set-up beside the run: which of the two is older, what its dots may give away, which slot is at fault.

use crate::support;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::Side;
use mtlscope::clock::Clock;
use mtlscope::pki::{ListRecipe, mint_list};
use mtlscope::setup::LabSetup;
use mtlscope::state::{Command, Done, Fit, LabCommand, LabDone, Setup, SetupSlot, Strictness, ViewCommand};
use support::pki::{USUAL, setup};
use support::window::{NOW_UNIX_S, minted, open, send, take, wait};

const SIZE: [f32; 2] = [1440.0, 900.0];
const NEWER: &str = "Run with the changed set-up";

fn begin(window: &mut egui_kittest::Harness<'_, mtlscope::ui::App>, lab: LabSetup) {
    let lab = LabSetup {
        wall_clock: Clock::still(NOW_UNIX_S),
        ..lab
    };
    let setup = Ok(Box::new(Setup::from_lab(lab)));
    take(
        window,
        Done::Lab(LabDone::Minted {
            ticket: 0,
            scenario: None,
            setup,
        }),
    );
    wait(window, "the run", |app| {
        !app.state().is_running() && app.state().fix_search().is_some()
    });
    wait(window, "the dots", |app| {
        app.state().lab.setup.slot(Side::Server, SetupSlot::Key).fit != Fit::Unknown
    });
}

#[test]
fn a_run_that_is_older_than_the_set_up_says_so_until_it_runs_again() {
    let mut window = open(SIZE, 1.0, Vec::new());
    assert!(
        window.query_by_label(NEWER).is_none(),
        "the first run is of what is there"
    );
    send(
        &mut window,
        Command::Lab(LabCommand::SetServerName("somebody.else.svc".to_owned())),
    );
    window.get_by_label(NEWER).click();
    wait(&mut window, "the run", |app| !app.state().is_running());
    assert!(window.query_by_label(NEWER).is_none());
    for command in [
        Command::Lab(LabCommand::SetClock(Some(4_000_000_000))),
        Command::Lab(LabCommand::ClearSlot(Side::Client, SetupSlot::Certificate)),
        Command::Lab(LabCommand::SetVersions(vec![mtlscope::setup::TlsVersion::Tls12])),
    ] {
        send(&mut window, command.clone());
        assert!(window.query_by_label(NEWER).is_some(), "{command:?}");
        send(&mut window, Command::Lab(LabCommand::Run));
        wait(&mut window, "the run", |app| !app.state().is_running());
        assert!(window.query_by_label(NEWER).is_none(), "{command:?}");
    }
}

/// A room that is to predict what comes must not read it off the dots.
#[test]
fn the_dots_tell_nothing_of_what_is_still_to_come() {
    let pki = minted(USUAL);
    let mut window = open(SIZE, 1.0, Vec::new());
    begin(&mut window, setup(&pki, &["client-expired", "issuer"]));
    let guilty = "client cert: orders +1, the server will refuse it: it has expired";
    window.get_by_label(guilty);
    send(&mut window, Command::View(ViewCommand::First));
    assert!(window.query_by_label(guilty).is_none());
    window.get_by_label("client cert: orders +1, not judged");
    send(&mut window, Command::View(ViewCommand::Last));
    window.get_by_label(guilty);
}

/// With the missing certificate at hand, the chain is at fault and not what is trusted.
#[test]
fn a_missing_intermediate_marks_the_chain() {
    let pki = minted(USUAL);
    let mut window = open(SIZE, 1.0, Vec::new());
    begin(&mut window, setup(&pki, &["client"]));
    let fit = |window: &egui_kittest::Harness<'_, mtlscope::ui::App>, side, slot| {
        window.state().state().lab.setup.slot(side, slot).fit.clone()
    };
    assert_eq!(fit(&window, Side::Server, SetupSlot::Trust), Fit::Good);
    match fit(&window, Side::Client, SetupSlot::Certificate) {
        Fit::Bad(why) => assert!(why.contains("Mesh Issuer is not sent with it"), "{why}"),
        other => panic!("{other:?}"),
    }
    // A stranger's chain: nothing at hand would help, and the trust is what does not fit.
    begin(&mut window, setup(&pki, &["client-other"]));
    assert!(matches!(
        fit(&window, Side::Server, SetupSlot::Trust),
        Fit::Bad(_)
    ));
    assert_eq!(fit(&window, Side::Client, SetupSlot::Certificate), Fit::Good);
}

#[test]
fn how_strictly_lists_are_held_can_be_set() {
    let pki = minted(USUAL);
    let recipe: ListRecipe =
        ron::from_str("(issuer: \"issuer\", this_hours: -48, next_hours: -24)").expect("a list");
    let list = mint_list(&recipe, &pki, NOW_UNIX_S).expect("minted");
    let mut lab = setup(&pki, &["client", "issuer"]);
    lab.parties.server.policy.revocation.lists.push(list.into());
    lab.parties.server.policy.revocation.is_leaf_only = true;
    lab.wall_clock = Clock::still(NOW_UNIX_S);
    let mut window = open(SIZE, 1.0, Vec::new());
    let verdict = |window: &egui_kittest::Harness<'_, mtlscope::ui::App>| {
        window
            .state()
            .state()
            .analysis()
            .expect("a run")
            .diagnosis
            .verdict
    };
    let lab = Ok(Box::new(Setup::from_lab(lab)));
    take(
        &mut window,
        Done::Lab(LabDone::Minted {
            ticket: 0,
            scenario: None,
            setup: lab,
        }),
    );
    wait(&mut window, "the run", |app| {
        !app.state().is_running() && !app.state().lab.setup.sides.server.policy.revocation.is_empty()
    });
    assert_eq!(verdict(&window), mtlscope::diagnose::Verdict::Accepted);
    window.get_by_label_contains("server lists: 1 · stale 2").click();
    window.run_steps(3);
    window.get_by_label("Refuse a list that has run out").click();
    window.run_steps(3);
    assert!(Strictness::RefusesStale.of(&window.state().state().lab.setup.sides.server.policy.revocation));
    send(&mut window, Command::Lab(LabCommand::Run));
    wait(&mut window, "the run", |app| !app.state().is_running());
    let analysis = window.state().state().analysis().expect("a run");
    assert_eq!(analysis.diagnosis.causes[0].id.word(), "crl-expired");
}

/// A scenario that has a side do less says so beside the policy, and the limit can be lifted.
#[test]
fn a_limit_is_told_and_can_be_lifted() {
    let mut window = open(SIZE, 1.0, Vec::new());
    send(
        &mut window,
        Command::Lab(LabCommand::OpenScenario("sni-rejected".to_owned())),
    );
    wait(&mut window, "the scenario", |app| {
        let state = app.state();
        state.lab.scenario.as_deref() == Some("sni-rejected") && !state.is_running()
    });
    window.get_by_label_contains("The server answers for");
    let lift = window.get_by_label("Lift the server's limits");
    lift.scroll_to_me();
    window.run_steps(3);
    window.get_by_label("Lift the server's limits").click();
    window.run_steps(3);
    assert!(window.query_by_label_contains("The server answers for").is_none());
    assert!(
        window
            .state()
            .state()
            .lab
            .setup
            .sides
            .server
            .policy
            .limits
            .server_names
            .is_empty()
    );
    window.get_by_label(NEWER);
}
