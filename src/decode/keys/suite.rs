//! A cipher suite taken apart by its IANA name (RFC 5246 Appendix C; RFC 8446 §B.4).

use super::Hash;
use crate::iana::{self, Table};

/// What encrypts a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decode) enum Cipher {
    /// Nothing: only a MAC protects (RFC 4492 and RFC 5246 have such suites).
    Null,
    Rc4,
    Cbc(Block),
    Gcm(Block),
    Ccm {
        block: Block,
        tag: usize,
    },
    ChaCha20Poly1305,
}

/// A block cipher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decode) enum Block {
    Des,
    TripleDes,
    Aes128,
    Aes256,
    Camellia128,
    Camellia256,
    Aria128,
    Aria256,
}

impl Block {
    fn key_length(self) -> usize {
        match self {
            Self::Des => 8,
            Self::TripleDes => 24,
            Self::Aes128 | Self::Camellia128 | Self::Aria128 => 16,
            Self::Aes256 | Self::Camellia256 | Self::Aria256 => 32,
        }
    }

    /// Bytes in a block.
    pub(in crate::decode) fn length(self) -> usize {
        match self {
            Self::Des | Self::TripleDes => 8,
            _ => 16,
        }
    }

    /// The block cipher whose words begin `words`, and the words after it.
    fn of(words: &str) -> Option<(Self, &str)> {
        const NAMES: [(&str, Block); 8] = [
            ("3DES_EDE_", Block::TripleDes),
            ("DES_", Block::Des),
            ("AES_128_", Block::Aes128),
            ("AES_256_", Block::Aes256),
            ("CAMELLIA_128_", Block::Camellia128),
            ("CAMELLIA_256_", Block::Camellia256),
            ("ARIA_128_", Block::Aria128),
            ("ARIA_256_", Block::Aria256),
        ];
        NAMES
            .iter()
            .find_map(|(name, block)| words.strip_prefix(name).map(|rest| (*block, rest)))
    }
}

impl Cipher {
    pub(in crate::decode) fn key_length(self) -> usize {
        match self {
            Self::Null => 0,
            Self::Rc4 => 16,
            Self::Cbc(block) | Self::Gcm(block) | Self::Ccm { block, .. } => block.key_length(),
            Self::ChaCha20Poly1305 => 32,
        }
    }

    /// Bytes of authentication tag, for those that authenticate by themselves.
    pub(in crate::decode) fn tag_length(self) -> Option<usize> {
        match self {
            Self::Gcm(_) | Self::ChaCha20Poly1305 => Some(16),
            Self::Ccm { tag, .. } => Some(tag),
            Self::Null | Self::Rc4 | Self::Cbc(_) => None,
        }
    }

    /// Reads `AES_128_GCM`, `AES_256_CBC`, `AES_128_CCM_8`, …
    fn of(words: &str) -> Option<Self> {
        match words {
            "NULL" => return Some(Self::Null),
            "RC4_128" => return Some(Self::Rc4),
            "CHACHA20_POLY1305" => return Some(Self::ChaCha20Poly1305),
            _ => {}
        }
        let (block, mode) = Block::of(words)?;
        Some(match mode {
            "CBC" => Self::Cbc(block),
            "GCM" => Self::Gcm(block),
            "CCM" => Self::Ccm { block, tag: 16 },
            "CCM_8" => Self::Ccm { block, tag: 8 },
            _ => return None,
        })
    }
}

/// The parts of a cipher suite that keys and records need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decode) struct Suite {
    pub number: u16,
    pub cipher: Cipher,
    /// The hash of the PRF of TLS 1.2, of HKDF in 1.3, and of the transcript in both.
    pub hash: Hash,
    /// The hash of the record MAC, for ciphers that do not authenticate by themselves.
    pub mac: Option<Hash>,
}

impl Suite {
    /// The parts of a suite by its IANA number; `None` for suites that are not opened here: export ciphers, RC2, IDEA, SEED.
    pub(in crate::decode) fn of(number: u16) -> Option<Self> {
        let name = iana::name(Table::CipherSuite, number)?.strip_prefix("TLS_")?;
        if name.contains("EXPORT") || name.contains("GOST") {
            return None;
        }
        let words = name.split_once("_WITH_").map_or(name, |(_, words)| words);
        let (words, hash) = match Hash::at_end_of(words) {
            Some((rest, hash)) => (rest, Some(hash)),
            // The CCM suites of TLS 1.2 name no hash: theirs is SHA-256 (RFC 6655 §3).
            None => (words, None),
        };
        let cipher = Cipher::of(words)?;
        let is_aead = cipher.tag_length().is_some();
        let named = hash.unwrap_or(Hash::Sha256);
        Some(Self {
            number,
            cipher,
            // A suite named for MD5 or SHA-1 still has TLS 1.2's own PRF (RFC 5246 §5).
            hash: if named == Hash::Sha384 {
                Hash::Sha384
            } else {
                Hash::Sha256
            },
            mac: (!is_aead).then_some(named),
        })
    }

    /// The cipher in words: `AES_128_CBC with HMAC-SHA1`.
    pub(in crate::decode) fn words(self) -> String {
        let name = iana::name(Table::CipherSuite, self.number).unwrap_or_default();
        let words = name
            .split_once("_WITH_")
            .map_or(name.trim_start_matches("TLS_"), |(_, words)| words);
        let cipher = Hash::at_end_of(words).map_or(words, |(rest, _)| rest);
        match self.mac {
            Some(mac) => format!("{cipher} with HMAC-{}", mac.word()),
            None => cipher.to_owned(),
        }
    }
}

/// What the two sides of TLS 1.2 or before agreed on beside the suite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::decode) struct Legacy {
    /// 0x0301 to 0x0303.
    pub version: u16,
    /// RFC 7366.
    pub encrypt_then_mac: bool,
    /// RFC 6066 §7.
    pub truncated_hmac: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_come_apart_by_their_names() {
        let of = |name| Suite::of(iana::number(Table::CipherSuite, name).expect(name));
        let suite = of("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384").expect("known");
        assert_eq!(
            (suite.cipher, suite.hash, suite.mac),
            (Cipher::Cbc(Block::Aes256), Hash::Sha384, Some(Hash::Sha384))
        );
        let suite = of("TLS_RSA_WITH_RC4_128_MD5").expect("known");
        assert_eq!(
            (suite.cipher, suite.hash, suite.mac),
            (Cipher::Rc4, Hash::Sha256, Some(Hash::Md5))
        );
        let suite = of("TLS_AES_128_CCM_8_SHA256").expect("known");
        assert_eq!(
            (suite.cipher, suite.mac),
            (
                Cipher::Ccm {
                    block: Block::Aes128,
                    tag: 8
                },
                None
            )
        );
        let suite = of("TLS_RSA_WITH_AES_128_CCM").expect("known");
        assert_eq!(
            suite.cipher,
            Cipher::Ccm {
                block: Block::Aes128,
                tag: 16
            }
        );
        assert_eq!(suite.words(), "AES_128_CCM");
        assert_eq!(of("TLS_RSA_WITH_IDEA_CBC_SHA"), None);
        assert_eq!(of("TLS_RSA_EXPORT_WITH_DES40_CBC_SHA"), None);
    }
}
