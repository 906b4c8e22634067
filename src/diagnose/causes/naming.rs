//! What certificates and files are called in sentences and in commands.

use std::collections::HashMap;

use super::grounds::Place;
use crate::capture::{AtHand, Der};
use crate::diagnose::certificate::Certificate;
use crate::pki::{Purpose, is_address};
use crate::printable::quoted_value;

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

/// Of the issuer of the certificate in `place`; or of another certificate of that one, by somebody who is trusted.
pub(super) fn missing_words(missing: Option<&AtHand>, place: &Place<'_>) -> String {
    let read = missing.map(|item| Certificate::read(&item.der));
    let twin = read.as_ref().and_then(Certificate::facts).filter(|missing| {
        let judged = place.facts();
        judged.is_some_and(|judged| judged.issuer_der != missing.subject_der)
    });
    let what = twin.map_or_else(
        || "It was not sent, but lies".to_owned(),
        |twin| {
            format!(
                "That issuer was not sent and is not trusted. Another certificate of {}, by {}, lies",
                quoted_value(&twin.display_name),
                quoted_value(&twin.issuer_display_name)
            )
        },
    );
    let place = match missing {
        None => return "It was not sent.".to_owned(),
        Some(item) => match (&item.file, item.side) {
            (Some(address), _) if is_address(address) => {
                return format!(
                    "It was not sent. {} has it, and it completes the path.",
                    quoted_value(address)
                );
            }
            (Some(file), _) => format!("in {}", quoted_value(file)),
            (None, Some(side)) => format!("among what the {} has loaded", side.word()),
            (None, None) => "among the known certificates".to_owned(),
        },
    };
    format!("{what} {place} and completes the path.")
}

pub(super) fn words(purposes: &[Purpose]) -> String {
    let words: Vec<String> = purposes.iter().map(ToString::to_string).collect();
    words.join(",")
}

/// `Mesh Issuer (issuer.pem)`.
pub(super) fn words_of(item: &AtHand) -> String {
    let name = quoted_value(&display_name(&item.der));
    if let (Some(file), Some(within)) = (&item.file, &item.within) {
        return format!("{name} ({}, {})", quoted_value(file), quoted_value(within));
    }
    match (&item.file, item.entry) {
        (None, _) => name,
        (Some(file), 0) => format!("{name} ({})", quoted_value(file)),
        (Some(file), entry) => format!("{name} (certificate {} of {})", entry + 1, quoted_value(file)),
    }
}
