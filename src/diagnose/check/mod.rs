//! The checks: a slice, one file for each family, every one judged for every certificate of a path.
//!
//! A check sees one certificate in its place and says what came of it. `Fail` means that rustls refuses for this; what
//! only other stacks refuse is `Warn`.

mod conformance;
mod constraints;
mod general_names;
mod holder;
mod issuer;
mod naming;
mod ocsp;
pub(super) mod oid;
mod revocation;
mod shape;
pub(super) mod unread;
mod use_;

use super::certificate::{Certificate, Signature};
use super::lists::Status;
use super::{CauseId, CheckKind, Outcome, Role, deviation};
use crate::capture::Side;

/// A certificate in its place, with all that a check may ask.
pub(super) struct Case<'a> {
    /// The certificate judged.
    pub certificate: &'a Certificate,
    pub role: Role,
    /// Who judges.
    pub judge: Side,
    /// CAs between this one and the leaf, this one not counted.
    pub cas_below: usize,
    /// All certificates below it in the path, leaf first.
    pub below: &'a [&'a Certificate],
    /// Who issued it in this path; `None` where nobody is at hand.
    pub issuer: Option<&'a Certificate>,
    /// The issuer is the path's anchor, of which webpki knows name and key only.
    pub is_issuer_anchor: bool,
    /// What the judge has about revocation.
    pub status: &'a Status,
    /// The chain as sent.
    pub sent: &'a [Certificate],
    /// The judge's roots; `None` where they are not known.
    pub roots: Option<&'a [Certificate]>,
    /// Whatever else is at hand.
    pub pool: &'a [Certificate],
    pub expected_name: Option<&'a str>,
    /// Seconds since the Unix epoch.
    pub clock_unix_s: i64,
    /// SubjectPublicKeyInfo of the key that the sender signs with; for the leaf only.
    pub key_in_use: Option<&'a [u8]>,
    /// What came of the proof of possession; for the leaf only.
    pub possession: Option<&'a Signature>,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub outcome: Outcome,
    pub cause: Option<CauseId>,
    /// Of a warning: whether a stack that was asked refuses it.
    pub is_refused_elsewhere: bool,
    pub detail: String,
}

/// What is said of a warning, and whether any stack minds.
pub(super) struct Warning {
    words: String,
    is_refused_elsewhere: bool,
}

impl From<String> for Warning {
    fn from(words: String) -> Self {
        Self {
            words,
            is_refused_elsewhere: true,
        }
    }
}

impl From<&str> for Warning {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

impl From<deviation::Sentence> for Warning {
    fn from(sentence: deviation::Sentence) -> Self {
        Self {
            words: sentence.words,
            is_refused_elsewhere: sentence.is_refused_by_any,
        }
    }
}

impl Finding {
    fn pass(detail: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Pass,
            cause: None,
            is_refused_elsewhere: false,
            detail: detail.into(),
        }
    }

    fn fail(cause: CauseId, detail: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Fail,
            cause: Some(cause),
            is_refused_elsewhere: false,
            detail: detail.into(),
        }
    }

    fn warn(cause: impl Into<Option<CauseId>>, warning: impl Into<Warning>) -> Self {
        let Warning {
            words,
            is_refused_elsewhere,
        } = warning.into();
        Self {
            outcome: Outcome::Warn,
            cause: cause.into(),
            is_refused_elsewhere,
            detail: words,
        }
    }

    /// Both findings in one: the worse outcome with its cause, the words of both.
    fn and(self, other: impl Into<Option<Self>>) -> Self {
        let Some(other) = other.into() else {
            return self;
        };
        let weight = |finding: &Self| match finding.outcome {
            Outcome::Fail => 4,
            Outcome::Warn => 3,
            Outcome::Unknown | Outcome::NotReached => 2,
            Outcome::Pass => 1,
            Outcome::NotApplicable => 0,
        };
        let (worse, better) = if weight(&other) > weight(&self) {
            (other, self)
        } else {
            (self, other)
        };
        Self {
            outcome: worse.outcome,
            cause: worse.cause,
            is_refused_elsewhere: worse.is_refused_elsewhere || better.is_refused_elsewhere,
            // What says that nothing is the matter, or nothing at all, need not be repeated beside what is.
            detail: match better.outcome {
                Outcome::NotApplicable => worse.detail,
                _ => format!("{}; {}", worse.detail, better.detail),
            },
        }
    }

    fn unknown(detail: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Unknown,
            cause: None,
            is_refused_elsewhere: false,
            detail: detail.into(),
        }
    }

    fn not_applicable(detail: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::NotApplicable,
            cause: None,
            is_refused_elsewhere: false,
            detail: detail.into(),
        }
    }
}

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
        judge: revocation::revocation,
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

pub(in crate::diagnose) use crate::pki::moment_words as moment;
