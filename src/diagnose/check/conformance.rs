//! What rustls lets pass although a rule forbids it: warnings only, each with who refuses it.

use std::collections::{HashMap, HashSet};

use super::case::{Case, Finding};
use super::general_names::Constraints;
use super::oid;
use crate::capture::Side;
use crate::diagnose::certificate::Certificate;
use crate::diagnose::reading::{self, Elements, SEQUENCE};
use crate::diagnose::{CauseId, Role, deviation};
use crate::pki;

/// A rule that rustls does not look at.
pub(super) fn warn(
    case: &Case<'_>,
    rule: &'static str,
    cause: impl Into<Option<CauseId>>,
    amiss: &str,
) -> Finding {
    Finding::warn(
        cause,
        deviation::sentence(case.record, rule, amiss, "rustls does not look"),
    )
}

/// Several warnings in one; `None` where there is none.
pub(super) fn all(findings: impl IntoIterator<Item = Option<Finding>>) -> Option<Finding> {
    findings.into_iter().flatten().reduce(Finding::and)
}

/// The first extension that stands there twice, in words.
pub(super) fn twice_extended(certificate: &Certificate) -> Option<String> {
    let mut times: HashMap<&[u8], usize> = HashMap::new();
    for (id, ..) in certificate.extensions() {
        *times.entry(id).or_default() += 1;
    }
    certificate
        .extensions()
        .find(|(id, ..)| times.get(id).is_some_and(|times| *times > 1))
        .map(|(id, ..)| oid::words(id))
}

pub(super) fn encoding(case: &Case<'_>) -> Option<Finding> {
    let serial = case.certificate.part(|at| &at.serial)?;
    let serial = if serial.iter().all(|byte| *byte == 0) {
        Some(("serial-zero", "its serial number is zero"))
    } else if serial.first().is_some_and(|byte| byte & 0x80 != 0) {
        Some(("serial-negative", "its serial number is negative"))
    } else if serial.len() > 20 {
        Some(("serial-too-long", "its serial number is longer than 20 bytes"))
    } else {
        None
    };
    let serial = serial.map(|(rule, words)| {
        warn(
            case,
            rule,
            CauseId::Malformed,
            &format!("{words}, which RFC 5280 §4.1.2.2 forbids"),
        )
    });
    let twice = twice_extended(case.certificate).map(|name| {
        warn(
            case,
            "duplicate-extension",
            CauseId::Malformed,
            &format!("{name} stands there twice, which RFC 5280 §4.2 forbids"),
        )
    });
    let policy = twice_listed_policy(case.certificate).map(|policy| {
        warn(
            case,
            "duplicate-policy",
            CauseId::Malformed,
            &format!("the policy {policy} is listed twice, which RFC 5280 §4.2.1.4 forbids"),
        )
    });
    all([serial, twice, policy, illegal_character(case)])
}

/// A character in a name that the name's own string type does not have (X.680 §41.4).
fn illegal_character(case: &Case<'_>) -> Option<Finding> {
    let words = [case.certificate.subject(), case.certificate.issuer()]
        .into_iter()
        .flatten()
        .find_map(pki::illegal_character)?;
    Some(warn(
        case,
        "character-outside-its-type",
        CauseId::Malformed,
        &format!("in a name, {words}; the CA has to issue it with UTF8String"),
    ))
}

/// A policy that certificatePolicies lists more than once.
fn twice_listed_policy(certificate: &Certificate) -> Option<String> {
    let contents = certificate.sequence(oid::CERTIFICATE_POLICIES).ok()??;
    let mut list = Elements::of(contents);
    let mut seen: HashSet<&[u8]> = HashSet::new();
    while !list.is_at_end() {
        let policy = Elements::of(list.expect_bytes(SEQUENCE).ok()?)
            .expect_bytes(0x06)
            .ok()?;
        if !seen.insert(policy) {
            return Some(oid::dotted(policy).into_owned());
        }
    }
    None
}

pub(super) fn validity(case: &Case<'_>) -> Option<Finding> {
    let contents = case.certificate.part(|at| &at.validity)?;
    let (_, not_after) = reading::validity(contents).ok()?;
    let mut parts = Elements::of(contents);
    let mut is_long_form = false;
    while let Ok((tag, text)) = parts.next_bytes() {
        is_long_form |= tag == 0x18 && text < b"2050".as_slice();
    }
    let form = is_long_form.then(|| {
        warn(
            case,
            "date-in-long-form",
            CauseId::Malformed,
            "a date before 2050 is written as GeneralizedTime, where RFC 5280 §4.1.2.5 demands UTCTime",
        )
    });
    let issuer_end = case.issuer.and_then(|issuer| {
        let (_, end) = reading::validity(issuer.part(|at| &at.validity)?).ok()?;
        Some((issuer.name(), end))
    });
    let outlives = issuer_end.filter(|(_, end)| *end < not_after).map(|(name, end)| {
        warn(
            case,
            "outlives-its-issuer",
            CauseId::Expired,
            &format!(
                "it outlives its issuer {name}, which ends {}: the chain ends with the first of them",
                super::case::moment(end)
            ),
        )
    });
    all([form, outlives])
}

/// How it was sent: in order, once, and needed (RFC 5246 §7.4.2; RFC 8446 §4.4.2 asks for no order).
pub(super) fn order(case: &Case<'_>) -> Option<Finding> {
    if case.role == Role::Root {
        return None;
    }
    let places = case.sent.places_of(case.certificate);
    let first = *places.first()?;
    let twice = (places.len() > 1).then(|| {
        warn(
            case,
            "sent-twice",
            None,
            &format!("it was sent {} times", places.len()),
        )
    });
    let below = case.below.last();
    let is_after_what_it_signed = match (
        below,
        first.checked_sub(1).and_then(|before| case.sent.get(before)),
    ) {
        (Some(below), Some(before)) => below.digest == before.digest,
        _ => true,
    };
    let wrong = (!is_after_what_it_signed).then(|| {
        warn(case,
            "wrong-order",
            None,
            &format!(
                "it was sent as number {} and does not sign the one before it, as TLS 1.2 demands (RFC 5246 §7.4.2)",
                first + 1
            ),
        )
    });
    let unneeded = (below.is_none()
        && case.role == Role::Intermediate
        && !case.sent.issues_by_folded_name(case.certificate))
    .then(|| {
        warn(
            case,
            "unneeded-certificate",
            None,
            "it was sent, but the path does not need it",
        )
    });
    all([twice, wrong, unneeded])
}

pub(super) fn basic_constraints(case: &Case<'_>, is_ca: bool, path_length: Option<u8>) -> Option<Finding> {
    let (is_critical, _) = case.certificate.extension(oid::BASIC_CONSTRAINTS)?;
    let uncritical = (is_ca && !is_critical && case.role != Role::Leaf).then(|| {
        warn(
            case,
            "basic-constraints-not-critical",
            CauseId::Malformed,
            "it is not critical, as RFC 5280 §4.2.1.9 demands of a CA's",
        )
    });
    let limit = (!is_ca && path_length.is_some()).then(|| {
        warn(
            case,
            "path-length-without-ca",
            CauseId::Malformed,
            "it limits the path below it but is no CA (RFC 5280 §4.2.1.9)",
        )
    });
    all([uncritical, limit])
}

pub(super) fn key_usage(case: &Case<'_>) -> Option<Finding> {
    let contents = case.certificate.sequence(oid::BASIC_CONSTRAINTS).ok()?;
    let (is_ca, _) = reading::basic_constraints(contents.unwrap_or_default()).ok()?;
    match case.certificate.facts()?.key_usage {
        None if is_ca && case.role != Role::Leaf => Some(warn(
            case,
            "ca-without-key-usage",
            CauseId::IssuerCannotSign,
            "it has no keyUsage, which RFC 5280 §4.2.1.3 demands of a CA",
        )),
        Some(usage) if usage.key_cert_sign && !is_ca => Some(warn(
            case,
            "key-cert-sign-without-ca",
            CauseId::Malformed,
            "keyCertSign is among its uses although it is no CA (RFC 5280 §4.2.1.9)",
        )),
        _ => None,
    }
}

/// What the CA/Browser Forum asks of purposes (Baseline Requirements §7.1.2.7.10), where the right one is there.
pub(super) fn purpose(case: &Case<'_>, contents: Option<&[u8]>) -> Option<Finding> {
    let forum = |is_so: bool, rule, amiss: &str| {
        is_so.then(|| {
            let words = format!("{amiss}, against the CA/Browser Forum's rules");
            warn(case, rule, None, &words)
        })
    };
    let Some(contents) = contents else {
        let is_server = case.role == Role::Leaf && case.judge == Side::Client;
        return forum(is_server, "leaf-without-purposes", "it has no extendedKeyUsage");
    };
    if case.role == Role::Root {
        return forum(
            true,
            "root-with-purposes",
            "it has purposes, a root's are not limited",
        );
    }
    if case.role != Role::Leaf {
        return None;
    }
    let is_critical = case
        .certificate
        .extension(oid::EXTENDED_KEY_USAGE)
        .is_some_and(|(is_critical, _)| is_critical);
    let mut parts = Elements::of(contents);
    let mut has_any = false;
    while let Ok((_, id)) = parts.next_bytes() {
        has_any |= id == oid::ANY_PURPOSE;
    }
    all([
        forum(
            has_any,
            "any-purpose-in-leaf",
            "anyExtendedKeyUsage is among its purposes",
        ),
        forum(
            is_critical,
            "leaf-purposes-critical",
            "extendedKeyUsage is critical",
        ),
    ])
}

pub(super) fn name_constraints(case: &Case<'_>, constraints: &Constraints<'_>) -> Option<Finding> {
    let (is_critical, _) = case.certificate.extension(oid::NAME_CONSTRAINTS)?;
    let empty = constraints.is_empty().then(|| {
        warn(
            case,
            "name-constraints-empty",
            CauseId::Malformed,
            "it permits and excludes nothing, which RFC 5280 §4.2.1.10 forbids",
        )
    });
    let dotted = constraints.dotted().map(|base| {
        warn(
            case,
            "name-constraint-with-leading-dot",
            CauseId::Malformed,
            &format!(
                "the constraint DNS:{base} begins with a dot, which RFC 5280 §4.2.1.10 has for URIs only"
            ),
        )
    });
    let uncritical = (!is_critical).then(|| {
        warn(
            case,
            "name-constraints-not-critical",
            CauseId::Malformed,
            "they are not critical, as RFC 5280 §4.2.1.10 demands",
        )
    });
    all([empty, dotted, uncritical])
}

pub(super) fn critical_extensions(case: &Case<'_>) -> Option<Finding> {
    let certificate = case.certificate;
    let is_critical = |id| {
        certificate
            .extension(id)
            .is_some_and(|(is_critical, _)| is_critical)
    };
    // In any other place, rustls refuses what is critical and unknown to it.
    let identifier = |id, rule, section| {
        (case.role == Role::Root && is_critical(id)).then(|| {
            warn(
                case,
                rule,
                CauseId::Malformed,
                &format!("{} is critical, which RFC 5280 {section} forbids", oid::words(id)),
            )
        })
    };
    let policy = certificate
        .extension(oid::POLICY_CONSTRAINTS)
        .filter(|(is_critical, _)| !is_critical)
        .map(|_| {
            warn(
                case,
                "policy-constraints-not-critical",
                CauseId::Malformed,
                "policyConstraints is not critical, as RFC 5280 §4.2.1.11 demands",
            )
        });
    let explicit = demands_policy(certificate)
        .filter(|within| case.below.len() >= *within)
        .and_then(|_| case.below.first().copied())
        .filter(|leaf| leaf.extension(oid::CERTIFICATE_POLICIES).is_none())
        .map(|leaf| {
            warn(case,
                "explicit-policy-missing",
                None,
                &format!(
                    "it demands that the chain keeps to a stated policy (RFC 5280 §6.1.5), and {} states none",
                    leaf.name()
                ),
            )
        });
    all([
        identifier(oid::SUBJECT_KEY_ID, "subject-key-id-critical", "§4.2.1.2"),
        identifier(oid::AUTHORITY_KEY_ID, "authority-key-id-critical", "§4.2.1.1"),
        policy,
        explicit,
    ])
}

/// requireExplicitPolicy of policyConstraints: after how many more certificates a policy must be stated.
fn demands_policy(certificate: &Certificate) -> Option<usize> {
    let contents = certificate.sequence(oid::POLICY_CONSTRAINTS).ok()??;
    let mut parts = Elements::of(contents);
    while let Ok((tag, value)) = parts.next_bytes() {
        if tag == 0x80 {
            return Some(
                value
                    .iter()
                    .fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte)),
            );
        }
    }
    None
}
