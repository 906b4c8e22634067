//! Who refuses what rustls accepts, asked of the real programs: OpenSSL, GnuTLS, Go and Java judge a chain for every rule
//! that the checks name, and `assets/deviations.ron` must say what they said.
//!
//! `UPDATE_DEVIATIONS=1 cargo test --test deviations` writes the file. A program that is not here is skipped aloud, and must be
//! here in CI. A version other than the one in the file is said aloud, and its verdicts must still be those in the file.

use crate::support::judges;
use crate::support::machine;
use crate::support::rules;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use judges::{Asked, Judge};
use mtlscope::capture::{Der, Side, Trust};
use mtlscope::diagnose::{ChainInput, Deviations, Outcome, Program, Rule, deviations, judge_chain};
use mtlscope::source::oracle;
use rules::{HOST, Made};

fn trust(made: &Made) -> Trust {
    Trust {
        roots: vec![Der::from(made.root.clone())],
        expected_name: Some(made.host.to_owned()),
        clock_unix_s: std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .expect("after 1970")
            .as_secs() as i64,
        ..Trust::default()
    }
}

/// The rules that the checks name in their source.
fn named_in_the_checks() -> BTreeSet<String> {
    let mut text = String::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnose/check"))
        .expect("the checks")
    {
        let path = entry.expect("an entry").path();
        text += &std::fs::read_to_string(path).expect("a source");
    }
    // A rule's id is the only kind of string in those files that is made of several words with hyphens.
    text.split('"')
        .skip(1)
        .step_by(2)
        .filter(|word| {
            word.len() > 4
                && word.contains('-')
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit())
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_rule_that_a_check_names_has_its_data_and_its_chain() {
    let made: BTreeSet<String> = rules::all()
        .into_iter()
        .map(|made| made.rule.to_owned())
        .collect();
    let known: BTreeSet<String> = deviations().rules.keys().cloned().collect();
    let named = named_in_the_checks();
    assert!(named.len() > 25, "{named:?}");
    assert_eq!(named, made, "named in the checks, and made here");
    assert_eq!(known, made, "in the data, and made here");
}

/// rustls does what the rule says, and the matrix has the words on a row, with who differs.
#[test]
fn the_matrix_says_what_rustls_lets_pass_and_who_does_not() {
    let baseline = rules::good();
    assert!(oracle::judge(&baseline.sent_ders(), &trust(&baseline), Side::Client).is_ok());
    for made in rules::all() {
        let chain = made.sent_ders();
        let trust = trust(&made);
        let verdict = oracle::judge(&chain, &trust, Side::Client);
        let ours = judge_chain(&ChainInput {
            chain: &chain,
            trust: Some(&trust),
            judge: Side::Client,
            at_hand: &[],
            clock_unix_s: trust.clock_unix_s,
            key_in_use: None,
            possession: None,
        });
        assert_eq!(verdict.is_ok(), !ours.is_refused(), "{}: {verdict:?}", made.rule);
        assert_eq!(verdict.is_ok(), made.rustls_accepts, "{}: {verdict:?}", made.rule);
        let wanted = if made.rustls_accepts {
            Outcome::Warn
        } else {
            Outcome::Fail
        };
        let rule = deviations().rules.get(made.rule).cloned().unwrap_or_default();
        let names: Vec<&str> = deviations()
            .programs
            .iter()
            .filter(|program| rule.refused.contains_key(&program.id) == made.rustls_accepts)
            .map(|program| program.name.split(' ').next().unwrap_or_default())
            .collect();
        let row = ours.matrix.iter().find(|row| {
            row.outcome == wanted
                && row.check.word() == made.check
                && row.detail.contains(made.words)
                && names.iter().all(|name| row.detail.contains(name))
        });
        let said: Vec<String> = ours
            .matrix
            .iter()
            .filter(|row| row.outcome == wanted)
            .map(|row| format!("{} {}: {}", row.role.word(), row.check.word(), row.detail))
            .collect();
        let row = row.unwrap_or_else(|| {
            panic!(
                "{}: no {wanted:?} on {} that says “{}” and names {names:?}, but {said:#?}",
                made.rule, made.check, made.words
            )
        });
        assert_eq!(row.role.word(), made.role, "{}: {}", made.rule, row.detail);
    }
}

#[test]
fn the_data_is_what_the_real_programs_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut chains = vec![rules::good()];
    chains.extend(rules::all());
    for made in &chains {
        made.write(folder.path());
    }
    let asked: Vec<Asked> = chains
        .iter()
        .map(|made| Asked {
            rule: made.rule,
            host: made.host,
        })
        .collect();
    let mut found = Deviations::default();
    let mut missing = BTreeSet::new();
    for judge in Judge::ALL {
        let Some(version) = judge.version() else {
            machine::skipped(judge.id(), "it is not installed here");
            missing.insert(judge.id().to_owned());
            continue;
        };
        let verdicts: BTreeMap<&str, Result<(), String>> = judge.ask(folder.path(), &asked);
        assert_eq!(
            verdicts.get("good"),
            Some(&Ok(())),
            "{version} must accept the good chain, or what it says of the others means nothing"
        );
        for asked in asked.iter().skip(1) {
            let rule: &mut Rule = found.rules.entry(asked.rule.to_owned()).or_default();
            if let Err(words) = &verdicts[asked.rule] {
                rule.refused.insert(judge.id().to_owned(), words.clone());
            }
        }
        found.programs.push(Program {
            id: judge.id().to_owned(),
            name: version,
        });
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/deviations.ron");
    if std::env::var_os("UPDATE_DEVIATIONS").is_some() {
        assert!(missing.is_empty(), "{missing:?} must be here to write the data");
        let config = ron::ser::PrettyConfig::new().depth_limit(4);
        let text = ron::ser::to_string_pretty(&found, config).expect("RON");
        let head = "// Written by tests/stacks/deviations.rs: who refused the chain of each rule, in its own words. Who is not named accepted it.\n";
        std::fs::write(path, format!("{head}{text}\n")).expect("the file is written");
        return;
    }
    let stored = deviations();
    for program in &found.programs {
        if !stored.programs.contains(program) {
            eprintln!("{} is here, the data is of another version", program.name);
        }
    }
    let verdicts = |all: &Deviations| -> BTreeSet<(String, String)> {
        all.rules
            .iter()
            .flat_map(|(rule, entry)| {
                entry
                    .refused
                    .keys()
                    .filter(|id| !missing.contains(*id))
                    .map(move |id| (rule.clone(), id.clone()))
            })
            .collect()
    };
    let (stored, found) = (verdicts(stored), verdicts(&found));
    let gone: Vec<_> = stored.difference(&found).collect();
    let new: Vec<_> = found.difference(&stored).collect();
    assert!(
        gone.is_empty() && new.is_empty(),
        "no longer refused: {gone:?}; refused only now: {new:?}. UPDATE_DEVIATIONS=1 writes the data again."
    );
    assert!(!HOST.is_empty());
}
