//! Shown: what a setting asks for, and what Escape closes first.

use super::tried::*;
use crate::diagnose::Tool;
use crate::state::*;
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
