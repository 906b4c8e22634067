//! An issuer that was sent or is trusted under a name that is the same to a reader, and not in its bytes (RFC 5280 §7.1).

use super::case::{Case, Finding};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::{CauseId, deviation};
use crate::pki::{name_difference, name_with_types};

/// The finding on a certificate whose issuer is there under such a name, and whose key made the signature.
pub(super) fn differs(case: &Case<'_>) -> Option<Finding> {
    let child = case.certificate;
    let sent = case
        .sent
        .issuer_by_folded_name(child)
        .map(|found| (found, "that was sent"));
    let trusted = || {
        let found = case.roots?.issuer_by_folded_name(child)?;
        Some((found, "in the trust store"))
    };
    let (found, place) = sent.or_else(trusted)?;
    let (words, rules) = words(case, found, place)?;
    Some(Finding {
        rules,
        ..Finding::fail(CauseId::NameEncodingDiffers, words)
    })
}

/// What differs, with the rules of it by their names in the record of who refuses what; `None` where the names do not differ so.
fn words(case: &Case<'_>, issuer: &Certificate, place: &str) -> Option<(String, Vec<&'static str>)> {
    let (wanted, has) = (case.certificate.issuer()?, issuer.subject()?);
    let difference = name_difference(wanted, has)?;
    let kinds = [
        (difference.string_type, "issuer-name-string-type", "string type"),
        (difference.case, "issuer-name-case", "capitals"),
        (difference.white_space, "issuer-name-white-space", "white space"),
    ];
    let rules: Vec<&'static str> = kinds.iter().filter(|kind| kind.0).map(|kind| kind.1).collect();
    let what: Vec<&str> = kinds.iter().filter(|kind| kind.0).map(|kind| kind.2).collect();
    let words = format!(
        "it names {} as its issuer; the certificate {place} is called {}, and its key made the signature: the names differ in {} \
         only, which RFC 5280 §7.1 takes for one name, but rustls compares their bytes; {}",
        name_with_types(wanted),
        name_with_types(has),
        what.join(" and "),
        deviation::who_folds(case.record, &rules)
    );
    Some((words, rules))
}
