//! Exports and notes on steps: a place is asked for, what comes of it is told, and no words are lost unasked.

use std::path::PathBuf;
use std::sync::Arc;

use super::tried::*;
use crate::analysis::Analysis;
use crate::export::Format;
use crate::session::StepNotes;
use crate::state::*;

fn export(state: &mut State, command: ExportCommand) -> Vec<Effect> {
    state.apply(Command::Export(command))
}

fn saving(state: &mut State, command: SavingCommand) -> Vec<Effect> {
    state.apply(Command::Saving(command))
}

/// A session is on the stage, with a note on its second step.
fn session() -> State {
    let mut state = failed();
    let mut step_notes = StepNotes::default();
    step_notes.set(1, "as it was");
    state.absorb(Done::Document(DocumentDone::Opened {
        path: "/kept.ron".into(),
        session: Ok(Box::new(Opened {
            title: "kept".to_owned(),
            notes: String::new(),
            step_notes,
            analysis: Arc::new(Analysis::clone(&GOOD.analysis)),
        })),
    }));
    state
}

/// The job that writes an export, once a place for it was chosen.
fn chosen(state: &mut State, format: Format, path: &str) -> ExportJob {
    let asked = jobs(export(state, ExportCommand::To(format)));
    let [Job::File(FileJob::AskSystem { ticket, purpose, .. })] = &asked[..] else {
        panic!("a place is asked for, not {asked:?}");
    };
    assert!(purpose.is_save() && matches!(purpose, PickPurpose::Export(to, _) if *to == format));
    let effects = state.absorb(Done::File(FileDone::SystemAnswered {
        ticket: *ticket,
        path: Some(PathBuf::from(path)),
    }));
    let job = jobs(effects).into_iter().find_map(|job| match job {
        Job::Export(job) => Some(job),
        _ => None,
    });
    job.expect("it is written")
}

#[test]
fn what_is_on_the_stage_is_exported_with_its_words_before_the_end_too() {
    let mut state = session();
    state.playback.seek(1.0);
    export(&mut state, ExportCommand::LeaveSecretsOut(true));
    for format in Format::ALL {
        let job = chosen(&mut state, format, "/there");
        assert_eq!(
            job.path,
            PathBuf::from("/there").with_extension(format.extension())
        );
        assert_eq!(
            (job.words.title.as_str(), job.words.step_notes.of(1)),
            ("kept", Some("as it was"))
        );
        assert!(job.leaves_secrets_out);
        assert_eq!(job.file.as_deref(), Some("/kept.ron"));
        state.absorb(Done::Export(ExportDone {
            path: job.path,
            result: Ok(()),
        }));
        let told = state.notes.iter().last().expect("a note").text.clone();
        assert_eq!(told, format!("Exported as there.{}.", format.extension()));
    }
}

#[test]
fn a_note_on_a_step_is_unsaved_until_it_is_saved() {
    let mut state = session();
    let document = |state: &State| state.document().expect("one").clone();
    assert!(!document(&state).has_unsaved_words());
    saving(&mut state, SavingCommand::EditStep(Some(2)));
    assert_eq!(state.saving.edited_step, Some(2));
    saving(&mut state, SavingCommand::AnnotateStep(2, "look here".to_owned()));
    assert!(document(&state).has_unsaved_words() && state.holds_unsaved_words());
    // Beyond the story there is no step.
    saving(
        &mut state,
        SavingCommand::AnnotateStep(1_000, "nowhere".to_owned()),
    );
    assert_eq!(document(&state).step_notes.of(1_000), None);
    saving(&mut state, SavingCommand::Ask);
    let effects = saving(&mut state, SavingCommand::Accept);
    let job = jobs(effects).into_iter().find_map(|job| match job {
        Job::Saving(job) => Some(job),
        _ => None,
    });
    let job = job.expect("it is saved");
    assert_eq!(job.words.step_notes.of(2), Some("look here"));
    // Meanwhile another note is written: that one is not saved yet.
    saving(&mut state, SavingCommand::AnnotateStep(3, "later".to_owned()));
    state.absorb(Done::Saving(SavingDone { job, result: Ok(()) }));
    assert_eq!(document(&state).step_notes.of(3), Some("later"));
    assert!(document(&state).has_unsaved_words());
    saving(&mut state, SavingCommand::AnnotateStep(3, String::new()));
    assert!(!document(&state).has_unsaved_words());
}

/// A run that is in no file is run again, and its notes would be lost: they begin with a session, as title and notes do.
#[test]
fn a_run_has_no_notes() {
    let mut state = failed();
    saving(&mut state, SavingCommand::EditStep(Some(1)));
    assert_eq!(state.saving.edited_step, None);
    saving(&mut state, SavingCommand::AnnotateStep(1, "lost".to_owned()));
    assert!(state.document().expect("a run").step_notes.is_empty());
}
