//! What a passed check refutes: a cause that an alert or a log line could mean, and that the certificates show not to be so.

use super::cause::CauseId;
use super::matrix::{CheckKind, MatrixRow, Outcome};
use crate::capture::Side;

/// Whether a side's check that decides a cause was made on every certificate, and found nothing of this kind.
///
/// A check that could not be made refutes nothing; nor does one that only warns of this very cause, for which another stack
/// refuses.
pub(super) fn is_refuted(matrix: &[MatrixRow], id: CauseId, judge: Side) -> bool {
    let Some(check) = deciding_check(id) else {
        return false;
    };
    let mut was_made = false;
    let mut rows = matrix
        .iter()
        .filter(|row| row.side == judge && row.check == check);
    let is_clean = rows.all(|row| {
        was_made |= row.outcome == Outcome::Pass;
        leaves_nothing_open(row, id)
    });
    was_made && is_clean
}

/// The first certificate on which the check that decides a cause is open, or found it.
pub(super) fn open_row(matrix: &[MatrixRow], id: CauseId, judge: Side) -> Option<&MatrixRow> {
    let check = deciding_check(id)?;
    matrix
        .iter()
        .find(|row| row.side == judge && row.check == check && !leaves_nothing_open(row, id))
}

fn leaves_nothing_open(row: &MatrixRow, id: CauseId) -> bool {
    match row.outcome {
        Outcome::Unknown | Outcome::NotReached => false,
        Outcome::Pass | Outcome::NotApplicable => true,
        Outcome::Warn | Outcome::Fail => row.cause != Some(id),
    }
}

/// The check that decides whether a cause is so; `None` where the handshake itself does.
pub(super) fn deciding_check(id: CauseId) -> Option<CheckKind> {
    Some(match id {
        CauseId::Expired | CauseId::NotYetValid | CauseId::ValidityInverted => CheckKind::Validity,
        CauseId::UnknownIssuer
        | CauseId::MissingIntermediate
        | CauseId::NameEncodingDiffers
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::matrix::Role;

    #[test]
    fn a_cause_is_refuted_by_checks_that_were_made_on_every_certificate() {
        let row = |outcome, cause| MatrixRow {
            side: Side::Client,
            certificate: None,
            role: Role::Leaf,
            check: CheckKind::Validity,
            outcome,
            cause,
            is_refused_elsewhere: false,
            rules: Vec::new(),
            variety: None,
            demand: None,
            detail: String::new(),
        };
        let pass = || row(Outcome::Pass, None);
        for (other, wanted) in [
            (row(Outcome::Pass, None), true),
            (row(Outcome::NotApplicable, None), true),
            (row(Outcome::Unknown, None), false),
            (row(Outcome::NotReached, None), false),
            (row(Outcome::Warn, Some(CauseId::Expired)), false),
            (row(Outcome::Fail, Some(CauseId::Expired)), false),
            (row(Outcome::Fail, Some(CauseId::NotYetValid)), true),
        ] {
            for rows in [[pass(), other.clone()], [other.clone(), pass()]] {
                assert_eq!(
                    is_refuted(&rows, CauseId::Expired, Side::Client),
                    wanted,
                    "{other:?}"
                );
                assert!(!is_refuted(&rows, CauseId::Expired, Side::Server), "{other:?}");
                assert!(!is_refuted(&rows, CauseId::WeakKey, Side::Client), "{other:?}");
                assert_eq!(
                    open_row(&rows, CauseId::Expired, Side::Client).is_none(),
                    wanted,
                    "{other:?}"
                );
            }
        }
        assert!(
            !is_refuted(
                &[row(Outcome::NotApplicable, None)],
                CauseId::Expired,
                Side::Client
            ),
            "nothing was looked at"
        );
    }
}
