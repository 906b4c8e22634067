//! The identifiers that paths are found by (RFC 5280 §4.2.1.1, §4.2.1.2).

use super::case::{Case, Finding};
use super::conformance::{all, warn};
use super::oid;
use crate::diagnose::authority::Authority;
use crate::diagnose::certificate::Certificate;
use crate::diagnose::{CauseId, Role};
use crate::pki::{name_difference, name_with_types};

/// Issuer and serial number in the authorityKeyIdentifier name one certificate of the issuer's, and not the one in the path:
/// easy-rsa and others write them, and a CA that is renewed has another serial number.
fn other_certificate(case: &Case<'_>) -> Option<Finding> {
    let issuer = case.issuer?;
    let named = Authority::of(case.certificate)?;
    let serial = issuer.part(|at| &at.serial)?;
    let other_serial = named.serial.filter(|named| *named != serial).map(|named| {
        warn(case,
            "authority-serial-differs",
            CauseId::UnknownIssuer,
            &format!(
                "its authorityKeyIdentifier names its issuer's certificate by the serial number {}, and that of {} is {}, as \
                 after a renewal; it has to be issued again with keyid alone, or the CA's certificate with the serial number of before",
                short(named),
                issuer.name(),
                short(serial)
            ),
        )
    });
    let other_name = named
        .issuer
        .zip(issuer.issuer())
        .filter(|(named, is)| named != is && name_difference(named, is).is_none())
        .map(|(named, is)| {
            warn(case,
                "authority-issuer-differs",
                CauseId::UnknownIssuer,
                &format!(
                    "its authorityKeyIdentifier names a certificate of its issuer's that was issued by {}, and that of {} was \
                     issued by {}; it has to be issued again with keyid alone",
                    name_with_types(named),
                    issuer.name(),
                    name_with_types(is)
                ),
            )
        });
    all([other_serial, other_name])
}

/// In hexadecimal, as OpenSSL prints it.
fn short(serial: &[u8]) -> String {
    let bytes = serial.get(..20).unwrap_or(serial);
    hex::encode_upper(bytes)
}

/// The identifiers that paths are found by (RFC 5280 §4.2.1.1, §4.2.1.2).
pub(super) fn key_identifiers(case: &Case<'_>) -> Option<Finding> {
    let is_unneeded = case.below.is_empty() && case.role == Role::Intermediate;
    if is_unneeded {
        return None;
    }
    let facts = case.certificate.facts()?;
    let has = |id| case.certificate.extension(id).is_some();
    let is_v3 = case.certificate.version() == 3;
    let own_rule = match case.role {
        Role::Root => Some("root-without-subject-key-id"),
        Role::Intermediate => Some("intermediate-without-subject-key-id"),
        Role::Leaf => None,
    };
    let own = own_rule
        .filter(|_| is_v3 && !has(oid::SUBJECT_KEY_ID))
        .map(|rule| {
            warn(
                case,
                rule,
                CauseId::Malformed,
                "it has no subjectKeyIdentifier, which RFC 5280 §4.2.1.2 demands of a CA",
            )
        });
    let is_self_issued = case.certificate.is_self_issued();
    let issuers =
        (is_v3 && case.role != Role::Root && !is_self_issued && !has(oid::AUTHORITY_KEY_ID)).then(|| {
            warn(
                case,
                "without-authority-key-id",
                CauseId::Malformed,
                "it has no authorityKeyIdentifier, which RFC 5280 §4.2.1.1 demands",
            )
        });
    let disagree = match (&facts.authority_key_id, case.issuer.and_then(Certificate::facts)) {
        (Some(wanted), Some(issuer)) => issuer
            .subject_key_id
            .as_ref()
            .filter(|found| *found != wanted)
            .map(|_| {
                warn(
                    case,
                    "key-identifiers-disagree",
                    CauseId::SameNameDifferentKey,
                    "its authorityKeyIdentifier names another key than its issuer's subjectKeyIdentifier",
                )
            }),
        _ => None,
    };
    let is_nameless = case.role != Role::Leaf && case.certificate.part(|at| &at.subject) == Some(&[]);
    let nameless = is_nameless.then(|| {
        warn(
            case,
            "ca-without-subject",
            CauseId::Malformed,
            "it has no name, which RFC 5280 §4.1.2.6 demands of a CA",
        )
    });
    all([
        nameless,
        own,
        issuers,
        disagree,
        other_certificate(case),
        root_authority(case),
        not_self_issued(case),
    ])
}

/// An anchor that somebody else issued, who is not trusted as well: a common way to trust one issuing CA only.
fn not_self_issued(case: &Case<'_>) -> Option<Finding> {
    if case.role != Role::Root || case.certificate.is_self_issued() || case.certificate.reading.is_err() {
        return None;
    }
    let roots = case.roots?;
    if roots.true_issuer(case.certificate).is_some() {
        return None;
    }
    Some(warn(
        case,
        "root-not-self-issued",
        CauseId::UnknownIssuer,
        &format!(
            "it is trusted and was issued by {}, which is not: some stacks take only a certificate that issued itself for the end of a chain",
            case.certificate.issuer_name()
        ),
    ))
}

/// What the CA/Browser Forum asks of a root's authorityKeyIdentifier (Baseline Requirements §7.1.2.1.3).
fn root_authority(case: &Case<'_>) -> Option<Finding> {
    if case.role != Role::Root {
        return None;
    }
    let Authority {
        key,
        has_issuer,
        serial,
        ..
    } = Authority::of(case.certificate)?;
    let has_serial = serial.is_some();
    let forum = |is_so: bool, rule, amiss: &str| {
        is_so.then(|| {
            let words = format!("its authorityKeyIdentifier {amiss}, against the CA/Browser Forum's rules");
            warn(case, rule, CauseId::Malformed, &words)
        })
    };
    let own = case
        .certificate
        .facts()
        .and_then(|facts| facts.subject_key_id.as_deref());
    let is_other = case.certificate.is_self_issued() && key.is_some() && own.is_some() && key != own;
    all([
        forum(key.is_none(), "root-authority-key-id-without-key", "names no key"),
        forum(
            has_issuer && !has_serial,
            "root-authority-key-id-with-issuer",
            "names an issuer",
        ),
        forum(
            has_serial,
            "root-authority-key-id-with-serial",
            "gives a serial number",
        ),
        forum(
            is_other,
            "root-key-ids-disagree",
            "is not its own subjectKeyIdentifier",
        ),
    ])
}
