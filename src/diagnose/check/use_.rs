//! What it may be used for, and whose name it carries (RFC 5280 §4.2.1.3, §4.2.1.12; RFC 9525 §6).

use rustls_pki_types::{CertificateDer, ServerName};

use super::{Case, Finding};
use crate::capture::Side;
use crate::diagnose::{CauseId, Role};
use crate::pki::{GeneralName, Purpose, expect_spiffe_id, is_spiffe_id};

pub(super) fn key_usage(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    let Some(usage) = facts.key_usage else {
        return Finding::pass("not restricted");
    };
    match case.role {
        Role::Leaf if !usage.digital_signature => Finding::warn(
            CauseId::KeyUsage,
            "digitalSignature is not among its uses; rustls does not look, OpenSSL and Go refuse it",
        ),
        Role::Leaf => Finding::pass("digitalSignature"),
        _ if !usage.key_cert_sign => Finding::warn(
            CauseId::IssuerCannotSign,
            "keyCertSign is not among its uses; rustls does not look, OpenSSL and Go refuse it",
        ),
        _ => Finding::pass("keyCertSign"),
    }
}

pub(super) fn purpose(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    let (wanted, words) = match case.judge {
        Side::Client => (Purpose::ServerAuth, "serverAuth"),
        Side::Server => (Purpose::ClientAuth, "clientAuth"),
    };
    let Some(purposes) = &facts.purposes else {
        return Finding::pass("not restricted");
    };
    let has = purposes
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    if purposes.contains(&wanted) {
        return Finding::pass(has);
    }
    if case.role == Role::Root {
        return Finding::warn(
            CauseId::WrongPurpose,
            format!("{has}, not {words}; rustls does not look at a root's purposes, OpenSSL does"),
        );
    }
    Finding::fail(
        CauseId::WrongPurpose,
        format!("it is for {has}; {words} is needed"),
    )
}

pub(super) fn name(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    if case.role != Role::Leaf {
        return Finding::not_applicable("only the leaf carries the peer's name");
    }
    if let Some(expected) = case.expected_name.filter(|name| is_spiffe_id(name)) {
        let names = facts.subject_alt_names.as_deref().unwrap_or_default();
        return match expect_spiffe_id(expected, names) {
            Ok(()) => Finding::pass(format!("its only URI is {expected}")),
            Err(carries) => Finding::fail(
                CauseId::SpiffeIdMismatch,
                format!("expected {expected}, {carries}"),
            ),
        };
    }
    if case.judge == Side::Server {
        return Finding::not_applicable(
            "a server asks a client for no name: who it is, is for authorization to judge",
        );
    }
    let Some(expected) = case.expected_name else {
        return Finding::unknown("no name was asked for");
    };
    let names = facts.subject_alt_names.as_deref().unwrap_or_default();
    let list = names
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    if carries(case, expected) {
        return Finding::pass(format!("{expected} is among {list}"));
    }
    if facts.subject_alt_names.is_none() {
        return Finding::fail(
            CauseId::NoSan,
            "it has no subjectAltName; the common name does not count",
        );
    }
    if case.certificate.read_error.is_some() {
        return Finding::unknown("the certificate is refused before its names are looked at");
    }
    let is_address = expected.parse::<std::net::IpAddr>().is_ok();
    let cause = if is_address && names.contains(&GeneralName::Dns(expected.to_owned())) {
        CauseId::IpInDnsName
    } else if names.iter().any(|name| is_misused_wildcard(name, expected)) {
        CauseId::WildcardMisuse
    } else {
        CauseId::NameMismatch
    };
    Finding::fail(cause, format!("asked for {expected}, it carries {list}"))
}

/// rustls's own reading of the names: webpki is asked, so that the two never differ.
fn carries(case: &Case<'_>, expected: &str) -> bool {
    let der = CertificateDer::from(case.certificate.der.as_bytes());
    let (Ok(certificate), Ok(name)) = (
        webpki::EndEntityCert::try_from(&der),
        ServerName::try_from(expected),
    ) else {
        return false;
    };
    certificate.verify_is_valid_for_subject_name(&name).is_ok()
}

/// A wildcard that would fit if wildcards could stand for more or less than one whole first label (RFC 9525 §6.3).
fn is_misused_wildcard(name: &GeneralName, expected: &str) -> bool {
    let GeneralName::Dns(pattern) = name else {
        return false;
    };
    let Some((before, after)) = pattern.split_once('*') else {
        return false;
    };
    let expected = expected.to_ascii_lowercase();
    expected.starts_with(&before.to_ascii_lowercase())
        && expected.ends_with(&after.trim_start_matches('.').to_ascii_lowercase())
}
