//! Schemes, keys and signatures of certificates, each with each.

use super::rules::{Taste, can_sign, is_signature_by};
use super::shown::Key;

/// Every scheme by every key, in both versions and with every taste: those that can sign.
#[test]
fn who_can_sign_by_what() {
    const SCHEMES: [&str; 14] = [
        "ecdsa_secp256r1_sha256",
        "ecdsa_secp384r1_sha384",
        "ecdsa_secp521r1_sha512",
        "ecdsa_sha1",
        "ed25519",
        "ed448",
        "rsa_pkcs1_sha1",
        "rsa_pkcs1_sha256",
        "rsa_pkcs1_sha384",
        "rsa_pkcs1_sha512",
        "rsa_pss_rsae_sha256",
        "rsa_pss_rsae_sha384",
        "rsa_pss_rsae_sha512",
        "rsa_pss_pss_sha256",
    ];
    const P: [&str; 3] = [SCHEMES[0], SCHEMES[1], SCHEMES[2]];
    const PKCS1: [&str; 3] = [SCHEMES[7], SCHEMES[8], SCHEMES[9]];
    const PSS: [&str; 3] = [SCHEMES[10], SCHEMES[11], SCHEMES[12]];
    let plain = Taste::default();
    let strict = Taste {
        ties_curve_in_12: true,
        ..plain
    };
    let old = Taste {
        takes_sha1_in_12: true,
        ..plain
    };
    let odd = Taste {
        takes_ecdsa_sha1_in_13: true,
        ..plain
    };
    let able = |key: Key, is_13: bool, taste: Taste| -> Vec<&str> {
        let all = SCHEMES.into_iter();
        all.filter(|scheme| can_sign(scheme, key, is_13, taste)).collect()
    };
    for (at, bits) in [256, 384, 521].into_iter().enumerate() {
        let key = Key::Ec { bits };
        assert_eq!(able(key, true, plain), [P[at]]);
        assert_eq!(able(key, true, old), [P[at]]);
        assert_eq!(able(key, true, odd), [P[at], "ecdsa_sha1"]);
        assert_eq!(able(key, false, plain), P);
        assert_eq!(able(key, false, odd), P);
        assert_eq!(able(key, false, strict), [P[at]]);
        assert_eq!(able(key, false, old), [P.as_slice(), &["ecdsa_sha1"]].concat());
    }
    assert!(able(Key::Ec { bits: 224 }, true, plain).is_empty());
    for is_13 in [true, false] {
        assert_eq!(able(Key::Ed25519, is_13, old), ["ed25519"]);
        // RFC 8017 §9.1.1: the encoding needs room for the hash and a salt of the same length.
        for (bits, count) in [(527, 0), (528, 1), (783, 1), (784, 2), (1039, 2), (1040, 3)] {
            let before = if is_13 { &[][..] } else { PKCS1.as_slice() };
            let wanted = [before, &PSS[..count]].concat();
            assert_eq!(able(Key::Rsa { bits }, is_13, plain), wanted, "{bits}");
        }
    }
    let rsa = Key::Rsa { bits: 2048 };
    let all = [&["rsa_pkcs1_sha1"][..], &PKCS1, &PSS].concat();
    assert_eq!(able(rsa, false, old), all);
    assert_eq!(able(rsa, true, old), PSS);
}

/// Every signatureAlgorithm against every scheme: the pairs that belong together.
#[test]
fn what_a_scheme_says_of_a_certificate() {
    let pairs = [
        ("ecdsa-with-SHA1", "ecdsa_sha1"),
        ("ecdsa-with-SHA256", "ecdsa_secp256r1_sha256"),
        ("ecdsa-with-SHA384", "ecdsa_secp384r1_sha384"),
        ("ecdsa-with-SHA512", "ecdsa_secp521r1_sha512"),
        ("sha1WithRSAEncryption", "rsa_pkcs1_sha1"),
        ("sha256WithRSAEncryption", "rsa_pkcs1_sha256"),
        ("sha384WithRSAEncryption", "rsa_pkcs1_sha384"),
        ("sha512WithRSAEncryption", "rsa_pkcs1_sha512"),
        ("RSASSA-PSS", "rsa_pss_rsae_sha256"),
        ("RSASSA-PSS", "rsa_pss_pss_sha512"),
        ("Ed25519", "ed25519"),
        ("Ed448", "ed25519_of_nobody"),
    ];
    for (algorithm, _) in pairs {
        for (_, scheme) in pairs {
            let fits = pairs.contains(&(algorithm, scheme)) && algorithm != "Ed448"
                || (algorithm == "RSASSA-PSS" && scheme.starts_with("rsa_pss_"));
            assert_eq!(is_signature_by(algorithm, scheme), fits, "{algorithm} {scheme}");
        }
    }
}
