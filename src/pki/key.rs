//! A private key, held for as short as possible.

use rustls_pki_types::PrivateKeyDer;

use super::facts::KeyKind;

/// A private key in memory. Its `Debug` shows the kind only; it has no `Serialize`, so that no session can hold one.
pub struct PrivateKey {
    /// The key, as it was in its file: PKCS#8, PKCS#1 or SEC1.
    pub der: PrivateKeyDer<'static>,
    /// Its kind.
    pub kind: KeyKind,
    /// SubjectPublicKeyInfo (DER) of its public half: what a certificate must carry to match.
    pub public_key: Vec<u8>,
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
