//! Comparisons: chosen, swapped, cancelled, outlived by nothing and outliving their documents.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use super::tried::*;
use crate::cancel::Cancel;
use crate::compare::{Comparison, Judged, Rank, Subject, Which, compare as compared};
use crate::decode::MessageKind;
use crate::state::*;

fn send(state: &mut State, command: CompareCommand) -> Vec<Effect> {
    state.apply(Command::Compare(command))
}

fn comparing(state: &State) -> &Comparing {
    state.comparison().expect("a comparison is in the middle")
}

/// The work that was asked for: its ticket, its cancel token, and which of the two have private keys.
fn work(effects: Vec<Effect>) -> Option<(u64, Cancel, [bool; 2])> {
    jobs(effects).into_iter().find_map(|job| match job {
        Job::Compare(CompareJob::Compare { ticket, both, cancel }) => {
            Some((ticket, cancel, [both.a.1.is_some(), both.b.1.is_some()]))
        }
        _ => None,
    })
}

fn found() -> Arc<Comparison> {
    static FOUND: LazyLock<Arc<Comparison>> = LazyLock::new(|| {
        let subject = |tried: &'static Tried| Subject {
            analysis: &tried.analysis,
            setup: None,
        };
        let both = crate::compare::Both {
            a: subject(&GOOD),
            b: subject(&FAILING),
        };
        Arc::new(compared(both, &Cancel::default()))
    });
    Arc::clone(&FOUND)
}

fn answer(state: &mut State, ticket: u64) {
    let result = Ok(found());
    state.absorb(Done::Compare(CompareDone::Compared { ticket, result }));
}

/// A session of this run is open under this name, and on the stage.
fn open(state: &mut State, name: &str, tried: &Tried) {
    state.absorb(Done::Document(DocumentDone::Opened {
        path: format!("/{name}.ron").into(),
        session: Ok(Box::new(Opened {
            step_notes: crate::session::StepNotes::default(),
            title: name.to_owned(),
            notes: String::new(),
            analysis: Arc::new(tried.analysis.as_ref().clone()),
        })),
    }));
}

/// The good run of a session, and the user's own that failed.
fn begun() -> (State, u64) {
    let mut state = failed();
    open(&mut state, "yesterday", &GOOD);
    assert!(
        work(send(&mut state, CompareCommand::Begin)).is_none(),
        "one is missing"
    );
    let (ticket, ..) = work(send(&mut state, CompareCommand::TakeDocument(Which::B, 0))).expect("work");
    (state, ticket)
}

fn ready() -> State {
    let (mut state, ticket) = begun();
    answer(&mut state, ticket);
    assert!(comparing(&state).found().is_some());
    state
}

fn titles(state: &State) -> [String; 2] {
    Which::BOTH.map(|which| comparing(state).title(which))
}

fn title(state: &State) -> &str {
    state.document().map_or("", |document| document.title.as_str())
}

#[test]
fn it_begins_with_what_is_on_the_stage_and_ends_where_it_began() {
    let mut state = failed();
    open(&mut state, "yesterday", &GOOD);
    send(&mut state, CompareCommand::Begin);
    assert_eq!(titles(&state), ["yesterday", "B"]);
    assert!(matches!(comparing(&state).phase, ComparePhase::Choosing));
    // Begun again with the same and nothing chosen, it is the same one.
    state.apply(Command::Document(DocumentCommand::ShowDocument(1)));
    assert!(state.comparison().is_none());
    send(&mut state, CompareCommand::Begin);
    assert_eq!(state.compare.all.len(), 1);
    // Begun from a comparison, it is an empty one.
    send(&mut state, CompareCommand::Begin);
    assert_eq!(titles(&state), ["A", "B"]);
    assert_eq!(state.compare.all.len(), 2);
    state.apply(Command::Document(DocumentCommand::CloseHere));
    assert_eq!(titles(&state), ["yesterday", "B"], "the one before comes back");
    state.apply(Command::Document(DocumentCommand::CloseHere));
    assert!(state.comparison().is_none() && state.compare.all.is_empty());
    assert_eq!(title(&state), "yesterday");
}

#[test]
fn with_both_chosen_the_work_begins_and_its_answer_is_told_from_the_end() {
    let (mut state, ticket) = begun();
    assert!(state.is_comparing());
    assert_eq!(comparing(&state).playback.steps(), 0);
    answer(&mut state, ticket);
    let now = comparing(&state);
    assert!(!state.is_comparing() && now.is_told() && now.selected.is_none());
    assert_eq!(now.playback.steps(), found().rows.len());
    assert_eq!(now.row(), found().first_difference);
    assert_eq!(now.tab, CompareTab::Changes);
}

#[test]
fn only_the_last_run_of_a_tab_has_its_set_up_with_it() {
    let (mut state, first) = opened();
    state.absorb(GOOD.ran(first));
    send(&mut state, CompareCommand::Begin);
    let a = comparing(&state).places.a.taken().expect("the run");
    assert!(a.setup.is_some(), "with keys a change can be put back and run");
    // The set-up is changed: what was run stays what it was.
    let name = LabCommand::SetServerName("somebody.else.svc".to_owned());
    lab(&mut state, name);
    let (ticket, _) = run_in(lab(&mut state, LabCommand::Run)).expect("it runs");
    state.absorb(FAILING.ran(ticket));
    show(&mut state);
    let (.., keys) = work(send(&mut state, CompareCommand::TakeDocument(Which::B, 0))).expect("work");
    assert_eq!(keys, [true, true]);
    let a = comparing(&state).places.a.taken().expect("the first run");
    let name = a.setup.as_ref().map(|setup| setup.server_name.as_str());
    assert_eq!(name, Some(GOOD.lab.server_name.as_str()));
    // A session has none.
    open(&mut state, "yesterday", &GOOD);
    show(&mut state);
    let last = state.documents.len() - 1;
    let (.., keys) = work(send(&mut state, CompareCommand::TakeDocument(Which::A, last))).expect("work");
    assert_eq!(keys, [false, true]);
}

fn show(state: &mut State) {
    let id = comparing_id(state);
    send(state, CompareCommand::Show(id));
}

fn comparing_id(state: &State) -> u64 {
    state.compare.all.first().map_or(0, |one| one.id)
}

#[test]
fn a_and_b_change_places_and_are_compared_again() {
    let mut state = ready();
    let before = titles(&state);
    let (ticket, ..) = work(send(&mut state, CompareCommand::Swap)).expect("compared again");
    assert!(
        comparing(&state).found().is_none(),
        "what was found is of the other order"
    );
    answer(&mut state, ticket);
    let [a, b] = titles(&state);
    assert_eq!([b, a], before);
}

#[test]
fn a_stale_answer_changes_nothing() {
    let (mut state, older) = begun();
    let (newer, ..) = work(send(&mut state, CompareCommand::Swap)).expect("work");
    answer(&mut state, older);
    assert!(comparing(&state).found().is_none() && state.is_comparing());
    answer(&mut state, newer);
    assert!(comparing(&state).found().is_some());
    // Of one that was closed.
    let (mut state, ticket) = begun();
    state.apply(Command::Document(DocumentCommand::CloseHere));
    answer(&mut state, ticket);
    assert!(state.compare.all.is_empty());
}

#[test]
fn cancelled_it_ends_and_can_be_begun_again() {
    let mut state = failed();
    open(&mut state, "yesterday", &GOOD);
    send(&mut state, CompareCommand::Begin);
    let (ticket, cancel, _) =
        work(send(&mut state, CompareCommand::TakeDocument(Which::B, 0))).expect("work");
    send(&mut state, CompareCommand::Cancel);
    assert!(cancel.is_cancelled());
    assert!(matches!(comparing(&state).phase, ComparePhase::Cancelled));
    answer(&mut state, ticket);
    assert!(comparing(&state).found().is_none(), "half an answer is none");
    let (ticket, ..) = work(send(&mut state, CompareCommand::Again)).expect("work");
    answer(&mut state, ticket);
    assert!(comparing(&state).found().is_some());
    send(&mut state, CompareCommand::Cancel);
    assert!(comparing(&state).found().is_some(), "what is done is not undone");
    // Closing it ends the work too, and so does another choice.
    let (_, cancel, _) = work(send(&mut state, CompareCommand::Again)).expect("work");
    state.apply(Command::Document(DocumentCommand::CloseHere));
    assert!(cancel.is_cancelled());
}

#[test]
fn a_worker_that_could_not_says_why() {
    let (mut state, ticket) = begun();
    state.absorb(Done::Compare(CompareDone::Compared {
        ticket,
        result: Err("No.".to_owned()),
    }));
    assert!(matches!(&comparing(&state).phase, ComparePhase::Failed(why) if why == "No."));
}

#[test]
fn it_outlives_the_documents_that_it_compares() {
    let mut state = ready();
    let of = |state: &State| {
        state
            .documents
            .iter()
            .map(|one| one.title.clone())
            .collect::<Vec<_>>()
    };
    let index = of(&state)
        .iter()
        .position(|title| title == "yesterday")
        .expect("open");
    state.apply(Command::Document(DocumentCommand::CloseDocument(index)));
    assert!(comparing(&state).found().is_some(), "it stays in the middle");
    assert_eq!(titles(&state)[0], "yesterday");
    // Its side is opened anew, from the same file.
    send(&mut state, CompareCommand::ShowSide(Which::A));
    assert!(state.comparison().is_none());
    assert_eq!(title(&state), "yesterday");
    let path = state.document().and_then(|document| document.path.clone());
    assert_eq!(path, Some(PathBuf::from("/yesterday.ron")));
    // Closed, it leads back to the comparison.
    state.apply(Command::Document(DocumentCommand::CloseHere));
    assert!(comparing(&state).found().is_some());
    // A run that gave way to another comes back in a tab of its own, and takes nobody's place.
    let (ticket, _) = run_in(lab(&mut state, LabCommand::Run)).expect("it runs");
    state.absorb(GOOD.ran(ticket));
    let before = of(&state).len();
    show(&mut state);
    send(&mut state, CompareCommand::ShowSide(Which::B));
    assert_eq!(of(&state).len(), before + 1);
    assert_eq!(state.document().and_then(|one| one.trial), Some(Trial::Compared));
    assert!(Arc::ptr_eq(state.analysis().expect("one"), &FAILING.analysis));
}

#[test]
fn a_closed_document_leaves_the_comparison_in_front() {
    let mut state = ready();
    // The one behind it is closed: something else stands behind, and the comparison before it.
    let active = state.active.expect("one stands behind");
    state.apply(Command::Document(DocumentCommand::CloseDocument(active)));
    assert!(state.comparison().is_some() && state.active.is_some());
}

#[test]
fn the_playhead_moves_both_and_leaves_the_stage_alone() {
    let mut state = ready();
    let stage = state.playback.clone();
    let view = |state: &mut State, command| {
        state.apply(Command::View(command));
    };
    view(&mut state, ViewCommand::First);
    assert_eq!(comparing(&state).playback.visible_steps(), 0);
    assert_eq!(
        titles(&state),
        ["Handshake A", "Handshake B"],
        "a title may tell the end"
    );
    assert_eq!(title_of_both(comparing(&state)), "Comparison");
    assert_eq!(comparing(&state).row(), None);
    view(&mut state, ViewCommand::StepBy(1));
    assert_eq!(comparing(&state).selected, Some(0));
    let chapter = found().rows.last().expect("rows").chapter;
    let first = found()
        .rows
        .iter()
        .position(|row| row.chapter == chapter)
        .expect("a row");
    view(&mut state, ViewCommand::JumpToChapter(chapter));
    assert_eq!(comparing(&state).playback.visible_steps(), first + 1);
    view(&mut state, ViewCommand::First);
    view(&mut state, ViewCommand::TogglePlay);
    assert!(state.advance(0.5));
    assert!(comparing(&state).playback.position() > 0.4);
    assert_eq!(state.playback, stage);
    view(&mut state, ViewCommand::Last);
    assert!(comparing(&state).selected.is_none() && comparing(&state).is_told());
    state.apply(Command::Settings(SettingsCommand::ReduceMotion(true)));
    assert!(comparing(&state).playback.is_motion_reduced());
}

#[test]
fn a_difference_leads_to_its_bytes_and_b_to_its_fix() {
    let mut state = ready();
    let all = found();
    let index = all
        .differences
        .iter()
        .position(|one| one.name == "Alerts")
        .expect("an alert differs");
    send(&mut state, CompareCommand::ShowBytes(Which::B, index));
    assert_eq!(state.tab, InspectorTab::Bytes);
    let Selection::Field { message, .. } = state.selection else {
        panic!("{:?}", state.selection);
    };
    let messages = &state.analysis().expect("B").transcript.messages;
    assert_eq!(messages[message].kind, MessageKind::Alert);
    show(&mut state);
    // Nothing of it is in a handshake that went well: one stays where one is.
    send(&mut state, CompareCommand::ShowBytes(Which::A, usize::MAX));
    assert!(state.comparison().is_some());
    send(&mut state, CompareCommand::ShowFix);
    assert_eq!(
        (state.tab, &state.selection),
        (InspectorTab::Why, &Selection::Nothing)
    );
    assert!(Arc::ptr_eq(state.analysis().expect("B"), &FAILING.analysis));
}

#[test]
fn the_whole_of_it_is_copied_as_the_command_line_tells_it() {
    let mut state = ready();
    let effects = send(&mut state, CompareCommand::Copy);
    let text = effects.into_iter().find_map(|effect| match effect {
        Effect::CopyText(text) => Some(text),
        _ => None,
    });
    let text = text.expect("copied");
    assert!(text.starts_with("DIFFERENT OUTCOME: "), "{text}");
    for words in [
        "A  yesterday: accepted",
        Rank::Follows.heading(),
        "No private key of B is at hand",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(
        !text.contains("scenario:"),
        "no words of the command line: {text}"
    );
    assert_eq!(found().judged, Judged::ByChains);
}

#[test]
fn files_fill_the_places_and_what_cannot_be_read_leaves_one_free() {
    let mut state = failed();
    send(&mut state, CompareCommand::Begin);
    let tickets = |effects: Vec<Effect>| -> Vec<(u64, PathBuf)> {
        let all = jobs(effects).into_iter();
        all.filter_map(|job| match job {
            Job::Compare(CompareJob::Session { ticket, path }) => Some((ticket, path)),
            _ => None,
        })
        .collect()
    };
    // Without a place that it was dropped on, the free one takes it.
    let files = vec![PathBuf::from("/b.ron")];
    let read = tickets(send(&mut state, CompareCommand::TakeFiles(files, None)));
    assert_eq!(read.len(), 1);
    assert_eq!(titles(&state)[1], "b.ron");
    assert!(state.is_comparing(), "its seconds are counted");
    state.absorb(Done::Compare(CompareDone::Loaded {
        ticket: read[0].0,
        result: Err("/b.ron: it is no session".to_owned()),
    }));
    assert!(matches!(comparing(&state).places.b, Place::Empty));
    assert_eq!(trouble(&state), ["/b.ron: it is no session"]);
    // Two at once fill both; an older answer fills nothing.
    let files = vec![PathBuf::from("/a.ron"), PathBuf::from("/b.ron")];
    let read = tickets(send(&mut state, CompareCommand::TakeFiles(files, Some(Which::A))));
    let loaded = |state: &mut State, ticket: u64, title: &str| {
        let analysis = Arc::clone(&GOOD.analysis);
        let document = Document::new(title.to_owned(), String::new(), analysis);
        state.absorb(Done::Compare(CompareDone::Loaded {
            ticket,
            result: Ok(Box::new(document)),
        }))
    };
    assert!(work(loaded(&mut state, read[0].0, "a")).is_none());
    assert!(work(loaded(&mut state, read[0].0 - 1, "older")).is_none());
    assert!(work(loaded(&mut state, read[1].0, "b")).is_some());
    assert_eq!(comparing(&state).places.a.taken().expect("a").document.title, "a");
    // A dialog that answers after its comparison was closed opens nothing.
    let id = comparing_id(&state);
    send(&mut state, CompareCommand::Close(id));
    assert!(state.take_file(id, Which::A, PathBuf::from("/c.ron")).is_empty());
}

#[test]
fn a_tab_says_what_both_are() {
    let named = |a: &str, b: &str| {
        let mut state = ready();
        let comparing = state.compare.all.first_mut().expect("one");
        for (which, title) in [(Which::A, a), (Which::B, b)] {
            if let Place::Taken(one) = comparing.places.of_mut(which) {
                one.document.title = title.to_owned();
            }
        }
        title_of_both(comparing)
    };
    assert_eq!(named("orders, yesterday", "orders, today"), "orders: A and B");
    assert_eq!(named("the same", "the same"), "the same: A and B");
    assert_eq!(
        named("short", "Root rotated on one side"),
        "short and Root rotat…"
    );
}
