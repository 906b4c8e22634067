//! The built-in scenarios in which a chain is refused, put to every stack that is installed here: what each decides must be what is
//! told of it where nobody is asked.

use std::sync::Arc;
use std::time::Instant;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::Side;
use mtlscope::diagnose::{OnRecord, Outcome, by_stack};
use mtlscope::opinion::{AskedAt, Opinion, Presence, Programs, Question, Said, ask, find_all};
use mtlscope::scenario;
use mtlscope::source::lab::run_blocking;
use mtlscope::stack::Stack;

use crate::support::machine;

/// Whether the stack is told to accept the chain that `judge` was shown, and refused by rustls.
fn is_told_to_accept(stack: Stack, judge: Side, analysis: &Analysis) -> bool {
    let of = |id: &str| {
        let records = analysis.diagnosis.records.of(judge.peer());
        records
            .iter()
            .find(|one| one.id == id)
            .is_some_and(OnRecord::accepts)
    };
    match stack {
        // Whoever is built on OpenSSL does as it does.
        Stack::OpenSsl | Stack::Curl | Stack::Node | Stack::Python | Stack::Nginx => of("openssl"),
        Stack::Go => of("go"),
        Stack::GnuTls | Stack::Java | Stack::Envoy => {
            let cause = analysis.diagnosis.causes.first().map(|cause| cause.id);
            cause.is_some_and(|cause| {
                by_stack(cause, Some(judge), None)
                    .accepted_by
                    .contains(&stack.name())
            })
        }
        Stack::Rustls => false,
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
            let is_refused = analysis
                .diagnosis
                .matrix
                .iter()
                .any(|row| row.side == judge && row.outcome == Outcome::Fail);
            let Some(question) = Question::of_pair(&setup, judge).filter(|_| is_refused) else {
                continue;
            };
            for opinion in ask(&question, &found, &Cancel::default(), &|_| {}) {
                let told = is_told_to_accept(opinion.stack, judge, &analysis);
                // Who judges at another time than was asked for judges something else.
                let is_of_another_time = opinion.asked_at == AskedAt::Now && question.at_unix_s.is_some();
                let Some(accepts) = opinion.accepts().filter(|_| !is_of_another_time) else {
                    continue;
                };
                answered += 1;
                if accepts != told {
                    wrong.push(line(&one.id, judge, &opinion, told));
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
