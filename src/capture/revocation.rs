//! What a side knows of revocation: lists and responses as bytes, and how strictly it holds to them.

use serde::{Deserialize, Serialize};

use super::Der;
use crate::pki::LoadedStatus;

/// What a side knows of revocation, and how strictly it holds to it. The default is a side that was given nothing: it does
/// not ask whether a certificate was revoked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Revocation {
    /// Certificate revocation lists (RFC 5280 §5), DER.
    pub lists: Vec<RevocationFile>,
    /// OCSP responses (RFC 6960 §4.2) from files, DER. Stapled ones travel in the handshake and are not repeated here.
    pub responses: Vec<RevocationFile>,
    /// Only the leaf's status is asked for, not that of the intermediates.
    pub is_leaf_only: bool,
    /// A certificate for which no list speaks is accepted. rustls refuses it once there is any list.
    pub allows_unknown: bool,
    /// A list past its nextUpdate is refused. rustls by itself does not look.
    pub refuses_stale: bool,
}

impl Revocation {
    /// Nothing was given.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.responses.is_empty()
    }
}

/// One revocation list or OCSP response with the place where it lay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationFile {
    /// The file's path as the user gave it, or the address it was fetched from; `None` for what was minted or pasted.
    pub file: Option<String>,
    /// Line of the `-----BEGIN`, from 1; `None` for DER.
    pub line: Option<usize>,
    /// The bytes.
    pub der: Der,
}

impl From<LoadedStatus> for RevocationFile {
    fn from(loaded: LoadedStatus) -> Self {
        Self {
            file: loaded.file,
            line: loaded.line,
            der: loaded.der,
        }
    }
}

impl RevocationFile {
    /// `crl.pem, line 12`, for a sentence; `kind` for what was in no file.
    pub fn place(&self, kind: &str) -> String {
        match (&self.file, self.line) {
            (Some(file), Some(line)) if line > 1 => format!("{file}, line {line}"),
            (Some(file), _) => file.clone(),
            (None, _) => kind.to_owned(),
        }
    }
}
