//! Looked at: what a selection opens, where the playhead leads, what a setting asks for, and what Escape closes first.

use super::tried::*;
use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::{Certainty, Outcome, Tool};
use crate::state::*;
use crate::story::RowKind;
use std::sync::Arc;
use std::time::Instant;

fn view(state: &mut State, command: ViewCommand) {
    assert!(state.apply(Command::View(command)).is_empty());
}

fn window(state: &mut State, command: WindowCommand) -> Vec<Effect> {
    state.apply(Command::Window(command))
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

/// What the effects ask of the window, with the settings that are kept where they are.
fn asked(state: &State, effects: &[Effect]) -> Vec<String> {
    let words = |effect: &Effect| match effect {
        Effect::ShowTheme(theme) => format!("theme {theme:?}"),
        Effect::ShowZoom(zoom) => format!("zoom {zoom:.3}"),
        Effect::ReduceMotion(is_reduced) => format!("reduced {is_reduced}"),
        Effect::Work(Job::Settings(SettingsJob(kept))) => {
            assert_eq!(*kept, state.settings);
            "kept".to_owned()
        }
        other => format!("{other:?}"),
    };
    effects.iter().map(words).collect()
}

#[test]
fn every_setting_is_shown_and_kept() {
    use SettingsCommand as Set;
    let mut state = State::default();
    let rows: &[(Set, &[&str])] = &[
        (Set::Zoom(1), &["zoom 1.100", "kept"]),
        (Set::Zoom(1), &["zoom 1.210", "kept"]),
        (Set::Zoom(-3), &["zoom 0.909", "kept"]),
        (Set::Zoom(-9), &["zoom 0.683", "kept"]),
        (Set::Zoom(20), &["zoom 2.144", "kept"]),
        (
            Set::SetTheme(ThemeChoice::Projector),
            &["theme Projector", "zoom 2.787", "kept"],
        ),
        (Set::Zoom(0), &["zoom 1.300", "kept"]),
        (
            Set::SetTheme(ThemeChoice::Light),
            &["theme Light", "zoom 1.000", "kept"],
        ),
        (Set::ReduceMotion(true), &["reduced true", "kept"]),
        (Set::SetTool(Tool::Nginx), &["kept"]),
        (Set::SetStack(Some("Java".to_owned())), &["kept"]),
        (Set::ShowAllStacks(true), &[]),
        (Set::SetRunsByItself(false), &["kept"]),
        (Set::SetAsksAfterRun(true), &["kept"]),
        (Set::Greeted, &["kept"]),
    ];
    for (command, wanted) in rows {
        let effects = state.apply(Command::Settings(command.clone()));
        assert_eq!(asked(&state, &effects), *wanted, "{command:?}");
    }
    let settings = state.settings.clone();
    assert_eq!(settings.theme, ThemeChoice::Light);
    assert_eq!(settings.tool, Some(Tool::Nginx));
    assert_eq!(settings.stack.as_deref(), Some("Java"));
    assert!(settings.reduce_motion && settings.asks_after_run && settings.is_greeted);
    assert!(!settings.runs_by_itself && state.shows_all_stacks);
    assert!(state.playback.is_motion_reduced());
    // All of it is there the next time; a stack that nobody knows is nobody's.
    for (stack, taken) in [("Java", Some("Java")), ("Netscape", None)] {
        let mut next = State::default();
        let effects = next.restore(Settings {
            stack: Some(stack.to_owned()),
            ..settings.clone()
        });
        assert_eq!(
            asked(&next, &effects),
            ["theme Light", "reduced true", "zoom 1.000"]
        );
        assert!(next.playback.is_motion_reduced());
        assert_eq!(next.settings.stack.as_deref(), taken);
        assert_eq!(next.settings.tool, Some(Tool::Nginx));
    }
    for (motion, is_reduced) in [(true, true), (false, false)] {
        state.apply(Command::Settings(Set::ReduceMotion(motion)));
        assert_eq!(state.playback.is_motion_reduced(), is_reduced);
        assert_eq!(state.settings.reduce_motion, is_reduced);
    }
}

/// Everything that can lie over the panels, the topmost first, and how each is opened.
#[test]
fn escape_closes_what_lies_on_top_and_one_thing_at_a_time() {
    let mut state = failed();
    state.set_drawers((true, true));
    view(&mut state, ViewCommand::Select(Selection::Check(1)));
    assert!(!state.is_covered());
    // A drawer is out, as something was selected.
    assert!(state.settings.panels.right.is_shown());
    window(&mut state, WindowCommand::ShowGallery(true));
    window(&mut state, WindowCommand::FilterGallery("root".to_owned()));
    window(&mut state, WindowCommand::ShowHelp(true));
    state.apply(Command::Pasted(PastedCommand::ShowPasteBox(true)));
    state.apply(Command::Saving(SavingCommand::Ask));
    state.apply(Command::File(FileCommand::ChooseFiles));
    let question = |title: &str| Question {
        title: title.to_owned(),
        detail: String::new(),
        answers: Vec::new(),
    };
    let read = |sorted| {
        Done::Lab(LabDone::Read {
            sorted: vec![sorted],
            target: None,
        })
    };
    for title in ["first", "second"] {
        state.absorb(read(Sorted::Ask(Box::new(question(title)))));
    }
    state.absorb(read(Sorted::Closed(Box::new(Closed {
        offer: Offer::File("/k.p12".into()),
        target: None,
        what: "it is encrypted".to_owned(),
        is_for_run: false,
    }))));
    assert!(!state.shows_passphrase_dialog(), "one question at a time");
    let lies = |state: &State| {
        let dialogs = &state.dialogs;
        let all = [
            (dialogs.question.is_some(), "question"),
            (state.lab.closed.asked.is_some(), "passphrase"),
            (dialogs.picker.is_some(), "picker"),
            (dialogs.waiting_for_system.is_some(), "waiting"),
            (dialogs.without_file.is_some(), "offer"),
            (state.saving.dialog.is_some(), "saving"),
            (dialogs.is_pasting, "paste"),
            (dialogs.help, "help"),
            (dialogs.gallery, "gallery"),
            (!state.notes.is_empty(), "note"),
            (state.settings.panels.right.is_shown(), "drawer"),
            (state.selection != Selection::Nothing, "selection"),
        ];
        let there = all.iter().filter(|(is_there, _)| *is_there);
        there.map(|(_, name)| *name).collect::<Vec<_>>()
    };
    // Waiting for the system's dialog, with ours open beside it, is never so: each in its turn.
    assert_eq!(
        lies(&state),
        [
            "question",
            "passphrase",
            "waiting",
            "saving",
            "paste",
            "help",
            "gallery",
            "drawer",
            "selection"
        ]
    );
    let title = |state: &State| state.dialogs.question.as_ref().map(|one| one.title.clone());
    window(&mut state, WindowCommand::Dismiss);
    assert_eq!(title(&state).as_deref(), Some("second"));
    let mut left = vec![
        "passphrase",
        "waiting",
        "saving",
        "paste",
        "help",
        "gallery",
        "drawer",
        "selection",
    ];
    window(&mut state, WindowCommand::Dismiss);
    assert_eq!(lies(&state), left);
    assert!(state.shows_passphrase_dialog());
    // A passphrase that is not given leaves a note.
    left.remove(0);
    left.insert(5, "note");
    window(&mut state, WindowCommand::Dismiss);
    assert_eq!(lies(&state), left);
    assert_eq!(notes(&state), ["k.p12 stays closed."]);
    state.apply(Command::File(FileCommand::UseOwnPicker));
    left[0] = "picker";
    assert_eq!(lies(&state), left);
    while !left.is_empty() {
        let covers = ["picker", "saving", "paste", "help", "gallery"];
        assert_eq!(state.is_covered(), covers.contains(&left[0]), "{left:?}");
        left.remove(0);
        window(&mut state, WindowCommand::Dismiss);
        assert_eq!(lies(&state), left);
    }
    assert_eq!(state.dialogs.gallery_filter, "root");
    window(&mut state, WindowCommand::ShowGallery(true));
    assert_eq!(state.dialogs.gallery_filter, "", "it is opened anew");
    // What the system's dialog did not give is offered once more, and put aside by Escape.
    let mut state = failed();
    view(&mut state, ViewCommand::Select(Selection::Check(1)));
    let effects = state.apply(Command::File(FileCommand::ChooseFiles));
    let Some(Job::File(FileJob::AskSystem { ticket, .. })) = jobs(effects).pop() else {
        panic!("the system is asked");
    };
    let waiting = state.dialogs.waiting_for_system.as_mut().expect("it waits");
    waiting.since = Instant::now()
        .checked_sub(std::time::Duration::from_secs(30))
        .expect("a clock");
    state.absorb(Done::File(FileDone::SystemAnswered { ticket, path: None }));
    assert_eq!(lies(&state), ["offer", "drawer", "selection"]);
    window(&mut state, WindowCommand::Dismiss);
    assert_eq!(lies(&state), ["drawer", "selection"]);
    // What the system's dialog gave is read, and nothing waits any more.
    let effects = state.apply(Command::File(FileCommand::ChooseFiles));
    let Some(Job::File(FileJob::AskSystem { ticket, .. })) = jobs(effects).pop() else {
        panic!("the system is asked");
    };
    let path = Some("/certs/a.pem".into());
    let effects = state.absorb(Done::File(FileDone::SystemAnswered { ticket, path }));
    assert!(matches!(&jobs(effects)[..], [Job::Lab(LabJob::Read { .. })]));
    assert_eq!(lies(&state), ["drawer", "selection"]);
}

#[test]
fn what_is_copied_is_said_and_what_went_wrong_is_told() {
    let mut state = failed();
    let copy = WindowCommand::Copy {
        text: "openssl verify".to_owned(),
        what: "the command",
    };
    let effects = window(&mut state, copy);
    assert!(matches!(&effects[..], [Effect::CopyText(text)] if text == "openssl verify"));
    assert_eq!(notes(&state), ["Copied the command."]);
    assert!(matches!(
        window(&mut state, WindowCommand::ToggleFullScreen)[..],
        [Effect::ToggleFullScreen]
    ));
    assert!(state.absorb(Done::Told(None)).is_empty());
    assert!(trouble(&state).is_empty());
    assert!(
        state
            .absorb(Done::Told(Some("The disk is full.".to_owned())))
            .is_empty()
    );
    assert_eq!(trouble(&state), ["The disk is full."]);
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
