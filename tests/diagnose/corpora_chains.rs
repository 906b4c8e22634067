//! Chains that nobody here made: our matrix against rustls's own verdict, over the corpora where they are at hand.

use crate::support::chains::{certificates, corpus, files_below};
use std::path::{Path, PathBuf};

use mtlscope::capture::{Der, Side, Trust};
use mtlscope::diagnose::{ChainInput, Outcome, judge_chain};
use mtlscope::pki::{CertificateFacts, GeneralName};
use mtlscope::source::oracle;

/// Where ours and rustls's verdicts differ, or where ours had to be corrected: a description; `None` where they agree.
fn difference(chain: &[Der], trust: &Trust, judge: Side) -> Option<String> {
    let verdict = oracle::judge(chain, trust, judge);
    let ours = judge_chain(&ChainInput {
        chain,
        trust: Some(trust),
        judge,
        at_hand: &[],
        clock_unix_s: trust.clock_unix_s,
        key_in_use: None,
        possession: None,
    });
    if verdict.is_err() == ours.is_refused() {
        return None;
    }
    let failed: Vec<_> = ours
        .matrix
        .iter()
        .filter(|row| row.outcome == Outcome::Fail)
        .map(|row| format!("{} {}: {}", row.role.word(), row.check.word(), row.detail))
        .collect();
    let verdict = verdict.err().map(|verdict| verdict.words);
    Some(format!("rustls: {verdict:?}\n    ours: {failed:?}"))
}

fn assert_agreement(judged: usize, at_least: usize, differing: &[String]) {
    assert!(judged >= at_least, "only {judged} were judged");
    assert!(
        differing.is_empty(),
        "{} of {judged} differ:\n{}",
        differing.len(),
        differing.join("\n")
    );
}

/// The certificates of a file: PEM blocks, or the whole file where it begins like DER.
fn certificates_in(path: &Path) -> Vec<Der> {
    let bytes = std::fs::read(path).unwrap_or_default();
    if bytes.starts_with(&[0x30, 0x82]) {
        return vec![Der::from(bytes)];
    }
    certificates(&String::from_utf8_lossy(&bytes))
}

/// Each certificate of the corpora as a leaf, below its neighbours, before several stores and for both sides.
#[test]
fn every_certificate_of_the_corpora_is_judged_as_rustls_judges_it() {
    let Some(root) = corpus("") else { return };
    let mut files = Vec::new();
    files_below(&root, &mut files);
    let mut judged = 0;
    let mut differing = Vec::new();
    let mut folders: std::collections::BTreeMap<PathBuf, Vec<Der>> = std::collections::BTreeMap::new();
    for path in &files {
        if path.extension().is_some_and(|end| end == "json") {
            continue;
        }
        let chain = certificates_in(path);
        if let Some(folder) = path.parent() {
            folders
                .entry(folder.to_owned())
                .or_default()
                .extend(chain.iter().cloned());
        }
        if chain.is_empty() {
            continue;
        }
        let last: Vec<Der> = chain.last().cloned().into_iter().collect();
        for roots in [last, chain.clone(), Vec::new()] {
            judge_both_ways(path, &chain, &roots, &mut judged, &mut differing);
        }
    }
    // Neighbours in a folder are often each other's issuers.
    for (folder, mut neighbours) in folders {
        neighbours.dedup();
        neighbours.truncate(24);
        for leaf in &neighbours {
            let mut chain = vec![leaf.clone()];
            chain.extend(neighbours.iter().filter(|other| *other != leaf).cloned());
            judge_both_ways(&folder, &chain, &neighbours, &mut judged, &mut differing);
            judge_both_ways(
                &folder,
                std::slice::from_ref(leaf),
                &neighbours,
                &mut judged,
                &mut differing,
            );
        }
    }
    println!("{judged} judged");
    assert_agreement(judged, 1_000, &differing);
}

fn judge_both_ways(
    path: &Path,
    chain: &[Der],
    roots: &[Der],
    judged: &mut usize,
    differing: &mut Vec<String>,
) {
    let facts = chain
        .first()
        .and_then(|leaf| CertificateFacts::from_der(leaf.as_bytes()).ok());
    let clock_unix_s = facts
        .as_ref()
        .map_or(1_700_000_000, |facts| facts.not_before.midpoint(facts.not_after));
    let own_name = facts.and_then(|facts| {
        facts.subject_alt_names?.into_iter().find_map(|name| match name {
            GeneralName::Dns(name) => Some(name.replace('*', "www")),
            GeneralName::Ip(address) => Some(address.to_string()),
            _ => None,
        })
    });
    for (judge, expected_name) in [
        (Side::Client, own_name),
        (Side::Client, None),
        (Side::Server, None),
    ] {
        let trust = Trust {
            roots: roots.to_vec(),
            expected_name,
            clock_unix_s,
            ..Trust::default()
        };
        *judged += 1;
        if let Some(difference) = difference(chain, &trust, judge) {
            differing.push(format!("{} {judge:?}\n    {difference}", path.display()));
        }
    }
}
