//! Who is asked and who judges; and the search for what all accept, in every odd order.

use std::sync::Arc;

use super::tried::*;
use crate::capture::{ClientAuth, Side};
use crate::experiment::repair::{Edit, ProvenFix};
use crate::opinion::{NoAnswer, Said};
use crate::setup::{LabSetup, TlsVersion};
use crate::stack::Stack;
use crate::state::*;

fn command(state: &mut State, command: OpinionCommand) -> Vec<Job> {
    jobs(state.apply(Command::Opinion(command)))
}

fn tell(state: &mut State, done: OpinionDone) {
    assert!(state.absorb(Done::Opinion(done)).is_empty());
}

/// Asks; the request's number.
fn ask(state: &mut State) -> Option<u64> {
    command(state, OpinionCommand::Ask)
        .into_iter()
        .find_map(|job| match job {
            Job::Opinion(OpinionJob::Ask { ticket, .. }) => Some(ticket),
            _ => None,
        })
}

/// A run of the good pair, as if its set-up had been this.
fn ran_with(change: impl FnOnce(&mut LabSetup)) -> State {
    let (mut state, ticket) = opened();
    let Done::Lab(LabDone::Ran {
        result: Ok(mut ran), ..
    }) = GOOD.ran(ticket)
    else {
        unreachable!("it ran");
    };
    change(&mut ran.setup);
    state.absorb(Done::Lab(LabDone::Ran {
        ticket,
        result: Ok(ran),
    }));
    state
}

/// All were asked, and each said so at the server.
fn answered(state: &mut State, said: &[(Stack, Said)]) -> u64 {
    let ticket = ask(state).expect("they are asked");
    let said = said
        .iter()
        .map(|(stack, said)| (Side::Server, opinion(*stack, said.clone())));
    let answers = Answers {
        stacks: vec![here(Stack::Go), here(Stack::Java), here(Stack::OpenSsl)],
        said: said.collect(),
    };
    tell(
        state,
        OpinionDone::Ended {
            ticket,
            result: Ok(answers),
        },
    );
    ticket
}

fn refused() -> Said {
    Said::Refuses("no".to_owned())
}

/// The search that is begun: its number and how many have a vote.
fn search(state: &mut State) -> Option<(u64, usize)> {
    command(state, OpinionCommand::FindAgreement)
        .into_iter()
        .find_map(|job| match job {
            Job::Opinion(OpinionJob::Agree { ticket, voters, .. }) => Some((ticket, voters.len())),
            _ => None,
        })
}

#[test]
fn those_are_asked_who_judge_a_chain() {
    type Change = fn(&mut LabSetup);
    let cases: [(Change, &[Side]); 6] = [
        (|_| {}, &[Side::Server, Side::Client]),
        (|lab| lab.client_auth = ClientAuth::None, &[Side::Client]),
        (
            |lab| lab.client_auth = ClientAuth::Optional,
            &[Side::Server, Side::Client],
        ),
        (|lab| lab.parties.client.identity = None, &[Side::Client]),
        (|lab| lab.parties.server.identity = None, &[Side::Server]),
        (
            |lab| {
                lab.parties.server.identity = None;
                lab.client_auth = ClientAuth::None;
            },
            &[],
        ),
    ];
    for (number, (change, judges)) in cases.into_iter().enumerate() {
        let mut state = ran_with(change);
        assert_eq!(state.can_ask_stacks(), !judges.is_empty(), "{number}");
        assert_eq!(ask(&mut state).is_some(), !judges.is_empty(), "{number}");
        let asked = state
            .asked_stacks()
            .map(|asked| asked.rounds.as_slice())
            .unwrap_or_default();
        let found: Vec<Side> = asked.iter().map(|round| round.judge).collect();
        assert_eq!(found, judges, "{number}");
        let shown = state.asked_stacks().and_then(|asked| state.shown_round(asked));
        assert_eq!(
            shown.map(|round| round.judge),
            judges.first().copied(),
            "{number}"
        );
    }
    // A time of one's own is part of the question; so is how many are trusted.
    let mut state = ran_with(|lab| {
        lab.parties.server.policy.clock_unix_s = Some(NOW_UNIX_S);
        lab.parties.client.policy.clock_unix_s = None;
        lab.parties.client.trust.clear();
    });
    ask(&mut state);
    let asked = state.asked_stacks().expect("they were asked");
    let rounds: Vec<_> = asked
        .rounds
        .iter()
        .map(|round| (round.has_time, round.trusted))
        .collect();
    assert_eq!(rounds, [(true, 1), (false, 0)]);
    assert_eq!(asked.at_unix_s, NOW_UNIX_S);
}

#[test]
fn a_row_is_being_asked_until_it_has_answered() {
    let mut state = ran_with(|_| {});
    let ticket = ask(&mut state).expect("they are asked");
    let (judge, stack) = (Side::Server, Stack::Go);
    let since = |state: &State| {
        let round = state
            .asked_stacks()
            .and_then(|asked| asked.round(judge))
            .expect("a round");
        let row = round.rows.iter().find(|row| row.stack == stack);
        row.map(|row| (row.asked_since_unix_s, row.opinion.is_some()))
    };
    tell(&mut state, OpinionDone::Begins { ticket, judge, stack });
    assert_eq!(since(&state), None, "nobody was found yet");
    let stacks = vec![here(Stack::Java), here(stack)];
    tell(&mut state, OpinionDone::Found { ticket, stacks });
    tell(
        &mut state,
        OpinionDone::Found {
            ticket,
            stacks: Vec::new(),
        },
    );
    assert_eq!(since(&state), Some((None, false)));
    state.now_unix_s = 77;
    let begins = |ticket, judge| OpinionDone::Begins { ticket, judge, stack };
    tell(&mut state, begins(ticket + 1, judge));
    tell(&mut state, begins(ticket, judge.peer()));
    assert_eq!(
        since(&state),
        Some((None, false)),
        "of another request, of the other side"
    );
    tell(&mut state, begins(ticket, judge));
    assert_eq!(since(&state), Some((Some(77), false)));
    let said = |ticket, stack| OpinionDone::Said {
        ticket,
        judge,
        opinion: opinion(stack, Said::Accepts),
    };
    tell(&mut state, said(ticket, Stack::OpenSsl));
    tell(&mut state, said(ticket, stack));
    assert_eq!(since(&state), Some((None, true)));
    tell(&mut state, begins(ticket, judge));
    assert_eq!(since(&state), Some((None, true)), "it has answered");
    // Rows open and close, each for itself.
    assert!(command(&mut state, OpinionCommand::ToggleRow(judge, stack)).is_empty());
    assert!(state.is_opinion_open(judge, stack) && !state.is_opinion_open(judge.peer(), stack));
    command(&mut state, OpinionCommand::ToggleRow(judge, stack));
    assert!(!state.is_opinion_open(judge, stack));
    // Nobody recorded a handshake that could be opened.
    assert!(command(&mut state, OpinionCommand::OpenOnStage(judge, stack)).is_empty());
    // What could not be asked at all is told, and nothing stands.
    let failed = |ticket| OpinionDone::Ended {
        ticket,
        result: Err("no thread".to_owned()),
    };
    tell(&mut state, failed(ticket + 1));
    assert!(state.asked_stacks().is_some() && trouble(&state).is_empty());
    tell(&mut state, failed(ticket));
    assert!(state.asked_stacks().is_none() && !state.is_asking());
    assert_eq!(trouble(&state), ["no thread"]);
}

#[test]
fn who_differs_depends_on_what_the_run_came_to() {
    let mut state = ran_with(|_| {});
    let timed_out = Said::NoAnswer(NoAnswer::TimedOut(1));
    let all = [
        (Stack::Go, refused()),
        (Stack::Java, Said::Accepts),
        (Stack::OpenSsl, timed_out),
    ];
    answered(&mut state, &all);
    let round = |state: &State| {
        let asked = state.asked_stacks().expect("they were asked");
        asked.round(Side::Server).expect("the server judges").clone()
    };
    let own = |accepts| Own {
        accepts,
        words: String::new(),
        took_us: 0,
    };
    let against = |state: &State, own: Option<&Own>| -> Vec<Stack> {
        round(state)
            .against(own)
            .iter()
            .map(|opinion| opinion.stack)
            .collect()
    };
    assert_eq!(against(&state, Some(&own(true))), [Stack::Go]);
    assert_eq!(against(&state, Some(&own(false))), [Stack::Java]);
    assert_eq!(
        against(&state, None),
        [Stack::Go],
        "they disagree with each other"
    );
    let order = |state: &State, accepts| -> Vec<Stack> {
        round(state)
            .sorted(Some(&own(accepts)))
            .iter()
            .map(|row| row.stack)
            .collect()
    };
    assert_eq!(order(&state, true), [Stack::Go, Stack::Java, Stack::OpenSsl]);
    assert_eq!(order(&state, false), [Stack::Java, Stack::Go, Stack::OpenSsl]);
    assert_eq!(state.stacks_against(Side::Server), Some((1, true)));
    assert_eq!(state.stacks_against(Side::Client), None);
    answered(&mut state, &[(Stack::Go, refused()), (Stack::Java, refused())]);
    assert!(against(&state, None).is_empty(), "nobody took it");
    assert_eq!(state.stacks_against(Side::Server), Some((2, true)));
    lab(&mut state, LabCommand::SetVersions(vec![TlsVersion::Tls12]));
    assert_eq!(
        state.stacks_against(Side::Server),
        None,
        "the files are others by now"
    );
    for (refuses, count, word) in [
        (true, 1, "refuses"),
        (true, 2, "refuse"),
        (false, 1, "accepts"),
        (false, 2, "accept"),
    ] {
        assert_eq!(verdict_verb(refuses, count), word);
    }
}

#[test]
fn what_all_accept_is_searched_once_and_an_older_search_is_not_heard() {
    let mut state = ran_with(|_| {});
    assert!(search(&mut state).is_none(), "nobody was asked");
    answered(&mut state, &[(Stack::Java, Said::Accepts)]);
    assert!(
        state.who_could_agree().is_none() && search(&mut state).is_none(),
        "nobody refuses"
    );
    let all = [(Stack::Go, refused()), (Stack::Java, Said::Accepts)];
    let first_ask = answered(&mut state, &all);
    assert_eq!(state.who_could_agree(), Some(3), "and the run's own");
    let (ticket, voters) = search(&mut state).expect("it is searched");
    assert_eq!(voters, 2);
    assert!(search(&mut state).is_none(), "it is under way");
    let tried = |state: &State| state.agreement().map(|one| (one.tried, one.result.is_some()));
    let agreeing = |ticket| OpinionDone::Agreeing { ticket, tried: 7 };
    tell(&mut state, agreeing(ticket + 1));
    assert_eq!(tried(&state), Some((0, false)));
    tell(&mut state, agreeing(ticket));
    assert_eq!(tried(&state), Some((7, false)));
    let agreed = |ticket, tried| OpinionDone::Agreed {
        ticket,
        result: Ok(Agreement {
            tried,
            ..Agreement::default()
        }),
    };
    tell(&mut state, agreed(ticket + 1, 8));
    assert_eq!(tried(&state), Some((7, false)));
    tell(&mut state, agreed(ticket, 9));
    assert_eq!(tried(&state), Some((9, true)));
    tell(&mut state, agreed(ticket, 10));
    tell(&mut state, agreeing(ticket));
    assert_eq!(tried(&state), Some((9, true)), "it is over");
    // It found nothing: there is nothing to apply and nothing to show.
    assert!(command(&mut state, OpinionCommand::ApplyAgreement).is_empty());
    command(&mut state, OpinionCommand::ShowAgreement);
    assert_eq!(state.documents.len(), 1);
    // Given up, what it found stays; one under way goes.
    command(&mut state, OpinionCommand::CancelAgreement);
    assert_eq!(tried(&state), Some((9, true)));
    let (again, _) = search(&mut state).expect("it is searched again");
    command(&mut state, OpinionCommand::CancelAgreement);
    assert_eq!(tried(&state), None);
    tell(&mut state, agreed(again, 1));
    assert_eq!(tried(&state), None);
    let (failing, _) = search(&mut state).expect("it is searched again");
    tell(
        &mut state,
        OpinionDone::Agreed {
            ticket: failing,
            result: Err("no thread".to_owned()),
        },
    );
    assert_eq!(tried(&state), None);
    assert_eq!(trouble(&state), ["no thread"]);
    // What was found for an older question is not this one's.
    let (ticket, _) = search(&mut state).expect("it is searched again");
    tell(&mut state, agreed(ticket, 2));
    let second_ask = ask(&mut state).expect("they are asked");
    assert_ne!(first_ask, second_ask);
    assert_eq!(tried(&state), None);
    assert!(state.who_could_agree().is_none(), "they are being asked");
    answered(&mut state, &all);
    assert_eq!(state.who_could_agree(), Some(3));
    lab(&mut state, LabCommand::SetVersions(vec![TlsVersion::Tls12]));
    assert!(state.who_could_agree().is_none(), "the files are others by now");
}

/// Where the run itself refused, all that answered can agree on something else.
#[test]
fn a_refused_run_is_something_to_agree_about() {
    let mut state = failed();
    answered(&mut state, &[]);
    assert_eq!(state.who_could_agree(), None, "nobody answered");
    answered(
        &mut state,
        &[(Stack::Go, Said::Accepts), (Stack::Java, Said::Accepts)],
    );
    assert_eq!(state.who_could_agree(), Some(3));
    let asked = state.asked_stacks().expect("they were asked");
    let refusing = Side::BOTH
        .into_iter()
        .find(|judge| Own::of(&FAILING.analysis, *judge).is_some_and(|own| !own.accepts));
    assert_eq!(state.shown_round(asked).map(|round| round.judge), refusing);
}

/// What all accept is shown on a tab of its own, and applied to the set-up.
#[test]
fn what_all_accept_is_shown_and_applied() {
    let mut state = failed();
    answered(
        &mut state,
        &[(Stack::Go, Said::Accepts), (Stack::Java, Said::Accepts)],
    );
    let (ticket, _) = search(&mut state).expect("it is searched");
    let fix = ProvenFix {
        edits: vec![Edit::MoveClock(Some(NOW_UNIX_S - 60))],
        words: vec!["Mend it.".to_owned()],
        cautions: Vec::new(),
        commands: Vec::new(),
        proof: Arc::clone(&GOOD.analysis.capture),
    };
    let found = Agreement {
        fix: Some(OfferedFix {
            fix: Arc::new(fix),
            proof: Arc::clone(&GOOD.analysis),
        }),
        tried: 3,
        ..Agreement::default()
    };
    tell(
        &mut state,
        OpinionDone::Agreed {
            ticket,
            result: Ok(found),
        },
    );
    let own = state.active;
    command(&mut state, OpinionCommand::ShowAgreement);
    let shown = state.document().expect("it is on the stage");
    assert_eq!(
        (shown.title.as_str(), shown.notes.as_str(), shown.trial),
        ("What all accept", "Mend it.", Some(Trial::Agreement))
    );
    assert!(Arc::ptr_eq(&shown.analysis, &GOOD.analysis));
    assert_eq!(state.documents.len(), 2);
    command(&mut state, OpinionCommand::ShowAgreement);
    assert_eq!(state.documents.len(), 2, "once and not twice");
    // Its own tab has nothing to agree about; the run that was asked about has.
    assert!(command(&mut state, OpinionCommand::ApplyAgreement).is_empty());
    state.apply(Command::Document(DocumentCommand::ShowDocument(
        own.expect("the run"),
    )));
    let effects = state.apply(Command::Opinion(OpinionCommand::ApplyAgreement));
    assert_eq!(
        state.lab.setup.to_lab().parties.client.policy.clock_unix_s,
        Some(NOW_UNIX_S - 60)
    );
    let (ticket, _) = run_in(effects).expect("it runs");
    state.absorb(GOOD.ran(ticket));
    assert_eq!(state.active, own);
}
