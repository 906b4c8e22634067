//! What is at hand: every certificate and key of a set-up, whoever loaded it, read once.

use crate::capture::{Side, VerdictCode};
use crate::pki::{CertificateFacts, LoadedCertificate};
use crate::setup::LabSetup;

/// A certificate with what it says of itself.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub certificate: LoadedCertificate,
    pub facts: CertificateFacts,
}

impl Held {
    pub(super) fn read(certificate: &LoadedCertificate) -> Option<Self> {
        Some(Self {
            facts: CertificateFacts::from_der(&certificate.der).ok()?,
            certificate: certificate.clone(),
        })
    }

    /// Says that it may be the issuer of `child`: the names agree, and so do the key identifiers where both are given
    /// (RFC 5280 §4.2.1.1). Whether it is, a run decides.
    pub(super) fn may_have_issued(&self, child: &CertificateFacts) -> bool {
        let contradicts = matches!(
            (&child.authority_key_id, &self.facts.subject_key_id),
            (Some(authority), Some(subject)) if authority != subject
        );
        self.facts.subject_der == child.issuer_der && !contradicts
    }
}

/// Every certificate at hand as it was loaded: chains, trust stores, known ones.
pub(super) fn all(setup: &LabSetup) -> impl Iterator<Item = &LoadedCertificate> {
    Side::BOTH
        .into_iter()
        .flat_map(|side| setup.chain(side).iter().chain(&setup.parties.of(side).trust))
        .chain(&setup.known)
}

/// Every certificate at hand that can be read, each once.
pub(super) fn held(setup: &LabSetup) -> Vec<Held> {
    let mut found: Vec<Held> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for certificate in all(setup) {
        if !seen.insert(certificate.der.as_bytes()) {
            continue;
        }
        found.extend(Held::read(certificate));
    }
    found
}

/// Whether both sides' stacks accepted.
pub(super) fn is_accepted(capture: &crate::capture::Capture) -> bool {
    Side::BOTH.into_iter().all(|side| {
        let verdict = capture.sides.of(side).verdict.as_ref();
        verdict.is_some_and(|verdict| verdict.code == VerdictCode::Accepted)
    })
}
