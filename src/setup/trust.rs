//! What each side of a set-up presents, and what it judges the other by.

use super::lab::LabSetup;
use crate::capture::{ClientAuth, Side, Trust};
use crate::pki::{LoadedCertificate, LoadedKey};

impl LabSetup {
    /// The chain that a side presents, leaf first; empty where it presents none.
    pub fn chain(&self, side: Side) -> &[LoadedCertificate] {
        let identity = self.parties.of(side).identity.as_ref();
        identity.map_or(&[], |identity| &identity.chain)
    }

    /// The key that a side signs with.
    pub fn key(&self, side: Side) -> Option<&LoadedKey> {
        self.parties.of(side).identity.as_ref()?.key.as_ref()
    }

    /// Whether anybody judges what this side presents: a server may ask for no certificate (RFC 8446 §4.3.2).
    pub fn is_judged(&self, presenter: Side) -> bool {
        presenter == Side::Server || self.client_auth != ClientAuth::None
    }

    /// What `judge` judges its peer by, at `now_unix_s` (seconds since the epoch) where it has no clock of its own; `None`
    /// where it judges nobody.
    ///
    /// A client expects the name that it asks for, a server the SPIFFE ID that it lets in, if it is told one.
    pub fn trust_of(&self, judge: Side, now_unix_s: i64) -> Option<Trust> {
        let party = self.parties.of(judge);
        self.is_judged(judge.peer()).then(|| Trust {
            roots: party.trust.iter().map(|root| root.der.clone()).collect(),
            expected_name: match judge {
                Side::Client => Some(self.server_name.clone()),
                Side::Server => party.policy.limits.expected_peer.clone(),
            },
            clock_unix_s: party.policy.clock_unix_s.unwrap_or(now_unix_s),
            revocation: party.policy.revocation.clone(),
        })
    }
}
