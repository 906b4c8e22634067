//! The list of connections: sorted and filtered, with the same connection chosen.

use std::sync::Arc;

use super::tried::*;
use crate::cancel::Cancel;
use crate::capture::KeyLog;
use crate::diagnose::Verdict;
use crate::source::packets::PacketIndex;
use crate::state::*;
use crate::survey::{ClientCertificate, Column, Filter, Row, Survey};

/// A file with no packets.
const EMPTY: [u8; 24] = [
    0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
];

/// A list of so many connections is in the middle: every third was rejected, names go down as numbers go up.
fn listed(count: usize) -> State {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("a.pcap");
    std::fs::write(&path, EMPTY).expect("written");
    let index = PacketIndex::open(&path, &Cancel::default(), &mut |_| ()).expect("read");
    let mut survey = Survey::of(index, KeyLog::default(), &Cancel::default(), &|_, _| ()).expect("surveyed");
    survey.rows = (0..count)
        .map(|number| {
            let verdict = if number % 3 == 1 {
                Verdict::Rejected
            } else {
                Verdict::Accepted
            };
            Row {
                connection: number,
                started_at_unix_us: number as i64,
                client: format!("10.0.0.1:{}", 1000 + number),
                server: "10.0.0.2:443".to_owned(),
                sni: Some(format!("name{:05}", count - number)),
                version: None,
                preamble: None,
                tunnel: None,
                carrier: None,
                client_said: None,
                client_certificate: ClientCertificate::Sent,
                began_before_recording: false,
                verdict,
                ending: verdict.word().to_owned(),
                payload_bytes: 1,
            }
        })
        .collect();
    let mut state = failed();
    let effects = state.absorb(Done::Document(DocumentDone::IsPackets("/a.pcap".into())));
    let cancel = jobs(effects).into_iter().find_map(|job| match job {
        Job::Packets(PacketJob::Open { cancel, .. }) => Some(cancel),
        _ => None,
    });
    state.absorb(Done::Packets(PacketDone::Read {
        path: "/a.pcap".into(),
        cancel: cancel.expect("it is read"),
        result: Ok((Arc::new(survey), Vec::new())),
    }));
    state
}

fn packets(state: &mut State, command: PacketCommand) -> Vec<Effect> {
    state.apply(Command::Packets(command))
}

fn list(state: &State) -> &PacketList {
    state.packets.lists.first().expect("a list")
}

fn failed_only(state: &mut State, failed: bool) {
    let filter = Filter {
        failed,
        ..Filter::default()
    };
    packets(state, PacketCommand::SetFilter(filter));
}

#[test]
fn a_heads_clicks_lead_up_down_and_back_to_the_file() {
    let mut state = listed(6);
    assert_eq!(list(&state).shown, [0, 1, 2, 3, 4, 5]);
    packets(&mut state, PacketCommand::SortBy(Column::Name));
    assert_eq!(list(&state).shown, [5, 4, 3, 2, 1, 0]);
    assert_eq!(
        list(&state).cursor,
        0,
        "nothing was chosen: one reads from the top"
    );
    packets(&mut state, PacketCommand::SortBy(Column::Name));
    assert_eq!(list(&state).shown, [0, 1, 2, 3, 4, 5]);
    packets(&mut state, PacketCommand::SortBy(Column::Name));
    assert_eq!(list(&state).order, None);
    packets(&mut state, PacketCommand::SortBy(Column::Ending));
    assert_eq!(
        list(&state).shown,
        [1, 4, 0, 2, 3, 5],
        "equal ones as in the file"
    );
}

#[test]
fn the_chosen_connection_stays_chosen() {
    let mut state = listed(9);
    packets(&mut state, PacketCommand::MoveCursor(4));
    packets(&mut state, PacketCommand::SortBy(Column::Name));
    packets(&mut state, PacketCommand::SortBy(Column::Ending));
    let here = |state: &State| list(state).shown[list(state).cursor];
    assert_eq!((here(&state), list(&state).cursor), (4, 1));
    failed_only(&mut state, true);
    assert_eq!(list(&state).shown, [1, 4, 7]);
    assert_eq!(here(&state), 4);
    // One that the filter holds back is chosen again once it does not.
    let named = |text: &str| {
        PacketCommand::SetFilter(Filter {
            text: text.to_owned(),
            ..Filter::default()
        })
    };
    packets(&mut state, named("name00009"));
    assert_eq!((here(&state), list(&state).cursor), (0, 0));
    packets(&mut state, named("nobody"));
    assert!(list(&state).shown.is_empty() && list(&state).cursor == 0);
    packets(&mut state, named(""));
    assert_eq!(here(&state), 4);
}

#[test]
fn next_and_previous_follow_the_order_that_is_shown() {
    let mut state = listed(6);
    packets(&mut state, PacketCommand::SortBy(Column::Name));
    let opened = |state: &mut State, effects: Vec<Effect>| {
        let asked = jobs(effects).into_iter().find_map(|job| match job {
            Job::Packets(PacketJob::Connection { ticket, row, .. }) => Some((ticket, row)),
            _ => None,
        });
        let (ticket, row) = asked?;
        state.absorb(Done::Packets(PacketDone::Connection {
            ticket,
            path: "/a.pcap".into(),
            row,
            result: Ok(Arc::clone(&GOOD.analysis)),
        }));
        Some(row)
    };
    let effects = packets(&mut state, PacketCommand::OpenConnection(1));
    assert_eq!(opened(&mut state, effects), Some(4));
    assert_eq!(state.place_in_list(), Some((0, 1, 6)));
    let effects = packets(&mut state, PacketCommand::StepConnection(1));
    assert_eq!(opened(&mut state, effects), Some(3), "the next by name");
    let effects = packets(&mut state, PacketCommand::StepConnection(-1));
    assert_eq!(opened(&mut state, effects), Some(4));
    packets(&mut state, PacketCommand::BackToList);
    assert_eq!(list(&state).cursor, 1, "the one that was looked at");
    let effects = packets(&mut state, PacketCommand::OpenConnection(5));
    assert_eq!(opened(&mut state, effects), Some(0));
    let effects = packets(&mut state, PacketCommand::StepConnection(1));
    assert_eq!(opened(&mut state, effects), None, "the last one");
}

/// Two connections are asked for, one after the other: the last one opens, whichever answer comes first.
#[test]
fn the_connection_that_was_asked_for_last_opens() {
    let mut state = listed(3);
    let mut ask = |place| match jobs(packets(&mut state, PacketCommand::OpenConnection(place))).pop() {
        Some(Job::Packets(PacketJob::Connection { ticket, row, .. })) => (ticket, row),
        job => panic!("{job:?}"),
    };
    let (older, newer) = (ask(0), ask(2));
    let before = state.documents.len();
    let mut answer = |(ticket, row)| {
        state.absorb(Done::Packets(PacketDone::Connection {
            ticket,
            path: "/a.pcap".into(),
            row,
            result: Ok(Arc::clone(&GOOD.analysis)),
        }));
        state.documents.len() - before
    };
    assert_eq!(answer(older), 0);
    assert_eq!(answer(newer), 1);
    assert_eq!(answer(newer), 1, "once");
    let from = state.document().and_then(|document| document.connection.clone());
    assert_eq!(from.map(|from| from.row), Some(2));
    assert_eq!(state.place_in_list(), Some((0, 2, 3)));
}
