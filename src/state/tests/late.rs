//! Late: answers that come after what they were for was closed, left or changed.

use super::tried::*;
use crate::cancel::Cancel;
use crate::capture::Side;
use crate::fetch::{Kind, Place};
use crate::net::Reach;
use crate::setup::TlsVersion;
use crate::state::lab::file_name;
use crate::state::*;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

#[test]
fn what_was_fetched_is_looked_at_once_and_only_while_awaited() {
    let (mut state, ticket) = opened();
    state.absorb(GOOD.ran(ticket));
    let place = Place {
        kind: Kind::Issuer,
        whose: "orders".to_owned(),
        urls: vec!["http://ca.example/ca.der".to_owned()],
    };
    let fetch = |state: &mut State, place: &Place| {
        let command = FetchCommand::Fetch(Side::Server, place.clone(), Reach::Public);
        jobs(state.apply(Command::Fetch(command)))
    };
    let asked = fetch(&mut state, &place);
    let [Job::Fetch(FetchJob { ticket, cancel, .. })] = &asked[..] else {
        panic!("it is asked for");
    };
    assert!(fetch(&mut state, &place).is_empty(), "it is under way");
    state.apply(Command::Fetch(FetchCommand::CancelFetch(place.clone())));
    assert!(cancel.is_cancelled() && state.fetching(&place).is_none());
    let failed = |ticket| {
        Done::Fetch(FetchDone {
            ticket,
            result: Err("nobody answers".to_owned()),
            is_private: false,
        })
    };
    assert!(state.absorb(failed(*ticket)).is_empty());
    assert!(trouble(&state).is_empty());
    let again = fetch(&mut state, &place);
    let [Job::Fetch(FetchJob { ticket, .. })] = &again[..] else {
        panic!("it is asked for again");
    };
    state.absorb(failed(*ticket));
    assert_eq!(trouble(&state), ["nobody answers"]);
    assert!(state.fetching(&place).is_none());
}

#[test]
fn an_older_time_line_is_not_drawn_and_one_given_up_leaves_the_last() {
    let (mut state, _) = opened();
    let line = crate::experiment::time::time_line(&GOOD.lab, NOW_UNIX_S, &Cancel::default()).map(Arc::new);
    let done = |ticket, line| Done::Time(TimeDone { ticket, line });
    assert!(state.lab.is_setup_newer || state.time.ticket == 0);
    assert_eq!(
        jobs(state.apply(Command::Time(TimeCommand::ToggleTimeMachine))).len(),
        1
    );
    let older = state.time.ticket;
    lab(&mut state, LabCommand::SetVersions(vec![TlsVersion::Tls12]));
    assert!(state.time.ticket > older);
    state.absorb(done(older, line.clone()));
    assert!(state.time.line.is_none());
    state.absorb(done(state.time.ticket, line));
    assert!(state.time.line.is_some());
    state.absorb(done(state.time.ticket, None));
    assert!(state.time.line.is_some());
}

#[test]
fn a_directory_that_was_left_is_not_listed_and_an_old_dialog_is_not_heard() {
    let (mut state, _) = opened();
    let file = |state: &mut State, command| jobs(state.apply(Command::File(command)));
    let first = file(&mut state, FileCommand::ChooseFile(Side::Client, SetupSlot::Key));
    let [Job::File(FileJob::AskSystem { ticket, cancel, .. })] = &first[..] else {
        panic!("the system is asked");
    };
    file(&mut state, FileCommand::ChooseFile(Side::Server, SetupSlot::Key));
    assert!(cancel.is_cancelled());
    let answered = Done::File(FileDone::SystemAnswered {
        ticket: *ticket,
        path: Some("/k.pem".into()),
    });
    assert!(state.absorb(answered).is_empty());
    assert!(state.dialogs.waiting_for_system.is_some());
    file(&mut state, FileCommand::UseOwnPicker);
    let listed = |directory: &str, name: &str| {
        Done::File(FileDone::Listed {
            directory: directory.into(),
            entries: Ok(vec![Entry {
                name: name.to_owned(),
                path: PathBuf::from(directory).join(name),
                is_directory: false,
                bytes: None,
                changed_unix_s: None,
            }]),
        })
    };
    file(&mut state, FileCommand::PickerGoTo("/slow".into()));
    file(&mut state, FileCommand::PickerGoTo("/fast".into()));
    state.absorb(listed("/fast", "a"));
    state.absorb(listed("/slow", "b"));
    let picker = state.dialogs.picker.as_ref().expect("it is open");
    assert_eq!(
        (
            file_name(&picker.directory).as_str(),
            picker.entries[0].name.as_str()
        ),
        ("fast", "a")
    );
    // Letters and Enter may come in one frame: Enter means what was typed by then.
    file(&mut state, FileCommand::PickerFilter("nothing".to_owned()));
    assert!(file(&mut state, FileCommand::PickerEnterFilter).is_empty());
    file(&mut state, FileCommand::PickerType("../".to_owned()));
    file(&mut state, FileCommand::PickerEnterPath);
    assert!(state.dialogs.picker.is_some(), "a directory is gone to");
    file(&mut state, FileCommand::PickerType("/fast/a".to_owned()));
    file(&mut state, FileCommand::PickerEnterPath);
    assert!(state.dialogs.picker.is_none(), "a file is taken");
    state.absorb(listed("/fast", "c"));
    assert!(state.dialogs.picker.is_none());
}

#[test]
fn what_ends_after_its_capture_was_closed_opens_nothing() {
    let (mut state, ticket) = opened();
    state.absorb(GOOD.ran(ticket));
    let path = PathBuf::from("/a.pcap");
    let open = |state: &mut State| {
        let done = DocumentDone::IsPackets(path.clone());
        match jobs(state.absorb(Done::Document(done))).remove(0) {
            Job::Packets(PacketJob::Open { cancel, .. }) => cancel,
            job => panic!("{job:?}"),
        }
    };
    let first = open(&mut state);
    let second = open(&mut state);
    assert!(first.is_cancelled() && !second.is_cancelled());
    let read = |cancel: &Cancel| {
        Done::Packets(PacketDone::Read {
            path: path.clone(),
            cancel: cancel.clone(),
            result: Err("no capture".to_owned()),
        })
    };
    let progress = |cancel: &Cancel| {
        Done::Packets(PacketDone::Progress {
            path: path.clone(),
            cancel: cancel.clone(),
            what: "Reading packets",
            fraction: 0.5,
            words: String::new(),
        })
    };
    state.absorb(progress(&first));
    assert!(matches!(state.packets.lists[0].phase, Phase::Reading { fraction, .. } if fraction < 0.1));
    state.absorb(progress(&second));
    assert!(matches!(state.packets.lists[0].phase, Phase::Reading { fraction, .. } if fraction > 0.1));
    state.absorb(read(&first));
    assert_eq!(state.packets.lists.len(), 1);
    assert!(trouble(&state).is_empty());
    state.apply(Command::Packets(PacketCommand::CloseList(path.clone())));
    assert!(second.is_cancelled() && state.packets.open.is_none());
    state.absorb(read(&second));
    let connection = PacketDone::Connection {
        ticket: 1,
        path: path.clone(),
        row: 0,
        result: Ok(Arc::clone(&GOOD.analysis)),
    };
    state.absorb(Done::Packets(connection));
    assert!(trouble(&state).is_empty() && state.documents.len() == 1);
}

#[test]
fn a_save_that_ends_after_its_tab_was_closed_is_told_and_marks_no_other() {
    let mut state = failed();
    let saved = |result| {
        let job = SavingJob {
            path: "/x.ron".into(),
            words: Words::default(),
            leaves_secrets_out: false,
            analysis: Arc::clone(&GOOD.analysis),
        };
        Done::Saving(SavingDone { job, result })
    };
    state.absorb(saved(Ok(())));
    assert!(
        state
            .document()
            .is_some_and(|document| !document.title.is_empty() && document.path.is_none())
    );
    assert_eq!(state.settings.recent, [PathBuf::from("/x.ron")]);
    state.absorb(saved(Err("the disk is full".to_owned())));
    assert_eq!(trouble(&state), ["the disk is full"]);
}

#[test]
fn so_many_recent_files_are_kept_newest_first_each_once() {
    let mut state = State::default();
    for number in (0..15).chain([7]) {
        state.add_recent(format!("{number}.ron").into());
    }
    let kept: Vec<String> = state.settings.recent.iter().map(|path| file_name(path)).collect();
    assert_eq!(kept.len(), 10);
    assert_eq!(kept[..3], ["7.ron", "14.ron", "13.ron"]);
}

#[test]
fn a_changed_set_up_runs_by_itself_once_it_was_left_alone() {
    let (mut state, ticket) = opened();
    state.absorb(GOOD.ran(ticket));
    let far = || Instant::now() + Duration::from_secs(10);
    assert!(state.due(far()).0.is_empty(), "nothing was changed");
    lab(&mut state, LabCommand::SetVersions(vec![TlsVersion::Tls12]));
    let (effects, left) = state.due(Instant::now());
    assert!(effects.is_empty() && left.is_some_and(|left| left <= Duration::from_millis(150)));
    let (first, cancel) = run_in(state.due(far()).0).expect("it runs");
    assert!(state.due(far()).0.is_empty(), "once");
    // A change during the run runs in its place.
    lab(&mut state, LabCommand::SetVersions(Vec::new()));
    let (second, _) = run_in(state.due(far()).0).expect("it runs again");
    assert!(cancel.is_cancelled());
    state.absorb(FAILING.ran(first));
    assert!(state.is_running());
    state.absorb(GOOD.ran(second));
    assert!(Arc::ptr_eq(state.analysis().expect("a run"), &GOOD.analysis));
    // While the needle is dragged nothing runs; and nothing where the reader does not want it.
    lab(&mut state, LabCommand::SetVersions(Vec::new()));
    state.apply(Command::Time(TimeCommand::DragNeedle(NOW_UNIX_S)));
    assert!(state.due(far()).0.is_empty());
    lab(&mut state, LabCommand::SetClock(None));
    state.apply(Command::Settings(SettingsCommand::SetRunsByItself(false)));
    assert!(state.due(far()).0.is_empty());
    lab(&mut state, LabCommand::SetClock(Some(NOW_UNIX_S)));
    assert!(state.due(far()).0.is_empty());
}

#[test]
fn the_files_of_the_last_time_are_offered_and_only_their_paths_are_kept() {
    let (mut state, _) = opened();
    let trust = state.lab.setup.sides.client.trust.certificates.to_vec();
    let effects = state.absorb(Done::Lab(LabDone::Read {
        sorted: vec![Sorted::Put(vec![Placement {
            side: Side::Client,
            slot: SetupSlot::Trust,
            content: Slot::of_certificates(SetupSlot::Trust, Source::File("/ca.pem".into()), trust),
        }])],
        target: None,
    }));
    let saved = jobs(effects).into_iter().find_map(|job| match job {
        Job::Settings(SettingsJob(settings)) => Some(settings),
        _ => None,
    });
    let saved = saved.expect("it is remembered");
    assert_eq!(saved.files.len(), 1);
    assert_eq!(saved.files[0].path, PathBuf::from("/ca.pem"));
    let mut next = State::default();
    next.restore(saved);
    assert_eq!(next.lab.last_files.len(), 1);
    let reads = jobs(lab(&mut next, LabCommand::LoadLastFiles));
    assert!(
        matches!(
            &reads[..],
            [Job::Lab(LabJob::Read {
                target: Some((Side::Client, SetupSlot::Trust)),
                ..
            })]
        ),
        "{reads:?}"
    );
    assert!(lab(&mut next, LabCommand::LoadLastFiles).is_empty(), "once");
}

/// The dialog of the system fails when it likes: at once ours opens in its place, later ours is offered.
#[test]
fn a_system_dialog_that_gives_nothing_is_never_a_dead_end() {
    let ask = |state: &mut State| {
        let command = FileCommand::ChooseFile(Side::Client, SetupSlot::Key);
        let asked = jobs(state.apply(Command::File(command)));
        let [Job::File(FileJob::AskSystem { ticket, .. })] = &asked[..] else {
            panic!("the system is asked");
        };
        Done::File(FileDone::SystemAnswered {
            ticket: *ticket,
            path: None,
        })
    };
    let asked_before = |state: &mut State, before: Duration| {
        let waiting = state.dialogs.waiting_for_system.as_mut().expect("it waits");
        waiting.since = waiting.since.checked_sub(before).expect("a clock that has run");
    };
    for before in [Duration::from_millis(300), Duration::from_secs(40)] {
        let (mut state, _) = opened();
        let nothing = ask(&mut state);
        asked_before(&mut state, before);
        state.absorb(nothing);
        assert!(state.dialogs.waiting_for_system.is_none() && state.dialogs.picker.is_none());
        assert!(
            state.dialogs.without_file.is_some(),
            "after {before:?} ours is offered"
        );
        state.apply(Command::File(FileCommand::UseOwnPicker));
        let picker = state.dialogs.picker.as_ref().expect("ours is open");
        assert_eq!(picker.purpose, PickPurpose::Slot(Side::Client, SetupSlot::Key));
        assert!(state.dialogs.without_file.is_none());
    }
    // Nobody has to answer: it goes by itself, by Escape, and with the next request.
    let (mut state, _) = opened();
    let nothing = ask(&mut state);
    asked_before(&mut state, Duration::from_secs(2));
    state.absorb(nothing);
    let soon = Instant::now();
    assert!(state.dialogs.clone().expire_offer(soon).is_some());
    assert!(
        state
            .dialogs
            .clone()
            .expire_offer(soon + Duration::from_mins(1))
            .is_none()
    );
    let mut late = state.dialogs.clone();
    late.expire_offer(soon + Duration::from_mins(1));
    assert!(late.without_file.is_none());
    ask(&mut state);
    assert!(state.dialogs.without_file.is_none());
    state.apply(Command::Window(WindowCommand::Dismiss));
    assert!(state.dialogs.waiting_for_system.is_none());
}
