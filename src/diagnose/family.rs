//! Which causes a stack's error, or an alert, names: its own fault or its family.

use super::CauseId;
use crate::capture::{CertificateRefusal, Incompatibility, VerdictCode};

const UNKNOWN_ISSUER: &[CauseId] = &[
    CauseId::UnknownIssuer,
    CauseId::MissingIntermediate,
    CauseId::SelfSignedNotTrusted,
    CauseId::NoTrustAnchors,
    CauseId::SameNameDifferentKey,
    CauseId::NameEncodingDiffers,
];
const BAD_SIGNATURE: &[CauseId] = &[
    CauseId::SameNameDifferentKey,
    CauseId::BadSignature,
    CauseId::KeyMismatch,
    CauseId::WeakKey,
    CauseId::WeakSignature,
    CauseId::UnsupportedAlgorithm,
    CauseId::Tampered,
];
const NAMES: &[CauseId] = &[
    CauseId::NameMismatch,
    CauseId::NoSan,
    CauseId::IpInDnsName,
    CauseId::WildcardMisuse,
    CauseId::SpiffeIdMismatch,
];

/// The causes that look alike from outside, of which a certificate can have only one; empty where a cause has no such kin.
pub(super) fn relatives(id: CauseId) -> &'static [CauseId] {
    [UNKNOWN_ISSUER, NAMES]
        .into_iter()
        .find(|family| family.contains(&id))
        .unwrap_or_default()
}

/// The causes that a stack's code names.
pub(super) fn of_code(code: VerdictCode) -> &'static [CauseId] {
    use CertificateRefusal as R;
    match code {
        VerdictCode::Certificate(refusal) => match refusal {
            R::Expired => &[CauseId::Expired, CauseId::ValidityInverted],
            R::NotYetValid => &[CauseId::NotYetValid, CauseId::ValidityInverted],
            R::UnknownIssuer => UNKNOWN_ISSUER,
            R::NameMismatch => NAMES,
            R::WrongPurpose => &[CauseId::WrongPurpose],
            R::NameConstraintViolated => &[CauseId::NameConstraintViolated],
            R::PathLengthExceeded => &[CauseId::PathLengthExceeded],
            R::IssuerIsNotCa => &[CauseId::IssuerNotCa],
            R::LeafIsCa => &[CauseId::LeafIsCa, CauseId::LeafNotFirst],
            R::ChainTooLong => &[CauseId::ChainTooLong],
            // Bytes of another kind, such as a request, are refused for what stands where a version or an extension should.
            R::UnknownCriticalExtension => &[CauseId::UnknownCriticalExtension, CauseId::Malformed],
            R::UnsupportedVersion => &[CauseId::UnsupportedCertificateVersion, CauseId::Malformed],
            R::BadSignature => BAD_SIGNATURE,
            R::UnsupportedSignatureAlgorithm => &[
                CauseId::WeakSignature,
                CauseId::UnsupportedAlgorithm,
                CauseId::WeakKey,
            ],
            R::Revoked => &[CauseId::Revoked],
            R::RevocationListExpired => &[CauseId::CrlExpired],
            R::RevocationUnknown => &[CauseId::RevocationUnknown],
            R::RevocationListInvalid => &[CauseId::CrlInvalid],
            R::BadEncoding => &[CauseId::Malformed],
            R::BudgetExceeded => &[CauseId::BudgetExceeded],
            R::Other => &[],
        },
        VerdictCode::AlertReceived(code) => of_alert(code),
        VerdictCode::NoCertificatePresented => &[
            CauseId::ClientCertificateMissing,
            CauseId::ClientCertificateNotAcceptable,
            CauseId::ServerCertificateMissing,
        ],
        VerdictCode::Incompatible(what) => match what {
            Incompatibility::Version => &[CauseId::NoCommonVersion],
            Incompatibility::CipherSuite => &[CauseId::NoCommonCipher],
            Incompatibility::Group => &[CauseId::NoCommonGroup],
            Incompatibility::SignatureScheme => &[CauseId::NoCommonSignatureScheme],
            Incompatibility::Other => &[],
        },
        VerdictCode::DecryptError => &[CauseId::Tampered],
        VerdictCode::UnexpectedMessage | VerdictCode::PeerMisbehaved => {
            &[CauseId::UnexpectedMessage, CauseId::Tampered]
        }
        VerdictCode::InvalidMessage => &[CauseId::NotTls, CauseId::Tampered, CauseId::MessageTooLarge],
        VerdictCode::NoApplicationProtocol => &[CauseId::AlpnMismatch],
        VerdictCode::TimedOut => &[CauseId::Timeout],
        VerdictCode::TransportEnded => &[CauseId::Truncated, CauseId::PeerClosed],
        VerdictCode::Accepted | VerdictCode::NotConfigurable | VerdictCode::Other => &[],
    }
}

/// The causes that an alert can mean (RFC 8446 §6.2). Most mean several: an alert alone proves none.
pub(super) fn of_alert(code: u8) -> &'static [CauseId] {
    match code {
        10 => &[CauseId::UnexpectedMessage, CauseId::Tampered],
        20 => &[CauseId::Tampered],
        40 => &[
            CauseId::NoCommonCipher,
            CauseId::NoCommonGroup,
            CauseId::NoCommonSignatureScheme,
            CauseId::ClientCertificateMissing,
            CauseId::ServerCertificateMissing,
        ],
        // SSL 3.0's word for a client that has none (RFC 6101 §5.4.2).
        41 => &[CauseId::ClientCertificateMissing],
        42 => &[
            CauseId::NameMismatch,
            CauseId::NoSan,
            CauseId::IpInDnsName,
            CauseId::WildcardMisuse,
            CauseId::SpiffeIdMismatch,
            CauseId::Malformed,
            CauseId::BadSignature,
            CauseId::ClientCertificateMissing,
        ],
        43 => &[CauseId::WrongPurpose, CauseId::UnsupportedAlgorithm],
        44 => &[CauseId::Revoked],
        45 => &[CauseId::Expired, CauseId::NotYetValid, CauseId::ValidityInverted],
        46 => &[
            CauseId::LeafIsCa,
            CauseId::LeafNotFirst,
            CauseId::IssuerNotCa,
            CauseId::PathLengthExceeded,
            CauseId::NameConstraintViolated,
            CauseId::ChainTooLong,
            CauseId::UnknownCriticalExtension,
            CauseId::UnsupportedCertificateVersion,
            // What a check beside the library's refuses is often sent as this.
            CauseId::SpiffeIdMismatch,
        ],
        // A value that makes no sense, or an extension that lacks or is too much: the peer is broken, or its bytes were changed.
        47 | 109 | 110 => &[CauseId::UnexpectedMessage, CauseId::Tampered],
        48 => UNKNOWN_ISSUER,
        // The certificate is good, and its holder is not let in.
        49 => &[CauseId::ClientCertificateNotAcceptable],
        50 => &[CauseId::Malformed, CauseId::Tampered],
        51 => BAD_SIGNATURE,
        70 | 86 => &[CauseId::NoCommonVersion],
        71 => &[CauseId::NoCommonCipher],
        112 => &[CauseId::SniRejected],
        113 => &[CauseId::RevocationUnknown, CauseId::Revoked],
        116 => &[
            CauseId::ClientCertificateMissing,
            CauseId::ClientCertificateNotAcceptable,
        ],
        120 => &[CauseId::AlpnMismatch],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alerts_that_name_one_fault_name_that() {
        for (code, wanted) in [
            (44, &[CauseId::Revoked][..]),
            (48, UNKNOWN_ISSUER),
            (49, &[CauseId::ClientCertificateNotAcceptable]),
            (51, BAD_SIGNATURE),
            (70, &[CauseId::NoCommonVersion]),
            (71, &[CauseId::NoCommonCipher]),
            (112, &[CauseId::SniRejected]),
            (
                116,
                &[
                    CauseId::ClientCertificateMissing,
                    CauseId::ClientCertificateNotAcceptable,
                ],
            ),
            (120, &[CauseId::AlpnMismatch]),
            (0, &[]),
            (90, &[]),
        ] {
            assert_eq!(of_alert(code), wanted, "{code}");
        }
    }
}
