//! The built-in scenarios in which a chain is refused, put to every stack that is installed here: what each decides must be what is
//! told of it where nobody is asked.

use std::sync::Arc;
use std::time::Instant;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::Side;
use mtlscope::diagnose::{CheckKind, Outcome, on_record_of};
use mtlscope::opinion::{AskedAt, Opinion, Question, Said, ask};
use mtlscope::scenario;
use mtlscope::source::lab::run_blocking;
use mtlscope::stack::Stack;

use crate::support::machine;
use crate::support::stacks::installed_for;

/// What a disagreement is to be read with.
fn line(id: &str, judge: Side, opinion: &Opinion, on_record: Option<bool>) -> String {
    let said = match &opinion.said {
        Said::Accepts => "accepts".to_owned(),
        Said::Refuses(words) => format!("refuses: {words}"),
        Said::NoAnswer(why) => format!("no answer: {}", why.words()),
    };
    let told = match on_record {
        Some(true) => "accepts",
        Some(false) => "refuses",
        None => "nothing",
    };
    format!(
        "{id}: {} as the {} {said}; on record: {told}",
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
    let found = installed_for(test);
    let now = mtlscope::clock::Clock::default().unix_s();
    let (mut told, mut wrong, mut untold) = (0, Vec::new(), Vec::new());
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
                // Who judges at another time than was asked for judges something else.
                let is_of_another_time = opinion.asked_at == AskedAt::Now && question.at_unix_s.is_some();
                let Some(accepts) = opinion.accepts().filter(|_| !is_of_another_time) else {
                    continue;
                };
                let on_record = on_record_of(opinion.stack, judge, &analysis.diagnosis);
                let line = line(&one.id, judge, &opinion, on_record);
                match on_record {
                    None => untold.push(line),
                    Some(known) => {
                        told += 1;
                        if known != accepts {
                            wrong.push(line);
                        }
                    }
                }
            }
        }
    }
    for line in untold.iter().chain(&wrong) {
        println!("{line}");
    }
    println!(
        "{told} opinions of which something is on record in {} s, {} not as told; {} not on record",
        began.elapsed().as_secs(),
        wrong.len(),
        untold.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(told > 50 || !machine::is_ci(), "only {told}");
}
