//! The kinds of keys that can be made.

use rcgen::{KeyPair, RsaKeySize};
use serde::Deserialize;

use super::kinds::KeyKind;

/// The kind of key to make.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the kinds by name")]
pub enum KeySpec {
    #[default]
    P256,
    P384,
    P521,
    Ed25519,
    Rsa2048,
    Rsa3072,
    Rsa4096,
}

impl KeySpec {
    /// The kind of another key; `None` where none of it can be made. An RSA key of a size that is not made here has one of
    /// the next size: what signs with it is as readily taken.
    pub fn like(kind: &KeyKind) -> Option<Self> {
        Some(match kind {
            KeyKind::Ec { curve } => match curve.as_str() {
                "P-256" => Self::P256,
                "P-384" => Self::P384,
                "P-521" => Self::P521,
                _ => return None,
            },
            KeyKind::Ed25519 => Self::Ed25519,
            KeyKind::Rsa { bits: ..=2048 } => Self::Rsa2048,
            KeyKind::Rsa { bits: ..=3072 } => Self::Rsa3072,
            KeyKind::Rsa { .. } => Self::Rsa4096,
            KeyKind::Ed448 | KeyKind::Other(_) => return None,
        })
    }

    /// A new key.
    pub(super) fn generate(self) -> Result<KeyPair, rcgen::Error> {
        let rsa = |size| KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, size);
        match self {
            Self::P256 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
            Self::P384 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384),
            Self::P521 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512),
            Self::Ed25519 => KeyPair::generate_for(&rcgen::PKCS_ED25519),
            Self::Rsa2048 => rsa(RsaKeySize::_2048),
            Self::Rsa3072 => rsa(RsaKeySize::_3072),
            Self::Rsa4096 => rsa(RsaKeySize::_4096),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_its_like_and_an_odd_rsa_size_the_next() {
        for (bits, like) in [
            (1024, KeySpec::Rsa2048),
            (2048, KeySpec::Rsa2048),
            (2049, KeySpec::Rsa3072),
            (3072, KeySpec::Rsa3072),
            (3073, KeySpec::Rsa4096),
            (4096, KeySpec::Rsa4096),
            (8192, KeySpec::Rsa4096),
        ] {
            assert_eq!(KeySpec::like(&KeyKind::Rsa { bits }), Some(like), "{bits}");
        }
        let curve = |name: &str| {
            KeySpec::like(&KeyKind::Ec {
                curve: name.to_owned(),
            })
        };
        assert_eq!(curve("P-521"), Some(KeySpec::P521));
        assert_eq!(curve("secp256k1"), None);
        assert_eq!(KeySpec::like(&KeyKind::Ed448), None);
    }
}
