//! Opinions of other stacks: asked, ended, grown old; what counts and what does not.

use super::tried::*;
use crate::capture::Side;
use crate::opinion::{NoAnswer, Presence, Said};
use crate::setup::TlsVersion;
use crate::stack::Stack;
use crate::state::*;

/// Asks; the request's number.
fn ask(state: &mut State) -> u64 {
    let asked = jobs(state.apply(Command::Opinion(OpinionCommand::Ask)));
    let [Job::Opinion(OpinionJob::Ask { ticket, .. })] = &asked[..] else {
        panic!("they are asked: {asked:?}");
    };
    *ticket
}

fn found(state: &mut State, ticket: u64, stacks: Vec<(Stack, Presence)>) {
    state.absorb(Done::Opinion(OpinionDone::Found { ticket, stacks }));
}

fn said(state: &mut State, ticket: u64, stack: Stack, said: Said) {
    state.absorb(Done::Opinion(OpinionDone::Said {
        ticket,
        judge: Side::Server,
        opinion: opinion(stack, said),
    }));
}

fn ended(state: &mut State, ticket: u64) {
    state.absorb(Done::Opinion(OpinionDone::Ended {
        ticket,
        result: Ok(Answers::default()),
    }));
}

fn ran() -> State {
    let (mut state, ticket) = opened();
    state.absorb(GOOD.ran(ticket));
    state
}

fn round(state: &State) -> &Round {
    let asked = state.asked_stacks().expect("they were asked");
    asked.round(Side::Server).expect("the server judges")
}

fn refused() -> Said {
    Said::Refuses("no".to_owned())
}

#[test]
fn rows_fill_one_by_one_and_the_order_is_who_differs_agrees_and_is_absent() {
    let mut state = ran();
    let ticket = ask(&mut state);
    assert!(state.is_asking() && round(&state).rows.is_empty());
    let absent = Presence::Absent {
        looked_for: vec!["node".to_owned()],
    };
    let stacks = vec![
        here(Stack::OpenSsl),
        (Stack::Node, absent),
        here(Stack::Java),
        here(Stack::Go),
    ];
    found(&mut state, ticket, stacks);
    said(&mut state, ticket, Stack::OpenSsl, Said::Accepts);
    assert_eq!(
        round(&state)
            .rows
            .iter()
            .filter(|row| row.opinion.is_some())
            .count(),
        1
    );
    said(&mut state, ticket, Stack::Go, refused());
    said(
        &mut state,
        ticket,
        Stack::Java,
        Said::NoAnswer(NoAnswer::TimedOut(30_000)),
    );
    ended(&mut state, ticket);
    assert!(!state.is_asking());
    let own = Own::of(&GOOD.analysis, Side::Server).expect("it judged");
    let order: Vec<Stack> = round(&state)
        .sorted(Some(&own))
        .iter()
        .map(|row| row.stack)
        .collect();
    assert_eq!(order, [Stack::Go, Stack::OpenSsl, Stack::Java, Stack::Node]);
}

#[test]
fn both_sides_judge_and_the_one_that_differs_is_shown_first() {
    let mut state = ran();
    let ticket = ask(&mut state);
    found(&mut state, ticket, vec![here(Stack::Go)]);
    let shown = |state: &State| {
        let asked = state.asked_stacks().expect("asked");
        assert_eq!(asked.rounds.len(), 2);
        state.shown_round(asked).expect("a round").judge
    };
    assert_eq!(shown(&state), Side::Server);
    state.absorb(Done::Opinion(OpinionDone::Said {
        ticket,
        judge: Side::Client,
        opinion: opinion(Stack::Go, refused()),
    }));
    assert_eq!(shown(&state), Side::Client);
    state.apply(Command::Opinion(OpinionCommand::Show(Side::Server)));
    assert_eq!(shown(&state), Side::Server);
}

#[test]
fn a_late_answer_of_an_older_question_is_dropped() {
    let mut state = ran();
    let older = ask(&mut state);
    found(&mut state, older, vec![here(Stack::Go)]);
    let newer = ask(&mut state);
    found(&mut state, newer, vec![here(Stack::Go)]);
    said(&mut state, older, Stack::Go, refused());
    ended(&mut state, older);
    assert!(state.is_asking() && round(&state).rows[0].opinion.is_none());
    said(&mut state, newer, Stack::Go, Said::Accepts);
    assert_eq!(round(&state).rows[0].accepts(), Some(true));
}

#[test]
fn cancel_ends_it_and_keeps_what_was_said() {
    let mut state = ran();
    let asked = jobs(state.apply(Command::Opinion(OpinionCommand::Ask)));
    let [Job::Opinion(OpinionJob::Ask { ticket, cancel, .. })] = &asked[..] else {
        panic!("they are asked");
    };
    found(&mut state, *ticket, vec![here(Stack::Go), here(Stack::Java)]);
    said(&mut state, *ticket, Stack::Go, Said::Accepts);
    state.apply(Command::Opinion(OpinionCommand::Cancel));
    assert!(cancel.is_cancelled() && !state.is_asking());
    said(&mut state, *ticket, Stack::Java, refused());
    let answers: Vec<Option<bool>> = round(&state).rows.iter().map(Row::accepts).collect();
    assert_eq!(answers, [Some(true), None]);
}

#[test]
fn after_a_change_it_is_old_until_the_same_files_run_again() {
    let mut state = ran();
    let ticket = ask(&mut state);
    ended(&mut state, ticket);
    let is_old = |state: &State| state.is_asked_before_change(state.asked_stacks().expect("asked"));
    assert!(!is_old(&state));
    lab(&mut state, LabCommand::SetVersions(vec![TlsVersion::Tls12]));
    assert!(is_old(&state));
    let (run, _) = run_in(lab(&mut state, LabCommand::Run)).expect("it runs");
    state.absorb(FAILING.ran(run));
    assert!(is_old(&state), "another set-up was run since");
    let (run, _) = run_in(lab(&mut state, LabCommand::Run)).expect("it runs");
    state.absorb(GOOD.ran(run));
    assert!(!is_old(&state), "that is what they were asked about");
}

#[test]
fn a_time_out_and_a_crash_count_for_nothing() {
    let mut state = ran();
    let ticket = ask(&mut state);
    found(&mut state, ticket, vec![here(Stack::Go), here(Stack::Java)]);
    said(
        &mut state,
        ticket,
        Stack::Go,
        Said::NoAnswer(NoAnswer::TimedOut(1)),
    );
    said(
        &mut state,
        ticket,
        Stack::Java,
        Said::NoAnswer(NoAnswer::Crashed("x".to_owned())),
    );
    ended(&mut state, ticket);
    let own = Own::of(&GOOD.analysis, Side::Server);
    assert!(round(&state).against(own.as_ref()).is_empty());
    assert!(round(&state).against(None).is_empty());
}

#[test]
fn they_are_asked_after_a_run_where_the_settings_say_so_and_of_nothing_but_a_run() {
    let (mut state, ticket) = opened();
    assert!(
        jobs(state.apply(Command::Opinion(OpinionCommand::Ask))).is_empty(),
        "nothing ran yet"
    );
    let asks = |jobs: Vec<Job>| jobs.iter().any(|job| matches!(job, Job::Opinion(_)));
    assert!(!asks(jobs(state.absorb(GOOD.ran(ticket)))));
    state.apply(Command::Settings(SettingsCommand::SetAsksAfterRun(true)));
    let (ticket, _) = run_in(lab(&mut state, LabCommand::Run)).expect("it runs");
    assert!(asks(jobs(state.absorb(GOOD.ran(ticket)))));
}

#[test]
fn a_tab_that_is_left_while_they_are_asked_asks_no_longer() {
    let mut state = ran();
    let ticket = ask(&mut state);
    found(&mut state, ticket, vec![here(Stack::Go)]);
    state.absorb(Done::Lab(LabDone::Minted {
        ticket: state.lab.mint_ticket,
        scenario: Some("root-rotated".to_owned()),
        setup: Ok(FAILING.setup()),
    }));
    assert!(!state.is_asking());
    assert!(
        state.asked_stacks().is_none(),
        "the scenario's tab has asked nobody"
    );
}
