//! Order: runs, set-ups and fixes in every odd order.

use super::tried::*;
use crate::cancel::Cancel;
use crate::capture::{PerSide, Side};
use crate::experiment::repair::Progress;
use crate::source::lab::LabError;
use crate::state::*;
use std::sync::Arc;
use std::time::Duration;

#[test]
fn run_has_no_effect_before_there_is_a_set_up_and_while_it_runs() {
    let mut state = State::default();
    assert!(lab(&mut state, LabCommand::Run).is_empty());
    assert_eq!(state.lab.run, RunStatus::Starting);
    let (mut state, ticket) = opened();
    assert!(lab(&mut state, LabCommand::Run).is_empty(), "one is under way");
    assert_eq!(state.lab.run_ticket(), Some(ticket));
    state.absorb(GOOD.ran(ticket));
    assert!(!state.is_running());
    let (second, _) = run_in(lab(&mut state, LabCommand::Run)).expect("another run");
    assert!(second != ticket && state.is_running());
    assert!(lab(&mut state, LabCommand::Run).is_empty());
}

#[test]
fn an_answer_to_an_older_run_changes_nothing() {
    let (mut state, ticket) = opened();
    assert!(state.absorb(GOOD.ran(ticket + 100)).is_empty());
    assert!(state.is_running() && state.documents.is_empty());
    state.absorb(GOOD.ran(ticket));
    // Twice.
    assert!(state.absorb(FAILING.ran(ticket)).is_empty());
    assert!(Arc::ptr_eq(state.analysis().expect("a run"), &GOOD.analysis));
    assert!(state.repair.search.is_none());
}

#[test]
fn a_scenario_that_comes_during_a_run_ends_it_and_bears_its_own_title() {
    let (mut state, ticket) = opened();
    let asked = jobs(lab(
        &mut state,
        LabCommand::OpenScenario("root-rotated".to_owned()),
    ));
    let [Job::Lab(LabJob::Mint { ticket: minting, .. })] = asked[..] else {
        panic!("it is minted");
    };
    let minted = |ticket| {
        Done::Lab(LabDone::Minted {
            ticket,
            scenario: Some("root-rotated".to_owned()),
            setup: Ok(FAILING.setup()),
        })
    };
    assert!(state.absorb(minted(minting + 1)).is_empty(), "of another request");
    let (second, _) = run_in(state.absorb(minted(minting))).expect("it runs");
    assert!(
        state.absorb(GOOD.ran(ticket)).is_empty(),
        "the first run is not looked at"
    );
    assert!(state.is_running());
    state.absorb(FAILING.ran(second));
    let document = state.document().expect("the scenario");
    assert_eq!(
        (document.title.as_str(), document.notes.as_str()),
        ("A root was rotated", "the root")
    );
}

#[test]
fn the_title_is_of_what_was_run_whatever_was_loaded_meanwhile() {
    let (mut state, first) = opened();
    state.absorb(GOOD.ran(first));
    let asked = jobs(lab(
        &mut state,
        LabCommand::OpenScenario("root-rotated".to_owned()),
    ));
    let [Job::Lab(LabJob::Mint { ticket: minting, .. })] = asked[..] else {
        panic!("it is minted");
    };
    let effects = state.absorb(Done::Lab(LabDone::Minted {
        ticket: minting,
        scenario: Some("root-rotated".to_owned()),
        setup: Ok(FAILING.setup()),
    }));
    let (ticket, _) = run_in(effects).expect("it runs");
    // The set-up is no longer the scenario's, but its run is.
    lab(&mut state, LabCommand::ClearSlot(Side::Client, SetupSlot::Trust));
    assert_eq!(state.lab.scenario, None);
    state.absorb(FAILING.ran(ticket));
    assert_eq!(state.document().expect("a run").title, "A root was rotated");
    assert!(
        state.lab.is_setup_newer,
        "what is on the stage is older than the set-up"
    );
}

#[test]
fn a_newer_scenario_comes_instead_of_an_older_one_and_of_the_start() {
    let mut state = State::default();
    let mut mint = |id: &str| match jobs(lab(&mut state, LabCommand::OpenScenario(id.to_owned())))[..] {
        [Job::Lab(LabJob::Mint { ticket, .. })] => ticket,
        _ => panic!("it is minted"),
    };
    let (older, newer) = (mint("a"), mint("b"));
    let minted = |ticket, id: &str| {
        Done::Lab(LabDone::Minted {
            ticket,
            scenario: Some(id.to_owned()),
            setup: Ok(GOOD.setup()),
        })
    };
    assert!(run_in(state.absorb(minted(newer, "b"))).is_some());
    assert!(state.absorb(minted(older, "a")).is_empty());
    assert_eq!(state.lab.scenario.as_deref(), Some("b"));
    let started = state.absorb(Done::Lab(LabDone::Started {
        setup: Ok(FAILING.setup()),
        scenarios: Vec::new(),
    }));
    assert!(started.is_empty());
    assert_eq!(state.lab.scenario.as_deref(), Some("b"));
}

#[test]
fn a_slot_that_was_changed_during_a_run_keeps_its_content() {
    let (mut state, ticket) = opened();
    let file = |name: &str, slot: &Slot| {
        let certificates = slot.certificates.to_vec();
        Slot::of_certificates(SetupSlot::Trust, Source::File(name.into()), certificates)
    };
    let read = |state: &mut State, content: Slot| {
        let placement = Placement {
            side: Side::Client,
            slot: SetupSlot::Trust,
            content,
        };
        state.absorb(Done::Lab(LabDone::Read {
            sorted: vec![Sorted::Put(vec![placement])],
            target: Some((Side::Client, SetupSlot::Trust)),
        }))
    };
    let trust = state.lab.setup.sides.client.trust.clone();
    read(&mut state, file("/a/new.pem", &trust));
    let Done::Lab(LabDone::Ran {
        result: Ok(mut ran), ..
    }) = GOOD.ran(ticket)
    else {
        unreachable!("it ran");
    };
    ran.read_again = vec![
        (Side::Client, SetupSlot::Trust, file("/a/old.pem", &trust)),
        (Side::Server, SetupSlot::Trust, Slot::empty(SetupSlot::Trust)),
    ];
    state.absorb(Done::Lab(LabDone::Ran {
        ticket,
        result: Ok(ran),
    }));
    let now = &state.lab.setup.sides.client.trust;
    assert_eq!(now.source, Source::File("/a/new.pem".into()));
    assert_eq!(now.certificates.len(), 1);
    assert!(
        !state.lab.setup.sides.server.trust.is_empty(),
        "it was no file, and so was not read again"
    );
    assert!(state.lab.is_setup_newer);
}

#[test]
fn after_a_failed_run_the_stage_is_marked_old() {
    let failures = [
        (RunError::Lab(LabError::Cancelled), RunStatus::Idle, ""),
        (
            RunError::Worker("no room".to_owned()),
            RunStatus::CouldNotBegin("no room".to_owned()),
            "no room",
        ),
        (
            RunError::Files(vec![Refused {
                side: Side::Server,
                slot: SetupSlot::Key,
                sentence: "it is gone".to_owned(),
                closed: None,
            }]),
            RunStatus::Idle,
            "Nothing was run. it is gone",
        ),
    ];
    for (error, run, words) in failures {
        let (mut state, ticket) = opened();
        state.absorb(GOOD.ran(ticket));
        assert!(!state.lab.is_setup_newer);
        let (ticket, _) = run_in(lab(&mut state, LabCommand::Run)).expect("a run");
        state.absorb(Done::Lab(LabDone::Ran {
            ticket,
            result: Err(error),
        }));
        assert!(state.lab.is_setup_newer);
        assert_eq!(state.lab.run, run);
        assert_eq!(trouble(&state).join(" "), words);
        let has_error = state.lab.setup.sides.server.key.error.is_some();
        assert_eq!(has_error, words.contains("it is gone"));
        assert!(
            run_in(lab(&mut state, LabCommand::Run)).is_some(),
            "it can run again"
        );
    }
}

#[test]
fn cancel_ends_the_run_under_way_and_no_later_one() {
    let (mut state, ticket) = opened();
    state.absorb(GOOD.ran(ticket));
    lab(&mut state, LabCommand::CancelRun);
    assert_eq!(state.lab.run, RunStatus::Idle);
    let (_, cancel) = run_in(lab(&mut state, LabCommand::Run)).expect("a run");
    assert!(!cancel.is_cancelled());
    lab(&mut state, LabCommand::CancelRun);
    assert!(cancel.is_cancelled());
    assert!(matches!(
        state.lab.run,
        RunStatus::Running {
            is_cancelled: true,
            ..
        }
    ));
}

#[test]
fn a_name_that_the_user_chose_stays_with_another_certificate() {
    let other = FAILING.setup().sides.server.certificate;
    let put = |state: &mut State| {
        let content = Slot::of_certificates(
            SetupSlot::Certificate,
            Source::Pasted,
            other.certificates.to_vec(),
        );
        state.absorb(Done::Lab(LabDone::Read {
            sorted: vec![Sorted::Put(vec![Placement {
                side: Side::Server,
                slot: SetupSlot::Certificate,
                content,
            }])],
            target: None,
        }));
    };
    let (mut state, _) = opened();
    state.lab.setup.server_name = "before.example".to_owned();
    put(&mut state);
    assert_eq!(state.lab.setup.server_name, FAILING.lab.server_name, "it follows");
    lab(&mut state, LabCommand::SetServerName("chosen.example".to_owned()));
    put(&mut state);
    assert_eq!(state.lab.setup.server_name, "chosen.example");
}

#[test]
fn dots_of_an_older_set_up_are_not_shown() {
    let (mut state, _) = opened();
    let ticket = state.lab.fit_ticket;
    let fits = |ticket, words: &str| {
        Done::Lab(LabDone::Fits {
            ticket,
            fits: vec![(Side::Client, SetupSlot::Trust, Fit::Bad(words.to_owned()))],
            lists: Box::new(PerSide::default()),
        })
    };
    let effects = lab(&mut state, LabCommand::SetClock(Some(5)));
    assert!(state.lab.fit_ticket > ticket && !effects.is_empty());
    state.absorb(fits(ticket, "old"));
    assert_eq!(state.lab.setup.sides.client.trust.fit, Fit::Unknown);
    state.absorb(fits(state.lab.fit_ticket, "new"));
    assert_eq!(state.lab.setup.sides.client.trust.fit, Fit::Bad("new".to_owned()));
}

#[test]
fn a_search_that_was_given_up_tells_nothing() {
    let mut state = failed();
    let search = state.fix_search().expect("a search");
    let (older, cancel) = (search.ticket, search.cancel.clone());
    let fixes = |ticket| {
        Done::Repair(RepairDone::Fixes {
            ticket,
            progress: Progress::default(),
            result: Err("no search".to_owned()),
        })
    };
    let (ticket, _) = run_in(lab(&mut state, LabCommand::Run)).expect("a run");
    assert!(cancel.is_cancelled(), "a new run gives the search up");
    state.absorb(FAILING.ran(ticket));
    state.absorb(fixes(older));
    assert!(trouble(&state).is_empty());
    let newer = state.repair.search.as_ref().expect("the new search").ticket;
    assert_ne!(older, newer);
    state.absorb(fixes(newer));
    assert_eq!(trouble(&state), ["no search"]);
    assert!(state.repair.search.is_none());
}

#[test]
fn a_fix_is_not_applied_during_a_run_and_undone_once() {
    let mut state = failed();
    let ticket = state.fix_search().expect("a search").ticket;
    let found = crate::experiment::repair::search(
        &FAILING.lab,
        &FAILING.analysis.diagnosis.causes,
        &Cancel::default(),
        &crate::experiment::repair::Budget {
            time: Duration::MAX,
            ..Default::default()
        },
        &mut |_| {},
    )
    .expect("it can be searched");
    let fixes = found.fixes.iter().map(|fix| OfferedFix {
        fix: Arc::new(fix.clone()),
        proof: Arc::clone(&GOOD.analysis),
    });
    let result = FixResult {
        fixes: fixes.collect(),
        took: Duration::ZERO,
        is_cut_short: false,
    };
    state.absorb(Done::Repair(RepairDone::Fixes {
        ticket,
        progress: Progress::default(),
        result: Ok(result),
    }));
    let before = state.lab.setup.to_lab().fingerprint();
    let fix = |state: &mut State, command| state.apply(Command::Repair(command));
    assert!(fix(&mut state, RepairCommand::ApplyFix(99)).is_empty());
    let (ticket, _) = run_in(fix(&mut state, RepairCommand::ApplyFix(0))).expect("it runs");
    assert_ne!(state.lab.setup.to_lab().fingerprint(), before);
    for command in [RepairCommand::ApplyFix(0), RepairCommand::UndoFix] {
        assert!(fix(&mut state, command).is_empty(), "during a run");
    }
    assert_eq!(state.repair.applied.len(), 1);
    state.absorb(GOOD.ran(ticket));
    let (ticket, _) = run_in(fix(&mut state, RepairCommand::UndoFix)).expect("it runs");
    assert_eq!(state.lab.setup.to_lab().fingerprint(), before);
    state.absorb(FAILING.ran(ticket));
    assert!(
        fix(&mut state, RepairCommand::UndoFix).is_empty(),
        "there is no more to undo"
    );
}
