//! What a side knows of revocation: lists and responses as bytes, and how strictly it holds to them.

use serde::{Deserialize, Serialize};

use super::Der;
use crate::pki::{LoadedStatus, RevocationListFacts, Wrapping};
use crate::printable::quoted_value;

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
    /// What commands have to take it out of; `None` where tools read it as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrapping: Option<Wrapping>,
    /// The bytes.
    pub der: Der,
}

impl From<LoadedStatus> for RevocationFile {
    fn from(loaded: LoadedStatus) -> Self {
        Self {
            file: loaded.file,
            line: loaded.line,
            wrapping: loaded.wrapping,
            der: loaded.der,
        }
    }
}

impl RevocationFile {
    /// `crl.pem, line 12`, for a sentence; `kind` for what was in no file. In a container lines tell nothing: `the list of Acme CA
    /// in bundle.p7b`.
    pub fn place(&self, kind: &str) -> String {
        if let (Some(file), Some(_)) = (&self.file, self.wrapping)
            && let Ok(list) = RevocationListFacts::from_der(self.der.as_bytes())
        {
            return format!(
                "the list of {} in {file}",
                quoted_value(&list.issuer_display_name)
            );
        }
        match (&self.file, self.line) {
            (Some(file), Some(line)) if line > 1 => format!("{file}, line {line}"),
            (Some(file), _) => file.clone(),
            (None, _) => kind.to_owned(),
        }
    }
}
