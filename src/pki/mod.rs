//! The ground floor: reading certificates and keys, their facts, whether they match, and minting.
//!
//! Knows nothing of TLS, captures or screens.

mod crl;
mod facts;
mod file;
mod key;
mod load;
mod material;
mod mint;
mod mint_crl;
mod mint_under;
mod names;
mod ocsp;
mod outline;
mod pem;
mod quote;
mod shell;
mod spiffe;

pub use crl::{
    DistributionPoint, ListScope, LoadedStatus, RevocationListFacts, RevokedEntry, reason_words, signed_list,
};
pub use facts::{
    CertificateFacts, GeneralName, KeyKind, KeyUsage, Malformed, Purpose, SignedPart, sha256_hex, signed_part,
};
pub use file::{ReadError, is_address, read_limited};
pub use key::PrivateKey;
pub use load::{
    Bundle, LARGEST_FILE_BYTES, LoadError, LoadedCertificate, LoadedKey, read_bytes, read_file, read_text,
};
pub use mint::{Damage, KeySpec, MintError, Minted, MintedIdentity, Recipe, mint};
pub use mint_crl::{ListDamage, ListOnly, ListRecipe, mint_list};
pub use mint_under::mint_under;
pub use names::{der_element, distinguished_name, time_left};
pub use ocsp::{BasicOcsp, CertIdHash, OcspFacts, OcspStatus, Responder, SingleOcsp};
pub use outline::{Outline, outline};
pub use quote::{
    curl_certificate, nginx_word, openssl_value, shell_file, shell_quote, subject_value, yaml_scalar,
};
pub use shell::{CERTIFICATES_OF, PemPart, fetched, joined, one_of_several, openssl_subject};
pub use spiffe::{expect_spiffe_id, is_spiffe_id, spiffe_id_fault};
