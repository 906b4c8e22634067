//! Saving: the dialog, the place, what comes of it; and what is asked before unsaved words are lost.

use std::path::PathBuf;
use std::sync::Arc;

use super::tried::*;
use crate::analysis::Analysis;
use crate::session::StepNotes;
use crate::state::*;

fn saving(state: &mut State, command: SavingCommand) -> Vec<Effect> {
    state.apply(Command::Saving(command))
}

fn file(state: &mut State, command: FileCommand) -> Vec<Effect> {
    state.apply(Command::File(command))
}

fn dialog(state: &State) -> &SaveDialog {
    state.saving.dialog.as_ref().expect("the dialog")
}

fn job(effects: Vec<Effect>) -> SavingJob {
    let job = jobs(effects).into_iter().find_map(|job| match job {
        Job::Saving(job) => Some(job),
        _ => None,
    });
    job.expect("it is written")
}

/// A place is asked for, and nothing else is done: the name that is offered for it.
fn name_asked_for(effects: Vec<Effect>) -> String {
    match &jobs(effects)[..] {
        [
            Job::File(FileJob::AskSystem {
                purpose: PickPurpose::SaveSession(name),
                ..
            }),
        ] => name.clone(),
        other => panic!("a place is asked for, not {other:?}"),
    }
}

fn done(state: &mut State, job: SavingJob, result: Result<(), &str>) -> Vec<Effect> {
    state.absorb(Done::Saving(SavingDone {
        job,
        result: result.map_err(str::to_owned),
    }))
}

fn read(state: &mut State, name: &str, notes: &str) -> Vec<Effect> {
    state.absorb(Done::Document(DocumentDone::Opened {
        path: format!("/{name}.ron").into(),
        session: Ok(Box::new(Opened {
            title: name.to_owned(),
            notes: notes.to_owned(),
            step_notes: StepNotes::default(),
            analysis: Arc::new(Analysis::clone(&GOOD.analysis)),
        })),
    }))
}

/// A session of this name is on the stage.
fn session(name: &str) -> State {
    let mut state = failed();
    read(&mut state, name, "as it was");
    state
}

fn annotate(state: &mut State, notes: &str) {
    saving(state, SavingCommand::Annotate(notes.to_owned()));
}

fn closes(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::CloseWindow))
}

fn is_asking(state: &State) -> bool {
    state.saving.leave.as_ref().is_some_and(|leave| leave.is_asking)
}

#[test]
fn a_run_gets_title_notes_and_a_place() {
    let mut state = failed();
    saving(&mut state, SavingCommand::Ask);
    assert!(state.shows_save_dialog() && state.is_covered());
    saving(&mut state, SavingCommand::SetTitle("Orders: refused".to_owned()));
    saving(&mut state, SavingCommand::SetNotes("at 3 a.m.".to_owned()));
    assert_eq!(
        name_asked_for(saving(&mut state, SavingCommand::Accept)),
        "orders-refused.ron"
    );
    assert!(!state.shows_save_dialog(), "the place is asked for");
    // Escape in the picker leads back to the dialog, and nothing is lost.
    file(&mut state, FileCommand::UseOwnPicker);
    state.apply(Command::Window(WindowCommand::Dismiss));
    assert!(state.dialogs.picker.is_none() && state.shows_save_dialog());
    assert_eq!(dialog(&state).notes, "at 3 a.m.");
    saving(&mut state, SavingCommand::Accept);
    file(&mut state, FileCommand::UseOwnPicker);
    let job = job(file(&mut state, FileCommand::PickerTake("/tmp/orders".into())));
    assert_eq!(job.path, PathBuf::from("/tmp/orders.ron"));
    assert_eq!(
        (job.words.title.as_str(), job.words.notes.as_str()),
        ("Orders: refused", "at 3 a.m.")
    );
    assert!(!job.leaves_secrets_out && dialog(&state).is_writing);
    assert!(
        saving(&mut state, SavingCommand::Accept).is_empty(),
        "it is written once"
    );
    // An error is said in the dialog, and nothing is lost.
    done(&mut state, job.clone(), Err("the disk is full"));
    assert_eq!(dialog(&state).error.as_deref(), Some("the disk is full"));
    assert_eq!(dialog(&state).title, "Orders: refused");
    assert!(trouble(&state).is_empty() && !dialog(&state).is_writing);
    saving(&mut state, SavingCommand::WriteTo("/tmp/orders".into()));
    assert_eq!(dialog(&state).error, None);
    done(&mut state, job, Ok(()));
    assert!(state.saving.dialog.is_none());
    let document = state.document().expect("it is on the stage");
    assert_eq!(document.path.as_deref(), Some("/tmp/orders.ron".as_ref()));
    assert_eq!(document.title, "Orders: refused");
    assert!(!document.has_unsaved_words());
    assert_eq!(state.settings.recent, [PathBuf::from("/tmp/orders.ron")]);
}

#[test]
fn escape_saves_nothing_and_changes_nothing() {
    let mut state = session("a");
    saving(&mut state, SavingCommand::Ask);
    saving(&mut state, SavingCommand::SetTitle("other".to_owned()));
    state.apply(Command::Window(WindowCommand::Dismiss));
    assert!(state.saving.dialog.is_none());
    let document = state.document().expect("it is on the stage");
    assert_eq!(document.title, "a");
    assert!(!document.has_unsaved_words());
}

#[test]
fn a_copy_without_secrets_never_takes_the_place_of_the_whole() {
    let mut state = session("a");
    saving(&mut state, SavingCommand::Ask);
    assert_eq!(dialog(&state).own_file(), Some("/a.ron".as_ref()));
    assert!(dialog(&state).has_secrets());
    saving(&mut state, SavingCommand::LeaveSecretsOut(true));
    assert_eq!(dialog(&state).own_file(), None, "a place is asked for");
    assert_eq!(
        name_asked_for(saving(&mut state, SavingCommand::Accept)),
        "a-without-secrets.ron"
    );
    file(&mut state, FileCommand::UseOwnPicker);
    let job = job(file(&mut state, FileCommand::PickerTake("/copy.ron".into())));
    assert!(job.leaves_secrets_out);
    done(&mut state, job, Ok(()));
    let document = state.document().expect("it is on the stage");
    assert_eq!(
        document.path.as_deref(),
        Some("/a.ron".as_ref()),
        "its file is the old one"
    );
    // With them it is written into its own file, and nobody is asked for one.
    saving(&mut state, SavingCommand::Ask);
    assert_eq!(
        self::job(saving(&mut state, SavingCommand::Accept)).path,
        PathBuf::from("/a.ron")
    );
}

#[test]
fn what_the_worker_writes_has_no_secrets_where_none_are_wanted() {
    let directory = tempfile::tempdir().expect("a directory");
    let worker = Worker::start(Box::new(|| {}), None, crate::clock::Clock::default()).expect("a thread");
    for leaves_secrets_out in [false, true] {
        let path = directory.path().join(format!("{leaves_secrets_out}.ron"));
        let job = SavingJob {
            path: path.clone(),
            words: Words {
                title: "t".to_owned(),
                notes: "line\nline".to_owned(),
                ..Words::default()
            },
            leaves_secrets_out,
            analysis: Arc::clone(&GOOD.analysis),
        };
        assert!(worker.send(Job::Saving(job)).is_ok());
        let answer = worker.wait(std::time::Duration::from_mins(1)).expect("an answer");
        assert!(matches!(answer, Done::Saving(SavingDone { result: Ok(()), .. })));
        let saved = crate::session::load(&path).expect("it opens");
        assert_eq!(saved.capture.secrets.is_empty(), leaves_secrets_out);
        assert_eq!((saved.title.as_str(), saved.notes.as_str()), ("t", "line\nline"));
    }
}

#[test]
fn long_words_are_cut_while_they_are_typed_and_hostile_ones_are_written_out() {
    let mut state = session("a");
    saving(&mut state, SavingCommand::Ask);
    saving(&mut state, SavingCommand::SetTitle("é".repeat(500)));
    saving(&mut state, SavingCommand::SetNotes("é".repeat(50_000)));
    assert_eq!(dialog(&state).title.chars().count(), MOST_TITLE);
    assert_eq!(dialog(&state).notes.chars().count(), MOST_NOTES);
    saving(&mut state, SavingCommand::Cancel);
    let notes = "n".repeat(MOST_NOTES + 1);
    state.absorb(Done::Document(DocumentDone::Opened {
        path: "/b.ron".into(),
        session: Ok(Box::new(Opened {
            step_notes: StepNotes::default(),
            title: format!("evil\u{202e}{}", "t".repeat(9_000)),
            notes: notes.clone(),
            analysis: Arc::new(Analysis::clone(&GOOD.analysis)),
        })),
    }));
    saving(&mut state, SavingCommand::Ask);
    assert!(dialog(&state).title.starts_with("evil\\u{202e}"));
    assert!(dialog(&state).title.chars().count() < 300);
    assert!(!dialog(&state).can_edit_notes);
    saving(&mut state, SavingCommand::SetNotes(String::new()));
    assert_eq!(dialog(&state).notes, notes, "kept as they are");
}

#[test]
fn the_window_closes_at_once_where_nothing_is_lost() {
    let mut state = failed();
    assert!(!state.holds_unsaved_words(), "a run is run again");
    assert!(closes(&saving(&mut state, SavingCommand::CloseWindow)));
    let mut state = session("a");
    annotate(&mut state, "new");
    annotate(&mut state, "as it was");
    assert!(
        closes(&saving(&mut state, SavingCommand::CloseWindow)),
        "taken back"
    );
}

#[test]
fn the_window_asks_about_each_that_has_unsaved_words() {
    let mut state = session("a");
    annotate(&mut state, "new in a");
    read(&mut state, "b", "");
    annotate(&mut state, "new in b");
    assert!(saving(&mut state, SavingCommand::CloseWindow).is_empty());
    assert_eq!(
        state.saving.leave.as_ref().map(|leave| leave.title.as_str()),
        Some("a")
    );
    // Go on: everything is as it was.
    saving(&mut state, SavingCommand::Answer(LeaveAnswer::GoOn));
    assert!(state.saving.leave.is_none() && state.holds_unsaved_words());
    saving(&mut state, SavingCommand::CloseWindow);
    let job = job(saving(&mut state, SavingCommand::Answer(LeaveAnswer::Save)));
    assert_eq!(
        (job.path.as_path(), job.words.notes.as_str()),
        ("/a.ron".as_ref(), "new in a")
    );
    assert!(
        done(&mut state, job, Ok(()))
            .iter()
            .all(|effect| !matches!(effect, Effect::CloseWindow))
    );
    assert_eq!(
        state.saving.leave.as_ref().map(|leave| leave.title.as_str()),
        Some("b")
    );
    assert!(is_asking(&state));
    assert!(closes(&saving(
        &mut state,
        SavingCommand::Answer(LeaveAnswer::Discard)
    )));
}

#[test]
fn a_save_that_fails_keeps_the_window() {
    let mut state = session("a");
    annotate(&mut state, "new");
    saving(&mut state, SavingCommand::CloseWindow);
    let job = job(saving(&mut state, SavingCommand::Answer(LeaveAnswer::Save)));
    assert!(!closes(&done(&mut state, job, Err("no room"))));
    assert!(state.shows_save_dialog());
    assert_eq!(dialog(&state).error.as_deref(), Some("no room"));
    // Whoever gives up here does not want the window closed any more.
    state.apply(Command::Window(WindowCommand::Dismiss));
    assert!(state.saving.leave.is_none());
    assert_eq!(state.document().map(|one| one.notes.as_str()), Some("new"));
}

#[test]
fn what_is_being_written_is_waited_for_and_not_asked_about() {
    let mut state = session("a");
    saving(&mut state, SavingCommand::Ask);
    saving(&mut state, SavingCommand::SetNotes("new".to_owned()));
    // Typed and not yet saved: asked.
    assert!(saving(&mut state, SavingCommand::CloseWindow).is_empty());
    assert!(is_asking(&state) && !state.shows_save_dialog());
    saving(&mut state, SavingCommand::Answer(LeaveAnswer::GoOn));
    assert!(state.shows_save_dialog(), "the dialog is still there");
    let job = job(saving(&mut state, SavingCommand::Accept));
    assert!(saving(&mut state, SavingCommand::CloseWindow).is_empty());
    assert!(state.saving.leave.is_some() && !is_asking(&state));
    assert!(closes(&done(&mut state, job, Ok(()))));
}

#[test]
fn a_tab_with_unsaved_words_asks_before_it_closes() {
    let mut state = session("a");
    annotate(&mut state, "new");
    state.apply(Command::Document(DocumentCommand::CloseHere));
    assert!(is_asking(&state) && state.documents.len() == 2);
    state.apply(Command::Window(WindowCommand::Dismiss));
    assert!(
        state.saving.leave.is_none() && state.documents.len() == 2,
        "Escape goes on"
    );
    state.apply(Command::Document(DocumentCommand::CloseDocument(1)));
    let job = job(saving(&mut state, SavingCommand::Answer(LeaveAnswer::Save)));
    done(&mut state, job, Ok(()));
    assert_eq!(state.documents.len(), 1, "saved, and closed");
    read(&mut state, "b", "");
    annotate(&mut state, "new");
    state.apply(Command::Document(DocumentCommand::CloseHere));
    saving(&mut state, SavingCommand::Answer(LeaveAnswer::Discard));
    assert_eq!(state.documents.len(), 1);
    assert!(!state.holds_unsaved_words());
}

#[test]
fn a_session_that_is_opened_anew_asks_before_it_takes_the_place() {
    let mut state = session("a");
    annotate(&mut state, "new");
    read(&mut state, "b", "");
    assert!(!is_asking(&state), "another file takes nobody's place");
    read(&mut state, "a", "from the file");
    assert!(is_asking(&state));
    let notes = |state: &State| state.documents[1].notes.clone();
    saving(&mut state, SavingCommand::Answer(LeaveAnswer::GoOn));
    assert_eq!(notes(&state), "new");
    read(&mut state, "a", "from the file");
    let job = job(saving(&mut state, SavingCommand::Answer(LeaveAnswer::Save)));
    done(&mut state, job, Ok(()));
    assert_eq!(
        notes(&state),
        "new",
        "what was read is older than what was written"
    );
    assert_eq!(state.active, Some(1));
    annotate(&mut state, "newer");
    read(&mut state, "a", "from the file");
    saving(&mut state, SavingCommand::Answer(LeaveAnswer::Discard));
    assert_eq!(notes(&state), "from the file");
    assert_eq!(state.documents.len(), 3);
}

#[test]
fn only_a_session_is_changed_over_the_stage() {
    let mut state = failed();
    saving(&mut state, SavingCommand::Edit(true));
    annotate(&mut state, "new");
    assert!(!state.saving.is_editing && !state.holds_unsaved_words());
    read(&mut state, "a", "evil\u{202e}");
    saving(&mut state, SavingCommand::Edit(true));
    assert!(
        state.saving.is_editing && !state.holds_unsaved_words(),
        "written out, not changed"
    );
    saving(&mut state, SavingCommand::Retitle("other".to_owned()));
    assert!(state.holds_unsaved_words());
    state.apply(Command::Window(WindowCommand::Dismiss));
    assert!(!state.saving.is_editing);
    assert_eq!(state.document().map(|one| one.title.as_str()), Some("other"));
}
