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

    /// What each stack says of each fault, by the fault.
    #[test]
    fn every_refusal_is_known_in_the_words_of_those_who_have_it() {
        use Refusal as R;
        let all: &[(Refusal, &[&str])] = &[
            (
                R::Revoked,
                &[
                    "verify error:num=23:certificate revoked",
                    "The certificate chain is revoked.",
                    "CertificateRevokedException: Certificate has been revoked, reason: KEY_COMPROMISE, expired",
                ],
            ),
            (
                R::RevocationListExpired,
                &["verify error:num=12:CRL has expired", "CRL_HAS_EXPIRED"],
            ),
            (
                R::RevocationUnknown,
                &["unable to get certificate CRL", "Undetermined revocation status"],
            ),
            (
                R::NotYetValid,
                &[
                    "certificate is not yet valid",
                    "CERT_IS_NOT_YET_VALID",
                    "The certificate is not yet activated.",
                    "The certificate chain uses not yet activated certificate.",
                    "java.security.cert.CertificateNotYetValidException: NotBefore: Tue",
                ],
            ),
            (
                R::Expired,
                &[
                    "certificate has expired",
                    "CERT_HAS_EXPIRED",
                    "The certificate chain uses expired certificate.",
                    "java.security.cert.CertPathValidatorException: validity check failed; NotAfter: Tue",
                ],
            ),
            (
                R::NameMismatch,
                &[
                    "hostname mismatch",
                    "IP address mismatch",
                    "Hostname/IP does not match certificate's altnames",
                    "ERR_TLS_CERT_ALTNAME_INVALID",
                    "SSL: no alternative certificate subject name matches target host name 'a'",
                    "No subject alternative names present",
                    "x509: certificate is valid for a, not b",
                    "The name in the certificate does not match the expected.",
                    "The certificate's owner does not match hostname 'a'",
                ],
            ),
            (
                R::NameConstraintViolated,
                &[
                    "permitted subtree violation",
                    "excluded subtree violation",
                    "a name constraint was violated",
                ],
            ),
            (R::PathLengthExceeded, &["path length constraint exceeded"]),
            (
                R::WrongPurpose,
                &[
                    "unsuitable certificate purpose",
                    "x509: certificate specifies an incompatible key usage",
                    "Extended key usage does not permit use for TLS client authentication",
                    "KeyUsage does not allow digital signatures",
                    "INVALID_PURPOSE",
                ],
            ),
            (
                R::UnknownCriticalExtension,
                &[
                    "unhandled critical extension",
                    "x509: unhandled critical extension",
                ],
            ),
            (
                R::IssuerIsNotCa,
                &["invalid CA certificate", "INVALID_CA_CERTIFICATE"],
            ),
            (
                R::UnknownIssuer,
                &[
                    "unable to get local issuer certificate",
                    "self-signed certificate in certificate chain",
                    "self signed certificate",
                    "SELF_SIGNED_CERT_IN_CHAIN",
                    "unable to verify the first certificate",
                    "PKIX path building failed: unable to find valid certification path to requested target",
                    "The certificate issuer is unknown.",
                    "x509: certificate signed by unknown authority",
                ],
            ),
            (
                R::BadSignature,
                &["certificate signature failure", "CERT_SIGNATURE_FAILURE"],
            ),
            (
                R::BadEncoding,
                &["x509: failed to parse", "error:0688010A:asn1 encoding routines"],
            ),
            (R::Other, &["", "handshake failure", "EOF", "certificate unknown"]),
        ];
        for (meaning, words) in all {
            for words in *words {
                assert_eq!(refusal(words), *meaning, "{words}");
                assert_eq!(refusal(&words.to_uppercase()), *meaning, "{words}");
            }
        }
        // Each phrase of the table is in one of these, by itself.
        let said = || {
            all.iter()
                .flat_map(|(_, words)| words.iter())
                .map(|words| words.to_lowercase())
        };
        for (phrase, _) in PHRASES {
            let is_said = said().any(|words| words.replace('_', " ").contains(phrase));
            let is_below = [
                "expired or is not yet valid",
                "issuer cert locally",
                "san matcher",
            ]
            .contains(phrase);
            assert!(is_said || is_below, "{phrase}");
        }
    }

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
