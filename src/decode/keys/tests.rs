//! What opens, and what must stay shut: every kind of cipher, in every version that has it, sealed here by other means.

use super::sealer::{Sealer, version};
use super::{Hash, Legacy};

/// Every cipher in every version that has it.
fn all() -> Vec<Sealer> {
    let mut all = Vec::new();
    for suite in [
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_CCM_SHA256",
        "TLS_AES_128_CCM_8_SHA256",
    ] {
        all.push(Sealer::new(suite, version(0x0304)));
    }
    for suite in [
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_RSA_WITH_AES_128_CCM",
        "TLS_RSA_WITH_AES_128_CCM_8",
        "TLS_RSA_WITH_ARIA_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384",
    ] {
        all.push(Sealer::new(suite, version(0x0303)));
    }
    for number in [0x0300, 0x0301, 0x0302, 0x0303] {
        for suite in [
            "TLS_RSA_WITH_NULL_MD5",
            "TLS_RSA_WITH_NULL_SHA",
            "TLS_RSA_WITH_RC4_128_MD5",
            "TLS_RSA_WITH_RC4_128_SHA",
            "TLS_RSA_WITH_DES_CBC_SHA",
            "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
            "TLS_RSA_WITH_AES_128_CBC_SHA",
            "TLS_RSA_WITH_AES_256_CBC_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
            "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA",
            "TLS_RSA_WITH_ARIA_128_CBC_SHA256",
        ] {
            let is_old = number < 0x0303;
            if is_old && (suite.ends_with("256") || suite.ends_with("384")) {
                continue;
            }
            let plain = version(number);
            let mut forms = vec![plain];
            if number > 0x0300 {
                forms.push(Legacy {
                    truncated_hmac: true,
                    ..plain
                });
                if suite.contains("CBC") {
                    forms.push(Legacy {
                        encrypt_then_mac: true,
                        ..plain
                    });
                }
            }
            all.extend(forms.into_iter().map(|legacy| Sealer::new(suite, legacy)));
        }
    }
    all
}

const CONTENT: &[u8] = b"GET /charge";

/// A sealed record, and a fresh pair of keys for each attempt to open it.
fn attempt(sealer: &Sealer, header: &[u8], payload: &[u8], sequence: u64) -> Option<(u8, Vec<u8>)> {
    sealer.keys().open(header, payload, sequence)
}

#[test]
fn every_cipher_opens_what_was_sealed_and_nothing_else() {
    let ciphers = all();
    assert!(ciphers.len() > 60, "{}", ciphers.len());
    for mut sealer in ciphers {
        let name = format!("{} {:?}", sealer.suite.words(), sealer.legacy);
        let (header, payload) = sealer.seal(0, 23, CONTENT);
        let opened = attempt(&sealer, &header, &payload, 0);
        assert_eq!(opened, Some((23, CONTENT.to_vec())), "{name}");
        for at in 0..payload.len() {
            for bit in [0x01, 0x80] {
                let mut changed = payload.clone();
                changed[at] ^= bit;
                assert_eq!(attempt(&sealer, &header, &changed, 0), None, "{name}, byte {at}");
            }
        }
        for length in 0..payload.len() {
            let cut = &payload[..length];
            let [high, low] = u16::to_be_bytes(length as u16);
            let shorter = [header[0], header[1], header[2], high, low];
            assert_eq!(attempt(&sealer, &shorter, cut, 0), None, "{name}, {length} bytes");
        }
        let longer = [&payload[..], &[0]].concat();
        assert_eq!(attempt(&sealer, &header, &longer, 0), None, "{name}, a byte more");
        for sequence in [1, 255, 256, u64::MAX] {
            assert_eq!(
                attempt(&sealer, &header, &payload, sequence),
                None,
                "{name}, {sequence}"
            );
        }
        for (at, is_bound) in [
            (0, true),
            (1, sealer.legacy.version > 0x0300),
            (2, sealer.legacy.version > 0x0300),
        ] {
            let mut other = header;
            other[at] ^= 1;
            if is_bound {
                assert_eq!(
                    attempt(&sealer, &other, &payload, 0),
                    None,
                    "{name}, header byte {at}"
                );
            }
        }
        sealer.change_keys();
        assert_eq!(
            attempt(&sealer, &header, &payload, 0),
            None,
            "{name}, another key"
        );
    }
}

#[test]
fn many_records_open_one_after_the_other() {
    for mut sealer in all() {
        let name = format!("{} {:?}", sealer.suite.words(), sealer.legacy);
        let mut keys = sealer.keys();
        for sequence in 0..5 {
            let content = CONTENT.repeat(sequence as usize);
            let (header, payload) = sealer.seal(sequence, 23, &content);
            assert_eq!(
                keys.open(&header, &payload, sequence),
                Some((23, content)),
                "{name}, {sequence}"
            );
            keys.pass(&payload);
        }
    }
}

#[test]
fn padding_of_unequal_bytes_stays_shut_from_tls_1_0_on() {
    for number in [0x0300, 0x0301, 0x0302, 0x0303] {
        for encrypt_then_mac in [false, true] {
            if encrypt_then_mac && number == 0x0300 {
                continue;
            }
            let legacy = Legacy {
                encrypt_then_mac,
                ..version(number)
            };
            let mut sealer = Sealer::new("TLS_RSA_WITH_AES_128_CBC_SHA", legacy);
            // Its first byte is another; its last, the length, is right.
            sealer.spoil = |padding| padding[0] ^= 1;
            // Short enough that there are several bytes of padding.
            let content = &CONTENT[..4];
            let (header, payload) = sealer.seal(0, 23, content);
            let opened = attempt(&sealer, &header, &payload, 0);
            // SSL 3.0 left to its sender what the padding is made of (RFC 6101 §5.2.3.2).
            assert_eq!(
                opened.is_some(),
                number == 0x0300,
                "{number:04x} {encrypt_then_mac}"
            );
            // A length beyond all that is there.
            let mut sealer = Sealer::new("TLS_RSA_WITH_AES_128_CBC_SHA", legacy);
            sealer.spoil = |padding| padding.fill(255);
            let (header, payload) = sealer.seal(0, 23, content);
            assert_eq!(attempt(&sealer, &header, &payload, 0), None, "{number:04x}");
        }
    }
}

#[test]
fn a_mac_is_as_long_as_was_agreed() {
    let short = Legacy {
        truncated_hmac: true,
        ..version(0x0303)
    };
    for suite in [
        "TLS_RSA_WITH_NULL_SHA",
        "TLS_RSA_WITH_AES_128_CBC_SHA",
        "TLS_RSA_WITH_RC4_128_SHA",
    ] {
        for (sealed, opened) in [(short, version(0x0303)), (version(0x0303), short)] {
            let (header, payload) = Sealer::new(suite, sealed).seal(0, 23, CONTENT);
            let other = Sealer::new(suite, opened);
            assert_eq!(attempt(&other, &header, &payload, 0), None, "{suite} {opened:?}");
        }
    }
}

#[test]
fn padding_of_tls_1_3_is_taken_off_and_nothing_but_padding_is_no_record() {
    let mut sealer = Sealer::new("TLS_AES_128_GCM_SHA256", version(0x0304));
    // The inner type is the last byte that is not zero: 22 here, and the zeros after it are padding.
    let (header, payload) = sealer.seal(0, 0, &[b'x', 22, 0, 0]);
    assert_eq!(attempt(&sealer, &header, &payload, 0), Some((22, b"x".to_vec())));
    let (header, payload) = sealer.seal(0, 0, &[0, 0, 0]);
    assert_eq!(attempt(&sealer, &header, &payload, 0), None);
}

/// The P_hash of RFC 5246 §5 over one half of a secret, written anew.
fn half_of_prf(hash: Hash, secret: &[u8], seed: &[u8], length: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut a = seed.to_vec();
    while out.len() < length {
        a = hash.hmac(secret, &[&a]);
        out.extend(hash.hmac(secret, &[&a, seed]));
    }
    out.truncate(length);
    out
}

/// RFC 2246 §5: the two halves of a secret of odd length share the byte in the middle.
#[test]
fn a_premaster_of_odd_length_is_halved_with_its_middle_in_both() {
    for secret in [vec![1u8, 2, 3, 4, 5], vec![9; 47], vec![1, 2, 3, 4]] {
        let suite = Sealer::new("TLS_RSA_WITH_AES_128_CBC_SHA", version(0x0301)).suite;
        let (client, server) = ([1u8; 32], [2u8; 32]);
        let found = super::master_secret(suite, 0x0301, &secret, [&client, &server], None);
        let seed = [&b"master secret"[..], &client, &server].concat();
        let middle = secret.len() / 2;
        let first = &secret[..middle + secret.len() % 2];
        let second = &secret[middle..];
        let expected: Vec<u8> = half_of_prf(Hash::Md5, first, &seed, 48)
            .iter()
            .zip(half_of_prf(Hash::Sha1, second, &seed, 48))
            .map(|(a, b)| a ^ b)
            .collect();
        assert_eq!(found, expected, "{} bytes", secret.len());
    }
}
