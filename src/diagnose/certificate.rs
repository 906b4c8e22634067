//! A certificate as the checks see it: its facts, or why it has none, and whether one signed another.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use rustls_pki_types::CertificateDer;

use super::CertificateRef;
use super::memo::{self, Digest, Signature};
use super::reading::{self, ExtensionAt, Fault, Reading};
use crate::capture::Der;
use crate::pki::{CertificateFacts, Malformed, folded_name};

/// Certificates that a thread remembers; a bundle of all public roots has some 150. Then it begins anew.
const MOST_REMEMBERED: usize = 1024;

thread_local! {
    static REMEMBERED: RefCell<HashMap<Der, Certificate>> = RefCell::default();
}

/// A certificate, read once for all checks and all chains that hold it; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Certificate(Arc<Parts>);

impl Deref for Certificate {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What there is to be read in a certificate.
#[derive(Debug)]
pub(super) struct Parts {
    pub der: Der,
    /// Of the DER.
    pub digest: Digest,
    /// Of the contents of its SubjectPublicKeyInfo.
    key_digest: Option<Digest>,
    pub facts: Result<CertificateFacts, Malformed>,
    /// Where its parts lie, by webpki's rules; what is wrong where it has no such parts.
    pub reading: Result<Reading, Fault>,
    /// Its own name and its issuer's, as RFC 5280 §7.1 compares them; empty where there is none.
    folded: OnceLock<(String, String)>,
    /// What webpki says when it merely reads it as an end entity or an intermediate.
    pub read_error: Option<ReadRefusal>,
}

/// Why webpki refuses to read a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ReadRefusal {
    Version,
    CriticalExtension,
    /// The algorithm inside and the one outside differ.
    AlgorithmMismatch,
    /// An extension that webpki reads stands there twice.
    TwiceExtended,
    Encoding(String),
}

/// The subject of a certificate (RFC 4514), as it was read for the checks; `None` where it cannot be read.
pub fn subject_of(der: &Der) -> Option<String> {
    let certificate = Certificate::read(der);
    certificate.facts.as_ref().ok().map(|facts| facts.subject.clone())
}

impl Certificate {
    /// Reads a certificate, or remembers it.
    pub(super) fn read(der: &Der) -> Self {
        REMEMBERED.with_borrow_mut(|all| {
            if let Some(known) = all.get(der) {
                return known.clone();
            }
            if all.len() >= MOST_REMEMBERED {
                all.clear();
            }
            let certificate = Self::read_now(der);
            all.insert(der.clone(), certificate.clone());
            certificate
        })
    }

    /// Reads a certificate whose parts may be longer than webpki reads them: for what other stacks make of it.
    pub(super) fn read_of_any_length(der: &Der) -> Self {
        let usual = Self::read(der);
        if usual.reading.is_ok() {
            return usual;
        }
        match Reading::of_any_length(der.as_bytes()) {
            Ok(reading) => Self::with(der, Ok(reading)),
            Err(_) => usual,
        }
    }

    fn read_now(der: &Der) -> Self {
        Self::with(der, Reading::of(der.as_bytes()))
    }

    fn with(der: &Der, reading: Result<Reading, Fault>) -> Self {
        let bytes = CertificateDer::from(der.as_bytes());
        let read_error = webpki::EndEntityCert::try_from(&bytes)
            .err()
            .map(|error| match error {
                webpki::Error::UnsupportedCertVersion => ReadRefusal::Version,
                webpki::Error::UnsupportedCriticalExtension => ReadRefusal::CriticalExtension,
                webpki::Error::SignatureAlgorithmMismatch => ReadRefusal::AlgorithmMismatch,
                webpki::Error::ExtensionValueInvalid => ReadRefusal::TwiceExtended,
                other => ReadRefusal::Encoding(other.to_string()),
            });
        let spki = reading
            .as_ref()
            .ok()
            .and_then(|at| der.as_bytes().get(at.spki.clone()));
        Self(Arc::new(Parts {
            der: der.clone(),
            digest: memo::digest(der.as_bytes()),
            key_digest: spki.map(memo::digest),
            facts: CertificateFacts::from_der(der.as_bytes()),
            reading,
            folded: OnceLock::new(),
            read_error,
        }))
    }

    /// Why rustls would not take it into a store of roots; `None` where it would.
    pub(super) fn anchor_refusal(&self) -> Option<String> {
        let bytes = CertificateDer::from(self.der.as_bytes());
        webpki::anchor_from_trusted_cert(&bytes)
            .err()
            .map(|error| error.to_string())
    }

    /// The bytes of one of its parts; `None` where it has no such parts.
    pub(super) fn part(&self, pick: impl Fn(&Reading) -> &std::ops::Range<usize>) -> Option<&[u8]> {
        let reading = self.reading.as_ref().ok()?;
        self.der.as_bytes().get(pick(reading).clone())
    }

    /// Its version as people count: 1, 2 or 3, or what somebody wrote there.
    pub(super) fn version(&self) -> u32 {
        let Ok(reading) = &self.reading else { return 0 };
        let Some(at) = &reading.version else { return 1 };
        let bytes = self.der.as_bytes().get(at.clone()).unwrap_or_default();
        bytes
            .iter()
            .fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte))
            .wrapping_add(1)
    }

    /// Its extensions, in order: OID, critical, value.
    pub(super) fn extensions(&self) -> impl Iterator<Item = (&[u8], bool, &[u8])> {
        let list: &[ExtensionAt] = self
            .reading
            .as_ref()
            .map_or(&[], |reading| reading.extensions.as_slice());
        list.iter().filter_map(|at| {
            let bytes = |range: &std::ops::Range<usize>| self.der.as_bytes().get(range.clone());
            Some((bytes(&at.oid)?, at.is_critical, bytes(&at.value)?))
        })
    }

    /// The first extension of this OID: critical, value.
    pub(super) fn extension(&self, oid: &[u8]) -> Option<(bool, &[u8])> {
        self.extensions()
            .find(|(id, ..)| *id == oid)
            .map(|(_, is_critical, value)| (is_critical, value))
    }

    /// The contents of the SEQUENCE that an extension of this OID holds.
    pub(super) fn sequence(&self, oid: &[u8]) -> Result<Option<&[u8]>, Fault> {
        let Some((_, value)) = self.extension(oid) else {
            return Ok(None);
        };
        reading::Elements::of(value)
            .expect_bytes(reading::SEQUENCE)
            .map(Some)
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
                sha256: hex::encode(self.digest),
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

    /// What to call its issuer.
    pub(super) fn issuer_name(&self) -> String {
        match (self.facts(), self.part(|at| &at.issuer)) {
            (Some(facts), _) if !facts.issuer_display_name.is_empty() => facts.issuer_display_name.clone(),
            (_, Some([])) => "an issuer without a name".to_owned(),
            _ => "an issuer whose name is unreadable".to_owned(),
        }
    }

    /// The usual name of the algorithm that signed it.
    pub(super) fn signature_algorithm(&self) -> String {
        self.facts().map_or_else(
            || "the signature's algorithm".to_owned(),
            |facts| facts.signature_algorithm.clone(),
        )
    }

    pub(super) fn is_self_issued(&self) -> bool {
        self.names_as_issuer(self)
    }

    /// Its issuer's name: the contents of the SEQUENCE.
    pub(super) fn issuer(&self) -> Option<&[u8]> {
        self.part(|at| &at.issuer)
    }

    /// Its own name: the contents of the SEQUENCE.
    pub(super) fn subject(&self) -> Option<&[u8]> {
        self.part(|at| &at.subject)
    }

    /// Its own name as RFC 5280 §7.1 compares it; empty where there is none.
    pub(super) fn folded_subject(&self) -> &str {
        &self.folded_names().0
    }

    /// Its issuer's.
    pub(super) fn folded_issuer(&self) -> &str {
        &self.folded_names().1
    }

    fn folded_names(&self) -> &(String, String) {
        let fold = |contents: Option<&[u8]>| contents.and_then(folded_name).unwrap_or_default();
        self.folded
            .get_or_init(|| (fold(self.subject()), fold(self.issuer())))
    }

    /// By name only, byte for byte, as webpki compares them.
    pub(super) fn names_as_issuer(&self, issuer: &Self) -> bool {
        work::count();
        match (self.issuer(), issuer.subject()) {
            (Some(wanted), Some(has)) => wanted == has,
            _ => false,
        }
    }

    /// Whether its authorityKeyIdentifier is `issuer`'s subjectKeyIdentifier.
    pub(super) fn names_key_of(&self, issuer: &Self) -> bool {
        work::count();
        let wanted = self.facts().and_then(|facts| facts.authority_key_id.as_ref());
        wanted.is_some() && wanted == issuer.facts().and_then(|facts| facts.subject_key_id.as_ref())
    }

    /// A digest of its name and key: the same for all certificates of one entity (RFC 4158 §5.2).
    pub(super) fn entity(&self) -> Option<Digest> {
        let parts = [self.key_digest?.as_slice(), self.subject()?].concat();
        Some(memo::digest(&parts))
    }

    /// Same name and same key (RFC 4158 §5.2).
    pub(super) fn is_same_entity(&self, other: &Self) -> bool {
        work::count();
        match (&self.reading, &other.reading) {
            (Ok(_), Ok(_)) => self.key_digest == other.key_digest && self.subject() == other.subject(),
            _ => self.digest == other.digest,
        }
    }

    /// Checks this certificate's signature with `issuer`'s key, with the algorithms that rustls has.
    pub(super) fn signed_by(&self, issuer: &Self) -> Signature {
        work::count();
        let Some((key, spki)) = issuer.key_digest.zip(issuer.part(|at| &at.spki)) else {
            return Signature::Unreadable;
        };
        memo::certificate(self.digest, key, || {
            work::count_many(WORK_OF_A_SIGNATURE);
            self.verify_with(spki).unwrap_or(Signature::Unreadable)
        })
    }

    /// `None` where a part cannot be read.
    fn verify_with(&self, spki: &[u8]) -> Option<Signature> {
        let reading = self.reading.as_ref().ok()?;
        let bytes = self.der.as_bytes();
        let tbs = bytes.get(reading.tbs.clone())?;
        let algorithm_id = bytes.get(reading.outer_algorithm.clone())?;
        let signature = bytes.get(reading.signature.clone()?)?;
        let mut knows_signature = false;
        for algorithm in webpki::ALL_VERIFICATION_ALGS {
            if algorithm.signature_alg_id().as_ref() != algorithm_id {
                continue;
            }
            let (key_algorithm, key) = reading::public_key(spki).ok()?;
            knows_signature = true;
            if algorithm.public_key_alg_id().as_ref() != key_algorithm {
                continue;
            }
            return Some(match algorithm.verify_signature(key, tbs, signature) {
                Ok(()) => Signature::Holds,
                Err(_) => Signature::Fails,
            });
        }
        Some(if knows_signature {
            Signature::OtherKey
        } else {
            Signature::Unsupported
        })
    }
}

/// A signature weighs as much as so many comparisons.
const WORK_OF_A_SIGNATURE: u64 = 1_000;

/// Work counted, so that tests can see how it grows with what is given; the clock would tell of the machine.
pub(super) mod work {
    #[cfg(test)]
    thread_local! {
        static DONE: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
    }

    pub(in crate::diagnose) fn count() {
        count_many(1);
    }

    #[cfg(not(test))]
    pub(in crate::diagnose) fn count_many(_many: u64) {}

    #[cfg(test)]
    pub(in crate::diagnose) fn count_many(many: u64) {
        DONE.set(DONE.get() + many);
    }

    /// What this thread has done so far.
    #[cfg(test)]
    pub(in crate::diagnose) fn done() -> u64 {
        DONE.get()
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
