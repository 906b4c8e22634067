//! Seals records for tests, by other means than those that open them.

use aes_gcm::AesGcm;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockCipherEncrypt, BlockModeEncrypt, KeyIvInit, StreamCipher};
use ccm::Ccm;
use ccm::consts::{U8, U12, U16};

use super::open::Form;
use super::suite::{Block, Cipher};
use super::{Hash, Keys, Legacy, Suite, ssl3};
use crate::iana::{self, Table};

/// One direction's keys, and how it goes on from record to record.
pub(in crate::decode) struct Sealer {
    pub suite: Suite,
    pub legacy: Legacy,
    is_13: bool,
    seed: u8,
    /// Key and IV of its own, where they are not the made-up ones.
    own: Option<(Vec<u8>, Vec<u8>)>,
    chain: Vec<u8>,
    rc4: Option<rc4::Rc4>,
    /// Changes the padding of CBC before it is encrypted.
    pub spoil: fn(&mut [u8]),
}

impl Sealer {
    pub(in crate::decode) fn new(suite: &str, legacy: Legacy) -> Self {
        let number = iana::number(Table::CipherSuite, suite).expect(suite);
        let suite = Suite::of(number).expect(suite);
        let mut sealer = Self {
            suite,
            legacy,
            is_13: legacy.version == 0x0304,
            seed: 7,
            own: None,
            chain: Vec::new(),
            rc4: None,
            spoil: |_| {},
        };
        sealer.chain = sealer.iv();
        if suite.cipher == Cipher::Rc4 {
            sealer.rc4 = Some(rc4::Rc4::new_from_slice(&sealer.key()).expect("a key"));
        }
        sealer
    }

    /// From here on, everything is sealed with other keys.
    pub(super) fn change_keys(&mut self) {
        self.seed ^= 0xff;
    }

    /// Seals with these keys.
    pub(in crate::decode) fn with(mut self, keys: &Keys) -> Self {
        self.own = Some((keys.key.clone(), keys.iv.clone()));
        self
    }

    fn bytes(&self, length: usize, salt: u8) -> Vec<u8> {
        (0..length)
            .map(|index| (index as u8).wrapping_mul(31) ^ salt ^ self.seed)
            .collect()
    }

    fn key(&self) -> Vec<u8> {
        if let Some((key, _)) = &self.own {
            return key.clone();
        }
        self.bytes(self.suite.cipher.key_length(), 1)
    }

    fn mac_key(&self) -> Vec<u8> {
        self.bytes(self.suite.mac.map_or(0, Hash::length), 2)
    }

    fn iv(&self) -> Vec<u8> {
        if let Some((_, iv)) = &self.own {
            return iv.clone();
        }
        let length = match self.suite.cipher {
            _ if self.is_13 => 12,
            Cipher::ChaCha20Poly1305 => 12,
            Cipher::Gcm(_) | Cipher::Ccm { .. } => 4,
            Cipher::Cbc(block) if self.legacy.version < 0x0302 => block.length(),
            _ => 0,
        };
        self.bytes(length, 3)
    }

    /// The keys that open what is sealed here.
    pub(in crate::decode) fn keys(&self) -> Keys {
        let form = if self.is_13 { Form::Tls13 } else { Form::Legacy };
        Keys::new(
            self.suite,
            form,
            self.key(),
            self.iv(),
            self.mac_key(),
            self.legacy,
        )
        .expect("keys")
    }

    /// A record's header and payload.
    pub(in crate::decode) fn seal(&mut self, sequence: u64, kind: u8, content: &[u8]) -> ([u8; 5], Vec<u8>) {
        let version = if self.is_13 { 0x0303 } else { self.legacy.version };
        let [major, minor] = u16::to_be_bytes(version);
        let mut associated = sequence.to_be_bytes().to_vec();
        associated.extend([kind, major, minor]);
        associated.extend((content.len() as u16).to_be_bytes());
        let payload = match self.suite.cipher {
            _ if self.is_13 => {
                let plain = [content, &[kind]].concat();
                let tag = self.suite.cipher.tag_length().expect("a tag");
                let [high, low] = u16::to_be_bytes((plain.len() + tag) as u16);
                self.aead(&self.counter(sequence), &[23, 3, 3, high, low], &plain)
            }
            Cipher::ChaCha20Poly1305 => self.aead(&self.counter(sequence), &associated, content),
            Cipher::Gcm(_) | Cipher::Ccm { .. } => {
                let explicit = sequence.to_be_bytes().map(|byte| byte ^ 0x55);
                let nonce: [u8; 12] = [&self.iv()[..], &explicit].concat().try_into().expect("12 bytes");
                [&explicit[..], &self.aead(&nonce, &associated, content)].concat()
            }
            Cipher::Null => [content, &self.mac(sequence, kind, content)].concat(),
            Cipher::Rc4 => {
                let mut plain = [content, &self.mac(sequence, kind, content)].concat();
                self.rc4.as_mut().expect("a stream").apply_keystream(&mut plain);
                plain
            }
            Cipher::Cbc(block) => self.cbc(block, sequence, kind, content),
        };
        let outer = if self.is_13 { 23 } else { kind };
        let [high, low] = u16::to_be_bytes(payload.len() as u16);
        ([outer, major, minor, high, low], payload)
    }

    fn counter(&self, sequence: u64) -> [u8; 12] {
        let mut nonce: [u8; 12] = self.iv().try_into().expect("12 bytes");
        for (byte, count) in nonce[4..].iter_mut().zip(sequence.to_be_bytes()) {
            *byte ^= count;
        }
        nonce
    }

    fn mac(&self, sequence: u64, kind: u8, content: &[u8]) -> Vec<u8> {
        let hash = self.suite.mac.expect("a MAC");
        if self.legacy.version == 0x0300 {
            return ssl3::mac(hash, &self.mac_key(), sequence, kind, content);
        }
        let [major, minor] = u16::to_be_bytes(self.legacy.version);
        let [high, low] = u16::to_be_bytes(content.len() as u16);
        let header = [kind, major, minor, high, low];
        let mut mac = hash.hmac(&self.mac_key(), &[&sequence.to_be_bytes(), &header, content]);
        if self.legacy.truncated_hmac {
            mac.truncate(10);
        }
        mac
    }

    fn cbc(&mut self, block: Block, sequence: u64, kind: u8, content: &[u8]) -> Vec<u8> {
        let mut plain = content.to_vec();
        if !self.legacy.encrypt_then_mac {
            plain.extend(self.mac(sequence, kind, content));
        }
        let unpadded = plain.len();
        let padding = block.length() - 1 - plain.len() % block.length();
        plain.extend(std::iter::repeat_n(padding as u8, padding + 1));
        (self.spoil)(&mut plain[unpadded..]);
        let is_chained = self.legacy.version < 0x0302;
        let iv = if is_chained {
            self.chain.clone()
        } else {
            self.bytes(block.length(), sequence as u8)
        };
        let sealed = match block {
            Block::Des => encrypt::<des::Des>(&self.key(), &iv, &plain),
            Block::TripleDes => encrypt::<des::TdesEde3>(&self.key(), &iv, &plain),
            Block::Aes128 => encrypt::<aes::Aes128>(&self.key(), &iv, &plain),
            Block::Aes256 => encrypt::<aes::Aes256>(&self.key(), &iv, &plain),
            Block::Camellia128 => encrypt::<camellia::Camellia128>(&self.key(), &iv, &plain),
            Block::Camellia256 => encrypt::<camellia::Camellia256>(&self.key(), &iv, &plain),
            Block::Aria128 => encrypt::<aria::Aria128>(&self.key(), &iv, &plain),
            Block::Aria256 => encrypt::<aria::Aria256>(&self.key(), &iv, &plain),
        };
        self.chain = sealed[sealed.len() - block.length()..].to_vec();
        let mut payload = if is_chained { sealed } else { [iv, sealed].concat() };
        if self.legacy.encrypt_then_mac {
            let mac = self.mac(sequence, kind, &payload);
            payload.extend(mac);
        }
        payload
    }

    fn aead(&self, nonce: &[u8; 12], aad: &[u8], msg: &[u8]) -> Vec<u8> {
        let payload = Payload { msg, aad };
        let key = self.key();
        match self.suite.cipher {
            Cipher::ChaCha20Poly1305 => {
                let key = LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &key).expect("a key"));
                let mut bytes = msg.to_vec();
                key.seal_in_place_append_tag(
                    Nonce::assume_unique_for_key(*nonce),
                    Aad::from(aad),
                    &mut bytes,
                )
                .expect("sealed");
                bytes
            }
            Cipher::Gcm(Block::Aes128) => with::<AesGcm<aes::Aes128, U12>>(&key, nonce, payload),
            Cipher::Gcm(Block::Aes256) => with::<AesGcm<aes::Aes256, U12>>(&key, nonce, payload),
            Cipher::Gcm(Block::Aria128) => with::<AesGcm<aria::Aria128, U12>>(&key, nonce, payload),
            Cipher::Gcm(Block::Camellia256) => {
                with::<AesGcm<camellia::Camellia256, U12>>(&key, nonce, payload)
            }
            Cipher::Ccm {
                block: Block::Aes128,
                tag: 16,
            } => with::<Ccm<aes::Aes128, U16, U12>>(&key, nonce, payload),
            Cipher::Ccm {
                block: Block::Aes128, ..
            } => with::<Ccm<aes::Aes128, U8, U12>>(&key, nonce, payload),
            other => panic!("{other:?} is not sealed here"),
        }
    }
}

fn with<A: Aead + KeyInit>(key: &[u8], nonce: &[u8; 12], payload: Payload<'_, '_>) -> Vec<u8> {
    let nonce = nonce.as_slice().try_into().expect("12 bytes");
    A::new_from_slice(key)
        .expect("a key")
        .encrypt(nonce, payload)
        .expect("sealed")
}

fn encrypt<C: BlockCipherEncrypt + KeyInit>(key: &[u8], iv: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut bytes = plain.to_vec();
    cbc::Encryptor::<C>::new_from_slices(key, iv)
        .expect("a key and an IV")
        .encrypt_padded::<NoPadding>(&mut bytes, plain.len())
        .expect("whole blocks")
        .to_vec()
}

pub(in crate::decode) fn version(version: u16) -> Legacy {
    Legacy {
        version,
        ..Legacy::default()
    }
}
