//! The chains of `recorded` judged and explained: digests of all that is said of them, causes, checks, chains and what mends them.

use mtlscope::capture::Side;
use mtlscope::diagnose::{ChainInput, explain_chain};

use crate::text::{self, Text, written};
use crate::trio::Trio;
use crate::{
    digest, recorded, recorded_constraints, recorded_fields, recorded_keys, recorded_lists, recorded_paths,
};

fn explained(text: &mut Text, trio: &Trio, judge: Side) {
    let (chain, trust) = (trio.sent(), trio.trust(judge));
    let input = ChainInput {
        chain: &chain,
        trust: Some(&trust),
        judge,
        at_hand: &[],
        clock_unix_s: trust.clock_unix_s,
        key_in_use: trio.is_in_a_handshake.then_some(trio.keys[0].spki.as_slice()),
        possession: None,
    };
    let told = explain_chain(&input, &trio.at_hand(judge), None);
    for cause in &told.causes {
        text::cause(text, cause);
    }
    text::matrix(text, &told.judgement.matrix);
    text::chain(text, judge.peer(), &told.judgement.view);
    text::warned(text, &told.warned);
}

type Each = fn(&mut dyn FnMut(&str, &Trio));

/// Those that no name plays a part in are judged by a server alone.
const GROUPS: [(&str, &[Side], Each); 13] = [
    ("extensions", &Side::BOTH, recorded::extensions),
    ("together", &Side::BOTH, recorded::together),
    ("strings", &Side::BOTH, recorded_fields::strings),
    ("dates", &[Side::Server], recorded_fields::dates),
    ("serial numbers", &[Side::Server], recorded_fields::serial_numbers),
    ("keys", &Side::BOTH, recorded_keys::keys),
    ("names", &[Side::Server], recorded_constraints::names),
    ("subjects", &[Side::Server], recorded_constraints::subjects),
    ("lists' extensions", &[Side::Server], recorded_lists::extensions),
    ("lists' scopes", &[Side::Server], recorded_lists::scopes),
    ("lists' fields", &[Side::Server], recorded_lists::fields),
    ("lists' entries", &[Side::Server], recorded_lists::entries),
    ("paths", &Side::BOTH, recorded_paths::paths),
];

#[test]
fn every_chain_on_record() {
    let mut texts = Vec::new();
    for (name, judges, each) in GROUPS {
        for judge in judges.iter().copied() {
            let text = written(|text| {
                each(&mut |told, trio| {
                    text.line(told);
                    text.below(|text| explained(text, trio, judge));
                });
            });
            texts.push((format!("{name} {}", judge.word()), text));
        }
    }
    digest::holds("judged", &texts);
}
