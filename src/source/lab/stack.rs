//! rustls's words turned into our stable codes.

use rustls::{CertificateError, Error, PeerIncompatible};

use crate::capture::{CertificateRefusal, Incompatibility, StackVerdict, VerdictCode};
use crate::source::spiffe;

/// The release of rustls that is built in; a test holds it against Cargo.lock.
pub const RUSTLS_VERSION: &str = "0.23.46";

/// A verdict of the built-in rustls in its own words.
pub fn verdict_of(error: &Error) -> StackVerdict {
    // The SPIFFE check runs inside rustls's verifier and is ours.
    let ours = spiffe::words(error);
    StackVerdict {
        stack: if ours.is_some() { spiffe::STACK } else { "rustls" }.to_owned(),
        version: RUSTLS_VERSION.to_owned(),
        code: if ours.is_some() {
            VerdictCode::Certificate(CertificateRefusal::NameMismatch)
        } else {
            code(error)
        },
        words: ours.unwrap_or_else(|| error.to_string()),
    }
}

/// A conclusion that is ours (a time-out, a closed transport) or rustls's silence (accepted).
pub fn verdict(code: VerdictCode, words: impl Into<String>) -> StackVerdict {
    StackVerdict {
        stack: "rustls".to_owned(),
        version: RUSTLS_VERSION.to_owned(),
        code,
        words: words.into(),
    }
}

fn code(error: &Error) -> VerdictCode {
    match error {
        Error::InvalidCertificate(error) => VerdictCode::Certificate(refusal(error)),
        Error::InvalidCertRevocationList(_) => {
            VerdictCode::Certificate(CertificateRefusal::RevocationListInvalid)
        }
        Error::AlertReceived(alert) => VerdictCode::AlertReceived(u8::from(*alert)),
        Error::NoCertificatesPresented => VerdictCode::NoCertificatePresented,
        Error::PeerIncompatible(reason) => VerdictCode::Incompatible(incompatibility(reason)),
        Error::DecryptError | Error::PeerSentOversizedRecord => VerdictCode::DecryptError,
        Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
            VerdictCode::UnexpectedMessage
        }
        Error::InvalidMessage(_) => VerdictCode::InvalidMessage,
        Error::PeerMisbehaved(_) => VerdictCode::PeerMisbehaved,
        Error::NoApplicationProtocol => VerdictCode::NoApplicationProtocol,
        // A server of TLS 1.2 whose key signs in no way that the client verifies: rustls has no other name for it.
        Error::General(words) if words == "incompatible signing key" => {
            VerdictCode::Incompatible(Incompatibility::SignatureScheme)
        }
        _ => VerdictCode::Other,
    }
}

fn refusal(error: &CertificateError) -> CertificateRefusal {
    use CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => CertificateRefusal::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => CertificateRefusal::NotYetValid,
        E::UnknownIssuer => CertificateRefusal::UnknownIssuer,
        E::NotValidForName | E::NotValidForNameContext { .. } => CertificateRefusal::NameMismatch,
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => CertificateRefusal::WrongPurpose,
        E::BadSignature => CertificateRefusal::BadSignature,
        E::UnsupportedSignatureAlgorithmContext { .. }
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            CertificateRefusal::UnsupportedSignatureAlgorithm
        }
        E::Revoked => CertificateRefusal::Revoked,
        E::ExpiredRevocationList | E::ExpiredRevocationListContext { .. } => {
            CertificateRefusal::RevocationListExpired
        }
        E::UnknownRevocationStatus => CertificateRefusal::RevocationUnknown,
        E::BadEncoding => CertificateRefusal::BadEncoding,
        E::UnhandledCriticalExtension => CertificateRefusal::UnknownCriticalExtension,
        E::Other(other) => other
            .0
            .downcast_ref::<webpki::Error>()
            .map_or(CertificateRefusal::Other, webpki_refusal),
        _ => CertificateRefusal::Other,
    }
}

/// What webpki says that rustls has no word for of its own.
fn webpki_refusal(error: &webpki::Error) -> CertificateRefusal {
    use webpki::Error as E;
    match error {
        E::NameConstraintViolation => CertificateRefusal::NameConstraintViolated,
        E::PathLenConstraintViolated => CertificateRefusal::PathLengthExceeded,
        E::EndEntityUsedAsCa => CertificateRefusal::IssuerIsNotCa,
        E::CaUsedAsEndEntity => CertificateRefusal::LeafIsCa,
        E::MaximumPathDepthExceeded => CertificateRefusal::ChainTooLong,
        E::MaximumPathBuildCallsExceeded
        | E::MaximumSignatureChecksExceeded
        | E::MaximumNameConstraintComparisonsExceeded => CertificateRefusal::BudgetExceeded,
        E::UnsupportedCriticalExtension => CertificateRefusal::UnknownCriticalExtension,
        E::UnsupportedCertVersion => CertificateRefusal::UnsupportedVersion,
        E::MalformedExtensions | E::ExtensionValueInvalid | E::MalformedDnsIdentifier => {
            CertificateRefusal::BadEncoding
        }
        E::SignatureAlgorithmMismatch => CertificateRefusal::BadSignature,
        _ => CertificateRefusal::Other,
    }
}

fn incompatibility(reason: &PeerIncompatible) -> Incompatibility {
    use PeerIncompatible as P;
    match reason {
        P::ServerDoesNotSupportTls12Or13
        | P::ServerTlsVersionIsDisabledByOurConfig
        | P::SupportedVersionsExtensionRequired
        | P::Tls12NotOffered
        | P::Tls12NotOfferedOrEnabled => Incompatibility::Version,
        P::NoCipherSuitesInCommon => Incompatibility::CipherSuite,
        P::NoKxGroupsInCommon | P::NamedGroupsExtensionRequired | P::KeyShareExtensionRequired => {
            Incompatibility::Group
        }
        P::NoSignatureSchemesInCommon | P::NoCertificateRequestSignatureSchemesInCommon => {
            Incompatibility::SignatureScheme
        }
        _ => Incompatibility::Other,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_said_is_the_version_built_in() {
        let lock = include_str!("../../../Cargo.lock");
        let wanted = format!("name = \"rustls\"\nversion = \"{}\"", super::RUSTLS_VERSION);
        assert!(
            lock.contains(&wanted),
            "Cargo.lock has another rustls than {}",
            super::RUSTLS_VERSION
        );
    }
}
