//! The checks: a slice, one file for each family, every one judged for every certificate of a path.
//!
//! A check sees one certificate in its place and says what came of it. `Fail` means that rustls refuses for this; what
//! only other stacks refuse is `Warn`.

mod case;
mod conformance;
mod constraints;
mod demand;
mod general_names;
mod holder;
mod hosts;
mod identifiers;
mod issuer;
mod matching;
mod name_encoding;
mod naming;
mod ocsp;
pub(super) mod oid;
mod revocation;
mod shape;
mod standing;
pub(super) mod unread;
mod use_;

pub(super) use case::{Case, moment};
pub(super) use issuer::MAY_BE_DAMAGED;

use super::CheckKind;
use case::Finding;

/// A check: its kind and how it judges.
pub(super) struct Check {
    pub kind: CheckKind,
    pub judge: fn(&Case<'_>) -> Finding,
}

/// Every check, in the order in which they are shown.
pub(super) const CHECKS: &[Check] = &[
    Check {
        kind: CheckKind::Encoding,
        judge: shape::encoding,
    },
    Check {
        kind: CheckKind::Version,
        judge: shape::version,
    },
    Check {
        kind: CheckKind::Validity,
        judge: shape::validity,
    },
    Check {
        kind: CheckKind::Issuer,
        judge: issuer::issuer,
    },
    Check {
        kind: CheckKind::Signature,
        judge: issuer::signature,
    },
    Check {
        kind: CheckKind::BasicConstraints,
        judge: constraints::basic_constraints,
    },
    Check {
        kind: CheckKind::PathLength,
        judge: constraints::path_length,
    },
    Check {
        kind: CheckKind::KeyUsage,
        judge: use_::key_usage,
    },
    Check {
        kind: CheckKind::Purpose,
        judge: use_::purpose,
    },
    Check {
        kind: CheckKind::Name,
        judge: use_::name,
    },
    Check {
        kind: CheckKind::NameConstraints,
        judge: constraints::name_constraints,
    },
    Check {
        kind: CheckKind::Algorithm,
        judge: holder::algorithm,
    },
    Check {
        kind: CheckKind::KeySize,
        judge: holder::key_size,
    },
    Check {
        kind: CheckKind::CriticalExtensions,
        judge: shape::critical_extensions,
    },
    Check {
        kind: CheckKind::Revocation,
        judge: standing::revocation,
    },
    Check {
        kind: CheckKind::KeyMatch,
        judge: holder::key_match,
    },
    Check {
        kind: CheckKind::Possession,
        judge: holder::possession,
    },
];
