//! SSL 3.0's own constructions, from before HMAC (RFC 6101 §5.2.3.1, §5.6.9, §6.1, §6.2.2).

use super::Hash;
use crate::capture::Side;

/// The padding that stood where HMAC's is now: 48 bytes for MD5, 40 for SHA-1.
fn pad(hash: Hash, byte: u8) -> Vec<u8> {
    vec![byte; if hash == Hash::Md5 { 48 } else { 40 }]
}

/// Secret bytes as long as wanted: MD5 over the secret and a SHA-1 of it, with A, BB, CCC, … (RFC 6101 §6.1).
pub(super) fn expand(secret: &[u8], randoms: &[&[u8]], length: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(length + 16);
    for (count, letter) in (b'A'..=b'Z').enumerate() {
        if out.len() >= length {
            break;
        }
        let inner = [&vec![letter; count + 1][..], secret, &randoms.concat()].concat();
        let outer = [secret, &Hash::Sha1.of(&inner)].concat();
        out.extend(Hash::Md5.of(&outer));
    }
    out.truncate(length);
    out
}

/// The record MAC (RFC 6101 §5.2.3.1).
pub(super) fn mac(hash: Hash, key: &[u8], sequence: u64, content_type: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16).to_be_bytes();
    let inner = [
        key,
        &pad(hash, 0x36),
        &sequence.to_be_bytes(),
        &[content_type],
        &length,
        content,
    ]
    .concat();
    hash.of(&[key, &pad(hash, 0x5c), &hash.of(&inner)].concat())
}

/// verify_data: MD5's 16 bytes and SHA-1's 20 (RFC 6101 §5.6.9).
pub(super) fn finished(side: Side, master: &[u8], messages: &[u8]) -> Vec<u8> {
    let sender: &[u8] = match side {
        Side::Client => b"CLNT",
        Side::Server => b"SRVR",
    };
    let with = |hash: Hash| {
        let inner = [messages, sender, master, &pad(hash, 0x36)].concat();
        hash.of(&[master, &pad(hash, 0x5c), &hash.of(&inner)].concat())
    };
    [with(Hash::Md5), with(Hash::Sha1)].concat()
}
