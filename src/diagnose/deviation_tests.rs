//! Who is said to accept and who to refuse: nobody both, and nobody against what is on record.

use super::*;
use crate::capture::{Der, Trust};

/// A chain of bytes that are no certificate, which every stack refuses, and rules of every kind.
#[test]
fn nobody_is_said_to_accept_what_is_on_record_as_refused() {
    let chain = [Der::from(vec![0x30, 0])];
    let trust = Trust::default();
    let record = Recorded::of(&chain, Some(&trust), Side::Client, false);
    let refusing: Vec<&str> = ["openssl", "go"]
        .into_iter()
        .filter(|id| record.accepts(id) == Some(false))
        .collect();
    assert!(!refusing.is_empty(), "somebody's refusal is on record");
    for rule in deviations().rules.values() {
        let accepting = who(Does::Accept, rule, &record);
        for program in &deviations().programs {
            let plain = if program.id == "openssl-strict" {
                "openssl"
            } else {
                program.id.as_str()
            };
            assert!(
                !refusing.contains(&plain) || !accepting.contains(&program.name),
                "{} in {accepting:?}",
                program.name
            );
        }
    }
}

/// Where nothing of the chain itself is on record, the rule's own runs are said, of each program on one side.
#[test]
fn without_a_record_of_the_chain_each_program_stands_on_one_side() {
    let record = Recorded::of(&[], None, Side::Client, false);
    for (id, rule) in &deviations().rules {
        let (accepting, refusing) = (who(Does::Accept, rule, &record), who(Does::Refuse, rule, &record));
        let both = accepting.iter().find(|name| refusing.contains(name));
        assert_eq!(both, None, "{id}");
        let refused = deviations()
            .programs
            .iter()
            .filter(|one| rule.refused.contains_key(&one.id));
        for program in refused.filter(|one| one.id != "openssl-strict") {
            assert!(refusing.contains(&program.name), "{id}: {}", program.name);
        }
    }
}

/// Who went on with any peer at all does not mind; who minded every time is named, with a version.
#[test]
fn in_a_handshake_those_are_named_that_went_on_with_nobody() {
    for (rule, fault) in IN_A_HANDSHAKE {
        for judge in Side::BOTH {
            let record = Recorded::of(&[], None, judge, true);
            let of_chains = refusing(&record, rule, None).expect("a rule on record");
            let named = refusing(&record, rule, Some(judge)).expect("a rule on record");
            assert_eq!(named.get(..of_chains.len()), Some(&of_chains[..]));
            let fault = format!("{}-{fault}", judge.peer().word());
            let tried: Vec<&Saying> = sayings()
                .iter()
                .filter(|said| said.fault == fault && said.side == judge)
                .collect();
            for said in &tried {
                let went_on = tried
                    .iter()
                    .any(|other| other.stack == said.stack && other.accepted);
                let is_other = said.stack != "rustls" && !said.version.contains("(OpenSSL");
                let is_named = named.iter().any(|name| name.starts_with(&said.stack));
                let is_of_chains = of_chains.iter().any(|name| name.starts_with(&said.stack));
                assert_eq!(
                    is_named,
                    is_of_chains || (!went_on && is_other),
                    "{fault}: {}",
                    said.stack
                );
            }
        }
    }
}
