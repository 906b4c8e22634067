//! Private keys in PEM that are encrypted as OpenSSL did before PKCS#8: `Proc-Type: 4,ENCRYPTED` and `DEK-Info` (RFC 1421
//! §4.6.1.3 names the headers; the derivation is OpenSSL's EVP_BytesToKey with MD5 and one round).

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use md5::{Digest, Md5};
use zeroize::Zeroizing;

use super::super::der::Walk;
use super::super::passphrase::Passphrases;
use super::opened::Fault;

const WHAT: &str = "the private key";

/// The key in a block with this `DEK-Info` header: `AES-256-CBC,5CFB…`.
pub fn open_legacy_key(
    header: &str,
    bytes: &[u8],
    passphrases: &Passphrases,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    if passphrases.is_empty() {
        return Err(Fault::closed(WHAT, false));
    }
    let (name, vector) = header.split_once(',').unwrap_or((header, ""));
    let Some(vector) = hex::decode(vector.trim()).ok().filter(|vector| vector.len() >= 8) else {
        return Err(Fault::other(
            "the DEK-Info line of the private key is damaged",
            "copy the key again, whole",
        ));
    };
    let decrypt = cipher(name.trim())?;
    for passphrase in passphrases.iter() {
        // A wrong passphrase can leave padding that looks right: once in 256 times.
        if let Some(key) = decrypt(passphrase, &vector, bytes).filter(|key| is_a_sequence(key)) {
            return Ok(key);
        }
    }
    Err(Fault::closed(WHAT, true))
}

fn is_a_sequence(bytes: &[u8]) -> bool {
    Walk(bytes).take(0x30).is_some()
}

type Decrypt = fn(&str, &[u8], &[u8]) -> Option<Zeroizing<Vec<u8>>>;

fn cipher(name: &str) -> Result<Decrypt, Fault> {
    Ok(match name {
        "AES-128-CBC" => decrypted::<aes::Aes128, 16>,
        "AES-192-CBC" => decrypted::<aes::Aes192, 24>,
        "AES-256-CBC" => decrypted::<aes::Aes256, 32>,
        "DES-EDE3-CBC" => decrypted::<des::TdesEde3, 24>,
        "DES-CBC" => decrypted::<des::Des, 8>,
        _ => {
            return Err(Fault::other(
                "the private key is encrypted with a cipher that is not read here",
                "write it anew as PKCS#8: openssl pkcs8 -topk8 -in {file} -out new.key (-provider legacy -provider default for old ciphers)",
            ));
        }
    })
}

fn decrypted<C: BlockCipherDecrypt + KeyInit, const KEY: usize>(
    passphrase: &str,
    vector: &[u8],
    bytes: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let salt = vector.get(..8)?;
    let mut key = Zeroizing::new(Vec::with_capacity(KEY + 16));
    let mut block = Zeroizing::new(Vec::new());
    while key.len() < KEY {
        let mut hash = Md5::new();
        hash.update(&*block);
        hash.update(passphrase.as_bytes());
        hash.update(salt);
        *block = hash.finalize().to_vec();
        key.extend_from_slice(&block);
    }
    let cipher = cbc::Decryptor::<C>::new_from_slices(key.get(..KEY)?, vector).ok()?;
    cipher.decrypt_padded_vec::<Pkcs7>(bytes).ok().map(Zeroizing::new)
}
