//! Which edits are worth a run. What cannot change any verdict is left out here; whether one does is for a run to say.

use std::collections::HashSet;

use super::edit::{Edit, Spoken, Swap};
use crate::capture::{ClientAuth, Side};
use crate::diagnose::{Cause, CauseId};
use crate::experiment::hand::{self, Held};
use crate::pki::{CertificateFacts, GeneralName, LoadedCertificate, sha256_hex};
use crate::setup::{LabSetup, Party, TlsVersion};

/// Every edit worth a run, likely ones first: those that a cause points to, then by preference. No more than `most` are made to
/// be compared; the second value is how many were.
pub(super) fn candidates(
    setup: &LabSetup,
    causes: &[Cause],
    now_unix_s: i64,
    most: usize,
) -> (Vec<Edit>, usize) {
    let held = hand::held(setup);
    let mut edits = Vec::new();
    // A wire that alters what it carries must be mended before anything else can be proven.
    if setup.fault.is_some() {
        return (vec![Edit::MendWire], 1);
    }
    for side in Side::BOTH {
        if setup.is_judged(side) {
            chain_edits(setup, side, &held, now_unix_s, &mut edits);
        }
        if setup.is_judged(side.peer()) {
            trust_edits(setup, side, &held, now_unix_s, &mut edits);
        }
        speak_edits(setup, side, &mut edits);
    }
    swaps(setup, &mut edits);
    clocks(setup, now_unix_s, &mut edits);
    names(setup, &mut edits);
    if edits.len() > most {
        edits.sort_by_key(|edit| (!causes.iter().any(|cause| points_to(cause, edit)), edit.rank()));
        edits.truncate(most);
    }
    let made = edits.len();
    edits.retain(|edit| !trusts_what_was_withdrawn(edit, setup, causes));
    edits.sort_by_key(Edit::rank);
    // Of two edits that come to the same, the one that is preferred is told.
    let mut seen = HashSet::new();
    edits.retain(|edit| seen.insert(edit.apply(setup).fingerprint()));
    edits.sort_by_key(|edit| !causes.iter().any(|cause| points_to(cause, edit)));
    (edits, made)
}

/// rustls asks no list about an anchor: to trust a revoked CA for itself would pass, and would undo its revocation.
fn trusts_what_was_withdrawn(edit: &Edit, setup: &LabSetup, causes: &[Cause]) -> bool {
    let mut revoked = causes
        .iter()
        .filter(|cause| cause.id == CauseId::Revoked)
        .filter_map(|cause| cause.certificate.as_ref())
        .peekable();
    if revoked.peek().is_none() {
        return false;
    }
    let anchors = |setup: &LabSetup| -> HashSet<String> {
        Side::BOTH
            .iter()
            .flat_map(|side| &setup.parties.of(*side).trust)
            .map(|one| sha256_hex(&one.der))
            .collect()
    };
    let (before, after) = (anchors(setup), anchors(&edit.apply(setup)));
    revoked.any(|one| after.contains(&one.sha256) && !before.contains(&one.sha256))
}

fn chain_edits(setup: &LabSetup, side: Side, held: &[Held], now_unix_s: i64, edits: &mut Vec<Edit>) {
    let clock = setup
        .parties
        .of(side.peer())
        .policy
        .clock_unix_s
        .unwrap_or(now_unix_s);
    let chain: Vec<Held> = setup.chain(side).iter().filter_map(Held::read).collect();
    let is_sent = |one: &Held| {
        chain
            .iter()
            .any(|other| other.certificate.der == one.certificate.der)
    };
    let sent = setup.chain(side);
    // Another certificate can only help as the issuer of one that is sent.
    let mut missing: Vec<LoadedCertificate> = Vec::new();
    for one in held {
        let is_issuer = chain
            .iter()
            .any(|child| one.facts.subject_der == child.facts.issuer_der);
        if is_issuer && !is_sent(one) && !one.facts.is_self_issued() {
            if let Some(old) = chain.iter().skip(1).find(|old| supersedes(one, old, clock)) {
                edits.push(Edit::ReplaceInChain {
                    side,
                    certificate: one.certificate.clone(),
                    instead_of: old.certificate.clone(),
                });
                continue;
            }
            edits.push(Edit::AddToChain {
                side,
                certificates: vec![one.certificate.clone()],
            });
        }
    }
    if let Some(last) = chain.first() {
        let whole = linked(last, held);
        missing.extend(
            whole
                .into_iter()
                .skip(1)
                .filter(|one| !is_sent(one))
                .map(|one| one.certificate),
        );
    }
    if missing.len() > 1 {
        edits.push(Edit::AddToChain {
            side,
            certificates: missing,
        });
    }
    if sent.len() > 1 {
        for certificate in sent {
            edits.push(Edit::DropFromChain {
                side,
                certificate: certificate.clone(),
            });
        }
        for first in chain.iter().skip(1) {
            edits.push(Edit::ReorderChain {
                side,
                chain: in_order(first, &chain),
            });
        }
    }
    keys_and_leaves(setup, side, held, edits);
    if !setup.parties.of(side).trust.is_empty() && !sent.is_empty() {
        edits.push(Edit::SwapSlots(side));
    }
}

/// Whether one certificate takes the place of another: the same name and key, certified again. One that is certified by
/// somebody else (a cross-certificate) stands beside the other, as long as that is valid.
fn supersedes(new: &Held, old: &Held, clock: i64) -> bool {
    new.facts.subject_der == old.facts.subject_der
        && new.facts.spki == old.facts.spki
        && (new.facts.issuer_der == old.facts.issuer_der || !old.facts.is_valid_at(clock))
}

/// Another key for the certificate, or another certificate for the key.
fn keys_and_leaves(setup: &LabSetup, side: Side, held: &[Held], edits: &mut Vec<Edit>) {
    let leaf = setup.chain(side).first().and_then(Held::read);
    let own = setup.key(side);
    if let Some(leaf) = &leaf {
        for key in Side::BOTH.iter().filter_map(|whose| setup.key(*whose)) {
            let is_own = own.is_some_and(|own| own.key.public_key == key.key.public_key);
            if !is_own && key.key.matches(&leaf.facts) {
                edits.push(Edit::UseKey {
                    side,
                    key: key.clone(),
                });
            }
        }
    }
    // A key of the other side stays there: two services with one key is a fault of its own.
    let Some(own) = own else { return };
    for one in held {
        let is_presented = leaf
            .as_ref()
            .is_some_and(|leaf| leaf.certificate.der == one.certificate.der);
        if !is_presented && own.key.matches(&one.facts) {
            edits.push(Edit::UseCertificate {
                side,
                chain: linked(one, held).into_iter().map(|one| one.certificate).collect(),
            });
        }
    }
}

/// A leaf and the CAs above it, as far as they are at hand; the root is left out, as it should be.
fn linked(leaf: &Held, held: &[Held]) -> Vec<Held> {
    let mut chain = vec![leaf.clone()];
    while let Some(last) = chain.last().cloned() {
        if last.facts.is_self_issued() {
            break;
        }
        let next = held.iter().find(|one| {
            one.may_have_issued(&last.facts)
                && !one.facts.is_self_issued()
                && !chain
                    .iter()
                    .any(|other| other.certificate.der == one.certificate.der)
        });
        let Some(next) = next else { break };
        chain.push(next.clone());
    }
    chain
}

/// `first`, then whoever issued it, and so on; then the rest as it was.
fn in_order(first: &Held, chain: &[Held]) -> Vec<LoadedCertificate> {
    let mut order: Vec<LoadedCertificate> = linked(first, chain)
        .into_iter()
        .map(|one| one.certificate)
        .collect();
    for one in chain {
        if !order.iter().any(|other| other.der == one.certificate.der) {
            order.push(one.certificate.clone());
        }
    }
    order
}

fn trust_edits(setup: &LabSetup, side: Side, held: &[Held], now_unix_s: i64, edits: &mut Vec<Edit>) {
    let trust = &setup.parties.of(side).trust;
    let clock = setup.parties.of(side).policy.clock_unix_s.unwrap_or(now_unix_s);
    let presented: Vec<CertificateFacts> = setup
        .chain(side.peer())
        .iter()
        .filter_map(|one| CertificateFacts::from_der(&one.der).ok())
        .collect();
    for one in held {
        let is_trusted = trust.iter().any(|other| other.der == one.certificate.der);
        // An anchor helps only as the issuer of what is presented. One that is out of date would pass rustls, which does
        // not look, and be refused by others.
        let is_issuer = presented
            .iter()
            .any(|child| child.issuer_der == one.facts.subject_der);
        if !is_trusted && is_issuer && one.facts.is_valid_at(clock) {
            edits.push(Edit::TrustAlso {
                side,
                certificate: one.certificate.clone(),
            });
        }
    }
    let same = |list: &[LoadedCertificate]| {
        list.len() == trust.len() && list.iter().zip(trust).all(|(one, other)| one.der == other.der)
    };
    for store in stores(setup, side) {
        if !store.is_empty() && !same(&store) {
            edits.push(Edit::TrustInstead {
                side,
                certificates: store,
            });
        }
    }
}

/// Trust stores at hand for a side: the other side's, and each file of known CAs.
fn stores(setup: &LabSetup, side: Side) -> Vec<Vec<LoadedCertificate>> {
    let mut stores = vec![setup.parties.of(side.peer()).trust.clone()];
    let mut files: Vec<&String> = Vec::new();
    for file in setup.known.iter().filter_map(|one| one.file.as_ref()) {
        if !files.contains(&file) {
            files.push(file);
        }
    }
    for file in files {
        let is_ca = |one: &LoadedCertificate| {
            CertificateFacts::from_der(&one.der)
                .is_ok_and(|facts| facts.is_ca == Some(true) && facts.is_self_issued())
        };
        stores.push(
            setup
                .known
                .iter()
                .filter(|one| one.file.as_ref() == Some(file) && is_ca(one))
                .cloned()
                .collect(),
        );
    }
    stores
}

fn speak_edits(setup: &LabSetup, side: Side, edits: &mut Vec<Edit>) {
    let (own, peer) = (setup.parties.of(side), setup.parties.of(side.peer()));
    let mut push = |also: Option<Spoken>| edits.extend(also.map(|also| Edit::Speak { side, also }));
    let both = [TlsVersion::Tls12, TlsVersion::Tls13];
    let spoken_by = |party: &Party| -> Vec<TlsVersion> {
        if party.policy.versions.is_empty() {
            both.to_vec()
        } else {
            party.policy.versions.clone()
        }
    };
    for version in spoken_by(peer) {
        let is_new = !spoken_by(own).contains(&version);
        push(is_new.then(|| Spoken::Versions(vec![version])));
    }
    push(more(&own.policy.cipher_suites, &peer.policy.cipher_suites).map(Spoken::CipherSuites));
    push(more(&own.policy.groups, &peer.policy.groups).map(Spoken::Groups));
    // No protocol at all is no restriction: ALPN is then not spoken.
    if !own.policy.alpn.is_empty() && !peer.policy.alpn.is_empty() {
        push(more(&own.policy.alpn, &peer.policy.alpn).map(Spoken::Protocols));
    }
}

/// What the peer speaks and a side with a list of its own does not.
fn more(own: &[String], peer: &[String]) -> Option<Vec<String>> {
    if own.is_empty() {
        return None;
    }
    let new: Vec<String> = peer.iter().filter(|one| !own.contains(one)).cloned().collect();
    // Everything the peer speaks is spoken already, or the peer speaks whatever the library does.
    (peer.is_empty() || !new.is_empty()).then_some(new)
}

fn swaps(setup: &LabSetup, edits: &mut Vec<Edit>) {
    let has = |side: Side| setup.parties.of(side).identity.is_some();
    if has(Side::Client) && has(Side::Server) {
        edits.extend([Swap::Keys, Swap::Chains, Swap::Identities].map(Edit::Swap));
    }
    if setup.client_auth != ClientAuth::None {
        edits.push(Edit::Swap(Swap::Trust));
    }
}

fn clocks(setup: &LabSetup, now_unix_s: i64, edits: &mut Vec<Edit>) {
    let clocks = Side::BOTH.map(|side| setup.parties.of(side).policy.clock_unix_s);
    if clocks.iter().any(Option::is_some) {
        edits.push(Edit::MoveClock(None));
    }
    let mut window = (0, i64::MAX);
    for side in Side::BOTH {
        if !setup.is_judged(side) {
            continue;
        }
        for one in setup.chain(side).iter().filter_map(Held::read) {
            window = (
                window.0.max(one.facts.not_before),
                window.1.min(one.facts.not_after),
            );
        }
    }
    let is_inside = |clock: Option<i64>| (window.0..=window.1).contains(&clock.unwrap_or(now_unix_s));
    if window.0 <= window.1 && window.1 < i64::MAX && !clocks.into_iter().all(is_inside) {
        edits.push(Edit::MoveClock(Some(window.0 + (window.1 - window.0) / 2)));
    }
}

/// Every name that the server's certificate carries. A wildcard is asked for by the host that was asked for, below it.
fn names(setup: &LabSetup, edits: &mut Vec<Edit>) {
    let Some(leaf) = setup.chain(Side::Server).first().and_then(Held::read) else {
        return;
    };
    let host = setup.server_name.split('.').next().unwrap_or("www");
    for name in leaf.facts.subject_alt_names.into_iter().flatten() {
        let name = match name {
            GeneralName::Dns(name) => match name.strip_prefix("*.") {
                Some(domain) => format!("{host}.{domain}"),
                None => name,
            },
            GeneralName::Ip(address) => address.to_string(),
            _ => continue,
        };
        if name != setup.server_name {
            edits.push(Edit::AskFor(name));
        }
    }
}

/// Whether a cause makes an edit likely. Only the order depends on it.
fn points_to(cause: &Cause, edit: &Edit) -> bool {
    use CauseId as C;
    let sender = cause.side.map(Side::peer);
    match edit {
        Edit::AddToChain { side, .. } => {
            matches!(cause.id, C::MissingIntermediate | C::UnknownIssuer) && sender == Some(*side)
        }
        Edit::ReplaceInChain { side, instead_of, .. } => {
            let sha256 = sha256_hex(&instead_of.der);
            sender == Some(*side) && cause.certificate.as_ref().is_some_and(|one| one.sha256 == sha256)
        }
        Edit::ReorderChain { side, .. } | Edit::DropFromChain { side, .. } => {
            matches!(cause.id, C::LeafNotFirst | C::LeafIsCa | C::ChainTooLong) && sender == Some(*side)
        }
        Edit::UseCertificate { side, .. } => {
            matches!(
                cause.id,
                C::Expired | C::NotYetValid | C::KeyMismatch | C::NameMismatch | C::WrongPurpose
            ) && sender == Some(*side)
        }
        Edit::UseKey { side, .. } => cause.id == C::KeyMismatch && sender == Some(*side),
        Edit::Swap(Swap::Keys | Swap::Chains) => cause.id == C::KeyMismatch,
        Edit::Swap(Swap::Identities) => {
            matches!(
                cause.id,
                C::WrongPurpose | C::NameMismatch | C::SpiffeIdMismatch | C::NoSan
            )
        }
        Edit::SwapSlots(side) => cause.id == C::LeafIsCa && sender == Some(*side),
        Edit::TrustAlso { side, .. } | Edit::TrustInstead { side, .. } => {
            matches!(
                cause.id,
                C::UnknownIssuer | C::SelfSignedNotTrusted | C::NoTrustAnchors | C::SameNameDifferentKey
            ) && cause.side == Some(*side)
        }
        Edit::Swap(Swap::Trust) => matches!(cause.id, C::UnknownIssuer | C::SameNameDifferentKey),
        Edit::MoveClock(_) => matches!(cause.id, C::Expired | C::NotYetValid),
        Edit::AskFor(_) => matches!(cause.id, C::NameMismatch | C::IpInDnsName | C::WildcardMisuse),
        Edit::Speak { also, .. } => match also {
            Spoken::Versions(_) => cause.id == C::NoCommonVersion,
            Spoken::CipherSuites(_) => cause.id == C::NoCommonCipher,
            Spoken::Groups(_) => cause.id == C::NoCommonGroup,
            Spoken::Protocols(_) => cause.id == C::AlpnMismatch,
        },
        Edit::MendWire => true,
    }
}

#[cfg(test)]
mod tests;
