//! One question after the other, one answer for all that it opens, and no passphrase that is kept longer than its file.

use std::path::Path;

use super::*;
use crate::capture::{Der, RevocationFile};
use crate::pki::{Recipe, mint};
use crate::state::lab::sorted::{ListsFound, Placement, Question, Sorted};
use crate::state::lab::{Slot, Source};
use crate::state::{Command, Done, Effect, Job, LabCommand, LabDone, LabJob, State, WindowCommand};

fn closed(path: &str, target: Option<(Side, SetupSlot)>, is_for_run: bool) -> Closed {
    Closed {
        offer: Offer::File(path.into()),
        target,
        what: "the private key is encrypted".to_owned(),
        is_for_run,
    }
}

fn passphrase(state: &mut State, command: PassphraseCommand) -> Vec<Job> {
    let effects = state.apply(Command::Lab(LabCommand::Passphrase(command)));
    let job = |effect| match effect {
        Effect::Work(job) => Some(job),
        _ => None,
    };
    effects.into_iter().filter_map(job).collect()
}

fn word(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned())
}

fn read(state: &mut State, sorted: Sorted, target: Option<(Side, SetupSlot)>) {
    state.absorb(Done::Lab(LabDone::Read {
        sorted: vec![sorted],
        target,
    }));
}

/// A state that asks for these, in order.
fn asking(all: &[Closed]) -> State {
    let mut state = State::default();
    for one in all {
        read(&mut state, Sorted::Closed(Box::new(one.clone())), one.target);
    }
    state
}

/// The name of what is asked for, and how many wait.
fn asked(state: &State) -> (Option<String>, usize) {
    let closed = &state.lab.closed;
    (
        closed.asked.as_ref().map(|dialog| dialog.closed.name()),
        closed.waiting(),
    )
}

/// Types this and opens: the request's number and how many passphrases were tried before.
fn opening(state: &mut State, text: &str) -> (u64, usize) {
    passphrase(state, PassphraseCommand::Type(word(text)));
    let jobs = passphrase(state, PassphraseCommand::Open);
    let [
        Job::Lab(LabJob::Open {
            ticket,
            passphrase,
            tried,
            ..
        }),
    ] = &jobs[..]
    else {
        panic!("it is tried: {jobs:?}");
    };
    assert_eq!(passphrase.as_str(), text);
    (*ticket, tried.all().count())
}

/// The worker's answer; what is asked of the worker then.
fn answered(state: &mut State, ticket: u64, sorted: Sorted) -> Vec<String> {
    let effects = state.absorb(Done::Lab(LabDone::Opened {
        ticket,
        passphrases: Passphrases::one(word("right")),
        sorted,
    }));
    let words = effects.iter().map(|effect| match effect {
        Effect::Work(Job::Lab(LabJob::Read { offers, target, .. })) => {
            let names: Vec<String> = offers
                .iter()
                .filter_map(Offer::path)
                .map(|path| file_name(path))
                .collect();
            format!("read {} for {target:?}", names.join(" "))
        }
        Effect::Work(Job::Lab(LabJob::Run { .. })) => "run".to_owned(),
        Effect::Work(Job::Lab(LabJob::JudgeFit { .. })) => "judge".to_owned(),
        other => format!("{other:?}"),
    });
    words.collect()
}

fn nothing() -> Sorted {
    Sorted::Several(Vec::new())
}

#[test]
fn each_is_asked_for_once_and_in_order() {
    let key = Some((Side::Client, SetupSlot::Key));
    let all = [
        closed("/a.key", key, false),
        closed("/a.key", key, false),
        closed("/b.key", key, false),
        closed("/b.key", key, false),
        closed("/a.key", None, false),
        closed("/a.key", key, true),
    ];
    let mut state = asking(&all);
    assert_eq!(asked(&state), (Some("a.key".to_owned()), 3));
    // Left closed, the next is asked for.
    for (name, waiting) in [("b.key", 2), ("a.key", 1), ("a.key", 0)] {
        passphrase(&mut state, PassphraseCommand::Cancel);
        assert_eq!(asked(&state), (Some(name.to_owned()), waiting));
    }
    state.apply(Command::Window(WindowCommand::Dismiss));
    assert_eq!(asked(&state), (None, 0));
    let told: Vec<&str> = state.notes.iter().map(|note| note.text.as_str()).collect();
    assert!(told.contains(&"a.key stays closed."), "{told:?}");
    assert!(
        told.contains(&"a.key stays closed, and nothing was run."),
        "{told:?}"
    );
    // Where nothing is asked for, nothing is to be done.
    for command in [
        PassphraseCommand::Open,
        PassphraseCommand::Cancel,
        PassphraseCommand::Show(true),
    ] {
        assert!(passphrase(&mut state, command).is_empty());
        assert_eq!(asked(&state), (None, 0));
    }
    let pasted = Closed {
        offer: Offer::Text("-----BEGIN".to_owned()),
        ..closed("/a", None, false)
    };
    assert_eq!(asked(&asking(&[pasted])), (Some("the pasted text".to_owned()), 0));
}

#[test]
fn one_is_tried_at_a_time_and_a_late_answer_is_not_looked_at() {
    let mut state = asking(&[closed("/a.key", None, false)]);
    assert!(
        passphrase(&mut state, PassphraseCommand::Open).is_empty(),
        "nothing was typed"
    );
    let (first, tried) = opening(&mut state, "one");
    assert_eq!(tried, 0);
    assert!(
        passphrase(&mut state, PassphraseCommand::Open).is_empty(),
        "it is being tried"
    );
    let still_closed = || {
        let closed = Closed {
            what: "none of these opens it".to_owned(),
            ..closed("/a.key", None, false)
        };
        Sorted::Closed(Box::new(closed))
    };
    assert!(answered(&mut state, first + 100, nothing()).is_empty());
    assert_eq!(asked(&state), (Some("a.key".to_owned()), 0), "of another request");
    assert!(answered(&mut state, first, still_closed()).is_empty());
    let dialog = state.lab.closed.asked.as_ref().expect("it is asked again");
    assert_eq!(dialog.wrong.as_deref(), Some("none of these opens it"));
    assert!(!dialog.is_trying() && dialog.typed.as_str() == "one");
    assert!(answered(&mut state, first, nothing()).is_empty());
    assert_eq!(asked(&state), (Some("a.key".to_owned()), 0), "twice");
    // What is typed next takes the sentence away; what was tried goes along, so many and no more.
    passphrase(&mut state, PassphraseCommand::Show(true));
    for (count, text) in ["two", "three", "four", "five", "six"].iter().enumerate() {
        let (ticket, tried) = opening(&mut state, text);
        assert_eq!(tried, (count + 1).min(4), "{text}");
        let dialog = state.lab.closed.asked.as_ref().expect("it is asked");
        assert!(dialog.wrong.is_none() && dialog.is_shown && dialog.is_trying());
        answered(&mut state, ticket, still_closed());
    }
    let (ticket, _) = opening(&mut state, "right");
    answered(&mut state, ticket, nothing());
    assert_eq!(asked(&state), (None, 0));
}

/// What one passphrase opens is read for every slot that waits for it; another file waits on.
#[test]
fn the_same_file_opens_for_all_that_wait_for_it() {
    let slot = |slot| Some((Side::Client, slot));
    let mut state = asking(&[
        closed("/a.p12", slot(SetupSlot::Key), false),
        closed("/b.p12", slot(SetupSlot::Key), false),
        closed("/a.p12", slot(SetupSlot::Certificate), false),
        closed("/a.p12", slot(SetupSlot::Trust), false),
    ]);
    let (ticket, _) = opening(&mut state, "right");
    assert_eq!(
        answered(&mut state, ticket, nothing()),
        [
            "read a.p12 for Some((Client, Certificate))",
            "read a.p12 for Some((Client, Trust))"
        ]
    );
    assert_eq!(asked(&state), (Some("b.p12".to_owned()), 0));
}

#[test]
fn a_run_goes_on_once_all_that_it_waits_for_is_open() {
    let for_run = |path| closed(path, None, true);
    // Two files for the run, and one that is for a slot.
    let mut state = asking(&[for_run("/a.p12"), for_run("/b.p12")]);
    let (ticket, _) = opening(&mut state, "right");
    assert!(
        answered(&mut state, ticket, nothing()).is_empty(),
        "b.p12 is awaited"
    );
    let (ticket, _) = opening(&mut state, "right");
    assert_eq!(answered(&mut state, ticket, nothing()), ["run"]);
    // The same file for the run and for a slot: read, and run.
    let slot = Some((Side::Server, SetupSlot::Key));
    let mut state = asking(&[for_run("/a.p12"), closed("/a.p12", slot, false)]);
    let (ticket, _) = opening(&mut state, "right");
    assert_eq!(
        answered(&mut state, ticket, nothing()),
        ["read a.p12 for Some((Server, Key))", "run"]
    );
    let mut state = asking(&[closed("/a.p12", slot, false), for_run("/a.p12")]);
    let (ticket, _) = opening(&mut state, "right");
    assert_eq!(answered(&mut state, ticket, nothing()), ["run"]);
    // What was read for a run is not put anywhere by its passphrase; what was read for a slot is.
    for (is_for_run, wanted) in [(true, 0), (false, 1)] {
        let mut state = asking(&[closed("/a.p12", None, is_for_run)]);
        let (ticket, _) = opening(&mut state, "right");
        let told = Sorted::Refuse("it holds nothing".to_owned());
        let jobs = answered(&mut state, ticket, told);
        assert_eq!(jobs, if is_for_run { vec!["run"] } else { Vec::new() });
        assert_eq!(state.notes.iter().count(), wanted);
    }
    // A file for a slot does not hold the run up.
    let mut state = asking(&[for_run("/a.p12"), closed("/b.p12", None, false)]);
    let (ticket, _) = opening(&mut state, "right");
    assert_eq!(answered(&mut state, ticket, nothing()), ["run"]);
    assert_eq!(asked(&state), (Some("b.p12".to_owned()), 0));
}

/// What a place is called, and how a file comes there.
type Place<'a> = (&'a str, &'a dyn Fn(&mut State, &str));

#[test]
fn a_passphrase_is_kept_while_its_file_is_in_the_set_up_or_about_to_be() {
    let recipes: Vec<Recipe> =
        ron::from_str(r#"#![enable(implicit_some)] [(name: "root", subject: "Root", is_ca: true)]"#)
            .expect("recipes");
    let minted = mint(&recipes, 1_800_000_000).expect("it mints");
    let root = minted.find("root").expect("minted");
    let path = "/a.p12";
    let from = |file: &str| Source::File(file.into());
    let named = |file: &str| {
        let mut one = root.certificate.clone();
        one.file = Some(file.to_owned());
        one
    };
    let key = |file: &str| {
        let mut key = root.key.clone();
        key.file = Some(file.to_owned());
        key
    };
    let list = |file: &str| RevocationFile {
        file: Some(file.to_owned()),
        line: None,
        der: Der::from(vec![0x30, 0]),
        wrapping: None,
    };
    let certificate = SetupSlot::Certificate;
    let of = |source, certificates| Slot::of_certificates(certificate, source, certificates);
    // Where the file is: in one place alone, or in none.
    let places: [Place<'_>; 7] = [
        ("the slot's own file", &|state, file| {
            *state.lab.setup.slot_mut(Side::Server, certificate) = of(from(file), vec![named("/other")]);
        }),
        ("one of several certificates", &|state, file| {
            let all = vec![named("/other"), named(file)];
            *state.lab.setup.slot_mut(Side::Client, certificate) = of(from("/other"), all);
        }),
        ("the key", &|state, file| {
            *state.lab.setup.slot_mut(Side::Client, SetupSlot::Key) = Slot::of_key(from("/other"), key(file));
        }),
        ("a list", &|state, file| {
            let known = &mut state.lab.setup.sides.client.policy.revocation;
            known.lists = vec![list("/other"), list(file)];
        }),
        ("a response", &|state, file| {
            let known = &mut state.lab.setup.sides.server.policy.revocation;
            known.responses = vec![list(file)];
        }),
        ("the question", &|state, file| {
            ask(state, of(from("/other"), vec![named("/other")]));
            ask(state, of(from(file), vec![named("/other")]));
        }),
        ("nowhere", &|_, _| {}),
    ];
    let is_known = |state: &State| {
        let path = Path::new(path).to_path_buf();
        !state.lab.setup.passphrases.of(Some(&path)).is_empty()
    };
    for (place, put) in places {
        for (file, is_kept) in [(path, place != "nowhere"), ("/elsewhere.p12", false)] {
            let mut state = asking(&[closed(path, None, true)]);
            let (ticket, _) = opening(&mut state, "right");
            answered(&mut state, ticket, nothing());
            assert!(is_known(&state), "it was learnt");
            put(&mut state, file);
            state.forget_passphrases();
            assert_eq!(is_known(&state), is_kept, "{place}: {file}");
        }
    }
    // A question that is put aside takes its passphrase along.
    let mut state = asking(&[closed(path, None, true)]);
    let (ticket, _) = opening(&mut state, "right");
    answered(&mut state, ticket, nothing());
    ask(&mut state, of(from(path), vec![named("/other")]));
    state.forget_passphrases();
    assert!(is_known(&state));
    state.apply(Command::Window(WindowCommand::Dismiss));
    assert!(!is_known(&state));
}

/// Asks where this goes.
fn ask(state: &mut State, content: Slot) {
    let placement = Placement {
        side: Side::Client,
        slot: SetupSlot::Certificate,
        content,
    };
    let question = Question {
        title: "Whose is it?".to_owned(),
        detail: String::new(),
        answers: vec![
            ("None of these".to_owned(), Vec::new()),
            ("The client’s".to_owned(), vec![placement]),
        ],
    };
    read(state, Sorted::Ask(Box::new(question)), None);
}

/// Lists beside a store, told remarks and refusals each have their place.
#[test]
fn what_was_opened_goes_where_it_belongs() {
    let list = RevocationFile {
        file: Some("/ca.crl".to_owned()),
        line: None,
        der: Der::from(vec![0x30, 0]),
        wrapping: None,
    };
    let found = ListsFound {
        sides: vec![Side::Server],
        lists: vec![list],
        responses: Vec::new(),
        name: "ca.crl".to_owned(),
    };
    let more = Sorted::Refuse("the rest is nothing".to_owned());
    let sorted = Sorted::Lists(Box::new(found), Some(Box::new(more)));
    let target = Some((Side::Server, SetupSlot::Trust));
    // A refusal stands under its slot; also as a note where that is not to be seen.
    for (is_shown, notes) in [(true, 0), (false, 1)] {
        let mut state = State::default();
        state.settings.panels.left.show(is_shown);
        read(&mut state, sorted.clone(), target);
        let server = &state.lab.setup.sides.server;
        assert_eq!(server.policy.revocation.lists.len(), 1);
        assert!(state.lab.setup.sides.client.policy.revocation.lists.is_empty());
        assert_eq!(server.trust.error.as_deref(), Some("the rest is nothing"));
        let told = state
            .notes
            .iter()
            .filter(|note| note.text == "the rest is nothing");
        assert_eq!(told.count(), notes);
    }
    let mut state = State::default();
    read(&mut state, Sorted::Put(Vec::new()), None);
    assert!(state.notes.is_empty(), "nothing was put anywhere");
    let told = Sorted::Told(vec!["One.".to_owned(), "Two.".to_owned()], Box::new(nothing()));
    read(&mut state, told, None);
    assert_eq!(
        state.notes.iter().next().map(|note| note.text.as_str()),
        Some("One. Two.")
    );
}
