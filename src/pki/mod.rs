//! The lowest layer: reading certificates and keys, their facts, whether they match, and minting.
//!
//! `der` and `oids` are the one reader, writer and table that the rest is read with. Knows nothing of TLS, captures or
//! screens.

mod asked_once;
mod bytes;
mod container;
mod crl;
mod der;
mod distinguished;
mod document;
mod facts;
mod file;
mod folder;
#[cfg(test)]
mod forms_tests;
mod key;
mod key_damage;
mod key_form;
mod key_spec;
mod kinds;
mod load;
mod load_der;
mod load_der_other;
mod load_note;
mod load_opened;
mod load_pem;
mod load_text;
mod load_wrapping;
mod loaded;
mod material;
mod mint;
mod mint_crl;
mod mint_names;
mod mint_under;
mod moment;
mod names;
mod ocsp;
mod oids;
mod outline;
mod passphrase;
mod pem;
mod pem_lines;
mod points;
mod quirk;
mod quote;
mod reissue;
#[cfg(test)]
mod rules_tests;
mod shell;
mod sorted;
mod spiffe;
mod wrapping;

pub use asked_once::asking_once;
pub use bytes::{Der, from_hex};
pub use crl::{ListScope, RevocationListFacts, RevokedEntry, signed_list};
pub use der::der_element;
pub use distinguished::{
    NameDifference, NamePart, attribute_text, folded, folded_name, illegal_character, name_difference,
    name_parts, name_parts_of_contents, name_with_types, string_text, string_type,
};
pub use document::is_in_openvpn_profile;
#[cfg(test)]
pub(crate) use facts::read;
pub use facts::{
    CertificateFacts, EXPLICIT_CURVE, Malformed, SignedPart, display_name, sha256_hex, signed_part,
};
pub use file::{
    ReadError, first_bytes, is_address, open_content, open_pipe, read_limited, read_start, read_to_limit,
};
pub use folder::{Folder, read_folder};
pub use key::PrivateKey;
pub use key_damage::KeyDamage;
pub use key_form::KeyFault;
pub use key_spec::KeySpec;
pub use kinds::{GeneralName, KeyKind, KeyUsage, Purpose};
pub use load::{
    LARGEST_FILE_BYTES, read_bytes, read_bytes_with, read_file, read_file_with, read_text, read_text_with,
};
pub use load_note::LoadNote;
pub use loaded::{Bundle, LoadError, LoadReason, LoadedCertificate, LoadedKey, LoadedStatus};
pub use mint::{Damage, MintError, Minted, MintedIdentity, Recipe, mint};
pub use mint_crl::{ListDamage, ListOnly, ListRecipe, mint_list};
pub use mint_under::mint_under;
pub use moment::{NO_EXPIRATION_UNIX_S, minute_words, moment_rfc3339, moment_words, time_left};
pub use names::{common_name_in, distinguished_name, reason_words};
pub use ocsp::{BasicOcsp, CertIdHash, OcspFacts, OcspStatus, Responder, SingleOcsp};
pub use oids::{oid_dotted, oid_name, oid_words};
pub use outline::{Outline, outline};
pub use passphrase::{Passphrase, Passphrases};
pub use pem::pem_text;
pub use points::DistributionPoint;
pub use quirk::Quirk;
pub use quote::{
    curl_certificate, nginx_word, openssl_value, shell_command, shell_file, shell_quote, subject_value,
    yaml_scalar,
};
pub use reissue::{KeptExtension, is_critical, kept_extensions, names_as_der, names_without_words};
pub use shell::{CERTIFICATES_OF, PemPart, fetched, joined, makes_a_file, one_of_several, openssl_subject};
pub use sorted::{Presented, Sorted, sorted};
pub use spiffe::{expect_spiffe_id, is_spiffe_id, spiffe_id_fault};
pub use wrapping::{Wrapping, certificate_out_of, certificates_out_of, key_out_of, list_out_of};
