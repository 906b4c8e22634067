//! A byte is chosen and flipped: the run that follows has exactly that fault, and only the lab can be asked for one.

use super::tried::*;
use crate::capture::Side;
use crate::setup::{Fault, FaultTarget};
use crate::state::*;

fn wire(state: &mut State, command: WireCommand) -> Vec<Effect> {
    state.apply(Command::Wire(command))
}

/// The record of a side, by its number from 0, as an index into the transcript's records.
fn record_of(side: Side, number: usize) -> usize {
    let records = GOOD.analysis.transcript.records.iter().enumerate();
    let mut own = records.filter(|(_, record)| record.side == side);
    own.nth(number).map(|(index, _)| index).expect("that many")
}

fn good() -> State {
    let mut state = failed();
    let (ticket, _) = run_in(state.apply(Command::Lab(LabCommand::Run))).expect("it runs");
    state.absorb(GOOD.ran(ticket));
    state
}

#[test]
fn the_chosen_byte_is_flipped_in_the_next_run() {
    for (side, number, byte) in [(Side::Client, 0, 0), (Side::Server, 2, 17), (Side::Client, 3, 5)] {
        let mut state = good();
        state.tab = InspectorTab::Bytes;
        assert!(wire(&mut state, WireCommand::Show(true)).is_empty() && state.wire.is_shown);
        let record = record_of(side, number);
        let chosen = WireByte { record, byte };
        assert!(wire(&mut state, WireCommand::Choose(chosen)).is_empty());
        assert_eq!(state.chosen_byte(), Some(chosen));
        let setup = wire(&mut state, WireCommand::FlipAndRun)
            .into_iter()
            .find_map(|effect| match effect {
                Effect::Work(Job::Lab(LabJob::Run { setup, .. })) => Some(setup),
                _ => None,
            })
            .expect("it runs");
        let target = FaultTarget {
            from: side,
            record: number,
        };
        assert_eq!(setup.fault, Some(Fault::FlipByte { target, byte }));
        assert_eq!(state.lab.setup.fault, setup.fault);
        assert_eq!(state.tab, InspectorTab::Why);
        // One run at a time.
        assert!(!state.can_flip());
        assert!(wire(&mut state, WireCommand::FlipAndRun).is_empty());
    }
}

#[test]
fn what_is_not_there_is_not_flipped() {
    let mut state = good();
    assert!(
        wire(&mut state, WireCommand::FlipAndRun).is_empty(),
        "nothing is chosen"
    );
    let record = record_of(Side::Server, 0);
    let length = GOOD.analysis.transcript.records[record].wire.len();
    for (chosen, is_there) in [
        (
            WireByte {
                record,
                byte: length - 1,
            },
            true,
        ),
        (WireByte { record, byte: length }, false),
        (
            WireByte {
                record: 9_999,
                byte: 0,
            },
            false,
        ),
    ] {
        wire(&mut state, WireCommand::Choose(chosen));
        assert_eq!(state.chosen_byte().is_some(), is_there, "{chosen:?}");
    }
    assert!(wire(&mut state, WireCommand::FlipAndRun).is_empty());
    assert_eq!(state.lab.setup.fault, None);
}

#[test]
fn a_fault_that_did_nothing_is_told() {
    let mut state = good();
    let told = |state: &State| -> Vec<String> {
        let notes = state
            .notes
            .iter()
            .filter(|note| note.text.contains("changed nothing"));
        notes.map(|note| note.text.clone()).collect()
    };
    let target = FaultTarget {
        from: Side::Client,
        record: 80,
    };
    let effects = state.apply(Command::Lab(LabCommand::SetFault(Some(Fault::Drop(target)))));
    assert!(run_in(effects).is_none());
    let (ticket, _) = run_in(state.apply(Command::Lab(LabCommand::Run))).expect("it runs");
    let Done::Lab(LabDone::Ran {
        result: Ok(mut ran), ..
    }) = GOOD.ran(ticket)
    else {
        panic!("it ran");
    };
    ran.setup.fault = Some(Fault::Drop(target));
    state.absorb(Done::Lab(LabDone::Ran {
        ticket,
        result: Ok(ran),
    }));
    assert_eq!(told(&state).len(), 1, "{:?}", state.notes);
    assert!(
        told(&state)[0].ends_with("the one that was meant is number 81."),
        "{:?}",
        told(&state)
    );
}
