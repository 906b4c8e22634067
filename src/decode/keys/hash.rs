//! Hashes, and what TLS builds on them: HMAC (RFC 2104), HKDF (RFC 5869, RFC 8446 §7.1), and the PRFs of TLS 1.0 to 1.2
//! (RFC 2246 §5, RFC 5246 §5).

use ::hmac as hmac_of_crate;
use aws_lc_rs::{digest, hmac};
use hmac_of_crate::{KeyInit, Mac};
use md5::Digest;

/// A hash function of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decode) enum Hash {
    Md5,
    Sha1,
    Sha256,
    Sha384,
}

impl Hash {
    /// Splits `AES_128_CBC_SHA256` into `AES_128_CBC` and SHA-256.
    pub(super) fn at_end_of(words: &str) -> Option<(&str, Self)> {
        const NAMES: [(&str, Hash); 4] = [
            ("_SHA384", Hash::Sha384),
            ("_SHA256", Hash::Sha256),
            ("_SHA", Hash::Sha1),
            ("_MD5", Hash::Md5),
        ];
        NAMES
            .iter()
            .find_map(|(name, hash)| words.strip_suffix(name).map(|rest| (rest, *hash)))
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
        }
    }

    pub(in crate::decode) fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
        }
    }

    /// The hash of these bytes.
    pub(in crate::decode) fn of(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Md5 => return md5::Md5::digest(bytes).to_vec(),
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
        };
        digest::digest(algorithm, bytes).as_ref().to_vec()
    }

    /// HMAC over the parts, one after the other.
    pub(in crate::decode) fn hmac(self, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        MacKey::new(self, key).sign(parts)
    }

    /// HKDF-Expand-Label with an empty context (RFC 8446 §7.1); `None` where the secret is not of the hash's length.
    pub(super) fn expand_label(self, secret: &[u8], label: &str, length: usize) -> Option<Vec<u8>> {
        let [value] = self.expand_labels(secret, [(label, length)])?;
        Some(value)
    }

    /// The same for several labels under one secret, whose two blocks are then hashed once. Each value is no longer than the
    /// hash, so that one round of HKDF-Expand (RFC 5869 §2.3) makes it; `None` where one is.
    pub(super) fn expand_labels<const COUNT: usize>(
        self,
        secret: &[u8],
        labels: [(&str, usize); COUNT],
    ) -> Option<[Vec<u8>; COUNT]> {
        let is_of_13 = match self {
            Self::Sha256 | Self::Sha384 => true,
            Self::Md5 | Self::Sha1 => false,
        };
        let fits = labels.iter().all(|(_, length)| *length <= self.length());
        if !is_of_13 || !fits || secret.len() != self.length() {
            return None;
        }
        let key = MacKey::new(self, secret);
        Some(labels.map(|(label, length)| {
            const PREFIX: &str = "tls13 ";
            let label_length = [(PREFIX.len() + label.len()) as u8];
            let mut value = key.sign(&[
                &(length as u16).to_be_bytes(),
                &label_length,
                PREFIX.as_bytes(),
                label.as_bytes(),
                // No context, and the number of the round.
                &[0, 1],
            ]);
            value.truncate(length);
            value
        }))
    }

    /// P_hash (RFC 5246 §5); `seed` begins with the label.
    fn p_hash(self, secret: &[u8], seed: &[u8], length: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(length + self.length());
        let key = MacKey::new(self, secret);
        let mut a = key.sign(&[seed]);
        while out.len() < length {
            out.extend_from_slice(&key.sign(&[&a, seed]));
            a = key.sign(&[&a]);
        }
        out.truncate(length);
        out
    }
}

/// A key of HMAC whose own blocks are hashed already.
#[allow(
    clippy::large_enum_variant,
    reason = "it lives on the stack for the length of one function"
)]
enum MacKey {
    Md5(Option<hmac_of_crate::Hmac<md5::Md5>>),
    Other(hmac::Key),
}

impl MacKey {
    fn new(hash: Hash, key: &[u8]) -> Self {
        let algorithm = match hash {
            // HMAC takes keys of any length, so that this cannot fail; an empty value would never match anything.
            Hash::Md5 => return Self::Md5(hmac_of_crate::Hmac::new_from_slice(key).ok()),
            Hash::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha256 => hmac::HMAC_SHA256,
            Hash::Sha384 => hmac::HMAC_SHA384,
        };
        Self::Other(hmac::Key::new(algorithm, key))
    }

    fn sign(&self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Md5(None) => Vec::new(),
            Self::Md5(Some(mac)) => {
                let mut mac = mac.clone();
                for part in parts {
                    mac.update(part);
                }
                mac.finalize().into_bytes().to_vec()
            }
            Self::Other(key) => {
                let mut context = hmac::Context::with_key(key);
                for part in parts {
                    context.update(part);
                }
                context.sign().as_ref().to_vec()
            }
        }
    }
}

/// A hash that goes on with more bytes; MD5 and SHA-1, which no TLS since 1.2 takes for its transcript, are not made here.
#[derive(Clone)]
pub(in crate::decode) struct RunningHash {
    pub hash: Hash,
    context: digest::Context,
    taken: usize,
}

impl RunningHash {
    pub(in crate::decode) fn new(hash: Hash) -> Option<Self> {
        let algorithm = match hash {
            Hash::Md5 | Hash::Sha1 => return None,
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
        };
        Some(Self {
            hash,
            context: digest::Context::new(algorithm),
            taken: 0,
        })
    }

    /// Takes what was added to `bytes` since the last time.
    pub(in crate::decode) fn go_on(&mut self, bytes: &[u8]) {
        self.context.update(bytes.get(self.taken..).unwrap_or_default());
        self.taken = bytes.len();
    }

    /// The hash of all that was taken so far.
    pub(in crate::decode) fn value(&self) -> Vec<u8> {
        self.context.clone().finish().as_ref().to_vec()
    }
}

/// The PRF of a version: TLS 1.2's with the suite's hash, and before it MD5 and SHA-1 over halves of the secret (RFC 2246 §5).
pub(super) fn prf(
    version: u16,
    hash: Hash,
    secret: &[u8],
    label: &str,
    seed: &[&[u8]],
    length: usize,
) -> Vec<u8> {
    let seed = [label.as_bytes(), &seed.concat()].concat();
    if version >= 0x0303 {
        return hash.p_hash(secret, &seed, length);
    }
    let half = secret.len().div_ceil(2);
    let first = secret.get(..half).unwrap_or_default();
    let second = secret.get(secret.len() - half..).unwrap_or_default();
    Hash::Md5
        .p_hash(first, &seed, length)
        .iter()
        .zip(Hash::Sha1.p_hash(second, &seed, length))
        .map(|(a, b)| a ^ b)
        .collect()
}
