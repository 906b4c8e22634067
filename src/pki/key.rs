//! A private key, held for as short as possible.

use rcgen::PublicKeyData;
use rustls_pki_types::PrivateKeyDer;
use x509_parser::prelude::FromDer;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::facts::{CertificateFacts, KeyKind, key_kind};
use super::names::der_element;

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
    /// Reads a key and works out its public half. `None` where it is no key of a kind known here.
    pub fn from_der(der: PrivateKeyDer<'static>) -> Option<Self> {
        let public_key = rcgen::KeyPair::try_from(&der)
            .map(|pair| pair.subject_public_key_info())
            .ok()
            .or_else(|| rsa_public_key(&der))?;
        let (_, info) = SubjectPublicKeyInfo::from_der(&public_key).ok()?;
        let kind = key_kind(&info);
        Some(Self {
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
        use zeroize::Zeroize;
        self.der.zeroize();
    }
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
    let (numbers, _) = der_element(pkcs1)?;
    let (_, after_version) = der_element(numbers)?;
    let (_, after_modulus) = der_element(after_version)?;
    let (_, after_exponent) = der_element(after_modulus)?;
    let both = after_version.get(..after_version.len() - after_exponent.len())?;
    let mut key_bits = vec![0];
    key_bits.extend(tagged(0x30, both));
    let algorithm = [
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    ];
    let mut info = algorithm.to_vec();
    info.extend(tagged(0x03, &key_bits));
    Some(tagged(0x30, &info))
}

/// One DER element (X.690 §8.1).
fn tagged(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let mut out = vec![tag];
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let digits: Vec<u8> = length
            .to_be_bytes()
            .into_iter()
            .skip_while(|byte| *byte == 0)
            .collect();
        out.push(0x80 | digits.len() as u8);
        out.extend(digits);
    }
    out.extend_from_slice(contents);
    out
}
