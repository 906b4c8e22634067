//! What is to be said of what was read: what it was found to be, and who would refuse it.

use super::distribute::Found;
use super::offer::Offer;
use super::slot::file_name;
use super::sorted::Sorted;
use crate::pki::{Bundle, Folder, LoadReason};
use crate::printable::capitalised;

/// More remarks on one file are counted, not told.
const MOST_REMARKS: usize = 3;

/// What becomes of it, with what is to be said of its form. Plain PEM and DER need no words.
pub(super) fn with_remarks(bundle: &Bundle, offer: &Offer, sorted: Sorted) -> Sorted {
    let name = offer
        .path()
        .map_or_else(|| "The pasted text".to_owned(), |path| file_name(path));
    let usual = ["PEM text: ", "DER: "];
    let mut told: Vec<String> = bundle
        .recognised
        .iter()
        .filter(|line| !usual.iter().any(|usual| line.starts_with(usual)))
        .map(|line| format!("{name} is {line}."))
        .collect();
    let about = if told.is_empty() {
        format!("{name}: ")
    } else {
        String::new()
    };
    let notes: Vec<String> = bundle.notes.iter().map(ToString::to_string).collect();
    told.extend(notes.iter().take(MOST_REMARKS).map(|note| {
        format!(
            "{about}{}.",
            if about.is_empty() {
                capitalised(note)
            } else {
                note.clone()
            }
        )
    }));
    if notes.len() > MOST_REMARKS {
        told.push(format!("And {} more remarks.", notes.len() - MOST_REMARKS));
    }
    if told.is_empty() {
        return sorted;
    }
    Sorted::Told(told, Box::new(sorted))
}

/// What a folder holds, and what of it is of no use.
pub(super) fn of_folder(folder: &Folder, found: &Found<'_>) -> Vec<String> {
    let words = found.words();
    let mut told = Vec::new();
    if !words.is_empty() {
        // Their keys may lie in what is closed still.
        let closed = match folder.closed.len() {
            0 => String::new(),
            1 => ", 1 file that asks for its passphrase".to_owned(),
            many => format!(", {many} files that ask for their passphrases"),
        };
        told.push(format!("{} holds {words}{closed}.", found.name));
    }
    let is_foreign = |reason: LoadReason| reason == LoadReason::Foreign;
    let foreign = folder
        .leftovers
        .iter()
        .filter(|one| is_foreign(one.reason))
        .count();
    if foreign > 0 {
        let (files, hold) = if foreign == 1 {
            ("file", "holds")
        } else {
            ("files", "hold")
        };
        told.push(format!("{foreign} other {files} {hold} nothing of use."));
    }
    let broken: Vec<String> = folder
        .leftovers
        .iter()
        .filter(|one| !is_foreign(one.reason))
        .map(|one| format!("{one}."))
        .collect();
    told.extend(broken.iter().take(MOST_REMARKS).cloned());
    if broken.len() > MOST_REMARKS {
        told.push(format!(
            "And {} more that cannot be read.",
            broken.len() - MOST_REMARKS
        ));
    }
    told.extend(
        folder
            .stopped_by
            .iter()
            .map(|words| format!("{}.", capitalised(words))),
    );
    told
}

#[cfg(test)]
mod tests;
