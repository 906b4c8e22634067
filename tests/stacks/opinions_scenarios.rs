//! The built-in scenarios in which a chain is refused, put to every stack that is installed here: what each decides must be what is
//! told of it where nobody is asked.

use std::sync::Arc;
use std::time::Instant;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::Side;
use mtlscope::diagnose::{CheckKind, OnRecord, Outcome, Saying, by_stack};
use mtlscope::opinion::{AskedAt, Opinion, Presence, Programs, Question, Said, ask, find_all};
use mtlscope::scenario;
use mtlscope::source::lab::run_blocking;
use mtlscope::stack::Stack;

use crate::support::machine;

/// What is told of the stack about the chain that `judge` was shown, and rustls refused; `None` where nothing is.
fn told_to_accept(stack: Stack, judge: Side, analysis: &Analysis) -> Option<bool> {
    let of = |id: &str| {
        let records = analysis.diagnosis.records.of(judge.peer());
        records.iter().find(|one| one.id == id).map(OnRecord::accepts)
    };
    match stack {
        Stack::OpenSsl => of("openssl"),
        Stack::Go => of("go"),
        Stack::GnuTls
        | Stack::Java
        | Stack::Envoy
        | Stack::Curl
        | Stack::Node
        | Stack::Python
        | Stack::Nginx => {
            let told = by_stack(analysis.diagnosis.causes.first()?.id, Some(judge), None);
            let is_refused = told.refused.iter().any(|entry| {
                let is_own = |said: &&Saying| said.side == judge;
                entry.stack == stack.name() && entry.sayings.iter().copied().any(|said| is_own(&said))
            });
            let accepts = told.accepted_by.contains(&stack.name());
            (is_refused || accepts).then_some(accepts)
        }
        Stack::Rustls => None,
    }
}

/// What a disagreement is to be read with.
fn line(id: &str, judge: Side, opinion: &Opinion, told: bool) -> String {
    let said = match &opinion.said {
        Said::Accepts => "accepts".to_owned(),
        Said::Refuses(words) => format!("refuses: {words}"),
        Said::NoAnswer(why) => format!("no answer: {}", why.words()),
    };
    let told = if told { "accepts" } else { "refuses" };
    format!(
        "{id}: {} as the {} {said}; told: {told}",
        opinion.stack.name(),
        judge.word()
    )
}

/// No matter of the chain, which is all that is told of.
fn is_of_the_key(check: CheckKind) -> bool {
    matches!(check, CheckKind::KeyMatch | CheckKind::Possession)
}

#[test]
fn every_opinion_on_a_scenario_is_what_is_told_of_the_stack() {
    let test = "every_opinion_on_a_scenario_is_what_is_told_of_the_stack";
    if machine::is_clock_moved() {
        for stack in Stack::ALL {
            machine::is_left_out(stack.name(), test);
        }
        return;
    }
    let mut programs = Programs::new();
    programs.extend(std::env::var_os("MTLSCOPE_ENVOY").map(|file| (Stack::Envoy, file.into())));
    let found: Vec<(Stack, Presence)> = find_all(&programs, &Cancel::default());
    for (stack, presence) in &found {
        if !matches!(presence, Presence::Installed { .. }) {
            machine::skipped(test, &format!("{} cannot be asked: {presence:?}", stack.name()));
        }
    }
    let now = mtlscope::clock::Clock::default().unix_s();
    let (mut answered, mut wrong) = (0, Vec::new());
    let began = Instant::now();
    for one in scenario::all() {
        let mut setup = one.setup(now).expect("it mints");
        setup.timeout_ms = setup.timeout_ms.min(200);
        let capture = run_blocking(&setup, &Cancel::default()).expect("it runs");
        let analysis = Analysis::of(Arc::new(capture));
        for judge in Side::BOTH {
            let is_refused =
                analysis.diagnosis.matrix.iter().any(|row| {
                    row.side == judge && row.outcome == Outcome::Fail && !is_of_the_key(row.check)
                });
            let Some(question) = Question::of_pair(&setup, judge).filter(|_| is_refused) else {
                continue;
            };
            for opinion in ask(&question, &found, &Cancel::default(), &|_| {}) {
                let Some(told) = told_to_accept(opinion.stack, judge, &analysis) else {
                    continue;
                };
                // Who judges at another time than was asked for judges something else.
                let is_of_another_time = opinion.asked_at == AskedAt::Now && question.at_unix_s.is_some();
                let Some(accepts) = opinion.accepts().filter(|_| !is_of_another_time) else {
                    continue;
                };
                answered += 1;
                if accepts != told {
                    let line = line(&one.id, judge, &opinion, told);
                    println!("{line}");
                    if matches!(opinion.stack, Stack::OpenSsl | Stack::Go) {
                        wrong.push(line);
                    }
                }
            }
        }
    }
    println!(
        "{answered} opinions in {} s, {} not as told",
        began.elapsed().as_secs(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(answered > 50 || !machine::is_ci(), "only {answered}");
}
