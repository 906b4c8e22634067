//! Signatures by the algorithms that other stacks verify and rustls does not.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA1_ASN1, ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P256_SHA512_ASN1,
    ECDSA_P256K1_SHA256_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA512_ASN1,
    ECDSA_P521_SHA1_ASN1, ECDSA_P521_SHA224_ASN1, ECDSA_P521_SHA256_ASN1, ECDSA_P521_SHA384_ASN1,
    ECDSA_P521_SHA512_ASN1, ED25519, RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_2048_8192_SHA384, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    UnparsedPublicKey, VerificationAlgorithm,
};

use crate::diagnose::certificate::Certificate;
use crate::diagnose::memo::Signature;
use crate::diagnose::reading::{self, Elements};

/// What is known of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    Holds,
    Fails,
    NotKnown,
}

/// The families of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Rsa,
    RsaPss,
    Dsa,
    Ec,
    Ed25519,
    Ed448,
}

/// The digest that is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Md2,
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    /// Ed25519 and Ed448 sign the message itself.
    None,
}

/// An algorithm that signs certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Algorithm {
    pub family: Family,
    pub hash: Hash,
    /// RSASSA-PSS with two hashes, or a salt of another length than the hash's.
    pub has_odd_parameters: bool,
}

const fn algorithm(family: Family, hash: Hash) -> Algorithm {
    Algorithm {
        family,
        hash,
        has_odd_parameters: false,
    }
}

/// Its OID's contents, and what it is.
const ALGORITHMS: &[(&[u8], Algorithm)] = &[
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 2],
        algorithm(Family::Rsa, Hash::Md2),
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4],
        algorithm(Family::Rsa, Hash::Md5),
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5],
        algorithm(Family::Rsa, Hash::Sha1),
    ),
    (&[0x2b, 14, 3, 2, 29], algorithm(Family::Rsa, Hash::Sha1)),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14],
        algorithm(Family::Rsa, Hash::Sha224),
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11],
        algorithm(Family::Rsa, Hash::Sha256),
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12],
        algorithm(Family::Rsa, Hash::Sha384),
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13],
        algorithm(Family::Rsa, Hash::Sha512),
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3],
        algorithm(Family::Dsa, Hash::Sha1),
    ),
    (
        &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 1],
        algorithm(Family::Dsa, Hash::Sha224),
    ),
    (
        &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2],
        algorithm(Family::Dsa, Hash::Sha256),
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1],
        algorithm(Family::Ec, Hash::Sha1),
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1],
        algorithm(Family::Ec, Hash::Sha224),
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
        algorithm(Family::Ec, Hash::Sha256),
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3],
        algorithm(Family::Ec, Hash::Sha384),
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4],
        algorithm(Family::Ec, Hash::Sha512),
    ),
    (&[0x2b, 0x65, 0x70], algorithm(Family::Ed25519, Hash::None)),
    (&[0x2b, 0x65, 0x71], algorithm(Family::Ed448, Hash::None)),
];

const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];

/// The kinds of public keys, by the OID of their algorithm.
const KEYS: &[(&[u8], Family)] = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1], Family::Rsa),
    (RSA_PSS, Family::RsaPss),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1], Family::Dsa),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1], Family::Ec),
    (&[0x2b, 0x65, 0x70], Family::Ed25519),
    (&[0x2b, 0x65, 0x71], Family::Ed448),
];

/// A certificate's public key.
pub(super) struct Key<'a> {
    /// `None`: of no kind that is known here.
    pub family: Option<Family>,
    /// What follows the OID in its algorithm, header included; empty where nothing does.
    pub parameters: &'a [u8],
    pub bits: &'a [u8],
}

impl<'a> Key<'a> {
    /// `None` where it cannot be read.
    pub(super) fn of(certificate: &'a Certificate) -> Option<Self> {
        let (contents, bits) = reading::public_key(certificate.part(|at| &at.spki)?).ok()?;
        let (id, parameters) = split(contents)?;
        Some(Self {
            family: KEYS
                .iter()
                .find(|(known, _)| *known == id)
                .map(|(_, family)| *family),
            parameters,
            bits,
        })
    }

    /// The OID's contents of its named curve.
    pub(super) fn curve(&self) -> Option<&'a [u8]> {
        Elements::of_any_length(self.parameters).expect_bytes(0x06).ok()
    }
}

/// The contents of an AlgorithmIdentifier: its OID's contents, and what follows.
fn split(contents: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut parts = Elements::of_any_length(contents);
    let id = parts.expect_bytes(0x06).ok()?;
    Some((id, contents.get(id.len() + 2..)?))
}

/// The algorithm that a certificate says it was signed with, outside or inside the part that is signed.
pub(super) fn algorithm_of(contents: &[u8]) -> Option<Algorithm> {
    let (id, parameters) = split(contents)?;
    if id == RSA_PSS {
        return pss(parameters);
    }
    ALGORITHMS
        .iter()
        .find(|(known, _)| *known == id)
        .map(|(_, one)| *one)
}

/// RSASSA-PSS-params (RFC 4055 §3.1); what is not written is SHA-1 and a salt of 20 bytes.
fn pss(parameters: &[u8]) -> Option<Algorithm> {
    let mut outer = Elements::of_any_length(Elements::of_any_length(parameters).expect_bytes(0x30).ok()?);
    let (mut hash, mut mask, mut salt) = (Hash::Sha1, Hash::Sha1, 20usize);
    while !outer.is_at_end() {
        let (tag, value) = outer.next_bytes().ok()?;
        let mut value = Elements::of_any_length(value);
        match tag {
            0xa0 => hash = hash_of(value.expect_bytes(0x30).ok()?)?,
            0xa1 => {
                let (_, of) = split(value.expect_bytes(0x30).ok()?)?;
                mask = hash_of(Elements::of_any_length(of).expect_bytes(0x30).ok()?)?;
            }
            0xa2 => {
                let length = value.expect_bytes(0x02).ok()?;
                salt = length.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
            }
            _ => {}
        }
    }
    let length = match hash {
        Hash::Sha256 => 32,
        Hash::Sha384 => 48,
        Hash::Sha512 => 64,
        _ => 20,
    };
    Some(Algorithm {
        family: Family::RsaPss,
        hash,
        has_odd_parameters: hash != mask || salt != length,
    })
}

fn hash_of(contents: &[u8]) -> Option<Hash> {
    match split(contents)?.0 {
        [0x2b, 14, 3, 2, 26] => Some(Hash::Sha1),
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4] => Some(Hash::Sha224),
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1] => Some(Hash::Sha256),
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2] => Some(Hash::Sha384),
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3] => Some(Hash::Sha512),
        _ => None,
    }
}

const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];
const SECP256K1: &[u8] = &[0x2b, 0x81, 4, 0, 0x0a];

/// Whether `issuer`'s key made the signature on `signed`.
pub(super) fn made(signed: &Certificate, issuer: &Certificate) -> Made {
    if signed.signed_by(issuer) == Signature::Holds {
        return Made::Holds;
    }
    verify(signed, issuer).unwrap_or(Made::NotKnown)
}

fn verify(signed: &Certificate, issuer: &Certificate) -> Option<Made> {
    let reading = signed.reading.as_ref().ok()?;
    let bytes = signed.der.as_bytes();
    // Bits that are not whole bytes are no signature.
    let Some(signature) = &reading.signature else {
        return Some(Made::Fails);
    };
    let algorithm = bytes.get(reading.outer_algorithm.clone())?;
    let tbs = bytes.get(reading.tbs.clone())?;
    made_on(tbs, algorithm, bytes.get(signature.clone())?, issuer)
}

/// Whether `issuer`'s key made this signature on these bytes; `algorithm` are the contents of an AlgorithmIdentifier.
pub(super) fn made_on(
    signed: &[u8],
    algorithm: &[u8],
    signature: &[u8],
    issuer: &Certificate,
) -> Option<Made> {
    let algorithm = algorithm_of(algorithm)?;
    let key = Key::of(issuer)?;
    let is_of_its_kind = key.family == Some(algorithm.family)
        || (algorithm.family == Family::RsaPss && key.family == Some(Family::Rsa));
    if !is_of_its_kind {
        return Some(Made::Fails);
    }
    if algorithm.has_odd_parameters {
        return None;
    }
    let verifier: &'static dyn VerificationAlgorithm = match (algorithm.family, algorithm.hash) {
        (Family::Rsa, Hash::Sha1) => &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        (Family::Rsa, Hash::Sha256) => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        (Family::Rsa, Hash::Sha384) => &RSA_PKCS1_2048_8192_SHA384,
        (Family::Rsa, Hash::Sha512) => &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        (Family::RsaPss, Hash::Sha256) => &RSA_PSS_2048_8192_SHA256,
        (Family::RsaPss, Hash::Sha384) => &RSA_PSS_2048_8192_SHA384,
        (Family::RsaPss, Hash::Sha512) => &RSA_PSS_2048_8192_SHA512,
        (Family::Ec, hash) => match (key.curve()?, hash) {
            (P256, Hash::Sha1) => &ECDSA_P256_SHA1_ASN1,
            (P256, Hash::Sha512) => &ECDSA_P256_SHA512_ASN1,
            (P384, Hash::Sha512) => &ECDSA_P384_SHA512_ASN1,
            (P521, Hash::Sha1) => &ECDSA_P521_SHA1_ASN1,
            (P521, Hash::Sha224) => &ECDSA_P521_SHA224_ASN1,
            (P256, Hash::Sha256) => &ECDSA_P256_SHA256_ASN1,
            (P256, Hash::Sha384) => &ECDSA_P256_SHA384_ASN1,
            (P384, Hash::Sha256) => &ECDSA_P384_SHA256_ASN1,
            (P384, Hash::Sha384) => &ECDSA_P384_SHA384_ASN1,
            (P521, Hash::Sha256) => &ECDSA_P521_SHA256_ASN1,
            (P521, Hash::Sha384) => &ECDSA_P521_SHA384_ASN1,
            (P521, Hash::Sha512) => &ECDSA_P521_SHA512_ASN1,
            (SECP256K1, Hash::Sha256) => &ECDSA_P256K1_SHA256_ASN1,
            _ => return None,
        },
        (Family::Ed25519, _) => &ED25519,
        _ => return None,
    };
    match UnparsedPublicKey::new(verifier, key.bits).verify(signed, signature) {
        Ok(()) => Some(Made::Holds),
        // A modulus below 1024 bits is refused unseen by the library, not by the stacks on record.
        Err(_) if matches!(key.family, Some(Family::Rsa)) && key.bits.len() < 136 => None,
        Err(_) => Some(Made::Fails),
    }
}
