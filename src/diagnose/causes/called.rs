//! What certificates are called, and the files that stand for those that lie in none.

use std::collections::HashMap;

use crate::capture::Der;
use crate::diagnose::certificate::Certificate;

/// A file name made of a name has no more letters: with an ending it fits everywhere.
const MOST_OF_A_FILE_NAME: usize = 40;

/// A file name for what was never in a file, from what it is called: `mesh-root-2026.pem`. A name may be longer than a file
/// name can be.
pub(super) fn stand_in(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut stem = words.join("-");
    stem.truncate(MOST_OF_A_FILE_NAME);
    let stem = stem.trim_end_matches('-');
    if stem.is_empty() {
        "certificate.pem".to_owned()
    } else {
        format!("{stem}.pem")
    }
}

/// File names for certificates that were never in a file: several of one name are numbered, so that no name stands for two.
pub fn stand_ins<'d>(all: impl IntoIterator<Item = &'d Der>) -> HashMap<&'d Der, String> {
    let mut names: HashMap<&Der, String> = HashMap::new();
    let mut taken: HashMap<String, usize> = HashMap::new();
    for der in all {
        if names.contains_key(der) {
            continue;
        }
        let first = stand_in(&display_name(der));
        let mut name = first.clone();
        while taken.contains_key(&name) {
            let count = taken.entry(first.clone()).or_insert(1);
            *count += 1;
            name = format!("{}-{count}.pem", first.trim_end_matches(".pem"));
        }
        taken.insert(name.clone(), 1);
        names.insert(der, name);
    }
    names
}

pub(super) fn display_name(der: &Der) -> String {
    Certificate::read(der).name()
}
