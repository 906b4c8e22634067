//! From files and pasted text to certificates and keys, with a sentence for whatever cannot be one.

use std::path::PathBuf;

use super::key::PrivateKey;

/// One certificate with the place where it lay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedCertificate {
    /// DER.
    pub der: Vec<u8>,
    /// The path as given; `None` for pasted text and minted identities.
    pub file: Option<String>,
    /// Position among the file's certificates, from 0.
    pub entry: usize,
    /// Line of its `-----BEGIN`, from 1; `None` for DER.
    pub line: Option<usize>,
}

/// One private key with the place where it lay.
#[derive(Clone, Debug)]
pub struct LoadedKey {
    /// The key.
    pub key: PrivateKey,
    /// As for certificates.
    pub file: Option<String>,
    /// As for certificates.
    pub line: Option<usize>,
}

/// What one file or one paste held, sorted out.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// In file order.
    pub certificates: Vec<LoadedCertificate>,
    /// In file order.
    pub keys: Vec<LoadedKey>,
}

/// Why a file or a paste gave nothing. `Display` is one sentence: file, place, what is wrong, the mend.
#[derive(Debug, thiserror::Error)]
#[error("{where_}: {what}. {mend}")]
pub struct LoadError {
    /// The file (and line, where known), or `the pasted text`.
    pub where_: String,
    /// What is wrong, without a full stop.
    pub what: String,
    /// What to do about it, a full sentence; names the command where there is one.
    pub mend: String,
    /// The path, if it was a file.
    pub path: Option<PathBuf>,
}
