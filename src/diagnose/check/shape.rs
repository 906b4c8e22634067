//! Encoding, version, validity, critical extensions (RFC 5280 §4.1, §4.1.2.1, §4.1.2.5, §4.2).

use super::{Case, Finding, moment};
use crate::diagnose::certificate::ReadRefusal;
use crate::diagnose::{CauseId, Role};
use crate::pki::CertificateFacts;

pub(super) fn encoding(case: &Case<'_>) -> Finding {
    if case.role == Role::Root {
        // A trust anchor is a name and a key (RFC 5280 §6.1.1): webpki reads no more of it.
        return match &case.certificate.facts {
            Ok(_) => Finding::pass("reads as X.509"),
            Err(error) => Finding::warn(CauseId::Malformed, error.to_string()),
        };
    }
    match (&case.certificate.read_error, &case.certificate.facts) {
        (Some(ReadRefusal::Encoding(words)), facts) => {
            let words = facts
                .as_ref()
                .err()
                .map_or_else(|| words.clone(), |error| error.words.clone());
            Finding::fail(CauseId::Malformed, format!("not readable as X.509: {words}"))
        }
        // webpki refuses it for its version or an extension, and no facts could be read: bytes of another kind (a request,
        // a revocation list), which no other check can speak of.
        (Some(_), Err(error)) => Finding::fail(CauseId::Malformed, error.to_string()),
        (None, Err(error)) => Finding::warn(CauseId::Malformed, error.to_string()),
        _ => Finding::pass("reads as X.509"),
    }
}

pub(super) fn version(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    let words = format!("X.509 version {}", facts.version);
    if case.role != Role::Root && case.certificate.read_error == Some(ReadRefusal::Version) {
        return Finding::fail(
            CauseId::UnsupportedCertificateVersion,
            format!("{words}; version 3 is needed"),
        );
    }
    Finding::pass(words)
}

pub(super) fn validity(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    let words = format!(
        "valid {} to {}, judged at {}",
        moment(facts.not_before),
        moment(facts.not_after),
        moment(case.clock_unix_s)
    );
    // webpki's time begins with 1970 and it reads no earlier date.
    let is_unreadable = facts.not_before < 0 || facts.not_after < 0;
    let cause = if is_unreadable && case.role != Role::Root {
        CauseId::Malformed
    } else if facts.not_before > facts.not_after {
        CauseId::ValidityInverted
    } else if case.clock_unix_s < facts.not_before {
        CauseId::NotYetValid
    } else if case.clock_unix_s > facts.not_after {
        CauseId::Expired
    } else {
        return outlives_issuer(case, facts).unwrap_or_else(|| Finding::pass(words));
    };
    if case.role == Role::Root {
        return Finding::warn(
            cause,
            format!("{words}; rustls does not look at a root's dates, OpenSSL and Go refuse it"),
        );
    }
    Finding::fail(cause, words)
}

/// A certificate that is still valid when its issuer no longer is: all is well today, and one day all of it fails at once.
fn outlives_issuer(case: &Case<'_>, facts: &CertificateFacts) -> Option<Finding> {
    let issuer = case.issuer?.facts()?;
    (facts.not_after > issuer.not_after && case.clock_unix_s <= issuer.not_after).then(|| {
        Finding::warn(
            CauseId::Expired,
            format!(
                "it is valid until {}, its issuer {} only until {}: from then on it is refused as well",
                moment(facts.not_after),
                issuer.display_name,
                moment(issuer.not_after)
            ),
        )
    })
}

pub(super) fn critical_extensions(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    let unknown = facts.unknown_critical_extensions.join(", ");
    if case.role == Role::Root {
        return if unknown.is_empty() {
            Finding::pass("none that is unknown")
        } else {
            Finding::warn(
                CauseId::UnknownCriticalExtension,
                format!("{unknown}; rustls does not look at a root's extensions, OpenSSL refuses it"),
            )
        };
    }
    match &case.certificate.read_error {
        Some(ReadRefusal::CriticalExtension) => {
            let which = if unknown.is_empty() {
                "one".to_owned()
            } else {
                unknown
            };
            Finding::fail(
                CauseId::UnknownCriticalExtension,
                format!("{which} is critical and unknown here"),
            )
        }
        _ => Finding::pass("none that is unknown"),
    }
}
