//! Fetched, pasted and gone to: each answer finds its own request, each text its own place.

use super::tried::*;
use crate::capture::{RevocationFile, Side};
use crate::fetch::{Kind, Place};
use crate::net::Reach;
use crate::pki::Bundle;
use crate::state::*;
use std::path::PathBuf;
use std::sync::Arc;

fn place(kind: Kind, url: &str) -> Place {
    Place {
        kind,
        whose: "orders".to_owned(),
        urls: vec![format!("http://ca.example/{url}")],
    }
}

fn fetch(state: &mut State, place: &Place) -> u64 {
    let command = FetchCommand::Fetch(Side::Server, place.clone(), Reach::Public);
    match &jobs(state.apply(Command::Fetch(command)))[..] {
        [Job::Fetch(FetchJob { ticket, .. })] => *ticket,
        other => panic!("{other:?}"),
    }
}

fn answer(state: &mut State, ticket: u64, result: Result<Bundle, &str>, is_private: bool) -> Vec<Effect> {
    state.absorb(Done::Fetch(FetchDone {
        ticket,
        result: result.map_err(str::to_owned),
        is_private,
    }))
}

fn ran() -> State {
    let (mut state, ticket) = opened();
    state.absorb(GOOD.ran(ticket));
    state
}

/// The issuer's certificate from this address.
fn issuer(url: &str) -> Bundle {
    let mut one = GOOD.lab.parties.client.trust[0].clone();
    one.file = Some(format!("http://ca.example/{url}"));
    Bundle {
        certificates: vec![one],
        ..Bundle::default()
    }
}

#[test]
fn two_places_are_asked_side_by_side() {
    let mut state = ran();
    let (a, b) = (place(Kind::Issuer, "a"), place(Kind::Issuer, "b"));
    let _ = fetch(&mut state, &a);
    let second = fetch(&mut state, &b);
    let asked = |state: &State| [state.fetching(&a).is_some(), state.fetching(&b).is_some()];
    assert_eq!(asked(&state), [true, true]);
    // The second answers first; the first is given up, and the other stays.
    state.apply(Command::Fetch(FetchCommand::CancelFetch(a.clone())));
    assert_eq!(asked(&state), [false, true]);
    let (again, other) = (fetch(&mut state, &a), place(Kind::Issuer, "other"));
    state.apply(Command::Fetch(FetchCommand::CancelFetch(other)));
    assert_eq!(asked(&state), [true, true]);
    assert!(answer(&mut state, second, Err("refused"), true).is_empty());
    assert_eq!(asked(&state), [true, false]);
    assert!(answer(&mut state, second, Err("refused"), true).is_empty());
    assert_eq!(trouble(&state), ["refused"]);
    assert!(answer(&mut state, again, Err("nobody answers"), false).is_empty());
    // What was refused as private is known for it until it is asked again, each by itself.
    let refused = |state: &State| [state.is_refused_as_private(&a), state.is_refused_as_private(&b)];
    assert_eq!(refused(&state), [false, true]);
    let first = fetch(&mut state, &a);
    answer(&mut state, first, Err("refused"), true);
    assert_eq!(refused(&state), [true, true]);
    fetch(&mut state, &b);
    assert_eq!(refused(&state), [true, false]);
}

#[test]
fn what_came_is_used_at_once_unless_a_run_is_under_way() {
    let mut state = ran();
    let a = place(Kind::Issuer, "a");
    assert!(!state.lab.setup.has_fetched(&a, Side::Server));
    let ticket = fetch(&mut state, &a);
    let effects = answer(&mut state, ticket, Ok(issuer("a")), false);
    assert!(run_in(effects).is_some() && state.is_running());
    assert!(state.lab.setup.has_fetched(&a, Side::Server));
    let (b, list) = (place(Kind::Issuer, "b"), place(Kind::List, "a"));
    assert!(!state.lab.setup.has_fetched(&b, Side::Server));
    let ticket = fetch(&mut state, &b);
    assert!(
        run_in(answer(&mut state, ticket, Ok(issuer("b")), false)).is_none(),
        "one is under way"
    );
    let known: Vec<_> = state
        .lab
        .setup
        .known
        .iter()
        .filter_map(|one| one.file.as_deref())
        .collect();
    assert_eq!(known, ["http://ca.example/a", "http://ca.example/b"]);
    let words = "The issuer of orders is at hand now; nobody sends it.";
    assert_eq!(
        state.notes.iter().filter(|note| note.text == words).count(),
        1,
        "the same is said once"
    );
    // A list is one side's.
    let from = |file: Option<&str>| RevocationFile {
        file: file.map(str::to_owned),
        line: None,
        der: crate::capture::Der::from(vec![0x30, 0]),
        wrapping: None,
    };
    for (file, has) in [
        (None, false),
        (Some("http://ca.example/b"), false),
        (Some("http://ca.example/a"), true),
    ] {
        let known = &mut state.lab.setup.sides.server.policy.revocation;
        known.lists = vec![from(file)];
        assert_eq!(state.lab.setup.has_fetched(&list, Side::Server), has, "{file:?}");
        assert!(!state.lab.setup.has_fetched(&list, Side::Client));
    }
}

#[test]
fn a_pasted_text_is_a_known_error_or_it_is_material() {
    let error = "routines:tls_process_server_certificate:certificate verify failed";
    for (text, is_error) in [
        (error.to_owned(), true),
        ("hello".to_owned(), false),
        (String::new(), false),
        (format!("-----BEGIN CERTIFICATE-----\n{error}"), false),
    ] {
        let mut state = ran();
        let asked = jobs(lab(&mut state, LabCommand::Paste(text.clone(), None)));
        assert_eq!(state.dialogs.is_pasting, is_error, "{text}");
        let is_read = matches!(&asked[..], [Job::Lab(LabJob::Read { .. })]);
        assert_eq!(is_read, !is_error, "{text}");
        assert_eq!(state.pasted.text.is_empty(), !is_error);
        assert_eq!(state.pasted.settled.is_empty(), !is_error);
    }
}

#[test]
fn tabs_that_are_not_there_are_not_gone_to() {
    let mut state = ran();
    let document = |state: &mut State, command| state.apply(Command::Document(command));
    for index in [1, 99] {
        assert!(document(&mut state, DocumentCommand::ShowDocument(index)).is_empty());
        assert!(document(&mut state, DocumentCommand::CloseDocument(index)).is_empty());
        assert_eq!((state.active, state.documents.len()), (Some(0), 1));
    }
    document(&mut state, DocumentCommand::CloseHere);
    assert_eq!(
        state.documents.len(),
        1,
        "the user's own files have no other place"
    );
    document(&mut state, DocumentCommand::CloseDocument(0));
    assert_eq!((state.active, state.documents.len()), (None, 0));
    assert_eq!(state.selection, Selection::Nothing);
    assert_eq!(state.playback.steps(), 0);
}

/// A list keeps its own connection: the other list's is no business of its.
#[test]
fn each_connection_leads_back_to_its_own_list() {
    let mut state = ran();
    for file in ["/one.pcap", "/two.pcap"] {
        let path = PathBuf::from(file);
        state.absorb(Done::Document(DocumentDone::IsPackets(path.clone())));
        state.show(Document {
            connection: Some(Connection { file: path, row: 0 }),
            ..Document::new(file.to_owned(), String::new(), Arc::new((*GOOD.analysis).clone()))
        });
    }
    let title = |state: &State| state.document().map(|one| one.title.clone()).unwrap_or_default();
    assert_eq!((title(&state).as_str(), state.documents.len()), ("/two.pcap", 3));
    for (index, list) in [(1, "/one.pcap"), (2, "/two.pcap")] {
        state.apply(Command::Document(DocumentCommand::ShowDocument(index)));
        state.apply(Command::Packets(PacketCommand::BackToList));
        assert_eq!(state.list().map(|one| one.path.clone()), Some(list.into()));
    }
    // Closing the second's list takes the second's connection along, and nothing else.
    state.apply(Command::Packets(PacketCommand::CloseList("/two.pcap".into())));
    let titles: Vec<&str> = state.documents.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(titles.len(), 2);
    assert_eq!(titles[1], "/one.pcap");
    assert_eq!(state.packets.lists.len(), 1);
    // From a run there is no way back to a list.
    state.apply(Command::Document(DocumentCommand::ShowDocument(0)));
    state.apply(Command::Packets(PacketCommand::BackToList));
    assert!(state.list().is_none());
    // A reading that went wrong is told, and is not offered again.
    state.settings.recent = vec!["/one.pcap".into(), "/two.pcap".into()];
    let effects = state.absorb(Done::Document(DocumentDone::IsPackets("/two.pcap".into())));
    let Some(Job::Packets(PacketJob::Open { cancel, .. })) = jobs(effects).pop() else {
        panic!("it is read");
    };
    let result = Err("it is no capture".to_owned());
    let path = PathBuf::from("/two.pcap");
    state.absorb(Done::Packets(PacketDone::Read { path, cancel, result }));
    assert_eq!(trouble(&state), ["it is no capture"]);
    assert_eq!(state.settings.recent, [PathBuf::from("/one.pcap")]);
    assert_eq!(state.packets.lists.len(), 1);
}

#[test]
fn the_needle_stands_at_the_clock_of_the_client() {
    let mut state = ran();
    state.now_unix_s = NOW_UNIX_S;
    let clocks = |state: &mut State, client, server| {
        state.lab.setup.sides.client.policy.clock_unix_s = client;
        state.lab.setup.sides.server.policy.clock_unix_s = server;
        (state.needle_unix_s(), state.clocks_differ())
    };
    for (client, server, wanted) in [
        (None, None, (NOW_UNIX_S, false)),
        (Some(5), Some(5), (5, false)),
        (Some(5), None, (5, true)),
        (None, Some(6), (NOW_UNIX_S, true)),
        (Some(5), Some(6), (5, true)),
    ] {
        assert_eq!(clocks(&mut state, client, server), wanted);
    }
    state.apply(Command::Time(TimeCommand::DragNeedle(7)));
    assert_eq!(
        state.needle_unix_s(),
        crate::experiment::time::FIRST_UNIX_S.max(7)
    );
    state.apply(Command::Time(TimeCommand::DragNeedle(i64::MAX)));
    assert_eq!(state.needle_unix_s(), crate::experiment::time::LAST_UNIX_S);
    lab(&mut state, LabCommand::SetClock(Some(9)));
    assert_eq!((state.needle_unix_s(), state.clocks_differ()), (9, false));
}

/// The dots tell how a run will end: not before it has ended, unless the files are others.
#[test]
fn the_dots_wait_for_the_end_of_the_run_on_the_stage() {
    let mut state = ran();
    for (position, is_newer, shows) in [
        (None, false, true),
        (Some(1.0), false, false),
        (Some(1.0), true, true),
        (None, true, true),
    ] {
        state.lab.is_setup_newer = is_newer;
        let command = position.map_or(ViewCommand::Last, ViewCommand::Seek);
        state.apply(Command::View(command));
        assert_eq!(state.shows_fits(), shows, "{position:?} {is_newer}");
    }
    // A session is another matter than the set-up.
    state.absorb(Done::Document(DocumentDone::Opened {
        path: "/a.ron".into(),
        session: Ok(Box::new(Opened {
            step_notes: crate::session::StepNotes::default(),
            title: "a".to_owned(),
            notes: String::new(),
            analysis: Arc::new((*GOOD.analysis).clone()),
        })),
    }));
    state.lab.is_setup_newer = false;
    state.apply(Command::View(ViewCommand::Seek(1.0)));
    assert!(state.shows_fits());
}
