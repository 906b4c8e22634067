//! What a stack's words mean, as far as everybody says it alike: so that the stage can set a cause beside them.

use crate::capture::CertificateRefusal as Refusal;

/// Parts of words, lower case, and the finding; the first that is there counts.
const PHRASES: &[(&str, Refusal)] = &[
    ("revoked", Refusal::Revoked),
    ("crl has expired", Refusal::RevocationListExpired),
    ("unable to get certificate crl", Refusal::RevocationUnknown),
    ("undetermined revocation status", Refusal::RevocationUnknown),
    ("expired or is not yet valid", Refusal::Expired),
    ("is not yet valid", Refusal::NotYetValid),
    ("not yet activated", Refusal::NotYetValid),
    ("notbefore", Refusal::NotYetValid),
    ("expired", Refusal::Expired),
    ("notafter", Refusal::Expired),
    ("hostname mismatch", Refusal::NameMismatch),
    ("ip address mismatch", Refusal::NameMismatch),
    ("does not match", Refusal::NameMismatch),
    ("altname", Refusal::NameMismatch),
    ("san matcher", Refusal::NameMismatch),
    ("no alternative certificate subject name", Refusal::NameMismatch),
    ("no subject alternative", Refusal::NameMismatch),
    ("is valid for", Refusal::NameMismatch),
    ("name in the certificate", Refusal::NameMismatch),
    ("owner does not match", Refusal::NameMismatch),
    ("permitted subtree", Refusal::NameConstraintViolated),
    ("excluded subtree", Refusal::NameConstraintViolated),
    ("name constraint", Refusal::NameConstraintViolated),
    ("path length", Refusal::PathLengthExceeded),
    ("purpose", Refusal::WrongPurpose),
    ("key usage", Refusal::WrongPurpose),
    ("keyusage", Refusal::WrongPurpose),
    ("critical extension", Refusal::UnknownCriticalExtension),
    ("invalid ca certificate", Refusal::IssuerIsNotCa),
    ("local issuer", Refusal::UnknownIssuer),
    ("issuer cert locally", Refusal::UnknownIssuer),
    ("unknown authority", Refusal::UnknownIssuer),
    ("issuer is unknown", Refusal::UnknownIssuer),
    ("self-signed", Refusal::UnknownIssuer),
    ("self signed", Refusal::UnknownIssuer),
    ("unable to verify the first certificate", Refusal::UnknownIssuer),
    ("certification path", Refusal::UnknownIssuer),
    ("signature failure", Refusal::BadSignature),
    ("failed to parse", Refusal::BadEncoding),
    ("asn1", Refusal::BadEncoding),
];

/// Our code for a refusal in these words.
pub(super) fn refusal(words: &str) -> Refusal {
    // Envoy and Node write a line where others write a space.
    let words = words.to_lowercase().replace('_', " ");
    PHRASES
        .iter()
        .find(|(phrase, _)| words.contains(phrase))
        .map_or(Refusal::Other, |(_, refusal)| *refusal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_stacks_mean_what_they_say() {
        for (words, meaning) in [
            ("verify error:num=10:certificate has expired", Refusal::Expired),
            // Go says this of both, with the time behind it.
            (
                "x509: certificate has expired or is not yet valid: current time 2026-… is after 2020-…",
                Refusal::Expired,
            ),
            (
                "verify error:num=9:certificate is not yet valid",
                Refusal::NotYetValid,
            ),
            (
                "x509: certificate signed by unknown authority",
                Refusal::UnknownIssuer,
            ),
            (
                "- Status: The certificate is NOT trusted. The certificate issuer is unknown.",
                Refusal::UnknownIssuer,
            ),
            ("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", Refusal::UnknownIssuer),
            (
                "TLS_error:|268435581:SSL_routines:verify_cert_failed:_SAN_matcher,_certificate_SANs_are_[a]:TLS_error_end",
                Refusal::NameMismatch,
            ),
            ("something of its own", Refusal::Other),
        ] {
            assert_eq!(refusal(words), meaning, "{words}");
        }
    }
}
