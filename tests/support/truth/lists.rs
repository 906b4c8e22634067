//! The revocation lists of the corpora, each with the chains that it may speak of.

use std::path::Path;

use mtlscope::capture::Der;
use mtlscope::pki::{CertificateFacts, RevocationListFacts};

use super::super::chains::{blocks, files_below};
use super::chains::Case;

pub const LIST: &str = "X509 CRL";

/// Lists of more bytes than this say nothing that shorter ones do not, and take their time in every chain.
const MOST_BYTES: usize = 100_000;

/// Of one chain, so many lists by themselves at most.
const MOST: usize = 8;

/// Every list in a folder, each once.
pub fn in_folder(folder: &Path) -> Vec<Der> {
    let mut files = Vec::new();
    files_below(folder, &mut files);
    let mut found = Vec::new();
    for file in files {
        for list in in_file(&file) {
            if !found.contains(&list) {
                found.push(list);
            }
        }
    }
    found
}

fn in_file(file: &Path) -> Vec<Der> {
    let bytes = std::fs::read(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    if text.contains("BEGIN X509 CRL") {
        return blocks(&text, LIST);
    }
    let is_one = bytes.starts_with(&[0x30])
        && bytes.len() <= MOST_BYTES
        && RevocationListFacts::from_der(&bytes).is_ok()
        && CertificateFacts::from_der(&bytes).is_err();
    is_one.then(|| Der::from(bytes)).into_iter().collect()
}

/// The cases again, with each list of their folder that an issuer of the chain made, and with all of these.
pub fn beside(folder: &Path, cases: &[Case]) -> Vec<Case> {
    let lists: Vec<(Vec<u8>, i64, Der)> = in_folder(folder)
        .into_iter()
        .filter_map(|der| {
            let facts = RevocationListFacts::from_der(der.as_bytes()).ok()?;
            Some((facts.issuer_der, facts.this_update, der))
        })
        .collect();
    let mut found = Vec::new();
    for case in cases {
        let chain = case.chain.iter().chain(&case.roots);
        let issuers: Vec<Vec<u8>> = chain
            .filter_map(|der| {
                let facts = CertificateFacts::from_der(der.as_bytes()).ok()?;
                Some(facts.issuer_der)
            })
            .collect();
        let of_these: Vec<&(Vec<u8>, i64, Der)> = lists
            .iter()
            .filter(|(issuer, ..)| issuers.contains(issuer))
            .collect();
        let sets = of_these.iter().take(MOST).map(|list| vec![*list]);
        let all = (of_these.len() > 1).then(|| of_these.clone());
        for (place, set) in sets.chain(all).enumerate() {
            // Once the newest of them is there; else nothing but that would be told of most.
            let newest = set.iter().map(|(_, at, _)| *at).max().unwrap_or_default();
            found.push(Case {
                id: format!("{} with list {place} of {}", case.id, of_these.len()),
                lists: set.iter().map(|(.., der)| der.clone()).collect(),
                at_unix_s: case.at_unix_s.max(newest.saturating_add(60)),
                ..case.clone()
            });
        }
    }
    found
}

/// A case with lists is put twice: about the leaf, and about the whole path.
pub fn of_both_scopes(case: Case) -> Vec<Case> {
    if case.lists.is_empty() {
        return vec![case];
    }
    [("the leaf", true), ("the path", false)]
        .into_iter()
        .map(|(words, is_leaf_only)| Case {
            id: format!("{}, of {words}", case.id),
            is_leaf_only,
            ..case.clone()
        })
        .collect()
}
