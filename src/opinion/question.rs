//! What is asked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::capture::{Revocation, Side};
use crate::pki::{Der, LoadedCertificate, LoadedKey};
use crate::setup::{LabSetup, TlsVersion};
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

impl Question {
    /// What is asked about the chain that `judge` is shown in this pair; `None` where there is none, or nobody judges it.
    pub fn of_pair(setup: &LabSetup, judge: Side) -> Option<Self> {
        let presenter = judge.peer();
        let chain = setup.chain(presenter);
        if chain.is_empty() || !setup.is_judged(presenter) {
            return None;
        }
        let party = setup.parties.of(judge);
        let speaks = |side: Side, version: TlsVersion| {
            let versions = &setup.parties.of(side).policy.versions;
            versions.is_empty() || versions.contains(&version)
        };
        Some(Self {
            judge,
            chain: chain.to_vec(),
            key: setup.key(presenter).cloned(),
            trust: party.trust.clone(),
            name: match judge {
                Side::Client => Self::host(Some(&setup.server_name)),
                Side::Server => None,
            },
            at_unix_s: party.policy.clock_unix_s,
            revocation: party.policy.revocation.clone(),
            versions: [TlsVersion::Tls12, TlsVersion::Tls13]
                .into_iter()
                .filter(|version| Side::BOTH.into_iter().all(|side| speaks(side, *version)))
                .collect(),
        })
    }

    /// Whether the same is asked: of the same certificates and key, by the same.
    pub fn is_same(&self, other: &Self) -> bool {
        let ders =
            |all: &[LoadedCertificate]| -> Vec<Der> { all.iter().map(|one| one.der.clone()).collect() };
        let key = |question: &Self| {
            let key = question.key.as_ref();
            key.map(|key| key.key.public_key.clone())
        };
        self.judge == other.judge
            && ders(&self.chain) == ders(&other.chain)
            && ders(&self.trust) == ders(&other.trust)
            && key(self) == key(other)
            && self.name == other.name
            && self.at_unix_s == other.at_unix_s
            && self.revocation == other.revocation
            && self.versions == other.versions
    }

    /// The name to ask for: a SPIFFE ID is none that a stack compares by itself.
    pub fn host(name: Option<&str>) -> Option<String> {
        name.filter(|name| !name.starts_with("spiffe://"))
            .map(str::to_owned)
    }
}

#[cfg(test)]
mod tests;
