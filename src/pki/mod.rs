//! The ground floor: reading certificates and keys, their facts, whether they match, and minting.
//!
//! Knows nothing of TLS, captures or screens.

mod crl;
mod facts;
mod file;
mod key;
mod load;
mod mint;
mod mint_crl;
mod names;
mod ocsp;
mod outline;
mod pem;

pub use crl::{
    DistributionPoint, ListScope, LoadedStatus, RevocationListFacts, RevokedEntry, reason_words, signed_list,
};
pub use facts::{
    CertificateFacts, GeneralName, KeyKind, KeyUsage, Malformed, Purpose, SignedPart, sha256_hex, signed_part,
};
pub use file::{ReadError, read_limited};
pub use key::PrivateKey;
pub use load::{Bundle, LoadError, LoadedCertificate, LoadedKey, read_bytes, read_file, read_text};
pub use mint::{Damage, KeySpec, MintError, Minted, MintedIdentity, Recipe, mint};
pub use mint_crl::{ListDamage, ListOnly, ListRecipe, mint_list};
pub use names::{der_element, distinguished_name, time_left};
pub use ocsp::{BasicOcsp, CertIdHash, OcspFacts, OcspStatus, Responder, SingleOcsp};
pub use outline::{Outline, outline};

/// A word of a shell command, quoted where it must be (POSIX sh).
pub fn shell_quote(word: &str) -> String {
    let is_plain = !word.is_empty()
        && !word.starts_with('-')
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-/+:@%,".contains(c));
    if is_plain {
        word.to_owned()
    } else if word.starts_with('-') {
        shell_quote(&format!("./{word}"))
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
