//! Whether what was loaded fits together: the dots of the set-up. Asks rustls itself, with no handshake around it.

use super::setup::Setup;
use super::slot::{Fit, SetupSlot, Slot};
use crate::capture::{CertificateRefusal, ClientAuth, Der, Side, StackVerdict, Trust, VerdictCode};
use crate::diagnose::{ChainInput, judge_chain as judge_chain_of};
use crate::pki::CertificateFacts;
use crate::source::oracle;

/// A slot's dot.
pub type SlotFit = (Side, SetupSlot, Fit);

/// Judges every slot against the others, at `now_unix_s` where a side has no clock of its own. Milliseconds of work.
pub fn judge(setup: &Setup, now_unix_s: i64) -> Vec<SlotFit> {
    let mut fits = Vec::new();
    for side in Side::BOTH {
        let (certificate, trust) = judge_chain(setup, side, now_unix_s);
        fits.push((side, SetupSlot::Certificate, certificate));
        fits.push((side, SetupSlot::Key, judge_key(setup, side)));
        fits.push((side.peer(), SetupSlot::Trust, trust));
    }
    fits
}

fn judge_key(setup: &Setup, side: Side) -> Fit {
    let own = setup.sides.of(side);
    let Some(leaf) = own.certificate.certificates.first() else {
        return Fit::Unknown;
    };
    let Some(key) = &own.key.key else {
        return Fit::Bad(
            "there is no private key: the certificate is judged, but Run needs its key".to_owned(),
        );
    };
    match CertificateFacts::from_der(&leaf.der) {
        Ok(facts) if key.key.matches(&facts) => Fit::Good,
        Ok(facts) => Fit::Bad(format!(
            "this key does not belong to {}: it is the private half of another certificate",
            facts.display_name
        )),
        Err(_) => Fit::Unknown,
    }
}

/// The dots of `side`'s chain and of its peer's trust.
fn judge_chain(setup: &Setup, side: Side, now_unix_s: i64) -> (Fit, Fit) {
    let own = setup.sides.of(side);
    let peer = setup.sides.of(side.peer());
    let Some(leaf) = own.certificate.certificates.first() else {
        return (Fit::Unknown, Fit::Unknown);
    };
    if let Err(error) = CertificateFacts::from_der(&leaf.der) {
        return (Fit::Bad(error.to_string()), Fit::Unknown);
    }
    if side == Side::Client && setup.client_auth == ClientAuth::None {
        // Nobody asks for it, so nobody judges it.
        return (Fit::Unknown, Fit::Unknown);
    }
    if peer.trust.is_empty() {
        let words = format!(
            "nobody is trusted here, so the {}’s certificate is refused",
            side.word()
        );
        return (Fit::Unknown, Fit::Bad(words));
    }
    match ask(setup, side, now_unix_s) {
        Ok(()) => (Fit::Good, Fit::Good),
        Err(verdict) => match verdict.code {
            VerdictCode::Certificate(CertificateRefusal::UnknownIssuer) => {
                match missing(setup, side, now_unix_s) {
                    // The chain is at fault, not the trust.
                    Some(name) => (
                        Fit::Bad(format!("{name} is not sent with it, though it is at hand")),
                        Fit::Good,
                    ),
                    None => (
                        Fit::Good,
                        Fit::Bad(format!(
                            "the {}’s chain does not lead to anything trusted here",
                            side.word()
                        )),
                    ),
                }
            }
            VerdictCode::Certificate(refusal) => (
                Fit::Bad(format!(
                    "the {} will refuse it: {}",
                    side.peer().word(),
                    words(refusal, &verdict.words)
                )),
                Fit::Unknown,
            ),
            _ => (Fit::Bad(verdict.words), Fit::Unknown),
        },
    }
}

/// What rustls says of `side`'s chain in the hands of its peer.
pub(super) fn ask(setup: &Setup, side: Side, now_unix_s: i64) -> Result<(), StackVerdict> {
    oracle::judge(&chain(setup, side), &trust(setup, side, now_unix_s), side.peer())
}

fn ders(slot: &Slot) -> impl Iterator<Item = Der> {
    slot.certificates.iter().map(|one| Der::from(one.der.clone()))
}

fn chain(setup: &Setup, side: Side) -> Vec<Der> {
    ders(&setup.sides.of(side).certificate).collect()
}

/// What whoever judges `side`'s chain trusts.
fn trust(setup: &Setup, side: Side, now_unix_s: i64) -> Trust {
    let peer = setup.sides.of(side.peer());
    Trust {
        roots: ders(&peer.trust).collect(),
        expected_name: (side == Side::Server).then(|| setup.server_name.clone()),
        clock_unix_s: peer.clock_unix_s.unwrap_or(now_unix_s),
        revocation: peer.revocation.clone(),
    }
}

/// The certificate at hand that `side` does not send, and with which its chain would lead to a root.
fn missing(setup: &Setup, side: Side, now_unix_s: i64) -> Option<String> {
    let at_hand: Vec<Der> = setup
        .slots()
        .flat_map(|(.., slot)| ders(slot))
        .chain(setup.known.iter().map(|one| Der::from(one.der.clone())))
        .collect();
    let trust = trust(setup, side, now_unix_s);
    let completes = judge_chain_of(&ChainInput {
        chain: &chain(setup, side),
        trust: Some(&trust),
        judge: side.peer(),
        at_hand: &at_hand,
        clock_unix_s: trust.clock_unix_s,
        key_in_use: None,
        possession: None,
    })
    .view
    .completes?;
    let facts = at_hand
        .iter()
        .filter_map(|der| CertificateFacts::from_der(der.as_bytes()).ok())
        .find(|facts| facts.sha256 == completes.sha256)?;
    Some(facts.display_name)
}

fn words(refusal: CertificateRefusal, stack: &str) -> String {
    match refusal {
        CertificateRefusal::Expired => "it has expired",
        CertificateRefusal::NotYetValid => "it is not valid yet",
        CertificateRefusal::NameMismatch => "it does not carry the server name asked for",
        CertificateRefusal::WrongPurpose => "it was not issued for this purpose",
        CertificateRefusal::BadSignature => "a signature in its chain does not hold",
        CertificateRefusal::LeafIsCa => "the first certificate is a CA, not a leaf",
        CertificateRefusal::Revoked => "it has been revoked",
        CertificateRefusal::RevocationUnknown => "no revocation list speaks of all of its chain",
        CertificateRefusal::RevocationListExpired => "the revocation list is out of date",
        CertificateRefusal::RevocationListInvalid => "the revocation list cannot be relied on",
        _ => return stack.to_owned(),
    }
    .to_owned()
}
