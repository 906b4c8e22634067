//! Pasting an error, as a person does it.

use crate::support;
use egui_kittest::kittest::Queryable;
use mtlscope::diagnose::Settled;
use mtlscope::state::{Command, InspectorTab, LabCommand, PastedCommand, Selection, WindowCommand};
use support::window::{open, send, session};

const USUAL: [f32; 2] = [1440.0, 900.0];

#[test]
fn a_pasted_error_leads_to_its_cause_and_its_mend() {
    let mut window = open(USUAL, 1.0, vec![session("client-missing-intermediate")]);
    window.get_by_label("Paste an error").click();
    window.run_steps(6);
    window
        .get_by_label("The error")
        .type_text("remote error: tls: unknown certificate authority");
    window.run_steps(8);
    let pasted = &window.state().state().pasted;
    assert!(pasted.reading.is_understood());
    assert!(
        matches!(pasted.settled.first(), Some((_, Settled::Confirmed { .. }))),
        "{:?}",
        pasted.settled
    );
    window.get_by_label("Show why and how to mend it").click();
    window.run_steps(6);
    let state = window.state().state();
    assert!(!state.dialogs.is_pasting);
    assert_eq!(state.tab, InspectorTab::Why);
    assert!(matches!(state.selection, Selection::Cause(_)));
}

#[test]
fn an_error_on_the_clipboard_opens_the_box_and_escape_closes_it() {
    let mut window = open(USUAL, 1.0, Vec::new());
    send(
        &mut window,
        Command::Lab(LabCommand::Paste(
            "curl: (60) SSL certificate problem: certificate has expired".to_owned(),
            None,
        )),
    );
    assert!(window.state().state().dialogs.is_pasting);
    // With a handshake on the stage that succeeds, nothing of it is so.
    let pasted = &window.state().state().pasted;
    assert!(
        matches!(pasted.settled.first(), Some((_, Settled::RuledOut { .. }))),
        "{:?}",
        pasted.settled
    );
    send(&mut window, Command::Window(WindowCommand::Dismiss));
    assert!(!window.state().state().dialogs.is_pasting);
    send(
        &mut window,
        Command::Pasted(PastedCommand::PasteError("no such words".to_owned())),
    );
    send(&mut window, Command::Pasted(PastedCommand::ShowPasteBox(true)));
    window.get_by_label_contains("This text is not known");
}

#[test]
fn the_box_says_what_the_stage_rules_out_and_why() {
    let mut window = open(USUAL, 1.0, vec![session("client-missing-intermediate")]);
    send(
        &mut window,
        Command::Pasted(PastedCommand::PasteError(
            "error:0A000418:SSL routines::tlsv1 alert unknown ca".to_owned(),
        )),
    );
    send(&mut window, Command::Pasted(PastedCommand::ShowPasteBox(true)));
    let pasted = &window.state().state().pasted;
    let of = |id: &str| {
        pasted
            .settled
            .iter()
            .find(|(index, _)| pasted.reading.candidates[*index].id.word() == id)
            .map(|(_, settled)| settled.clone())
    };
    assert!(matches!(
        of("missing-intermediate"),
        Some(Settled::Confirmed { .. })
    ));
    for id in [
        "no-trust-anchors",
        "same-name-different-key",
        "self-signed-not-trusted",
    ] {
        assert!(
            matches!(of(id), Some(Settled::RuledOut { .. })),
            "{id}: {:?}",
            of(id)
        );
    }
    let Some(Settled::RuledOut { why }) = of("unknown-issuer") else {
        panic!("{:?}", of("unknown-issuer"));
    };
    assert!(why.contains("“missing intermediate” looks like"), "{why}");
    window.get_by_label_contains("it is what “missing intermediate” looks like");
}
