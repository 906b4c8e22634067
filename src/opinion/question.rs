//! What is asked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::capture::{Revocation, Side};
use crate::pki::{LoadedCertificate, LoadedKey};
use crate::setup::TlsVersion;
use crate::stack::Stack;

/// A chain, and what it is to be judged by. Files play no part: what was loaded is what is asked about.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who judges: the client judges a server's chain, the server a client's.
    pub judge: Side,
    /// Leaf first, as it is sent.
    pub chain: Vec<LoadedCertificate>,
    /// Signs in our own end, and is never handed on. Without it only a chain tool can be asked.
    pub key: Option<LoadedKey>,
    /// What the judge trusts.
    pub trust: Vec<LoadedCertificate>,
    /// The DNS name or address that a client asks for; `None` where no name is judged.
    pub name: Option<String>,
    /// Judge at this time, in seconds since the epoch; `None`: at the machine's.
    pub at_unix_s: Option<i64>,
    /// What the judge knows of revocation.
    pub revocation: Revocation,
    /// The versions that may be spoken; empty: all that both speak.
    pub versions: Vec<TlsVersion>,
}

/// Where the user says that programs are, before the path is searched: the file of `openssl`, `go`, `java`, …
pub type Programs = BTreeMap<Stack, PathBuf>;
