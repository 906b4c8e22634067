//! Looked at: what a selection opens, where the playhead leads, and the whole answer as text.

use super::tried::*;
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::{Certainty, Outcome};
use crate::state::*;
use crate::story::RowKind;
use std::sync::Arc;

fn view(state: &mut State, command: ViewCommand) {
    assert!(state.apply(Command::View(command)).is_empty());
}

fn notes(state: &State) -> Vec<&str> {
    state.notes.iter().map(|note| note.text.as_str()).collect()
}

/// The rows of the failing run in which a side judges: their checks, and the first of them that failed.
fn judgements() -> Vec<(usize, Option<usize>)> {
    let matrix = &FAILING.analysis.diagnosis.matrix;
    let rows = FAILING.analysis.story.rows.iter().enumerate();
    rows.filter_map(|(step, row)| match &row.kind {
        RowKind::Verification { matrix: checks, .. } => {
            let failed = checks
                .iter()
                .copied()
                .find(|check| matrix[*check].outcome == Outcome::Fail);
            Some((step, failed))
        }
        _ => None,
    })
    .collect()
}

#[test]
fn each_kind_of_row_opens_the_tab_that_tells_of_it() {
    use InspectorTab::{Bytes, Chain, Checks, Fields, Keys, Why};
    let mut state = failed();
    let judged = judgements();
    assert!(judged.iter().any(|(_, failed)| failed.is_some()));
    assert!(judged.iter().any(|(_, failed)| failed.is_none()));
    for (step, failed) in judged {
        view(&mut state, ViewCommand::Last);
        view(&mut state, ViewCommand::Select(Selection::Step(step)));
        let wanted = failed.map_or(Selection::Step(step), Selection::Check);
        assert_eq!((&state.selection, state.tab), (&wanted, Checks));
        // While it is being made, no judgement has failed.
        view(&mut state, ViewCommand::Seek(step as f32 + 0.2));
        view(&mut state, ViewCommand::Select(Selection::Step(step)));
        assert_eq!(state.selection, Selection::Step(step));
    }
    let field = || Selection::Field {
        message: 0,
        path: Vec::new(),
    };
    let certificate = || Selection::Certificate {
        sender: Side::Client,
        link: 0,
    };
    for (before, selection, after) in [
        (Why, field(), Fields),
        (Keys, field(), Fields),
        (Bytes, field(), Bytes),
        (Why, Selection::Check(1), Checks),
        (Bytes, Selection::Cause(0), Why),
        (Keys, certificate(), Keys),
        (Chain, certificate(), Chain),
        (Checks, Selection::Nothing, Checks),
        (Chain, Selection::Step(0), Fields),
        (Chain, Selection::Step(999), Why),
    ] {
        view(&mut state, ViewCommand::ShowTab(before));
        view(&mut state, ViewCommand::Select(selection.clone()));
        assert_eq!((&state.selection, state.tab), (&selection, after), "{before:?}");
    }
    // A row is open or closed, each for itself.
    for (row, open) in [(2, &[2][..]), (1, &[1, 2]), (2, &[1]), (1, &[])] {
        view(&mut state, ViewCommand::ToggleRow(row));
        assert_eq!(state.open_rows.iter().copied().collect::<Vec<_>>(), open);
    }
}

#[test]
fn a_chapter_is_gone_to_where_it_has_steps() {
    let mut state = failed();
    let chapters = FAILING.analysis.story.chapters.clone();
    assert!(chapters.iter().any(|chapter| chapter.first_step.is_none()));
    for chapter in &chapters {
        view(&mut state, ViewCommand::Last);
        view(&mut state, ViewCommand::ShowTab(InspectorTab::Keys));
        view(&mut state, ViewCommand::JumpToChapter(chapter.number));
        let last = FAILING.analysis.story.steps.len() - 1;
        let wanted = match chapter.first_step {
            None => (Selection::Nothing, InspectorTab::Keys, last + 1),
            Some(first) if first == last => (Selection::Nothing, InspectorTab::Why, last + 1),
            Some(first) => (Selection::Step(first), InspectorTab::Why, first + 1),
        };
        let visible = state.visible_steps();
        let found = (state.selection.clone(), state.tab, visible);
        assert_eq!(found, wanted, "chapter {}", chapter.number);
    }
    view(&mut state, ViewCommand::First);
    assert_eq!(state.selection, Selection::Nothing, "nothing has begun");
    view(&mut state, ViewCommand::JumpToChapter(99));
    assert_eq!(state.visible_steps(), 0);
}

#[test]
fn the_selection_goes_with_the_playhead_and_stays_within_a_step() {
    let mut state = failed();
    assert!(!state.advance(1.0), "nothing plays");
    view(&mut state, ViewCommand::TogglePlay);
    assert!(state.playback.is_playing() && state.visible_steps() == 0);
    assert!(state.advance(0.1));
    assert_eq!(state.selection, Selection::Step(0));
    // Whoever looks at something else meanwhile is left there until the next step.
    view(&mut state, ViewCommand::Select(Selection::Check(1)));
    assert!(state.advance(0.1));
    assert_eq!(state.selection, Selection::Check(1));
    assert!(state.advance(1.0));
    assert_eq!(state.selection, Selection::Step(1));
    // Paused where it is, and played on from there.
    view(&mut state, ViewCommand::TogglePlay);
    let at = state.playback.position();
    assert!(!state.playback.is_playing() && (at - 1.2).abs() < 0.01, "{at}");
    assert!(!state.advance(1.0));
    view(&mut state, ViewCommand::TogglePlay);
    assert!(state.playback.is_playing() && (state.playback.position() - at).abs() < 0.01);
    assert!(state.advance(1000.0));
    assert!(state.playback.is_at_end() && state.selection == Selection::Nothing);
    // In the calm after the last step everything is to be seen, and nothing told.
    view(&mut state, ViewCommand::TogglePlay);
    let steps = state.playback.steps();
    assert!(state.advance(steps as f32 + 0.1));
    assert_eq!(state.selection, Selection::Step(steps - 1));
    view(&mut state, ViewCommand::TogglePlay);
    assert_eq!(state.selection, Selection::Nothing, "the calm is cut short");
    // A second of 2× is two steps.
    view(&mut state, ViewCommand::SetSpeed(2.0));
    view(&mut state, ViewCommand::First);
    view(&mut state, ViewCommand::TogglePlay);
    state.advance(1.0);
    assert!((state.playback.position() - 2.0).abs() < 0.01);
    view(&mut state, ViewCommand::StepBy(1));
    assert_eq!(state.selection, Selection::Step(2));
    view(&mut state, ViewCommand::StepBy(-2));
    assert_eq!(state.selection, Selection::Step(0));
}

/// Title, verdict, causes with what mends them, and every step.
#[test]
fn the_whole_answer_is_copied_as_text() {
    let mut state = failed();
    let mut analysis = Analysis::clone(&FAILING.analysis);
    let mut possible = analysis.diagnosis.causes[0].clone();
    possible.certainty = Certainty::Possible;
    possible.title = "Perhaps it is this.".to_owned();
    possible.remedies.truncate(1);
    possible.remedies[0].text = "Do that.".to_owned();
    possible.remedies[0].commands = vec!["one\n  two".to_owned(), "three".to_owned()];
    analysis.diagnosis.causes = vec![possible.clone(), possible.clone()];
    analysis.diagnosis.causes[1].certainty = Certainty::Proven;
    analysis.diagnosis.causes[1].title = "It is that.".to_owned();
    analysis.story.steps.truncate(2);
    (analysis.story.steps[0].at_us, analysis.story.steps[1].at_us) = (7, 1234);
    let (id, detail) = (possible.id.word(), possible.detail.as_str());
    let fix = "   Fix: Do that.\n     one\n       two\n     three\n";
    let titles: Vec<String> = analysis
        .story
        .steps
        .iter()
        .map(|step| format!("{:<6}  {}", step.side.word(), step.title))
        .collect();
    let wanted = format!(
        "A ticket: rejected\n\n1. Perhaps it is this. (possible) [{id}]\n   {detail}\n{fix}\n\
         2. It is that. [{id}]\n   {detail}\n{fix}\n        7 µs  {}\n     1234 µs  {}\n",
        titles[0], titles[1]
    );
    let document = &mut state.documents[0];
    document.title = "A ticket".to_owned();
    document.analysis = Arc::new(analysis);
    let copied = |state: &mut State| state.apply(Command::Document(DocumentCommand::CopyAnswer));
    let effects = copied(&mut state);
    let [Effect::CopyText(text)] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(*text, wanted);
    assert_eq!(notes(&state), ["Copied the answer."]);
    let mut nothing = State::default();
    assert!(copied(&mut nothing).is_empty() && nothing.notes.is_empty());
}

#[test]
fn the_lab_s_own_tab_is_shown_or_run() {
    // From a session, its run comes back; where there is none, it runs.
    let mut state = failed();
    let session = |state: &mut State| {
        state.absorb(Done::Document(DocumentDone::Opened {
            path: "/a.ron".into(),
            session: Ok(Box::new(Opened {
                step_notes: crate::session::StepNotes::default(),
                title: "a".to_owned(),
                notes: String::new(),
                analysis: Arc::new(Analysis::clone(&GOOD.analysis)),
            })),
        }));
    };
    session(&mut state);
    assert_eq!(state.active, Some(1));
    let effects = state.apply(Command::Document(DocumentCommand::ShowLab));
    assert!(effects.is_empty() && state.active == Some(0));
    let (mut state, ticket) = opened();
    session(&mut state);
    lab(&mut state, LabCommand::CancelRun);
    let cancelled = RunError::Lab(crate::source::lab::LabError::Cancelled);
    state.absorb(Done::Lab(LabDone::Ran {
        ticket,
        result: Err(cancelled),
    }));
    let effects = state.apply(Command::Document(DocumentCommand::ShowLab));
    let (ticket, _) = run_in(effects).expect("it runs");
    state.absorb(GOOD.ran(ticket));
    assert_eq!((state.active, state.documents.len()), (Some(1), 2));
    assert!(state.document().is_some_and(Document::is_own));
    assert_eq!(state.lab.bench, None);
    // A scenario's tab stands instead: its set-up is put aside, and the user's own runs.
    let mut state = State::default();
    let minted = Done::Lab(LabDone::Minted {
        ticket: state.lab.mint_ticket,
        scenario: Some("root-rotated".to_owned()),
        setup: Ok(FAILING.setup()),
    });
    let (ticket, _) = run_in(state.absorb(minted)).expect("it runs");
    state.absorb(FAILING.ran(ticket));
    assert_eq!(state.lab.bench.as_deref(), Some("root-rotated"));
    assert!(run_in(state.apply(Command::Document(DocumentCommand::ShowLab))).is_some());
    assert_eq!(state.lab.bench, None);
}
