//! Whose a certificate or a key is: by its purpose, its names, and what is loaded already.

use super::setup::Setup;
use super::slot::SetupSlot;
use crate::capture::{Der, Side, Trust};
use crate::pki::{CertificateFacts, GeneralName, LoadedCertificate, LoadedKey, Purpose};
use crate::source::oracle;

/// Whether a chain leads to one of these in the eyes of `judge`, at the time its leaf begins to be valid.
pub(super) fn leads_to(chain: &[LoadedCertificate], roots: &[LoadedCertificate], judge: Side) -> bool {
    let leaf = chain
        .first()
        .and_then(|leaf| CertificateFacts::from_der(&leaf.der).ok());
    let Some(leaf) = leaf else {
        return false;
    };
    let ders = |all: &[LoadedCertificate]| all.iter().map(|one| one.der.clone()).collect();
    let chain: Vec<Der> = ders(chain);
    let trust = Trust {
        roots: ders(roots),
        expected_name: None,
        clock_unix_s: leaf.not_before,
        ..Trust::default()
    };
    oracle::judge(&chain, &trust, judge).is_ok()
}

/// By purpose (RFC 5280 §4.2.1.12), then by the server name, then by a key that is loaded already.
pub(super) fn side_of_leaf(leaf: &CertificateFacts, setup: &Setup) -> Option<Side> {
    let has = |wanted: &Purpose| {
        leaf.purposes
            .as_ref()
            .is_some_and(|purposes| purposes.contains(wanted))
    };
    match (has(&Purpose::ClientAuth), has(&Purpose::ServerAuth)) {
        (true, false) => return Some(Side::Client),
        (false, true) => return Some(Side::Server),
        _ => {}
    }
    let asked_for = GeneralName::Dns(setup.server_name.clone());
    if leaf
        .subject_alt_names
        .as_ref()
        .is_some_and(|names| names.contains(&asked_for))
    {
        return Some(Side::Server);
    }
    Side::BOTH.into_iter().find(|side| {
        let key = &setup.slot(*side, SetupSlot::Key).key;
        key.as_ref().is_some_and(|key| key.key.matches(leaf))
    })
}

/// The side whose certificate this key belongs to.
pub(super) fn side_of_key(key: &LoadedKey, setup: &Setup) -> Option<Side> {
    Side::BOTH.into_iter().find(|side| {
        let leaf = setup.slot(*side, SetupSlot::Certificate).certificates.first();
        leaf.and_then(|leaf| CertificateFacts::from_der(&leaf.der).ok())
            .is_some_and(|facts| key.key.matches(&facts))
    })
}

#[cfg(test)]
mod tests;
