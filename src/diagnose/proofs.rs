//! Proofs inside the handshake, checked by us: both Finished values, and the signatures over the transcript (RFC 8446 §4.4.3,
//! §4.4.4; RFC 5246 §7.4.3, §7.4.8, §7.4.9).

use std::borrow::Cow;

use aws_lc_rs::signature::{
    RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RsaParameters, UnparsedPublicKey,
};

use super::certificate::{split_public_key, verify_scheme};
use super::memo::Signature;
use crate::capture::{PerSide, Side};
use crate::decode::{Body, CertificateMessage, Message, Transcript};
use crate::iana::SignatureScheme;
use crate::pki::CertificateFacts;

/// One proof, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The message that carries it, an index into the transcript's messages.
    pub message: usize,
    /// Who proves something.
    pub side: Side,
    /// `CertificateVerify`, `ServerKeyExchange` or `Finished`.
    pub kind: &'static str,
    /// Whether it holds; `None` where it cannot be checked.
    pub holds: Option<bool>,
    /// What it proves, or why it cannot be checked, in a sentence.
    pub words: String,
}

/// Every proof in the transcript, in its order.
pub(super) fn proofs(transcript: &Transcript) -> Vec<Proof> {
    // The certificate that each side showed last, up to the message that is looked at.
    let mut shown = PerSide::<Option<&CertificateMessage>>::default();
    transcript
        .messages
        .iter()
        .enumerate()
        .filter_map(|(index, message)| {
            if let Body::Certificate(sent) = &message.body {
                *shown.of_mut(message.side) = Some(sent);
            }
            let (holds, words) = judge(*shown.of(message.side), message)?;
            Some(Proof {
                message: index,
                side: message.side,
                kind: message.kind.word(),
                holds,
                words,
            })
        })
        .collect()
}

fn judge(leaf: Option<&CertificateMessage>, message: &Message) -> Option<(Option<bool>, String)> {
    match &message.body {
        Body::Finished(facts) => Some(match (&facts.computed, &facts.why_not) {
            (Some(computed), _) if *computed == facts.sent => (
                Some(true),
                format!(
                    "The {} saw the same handshake, byte for byte: its checksum is the one that we compute.",
                    message.side.word()
                ),
            ),
            (Some(_), _) => (
                Some(false),
                format!(
                    "The {}'s checksum is not the one that we compute: it saw another handshake than its peer.",
                    message.side.word()
                ),
            ),
            (None, why) => (
                None,
                format!(
                    "It cannot be computed: {}.",
                    why.as_deref().unwrap_or("no secret")
                ),
            ),
        }),
        Body::CertificateVerify(facts) => Some(signature(
            leaf,
            message,
            &scheme_name(facts.scheme),
            facts.signed.as_deref(),
            &facts.signature,
        )),
        Body::ServerKeyExchange {
            scheme,
            signature: value,
            signed,
            ..
        } if !value.is_empty() => Some(signature(
            leaf,
            message,
            &scheme_name(*scheme),
            signed.as_deref(),
            value,
        )),
        _ => None,
    }
}

/// Nothing, where the message names none.
fn scheme_name(scheme: Option<SignatureScheme>) -> Cow<'static, str> {
    scheme.map_or(Cow::Borrowed(""), SignatureScheme::name)
}

/// A signature over the handshake, by the key of the certificate that its sender showed last.
fn signature(
    leaf: Option<&CertificateMessage>,
    message: &Message,
    scheme: &str,
    signed: Option<&[u8]>,
    value: &[u8],
) -> (Option<bool>, String) {
    let side = message.side.word();
    if let (None, Some(why)) = (signed, &message.root.error) {
        return (None, format!("It is {why}."));
    }
    let (spki, name) = match leaf.map(|sent| (sent.chain.first(), &sent.raw_public_key)) {
        Some((Some((der, _)), _)) => match CertificateFacts::from_der(der.as_bytes()) {
            Ok(facts) => (facts.spki, facts.display_name),
            Err(_) => return (None, format!("The {side}'s certificate cannot be read.")),
        },
        Some((None, Some(key))) => (key.clone(), "its raw public key".to_owned()),
        _ => return (None, format!("The {side}'s certificate is not in the evidence.")),
    };
    let Some(signed) = signed else {
        return (
            None,
            "A message before it is missing from the evidence, stayed shut, or was changed on the way."
                .to_owned(),
        );
    };
    if scheme.is_empty() {
        return (
            None,
            "Before TLS 1.2 a signature is over MD5 and SHA-1 beside each other, which is not verified here."
                .to_owned(),
        );
    }
    match verify(scheme, &spki, signed, value) {
        Signature::Holds => (
            Some(true),
            format!("The {side} holds the private key of {name}: {scheme}, over the handshake so far."),
        ),
        Signature::Fails | Signature::OtherKey => (
            Some(false),
            format!("The signature was not made with the private key of {name}."),
        ),
        Signature::Unsupported => (None, format!("{scheme} is not verified here.")),
        Signature::Unreadable => (None, "The certificate's public key cannot be read.".to_owned()),
    }
}

/// As TLS stacks of today verify, and with the keys and hashes of old as well: what was signed is signed, weak or not.
fn verify(scheme: &str, spki: &[u8], signed: &[u8], value: &[u8]) -> Signature {
    let modern = verify_scheme(scheme, spki, signed, value);
    if modern == Signature::Holds {
        return modern;
    }
    let Some((_, key)) = split_public_key(spki) else {
        return Signature::Unreadable;
    };
    let legacy: &'static RsaParameters = match scheme {
        "rsa_pkcs1_sha1" => &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        "rsa_pkcs1_sha256" => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        "rsa_pkcs1_sha512" => &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        // A key of fewer than 2,048 bits, with a hash that no library here verifies beside it.
        _ if scheme.starts_with("rsa_") && key.len() < 256 => return Signature::Unsupported,
        _ => return modern,
    };
    match UnparsedPublicKey::new(legacy, key).verify(signed, value) {
        Ok(()) => Signature::Holds,
        Err(_) => Signature::Fails,
    }
}

#[cfg(test)]
mod tests;
