//! A private key, held for as short as possible.

use rcgen::PublicKeyData;
use rustls_pki_types::PrivateKeyDer;
use x509_parser::prelude::FromDer;
use x509_parser::x509::SubjectPublicKeyInfo;
use zeroize::Zeroize;

use super::der::{der_element, tagged};
use super::facts::{CertificateFacts, key_kind};
use super::key_damage::damage_of;
use super::key_form::{KeyFault, in_its_form, unusual_kind};
use super::kinds::KeyKind;

/// A private key in memory. Its `Debug` shows the kind only; it has no `Serialize`, so that no session can hold one.
pub struct PrivateKey {
    /// The key, as it was in its file: PKCS#8, PKCS#1 or SEC1. Wiped when dropped.
    pub der: PrivateKeyDer<'static>,
    /// Its kind.
    pub kind: KeyKind,
    /// SubjectPublicKeyInfo (DER) of its public half: what a certificate must carry to match.
    pub public_key: Vec<u8>,
}

impl PrivateKey {
    /// Reads a key (DER: PKCS#8, PKCS#1 or SEC1, told apart by what stands in it) and works out its public half.
    ///
    /// # Errors
    /// [`KeyFault`]: these are no key, or one that cannot be used. The bytes are wiped.
    pub fn from_der(bytes: Vec<u8>) -> Result<Self, KeyFault> {
        let mut der = in_its_form(bytes)?;
        let public_key = rcgen::KeyPair::try_from(&der)
            .map(|pair| pair.subject_public_key_info())
            .ok()
            .or_else(|| {
                let public_key = rsa_public_key(&der).filter(|key| is_of_unsigned_size(key));
                public_key.filter(|_| damage_of(&der).is_none())
            });
        let readable = public_key.and_then(|public_key| {
            let (_, info) = SubjectPublicKeyInfo::from_der(&public_key).ok()?;
            let kind = key_kind(&info);
            Some((public_key, kind))
        });
        let Some((public_key, kind)) = readable else {
            let name = unusual_kind(&der);
            let damage = damage_of(&der).filter(|_| name.is_none());
            der.zeroize();
            return Err(damage.map_or(KeyFault::Unusable(name), KeyFault::Damaged));
        };
        Ok(Self {
            der,
            kind,
            public_key,
        })
    }

    /// Whether this key is the private half of the certificate's.
    pub fn matches(&self, certificate: &CertificateFacts) -> bool {
        certificate.spki == self.public_key
    }
}

impl Clone for PrivateKey {
    fn clone(&self) -> Self {
        Self {
            der: self.der.clone_key(),
            kind: self.kind.clone(),
            public_key: self.public_key.clone(),
        }
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PrivateKey({})", self.kind)
    }
}

impl Drop for PrivateKey {
    fn drop(&mut self) {
        self.der.zeroize();
    }
}

/// Whether it is an RSA key of a size that is not signed with: one of a size that is, and not read, is damaged.
fn is_of_unsigned_size(public_key: &[u8]) -> bool {
    SubjectPublicKeyInfo::from_der(public_key)
        .is_ok_and(|(_, info)| matches!(key_kind(&info), KeyKind::Rsa { bits: ..2048 | 8193.. }))
}

/// The public half of an RSA key that the library refuses (RSA-1024): modulus and exponent stand in the key itself
/// (RFC 8017 §A.1.2), so that a certificate can be matched although nobody can sign with the key.
fn rsa_public_key(der: &PrivateKeyDer<'_>) -> Option<Vec<u8>> {
    let pkcs1 = match der {
        PrivateKeyDer::Pkcs1(key) => key.secret_pkcs1_der(),
        PrivateKeyDer::Pkcs8(key) => {
            let (outer, _) = der_element(key.secret_pkcs8_der())?;
            let (_, after_version) = der_element(outer)?;
            let (algorithm, after_algorithm) = der_element(after_version)?;
            let (oid, _) = der_element(algorithm)?;
            // rsaEncryption, 1.2.840.113549.1.1.1
            if oid != [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01] {
                return None;
            }
            der_element(after_algorithm)?.0
        }
        _ => return None,
    };
    let both = modulus_and_exponent(pkcs1)?;
    let mut key_bits = vec![0];
    key_bits.extend(tagged(0x30, both));
    let algorithm = [
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    ];
    let mut info = algorithm.to_vec();
    info.extend(tagged(0x03, &key_bits));
    Some(tagged(0x30, &info))
}

/// The two public numbers of an `RSAPrivateKey` of two primes, as they stand in it: version 0, then eight INTEGERs and no
/// more. Other sequences, a damaged certificate's for one, are no keys.
fn modulus_and_exponent(pkcs1: &[u8]) -> Option<&[u8]> {
    if pkcs1.first() != Some(&0x30) {
        return None;
    }
    let (numbers, behind) = der_element(pkcs1)?;
    if !behind.is_empty() || !numbers.starts_with(&[0x02, 0x01, 0x00]) {
        return None;
    }
    let start = numbers.get(3..)?;
    let mut rest = start;
    let mut both = None;
    for index in 0..8 {
        if rest.first() != Some(&0x02) {
            return None;
        }
        let (number, after) = der_element(rest)?;
        if number.iter().all(|byte| *byte == 0) {
            return None;
        }
        rest = after;
        if index == 1 {
            both = start.get(..start.len() - rest.len());
        }
    }
    rest.is_empty().then_some(both)?
}
