//! What it may be used for, and whose name it carries (RFC 5280 §4.2.1.3, §4.2.1.12; RFC 9525 §6).

use rustls_pki_types::{CertificateDer, ServerName};

use super::case::{Case, Finding};
use super::{conformance, demand, naming, oid};
use crate::capture::Side;
use crate::diagnose::reading::{Elements, Fault};
use crate::diagnose::{CauseId, Role, Variety, deviation};
use crate::pki::{GeneralName, expect_spiffe_id, is_spiffe_id};

pub(super) fn key_usage(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    let Some(usage) = facts.key_usage else {
        return Finding::pass("not restricted")
            .and(conformance::key_usage(case))
            .asked_for(demand::key_usage(case, None));
    };
    let finding = match case.role {
        Role::Leaf if !usage.digital_signature => Finding::warn(
            CauseId::KeyUsage,
            deviation::sentence_in_a_handshake(
                case.record,
                case.judge,
                "leaf-without-digital-signature",
                "digitalSignature is not among its uses, and TLS has its key sign the handshake",
                "rustls does not look",
            ),
        ),
        Role::Leaf => Finding::pass("digitalSignature"),
        Role::Root if !usage.key_cert_sign => Finding::warn(
            CauseId::IssuerCannotSign,
            deviation::sentence(
                case.record,
                "root-without-key-cert-sign",
                "keyCertSign is not among its uses (RFC 5280 §4.2.1.3)",
                "rustls does not look",
            ),
        ),
        _ if !usage.key_cert_sign => Finding::warn(
            CauseId::IssuerCannotSign,
            deviation::sentence(
                case.record,
                "intermediate-without-key-cert-sign",
                "keyCertSign is not among its uses (RFC 5280 §4.2.1.3)",
                "rustls does not look",
            ),
        ),
        _ => Finding::pass("keyCertSign"),
    };
    finding
        .and(conformance::key_usage(case))
        .asked_for(demand::key_usage(case, Some(usage)))
}

/// Whether the purposes hold `wanted` as webpki reads them: one after the other, no further than the first that fits.
fn holds_purpose(contents: &[u8], wanted: &[u8]) -> Result<bool, Fault> {
    let mut parts = Elements::of(contents);
    if parts.is_at_end() {
        return Err("the list of purposes is empty".to_owned());
    }
    while !parts.is_at_end() {
        if parts.expect_bytes(0x06)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn purpose(case: &Case<'_>) -> Finding {
    if case.certificate.reading.is_err() {
        return Finding::unknown("the certificate is unreadable");
    }
    let (wanted, words) = match case.judge {
        Side::Client => (oid::SERVER_AUTH, "serverAuth"),
        Side::Server => (oid::CLIENT_AUTH, "clientAuth"),
    };
    let Ok(found) = case.certificate.sequence(oid::EXTENDED_KEY_USAGE) else {
        return Finding::unknown("its purposes are unreadable");
    };
    let Some(contents) = found else {
        return Finding::pass("not restricted")
            .and(conformance::purpose(case, None))
            .and(netscape_type(case))
            .asked_for(demand::purpose(case));
    };
    let purposes = case.certificate.facts().and_then(|facts| facts.purposes.as_ref());
    let has = purposes.map_or_else(
        || "purposes that are unreadable".to_owned(),
        |purposes| {
            purposes
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        },
    );
    match holds_purpose(contents, wanted) {
        Ok(true) => Finding::pass(has)
            .and(conformance::purpose(case, Some(contents)))
            .and(netscape_type(case)),
        Ok(false) if case.role == Role::Root => Finding::warn(
            CauseId::WrongPurpose,
            deviation::sentence(
                case.record,
                "root-wrong-purpose",
                &format!("{has}, not {words}"),
                "rustls does not look at a root's purposes",
            ),
        ),
        Err(fault) if case.role == Role::Root => Finding::warn(
            CauseId::Malformed,
            format!("extendedKeyUsage: {fault}; rustls does not look at a root's purposes"),
        ),
        Err(fault) => Finding::fail(CauseId::Malformed, format!("extendedKeyUsage: {fault}")),
        Ok(false) if holds_purpose(contents, oid::ANY_PURPOSE) == Ok(true) => Finding::fail(
            CauseId::WrongPurpose,
            format!(
                "it is for {has}; {words} is needed, and anyExtendedKeyUsage is not taken for it; {}",
                deviation::who_accepts(case.record, "any-purpose-only")
            ),
        ),
        Ok(false) => Finding::fail(
            CauseId::WrongPurpose,
            format!("it is for {has}; {words} is needed"),
        ),
    }
}

/// Purposes stated a second time, as Netscape's browsers asked for (nsCertType, never part of RFC 5280): whoever still reads it
/// wants the bit of TLS as well as extendedKeyUsage.
fn netscape_type(case: &Case<'_>) -> Option<Finding> {
    if case.role != Role::Leaf {
        // A CA's is looked at only where nothing else makes it one, and such a CA rustls refuses.
        return None;
    }
    let (_, value) = case.certificate.extension(oid::NETSCAPE_TYPE)?;
    let bits = Elements::of(value)
        .expect_bytes(0x03)
        .ok()?
        .get(1)
        .copied()
        .unwrap_or(0);
    let wanted = match case.judge {
        Side::Client => NetscapeBit::SERVER,
        Side::Server => NetscapeBit::CLIENT,
    };
    if bits & wanted.0 != 0 {
        return None;
    }
    let has: Vec<&str> = NetscapeBit::NAMES
        .iter()
        .filter(|(bit, _)| bits & bit != 0)
        .map(|(_, name)| *name)
        .collect();
    let has = if has.is_empty() {
        "nothing".to_owned()
    } else {
        has.join(", ")
    };
    let amiss = format!(
        "its old nsCertType extension ({}) says that it is for {has}, and {} is needed",
        oid::dotted(oid::NETSCAPE_TYPE),
        wanted.1
    );
    Some(conformance::warn(
        case,
        "netscape-type-of-another",
        CauseId::WrongPurpose,
        &amiss,
    ))
}

/// A bit of nsCertType, by OpenSSL's word for it (x509v3_config(5)).
struct NetscapeBit(u8, &'static str);

impl NetscapeBit {
    const CLIENT: Self = Self(0x80, "client");
    const SERVER: Self = Self(0x40, "server");
    const NAMES: [(u8, &'static str); 7] = [
        (0x80, "client"),
        (0x40, "server"),
        (0x20, "email"),
        (0x10, "objsign"),
        (0x04, "sslCA"),
        (0x02, "emailCA"),
        (0x01, "objCA"),
    ];
}

pub(super) fn name(case: &Case<'_>) -> Finding {
    if case.role != Role::Leaf {
        return Finding::not_applicable("only the leaf carries the peer's name");
    }
    if case.certificate.reading.is_err() {
        return Finding::unknown("the certificate is unreadable");
    }
    if let Some(expected) = case.expected_name.filter(|name| is_spiffe_id(name)) {
        let names = case
            .certificate
            .facts()
            .and_then(|facts| facts.subject_alt_names.as_deref())
            .unwrap_or_default();
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
        )
        .and(naming::names(case));
    }
    let Some(expected) = case.expected_name else {
        return Finding::unknown("no name was asked for").and(naming::names(case));
    };
    let names = case
        .certificate
        .facts()
        .and_then(|facts| facts.subject_alt_names.as_deref())
        .unwrap_or_default();
    let list = names
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let list = if list.is_empty() {
        "no name that can be read".to_owned()
    } else {
        list
    };
    let Ok(server_name) = ServerName::try_from(expected) else {
        return Finding::fail(
            CauseId::NameMismatch,
            format!("{expected} is no DNS name and no IP address: no certificate can be asked for it"),
        );
    };
    match carried(case, &server_name) {
        Carried::Yes => {
            return Finding::pass(format!("{expected} is among {list}")).and(naming::names(case));
        }
        Carried::Unread => {
            return Finding::unknown(format!(
                "rustls refuses the certificate before it comes to its names: {list}"
            ));
        }
        Carried::Malformed(words) => {
            return Finding::fail(
                CauseId::Malformed,
                format!("its list of names cannot be read ({words})"),
            );
        }
        Carried::No => {}
    }
    if case.certificate.extension(oid::SUBJECT_ALT_NAME).is_none() {
        return Finding::fail(
            CauseId::NoSan,
            "it has no subjectAltName; the common name does not count",
        )
        .of_variety(common_name(case, expected));
    }
    if case.certificate.read_error.is_some() {
        return Finding::unknown("the certificate is refused before its names are looked at");
    }
    let is_address = expected.parse::<std::net::IpAddr>().is_ok();
    let misused = names.iter().find_map(|name| misused_wildcard(name, expected));
    let (cause, variety) = if is_address && names.contains(&GeneralName::Dns(expected.to_owned())) {
        (CauseId::IpInDnsName, None)
    } else if misused.is_some() {
        (CauseId::WildcardMisuse, misused)
    } else {
        (CauseId::NameMismatch, beside_the_names(case, names, expected))
    };
    Finding::fail(cause, format!("asked for {expected}, it carries {list}")).of_variety(variety)
}

/// What the common name is to whoever still reads it: the name that was asked for, perhaps a pattern of it, or nothing.
fn common_name(case: &Case<'_>, expected: &str) -> Option<Variety> {
    let common = case.certificate.facts()?.common_name.as_deref()?;
    if common.contains('*') {
        Some(Variety::CommonPattern)
    } else if !common.eq_ignore_ascii_case(expected) {
        None
    } else if expected.parse::<std::net::IpAddr>().is_ok() {
        Some(Variety::CommonAddress)
    } else {
        Some(Variety::CommonName)
    }
}

/// The common name again: some read it where no entry of the list is of the kind that was asked for.
fn beside_the_names(case: &Case<'_>, names: &[GeneralName], expected: &str) -> Option<Variety> {
    let is_any_host = names
        .iter()
        .any(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)));
    let common = common_name(case, expected)?;
    Some(if common == Variety::CommonName && !is_any_host {
        Variety::CommonNameAlone
    } else {
        Variety::CommonNameBeside
    })
}

/// What came of looking for the name.
enum Carried {
    Yes,
    No,
    /// The list of names is broken before the name is found.
    Malformed(String),
    /// The certificate was refused before its names were looked at.
    Unread,
}

/// rustls's own reading of the names: webpki is asked, so that the two never differ.
fn carried(case: &Case<'_>, expected: &ServerName<'_>) -> Carried {
    let der = CertificateDer::from(case.certificate.der.as_bytes());
    let Ok(certificate) = webpki::EndEntityCert::try_from(&der) else {
        return Carried::Unread;
    };
    match certificate.verify_is_valid_for_subject_name(expected) {
        Ok(()) => Carried::Yes,
        Err(webpki::Error::CertNotValidForName(_)) => Carried::No,
        Err(other) => Carried::Malformed(other.to_string()),
    }
}

/// A wildcard that would fit if wildcards could stand for more or less than one whole first label (RFC 9525 §6.3): of which
/// variety it is.
fn misused_wildcard(name: &GeneralName, expected: &str) -> Option<Variety> {
    let GeneralName::Dns(pattern) = name else {
        return None;
    };
    let (before, after) = pattern.split_once('*')?;
    let expected = expected.to_ascii_lowercase();
    let fits = expected.starts_with(&before.to_ascii_lowercase())
        && expected.ends_with(&after.trim_start_matches('.').to_ascii_lowercase());
    fits.then_some(
        match (before.contains('.'), before.is_empty(), after.starts_with('.')) {
            (false, true, true) => Variety::Wildcard,
            (false, _, _) if !after.is_empty() => Variety::WildcardPart,
            _ => Variety::WildcardElsewhere,
        },
    )
}
