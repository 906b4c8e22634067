//! Every certificate of a capture, each read once, at the first question about it: what is drawn is asked for in every frame.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::capture::{Capture, Der, Side};
use crate::decode::Transcript;
use crate::pki::{CertificateFacts, sha256_hex};

/// A certificate that somebody sent, loaded or trusts.
#[derive(Debug)]
pub struct Known {
    /// Its bytes.
    pub der: Der,
    /// Lowercase hex SHA-256 of the DER.
    pub sha256: String,
    facts: OnceLock<Option<CertificateFacts>>,
}

impl Known {
    /// What it says of itself; `None` where it cannot be read as X.509. Read at the first call.
    pub fn facts(&self) -> Option<&CertificateFacts> {
        let read = || CertificateFacts::from_der(self.der.as_bytes()).ok();
        self.facts.get_or_init(read).as_ref()
    }
}

/// Every certificate of a capture, found by its bytes and by its digest.
#[derive(Debug)]
pub struct Certificates {
    all: Vec<Known>,
    by_der: HashMap<Der, usize>,
    by_sha256: HashMap<String, usize>,
}

impl Certificates {
    /// Those that were sent, that lie at hand, that are trusted; each once.
    pub(super) fn of(capture: &Capture, transcript: &Transcript) -> Self {
        let sent = Side::BOTH
            .into_iter()
            .filter_map(|side| transcript.chain_sent_by(side))
            .flat_map(|(_, sent)| sent.chain.iter().map(|(der, _)| der));
        let loaded = capture.at_hand.iter().map(|item| &item.der);
        let trusted = Side::BOTH
            .into_iter()
            .filter_map(|side| capture.sides.of(side).trust.as_ref())
            .flat_map(|trust| &trust.roots);
        let mut found = Self {
            all: Vec::new(),
            by_der: HashMap::new(),
            by_sha256: HashMap::new(),
        };
        for der in sent.chain(loaded).chain(trusted) {
            if found.by_der.contains_key(der) {
                continue;
            }
            let place = found.all.len();
            let sha256 = sha256_hex(der.as_bytes());
            found.by_der.insert(der.clone(), place);
            found.by_sha256.insert(sha256.clone(), place);
            found.all.push(Known {
                der: der.clone(),
                sha256,
                facts: OnceLock::new(),
            });
        }
        found
    }

    /// The certificate with these bytes.
    pub fn of_der(&self, der: &Der) -> Option<&Known> {
        self.all.get(*self.by_der.get(der)?)
    }

    /// The certificate with this hash.
    pub fn of_sha256(&self, sha256: &str) -> Option<&Known> {
        self.all.get(*self.by_sha256.get(sha256)?)
    }

    /// What the certificate with these bytes says of itself.
    pub fn facts(&self, der: &Der) -> Option<&CertificateFacts> {
        self.of_der(der)?.facts()
    }
}
