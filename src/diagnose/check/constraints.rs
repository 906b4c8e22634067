//! What a CA may do and for whom (RFC 5280 §4.2.1.9, §4.2.1.10, §6.1.4).

use super::case::{Case, Finding};
use super::general_names::{Constraints, MOST_COMPARISONS, Objection};
use super::{conformance, oid};
use crate::diagnose::certificate::Certificate;
use crate::diagnose::search::MOST_INTERMEDIATES;
use crate::diagnose::{CauseId, Role, deviation, reading};

/// basicConstraints as webpki reads them; absent is an end entity.
fn read(certificate: &Certificate) -> Result<(bool, Option<u8>), String> {
    let contents = certificate.sequence(oid::BASIC_CONSTRAINTS)?;
    reading::basic_constraints(contents.unwrap_or_default())
}

pub(super) fn basic_constraints(case: &Case<'_>) -> Finding {
    if case.certificate.reading.is_err() {
        return Finding::unknown("the certificate is unreadable");
    }
    let (is_ca, path_length) = match read(case.certificate) {
        Ok(read) => read,
        Err(fault) if case.role == Role::Root => {
            return Finding::warn(
                CauseId::Malformed,
                format!("basicConstraints: {fault}; rustls does not read a root's"),
            );
        }
        Err(fault) => return Finding::fail(CauseId::Malformed, format!("basicConstraints: {fault}")),
    };
    let is_absent = case.certificate.extension(oid::BASIC_CONSTRAINTS).is_none();
    let finding = match (case.role, is_ca) {
        (Role::Leaf, true) => {
            // What cannot be read is not said to be a leaf.
            let leaf_follows = case
                .sent
                .all()
                .iter()
                .any(|other| other.reading.is_ok() && read(other).is_ok_and(|(is_ca, _)| !is_ca));
            if leaf_follows {
                Finding::fail(
                    CauseId::LeafNotFirst,
                    "a CA stands first and the leaf comes after it",
                )
            } else {
                Finding::fail(
                    CauseId::LeafIsCa,
                    format!(
                        "CA:TRUE on the certificate that should be a leaf; {}",
                        deviation::who_accepts(case.record, "ca-as-leaf")
                    ),
                )
            }
        }
        (Role::Leaf, false) => Finding::pass("not a CA"),
        (Role::Intermediate, true) => Finding::pass("CA:TRUE"),
        (Role::Intermediate, false) => Finding::fail(
            CauseId::IssuerNotCa,
            if is_absent {
                "it signs certificates but has no basicConstraints, and so is no CA"
            } else {
                "it signs certificates but is not a CA"
            },
        ),
        (Role::Root, true) => Finding::pass("CA:TRUE"),
        (Role::Root, false) if is_absent => Finding::warn(
            CauseId::IssuerNotCa,
            deviation::sentence(
                case.record,
                "root-without-basic-constraints",
                "it has no basicConstraints, which RFC 5280 §4.2.1.9 demands of a CA",
                "rustls takes any certificate in the store as an anchor",
            ),
        ),
        (Role::Root, false) => Finding::warn(
            CauseId::IssuerNotCa,
            deviation::sentence(
                case.record,
                "root-not-a-ca",
                "it is marked CA:FALSE",
                "rustls takes any certificate in the store as an anchor",
            ),
        ),
    };
    finding.and(conformance::basic_constraints(case, is_ca, path_length))
}

pub(super) fn path_length(case: &Case<'_>) -> Finding {
    if case.role == Role::Leaf {
        return Finding::not_applicable("a leaf signs nothing");
    }
    if case.role == Role::Intermediate && case.cas_below >= MOST_INTERMEDIATES {
        return Finding::fail(
            CauseId::ChainTooLong,
            format!(
                "more than {MOST_INTERMEDIATES} intermediates stand between leaf and root; {}",
                deviation::who_accepts(case.record, "seven-intermediates")
            ),
        );
    }
    let Ok((is_ca, limit)) = read(case.certificate) else {
        return Finding::unknown("its basicConstraints are unreadable");
    };
    let below = case.cas_below;
    let cas = if below == 1 {
        "1 CA".to_owned()
    } else {
        format!("{below} CAs")
    };
    // RFC 5280 §6.1.4 (l): a CA that issued to itself, to change its key, does not count. webpki counts it.
    let counted_elsewhere = case
        .below
        .iter()
        .skip(1)
        .filter(|certificate| !certificate.is_self_issued())
        .count();
    match limit {
        None => Finding::pass("no limit"),
        Some(_) if !is_ca => Finding::not_applicable("it is no CA: its limit means nothing"),
        Some(limit) if below <= usize::from(limit) => {
            Finding::pass(format!("{cas} below it, {limit} allowed"))
        }
        Some(limit) if case.role == Role::Root => Finding::warn(
            CauseId::PathLengthExceeded,
            deviation::sentence(
                case.record,
                "root-path-length",
                &format!("{cas} below it, {limit} allowed"),
                "rustls does not look at a root's limit",
            ),
        ),
        Some(limit) if counted_elsewhere <= usize::from(limit) => Finding::fail(
            CauseId::PathLengthExceeded,
            format!(
                "{cas} below it, {limit} allowed; rustls counts a CA that issued to itself, which RFC 5280 §6.1.4 does not"
            ),
        ),
        Some(limit) => Finding::fail(
            CauseId::PathLengthExceeded,
            format!("{cas} below it, {limit} allowed"),
        ),
    }
}

pub(super) fn name_constraints(case: &Case<'_>) -> Finding {
    let found = case.certificate.sequence(oid::NAME_CONSTRAINTS);
    let Ok(Some(contents)) = found else {
        return if found.is_err() {
            Finding::unknown("its name constraints are unreadable")
        } else {
            Finding::not_applicable("it constrains no names")
        };
    };
    if case.role == Role::Leaf {
        return Finding::warn(
            CauseId::Malformed,
            deviation::sentence(
                case.record,
                "name-constraints-in-leaf",
                "it constrains names, which only a CA may (RFC 5280 §4.2.1.10)",
                "rustls does not look at a leaf's",
            ),
        );
    }
    let constraints = match Constraints::read(contents) {
        Ok(constraints) => constraints,
        Err(fault) => return Finding::fail(CauseId::Malformed, fault),
    };
    let mut budget = MOST_COMPARISONS;
    // The certificate nearest to the constraint comes first, as for webpki.
    for certificate in case.below.iter().rev() {
        let Ok(names) = certificate.sequence(oid::SUBJECT_ALT_NAME) else {
            continue;
        };
        let of = certificate.name();
        match constraints.objection(names, &mut budget) {
            None => {}
            Some(Objection::Malformed(words)) => {
                return Finding::fail(CauseId::Malformed, format!("{of}: {words}"));
            }
            Some(Objection::GaveUp(words)) => {
                return Finding::fail(CauseId::BudgetExceeded, format!("{of}: {words}"));
            }
            Some(Objection::Violation(words))
                if certificate.is_self_issued() && !is_leaf(case, certificate) =>
            {
                return Finding::fail(
                    CauseId::NameConstraintViolated,
                    format!(
                        "{of}: {words}; it issued itself, and RFC 5280 §6.1.4 then asks nothing of its names, but rustls does; {}",
                        deviation::who_accepts(case.record, "self-issued-under-constraints")
                    ),
                );
            }
            Some(Objection::Violation(words)) => {
                return Finding::fail(CauseId::NameConstraintViolated, format!("{of}: {words}"));
            }
            Some(Objection::NotCompared(found)) => {
                let of_kind = format!(
                    "{of}: {} is of a kind that is constrained ({}), and rustls compares no names of that kind but refuses them",
                    found.name, found.constraints
                );
                let (allowed, violated) = found.rules;
                let others = match found.is_allowed {
                    Some(true) => format!(
                        "the name is an allowed one; {}",
                        deviation::who_accepts(case.record, allowed)
                    ),
                    Some(false) => format!(
                        "the name is not an allowed one; {}",
                        deviation::who_refuses_as_well(
                            case.record,
                            violated,
                            found.is_excluded.then_some("excluded subtree violation")
                        )
                    ),
                    None => format!(
                        "where the name is an allowed one, {}",
                        deviation::who_accepts(case.record, allowed)
                    ),
                };
                return Finding::fail(CauseId::NameConstraintViolated, format!("{of_kind}; {others}"));
            }
        }
    }
    Finding::pass("the names below it are allowed").and(conformance::name_constraints(case, &constraints))
}

fn is_leaf(case: &Case<'_>, certificate: &Certificate) -> bool {
    case.below.first().is_some_and(|leaf| leaf.der == certificate.der)
}
