//! What a client could show: its chain, as the rules look at it.

use crate::capture::Der;
use crate::pki::{CertificateFacts, KeyKind};

/// A kind of key that the rules were tested with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// rsaEncryption (RFC 3279 §2.3.1), with the modulus's bits.
    Rsa { bits: usize },
    /// ECDSA over one of the curves of RFC 8446 §4.2.3, in bits: 256, 384, 521.
    Ec { bits: usize },
    /// RFC 8410.
    Ed25519,
}

impl Key {
    /// As in a sentence.
    pub(super) fn words(self) -> String {
        match self {
            Self::Rsa { .. } => "an RSA key".to_owned(),
            Self::Ec { bits } => format!("a P-{bits} key"),
            Self::Ed25519 => "an Ed25519 key".to_owned(),
        }
    }
}

/// A client's chain, leaf first.
pub(super) struct Shown {
    pub chain: Vec<CertificateFacts>,
    pub key: Key,
}

impl Shown {
    /// `None` where a certificate cannot be read, or the leaf's key is of no tested kind.
    pub(super) fn read(chain: &[Der]) -> Option<Self> {
        let chain: Vec<CertificateFacts> = chain
            .iter()
            .map(|der| CertificateFacts::from_der(der.as_bytes()).ok())
            .collect::<Option<_>>()?;
        let leaf = chain.first()?;
        let key = match &leaf.key {
            // A key that may make PSS signatures only (RFC 4055 §1.2) reads as RSA, and is another thing.
            KeyKind::Rsa { bits } if !is_pss_only(&leaf.spki) => Key::Rsa { bits: *bits },
            KeyKind::Ec { curve } => Key::Ec {
                bits: match curve.as_str() {
                    "P-256" => 256,
                    "P-384" => 384,
                    "P-521" => 521,
                    _ => return None,
                },
            },
            KeyKind::Ed25519 => Key::Ed25519,
            _ => return None,
        };
        Some(Self { chain, key })
    }

    pub(super) fn leaf(&self) -> Option<&CertificateFacts> {
        self.chain.first()
    }

    /// Whether keyUsage forbids the signature in CertificateVerify (RFC 5280 §4.2.1.3).
    pub(super) fn may_not_sign(&self) -> bool {
        self.leaf()
            .and_then(|leaf| leaf.key_usage)
            .is_some_and(|usage| !usage.digital_signature)
    }

    /// The names of whoever issued the chain's certificates, in words, each once.
    pub(super) fn issuers_words(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for certificate in &self.chain {
            if !names.contains(&certificate.issuer.as_str()) {
                names.push(&certificate.issuer);
            }
        }
        names.join("; ")
    }
}

/// The SubjectPublicKeyInfo's algorithm is id-RSASSA-PSS, 1.2.840.113549.1.1.10.
fn is_pss_only(spki: &[u8]) -> bool {
    const PSS: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
    spki.windows(PSS.len()).take(24).any(|window| window == PSS)
}
