//! Opening records (RFC 8446 §5.2; RFC 5246 §6.2.3; RFC 5288; RFC 6655; RFC 7366; RFC 7905; RFC 2246 §6.2.3).

use aes_gcm::AesGcm;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyIvInit, StreamCipher};
use ccm::Ccm;
use ccm::consts::{U8, U12, U16};

use super::suite::{Block, Cipher};
use super::{Legacy, Suite, ssl3};

/// How nonces and additional data are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Tls13,
    Legacy,
}

/// The keys of one direction.
pub(in crate::decode) struct Keys {
    pub suite: Suite,
    form: Form,
    pub key: Vec<u8>,
    /// 12 bytes in TLS 1.3 and with ChaCha20; 4 with GCM and CCM in TLS 1.2; a block with CBC in TLS 1.0.
    pub iv: Vec<u8>,
    pub mac_key: Vec<u8>,
    legacy: Legacy,
    /// The fast way, for the ciphers that the library has.
    aead: Option<LessSafeKey>,
    /// RC4 goes on where the last record ended; `None` once its place in the stream is not known.
    rc4: Option<rc4::Rc4>,
    /// Up to TLS 1.0, CBC's next IV is the last block on the wire (RFC 2246 §6.2.3.2); empty where that is not known.
    chain: Vec<u8>,
}

impl Keys {
    pub(super) fn new(
        suite: Suite,
        form: Form,
        key: Vec<u8>,
        iv: Vec<u8>,
        mac_key: Vec<u8>,
        legacy: Legacy,
    ) -> Option<Self> {
        let algorithm = match suite.cipher {
            Cipher::Gcm(Block::Aes128) => Some(&AES_128_GCM),
            Cipher::Gcm(Block::Aes256) => Some(&AES_256_GCM),
            Cipher::ChaCha20Poly1305 => Some(&CHACHA20_POLY1305),
            _ => None,
        };
        let aead = match algorithm {
            Some(algorithm) => Some(LessSafeKey::new(UnboundKey::new(algorithm, &key).ok()?)),
            None => None,
        };
        let rc4 = match suite.cipher {
            Cipher::Rc4 => Some(rc4::Rc4::new_from_slice(&key).ok()?),
            _ => None,
        };
        Some(Self {
            suite,
            form,
            chain: iv.clone(),
            key,
            iv,
            mac_key,
            legacy,
            aead,
            rc4,
        })
    }

    /// Of a suite that encrypts nothing, records can be read without any secret; only their MAC cannot be checked.
    pub(in crate::decode) fn unchecked(suite: Suite, legacy: Legacy) -> Option<Self> {
        (suite.cipher == Cipher::Null)
            .then(|| Self::new(suite, Form::Legacy, Vec::new(), Vec::new(), Vec::new(), legacy))
            .flatten()
    }

    /// Whether what these keys open was not authenticated.
    pub(in crate::decode) fn is_unchecked(&self) -> bool {
        self.suite.cipher == Cipher::Null && self.mac_key.is_empty()
    }

    /// Whether each record goes on in the cipher where the one before it ended, so that nothing can be tried.
    pub(in crate::decode) fn is_stream(&self) -> bool {
        self.suite.cipher == Cipher::Rc4
    }

    /// Why no record can be opened now that bytes before it are missing; `None` where it can.
    pub(in crate::decode) fn why_lost(&self) -> Option<&'static str> {
        if self.is_stream() && self.rc4.is_none() {
            return Some(
                "RC4 is a stream of bytes: without those that are missing, what follows them cannot be opened",
            );
        }
        (self.is_chained() && self.chain.is_empty()).then_some(
            "its first block can only be read with the last block of the record before it, which is missing",
        )
    }

    /// Bytes of this direction are missing.
    pub(in crate::decode) fn lose_place(&mut self) {
        self.rc4 = None;
        self.chain.clear();
    }

    /// A record went by, opened or not: what the next one's cipher state takes from it. RC4 has gone by itself where the
    /// record was tried.
    pub(in crate::decode) fn pass(&mut self, payload: &[u8]) {
        let Cipher::Cbc(block) = self.suite.cipher else {
            return;
        };
        if !self.is_chained() {
            return;
        }
        let mac = if self.legacy.encrypt_then_mac {
            self.mac_length().unwrap_or_default()
        } else {
            0
        };
        let sealed = payload
            .get(..payload.len().saturating_sub(mac))
            .unwrap_or_default();
        if let Some(last) = sealed.len().checked_sub(block.length()) {
            self.chain = sealed.get(last..).unwrap_or_default().to_vec();
        }
    }

    /// As [`Self::pass`], for a record that was sent and is known, but was never tried.
    pub(in crate::decode) fn pass_untried(&mut self, payload: &[u8]) {
        self.pass(payload);
        if let Some(stream) = &mut self.rc4 {
            stream.apply_keystream(&mut payload.to_vec());
        }
    }

    /// CBC of TLS 1.0 and before has one chain for all records of a direction.
    fn is_chained(&self) -> bool {
        matches!(self.suite.cipher, Cipher::Cbc(_))
            && self.form == Form::Legacy
            && self.legacy.version < 0x0302
    }

    /// Opens a record's payload. Returns the content and its type; `None` where it does not authenticate.
    ///
    /// `header` is the record's five bytes; `sequence` the sender's count under these keys.
    pub(in crate::decode) fn open(
        &mut self,
        header: &[u8],
        payload: &[u8],
        sequence: u64,
    ) -> Option<(u8, Vec<u8>)> {
        let content_type = *header.first()?;
        if self.form == Form::Tls13 {
            let mut plain = self.open_aead(&self.counter_nonce(sequence)?, header, payload)?;
            // The type is the last byte that is not zero; the zeros are padding (RFC 8446 §5.4).
            let end = plain.iter().rposition(|byte| *byte != 0)?;
            let inner = *plain.get(end)?;
            plain.truncate(end);
            return Some((inner, plain));
        }
        let content = match self.suite.cipher {
            Cipher::Gcm(_) | Cipher::Ccm { .. } | Cipher::ChaCha20Poly1305 => {
                self.open_aead_12(header, payload, sequence)?
            }
            Cipher::Null => self.without_mac(header, payload.to_vec(), sequence)?,
            Cipher::Rc4 => self.open_rc4(header, payload, sequence)?,
            Cipher::Cbc(block) => self.open_cbc(block, header, payload, sequence)?,
        };
        Some((content_type, content))
    }

    /// The nonce of TLS 1.3 and of ChaCha20 in 1.2: the IV with the count laid over its end (RFC 8446 §5.3).
    fn counter_nonce(&self, sequence: u64) -> Option<[u8; 12]> {
        let mut nonce: [u8; 12] = self.iv.as_slice().try_into().ok()?;
        for (byte, counter) in nonce.iter_mut().skip(4).zip(sequence.to_be_bytes()) {
            *byte ^= counter;
        }
        Some(nonce)
    }

    fn open_aead_12(&self, header: &[u8], payload: &[u8], sequence: u64) -> Option<Vec<u8>> {
        let (nonce, sealed) = if self.suite.cipher == Cipher::ChaCha20Poly1305 {
            (self.counter_nonce(sequence)?, payload)
        } else {
            let (explicit, sealed) = payload.split_at_checked(8)?;
            ([&self.iv, explicit].concat().try_into().ok()?, sealed)
        };
        let length = sealed.len().checked_sub(self.suite.cipher.tag_length()?)?;
        let mut associated = sequence.to_be_bytes().to_vec();
        associated.extend_from_slice(header.get(..3)?);
        associated.extend((length as u16).to_be_bytes());
        self.open_aead(&nonce, &associated, sealed)
    }

    fn open_aead(&self, nonce: &[u8; 12], associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        if let Some(key) = &self.aead {
            let mut bytes = sealed.to_vec();
            let length = key
                .open_in_place(
                    Nonce::assume_unique_for_key(*nonce),
                    Aad::from(associated),
                    &mut bytes,
                )
                .ok()?
                .len();
            bytes.truncate(length);
            return Some(bytes);
        }
        let payload = Payload {
            msg: sealed,
            aad: associated,
        };
        match self.suite.cipher {
            Cipher::Ccm {
                block: Block::Aes128,
                tag: 16,
            } => soft::<Ccm<aes::Aes128, U16, U12>>(&self.key, nonce, payload),
            Cipher::Ccm {
                block: Block::Aes256,
                tag: 16,
            } => soft::<Ccm<aes::Aes256, U16, U12>>(&self.key, nonce, payload),
            Cipher::Ccm {
                block: Block::Aes128, ..
            } => soft::<Ccm<aes::Aes128, U8, U12>>(&self.key, nonce, payload),
            Cipher::Ccm {
                block: Block::Aes256, ..
            } => soft::<Ccm<aes::Aes256, U8, U12>>(&self.key, nonce, payload),
            Cipher::Gcm(Block::Aria128) => soft::<AesGcm<aria::Aria128, U12>>(&self.key, nonce, payload),
            Cipher::Gcm(Block::Aria256) => soft::<AesGcm<aria::Aria256, U12>>(&self.key, nonce, payload),
            Cipher::Gcm(Block::Camellia128) => {
                soft::<AesGcm<camellia::Camellia128, U12>>(&self.key, nonce, payload)
            }
            Cipher::Gcm(Block::Camellia256) => {
                soft::<AesGcm<camellia::Camellia256, U12>>(&self.key, nonce, payload)
            }
            _ => None,
        }
    }

    /// Takes the MAC off the end of `plain` and checks it (RFC 5246 §6.2.3.1).
    fn without_mac(&self, header: &[u8], mut plain: Vec<u8>, sequence: u64) -> Option<Vec<u8>> {
        let content = plain.len().checked_sub(self.mac_length()?)?;
        let mac = self.mac(header, plain.get(..content)?, sequence)?;
        (self.is_unchecked() || plain.get(content..)? == mac).then(|| {
            plain.truncate(content);
            plain
        })
    }

    fn mac_length(&self) -> Option<usize> {
        let whole = self.suite.mac?.length();
        Some(if self.legacy.truncated_hmac { 10 } else { whole })
    }

    fn mac(&self, header: &[u8], content: &[u8], sequence: u64) -> Option<Vec<u8>> {
        if self.legacy.version == 0x0300 {
            return Some(ssl3::mac(
                self.suite.mac?,
                &self.mac_key,
                sequence,
                *header.first()?,
                content,
            ));
        }
        let length = (content.len() as u16).to_be_bytes();
        let mut mac = self.suite.mac?.hmac(
            &self.mac_key,
            &[&sequence.to_be_bytes(), header.get(..3)?, &length, content],
        );
        mac.truncate(self.mac_length()?);
        Some(mac)
    }

    /// Takes the record's part of the stream, whether it authenticates or not.
    fn open_rc4(&mut self, header: &[u8], payload: &[u8], sequence: u64) -> Option<Vec<u8>> {
        let mut plain = payload.to_vec();
        self.rc4.as_mut()?.apply_keystream(&mut plain);
        self.without_mac(header, plain, sequence)
    }

    fn open_cbc(&self, block: Block, header: &[u8], payload: &[u8], sequence: u64) -> Option<Vec<u8>> {
        let mut sealed = payload;
        if self.legacy.encrypt_then_mac {
            let (before, mac) = payload.split_at_checked(payload.len().checked_sub(self.mac_length()?)?)?;
            if self.mac(header, before, sequence)? != mac {
                return None;
            }
            sealed = before;
        }
        let (iv, body) = if self.is_chained() {
            (self.chain.as_slice(), sealed)
        } else {
            sealed.split_at_checked(block.length())?
        };
        let mut plain = decrypt_cbc(block, &self.key, iv, body)?;
        let padding = usize::from(*plain.last()?);
        let content = plain.len().checked_sub(padding + 1)?;
        // SSL 3.0 left to its sender what the padding is made of.
        let is_even = |padded: &[u8]| padded.iter().all(|byte| usize::from(*byte) == padding);
        if self.legacy.version > 0x0300 && !is_even(plain.get(content..)?) {
            return None;
        }
        plain.truncate(content);
        if self.legacy.encrypt_then_mac {
            return Some(plain);
        }
        self.without_mac(header, plain, sequence)
    }
}

fn soft<A: Aead + KeyInit>(key: &[u8], nonce: &[u8; 12], payload: Payload<'_, '_>) -> Option<Vec<u8>> {
    let nonce = nonce.as_slice().try_into().ok()?;
    A::new_from_slice(key).ok()?.decrypt(nonce, payload).ok()
}

fn decrypt_cbc(block: Block, key: &[u8], iv: &[u8], body: &[u8]) -> Option<Vec<u8>> {
    match block {
        Block::Des => cbc_of::<des::Des>(key, iv, body),
        Block::TripleDes => cbc_of::<des::TdesEde3>(key, iv, body),
        Block::Aes128 => cbc_of::<aes::Aes128>(key, iv, body),
        Block::Aes256 => cbc_of::<aes::Aes256>(key, iv, body),
        Block::Camellia128 => cbc_of::<camellia::Camellia128>(key, iv, body),
        Block::Camellia256 => cbc_of::<camellia::Camellia256>(key, iv, body),
        Block::Aria128 => cbc_of::<aria::Aria128>(key, iv, body),
        Block::Aria256 => cbc_of::<aria::Aria256>(key, iv, body),
    }
}

fn cbc_of<C>(key: &[u8], iv: &[u8], body: &[u8]) -> Option<Vec<u8>>
where
    C: BlockCipherDecrypt + KeyInit,
{
    let mut bytes = body.to_vec();
    let length = cbc::Decryptor::<C>::new_from_slices(key, iv)
        .ok()?
        .decrypt_padded::<NoPadding>(&mut bytes)
        .ok()?
        .len();
    bytes.truncate(length);
    Some(bytes)
}
