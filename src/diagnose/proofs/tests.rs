//! Which certificate a proof is held against, and which hash a scheme stands for.

use base64::Engine;

use super::{Proof, proofs, verify};
use crate::capture::Side;
use crate::decode::{Body, Message, MessageKind, Transcript, decode};
use crate::diagnose::memo::Signature;
use crate::pki::CertificateFacts;

fn fixture(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(path)
}

fn transcript(name: &str) -> Transcript {
    let session = crate::session::load(&fixture(&format!("sessions/{name}.ron"))).expect("a session");
    decode(&session.capture)
}

/// The signatures over the handshake: whose, and whether they hold.
fn signatures(transcript: &Transcript) -> Vec<(Side, Option<bool>)> {
    let is_signature = |proof: &Proof| proof.kind != "Finished";
    let found = proofs(transcript).into_iter();
    found
        .filter(is_signature)
        .map(|proof| (proof.side, proof.holds))
        .collect()
}

fn position(transcript: &Transcript, side: Side, kind: MessageKind) -> usize {
    transcript.first(kind, side).expect("it was sent").0
}

/// A side may show another certificate later on (a renegotiation, a second Certificate): what it signs then is held against the
/// one that it showed last, and its peer's has nothing to do with it.
#[test]
fn a_proof_is_held_against_the_certificate_shown_last() {
    for (name, kind) in [
        ("good-tls13", MessageKind::CertificateVerify),
        ("good-tls12", MessageKind::ServerKeyExchange),
    ] {
        let whole = transcript(name);
        let (client, server) = (Side::Client, Side::Server);
        let good = signatures(&whole);
        assert!(
            good.len() == 2 && good.iter().all(|(_, holds)| *holds == Some(true)),
            "{name}: {good:?}"
        );
        let shown = position(&whole, server, MessageKind::Certificate);
        let proof = position(&whole, server, kind);
        assert!(shown < proof, "{name}");
        let other: Message = whole.messages[position(&whole, client, MessageKind::Certificate)].clone();
        // The client's chain shown by this side, in this place; and what comes of the server's proof.
        for (by, at, holds) in [
            (server, shown, Some(true)),
            (server, proof, Some(false)),
            (client, shown, Some(true)),
            (client, proof, Some(true)),
        ] {
            let mut changed = whole.clone();
            changed.messages.insert(
                at,
                Message {
                    side: by,
                    ..other.clone()
                },
            );
            let found = signatures(&changed);
            let of_server = found.iter().find(|(side, _)| *side == server);
            assert_eq!(of_server, Some(&(server, holds)), "{name}: by the {}", by.word());
            let of_client = found.iter().find(|(side, _)| *side == client);
            assert_eq!(of_client, Some(&(client, Some(true))), "{name}");
        }
        // And none at all before it: nothing to hold it against.
        let mut without = whole.clone();
        without
            .messages
            .retain(|message| !(message.side == server && matches!(message.body, Body::Certificate(_))));
        let found = signatures(&without);
        assert!(found.contains(&(server, None)), "{name}: {found:?}");
    }
}

/// `what was signed`, signed with `tests/fixtures/certs/rsa1024.key` by `openssl dgst`: SHA-1, SHA-256, SHA-384, SHA-512.
const SIGNED: &[u8] = b"what was signed";
const BY_1024_BITS: [(&str, &str); 4] = [
    (
        "rsa_pkcs1_sha1",
        "911868e833f3ae5aaad44074e7be97259d17fbd57b0539f5d73ce69c08a8ad3d89c9f7332953e2dc5e13cbe681ab86cd76e0d445c1555bd04adcf36118aa626ffb067c095fe35a30d3b923cc0ec9eb3fcc4de31f9a29688ffc5fd8341e494775001d981bfbaa021c525145304ccdd41612e18058b808b557dded46dca7803108",
    ),
    (
        "rsa_pkcs1_sha256",
        "367ae1ead8f4e35677332ce3e0bebaaa6adb3b7784634e1a25e758f5465f9d40fae4da3caa350ffa9f04c7e0ca32aa0e4c504cc547bf4d77f2d099cfb7a5496d80d64981c007f3306255006e997650d2e9e415604ee807bf8f8a2ed91e54ee48d143edcb6d7ff8da0b83e22271e76d6efbe664565d6704ae4146de043f8fcd4d",
    ),
    (
        "rsa_pkcs1_sha384",
        "294ebe4965d973cb6e7bc814e38c363e43527c427e2f644e7ae2e86a87db7b7200049287e1f3245733a80aba2fc64f30faccbc7adc0e35e1ae6b82a1b0da87a5a2572bbfb3752e51d9a1322a96471d6ac4d472581d122275ec095cb43f7714c42eaf398546b7d644eefe1e2d1d2f23289d630d50f198b62ab103c99db5a0fe5f",
    ),
    (
        "rsa_pkcs1_sha512",
        "6db3860c4b2b66f69ce22c7ee7dde2e48521698784a65249defe08fc4745b999784057476831fab3e6581fc34eca82d43feed44975eaad04ad8a25005dcdbab8879fb41e57711e2fe5d701524c3e8a4eaefc7bda38a6fbc6a63cf265f30e4e06fb0181d33aae0a378f3dd34dcbf36115cde05274994b9d805b69afbfd53ddfcf",
    ),
];

/// A key of 1,024 bits, as old servers have: each scheme is its own hash, and no other.
#[test]
fn each_scheme_stands_for_its_own_hash() {
    let text = std::fs::read_to_string(fixture("certs/rsa1024.pem")).expect("a certificate");
    let base64: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = base64::prelude::BASE64_STANDARD.decode(base64).expect("base64");
    let spki = CertificateFacts::from_der(&der).expect("facts").spki;
    for (scheme, _) in BY_1024_BITS {
        for (made_as, signature) in BY_1024_BITS {
            let signature = hex::decode(signature).expect("hex");
            let wanted = match scheme {
                // Nothing here verifies it under a key so small.
                "rsa_pkcs1_sha384" => Signature::Unsupported,
                _ if scheme == made_as => Signature::Holds,
                _ => Signature::Fails,
            };
            assert_eq!(
                verify(scheme, &spki, SIGNED, &signature),
                wanted,
                "{made_as} taken for {scheme}"
            );
            let of_other_bytes = verify(scheme, &spki, b"something else", &signature);
            assert_ne!(of_other_bytes, Signature::Holds, "{scheme}");
        }
    }
}
