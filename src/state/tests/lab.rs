//! The lab's smaller commands: declined, strict, lifted, answered, copied from the last time.

use super::tried::*;
use crate::capture::{ClientAuth, PerSide, RevocationFile, Side};
use crate::setup::Limits;
use crate::source::lab::LabError;
use crate::state::*;
use std::time::{Duration, Instant};

fn judges(effects: Vec<Effect>) -> bool {
    let jobs = jobs(effects);
    jobs.iter()
        .any(|job| matches!(job, Job::Lab(LabJob::JudgeFit { .. })))
}

#[test]
fn a_scenario_is_found_by_every_word_wherever_it_stands() {
    let card = ScenarioCard {
        id: "root-rotated".to_owned(),
        title: "A Root was rotated".to_owned(),
        summary: "The client trusts the old one.".to_owned(),
        look_for: "Unknown CA".to_owned(),
        heading: "From the field",
    };
    for (text, is_found) in [
        ("", true),
        ("  ", true),
        ("ROOT-ROT", true),
        ("root client", true),
        ("field unknown old", true),
        ("root nobody", false),
        ("nobody root", false),
        ("nobody", false),
    ] {
        assert_eq!(card.speaks_of(text), is_found, "{text:?}");
    }
}

#[test]
fn how_strict_a_side_is_and_what_it_is_limited_to_is_its_own() {
    let all = [
        Strictness::LeafOnly,
        Strictness::AllowsUnknown,
        Strictness::RefusesStale,
    ];
    for side in Side::BOTH {
        for strictness in all {
            let (mut state, ticket) = opened();
            state.absorb(GOOD.ran(ticket));
            for is_on in [true, false] {
                assert!(judges(lab(
                    &mut state,
                    LabCommand::SetStrictness(side, strictness, is_on)
                )));
                assert!(state.lab.is_setup_newer);
                let is =
                    |side, other: Strictness| other.of(&state.lab.setup.sides.of(side).policy.revocation);
                for other in all {
                    assert_eq!(is(side, other), is_on && other == strictness, "{other:?}");
                    assert!(!is(side.peer(), other));
                }
            }
        }
        let (mut state, _) = opened();
        for side in Side::BOTH {
            let limits = &mut state.lab.setup.sides.of_mut(side).policy.limits;
            limits.expected_peer = Some("spiffe://shop.example/orders".to_owned());
        }
        assert!(judges(lab(&mut state, LabCommand::LiftLimits(side))));
        let limits = |side| &state.lab.setup.sides.of(side).policy.limits;
        assert_eq!(*limits(side), Limits::default());
        assert_ne!(*limits(side.peer()), Limits::default());
    }
}

#[test]
fn what_is_declined_is_not_offered_again() {
    let mut state = State::default();
    let file = SlotFile {
        side: Side::Client,
        slot: SetupSlot::Trust,
        path: "/ca.pem".into(),
    };
    state.restore(Settings {
        files: vec![file],
        ..Settings::default()
    });
    assert_eq!(state.lab.last_files.len(), 1);
    assert!(lab(&mut state, LabCommand::DeclineLastFiles).is_empty());
    assert!(state.lab.last_files.is_empty());
    assert_eq!(state.settings.files.len(), 1, "they are still the last ones");
    assert!(lab(&mut state, LabCommand::LoadLastFiles).is_empty());
}

#[test]
fn the_same_files_again_are_not_remembered_anew() {
    let (mut state, _) = opened();
    let trust = state.lab.setup.sides.client.trust.certificates.to_vec();
    let mut put = |path: &str| {
        let content = Slot::of_certificates(SetupSlot::Trust, Source::File(path.into()), trust.clone());
        let effects = state.absorb(Done::Lab(LabDone::Read {
            sorted: vec![Sorted::Put(vec![Placement {
                side: Side::Client,
                slot: SetupSlot::Trust,
                content,
            }])],
            target: None,
        }));
        jobs(effects)
            .iter()
            .filter(|job| matches!(job, Job::Settings(_)))
            .count()
    };
    assert_eq!([put("/ca.pem"), put("/ca.pem"), put("/other.pem")], [1, 0, 1]);
}

#[test]
fn an_answer_puts_what_it_says_and_a_wrong_one_nothing() {
    for (index, is_put) in [(0, true), (1, false), (2, false)] {
        let (mut state, _) = opened();
        let placement = Placement {
            side: Side::Client,
            slot: SetupSlot::Trust,
            content: Slot::empty(SetupSlot::Trust),
        };
        let question = Question {
            title: String::new(),
            detail: String::new(),
            answers: vec![
                ("Here".to_owned(), vec![placement]),
                ("Nowhere".to_owned(), Vec::new()),
            ],
        };
        state.absorb(Done::Lab(LabDone::Read {
            sorted: vec![Sorted::Ask(Box::new(question))],
            target: None,
        }));
        lab(&mut state, LabCommand::Answer(index));
        assert!(state.dialogs.question.is_none());
        assert_eq!(state.lab.setup.sides.client.trust.is_empty(), is_put);
    }
}

/// A recording by its name, however it is packed, is opened; all else is material.
#[test]
fn what_is_dropped_is_a_session_or_material_by_its_name() {
    let opened = |name: &str| {
        let mut state = State::default();
        let path = std::path::PathBuf::from("/drop").join(name);
        match &jobs(lab(&mut state, LabCommand::LoadDropped(vec![path], None)))[..] {
            [Job::Document(DocumentJob::OpenSession(_))] => true,
            // What may be a pack of lessons is looked at first.
            [Job::Lab(LabJob::Read { target: None, .. }) | Job::Workshop(WorkshopJob::Sort { .. })] => false,
            other => panic!("{other:?}"),
        }
    };
    for (name, is_session) in [
        ("a.ron", true),
        ("a.RON", true),
        ("a.pcap", true),
        ("a.PcapNg", true),
        ("a.cap", true),
        ("a.pcap.gz", true),
        ("a.pcap.xz", true),
        ("a.cap.zst", true),
        ("a.pem", false),
        ("a.pem.xz", false),
        ("pcap", false),
        ("a.key", false),
        ("folder", false),
    ] {
        assert_eq!(opened(name), is_session, "{name}");
    }
}

#[test]
fn without_a_due_run_there_is_nothing_to_do() {
    let mut state = State::default();
    let far = Instant::now() + Duration::from_secs(10);
    assert_eq!(state.due(far).1, None);
    // A change before the identities are minted does not run: there is nothing to run yet.
    lab(&mut state, LabCommand::SetServerName("a.example".to_owned()));
    assert_eq!(state.lab.run, RunStatus::Starting);
    let (effects, left) = state.due(far);
    assert!(effects.is_empty() && left.is_none());
    assert_eq!(state.lab.run, RunStatus::Starting);
}

/// What is said where a run cannot begin: in the middle of an empty stage, or beside what stands there.
#[test]
fn a_run_that_cannot_begin_is_said_once() {
    for has_stage in [false, true] {
        let (mut state, ticket) = opened();
        let ticket = if has_stage {
            state.absorb(GOOD.ran(ticket));
            run_in(lab(&mut state, LabCommand::Run)).expect("a run").0
        } else {
            ticket
        };
        state.absorb(Done::Lab(LabDone::Ran {
            ticket,
            result: Err(RunError::Worker("No room.".to_owned())),
        }));
        assert_eq!(state.lab.run, RunStatus::CouldNotBegin("No room.".to_owned()));
        assert_eq!(trouble(&state).len(), usize::from(has_stage));
    }
    // A cancelled run is told, and is no trouble.
    let (mut state, ticket) = opened();
    state.absorb(Done::Lab(LabDone::Ran {
        ticket,
        result: Err(RunError::Lab(LabError::Cancelled)),
    }));
    let told: Vec<&str> = state.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(told, ["The run was cancelled."]);
    assert!(trouble(&state).is_empty());
}

/// A list of the set-up is taken as the run has read it, unless another came meanwhile.
#[test]
fn lists_that_a_run_read_again_are_taken_where_the_files_are_the_same() {
    let list = |file: &str, byte: u8| RevocationFile {
        file: Some(file.to_owned()),
        line: None,
        der: crate::capture::Der::from(vec![0x30, byte]),
        wrapping: None,
    };
    for (meanwhile, wanted) in [("/ca.crl", 2), ("/other.crl", 1)] {
        let (mut state, ticket) = opened();
        let known = &mut state.lab.setup.sides.server.policy.revocation;
        known.lists = vec![list(meanwhile, 1)];
        let Done::Lab(LabDone::Ran {
            result: Ok(mut ran), ..
        }) = GOOD.ran(ticket)
        else {
            unreachable!("it ran");
        };
        ran.setup.parties.server.policy.revocation.lists = vec![list("/ca.crl", 2)];
        state.absorb(Done::Lab(LabDone::Ran {
            ticket,
            result: Ok(ran),
        }));
        let known = &state.lab.setup.sides.server.policy.revocation;
        assert_eq!(known.lists[0].der.as_bytes(), [0x30, wanted], "{meanwhile}");
    }
}

/// The dots of a good pair, and what one change makes of them.
#[test]
fn a_dot_is_grey_where_nobody_judges_and_red_where_nobody_is_trusted() {
    let dots = |change: &dyn Fn(&mut Setup)| -> PerSide<[Fit; 3]> {
        let mut setup = *GOOD.setup();
        change(&mut setup);
        let mut all: PerSide<[Fit; 3]> = PerSide::default();
        for (side, slot, fit) in judge_fit(&setup, NOW_UNIX_S) {
            let at = SetupSlot::ALL
                .iter()
                .position(|one| *one == slot)
                .expect("a slot");
            all.of_mut(side)[at] = fit;
        }
        all
    };
    let good = [Fit::Good, Fit::Good, Fit::Good];
    let all = dots(&|_| {});
    assert_eq!((&all.client, &all.server), (&good, &good));
    let all = dots(&|setup| setup.client_auth = ClientAuth::None);
    assert_eq!(all.client, [Fit::Unknown, Fit::Good, Fit::Good]);
    assert_eq!(all.server, [Fit::Good, Fit::Good, Fit::Unknown]);
    let all = dots(&|setup| setup.sides.server.trust = Slot::empty(SetupSlot::Trust));
    let nobody = "nobody is trusted here, so the client’s certificate is refused";
    assert_eq!(all.client, [Fit::Unknown, Fit::Good, Fit::Good]);
    assert_eq!(all.server, [Fit::Good, Fit::Good, Fit::Bad(nobody.to_owned())]);
    let all = dots(&|setup| setup.sides.client.certificate = Slot::empty(SetupSlot::Certificate));
    assert_eq!(all.client, [Fit::Unknown, Fit::Unknown, Fit::Good]);
    assert_eq!(all.server, [Fit::Good, Fit::Good, Fit::Unknown]);
}
