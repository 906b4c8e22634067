//! The two ways in which Java's own key stores close a private key.

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use md5::{Digest, Md5};
use zeroize::Zeroizing;

use super::super::der::Walk;
use super::super::passphrase::Passphrases;
use super::limits::MOST_ROUNDS;

/// Sun's key protector of JKS, 1.3.6.1.4.1.42.2.17.1.1.
const JKS_PROTECTOR: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x11, 0x01, 0x01];
/// `PBEWithMD5AndTripleDES` of JCEKS, 1.3.6.1.4.1.42.2.19.1.
const JCEKS_PBE: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x13, 0x01];
const DIGEST: usize = 20;

/// Why a key stays closed.
pub enum KeyFault {
    /// No passphrase opens it.
    Wrong,
    /// Another protection, or damage.
    Unknown,
}

/// The PKCS#8 key in an entry's `EncryptedPrivateKeyInfo`.
pub fn open_key(closed: &[u8], passphrases: &Passphrases) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    let mut parts = Walk(Walk(closed).take(0x30).ok_or(KeyFault::Unknown)?);
    let mut algorithm = Walk(parts.take(0x30).ok_or(KeyFault::Unknown)?);
    let oid = algorithm.take(0x06).ok_or(KeyFault::Unknown)?;
    let bytes = parts.take(0x04).ok_or(KeyFault::Unknown)?;
    let parameters = algorithm.take(0x30).unwrap_or_default();
    for passphrase in passphrases.iter() {
        let key = if oid == JKS_PROTECTOR {
            of_jks(bytes, passphrase)
        } else if oid == JCEKS_PBE {
            of_jceks(bytes, parameters, passphrase)?
        } else {
            return Err(KeyFault::Unknown);
        };
        if let Some(key) = key.filter(|key| Walk(key).take(0x30).is_some()) {
            return Ok(key);
        }
    }
    Err(KeyFault::Wrong)
}

/// A passphrase as Java's `char`s: UTF-16, big-endian.
pub fn utf16(passphrase: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(passphrase.encode_utf16().flat_map(u16::to_be_bytes).collect())
}

fn sha1(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    for part in parts {
        context.update(part);
    }
    Zeroizing::new(context.finish().as_ref().to_vec())
}

/// Salt, the key under a stream of SHA-1 digests, and a digest of passphrase and key.
fn of_jks(bytes: &[u8], passphrase: &str) -> Option<Zeroizing<Vec<u8>>> {
    let (salt, rest) = bytes.split_at_checked(DIGEST)?;
    let (closed, check) = rest.split_at_checked(rest.len().checked_sub(DIGEST)?)?;
    let passphrase = utf16(passphrase);
    let mut key = Zeroizing::new(Vec::with_capacity(closed.len()));
    let mut stream = sha1(&[&passphrase, salt]);
    for block in closed.chunks(DIGEST) {
        key.extend(block.iter().zip(stream.iter()).map(|(byte, mask)| byte ^ mask));
        stream = sha1(&[&passphrase, &stream]);
    }
    (*sha1(&[&passphrase, &key]) == check).then_some(key)
}

/// Triple DES under a key that MD5 makes of each half of the salt.
fn of_jceks(
    bytes: &[u8],
    parameters: &[u8],
    passphrase: &str,
) -> Result<Option<Zeroizing<Vec<u8>>>, KeyFault> {
    let mut parameters = Walk(parameters);
    let salt = parameters.take(0x04).ok_or(KeyFault::Unknown)?;
    let mut salt = <[u8; 8]>::try_from(salt).map_err(|_| KeyFault::Unknown)?;
    let digits = parameters.take(0x02).filter(|digits| digits.len() <= 4);
    let rounds = digits
        .ok_or(KeyFault::Unknown)?
        .iter()
        .fold(0u64, |sum, digit| (sum << 8) | u64::from(*digit));
    if rounds > MOST_ROUNDS {
        return Err(KeyFault::Unknown);
    }
    if salt[..4] == salt[4..] {
        // As Java does it, its slip included: the first half was meant to be turned round.
        for index in 0..2 {
            let first = salt[index];
            salt[index] = salt[3 - index];
            salt[2] = first;
        }
    }
    let mut derived = Zeroizing::new(Vec::with_capacity(32));
    for half in salt.chunks(4) {
        let mut block = Zeroizing::new(half.to_vec());
        for _ in 0..rounds {
            let mut hash = Md5::new();
            hash.update(&*block);
            hash.update(passphrase.as_bytes());
            *block = hash.finalize().to_vec();
        }
        derived.extend_from_slice(&block);
    }
    let (Some(key), Some(vector)) = (derived.get(..24), derived.get(24..32)) else {
        return Ok(None);
    };
    let cipher =
        cbc::Decryptor::<des::TdesEde3>::new_from_slices(key, vector).map_err(|_| KeyFault::Unknown)?;
    Ok(cipher.decrypt_padded_vec::<Pkcs7>(bytes).ok().map(Zeroizing::new))
}

#[cfg(test)]
mod tests;
