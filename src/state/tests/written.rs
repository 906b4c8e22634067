//! Written: what a dialog of saving takes, what an answer of the writer's means by then, and what is lost by leaving.

use std::path::PathBuf;
use std::sync::Arc;

use super::tried::*;
use crate::analysis::Analysis;
use crate::capture::Capture;
use crate::state::*;

fn saving(state: &mut State, command: SavingCommand) -> Vec<Effect> {
    state.apply(Command::Saving(command))
}

fn read(state: &mut State, name: &str, notes: &str, analysis: Analysis) {
    state.absorb(Done::Document(DocumentDone::Opened {
        path: format!("/{name}.ron").into(),
        session: Ok(Box::new(Opened {
            step_notes: crate::session::StepNotes::default(),
            title: name.to_owned(),
            notes: notes.to_owned(),
            analysis: Arc::new(analysis),
        })),
    }));
}

fn good() -> Analysis {
    Analysis::clone(&GOOD.analysis)
}

fn session(name: &str, notes: &str) -> State {
    let mut state = failed();
    read(&mut state, name, notes, good());
    state
}

fn job(effects: Vec<Effect>) -> Option<SavingJob> {
    jobs(effects).into_iter().find_map(|job| match job {
        Job::Saving(job) => Some(job),
        _ => None,
    })
}

fn done(state: &mut State, job: &SavingJob, result: Result<(), &str>) -> Vec<Effect> {
    state.absorb(Done::Saving(SavingDone {
        job: job.clone(),
        result: result.map_err(str::to_owned),
    }))
}

fn closes(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::CloseWindow))
}

fn told(state: &State) -> Vec<&str> {
    state.notes.iter().map(|note| note.text.as_str()).collect()
}

fn asks_about(state: &State) -> Option<&str> {
    let leave = state.saving.leave.as_ref().filter(|leave| leave.is_asking);
    leave.map(|leave| leave.title.as_str())
}

#[test]
fn where_there_is_nothing_to_save_that_is_said() {
    let mut state = State::default();
    saving(&mut state, SavingCommand::Ask);
    assert!(job(saving(&mut state, SavingCommand::WriteTo("/a.ron".into()))).is_none());
    let nothing = "There is nothing to save yet: run a handshake first.";
    assert_eq!(told(&state), [nothing], "once is enough");
    let mut state = failed();
    state.absorb(Done::Document(DocumentDone::IsPackets("/a.pcap".into())));
    saving(&mut state, SavingCommand::Ask);
    assert_eq!(
        told(&state),
        ["Open one of the connections: that is what can be saved."]
    );
    assert!(state.saving.dialog.is_none());
    // Without a dialog, what is on the stage is written with its own words.
    let mut state = session("a", "as it was");
    let written = job(saving(&mut state, SavingCommand::WriteTo("/b".into()))).expect("it is written");
    assert_eq!(written.path, PathBuf::from("/b.ron"));
    assert_eq!(
        (written.words.title.as_str(), written.words.notes.as_str()),
        ("a", "as it was")
    );
    let mut state = session("a", "");
    let written = job(saving(&mut state, SavingCommand::WriteTo("/b.txt".into()))).expect("it is written");
    assert_eq!(
        written.path,
        PathBuf::from("/b.txt"),
        "an ending of one's own stays"
    );
}

#[test]
fn secrets_can_be_left_out_where_there_are_any() {
    for has_secrets in [true, false] {
        let mut capture = Capture::clone(&GOOD.analysis.capture);
        if !has_secrets {
            capture.secrets.clear();
        }
        let mut analysis = good();
        analysis.capture = Arc::new(capture);
        let mut state = failed();
        read(&mut state, "a", "", analysis);
        saving(&mut state, SavingCommand::Ask);
        for wanted in [true, false] {
            saving(&mut state, SavingCommand::LeaveSecretsOut(wanted));
            let dialog = state.saving.dialog.as_ref().expect("the dialog");
            assert_eq!(dialog.has_secrets(), has_secrets);
            assert_eq!(dialog.leaves_secrets_out, wanted && has_secrets);
        }
    }
}

/// Characters are counted, not bytes.
#[test]
fn notes_can_be_changed_up_to_their_bound() {
    for (letter, count, can_edit) in [
        ("n", MOST_NOTES, true),
        ("n", MOST_NOTES + 1, false),
        ("é", MOST_NOTES, true),
        ("é", MOST_NOTES + 1, false),
    ] {
        let notes = letter.repeat(count);
        let mut state = session("a", &notes);
        saving(&mut state, SavingCommand::Annotate("new".to_owned()));
        let now = &state.document().expect("a session").notes;
        assert_eq!(now == "new", can_edit, "{letter} {count}");
        let mut state = session("a", &notes);
        saving(&mut state, SavingCommand::Ask);
        let dialog = state.saving.dialog.as_ref().expect("the dialog");
        assert_eq!(dialog.can_edit_notes, can_edit, "{letter} {count}");
    }
}

#[test]
fn editing_writes_hostile_words_out_and_saves_nothing() {
    for (changes, is_unsaved) in [(false, false), (true, true)] {
        let mut state = session("evil\u{202e}", "");
        if changes {
            saving(&mut state, SavingCommand::Annotate("new".to_owned()));
        }
        saving(&mut state, SavingCommand::Edit(true));
        assert!(state.saving.is_editing);
        assert_eq!(state.holds_unsaved_words(), is_unsaved);
        assert!(state.document().is_some_and(|one| one.title == "evil\\u{202e}"));
        saving(&mut state, SavingCommand::Edit(false));
        assert!(!state.saving.is_editing);
    }
}

#[test]
fn a_dialog_is_changed_by_title_or_notes_and_not_by_looking() {
    for (title, notes, is_changed) in [
        ("a", "as it was", false),
        ("b", "as it was", true),
        ("a", "new", true),
        ("b", "new", true),
    ] {
        let mut state = session("a", "as it was");
        saving(&mut state, SavingCommand::Ask);
        saving(&mut state, SavingCommand::SetTitle(title.to_owned()));
        saving(&mut state, SavingCommand::SetNotes(notes.to_owned()));
        let dialog = state.saving.dialog.as_ref().expect("the dialog");
        assert_eq!(dialog.is_changed(), is_changed, "{title} {notes}");
        let effects = saving(&mut state, SavingCommand::CloseWindow);
        assert_eq!(closes(&effects), !is_changed);
        assert_eq!(asks_about(&state), is_changed.then_some(title));
        if is_changed {
            // Saved from here, the dialog's words are written.
            let job = job(saving(&mut state, SavingCommand::Answer(LeaveAnswer::Save))).expect("written");
            assert_eq!(
                (job.words.title.as_str(), job.words.notes.as_str()),
                (title, notes)
            );
            assert!(closes(&done(&mut state, &job, Ok(()))));
        } else {
            // A tab closes although its dialog is open, and what was typed there is not asked about.
            saving(&mut state, SavingCommand::SetTitle("b".to_owned()));
            state.apply(Command::Document(DocumentCommand::CloseHere));
            assert_eq!((asks_about(&state), state.documents.len()), (None, 1));
        }
    }
    // Lost on purpose.
    let mut state = session("a", "");
    saving(&mut state, SavingCommand::Ask);
    saving(&mut state, SavingCommand::SetNotes("new".to_owned()));
    saving(&mut state, SavingCommand::CloseWindow);
    assert!(closes(&saving(
        &mut state,
        SavingCommand::Answer(LeaveAnswer::Discard)
    )));
    assert!(state.saving.dialog.is_none());
    assert!(
        saving(&mut state, SavingCommand::Answer(LeaveAnswer::Discard)).is_empty(),
        "nobody asks"
    );
}

/// The writer's answer is the dialog's where it waits for that very evidence, and a note otherwise.
#[test]
fn an_answer_closes_the_dialog_that_waits_for_it_and_no_other() {
    for (waits, is_of_it) in [(true, true), (true, false), (false, true), (false, false)] {
        for result in [Ok(()), Err("the disk is full")] {
            let mut state = session("a", "");
            let older = job(saving(&mut state, SavingCommand::WriteTo("/x.ron".into()))).expect("written");
            state.apply(Command::Window(WindowCommand::Dismiss));
            if !is_of_it {
                read(&mut state, "b", "", good());
            }
            saving(&mut state, SavingCommand::Ask);
            if waits {
                let own = job(saving(&mut state, SavingCommand::Accept)).expect("it is written");
                assert!(job(saving(&mut state, SavingCommand::Accept)).is_none());
                assert!(saving(&mut state, SavingCommand::ChoosePlace).is_empty());
                saving(&mut state, SavingCommand::SetTitle("late".to_owned()));
                assert_ne!(own.words.title, "late");
                let title = state.saving.dialog.as_ref().map(|dialog| dialog.title.as_str());
                assert_ne!(title, Some("late"), "it is being written");
            }
            let dismissed = told(&state).len();
            done(&mut state, &older, result);
            let is_answered = waits && is_of_it;
            let dialog = state.saving.dialog.as_ref();
            let case = format!("{waits} {is_of_it} {result:?}");
            assert_eq!(dialog.is_some(), !(is_answered && result.is_ok()), "{case}");
            let error = dialog.and_then(|dialog| dialog.error.as_deref());
            assert_eq!(error, result.err().filter(|_| is_answered), "{case}");
            let words = match result {
                Ok(()) => vec!["Saved as x.ron."],
                Err(sentence) if !is_answered => vec![sentence],
                Err(_) => Vec::new(),
            };
            assert_eq!(told(&state)[dismissed..], words, "{case}");
        }
    }
}

/// One is being written, another has unsaved words: the window waits for the one and asks about the other.
#[test]
fn the_window_asks_about_the_other_while_one_is_written() {
    let mut state = session("a", "");
    saving(&mut state, SavingCommand::Annotate("new".to_owned()));
    read(&mut state, "b", "", good());
    saving(&mut state, SavingCommand::Ask);
    let b = job(saving(&mut state, SavingCommand::Accept)).expect("b is written");
    assert!(!closes(&saving(&mut state, SavingCommand::CloseWindow)));
    assert_eq!(asks_about(&state), Some("a"));
    // Saved from here, it is a that is written, with its own dialog.
    let a = job(saving(&mut state, SavingCommand::Answer(LeaveAnswer::Save))).expect("a is written");
    assert_eq!((a.words.title.as_str(), a.words.notes.as_str()), ("a", "new"));
    assert_eq!(a.path, PathBuf::from("/a.ron"));
    assert!(!closes(&done(&mut state, &b, Ok(()))), "b's answer is not a's");
    assert!(closes(&done(&mut state, &a, Ok(()))));
}

/// What is asked about was closed meanwhile: there is nothing to save, and it goes on.
#[test]
fn what_was_asked_about_and_is_gone_holds_nobody_up() {
    let mut state = session("a", "");
    saving(&mut state, SavingCommand::Annotate("new".to_owned()));
    saving(&mut state, SavingCommand::CloseWindow);
    assert_eq!(asks_about(&state), Some("a"));
    state.documents.pop();
    state.active = Some(0);
    assert!(closes(&saving(
        &mut state,
        SavingCommand::Answer(LeaveAnswer::Save)
    )));
    assert!(state.saving.leave.is_none());
}
