//! Keys worked out from secrets (RFC 8446 §7.2, §7.3, §4.4.4; RFC 5246 §6.3, §7.4.9).

use super::hash::prf;
use super::open::Form;
use super::suite::Cipher;
use super::{Hash, Keys, Legacy, Suite, ssl3};
use crate::capture::Side;

impl Keys {
    /// The keys under a TLS 1.3 traffic secret; `None` where the secret does not fit the suite.
    pub(in crate::decode) fn from_traffic_secret(suite: Suite, secret: &[u8]) -> Option<Self> {
        let [key, iv] = suite
            .hash
            .expand_labels(secret, [("key", suite.cipher.key_length()), ("iv", 12)])?;
        Self::new(suite, Form::Tls13, key, iv, Vec::new(), Legacy::default())
    }

    /// One side's keys under a master secret of TLS 1.0 to 1.2.
    pub(in crate::decode) fn from_master_secret(
        suite: Suite,
        legacy: Legacy,
        side: Side,
        master: &[u8],
        client_random: &[u8],
        server_random: &[u8],
    ) -> Option<Self> {
        if legacy.version < 0x0300 {
            return None;
        }
        let mac_length = suite.mac.map_or(0, Hash::length);
        let key_length = suite.cipher.key_length();
        let iv_length = match suite.cipher {
            Cipher::Gcm(_) | Cipher::Ccm { .. } => 4,
            Cipher::ChaCha20Poly1305 => 12,
            // From TLS 1.1 on, each record brings its own (RFC 4346 §6.2.3.2).
            Cipher::Cbc(block) if legacy.version < 0x0302 => block.length(),
            Cipher::Cbc(_) | Cipher::Null | Cipher::Rc4 => 0,
        };
        let length = 2 * (mac_length + key_length + iv_length);
        let randoms = [server_random, client_random];
        let block = if legacy.version == 0x0300 {
            ssl3::expand(master, &randoms, length)
        } else {
            prf(
                legacy.version,
                suite.hash,
                master,
                "key expansion",
                &randoms,
                length,
            )
        };
        let mut rest = block.as_slice();
        let mut take = |length: usize| {
            let (client, tail) = rest.split_at_checked(length)?;
            let (server, tail) = tail.split_at_checked(length)?;
            rest = tail;
            Some(match side {
                Side::Client => client.to_vec(),
                Side::Server => server.to_vec(),
            })
        };
        let (mac_key, key, iv) = (take(mac_length)?, take(key_length)?, take(iv_length)?);
        Self::new(suite, Form::Legacy, key, iv, mac_key, legacy)
    }
}

/// The master secret under a premaster secret (RFC 5246 §8.1), or with `session_hash` under RFC 7627's extension of it.
pub(in crate::decode) fn master_secret(
    suite: Suite,
    version: u16,
    premaster: &[u8],
    randoms: [&[u8]; 2],
    messages: Option<&[u8]>,
) -> Vec<u8> {
    match (version, messages) {
        (0x0300, _) => ssl3::expand(premaster, &randoms, 48),
        (_, None) => prf(version, suite.hash, premaster, "master secret", &randoms, 48),
        (_, Some(messages)) => {
            let hash = handshake_hash(suite, version, messages);
            prf(
                version,
                suite.hash,
                premaster,
                "extended master secret",
                &[&hash],
                48,
            )
        }
    }
}

/// The hash over the handshake messages: the suite's own, and before TLS 1.2 MD5 and SHA-1 beside each other.
fn handshake_hash(suite: Suite, version: u16, messages: &[u8]) -> Vec<u8> {
    if version >= 0x0303 {
        suite.hash.of(messages)
    } else {
        [Hash::Md5.of(messages), Hash::Sha1.of(messages)].concat()
    }
}

/// The secret that follows a KeyUpdate (RFC 8446 §7.2).
pub(in crate::decode) fn next_secret(suite: Suite, secret: &[u8]) -> Option<Vec<u8>> {
    suite.hash.expand_label(secret, "traffic upd", secret.len())
}

/// TLS 1.3's verify_data over handshake messages of this hash (RFC 8446 §4.4.4).
pub(in crate::decode) fn finished_13(suite: Suite, base_secret: &[u8], spoken: &[u8]) -> Option<Vec<u8>> {
    let key = suite
        .hash
        .expand_label(base_secret, "finished", suite.hash.length())?;
    Some(suite.hash.hmac(&key, &[spoken]))
}

/// verify_data of TLS 1.0 to 1.2 over these handshake messages (RFC 5246 §7.4.9, RFC 2246 §7.4.9).
pub(in crate::decode) fn finished_legacy(
    suite: Suite,
    version: u16,
    side: Side,
    master: &[u8],
    messages: &[u8],
) -> Vec<u8> {
    let label = match side {
        Side::Client => "client finished",
        Side::Server => "server finished",
    };
    if version == 0x0300 {
        return ssl3::finished(side, master, messages);
    }
    let hashes = handshake_hash(suite, version, messages);
    prf(version, suite.hash, master, label, &[&hashes], 12)
}
