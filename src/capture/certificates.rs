//! Certificates as evidence: DER, and where it lay.

use serde::{Deserialize, Serialize};

use super::Side;
use crate::pki::{Der, LoadedCertificate, Wrapping};

/// Which slot of the set-up a certificate was loaded into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Slot {
    /// The identity that the side presents.
    Certificate,
    /// What the side trusts.
    Trust,
    /// Given as known: nobody sends or trusts it.
    Known,
}

/// A certificate that somebody has, with the place where it lay, so that a cause can name the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtHand {
    /// Whose; `None` for known certificates.
    pub side: Option<Side>,
    /// In which slot.
    pub slot: Slot,
    /// The file's path as the user gave it; `None` for pasted text and built-in identities.
    pub file: Option<String>,
    /// Position among the certificates of that slot, from 0, in file order.
    pub entry: usize,
    /// Line of the `-----BEGIN`, from 1; `None` for DER.
    pub line: Option<usize>,
    /// The place in a container or a document, in words: `Secret shop/orders-tls, tls.crt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// What commands have to take it out of; `None` where tools read it as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrapping: Option<Wrapping>,
    /// The certificate.
    pub der: Der,
}

impl AtHand {
    /// A certificate that was loaded into this slot; `side` as in the field.
    pub fn of(side: Option<Side>, slot: Slot, loaded: &LoadedCertificate) -> Self {
        Self {
            side,
            slot,
            file: loaded.file.clone(),
            entry: loaded.entry,
            line: loaded.line,
            within: loaded.within.clone(),
            wrapping: loaded.wrapping,
            der: loaded.der.clone(),
        }
    }

    /// What commands have to take it out of. An old session tells its place, and not what that is.
    pub fn lies_in(&self) -> Option<Wrapping> {
        let unknown = || self.within.as_ref().map(|_| Wrapping::Other);
        self.wrapping.or_else(unknown)
    }
}

/// Bytes as a lowercase hex string: a session is read in a diff.
pub(super) mod hex_bytes {
    use serde::Serializer;

    pub use crate::pki::from_hex as deserialize;

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }
}

/// As [`hex_bytes`], for what may be absent.
pub(super) mod optional_hex {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Bytes(#[serde(deserialize_with = "crate::pki::from_hex")] Vec<u8>);

    // serde's `with` hands over a reference to the field's own type.
    #[allow(clippy::ref_option, reason = "the signature is serde's")]
    pub fn serialize<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
        bytes.as_ref().map(hex::encode).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
        Ok(Option::<Bytes>::deserialize(deserializer)?.map(|Bytes(bytes)| bytes))
    }
}
