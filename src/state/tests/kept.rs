//! Kept: what another tab, a failed file or pasted text leaves as it was.

use super::tried::*;
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::state::*;
use std::path::PathBuf;
use std::sync::Arc;

fn document(state: &mut State, command: DocumentCommand) -> Vec<Effect> {
    state.apply(Command::Document(command))
}

/// Opens a session of this name.
fn open(state: &mut State, name: &str) {
    state.absorb(Done::Document(DocumentDone::Opened {
        path: format!("/{name}.ron").into(),
        session: Ok(Box::new(Opened {
            step_notes: crate::session::StepNotes::default(),
            title: name.to_owned(),
            notes: String::new(),
            analysis: Arc::new(Analysis::clone(&GOOD.analysis)),
        })),
    }));
}

fn titles(state: &State) -> Vec<&str> {
    let documents = state.documents.iter();
    documents.map(|document| document.title.as_str()).collect()
}

fn title(state: &State) -> &str {
    state.document().map_or("", |document| document.title.as_str())
}

/// Asks for the scenario; the answer to that.
fn minted(state: &mut State, setup: Result<Box<Setup>, String>) -> Vec<Effect> {
    let asked = jobs(lab(state, LabCommand::OpenScenario("root-rotated".to_owned())));
    let [Job::Lab(LabJob::Mint { ticket, .. })] = asked[..] else {
        panic!("it is minted");
    };
    state.absorb(Done::Lab(LabDone::Minted {
        ticket,
        scenario: Some("root-rotated".to_owned()),
        setup,
    }))
}

#[test]
fn a_run_does_not_go_on_behind_another_tab() {
    let (mut state, first) = opened();
    state.absorb(GOOD.ran(first));
    let (second, _) = run_in(minted(&mut state, Ok(FAILING.setup()))).expect("it runs");
    state.absorb(FAILING.ran(second));
    let own = state
        .documents
        .iter()
        .position(Document::is_own)
        .expect("one's own");
    let scenario = 1 - own;
    document(&mut state, DocumentCommand::ShowDocument(own));
    let (third, cancel) = run_in(lab(&mut state, LabCommand::Run)).expect("it runs");
    document(&mut state, DocumentCommand::ShowDocument(scenario));
    assert!(cancel.is_cancelled() && !state.is_running());
    assert!(
        state.absorb(FAILING.ran(third)).is_empty(),
        "its answer is not looked at"
    );
    assert_eq!(state.active, Some(scenario));
    document(&mut state, DocumentCommand::ShowDocument(own));
    assert!(
        state.lab.is_setup_newer,
        "what stands there is older than its set-up"
    );
    assert!(Arc::ptr_eq(state.analysis().expect("a run"), &GOOD.analysis));
}

#[test]
fn a_tab_that_is_closed_moves_nobody_elses() {
    for closed in 0..4 {
        for active in 0..4 {
            let mut state = State::default();
            for name in ["a", "b", "c", "d"] {
                open(&mut state, name);
            }
            document(&mut state, DocumentCommand::ShowDocument(active));
            let before = title(&state).to_owned();
            document(&mut state, DocumentCommand::CloseDocument(closed));
            assert_eq!(state.documents.len(), 3);
            assert!(!titles(&state).contains(&["a", "b", "c", "d"][closed]));
            if closed != active {
                assert_eq!(title(&state), before, "{closed} closed, {active} on the stage");
            }
        }
    }
    let mut state = State::default();
    open(&mut state, "a");
    document(&mut state, DocumentCommand::CloseDocument(1));
    assert_eq!(titles(&state), ["a"], "there is no such tab");
}

#[test]
fn a_file_that_does_not_open_is_not_offered_again() {
    let mut state = State::default();
    open(&mut state, "a");
    open(&mut state, "b");
    let effects = state.absorb(Done::Document(DocumentDone::Opened {
        path: "/a.ron".into(),
        session: Err("/a.ron: there is no such file".to_owned()),
    }));
    assert_eq!(state.settings.recent, [PathBuf::from("/b.ron")]);
    assert!(
        matches!(&jobs(effects)[..], [Job::Settings(SettingsJob(kept))] if kept.recent == state.settings.recent)
    );
    assert_eq!(trouble(&state), ["/a.ron: there is no such file"]);
    assert_eq!(title(&state), "b");
}

#[test]
fn a_scenario_that_cannot_be_made_leaves_the_stage_as_it_was() {
    let (mut state, first) = opened();
    state.absorb(GOOD.ran(first));
    minted(&mut state, Err("no such scenario".to_owned()));
    assert_eq!(state.lab.run, RunStatus::Idle);
    assert_eq!(trouble(&state), ["no such scenario"]);
    assert!(Arc::ptr_eq(state.analysis().expect("a run"), &GOOD.analysis));
    // With nothing on the stage, that is what stands there.
    let mut state = State::default();
    minted(&mut state, Err("no such scenario".to_owned()));
    assert_eq!(
        state.lab.run,
        RunStatus::CouldNotBegin("no such scenario".to_owned())
    );
}

#[test]
fn pasted_material_leaves_the_files_of_the_last_time_as_they_were() {
    let (mut state, _) = opened();
    let kept = vec![SlotFile {
        side: Side::Client,
        slot: SetupSlot::Trust,
        path: "/ca.pem".into(),
    }];
    state.settings.files.clone_from(&kept);
    let trust = state.lab.setup.sides.client.trust.certificates.to_vec();
    let effects = state.absorb(Done::Lab(LabDone::Read {
        sorted: vec![Sorted::Put(vec![Placement {
            side: Side::Client,
            slot: SetupSlot::Trust,
            content: Slot::of_certificates(SetupSlot::Trust, Source::Pasted, trust),
        }])],
        target: None,
    }));
    assert_eq!(state.settings.files, kept);
    let is_settings = |job: &Job| matches!(job, Job::Settings(_));
    assert!(
        !jobs(effects).iter().any(is_settings),
        "there is nothing to remember"
    );
}

#[test]
fn what_was_remembered_is_held_within_what_there_is() {
    for (kept, taken) in [(-99, -4), (-5, -4), (-4, -4), (0, 0), (8, 8), (9, 8), (99, 8)] {
        let mut state = State::default();
        state.restore(Settings {
            zoom_steps: kept,
            ..Settings::default()
        });
        assert_eq!(state.settings.zoom_steps, taken, "{kept}");
    }
}
