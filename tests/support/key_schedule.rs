//! The sums of RFC 8446 §7.1 for TLS_AES_128_GCM_SHA256, written anew so that the decoder is not judged by its own.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{digest, hmac};

pub fn hash(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

pub fn mac(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), bytes)
        .as_ref()
        .to_vec()
}

/// HKDF-Expand-Label; one block of HMAC is all that is ever wanted here.
pub fn expand_label(secret: &[u8], label: &str, context: &[u8], length: u8) -> Vec<u8> {
    let label = format!("tls13 {label}");
    let mut info = vec![0, length, label.len() as u8];
    info.extend(label.as_bytes());
    info.push(context.len() as u8);
    info.extend(context);
    info.push(1);
    let mut out = mac(secret, &info);
    out.truncate(usize::from(length));
    out
}

/// Derive-Secret over these messages.
pub fn derive(secret: &[u8], label: &str, messages: &[u8]) -> Vec<u8> {
    expand_label(secret, label, &hash(messages), 32)
}

/// The Finished message after these messages (RFC 8446 §4.4.4).
pub fn finished(secret: &[u8], messages: &[u8]) -> Vec<u8> {
    let sum = mac(&expand_label(secret, "finished", &[], 32), &hash(messages));
    [&[20, 0, 0, 32], sum.as_slice()].concat()
}

/// The first record under this traffic secret (RFC 8446 §5.2): handshake messages, without padding.
pub fn first_record(secret: &[u8], messages: &[u8]) -> Vec<u8> {
    let key = UnboundKey::new(&AES_128_GCM, &expand_label(secret, "key", &[], 16)).expect("a key");
    let nonce = Nonce::try_assume_unique_for_key(&expand_label(secret, "iv", &[], 12)).expect("a nonce");
    let mut sealed = [messages, &[22]].concat();
    let [high, low] = ((sealed.len() + AES_128_GCM.tag_len()) as u16).to_be_bytes();
    let header = [23, 3, 3, high, low];
    LessSafeKey::new(key)
        .seal_in_place_append_tag(nonce, Aad::from(header), &mut sealed)
        .expect("a sealed record");
    [&header[..], &sealed].concat()
}
