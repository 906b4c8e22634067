//! A's value of one input in B's set-up.

use super::both::{Both, Subject};
use super::inputs::{Input, fault_of, presented};
use crate::capture::{Der, Policy, Side, SideEvidence};
use crate::pki::{CertificateFacts, LoadedCertificate};
use crate::setup::{Identity, LabSetup, TlsVersion};

/// More bytes of a list are not said in one message.
const LARGEST_LIST_BYTES: usize = 32 * 1024;
/// A larger chain of a recording is not sent again.
const LARGEST_CHAIN_BYTES: usize = 256 * 1024;
/// More anchors of a recording are not put back, and none is tried beside so many.
pub(super) const MOST_ANCHORS: usize = 512;

/// Puts A's value into a copy of B's set-up; `None` where A's is not at hand, such as a private key.
pub(super) fn put_back(setup: &mut LabSetup, input: Input, both: &Both<Subject<'_>>) -> Option<()> {
    let given = both.a.setup;
    let capture = &both.a.analysis.capture;
    let evidence = |side: Side| -> &SideEvidence { capture.sides.of(side) };
    let policy = |side: Side| -> Option<&Policy> { evidence(side).policy.as_ref() };
    let trust = |side: Side| evidence(side).trust.as_ref();
    match input {
        Input::Presents(side) => {
            let identity = match given {
                Some(given) => given.parties.of(side).identity.clone(),
                None => identity(setup, &presented(both.a.analysis, side)?)?,
            };
            setup.parties.of_mut(side).identity = identity;
        }
        Input::Trusts(side) => {
            let certificates = match given {
                Some(given) => given.parties.of(side).trust.clone(),
                None => anchors(&trust(side)?.roots)?,
            };
            setup.parties.of_mut(side).trust = certificates;
        }
        Input::Revocation(side) => {
            setup.parties.of_mut(side).policy.revocation = trust(side)?.revocation.clone();
        }
        Input::ServerName => setup.server_name = trust(Side::Client)?.expected_name.clone()?,
        Input::ExpectedPeer => {
            let name = trust(Side::Server)?.expected_name.clone();
            setup.parties.server.policy.limits.expected_peer = name;
        }
        Input::ClientAuth => setup.client_auth = policy(Side::Server)?.client_auth?,
        Input::Versions(side) => {
            let versions = match given {
                Some(given) => given.parties.of(side).policy.versions.clone(),
                None => policy(side)?
                    .versions
                    .iter()
                    .filter_map(|word| version(word))
                    .collect(),
            };
            setup.parties.of_mut(side).policy.versions = versions;
        }
        Input::CipherSuites(side) => {
            let suites = match given {
                Some(given) => given.parties.of(side).policy.cipher_suites.clone(),
                None => policy(side)?.cipher_suites.clone(),
            };
            setup.parties.of_mut(side).policy.cipher_suites = suites;
        }
        Input::Groups(side) => {
            let groups = match given {
                Some(given) => given.parties.of(side).policy.groups.clone(),
                None => policy(side)?.groups.clone(),
            };
            setup.parties.of_mut(side).policy.groups = groups;
        }
        Input::Protocols(side) => {
            let protocols = policy(side)?.alpn.clone();
            setup.parties.of_mut(side).policy.alpn = protocols;
        }
        Input::VerifySchemes(side) => {
            let schemes = policy(side)?.verify_schemes.clone();
            setup.parties.of_mut(side).policy.limits.verify_schemes = schemes;
        }
        Input::SignSchemes(side) => {
            let schemes = policy(side)?.sign_schemes.clone();
            setup.parties.of_mut(side).policy.limits.sign_schemes = schemes;
        }
        Input::ServedNames => {
            let names = policy(Side::Server)?.server_names.clone();
            setup.parties.server.policy.limits.server_names = names;
        }
        Input::Clock(side) => {
            setup.parties.of_mut(side).policy.clock_unix_s = Some(trust(side)?.clock_unix_s);
        }
        Input::Wire => setup.fault = fault_of(given, both.a.analysis)?,
        // There is one lab, with one stack in it.
        Input::Stack(_) => return None,
    }
    Some(())
}

/// As many anchors as a server can name in its request (RFC 8446 §4.2.4).
fn anchors(roots: &[Der]) -> Option<Vec<LoadedCertificate>> {
    if roots.len() > MOST_ANCHORS {
        return None;
    }
    let names = roots
        .iter()
        .filter_map(|der| CertificateFacts::from_der(der.as_bytes()).ok())
        .map(|facts| facts.subject_der.len() + 2);
    (names.sum::<usize>() <= LARGEST_LIST_BYTES).then(|| roots.iter().map(loaded).collect())
}

/// A recording has no private key: one that is loaded in B's set-up and fits the certificate does as well.
#[allow(
    clippy::option_option,
    reason = "a side may present nothing, and that can be put back"
)]
fn identity(setup: &LabSetup, chain: &[Der]) -> Option<Option<Identity>> {
    let Some(leaf) = chain.first() else {
        return Some(None);
    };
    let bytes: usize = chain.iter().map(|der| der.as_bytes().len()).sum();
    if bytes > LARGEST_CHAIN_BYTES {
        return None;
    }
    let spki = CertificateFacts::from_der(leaf.as_bytes()).ok()?.spki;
    let mut keys = Side::BOTH.into_iter().filter_map(|side| setup.key(side));
    let key = keys.find(|loaded| loaded.key.public_key == spki)?;
    Some(Some(Identity {
        chain: chain.iter().map(loaded).collect(),
        key: Some(key.clone()),
    }))
}

fn version(word: &str) -> Option<TlsVersion> {
    match word {
        "TLS 1.2" => Some(TlsVersion::Tls12),
        "TLS 1.3" => Some(TlsVersion::Tls13),
        _ => None,
    }
}

/// A certificate of a recording, as it is loaded from no file.
pub(super) fn loaded(der: &Der) -> LoadedCertificate {
    LoadedCertificate {
        der: der.clone(),
        file: None,
        entry: 0,
        line: None,
        within: None,
        wrapping: None,
    }
}
