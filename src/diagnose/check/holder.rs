//! The key, its size, and its holder.

use super::case::{Case, Finding};
use crate::diagnose::certificate::split_public_key;
use crate::diagnose::matrix::HANDSHAKE_ENDS;
use crate::diagnose::memo::Signature;
use crate::diagnose::{CauseId, Role, deviation};
use crate::pki::{EXPLICIT_CURVE, KeyKind};

pub(super) fn algorithm(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    let is_usable = match &facts.key {
        KeyKind::Rsa { .. } => true,
        KeyKind::Ec { curve } => matches!(curve.as_str(), "P-256" | "P-384" | "P-521"),
        KeyKind::Ed25519 => true,
        KeyKind::Ed448 | KeyKind::Other(_) => false,
    };
    if is_usable {
        Finding::pass(facts.key.to_string())
    } else {
        // The signature check refuses what such a key signed; here it is a word in advance.
        Finding::warn(
            CauseId::UnsupportedAlgorithm,
            deviation::sentence(
                case.record,
                "unusable-key",
                &format!("{}: rustls verifies no signature by such a key", facts.key),
                "but does not look before it is used",
            ),
        )
    }
}

pub(super) fn key_size(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    match facts.key {
        // What a CA's key signed, rustls refuses when it comes to it.
        KeyKind::Rsa { bits } if bits < 2048 && case.role != Role::Leaf => Finding::warn(
            CauseId::WeakKey,
            deviation::sentence(
                case.record,
                "weak-rsa-key",
                &format!("RSA of {bits} bits, and 2048 is the least"),
                "rustls accepts nothing that this key signed",
            ),
        ),
        KeyKind::Rsa { bits } if bits < 2048 => Finding::warn(
            CauseId::WeakKey,
            deviation::sentence_in_a_handshake(
                case.record,
                case.judge,
                "weak-rsa-key",
                &format!("RSA of {bits} bits, and 2048 is the least"),
                &format!(
                    "rustls accepts the chain and then no signature made with this key: {HANDSHAKE_ENDS}"
                ),
            ),
        ),
        KeyKind::Rsa { bits } if bits > 8192 => Finding::warn(
            CauseId::WeakKey,
            format!(
                "RSA of {bits} bits: rustls verifies up to 8192, and accepts no signature made with this key: {HANDSHAKE_ENDS}"
            ),
        ),
        KeyKind::Rsa { bits } if bits % 8 != 0 => Finding::warn(
            CauseId::WeakKey,
            deviation::sentence(
                case.record,
                "rsa-bits-not-divisible-by-8",
                &format!("RSA of {bits} bits, which the CA/Browser Forum wants divisible by 8"),
                "rustls does not look",
            ),
        ),
        _ => Finding::pass(facts.key.to_string()),
    }
}

/// Said of a curve that is written out in the place of its name.
const WRITTEN_OUT: &str = "its key states explicit curve parameters in the place of a curve's name, which RFC 5480 §2.1.1 forbids: \
     rustls does not take it for the key that signs, though it is; it takes a new key, made with a named curve \
     (openssl -param_enc named_curve)";

fn is_written_out(key: &KeyKind) -> bool {
    matches!(key, KeyKind::Ec { curve } if curve == EXPLICIT_CURVE)
}

/// Whether two public keys are the same point, however their curves are written.
fn has_same_point(one: &[u8], other: &[u8]) -> bool {
    let point = |spki| split_public_key(spki).map(|(_, point)| point);
    point(one).is_some() && point(one) == point(other)
}

pub(super) fn key_match(case: &Case<'_>) -> Finding {
    let Some(facts) = case.certificate.facts() else {
        return Finding::unknown("the certificate is unreadable");
    };
    if case.role != Role::Leaf {
        return Finding::not_applicable("only the leaf's key is used in the handshake");
    }
    match case.key_in_use {
        None => Finding::unknown("which key the sender uses is not known"),
        Some(key) if key == facts.spki => Finding::pass("the private key in use is this certificate's"),
        Some(key) if is_written_out(&facts.key) && has_same_point(key, &facts.spki) => {
            Finding::fail(CauseId::UnsupportedAlgorithm, WRITTEN_OUT)
        }
        Some(_) => Finding::fail(
            CauseId::KeyMismatch,
            "the private key in use belongs to another public key",
        ),
    }
}

pub(super) fn possession(case: &Case<'_>) -> Finding {
    if case.role != Role::Leaf {
        return Finding::not_applicable("only the leaf's holder proves it");
    }
    match case.possession {
        None => Finding::unknown("no signature over the handshake was seen"),
        Some(Signature::Holds) => Finding::pass("the signature over the handshake holds"),
        Some(Signature::Fails | Signature::OtherKey)
            if case
                .certificate
                .facts()
                .is_some_and(|facts| is_written_out(&facts.key)) =>
        {
            Finding::fail(CauseId::UnsupportedAlgorithm, WRITTEN_OUT)
        }
        Some(Signature::Fails | Signature::OtherKey) => {
            let is_weak = case
                .certificate
                .facts()
                .is_some_and(|facts| matches!(facts.key, KeyKind::Rsa { bits } if bits < 2048));
            let cause = if is_weak {
                CauseId::WeakKey
            } else {
                CauseId::KeyMismatch
            };
            Finding::fail(
                cause,
                "the signature over the handshake was not made with this certificate's key",
            )
        }
        Some(Signature::Unsupported | Signature::Unreadable) => {
            Finding::unknown("the signature's scheme is not one that is verified here")
        }
    }
}
