//! Integrity by hand: a byte of a record is chosen in Bytes and flipped, and what came of it is read under Why.

use crate::support;
use egui_kittest::kittest::Queryable;
use mtlscope::capture::Side;
use mtlscope::decode::MessageKind;
use mtlscope::diagnose::CauseId;
use mtlscope::setup::Fault;
use mtlscope::state::{Command, InspectorTab, Section, Selection, ViewCommand, WireByte};
use support::window::{open, send, session as fixture, wait};

#[test]
fn a_byte_is_flipped_and_its_run_is_told() {
    let mut window = open([1440.0, 900.0], 1.0, Vec::new());
    let analysis = window.state().state().analysis().expect("a run").clone();
    let (message, _) = analysis
        .transcript
        .first(MessageKind::Certificate, Side::Server)
        .expect("the server's certificate");
    let record = analysis.transcript.messages[message].pieces[0].record;
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Bytes)),
    );
    let path = Vec::new();
    send(
        &mut window,
        Command::View(ViewCommand::Select(Selection::Field { message, path })),
    );
    window.run_steps(3);
    window.get_by_label("On the wire").click();
    window.run_steps(3);
    window.get_by_label_contains("Choose a byte");
    window.get_by_label_contains("application_data record · ");
    // The second line of sixteen: no byte of it is in the header.
    window.get_by_label_contains("Bytes 0010 to 001f").click();
    window.run_steps(3);
    let chosen = window.state().state().chosen_byte().expect("a byte");
    assert_eq!((chosen.record, chosen.byte / 16), (record, 1));
    window.get_by_label_contains(&format!("Byte {} of the server's record is ", chosen.byte + 1));
    window.get_by_label("Flip this byte and run").click();
    window.run_steps(3);
    wait(&mut window, "the run", |app| {
        !app.state().is_running()
            && app
                .state()
                .analysis()
                .is_some_and(|found| found.story.integrity.is_some())
    });
    let state = window.state().state();
    let fault = state.lab.setup.fault;
    assert!(
        matches!(fault, Some(Fault::FlipByte { byte, .. }) if byte == chosen.byte),
        "{fault:?}"
    );
    let found = state.analysis().expect("a run");
    assert_eq!(found.diagnosis.causes[0].id, CauseId::Tampered);
    assert!(state.folds.is_open(Section::Integrity) && state.tab == InspectorTab::Why);
    window.get_by_label_contains(&format!("Byte {} of the server's record ", chosen.byte + 1));
    window.get_by_label("The client says: cannot decrypt peer's message.");
    window.get_by_label("No byte reached the client's application.");
    window.get_by_label_contains("flip byte ");
}

#[test]
fn a_recording_is_what_it_was() {
    let mut window = open([1440.0, 900.0], 1.0, vec![fixture("good-tls13")]);
    send(
        &mut window,
        Command::View(ViewCommand::ShowTab(InspectorTab::Bytes)),
    );
    send(
        &mut window,
        Command::Wire(mtlscope::state::WireCommand::Show(true)),
    );
    let byte = WireByte { record: 0, byte: 2 };
    send(
        &mut window,
        Command::Wire(mtlscope::state::WireCommand::Choose(byte)),
    );
    window.run_steps(3);
    window.get_by_label_contains("is 01, in the record's header. Flipped it is 00.");
    window.get_by_label("Flip this byte and run").click();
    window.run_steps(3);
    let state = window.state().state();
    assert!(!state.can_flip() && !state.is_running() && state.lab.setup.fault.is_none());
}
