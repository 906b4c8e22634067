//! Our matrix against rustls's own verdict, over thousands of chains.

use crate::support;
use mtlscope::capture::{Der, Side, Trust};
use mtlscope::diagnose::{ChainInput, CheckKind, Outcome, judge_chain};
use mtlscope::source::oracle;
use support::pki::{USUAL, minted, now};

fn with(recipes: &str) -> String {
    format!("{} {recipes}]", USUAL.trim_end_matches(']'))
}

/// Our matrix fails exactly where rustls refuses, over a grid of leaves, chains, trusts and names.
#[test]
fn the_matrix_never_contradicts_rustls() {
    let mut recipes = String::new();
    let mut leaves = Vec::new();
    for issuer in ["issuer", "other", "impostor", "root"] {
        for (dates, date) in [
            ("", "now"),
            (", from_hours: -48, until_hours: -24", "past"),
            (", from_hours: 24, until_hours: 48", "future"),
        ] {
            for (purposes, purpose) in [
                ("", "any"),
                (", purposes: [\"serverAuth\"]", "server"),
                (", purposes: [\"clientAuth\"]", "client"),
            ] {
                for (extra, word) in [
                    ("", "leaf"),
                    (", is_ca: true", "ca"),
                    (", unknown_critical_extension: true", "critical"),
                ] {
                    let name = format!("{issuer}-{date}-{purpose}-{word}");
                    recipes += &format!(
                        "(name: \"{name}\", subject: \"leaf\", issuer: \"{issuer}\", sans: [\"DNS:payments.shop.svc\"]{dates}{purposes}{extra}), "
                    );
                    leaves.push(name);
                }
            }
        }
    }
    let pki = minted(&with(recipes.trim_end_matches(", ")));
    let der = |name: &str| pki.find(name).expect("minted").certificate.der.clone();
    let mut judged = 0;
    for leaf in &leaves {
        for chain in [
            vec![leaf.as_str()],
            vec![leaf, "issuer"],
            vec![leaf, "other", "issuer"],
            vec![leaf, "issuer", "root"],
        ] {
            for roots in [vec!["root"], vec!["other"], vec!["impostor", "root"], vec![]] {
                for (judge, name) in [
                    (Side::Client, Some("payments.shop.svc")),
                    (Side::Client, Some("ledger")),
                    (Side::Server, None),
                ] {
                    let chain: Vec<Der> = chain.iter().map(|name| der(name)).collect();
                    let trust = Trust {
                        roots: roots.iter().map(|name| der(name)).collect(),
                        expected_name: name.map(str::to_owned),
                        clock_unix_s: now(),
                        ..Trust::default()
                    };
                    let verdict = oracle::judge(&chain, &trust, judge);
                    let ours = judge_chain(&ChainInput {
                        chain: &chain,
                        trust: Some(&trust),
                        judge,
                        at_hand: &[],
                        clock_unix_s: trust.clock_unix_s,
                        key_in_use: None,
                        possession: None,
                    });
                    let failed: Vec<_> = ours
                        .matrix
                        .iter()
                        .filter(|row| row.outcome == Outcome::Fail)
                        .map(|row| (row.check.word(), row.detail.as_str()))
                        .collect();
                    assert_eq!(
                        verdict.is_err(),
                        ours.is_refused(),
                        "{leaf} {roots:?} {name:?}: {verdict:?} {failed:?}"
                    );
                    assert!(
                        ours.matrix
                            .iter()
                            .filter(|row| row.role == mtlscope::diagnose::Role::Leaf)
                            .count()
                            == CheckKind::ALL.len()
                    );
                    judged += 1;
                }
            }
        }
    }
    assert!(judged > 5_000, "{judged}");
}
