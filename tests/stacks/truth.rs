//! How often the record is right: what OpenSSL and Go do with the chains of public test suites, asked of the real programs, held
//! against what is told of them.
//!
//! The suites are not part of this repository: they are read where `MTLSCOPE_CORPORA` points. What is told wrong is printed,
//! with both answers.

use mtlscope::capture::{Revocation, RevocationFile, Trust};
use mtlscope::diagnose::{ChainInput, OnRecord, Stance, on_record};
use mtlscope::source::oracle;

use crate::support::judges::Judge;
use crate::support::machine;
use crate::support::truth::chains::{self, Case};
use crate::support::truth::programs::{self, Said};

/// Of a hundred.
const AT_LEAST: f64 = 99.0;

/// What is told of a stack where nothing is: the same as rustls's verdict.
struct Told {
    rustls: bool,
    record: Vec<OnRecord>,
}

fn told(case: &Case) -> Told {
    let trust = Trust {
        roots: case.roots.clone(),
        expected_name: case.name.clone(),
        clock_unix_s: case.at_unix_s,
        revocation: Revocation {
            lists: case
                .lists
                .iter()
                .map(|der| RevocationFile {
                    file: None,
                    line: None,
                    der: der.clone(),
                    wrapping: None,
                })
                .collect(),
            is_leaf_only: case.is_leaf_only,
            ..Revocation::default()
        },
    };
    let input = ChainInput {
        chain: &case.chain,
        trust: Some(&trust),
        judge: case.judge,
        at_hand: &[],
        clock_unix_s: case.at_unix_s,
        key_in_use: None,
        possession: None,
    };
    Told {
        rustls: oracle::judge(&case.chain, &trust, case.judge).is_ok(),
        record: on_record(&input),
    }
}

/// One case with what is told of it and what a program says.
type One<'a> = ((&'a Case, &'a Told), &'a Said);

/// Prints what is told wrong; how many of a hundred are told right.
fn hold(program: &str, id: &str, what: &str, all: &[One<'_>]) -> f64 {
    let mut wrong = Vec::new();
    let mut differing = 0;
    for ((case, told), said) in all {
        let found = told.record.iter().find(|one| one.id == id);
        let tells = found.map_or(told.rustls, OnRecord::accepts);
        differing += usize::from(said.is_ok() != told.rustls);
        if tells != said.is_ok() {
            let tells = match found.map(|one| &one.stance) {
                None => "nothing".to_owned(),
                Some(Stance::Accepts) => "it accepts".to_owned(),
                Some(Stance::Refuses(words)) => format!("it refuses ({words})"),
            };
            let says = said.as_ref().err().map_or("it accepts", String::as_str);
            wrong.push(format!("{}\n    told: {tells}\n    {program}: {says}", case.id));
        }
    }
    let right = 100.0 * (all.len() - wrong.len()) as f64 / all.len() as f64;
    println!(
        "{program}: {right:.2} % of {} chains {what} are told right; of {differing} it decides otherwise than rustls",
        all.len()
    );
    for one in &wrong {
        println!("{one}");
    }
    right
}

#[test]
fn what_openssl_and_go_do_is_told_right() {
    let test = "what_openssl_and_go_do_is_told_right";
    let Some(root) = machine::corpora(test) else {
        return;
    };
    let cases = chains::all(&root);
    assert!(cases.len() > 400, "only {} chains", cases.len());
    let folder = tempfile::tempdir().expect("a folder");
    programs::write(folder.path(), &cases);
    let told: Vec<Told> = cases.iter().map(told).collect();
    let mut too_few = Vec::new();
    for (judge, program) in [(Judge::OpenSsl, "OpenSSL"), (Judge::Go, "Go")] {
        if judge.version().is_none() {
            machine::skipped(test, &format!("{program} is not here"));
            continue;
        }
        let said = match judge {
            Judge::Go => programs::go(folder.path(), &cases),
            _ => programs::openssl(folder.path(), &cases),
        };
        let all: Vec<One<'_>> = cases.iter().zip(&told).zip(&said).collect();
        let (without, with): (Vec<One<'_>>, Vec<One<'_>>) =
            all.into_iter().partition(|((case, _), _)| case.lists.is_empty());
        assert!(with.len() > 100, "only {} chains with lists", with.len());
        for (what, all) in [
            ("without revocation lists", without),
            ("with revocation lists", with),
        ] {
            let right = hold(program, judge.id(), what, &all);
            if right < AT_LEAST {
                too_few.push(format!(
                    "{program}: {right:.2} % of the chains {what} are told right, {AT_LEAST} % must be"
                ));
            }
        }
    }
    assert!(too_few.is_empty(), "{too_few:?}");
}
