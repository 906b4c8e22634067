//! A TLS 1.3 server by hand, as far as its Finished: for a CertificateRequest that rustls cannot be made to send (RFC 8446 §4.3.2 with
//! signature_algorithms_cert and oid_filters). One suite, one group, no resumption.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::{agreement, signature};
use mtlscope::capture::{Secret, SecretLabel, Segment, Side};
use mtlscope::decode::{MessageKind, decode};

use super::super::key_schedule::{derive, finished, first_record, hash, mac};
use super::pki::Identity;
use super::server::{Ask, capture};

/// Length-prefixed bytes: `width` bytes of length.
fn vector(width: usize, bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u32).to_be_bytes();
    [&length[4 - width..], bytes].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], vector(3, body).as_slice()].concat()
}

fn extension(number: u16, body: &[u8]) -> Vec<u8> {
    [&number.to_be_bytes(), vector(2, body).as_slice()].concat()
}

/// CertificateRequest (13), as asked.
fn request(ask: &Ask) -> Vec<u8> {
    let schemes = |list: &[rustls::SignatureScheme]| -> Vec<u8> {
        let bytes: Vec<u8> = list
            .iter()
            .flat_map(|scheme| u16::from(*scheme).to_be_bytes())
            .collect();
        vector(2, &bytes)
    };
    let mut extensions = extension(13, &schemes(&ask.schemes));
    if !ask.authorities.is_empty() {
        let names: Vec<u8> = ask.authorities.iter().flat_map(|name| vector(2, name)).collect();
        extensions.extend(extension(47, &vector(2, &names)));
    }
    if !ask.certificate_schemes.is_empty() {
        extensions.extend(extension(50, &schemes(&ask.certificate_schemes)));
    }
    if ask.wants_server_purpose {
        // extendedKeyUsage (2.5.29.37) must have serverAuth (RFC 8446 §4.2.5).
        let oid = [0x06, 0x03, 0x55, 0x1d, 0x25];
        let values = [0x30, 0x0a, 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 3, 1];
        let filter = [vector(1, &oid), vector(2, &values)].concat();
        extensions.extend(extension(48, &vector(2, &filter)));
    }
    message(13, &[&[0], vector(2, &extensions).as_slice()].concat())
}

/// What the hello holds that is needed: the random, the session id, an X25519 share (RFC 8446 §4.1.2, §4.2.8).
fn read_hello(hello: &[u8]) -> Option<(Vec<u8>, Vec<u8>, Vec<u8>)> {
    let random = hello.get(6..38)?.to_vec();
    let session_length = usize::from(*hello.get(38)?);
    let session = hello.get(39..39 + session_length)?.to_vec();
    let mut at = 39 + session_length;
    let two = |at: usize| {
        Some(usize::from(u16::from_be_bytes(
            hello.get(at..at + 2)?.try_into().ok()?,
        )))
    };
    at += 2 + two(at)?;
    at += 1 + usize::from(*hello.get(at)?);
    let end = at + 2 + two(at)?;
    at += 2;
    while at < end {
        let (kind, length) = (two(at)?, two(at + 2)?);
        if kind == 51 {
            let mut share = at + 6;
            while share < at + 4 + length {
                let (group, size) = (two(share)?, two(share + 2)?);
                if group == 29 {
                    return Some((random, session, hello.get(share + 4..share + 4 + size)?.to_vec()));
                }
                share += 4 + size;
            }
        }
        at += 4 + length;
    }
    None
}

fn segment(began: Instant, from: Side, bytes: &[u8]) -> Segment {
    Segment {
        at_us: began.elapsed().as_micros() as u64,
        from,
        bytes: bytes.to_vec(),
        altered: None,
    }
}

/// Whether the client's Finished is among what was heard.
fn has_finished(segments: &[Segment], secrets: &[Secret]) -> bool {
    let heard = capture(segments.to_vec(), secrets.to_vec());
    decode(&heard)
        .first(MessageKind::Finished, Side::Client)
        .is_some()
}

/// Speaks with one client; returns all that passed and the secrets that open it.
pub fn speak(
    socket: &mut TcpStream,
    server: &Identity,
    ask: &Ask,
    began: Instant,
) -> Option<(Vec<Segment>, Vec<Secret>)> {
    let mut segments = Vec::new();
    let mut note = |from: Side, bytes: &[u8]| segments.push(segment(began, from, bytes));
    let mut header = [0; 5];
    socket.read_exact(&mut header).ok()?;
    let mut hello = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
    socket.read_exact(&mut hello).ok()?;
    note(Side::Client, &[&header[..], &hello].concat());
    let (random, session, share) = read_hello(&hello)?;

    let ours = agreement::EphemeralPrivateKey::generate(&agreement::X25519, &SystemRandom::new()).ok()?;
    let our_share = ours.compute_public_key().ok()?.as_ref().to_vec();
    let theirs = agreement::UnparsedPublicKey::new(&agreement::X25519, &share);
    let shared = agreement::agree_ephemeral(ours, theirs, (), |secret| Ok(secret.to_vec())).ok()?;
    let mut our_random = [0; 32];
    SystemRandom::new().fill(&mut our_random).ok()?;
    let key_share = [&29u16.to_be_bytes(), vector(2, &our_share).as_slice()].concat();
    let extensions = [extension(43, &[3, 4]), extension(51, &key_share)].concat();
    let server_hello = message(
        2,
        &[
            &[3, 3],
            &our_random[..],
            &vector(1, &session),
            &[0x13, 0x01, 0],
            &vector(2, &extensions),
        ]
        .concat(),
    );
    let early = mac(&[0; 32], &[0; 32]);
    let handshake = mac(&derive(&early, "derived", &[]), &shared);
    let mut transcript = [hello.as_slice(), &server_hello].concat();
    let client_secret = derive(&handshake, "c hs traffic", &transcript);
    let server_secret = derive(&handshake, "s hs traffic", &transcript);

    let start = transcript.len();
    transcript.extend(message(8, &[0, 0]));
    transcript.extend(request(ask));
    let entries: Vec<u8> = server
        .chain
        .iter()
        .flat_map(|der| [vector(3, der.as_bytes()), vec![0, 0]].concat())
        .collect();
    transcript.extend(message(11, &[&[0], vector(3, &entries).as_slice()].concat()));
    let signed = [
        &[0x20; 64][..],
        b"TLS 1.3, server CertificateVerify\0",
        &hash(&transcript),
    ]
    .concat();
    let pair =
        signature::EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_ASN1_SIGNING, &server.key_der)
            .ok()?;
    let proof = pair.sign(&SystemRandom::new(), &signed).ok()?;
    transcript.extend(message(
        15,
        &[&[4, 3], vector(2, proof.as_ref()).as_slice()].concat(),
    ));
    transcript.extend(finished(&server_secret, &transcript));

    let plain = [&[22, 3, 3], vector(2, &server_hello).as_slice()].concat();
    let sealed = first_record(&server_secret, &transcript[start..]);
    for bytes in [plain, sealed] {
        socket.write_all(&bytes).ok()?;
        note(Side::Server, &bytes);
    }
    let secret = |label: &str, value: &[u8]| Secret {
        client_random: random.clone(),
        label: SecretLabel::from_key_log(label),
        value: value.to_vec(),
        logged_by: None,
    };
    let secrets = vec![
        secret("CLIENT_HANDSHAKE_TRAFFIC_SECRET", &client_secret),
        secret("SERVER_HANDSHAKE_TRAFFIC_SECRET", &server_secret),
    ];
    // The client answers as far as its Finished, or closes; after that this server knows no more.
    let mut buffer = [0; 16 * 1024];
    while !has_finished(&segments, &secrets) {
        match socket.read(&mut buffer) {
            Ok(count) if count > 0 => segments.push(segment(began, Side::Client, &buffer[..count])),
            _ => break,
        }
    }
    Some((segments, secrets))
}
