//! A number by which two set-ups are known for the same.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::lab::{Identity, LabSetup, Limits, Party, SidePolicy};
use crate::capture::{Revocation, RevocationFile};
use crate::pki::LoadedCertificate;

impl LabSetup {
    /// A number that two set-ups share only where a run of one is a run of the other. Each field is named here, so that a
    /// new one cannot be forgotten.
    pub fn fingerprint(&self) -> u64 {
        let Self {
            parties,
            server_name,
            client_auth,
            fault,
            // At hand, and neither sent nor trusted.
            known: _,
            timeout_ms: _,
            wall_clock: _,
        } = self;
        let mut hasher = DefaultHasher::new();
        party(&parties.client, &mut hasher);
        party(&parties.server, &mut hasher);
        server_name.hash(&mut hasher);
        format!("{client_auth:?} {fault:?}").hash(&mut hasher);
        hasher.finish()
    }
}

fn party(party: &Party, hasher: &mut DefaultHasher) {
    let Party {
        label: _,
        identity,
        trust,
        policy,
    } = party;
    identity.is_some().hash(hasher);
    if let Some(Identity { chain, key }) = identity {
        certificates(chain, hasher);
        key.as_ref().map(|key| &key.key.public_key).hash(hasher);
    }
    certificates(trust, hasher);
    let SidePolicy {
        versions,
        cipher_suites,
        groups,
        alpn,
        clock_unix_s,
        limits,
        revocation,
    } = policy;
    versions.hash(hasher);
    cipher_suites.hash(hasher);
    groups.hash(hasher);
    alpn.hash(hasher);
    clock_unix_s.hash(hasher);
    let Limits {
        server_names,
        verify_schemes,
        sign_schemes,
        expected_peer,
    } = limits;
    server_names.hash(hasher);
    verify_schemes.hash(hasher);
    sign_schemes.hash(hasher);
    expected_peer.hash(hasher);
    let Revocation {
        lists,
        responses,
        is_leaf_only,
        allows_unknown,
        refuses_stale,
    } = revocation;
    files(lists, hasher);
    files(responses, hasher);
    (is_leaf_only, allows_unknown, refuses_stale).hash(hasher);
}

fn certificates(list: &[LoadedCertificate], hasher: &mut DefaultHasher) {
    list.len().hash(hasher);
    for certificate in list {
        certificate.der.hash(hasher);
    }
}

fn files(list: &[RevocationFile], hasher: &mut DefaultHasher) {
    list.len().hash(hasher);
    for file in list {
        file.der.as_bytes().hash(hasher);
    }
}
