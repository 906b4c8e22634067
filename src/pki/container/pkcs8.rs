//! Encrypted PKCS#8 keys (RFC 5958 §3, RFC 8018).

use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::pkcs5::pbes2::Kdf;
use pkcs8::pkcs5::{EncryptionScheme, Error as Pkcs5};
use zeroize::Zeroizing;

use super::super::der::Walk;
use super::super::passphrase::Passphrases;
use super::limits::{MOST_ROUNDS, MOST_SCRYPT_BYTES, MOST_SCRYPT_LANES};
use super::opened::Fault;
use super::pkcs12::open_key_of_pkcs12;

const WHAT: &str = "the private key";
/// The encryption algorithms of PKCS#12, 1.2.840.113549.1.12.1, which old tools use for keys alone too.
const PKCS12_PBE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];

/// The key in an `EncryptedPrivateKeyInfo`.
pub fn open_encrypted_key(der: &[u8], passphrases: &Passphrases) -> Result<Zeroizing<Vec<u8>>, Fault> {
    if passphrases.is_empty() {
        return Err(Fault::closed(WHAT, false));
    }
    if algorithm(der).is_some_and(|oid| oid.starts_with(PKCS12_PBE)) {
        return open_key_of_pkcs12(der, passphrases);
    }
    let info = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| unknown())?;
    is_affordable(&info.encryption_algorithm)?;
    for passphrase in passphrases.iter() {
        match info
            .encryption_algorithm
            .decrypt(passphrase, info.encrypted_data.as_bytes())
        {
            Ok(key) => {
                let key = Zeroizing::new(key);
                // A wrong passphrase can leave padding that looks right: once in 256 times.
                if Walk(&key).take(0x30).is_some() {
                    return Ok(key);
                }
            }
            Err(Pkcs5::DecryptFailed | Pkcs5::EncryptFailed) => {}
            Err(_) => return Err(unknown()),
        }
    }
    Err(Fault::closed(WHAT, true))
}

fn algorithm(der: &[u8]) -> Option<&[u8]> {
    Walk(Walk(Walk(der).take(0x30)?).take(0x30)?).take(0x06)
}

fn unknown() -> Fault {
    Fault::other(
        "the private key is encrypted in a way that is not read here",
        "write it anew with today's encryption: openssl pkcs8 -topk8 -in {file} -out new.key (-provider legacy -provider default for old ciphers)",
    )
}

/// The work that a passphrase costs is the file's to say: it is bounded.
fn is_affordable(scheme: &EncryptionScheme) -> Result<(), Fault> {
    let EncryptionScheme::Pbes2(parameters) = scheme else {
        return Err(unknown());
    };
    let is_affordable = match &parameters.kdf {
        Kdf::Pbkdf2(pbkdf2) => u64::from(pbkdf2.iteration_count) <= MOST_ROUNDS,
        Kdf::Scrypt(scrypt) => {
            let bytes = 128u64
                .checked_mul(scrypt.cost_parameter)
                .and_then(|bytes| bytes.checked_mul(u64::from(scrypt.block_size)));
            bytes.is_some_and(|bytes| bytes <= MOST_SCRYPT_BYTES)
                && scrypt.parallelization <= MOST_SCRYPT_LANES
        }
        // The library may learn more.
        _ => false,
    };
    if is_affordable {
        return Ok(());
    }
    Err(Fault::other(
        "the private key asks for more work per passphrase than is done here",
        "write it anew with usual numbers: openssl pkcs8 -topk8 -in {file} -out new.key",
    ))
}

#[cfg(test)]
mod tests;
