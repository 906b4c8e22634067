//! A certificate as the checks see it: its facts, or why it has none, and whether one signed another.

use aws_lc_rs::digest;
use rustls_pki_types::CertificateDer;

use super::CertificateRef;
use super::memo;
use crate::capture::Der;
use crate::pki::{CertificateFacts, Malformed, SignedPart, signed_part};

/// A certificate, read once for all checks.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    pub der: Der,
    pub facts: Result<CertificateFacts, Malformed>,
    /// What webpki says when it merely reads it as an end entity or an intermediate.
    pub read_error: Option<ReadRefusal>,
}

/// Why webpki refuses to read a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ReadRefusal {
    Version,
    CriticalExtension,
    Encoding(String),
}

/// Whether one certificate's key made another's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signature {
    Holds,
    Fails,
    /// The algorithm is not one that rustls verifies; its usual name.
    Unsupported,
    Unreadable,
}

impl Certificate {
    pub(super) fn read(der: &Der) -> Self {
        let bytes = CertificateDer::from(der.as_bytes());
        let read_error = webpki::EndEntityCert::try_from(&bytes)
            .err()
            .map(|error| match error {
                webpki::Error::UnsupportedCertVersion => ReadRefusal::Version,
                webpki::Error::UnsupportedCriticalExtension => ReadRefusal::CriticalExtension,
                other => ReadRefusal::Encoding(other.to_string()),
            });
        Self {
            der: der.clone(),
            facts: CertificateFacts::from_der(der.as_bytes()),
            read_error,
        }
    }

    /// Facts, where it can be read.
    pub(super) fn facts(&self) -> Option<&CertificateFacts> {
        self.facts.as_ref().ok()
    }

    /// Neither webpki nor we can read it, so that nobody can build a path through it.
    pub(super) fn is_unreadable(&self) -> bool {
        self.read_error.is_some() && self.facts.is_err()
    }

    pub(super) fn reference(&self) -> CertificateRef {
        match &self.facts {
            Ok(facts) => CertificateRef {
                sha256: facts.sha256.clone(),
                subject: facts.subject.clone(),
            },
            Err(_) => CertificateRef {
                sha256: hex::encode(digest::digest(&digest::SHA256, self.der.as_bytes())),
                subject: String::new(),
            },
        }
    }

    /// What to call it in a sentence.
    pub(super) fn name(&self) -> String {
        self.facts().map_or_else(
            || "an unreadable certificate".to_owned(),
            |facts| facts.display_name.clone(),
        )
    }

    pub(super) fn is_self_issued(&self) -> bool {
        self.facts().is_some_and(CertificateFacts::is_self_issued)
    }

    pub(super) fn names_as_issuer(&self, issuer: &Self) -> bool {
        match (self.facts(), issuer.facts()) {
            (Some(child), Some(parent)) => child.issuer_der == parent.subject_der,
            _ => false,
        }
    }

    /// Checks this certificate's signature with `issuer`'s key, with the algorithms that rustls has.
    pub(super) fn signed_by(&self, issuer: &Self) -> Signature {
        let (Ok(part), Some(parent)) = (signed_part(self.der.as_bytes()), issuer.facts()) else {
            return Signature::Unreadable;
        };
        memo::certificate(&[self.der.as_bytes(), &parent.spki], || {
            verify_certificate(&part, &parent.spki)
        })
    }
}

fn verify_certificate(part: &SignedPart, spki: &[u8]) -> Signature {
    let Some((key_algorithm, key)) = split_public_key(spki) else {
        return Signature::Unreadable;
    };
    let mut knows_signature = false;
    for algorithm in webpki::ALL_VERIFICATION_ALGS {
        if algorithm.signature_alg_id().as_ref() != part.algorithm {
            continue;
        }
        knows_signature = true;
        if algorithm.public_key_alg_id().as_ref() != key_algorithm {
            continue;
        }
        return match algorithm.verify_signature(key, &part.tbs, &part.signature) {
            Ok(()) => Signature::Holds,
            Err(_) => Signature::Fails,
        };
    }
    // A known algorithm with a key of another kind cannot be this key's signature.
    if knows_signature {
        Signature::Fails
    } else {
        Signature::Unsupported
    }
}

/// Checks a proof of possession: a signature made in the handshake with a scheme's IANA name.
pub(super) fn verify_scheme(scheme: &str, spki: &[u8], message: &[u8], signature: &[u8]) -> Signature {
    memo::handshake(&[scheme.as_bytes(), spki, message, signature], || {
        verify_scheme_now(scheme, spki, message, signature)
    })
}

fn verify_scheme_now(scheme: &str, spki: &[u8], message: &[u8], signature: &[u8]) -> Signature {
    use webpki::aws_lc_rs as algorithms;
    let Some((key_algorithm, key)) = split_public_key(spki) else {
        return Signature::Unreadable;
    };
    // TLS 1.2 does not tie a curve to a hash (RFC 8422 §5.10): every algorithm that fits is tried.
    let candidates: &[&dyn rustls_pki_types::SignatureVerificationAlgorithm] = match scheme {
        "ecdsa_secp256r1_sha256" => &[
            algorithms::ECDSA_P256_SHA256,
            algorithms::ECDSA_P384_SHA256,
            algorithms::ECDSA_P521_SHA256,
        ],
        "ecdsa_secp384r1_sha384" => &[
            algorithms::ECDSA_P384_SHA384,
            algorithms::ECDSA_P256_SHA384,
            algorithms::ECDSA_P521_SHA384,
        ],
        "ecdsa_secp521r1_sha512" => &[
            algorithms::ECDSA_P521_SHA512,
            algorithms::ECDSA_P256_SHA512,
            algorithms::ECDSA_P384_SHA512,
        ],
        "ed25519" => &[algorithms::ED25519],
        "rsa_pkcs1_sha256" => &[algorithms::RSA_PKCS1_2048_8192_SHA256],
        "rsa_pkcs1_sha384" => &[algorithms::RSA_PKCS1_2048_8192_SHA384],
        "rsa_pkcs1_sha512" => &[algorithms::RSA_PKCS1_2048_8192_SHA512],
        "rsa_pss_rsae_sha256" => &[algorithms::RSA_PSS_2048_8192_SHA256_LEGACY_KEY],
        "rsa_pss_rsae_sha384" => &[algorithms::RSA_PSS_2048_8192_SHA384_LEGACY_KEY],
        "rsa_pss_rsae_sha512" => &[algorithms::RSA_PSS_2048_8192_SHA512_LEGACY_KEY],
        _ => return Signature::Unsupported,
    };
    let fitting: Vec<_> = candidates
        .iter()
        .filter(|algorithm| algorithm.public_key_alg_id().as_ref() == key_algorithm)
        .collect();
    if fitting
        .iter()
        .any(|algorithm| algorithm.verify_signature(key, message, signature).is_ok())
    {
        Signature::Holds
    } else {
        Signature::Fails
    }
}

/// The algorithm's contents and the key bits of a SubjectPublicKeyInfo.
pub(super) fn split_public_key(spki: &[u8]) -> Option<(&[u8], &[u8])> {
    use crate::pki::der_element;
    let (outer, _) = der_element(spki)?;
    let (algorithm, rest) = der_element(outer)?;
    let (bits, _) = der_element(rest)?;
    // The first byte of a BIT STRING counts its unused bits: none in a key.
    Some((algorithm, bits.get(1..)?))
}
