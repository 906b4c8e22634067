//! Which fields of a certificate a refusal is about: those that the failed check reads (RFC 5280 §6.1).

use crate::analysis::Analysis;
use crate::capture::Side;
use crate::diagnose::CauseId;

/// A field of a certificate, or of the chain around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Sent,
    Subject,
    Issuer,
    Serial,
    NotBefore,
    NotAfter,
    PublicKey,
    Names,
    Purposes,
    Use,
    PrivateKey,
}

/// What `judge` refused its peer's chain for, as fields; empty where it did not, or where the cause names none.
pub(super) fn refused_for(analysis: &Analysis, judge: Side) -> Vec<Field> {
    let causes = analysis.diagnosis.causes.iter();
    causes
        .filter(|cause| cause.side == Some(judge))
        .flat_map(|cause| fields(cause.id))
        .copied()
        .collect()
}

fn fields(cause: CauseId) -> &'static [Field] {
    match cause {
        CauseId::Expired => &[Field::NotAfter],
        CauseId::NotYetValid => &[Field::NotBefore],
        CauseId::ValidityInverted => &[Field::NotBefore, Field::NotAfter],
        CauseId::UnknownIssuer
        | CauseId::MissingIntermediate
        | CauseId::SelfSignedNotTrusted
        | CauseId::SameNameDifferentKey
        | CauseId::NameEncodingDiffers
        | CauseId::ChainTooLong
        | CauseId::LeafNotFirst => &[Field::Sent, Field::Issuer],
        CauseId::NameMismatch
        | CauseId::NoSan
        | CauseId::IpInDnsName
        | CauseId::WildcardMisuse
        | CauseId::NameConstraintViolated
        | CauseId::SpiffeIdMismatch => &[Field::Names],
        CauseId::WrongPurpose => &[Field::Purposes],
        CauseId::KeyUsage
        | CauseId::IssuerNotCa
        | CauseId::IssuerCannotSign
        | CauseId::PathLengthExceeded
        | CauseId::LeafIsCa => &[Field::Use],
        CauseId::WeakKey | CauseId::UnsupportedAlgorithm => &[Field::PublicKey],
        CauseId::KeyMismatch | CauseId::KeyNotUsable => &[Field::PrivateKey],
        CauseId::Revoked => &[Field::Serial],
        // Others are about no one field: all that changed in the chain is told.
        _ => &[],
    }
}
