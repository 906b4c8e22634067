//! What a CA may do and for whom (RFC 5280 §4.2.1.9, §4.2.1.10, §6.1.4).

use super::{Case, Finding};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::path::MOST_INTERMEDIATES;
use crate::diagnose::{CauseId, Role};
use crate::pki::GeneralName;

pub(super) fn basic_constraints(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    match (case.role, facts.is_ca) {
        (Role::Leaf, Some(true)) => {
            let comes_first = case
                .sent
                .first()
                .is_some_and(|first| first.der == case.certificate.der);
            let leaf_follows = case
                .sent
                .iter()
                .skip(1)
                .any(|other| other.facts().is_some_and(|facts| facts.is_ca != Some(true)));
            if comes_first && leaf_follows {
                Finding::fail(
                    CauseId::LeafNotFirst,
                    "a CA stands first and the leaf comes after it",
                )
            } else {
                Finding::fail(
                    CauseId::LeafIsCa,
                    "CA:TRUE on the certificate that should be a leaf",
                )
            }
        }
        (Role::Leaf, _) => Finding::pass("not a CA"),
        (Role::Intermediate, Some(true)) => Finding::pass("CA:TRUE"),
        (Role::Intermediate, _) => {
            Finding::fail(CauseId::IssuerNotCa, "it signs certificates but is not a CA")
        }
        (Role::Root, Some(true)) => Finding::pass("CA:TRUE"),
        (Role::Root, _) => Finding::warn(
            CauseId::IssuerNotCa,
            "not marked as a CA; rustls takes any certificate in the store as an anchor, OpenSSL may not",
        ),
    }
}

pub(super) fn path_length(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    if case.role == Role::Leaf {
        return Finding::not_applicable("a leaf signs nothing");
    }
    if case.role == Role::Intermediate && case.cas_below >= MOST_INTERMEDIATES {
        return Finding::fail(
            CauseId::ChainTooLong,
            format!("more than {MOST_INTERMEDIATES} intermediates stand between leaf and root"),
        );
    }
    let below = case.cas_below;
    match facts.path_len {
        None => Finding::pass("no limit"),
        Some(limit) if below as u64 <= u64::from(limit) => {
            Finding::pass(format!("{below} CAs below it, {limit} allowed"))
        }
        Some(limit) if case.role == Role::Root => Finding::warn(
            CauseId::PathLengthExceeded,
            format!(
                "{below} CAs below it, {limit} allowed; rustls does not look at a root's limit, OpenSSL does"
            ),
        ),
        Some(limit) => Finding::fail(
            CauseId::PathLengthExceeded,
            format!("{below} CAs below it, {limit} allowed"),
        ),
    }
}

pub(super) fn name_constraints(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    if facts.permitted_names.is_empty() && facts.excluded_names.is_empty() {
        return Finding::not_applicable("it constrains no names");
    }
    if case.role == Role::Leaf {
        return Finding::not_applicable("a leaf signs nothing");
    }
    for name in case.below.iter().flat_map(|certificate| names_of(certificate)) {
        if is_malformed(&name, facts.permitted_names.iter().chain(&facts.excluded_names)) {
            return Finding::fail(
                CauseId::Malformed,
                format!(
                    "{name} is not written as such a name must be, so it cannot be held against the constraint"
                ),
            );
        }
        if let Some(base) = facts.excluded_names.iter().find(|base| lies_within(&name, base)) {
            return Finding::fail(
                CauseId::NameConstraintViolated,
                format!("{name} lies in the excluded {base}"),
            );
        }
        let mut permitted = facts
            .permitted_names
            .iter()
            .filter(|base| same_kind(&name, base))
            .peekable();
        if permitted.peek().is_some() && !permitted.any(|base| lies_within(&name, base)) {
            let allowed: Vec<String> = facts.permitted_names.iter().map(ToString::to_string).collect();
            return Finding::fail(
                CauseId::NameConstraintViolated,
                format!(
                    "{name} lies outside what {} may certify: {}",
                    facts.display_name,
                    allowed.join(", ")
                ),
            );
        }
    }
    Finding::pass("the names below it are allowed")
}

fn names_of(certificate: &Certificate) -> Vec<GeneralName> {
    let Some(facts) = certificate.facts() else {
        return Vec::new();
    };
    facts.subject_alt_names.clone().unwrap_or_default()
}

/// A name that cannot be compared with a constraint of its kind: webpki refuses it rather than guess.
fn is_malformed<'a>(name: &GeneralName, mut bases: impl Iterator<Item = &'a GeneralName>) -> bool {
    match name {
        GeneralName::Dns(text) => {
            let text = text.strip_prefix("*.").unwrap_or(text);
            rustls_pki_types::DnsName::try_from(text).is_err()
                && bases.any(|base| matches!(base, GeneralName::Dns(_)))
        }
        // An address with a mask is a constraint, not a name.
        GeneralName::Network(_) => {
            bases.any(|base| matches!(base, GeneralName::Network(_) | GeneralName::Ip(_)))
        }
        GeneralName::Other(text) if text.starts_with("iPAddress") => {
            bases.any(|base| matches!(base, GeneralName::Network(_) | GeneralName::Ip(_)))
        }
        _ => false,
    }
}

fn same_kind(name: &GeneralName, base: &GeneralName) -> bool {
    use GeneralName as N;
    matches!(
        (name, base),
        (N::Dns(_), N::Dns(_))
            | (N::Ip(_), N::Network(_) | N::Ip(_))
            | (N::Uri(_), N::Uri(_))
            | (N::Email(_), N::Email(_))
            | (N::Directory(_), N::Directory(_))
    )
}

/// RFC 5280 §4.2.1.10: a DNS constraint holds for the name itself and all names below it.
fn lies_within(name: &GeneralName, base: &GeneralName) -> bool {
    match (name, base) {
        (GeneralName::Dns(name), GeneralName::Dns(base)) => {
            let (name, base) = (name.to_ascii_lowercase(), base.to_ascii_lowercase());
            if base.is_empty() {
                return true;
            }
            match base.strip_prefix('.') {
                Some(_) => name.ends_with(&base),
                None => name == base || name.strip_suffix(&base).is_some_and(|rest| rest.ends_with('.')),
            }
        }
        (GeneralName::Ip(address), GeneralName::Network(network)) => within_network(*address, network),
        _ => false,
    }
}

fn within_network(address: std::net::IpAddr, network: &str) -> bool {
    let Some((base, ones)) = network.split_once('/') else {
        return false;
    };
    let (Ok(base), Ok(ones)) = (base.parse::<std::net::IpAddr>(), ones.parse::<u32>()) else {
        return false;
    };
    match (address, base) {
        (std::net::IpAddr::V4(a), std::net::IpAddr::V4(b)) => {
            let mask = u32::MAX.checked_shl(32 - ones.min(32)).unwrap_or(0);
            u32::from(a) & mask == u32::from(b) & mask
        }
        (std::net::IpAddr::V6(a), std::net::IpAddr::V6(b)) => {
            let mask = u128::MAX.checked_shl(128 - ones.min(128)).unwrap_or(0);
            u128::from(a) & mask == u128::from(b) & mask
        }
        _ => false,
    }
}
