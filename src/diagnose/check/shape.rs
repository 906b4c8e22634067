//! Encoding, version, validity, critical extensions (RFC 5280 §4.1, §4.1.2.1, §4.1.2.5, §4.2).

use super::case::{Case, Finding, moment};
use super::{conformance, oid};
use crate::diagnose::certificate::{Certificate, ReadRefusal};
use crate::diagnose::endings::NO_CLOCK;
use crate::diagnose::{CauseId, Role, deviation, reading};

pub(super) fn encoding(case: &Case<'_>) -> Finding {
    let certificate = case.certificate;
    if case.role == Role::Root {
        // A trust anchor is a name, a key and its constraints (RFC 5280 §6.1.1): webpki keeps no more of it.
        if let Some(words) = certificate.anchor_refusal() {
            let words = fault(certificate).unwrap_or(words);
            return Finding::fail(
                CauseId::Malformed,
                format!("rustls cannot read it and leaves it out of its store: {words}"),
            );
        }
        return facts_or_warning(certificate).and(conformance::encoding(case));
    }
    match &certificate.read_error {
        Some(ReadRefusal::Encoding(words)) => {
            let words = fault(certificate).unwrap_or_else(|| words.clone());
            Finding::fail(CauseId::Malformed, format!("not readable as X.509: {words}"))
        }
        Some(ReadRefusal::AlgorithmMismatch) => Finding::fail(
            CauseId::Malformed,
            format!(
                "the signature algorithm inside the part that is signed ({}) is not the one outside it ({}), as RFC 5280 §4.1.1.2 demands",
                algorithm(certificate.part(|at| &at.inner_algorithm)),
                algorithm(certificate.part(|at| &at.outer_algorithm)),
            ),
        ),
        Some(ReadRefusal::TwiceExtended) => {
            let words = conformance::twice_extended(certificate).unwrap_or_else(|| "an extension".to_owned());
            Finding::fail(
                CauseId::Malformed,
                format!("{words} stands there twice, which RFC 5280 §4.2 forbids"),
            )
        }
        // webpki refuses it for its version or an extension, and it is no certificate at all: bytes of another kind (a
        // request, a revocation list), which no other check can speak of.
        Some(_) if certificate.reading.is_err() => Finding::fail(
            CauseId::Malformed,
            format!(
                "not readable as X.509: {}",
                fault(certificate).unwrap_or_default()
            ),
        ),
        _ => facts_or_warning(certificate).and(conformance::encoding(case)),
    }
}

/// An algorithm's OID in decimals, with the rest of its identifier where there is one.
fn algorithm(contents: Option<&[u8]>) -> String {
    let mut parts = reading::Elements::of(contents.unwrap_or_default());
    let Ok(id) = parts.expect_bytes(0x06) else {
        return "unreadable".to_owned();
    };
    let rest = contents
        .unwrap_or_default()
        .get(id.len() + 2..)
        .unwrap_or_default();
    if rest.is_empty() {
        oid::dotted(id).into_owned()
    } else {
        format!("{} with {}", oid::dotted(id), hex::encode(rest))
    }
}

/// What is wrong with the bytes, in the words of whichever reader says it.
fn fault(certificate: &Certificate) -> Option<String> {
    match (&certificate.facts, &certificate.reading) {
        (_, Err(fault)) => Some(fault.clone()),
        (Err(error), _) => Some(error.words.clone()),
        _ => None,
    }
}

fn facts_or_warning(certificate: &Certificate) -> Finding {
    match &certificate.facts {
        Ok(_) => Finding::pass("reads as X.509"),
        Err(error) => Finding::warn(
            CauseId::Malformed,
            format!(
                "rustls reads what it needs of it, but not all of it is X.509: {}",
                error.words
            ),
        ),
    }
}

pub(super) fn version(case: &Case<'_>) -> Finding {
    if case.certificate.reading.is_err() {
        return Finding::unknown("the certificate is unreadable");
    }
    let number = case.certificate.version();
    let has_extensions = case.certificate.extensions().next().is_some();
    let mut words = format!("X.509 version {number}");
    if number < 3 && has_extensions {
        words += ", which has no extensions, and yet it has some";
    }
    if case.role != Role::Root && case.certificate.read_error == Some(ReadRefusal::Version) {
        return Finding::fail(
            CauseId::UnsupportedCertificateVersion,
            format!("{words}; version 3 is needed"),
        );
    }
    if number == 3 {
        return Finding::pass(words);
    }
    Finding::warn(
        CauseId::UnsupportedCertificateVersion,
        deviation::sentence(
            case.record,
            "root-version-1",
            &format!("{words}: nothing says that it is a CA"),
            "rustls takes it as an anchor",
        ),
    )
}

pub(super) fn validity(case: &Case<'_>) -> Finding {
    let Some(contents) = case.certificate.part(|at| &at.validity) else {
        return Finding::unknown("the certificate is unreadable");
    };
    let (not_before, not_after) = match (reading::validity(contents), case.certificate.facts()) {
        (Ok(dates), _) => dates,
        (Err(_), Some(facts)) if case.role == Role::Root => (facts.not_before, facts.not_after),
        (Err(fault), _) if case.role == Role::Root => return Finding::warn(CauseId::Malformed, fault),
        (Err(fault), _) => return Finding::fail(CauseId::Malformed, fault),
    };
    if case.clock_unix_s == NO_CLOCK {
        return Finding::unknown(format!(
            "valid {} to {}; when this was judged is not known: the packets bear no times (a time can be given, with whom the judge trusts)",
            moment(not_before),
            moment(not_after)
        ));
    }
    // rustls's clock begins with 1970.
    let clock = case.clock_unix_s.max(0);
    let words = format!(
        "valid {} to {}, judged at {}",
        moment(not_before),
        moment(not_after),
        moment(clock)
    );
    let cause = if not_before > not_after {
        CauseId::ValidityInverted
    } else if clock < not_before {
        CauseId::NotYetValid
    } else if clock > not_after {
        CauseId::Expired
    } else {
        return Finding::pass(words).and(conformance::validity(case));
    };
    if case.role == Role::Root {
        return Finding::warn(
            cause,
            deviation::sentence(
                case.record,
                "expired-root",
                &words,
                "rustls does not look at a root's dates",
            ),
        );
    }
    Finding::fail(cause, words)
}

pub(super) fn critical_extensions(case: &Case<'_>) -> Finding {
    if case.certificate.reading.is_err() {
        return Finding::unknown("the certificate is unreadable");
    }
    let unknown: Vec<&[u8]> = case
        .certificate
        .extensions()
        .filter(|(id, is_critical, _)| *is_critical && !oid::READ_BY_WEBPKI.contains(id))
        .map(|(id, ..)| id)
        .collect();
    let is_about_policies = !unknown.is_empty() && unknown.iter().all(|id| oid::POLICY.contains(id));
    let unknown: Vec<String> = unknown.into_iter().map(oid::words).collect();
    let unknown = unknown.join(", ");
    let finding = if case.role == Role::Root && !unknown.is_empty() {
        Finding::warn(
            CauseId::UnknownCriticalExtension,
            deviation::sentence(
                case.record,
                "root-unknown-critical-extension",
                &format!("{unknown} is critical"),
                "rustls does not look at a root's extensions",
            ),
        )
    } else if case.certificate.read_error == Some(ReadRefusal::CriticalExtension) && case.role != Role::Root {
        let which = if unknown.is_empty() {
            "an extension"
        } else {
            &unknown
        };
        let mut words = format!("{which} is critical and unknown here");
        if is_about_policies {
            words += "; ";
            words += &deviation::who_accepts(case.record, "critical-policies");
        }
        Finding::fail(CauseId::UnknownCriticalExtension, words)
    } else {
        Finding::pass("none that is unknown")
    };
    finding.and(conformance::critical_extensions(case))
}
