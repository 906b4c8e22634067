//! Anew: what a change takes back, what a tab brings back, and what is asked for again.

use super::tried::*;
use crate::capture::{ClientAuth, Side};
use crate::experiment::repair::{Edit, Progress, ProvenFix};
use crate::fetch::{Kind, Place};
use crate::net::Reach;
use crate::pki::Bundle;
use crate::setup::{Fault, TlsVersion};
use crate::source::lab::LabError;
use crate::state::*;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

fn repair(state: &mut State, command: RepairCommand) -> Vec<Effect> {
    state.apply(Command::Repair(command))
}

fn document(state: &mut State, command: DocumentCommand) -> Vec<Effect> {
    state.apply(Command::Document(command))
}

/// The failing run on the stage is offered this fix, which is applied and works.
fn fix(state: &mut State, edits: Vec<Edit>) {
    let ticket = state.fix_search().expect("a search").ticket;
    let fix = ProvenFix {
        edits,
        words: vec!["Mend it.".to_owned()],
        cautions: Vec::new(),
        commands: Vec::new(),
        proof: Arc::clone(&GOOD.analysis.capture),
    };
    state.absorb(Done::Repair(RepairDone::Fixes {
        ticket,
        progress: Progress::default(),
        result: Ok(FixResult {
            fixes: vec![OfferedFix {
                fix: Arc::new(fix),
                proof: Arc::clone(&GOOD.analysis),
            }],
            took: Duration::ZERO,
            is_cut_short: false,
        }),
    }));
    let (ticket, _) = run_in(repair(state, RepairCommand::ApplyFix(0))).expect("it runs");
    state.absorb(GOOD.ran(ticket));
    assert_eq!(state.repair.applied.len(), 1);
}

fn fixed() -> State {
    let mut state = failed();
    fix(&mut state, vec![Edit::MoveClock(Some(NOW_UNIX_S))]);
    state
}

fn mint(state: &mut State, command: LabCommand) -> u64 {
    match jobs(lab(state, command))[..] {
        [Job::Lab(LabJob::Mint { ticket, .. })] => ticket,
        _ => panic!("it is minted"),
    }
}

/// The scenario's tab, its failing run on the stage.
fn scenario(state: &mut State) {
    let ticket = mint(state, LabCommand::OpenScenario("root-rotated".to_owned()));
    let effects = state.absorb(Done::Lab(LabDone::Minted {
        ticket,
        scenario: Some("root-rotated".to_owned()),
        setup: Ok(FAILING.setup()),
    }));
    let (ticket, _) = run_in(effects).expect("it runs");
    state.absorb(FAILING.ran(ticket));
}

#[test]
fn after_any_change_by_hand_a_fix_is_no_longer_undone_by_one_click() {
    for command in [
        LabCommand::SetClientAuth(ClientAuth::Optional),
        LabCommand::SetVersions(vec![TlsVersion::Tls12]),
        LabCommand::SetServerName("other.example".to_owned()),
        LabCommand::SetAlpn(vec!["h2".to_owned()]),
        LabCommand::SetCipherSuites(vec!["TLS13_AES_128_GCM_SHA256".to_owned()]),
        LabCommand::SetGroups(vec!["x25519".to_owned()]),
        LabCommand::SetClock(Some(5)),
        LabCommand::SetFault(Some(Fault::Http)),
        LabCommand::ClearSlot(Side::Client, SetupSlot::Key),
    ] {
        let mut state = fixed();
        let before = state.lab.setup.to_lab().fingerprint();
        lab(&mut state, command.clone());
        assert_ne!(state.lab.setup.to_lab().fingerprint(), before, "{command:?}");
        assert!(
            repair(&mut state, RepairCommand::UndoFix).is_empty(),
            "{command:?}"
        );
    }
    let mut state = fixed();
    let ticket = mint(&mut state, LabCommand::UseBuiltIn);
    let effects = state.absorb(Done::Lab(LabDone::Minted {
        ticket,
        scenario: None,
        setup: Ok(GOOD.setup()),
    }));
    let (ticket, _) = run_in(effects).expect("it runs");
    state.absorb(GOOD.ran(ticket));
    assert!(
        repair(&mut state, RepairCommand::UndoFix).is_empty(),
        "another set-up was never mended"
    );
}

#[test]
fn a_fix_that_is_undone_leaves_the_scenario_what_it_was() {
    let (mut state, first) = opened();
    state.absorb(GOOD.ran(first));
    scenario(&mut state);
    assert_eq!(state.lab.scenario.as_deref(), Some("root-rotated"));
    fix(&mut state, vec![Edit::MoveClock(Some(NOW_UNIX_S))]);
    assert_eq!(state.lab.scenario, None, "it is no longer the scenario");
    let (ticket, _) = run_in(repair(&mut state, RepairCommand::UndoFix)).expect("it runs");
    assert_eq!(state.lab.scenario.as_deref(), Some("root-rotated"));
    state.absorb(FAILING.ran(ticket));
    assert_eq!(state.document().expect("a run").title, "A root was rotated");
}

#[test]
fn a_fix_keeps_what_the_user_chose_and_where_it_came_from() {
    let mut state = failed();
    let trust = state.lab.setup.sides.client.trust.certificates.to_vec();
    state.lab.setup.sides.client.trust =
        Slot::of_certificates(SetupSlot::Trust, Source::Pasted, trust.clone());
    state.lab.setup.is_server_name_chosen = true;
    let pasted = FAILING.lab.chain(Side::Server)[0].clone();
    let edit = Edit::TrustInstead {
        side: Side::Client,
        certificates: vec![pasted.clone()],
    };
    fix(&mut state, vec![edit]);
    let now = &state.lab.setup.sides.client.trust;
    assert_eq!(now.certificates[..], [pasted]);
    assert_eq!((&now.source, now.is_picked), (&Source::Pasted, false));
    assert!(state.lab.setup.is_server_name_chosen);
    // A name that a fix asks for is chosen, one that nobody chose is not.
    for (edit, is_chosen) in [
        (Edit::AskFor("other.example".to_owned()), true),
        (Edit::MoveClock(Some(NOW_UNIX_S)), false),
    ] {
        let mut state = failed();
        state.lab.setup.is_server_name_chosen = false;
        fix(&mut state, vec![edit]);
        assert_eq!(state.lab.setup.is_server_name_chosen, is_chosen);
    }
}

#[test]
fn each_tab_of_the_lab_keeps_its_own_and_a_closed_one_nothing() {
    let place = |whose: &str| Place {
        kind: Kind::Issuer,
        urls: vec![format!("http://ca.example/{whose}")],
        whose: whose.to_owned(),
    };
    let (mut state, first) = opened();
    let Done::Lab(LabDone::Ran {
        result: Ok(mut ran), ..
    }) = GOOD.ran(first)
    else {
        unreachable!("it ran");
    };
    let elsewhere = vec![(Side::Client, place("orders"))];
    ran.issuers_elsewhere.clone_from(&elsewhere);
    state.absorb(Done::Lab(LabDone::Ran {
        ticket: first,
        result: Ok(ran),
    }));
    lab(&mut state, LabCommand::SetVersions(vec![TlsVersion::Tls13]));
    assert!(state.lab.is_setup_newer);
    let own = state.lab.setup.to_lab().fingerprint();
    scenario(&mut state);
    assert!(state.lab.issuers_elsewhere.is_empty());
    assert!(!state.lab.is_setup_newer);
    assert!(state.repair.search.is_some(), "its run failed");
    let at = |state: &State, is_own| {
        let found = state
            .documents
            .iter()
            .position(|one| Document::is_own(one) == is_own);
        found.expect("a tab")
    };
    let to = at(&state, true);
    document(&mut state, DocumentCommand::ShowDocument(to));
    assert_eq!(state.lab.issuers_elsewhere, elsewhere);
    assert!(state.lab.is_setup_newer && state.repair.search.is_none());
    assert_eq!(state.lab.setup.to_lab().fingerprint(), own);
    let to = at(&state, false);
    document(&mut state, DocumentCommand::ShowDocument(to));
    assert!(state.lab.issuers_elsewhere.is_empty() && state.repair.search.is_some());
    assert_eq!(state.lab.scenario.as_deref(), Some("root-rotated"));
    document(&mut state, DocumentCommand::CloseDocument(to));
    assert_eq!(state.lab.bench, None);
    assert_eq!(state.lab.setup.to_lab().fingerprint(), own);
    assert!(state.lab.shelf.is_empty(), "{:?}", state.lab.shelf);
}

#[test]
fn that_a_run_could_not_begin_is_told_in_its_own_tab_only() {
    let (mut state, first) = opened();
    state.absorb(GOOD.ran(first));
    scenario(&mut state);
    let (ticket, _) = run_in(lab(&mut state, LabCommand::Run)).expect("it runs");
    state.absorb(Done::Lab(LabDone::Ran {
        ticket,
        result: Err(RunError::Worker("no worker".to_owned())),
    }));
    assert_eq!(state.lab.run, RunStatus::CouldNotBegin("no worker".to_owned()));
    let own = state
        .documents
        .iter()
        .position(Document::is_own)
        .expect("one's own");
    document(&mut state, DocumentCommand::ShowDocument(own));
    assert_eq!(state.lab.run, RunStatus::Idle);
    // A run that was cancelled is told, and is no trouble.
    let (ticket, _) = run_in(lab(&mut state, LabCommand::Run)).expect("it runs");
    let troubles = trouble(&state).len();
    state.absorb(Done::Lab(LabDone::Ran {
        ticket,
        result: Err(RunError::Lab(LabError::Cancelled)),
    }));
    assert_eq!(
        (state.lab.run.clone(), trouble(&state).len()),
        (RunStatus::Idle, troubles)
    );
    assert!(state.lab.is_setup_newer);
}

#[test]
fn what_is_fetched_again_takes_the_place_of_what_was_fetched() {
    let (mut state, first) = opened();
    state.absorb(GOOD.ran(first));
    let place = Place {
        kind: Kind::Issuer,
        whose: "orders".to_owned(),
        urls: vec!["http://ca.example/ca.der".to_owned()],
    };
    let fetch = |state: &mut State| {
        let command = FetchCommand::Fetch(Side::Server, place.clone(), Reach::Public);
        match &jobs(state.apply(Command::Fetch(command)))[..] {
            [Job::Fetch(FetchJob { ticket, .. })] => *ticket,
            _ => panic!("it is asked for"),
        }
    };
    let refused = |ticket, is_private| {
        Done::Fetch(FetchDone {
            ticket,
            result: Err("refused".to_owned()),
            is_private,
        })
    };
    let ticket = fetch(&mut state);
    state.absorb(refused(ticket, true));
    assert!(state.is_refused_as_private(&place));
    let ticket = fetch(&mut state);
    assert!(!state.is_refused_as_private(&place), "it is asked for again");
    state.absorb(refused(ticket, false));
    assert!(!state.is_refused_as_private(&place), "of another reason");
    let certificate = |side: Side, file: &str| {
        let mut one = FAILING.lab.chain(side)[0].clone();
        one.file = Some(file.to_owned());
        one
    };
    for (side, file, known) in [
        (Side::Client, "http://ca.example/ca.der", 1),
        (Side::Server, "http://ca.example/ca.der", 1),
        (Side::Server, "http://ca.example/other.der", 2),
    ] {
        let ticket = fetch(&mut state);
        let new = certificate(side, file);
        let effects = state.absorb(Done::Fetch(FetchDone {
            ticket,
            result: Ok(Bundle {
                certificates: vec![new.clone()],
                ..Bundle::default()
            }),
            is_private: false,
        }));
        assert_eq!(state.lab.setup.known.len(), known, "{file}");
        assert_eq!(state.lab.setup.known.last(), Some(&new));
        assert!(state.lab.setup.has_fetched(&place, Side::Server));
        let (ticket, _) = run_in(effects).expect("it runs with it");
        state.absorb(GOOD.ran(ticket));
    }
}

#[test]
fn an_older_time_line_is_given_up_and_a_closed_panel_costs_nothing() {
    let (mut state, _) = opened();
    let times = |effects: Vec<Effect>| -> Vec<TimeJob> {
        let of_time = |job| match job {
            Job::Time(job) => Some(job),
            _ => None,
        };
        jobs(effects).into_iter().filter_map(of_time).collect()
    };
    let toggle = |state: &mut State| times(state.apply(Command::Time(TimeCommand::ToggleTimeMachine)));
    assert!(times(lab(&mut state, LabCommand::SetClock(Some(1)))).is_empty());
    let first = toggle(&mut state).pop().expect("it is worked out");
    state.apply(Command::Time(TimeCommand::DragNeedle(7)));
    assert_eq!(state.needle_unix_s(), 7);
    let second = times(lab(&mut state, LabCommand::SetClock(Some(9))))
        .pop()
        .expect("it is worked out anew");
    assert_eq!(state.needle_unix_s(), 9, "the needle stands where the clocks do");
    assert!(first.cancel.is_cancelled() && !second.cancel.is_cancelled());
    state.apply(Command::Time(TimeCommand::DragNeedle(7)));
    assert!(toggle(&mut state).is_empty());
    assert!(second.cancel.is_cancelled());
    assert_eq!(state.needle_unix_s(), 9, "a closed panel has no needle");
}

/// Two captures are being read; each has its place in the list.
#[test]
fn a_list_that_goes_leaves_the_other_where_it_is() {
    let paths = ["/a.pcap", "/b.pcap"].map(PathBuf::from);
    for (gone, stays) in [(0, 1), (1, 0)] {
        for is_refused in [true, false] {
            let mut state = State::default();
            let cancels = paths.clone().map(|path| {
                let effects = state.absorb(Done::Document(DocumentDone::IsPackets(path)));
                match jobs(effects).remove(0) {
                    Job::Packets(PacketJob::Open { cancel, .. }) => cancel,
                    job => panic!("{job:?}"),
                }
            });
            state.packets.open = Some(stays);
            state.settings.recent = paths.to_vec();
            if is_refused {
                state.absorb(Done::Packets(PacketDone::Read {
                    path: paths[gone].clone(),
                    cancel: cancels[gone].clone(),
                    result: Err("no capture".to_owned()),
                }));
                assert_eq!(trouble(&state), ["no capture"]);
                assert_eq!(state.settings.recent, [paths[stays].clone()], "not offered again");
            } else {
                let close = PacketCommand::CloseList(paths[gone].clone());
                state.apply(Command::Packets(close));
                assert!(cancels[gone].is_cancelled() && trouble(&state).is_empty());
                assert_eq!(state.settings.recent, paths);
            }
            assert!(!cancels[stays].is_cancelled());
            assert_eq!(state.packets.lists.len(), 1);
            assert_eq!(state.list().map(|list| &list.path), Some(&paths[stays]));
        }
    }
}

#[test]
fn in_a_narrow_window_the_answer_to_a_failed_run_comes_out() {
    for (ran, is_out) in [(&FAILING, true), (&GOOD, false)] {
        let (mut state, ticket) = opened();
        state.set_drawers((false, true));
        assert!(!state.settings.panels.right.is_shown());
        state.absorb(ran.ran(ticket));
        assert_eq!(state.settings.panels.right.is_shown(), is_out);
        assert!(!state.settings.panels.left.is_shown() || !state.settings.panels.left.is_drawer);
    }
}
