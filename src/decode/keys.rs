//! From secrets to keys, and from keys to plaintext (RFC 8446 §5.2, §7.1, §7.3; RFC 5246 §5, §6.3; RFC 5288; RFC 7905).

use aws_lc_rs::aead::{
    AES_128_GCM, AES_256_GCM, Aad, Algorithm, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use aws_lc_rs::{digest, hkdf, hmac};

use crate::iana::{self, Table};

/// The parts of a cipher suite that opening a record needs.
#[derive(Clone, Copy)]
pub(super) struct Suite {
    aead: &'static Algorithm,
    is_chacha: bool,
    is_sha384: bool,
}

impl Suite {
    /// The AEAD and hash of a suite by its IANA number; `None` for suites that are not opened here (CBC, CCM).
    pub(super) fn of(number: u16) -> Option<Self> {
        let name = iana::name(Table::CipherSuite, number)?;
        let is_chacha = name.contains("CHACHA20_POLY1305");
        let aead = if is_chacha {
            &CHACHA20_POLY1305
        } else if name.contains("AES_128_GCM") {
            &AES_128_GCM
        } else if name.contains("AES_256_GCM") {
            &AES_256_GCM
        } else {
            return None;
        };
        Some(Self {
            aead,
            is_chacha,
            is_sha384: name.ends_with("SHA384"),
        })
    }

    /// The transcript hash of these bytes.
    pub(super) fn hash(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = if self.is_sha384 {
            &digest::SHA384
        } else {
            &digest::SHA256
        };
        digest::digest(algorithm, bytes).as_ref().to_vec()
    }
}

/// The keys of one direction.
pub(super) struct Keys {
    key: LessSafeKey,
    /// 12 bytes; for TLS 1.2 GCM only the first 4 are the salt.
    iv: [u8; 12],
    form: Form,
    suite: Suite,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Tls13,
    Tls12Gcm,
    Tls12ChaCha,
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-Expand-Label with an empty context (RFC 8446 §7.1).
fn expand_label(suite: Suite, secret: &[u8], label: &str, length: usize) -> Option<Vec<u8>> {
    let algorithm = if suite.is_sha384 {
        hkdf::HKDF_SHA384
    } else {
        hkdf::HKDF_SHA256
    };
    let expected = if suite.is_sha384 { 48 } else { 32 };
    if secret.len() != expected {
        return None;
    }
    let prk = hkdf::Prk::new_less_safe(algorithm, secret);
    let length_bytes = (length as u16).to_be_bytes();
    let label = format!("tls13 {label}");
    let label_length = [label.len() as u8];
    let info: [&[u8]; 4] = [&length_bytes, &label_length, label.as_bytes(), &[0]];
    let mut out = vec![0; length];
    prk.expand(&info, Length(length)).ok()?.fill(&mut out).ok()?;
    Some(out)
}

impl Keys {
    /// The keys under a TLS 1.3 traffic secret.
    pub(super) fn from_traffic_secret(suite: Suite, secret: &[u8]) -> Option<Self> {
        let key = expand_label(suite, secret, "key", suite.aead.key_len())?;
        let iv = expand_label(suite, secret, "iv", 12)?;
        Some(Self {
            key: LessSafeKey::new(UnboundKey::new(suite.aead, &key).ok()?),
            iv: iv.try_into().ok()?,
            form: Form::Tls13,
            suite,
        })
    }

    /// Client's and server's keys under a TLS 1.2 master secret.
    pub(super) fn from_master_secret(
        suite: Suite,
        master: &[u8],
        client_random: &[u8],
        server_random: &[u8],
    ) -> Option<(Self, Self)> {
        let key_length = suite.aead.key_len();
        let iv_length = if suite.is_chacha { 12 } else { 4 };
        let seed = [b"key expansion", server_random, client_random].concat();
        let block = prf(suite, master, &seed, 2 * (key_length + iv_length));
        let (client_key, rest) = block.split_at_checked(key_length)?;
        let (server_key, rest) = rest.split_at_checked(key_length)?;
        let (client_iv, server_iv) = rest.split_at_checked(iv_length)?;
        let make = |key: &[u8], salt: &[u8]| {
            let mut iv = [0; 12];
            iv.get_mut(..salt.len())?.copy_from_slice(salt);
            Some(Self {
                key: LessSafeKey::new(UnboundKey::new(suite.aead, key).ok()?),
                iv,
                form: if suite.is_chacha {
                    Form::Tls12ChaCha
                } else {
                    Form::Tls12Gcm
                },
                suite,
            })
        };
        Some((make(client_key, client_iv)?, make(server_key, server_iv)?))
    }

    fn counter_nonce(&self, sequence: u64) -> Nonce {
        let mut nonce = self.iv;
        for (byte, counter) in nonce.iter_mut().skip(4).zip(sequence.to_be_bytes()) {
            *byte ^= counter;
        }
        Nonce::assume_unique_for_key(nonce)
    }

    /// Opens a record's payload. Returns the content and its type; `None` where it does not authenticate.
    ///
    /// `header` is the record's five bytes; `sequence` the sender's count under these keys.
    pub(super) fn open(&self, header: &[u8], payload: &[u8], sequence: u64) -> Option<(u8, Vec<u8>)> {
        let content_type = *header.first()?;
        match self.form {
            Form::Tls13 => {
                let mut bytes = payload.to_vec();
                let plain = self
                    .key
                    .open_in_place(self.counter_nonce(sequence), Aad::from(header), &mut bytes)
                    .ok()?;
                // The type is the last byte that is not zero; the zeros are padding (RFC 8446 §5.4).
                let end = plain.iter().rposition(|byte| *byte != 0)?;
                Some((*plain.get(end)?, plain.get(..end)?.to_vec()))
            }
            Form::Tls12Gcm | Form::Tls12ChaCha => {
                let (nonce, sealed) = if self.form == Form::Tls12Gcm {
                    let (explicit, sealed) = payload.split_at_checked(8)?;
                    let mut nonce = self.iv;
                    nonce.get_mut(4..)?.copy_from_slice(explicit);
                    (Nonce::assume_unique_for_key(nonce), sealed)
                } else {
                    (self.counter_nonce(sequence), payload)
                };
                let length = sealed.len().checked_sub(self.suite.aead.tag_len())? as u16;
                let mut associated = sequence.to_be_bytes().to_vec();
                associated.extend_from_slice(header.get(..3)?);
                associated.extend(length.to_be_bytes());
                let mut bytes = sealed.to_vec();
                let plain = self
                    .key
                    .open_in_place(nonce, Aad::from(&associated), &mut bytes)
                    .ok()?;
                Some((content_type, plain.to_vec()))
            }
        }
    }
}

/// The secret that follows a KeyUpdate (RFC 8446 §7.2).
pub(super) fn next_secret(suite: Suite, secret: &[u8]) -> Option<Vec<u8>> {
    expand_label(suite, secret, "traffic upd", secret.len())
}

/// TLS 1.2's PRF (RFC 5246 §5); `seed` begins with the label.
fn prf(suite: Suite, secret: &[u8], seed: &[u8], length: usize) -> Vec<u8> {
    let algorithm = if suite.is_sha384 {
        hmac::HMAC_SHA384
    } else {
        hmac::HMAC_SHA256
    };
    let key = hmac::Key::new(algorithm, secret);
    let mut out = Vec::with_capacity(length + 48);
    let mut a = hmac::sign(&key, seed);
    while out.len() < length {
        let mut context = hmac::Context::with_key(&key);
        context.update(a.as_ref());
        context.update(seed);
        out.extend_from_slice(context.sign().as_ref());
        a = hmac::sign(&key, a.as_ref());
    }
    out.truncate(length);
    out
}
