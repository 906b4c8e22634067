//! What certificates are called in sentences.

use super::called::display_name;
use super::grounds::Place;
use crate::capture::AtHand;
use crate::diagnose::certificate::Certificate;
use crate::pki::{Purpose, is_address};
use crate::printable::quoted_value;

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
