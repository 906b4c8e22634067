//! Holds what a line can mean against what the files at hand show.

use super::Candidate;
use crate::capture::Side;
use crate::diagnose::{CauseId, Certainty, CheckKind, Diagnosis, Outcome, Verdict};

/// What the files at hand say to a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// They show it: which of the diagnosis's causes.
    Confirmed {
        /// Index into [`Diagnosis::causes`].
        cause: usize,
    },
    /// They show that it is not so, and how.
    RuledOut {
        /// Half a sentence.
        why: String,
    },
    /// They do not tell.
    Open,
}

impl Settled {
    /// What is shown comes first, what is ruled out last.
    pub fn order(&self) -> u8 {
        match self {
            Self::Confirmed { .. } => 0,
            Self::Open => 1,
            Self::RuledOut { .. } => 2,
        }
    }
}

/// Holds one candidate against a diagnosis of the loaded files. `judge`: the side that objects, where the line told it.
pub fn settle(candidate: &Candidate, judge: Option<Side>, diagnosis: &Diagnosis) -> Settled {
    let fits = |side: Option<Side>| judge.is_none() || side.is_none() || side == judge;
    let confirmed = diagnosis.causes.iter().position(|cause| {
        cause.id == candidate.id && cause.certainty == Certainty::Proven && fits(cause.side)
    });
    if let Some(cause) = confirmed {
        return Settled::Confirmed { cause };
    }
    let Some(check) = deciding_check(candidate.id) else {
        return if diagnosis.verdict == Verdict::Accepted {
            Settled::RuledOut {
                why: "with the loaded files the handshake succeeds".to_owned(),
            }
        } else {
            Settled::Open
        };
    };
    let rows: Vec<_> = diagnosis
        .matrix
        .iter()
        .filter(|row| row.check == check && fits(Some(row.side)))
        .collect();
    // A check that only warns may be what another stack refuses for.
    let is_settled = rows.iter().any(|row| row.outcome == Outcome::Pass)
        && rows.iter().all(|row| {
            matches!(row.outcome, Outcome::Pass | Outcome::NotApplicable) || row.cause != Some(candidate.id)
        })
        && !rows.iter().any(|row| row.outcome == Outcome::Unknown);
    let warned = rows
        .iter()
        .any(|row| row.outcome == Outcome::Warn && row.cause == Some(candidate.id));
    if is_settled && !warned {
        Settled::RuledOut {
            why: format!(
                "with the loaded files the check “{}” does not find it",
                check.word()
            ),
        }
    } else {
        Settled::Open
    }
}

/// The check that decides whether a cause is so; `None` where the handshake itself does.
fn deciding_check(id: CauseId) -> Option<CheckKind> {
    Some(match id {
        CauseId::Expired | CauseId::NotYetValid | CauseId::ValidityInverted => CheckKind::Validity,
        CauseId::UnknownIssuer
        | CauseId::MissingIntermediate
        | CauseId::SelfSignedNotTrusted
        | CauseId::NoTrustAnchors => CheckKind::Issuer,
        CauseId::SameNameDifferentKey | CauseId::BadSignature | CauseId::WeakSignature => {
            CheckKind::Signature
        }
        CauseId::ChainTooLong | CauseId::PathLengthExceeded => CheckKind::PathLength,
        CauseId::IssuerNotCa | CauseId::LeafIsCa | CauseId::LeafNotFirst => CheckKind::BasicConstraints,
        CauseId::IssuerCannotSign | CauseId::KeyUsage => CheckKind::KeyUsage,
        CauseId::NameMismatch
        | CauseId::NoSan
        | CauseId::IpInDnsName
        | CauseId::WildcardMisuse
        | CauseId::SpiffeIdMismatch => CheckKind::Name,
        CauseId::NameConstraintViolated => CheckKind::NameConstraints,
        CauseId::WrongPurpose => CheckKind::Purpose,
        CauseId::WeakKey => CheckKind::KeySize,
        CauseId::UnsupportedAlgorithm => CheckKind::Algorithm,
        CauseId::Malformed => CheckKind::Encoding,
        CauseId::UnknownCriticalExtension => CheckKind::CriticalExtensions,
        CauseId::UnsupportedCertificateVersion => CheckKind::Version,
        CauseId::Revoked | CauseId::CrlExpired | CauseId::CrlInvalid | CauseId::RevocationUnknown => {
            CheckKind::Revocation
        }
        CauseId::KeyMismatch => CheckKind::Possession,
        _ => return None,
    })
}
