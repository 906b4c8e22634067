//! A list of connections: filtered, sorted, walked through; and answers that come late.

use std::path::Path;

use super::*;
use crate::capture::KeyLog;
use crate::source::packets::PacketIndex;

use crate::state::{
    Command, DocumentDone, Done, Effect, Job, NoteKind, PacketCommand, PacketDone, PacketJob, State,
};
use crate::survey::Column;

/// Three recordings in one file, of which the second and the third were refused.
fn survey(folder: &Path) -> Arc<Survey> {
    let carried = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/carried");
    let mut bytes = Vec::new();
    for name in ["openvpn-udp", "eapol-refused", "eap-tls-refused"] {
        let one = std::fs::read(carried.join(format!("{name}.pcap"))).expect("a recording");
        let begins = if bytes.is_empty() { 0 } else { 24 };
        bytes.extend_from_slice(&one[begins..]);
    }
    let path = folder.join("three.pcap");
    std::fs::write(&path, bytes).expect("written");
    let cancel = Cancel::default();
    let index = PacketIndex::open(&path, &cancel, &mut |_| {}).expect("a capture");
    Arc::new(Survey::of(index, KeyLog::default(), &cancel, &|_, _| {}).expect("a survey"))
}

fn packets(state: &mut State, command: PacketCommand) -> Vec<Effect> {
    state.apply(Command::Packets(command))
}

/// The connection that is asked for: its ticket and its row.
fn asked(effects: Vec<Effect>) -> Option<(u64, usize)> {
    effects.into_iter().find_map(|effect| match effect {
        Effect::Work(Job::Packets(PacketJob::Connection { ticket, row, .. })) => Some((ticket, row)),
        _ => None,
    })
}

fn read(state: &mut State) -> Arc<Survey> {
    let folder = tempfile::tempdir().expect("a folder");
    let survey = survey(folder.path());
    let path = survey.index.path.clone();
    state.absorb(Done::Document(DocumentDone::IsPackets(path.clone())));
    let cancel = state.list().expect("a list").cancel.clone();
    state.absorb(Done::Packets(PacketDone::Read {
        path,
        cancel,
        result: Ok((Arc::clone(&survey), Vec::new())),
    }));
    survey
}

/// The rows that are shown, and the one under the cursor.
fn shown(state: &State) -> (Vec<usize>, Option<usize>) {
    let list = state.list().expect("a list");
    (list.shown.clone(), list.shown.get(list.cursor).copied())
}

#[test]
fn the_row_that_was_chosen_stays_chosen_while_it_is_shown() {
    let mut state = State::default();
    let survey = read(&mut state);
    assert_eq!(survey.rows.len(), 3);
    assert_eq!(shown(&state), (vec![0, 1, 2], Some(0)));
    let failed: Vec<usize> = (0..3)
        .filter(|row| {
            let filter = Filter {
                failed: true,
                ..Filter::default()
            };
            filter.lets_through(&survey.rows[*row])
        })
        .collect();
    assert_eq!(failed.len(), 2);
    let held_back = (0..3).find(|row| !failed.contains(row)).expect("one went well");
    let to = |state: &mut State, by| {
        packets(state, PacketCommand::MoveCursor(by));
    };
    let set = |state: &mut State, failed| {
        packets(
            state,
            PacketCommand::SetFilter(Filter {
                failed,
                ..Filter::default()
            }),
        );
    };
    // Up and down to the ends and no further.
    for (by, at) in [
        (-1, 0),
        (1, 1),
        (1, 2),
        (1, 2),
        (-2, 0),
        (i32::MAX, 2),
        (i32::MIN, 0),
        (2, 2),
    ] {
        to(&mut state, by);
        assert_eq!(shown(&state).1, Some(at), "{by}");
    }
    to(&mut state, i32::MIN);
    to(&mut state, i32::try_from(failed[1]).expect("small"));
    set(&mut state, true);
    assert_eq!(shown(&state), (failed.clone(), Some(failed[1])));
    set(&mut state, false);
    assert_eq!(shown(&state), (vec![0, 1, 2], Some(failed[1])));
    // What the filter holds back is found again once it lets it through.
    to(&mut state, i32::MIN);
    to(&mut state, i32::try_from(held_back).expect("small"));
    set(&mut state, true);
    assert_eq!(shown(&state), (failed.clone(), Some(failed[0])));
    set(&mut state, false);
    assert_eq!(shown(&state).1, Some(held_back));
    // By a column upwards, downwards, and as in the file; the cursor goes along.
    for order in [vec![0, 1, 2], vec![2, 1, 0], vec![0, 1, 2]] {
        packets(&mut state, PacketCommand::SortBy(Column::Number));
        assert_eq!(shown(&state), (order, Some(held_back)));
    }
    assert_eq!(state.list().expect("a list").order, None);
    // Nothing is let through: nothing is under the cursor, and nothing opens.
    let none = Filter {
        text: "no such thing".to_owned(),
        ..Filter::default()
    };
    packets(&mut state, PacketCommand::SetFilter(none));
    assert_eq!(shown(&state), (vec![], None));
    to(&mut state, 1);
    assert_eq!(asked(packets(&mut state, PacketCommand::OpenConnection(0))), None);
}

#[test]
fn only_the_latest_connection_that_was_asked_for_opens() {
    let mut state = State::default();
    let survey = read(&mut state);
    let path = survey.index.path.clone();
    let done = |(ticket, row): (u64, usize), is_good: bool| {
        let analysis = survey
            .analysis(&survey.rows[row])
            .map_err(|error| error.to_string());
        Done::Packets(PacketDone::Connection {
            ticket,
            path: path.clone(),
            row,
            result: if is_good {
                analysis.map(Arc::new)
            } else {
                Err("it is gone".to_owned())
            },
        })
    };
    packets(&mut state, PacketCommand::SortBy(Column::Number));
    packets(&mut state, PacketCommand::SortBy(Column::Number));
    let first = asked(packets(&mut state, PacketCommand::OpenConnection(0))).expect("it is opened");
    let second = asked(packets(&mut state, PacketCommand::OpenConnection(1))).expect("it is opened");
    assert_eq!((first.1, second.1), (2, 1), "places of the list, not of the file");
    assert_ne!(first.0, second.0);
    assert_eq!(state.list().expect("a list").opening, Some(1));
    state.absorb(done(first, true));
    assert!(
        state.documents.is_empty() && state.list().is_some(),
        "it was given up"
    );
    state.absorb(done(second, true));
    let from = |state: &State| {
        state
            .document()
            .and_then(|document| document.connection.as_ref().map(|from| from.row))
    };
    assert_eq!((state.documents.len(), from(&state)), (1, Some(1)));
    assert!(state.list().is_none());
    state.absorb(done(second, true));
    assert_eq!(state.documents.len(), 1, "an answer is taken once");
    // To its neighbours, and no further than the ends.
    assert_eq!(state.place_in_list(), Some((0, 1, 3)));
    for (by, row) in [(1, Some(0)), (-1, Some(2)), (2, None), (-2, None), (0, Some(1))] {
        assert_eq!(
            asked(packets(&mut state, PacketCommand::StepConnection(by))).map(|(_, row)| row),
            row,
            "{by}"
        );
    }
    let next = asked(packets(&mut state, PacketCommand::StepConnection(1))).expect("it is opened");
    state.absorb(done(next, true));
    assert_eq!(
        (state.documents.len(), from(&state)),
        (1, Some(0)),
        "it takes the other's place"
    );
    assert_eq!(state.place_in_list(), Some((0, 2, 3)));
    assert_eq!(asked(packets(&mut state, PacketCommand::StepConnection(1))), None);
    // One that cannot be opened is told, and leaves what is there.
    let failing = asked(packets(&mut state, PacketCommand::StepConnection(-1))).expect("it is asked for");
    state.absorb(done(failing, false));
    let told: Vec<&str> = state
        .notes
        .iter()
        .filter(|note| note.kind == NoteKind::Trouble)
        .map(|note| note.text.as_str())
        .collect();
    assert_eq!((told, from(&state)), (vec!["it is gone"], Some(0)));
    packets(&mut state, PacketCommand::BackToList);
    assert_eq!(state.list().map(PacketList::title).as_deref(), Some("three.pcap"));
    assert_eq!(state.list().expect("a list").opening, None);
    // With its list the connection is closed.
    packets(&mut state, PacketCommand::CloseList(path));
    assert!(state.packets.lists.is_empty() && state.documents.is_empty() && state.list().is_none());
}

/// Of several lists each is its own: the one that is closed goes, and the one in the middle stays.
#[test]
fn closing_another_list_leaves_the_one_in_the_middle() {
    let open = || {
        let mut state = State::default();
        for name in ["a", "b", "c"] {
            state.absorb(Done::Document(DocumentDone::IsPackets(
                format!("/{name}.pcap").into(),
            )));
        }
        state
    };
    let titles =
        |state: &State| -> Vec<String> { state.packets.lists.iter().map(PacketList::title).collect() };
    for (here, closed, in_the_middle) in [
        (2, "a", "c.pcap"),
        (2, "b", "c.pcap"),
        (0, "b", "a.pcap"),
        (1, "a", "b.pcap"),
        (1, "c", "b.pcap"),
        // The one that was shown before it.
        (2, "c", "b.pcap"),
        (0, "a", "c.pcap"),
        (0, "none", "a.pcap"),
    ] {
        let mut state = open();
        packets(&mut state, PacketCommand::ShowList(here));
        let cancels: Vec<Cancel> = state
            .packets
            .lists
            .iter()
            .map(|list| list.cancel.clone())
            .collect();
        let before = titles(&state);
        packets(
            &mut state,
            PacketCommand::CloseList(format!("/{closed}.pcap").into()),
        );
        assert_eq!(
            state.list().map(PacketList::title).as_deref(),
            Some(in_the_middle),
            "{here}, {closed}"
        );
        let gone = format!("{closed}.pcap");
        let left: Vec<String> = before.iter().filter(|title| **title != gone).cloned().collect();
        assert_eq!(titles(&state), left);
        for (title, cancel) in before.iter().zip(cancels) {
            assert_eq!(cancel.is_cancelled(), *title == gone, "{title}");
        }
    }
}
