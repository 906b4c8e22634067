//! Tabs: left, found again as they were, and closed.

use super::tried::*;
use crate::analysis::Analysis;
use crate::state::*;
use std::sync::Arc;

fn document(state: &mut State, command: DocumentCommand) -> Vec<Effect> {
    state.apply(Command::Document(command))
}

fn view(state: &mut State, command: ViewCommand) {
    state.apply(Command::View(command));
}

/// Opens a session of this name.
fn open(state: &mut State, name: &str, tried: &Tried) {
    state.absorb(Done::Document(DocumentDone::Opened {
        path: format!("/{name}.ron").into(),
        session: Ok(Box::new(Opened {
            step_notes: crate::session::StepNotes::default(),
            title: name.to_owned(),
            notes: String::new(),
            analysis: Arc::new(Analysis::clone(&tried.analysis)),
        })),
    }));
}

fn title(state: &State) -> &str {
    state.document().map_or("", |document| document.title.as_str())
}

#[test]
fn a_closed_tab_leads_back_with_playhead_and_selection_as_they_were() {
    let mut state = failed();
    let mine = title(&state).to_owned();
    view(&mut state, ViewCommand::Seek(2.0));
    view(&mut state, ViewCommand::ToggleRow(1));
    view(&mut state, ViewCommand::Select(Selection::Check(3)));
    open(&mut state, "other", &GOOD);
    assert_eq!(title(&state), "other");
    assert!(state.playback.is_at_end() && state.selection == Selection::Nothing);
    assert_eq!(state.tab, InspectorTab::Why);
    assert!(
        state.documents[0].was_left_before_its_end(),
        "how it ends is not told"
    );
    document(&mut state, DocumentCommand::CloseHere);
    assert_eq!(title(&state), mine);
    assert!((state.playback.position() - 2.0).abs() < 0.01);
    assert!(!state.playback.is_playing());
    assert_eq!(state.selection, Selection::Check(3));
    assert_eq!(state.tab, InspectorTab::Checks);
    assert!(state.open_rows.contains(&1));
    // A new run is looked at from its end.
    let (ticket, _) = run_in(lab(&mut state, LabCommand::Run)).expect("it runs");
    state.absorb(GOOD.ran(ticket));
    assert!(state.playback.is_at_end() && state.selection == Selection::Nothing);
}

#[test]
fn tabs_lead_back_in_the_order_in_which_they_were_shown() {
    let mut state = failed();
    let mine = title(&state).to_owned();
    for name in ["a", "b", "c"] {
        open(&mut state, name, &GOOD);
    }
    // Shown: mine, a, b, c, a, mine, b.
    for index in [1, 0, 2] {
        document(&mut state, DocumentCommand::ShowDocument(index));
    }
    document(&mut state, DocumentCommand::CloseHere);
    assert_eq!(title(&state), mine);
    document(&mut state, DocumentCommand::ShowDocument(2));
    assert_eq!(title(&state), "c");
    document(&mut state, DocumentCommand::CloseHere);
    assert_eq!(title(&state), mine);
    document(&mut state, DocumentCommand::ShowDocument(1));
    // One that is not on the stage goes without moving it.
    open(&mut state, "d", &GOOD);
    document(&mut state, DocumentCommand::CloseDocument(1));
    assert_eq!(title(&state), "d");
    document(&mut state, DocumentCommand::CloseHere);
    assert_eq!(title(&state), mine, "a is no more");
}

#[test]
fn a_list_is_a_tab_like_any_other() {
    let mut state = failed();
    let mine = title(&state).to_owned();
    view(&mut state, ViewCommand::Seek(1.0));
    for path in ["/one.pcap", "/two.pcap"] {
        state.absorb(Done::Document(DocumentDone::IsPackets(path.into())));
    }
    let here = |state: &State| state.list().map(PacketList::title).unwrap_or_default();
    assert_eq!(here(&state), "two.pcap");
    open(&mut state, "a", &GOOD);
    assert_eq!((here(&state).as_str(), title(&state)), ("", "a"));
    document(&mut state, DocumentCommand::CloseHere);
    assert_eq!(here(&state), "two.pcap", "one was in the list");
    document(&mut state, DocumentCommand::CloseHere);
    assert_eq!(here(&state), "one.pcap");
    document(&mut state, DocumentCommand::CloseHere);
    assert_eq!((here(&state).as_str(), title(&state)), ("", mine.as_str()));
    assert!((state.playback.position() - 1.0).abs() < 0.01);
    assert!(state.packets.lists.is_empty());
}

#[test]
fn a_document_that_is_closed_behind_a_list_leaves_the_list() {
    let mut state = failed();
    open(&mut state, "a", &GOOD);
    state.absorb(Done::Document(DocumentDone::IsPackets("/one.pcap".into())));
    document(&mut state, DocumentCommand::CloseDocument(1));
    assert!(state.list().is_some() && state.documents.len() == 1);
    assert_eq!(state.active, Some(0));
}

/// Going to and fro between tabs remembers each once: what was shown before is never longer than what is open.
#[test]
fn what_was_shown_before_does_not_grow() {
    let mut state = failed();
    open(&mut state, "a", &GOOD);
    state.absorb(Done::Document(DocumentDone::IsPackets("/one.pcap".into())));
    for round in 0..20 {
        document(&mut state, DocumentCommand::ShowDocument(round % 2));
        state.absorb(Done::Document(DocumentDone::IsPackets("/one.pcap".into())));
        assert!(state.shown_before.len() <= 3, "{}", state.shown_before.len());
    }
    document(&mut state, DocumentCommand::CloseHere);
    assert_eq!(title(&state), "a", "the last one before the list");
}
