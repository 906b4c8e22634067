//! Who takes two names for one: what is said of each stack where an issuer was sent under a name that differs in its bytes alone,
//! against what the real programs do with that very chain.

use mtlscope::capture::{Der, Side, Trust};
use mtlscope::diagnose::{CauseId, ChainInput, Outcome, deviations, judge_chain};

use crate::support::judges::{Asked, Judge};
use crate::support::machine;
use crate::support::rules::{self, Made};

/// The words on the row of the certificate whose issuer is named otherwise.
fn words(made: &Made) -> String {
    let now = mtlscope::clock::Clock::default().unix_s();
    let trust = Trust {
        roots: vec![Der::from(made.root.clone())],
        expected_name: Some(made.host.to_owned()),
        clock_unix_s: now,
        ..Trust::default()
    };
    let rows = judge_chain(&ChainInput {
        chain: &made.sent_ders(),
        trust: Some(&trust),
        judge: Side::Client,
        at_hand: &[],
        clock_unix_s: now,
        key_in_use: None,
        possession: None,
    })
    .matrix;
    let row = rows
        .into_iter()
        .find(|row| row.outcome == Outcome::Fail && row.cause == Some(CauseId::NameEncodingDiffers));
    row.unwrap_or_else(|| panic!("{}", made.rule)).detail
}

/// Whether a clause says of a program that it accepts, or that it refuses; `None` where it is not named.
fn told(words: &str, program: &str) -> Option<bool> {
    let (_, clause) = words.split_once("on record ")?;
    let (accepting, refusing) = match clause.split_once(" it, ") {
        Some((accepting, refusing)) if refusing.contains("refuse") => (accepting, refusing),
        _ => (clause, ""),
    };
    assert!(accepting.contains("accept"), "{words}");
    match (accepting.contains(program), refusing.contains(program)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
        (true, true) => panic!("{program} is told to do both: {words}"),
    }
}

#[test]
fn who_takes_two_names_for_one_is_told_as_the_programs_do() {
    let test = "who_takes_two_names_for_one_is_told_as_the_programs_do";
    let folder = tempfile::tempdir().expect("a folder");
    let all = rules::named_otherwise();
    for made in &all {
        made.write(folder.path());
        let words = words(made);
        assert!(words.contains("that was sent is called"), "{words}");
        assert!(words.contains(made.words), "{words}");
    }
    let asked: Vec<Asked> = all
        .iter()
        .map(|made| Asked {
            rule: made.rule,
            host: made.host,
        })
        .collect();
    let mut held = 0;
    for judge in [Judge::OpenSsl, Judge::GnuTls, Judge::Go, Judge::Java] {
        let known = deviations().programs.iter().find(|one| one.id == judge.id());
        let program = &known.expect("on record").name;
        if judge.version().is_none() {
            machine::skipped(test, &format!("{program} is not here"));
            continue;
        }
        let said = judge.ask(folder.path(), &asked);
        for made in &all {
            let words = words(made);
            let accepts = said[made.rule].is_ok();
            assert_eq!(
                told(&words, program),
                Some(accepts),
                "{}: {program} says {:?}; told: {words}",
                made.rule,
                said[made.rule]
            );
            held += 1;
        }
    }
    println!("{held} verdicts are as told");
}
