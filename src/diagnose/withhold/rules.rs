//! What stacks hold against a certificate: each rule once, for all who share it.

use std::ops::Range;

use super::asked::{Asked, some};
use super::shown::{Key, Shown};

/// Why a certificate stays at home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Objection {
    /// For a beginner.
    pub why: String,
    /// What decides, in the CertificateRequest.
    pub decides: Range<usize>,
}

/// How a stack compares a name among the authorities with an issuer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// Byte for byte.
    Bytes,
    /// By RFC 5280 §7.1, or near it: string types, case and spaces do not count.
    Meaning,
}

/// What a stack takes for a scheme that its key can sign with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Taste {
    /// In TLS 1.2, too, a scheme's curve must be the key's (as RFC 8446 §4.2.3 wants for TLS 1.3).
    pub ties_curve_in_12: bool,
    /// It still makes SHA-1 signatures in TLS 1.2.
    pub takes_sha1_in_12: bool,
    /// ecdsa_sha1 will do in TLS 1.3 as well.
    pub takes_ecdsa_sha1_in_13: bool,
}

/// Nobody whom the server names issued a certificate of the chain.
pub(super) fn no_issuer_named(asked: &Asked, own: &Shown, comparison: Comparison) -> Option<Objection> {
    if asked.authorities.is_empty() {
        return None;
    }
    let is_named = own.chain.iter().any(|certificate| {
        asked.authorities.iter().any(|(name, words)| match comparison {
            Comparison::Bytes => *name == certificate.issuer_der,
            Comparison::Meaning => plain(words) == plain(&certificate.issuer),
        })
    });
    if is_named {
        return None;
    }
    let by_meaning = own.chain.iter().any(|certificate| {
        asked
            .authorities
            .iter()
            .any(|(_, words)| plain(words) == plain(&certificate.issuer))
    });
    let why = if by_meaning {
        format!(
            "the server names the issuer, {}, but writes the name in other bytes than the certificate does",
            own.issuers_words()
        )
    } else {
        format!(
            "the server asks for a certificate of {}; this one is of {}",
            asked.authorities_words(),
            own.issuers_words()
        )
    };
    Some(Objection {
        why,
        decides: asked.places.authorities.clone(),
    })
}

/// A name without what RFC 5280 §7.1 does not count.
fn plain(name: &str) -> String {
    name.to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The server accepts no scheme that the key can sign with.
pub(super) fn no_scheme(asked: &Asked, own: &Shown, taste: Taste) -> Option<Objection> {
    if asked
        .schemes
        .iter()
        .any(|scheme| can_sign(scheme, own.key, asked.is_13, taste))
    {
        return None;
    }
    let key = own.key.words();
    let why = match own.key {
        Key::Rsa { .. }
            if asked.is_13 && asked.schemes.iter().any(|scheme| scheme.starts_with("rsa_pkcs1")) =>
        {
            "the server names no rsa_pss_rsae scheme, and TLS 1.3 does not let an RSA key sign in another way"
                .to_owned()
        }
        _ => format!(
            "the server accepts no signature that {key} can make, only {}",
            asked.schemes_words()
        ),
    };
    Some(Objection {
        why,
        decides: asked.places.schemes.clone(),
    })
}

/// Whether a key can sign by a scheme (RFC 8446 §4.2.3, RFC 5246 §7.4.1.4.1, RFC 8422 §5.1.3).
pub(super) fn can_sign(scheme: &str, key: Key, is_13: bool, taste: Taste) -> bool {
    match key {
        Key::Ed25519 => scheme == "ed25519",
        Key::Rsa { bits } => match scheme {
            "rsa_pkcs1_sha1" => !is_13 && taste.takes_sha1_in_12,
            "rsa_pkcs1_sha256" | "rsa_pkcs1_sha384" | "rsa_pkcs1_sha512" => !is_13,
            // The encoding needs room for the hash and a salt of the same length (RFC 8017 §9.1.1).
            "rsa_pss_rsae_sha256" => bits >= 8 * 66,
            "rsa_pss_rsae_sha384" => bits >= 8 * 98,
            "rsa_pss_rsae_sha512" => bits >= 8 * 130,
            _ => false,
        },
        Key::Ec { bits } => {
            let curve = match scheme {
                "ecdsa_secp256r1_sha256" => 256,
                "ecdsa_secp384r1_sha384" => 384,
                "ecdsa_secp521r1_sha512" => 521,
                "ecdsa_sha1" if is_13 => return taste.takes_ecdsa_sha1_in_13,
                "ecdsa_sha1" => return taste.takes_sha1_in_12,
                _ => return false,
            };
            curve == bits || !(is_13 || taste.ties_curve_in_12)
        }
    }
}

/// Among the schemes is none for this kind of key, whatever its size or curve.
pub(super) fn no_scheme_of_this_kind(asked: &Asked, own: &Shown, taste: Taste) -> Option<Objection> {
    let is_any = asked.schemes.iter().any(|scheme| match own.key {
        Key::Ec { .. } => [256, 384, 521]
            .into_iter()
            .any(|bits| can_sign(scheme, Key::Ec { bits }, asked.is_13, taste)),
        key => can_sign(scheme, key, asked.is_13, taste),
    });
    if is_any {
        return None;
    }
    no_scheme(asked, own, taste)
}

/// signature_algorithms_cert, which speaks of signatures on certificates, has no scheme of the leaf's own kind of key.
pub(super) fn kind_not_named_for_certificates(asked: &Asked, own: &Shown) -> Option<Objection> {
    let kinds: &[&str] = match own.key {
        Key::Rsa { .. } => &["rsa_pkcs1_", "rsa_pss_rsae_"],
        Key::Ec { .. } => &["ecdsa_"],
        Key::Ed25519 => &["ed25519"],
    };
    let is_named = asked
        .certificate_schemes
        .iter()
        .any(|scheme| kinds.iter().any(|kind| scheme.starts_with(kind)));
    if is_named || asked.certificate_schemes.is_empty() {
        return None;
    }
    Some(Objection {
        why: format!(
            "the server's signature_algorithms_cert names no scheme for {}, only {}",
            own.key.words(),
            some(asked.certificate_schemes.iter().map(String::as_str), ", ")
        ),
        decides: asked.places.certificate_schemes.clone(),
    })
}

/// TLS 1.2 alone: certificate_types does not name the key's kind (RFC 5246 §7.4.4; Ed25519 goes by ecdsa_sign, RFC 8422 §5.5).
pub(super) fn type_not_named(asked: &Asked, own: &Shown) -> Option<Objection> {
    let (number, name) = match own.key {
        Key::Rsa { .. } => (1, "rsa_sign"),
        Key::Ec { .. } | Key::Ed25519 => (64, "ecdsa_sign"),
    };
    if asked.is_13 || asked.types.contains(&number) {
        return None;
    }
    Some(Objection {
        why: format!(
            "{} goes by the certificate type {name}, which the server does not name",
            own.key.words()
        ),
        decides: asked.places.types.clone(),
    })
}

/// A certificate of the chain (the first `deep` of it) is signed by no scheme that the server names for certificates.
pub(super) fn chain_signature_not_named(
    asked: &Asked,
    own: &Shown,
    schemes: &[String],
    deep: usize,
) -> Option<Objection> {
    let odd = own.chain.iter().take(deep).find(|certificate| {
        !schemes
            .iter()
            .any(|scheme| is_signature_by(&certificate.signature_algorithm, scheme))
    })?;
    Some(Objection {
        why: format!(
            "{} is signed with {}, which the server does not name among its schemes",
            odd.display_name, odd.signature_algorithm
        ),
        decides: if asked.certificate_schemes.is_empty() {
            asked.places.schemes.clone()
        } else {
            asked.places.certificate_schemes.clone()
        },
    })
}

/// Whether a certificate's signatureAlgorithm is one that a scheme stands for; of ECDSA the hash alone counts.
pub(super) fn is_signature_by(algorithm: &str, scheme: &str) -> bool {
    match algorithm {
        "ecdsa-with-SHA1" => scheme == "ecdsa_sha1",
        "ecdsa-with-SHA256" => scheme == "ecdsa_secp256r1_sha256",
        "ecdsa-with-SHA384" => scheme == "ecdsa_secp384r1_sha384",
        "ecdsa-with-SHA512" => scheme == "ecdsa_secp521r1_sha512",
        "sha1WithRSAEncryption" => scheme == "rsa_pkcs1_sha1",
        "sha256WithRSAEncryption" => scheme == "rsa_pkcs1_sha256",
        "sha384WithRSAEncryption" => scheme == "rsa_pkcs1_sha384",
        "sha512WithRSAEncryption" => scheme == "rsa_pkcs1_sha512",
        "RSASSA-PSS" => scheme.starts_with("rsa_pss_"),
        "Ed25519" => scheme == "ed25519",
        _ => false,
    }
}

/// The certificate's keyUsage does not let its key sign, and a client proves with a signature that it holds it.
pub(super) fn may_not_sign(asked: &Asked, own: &Shown) -> Option<Objection> {
    own.may_not_sign().then(|| Objection {
        why: "the certificate's keyUsage has no digitalSignature, so its key may not sign the handshake"
            .to_owned(),
        decides: asked.places.whole.clone(),
    })
}

/// The RSA key has fewer bits than a stack loads.
pub(super) fn key_too_small(asked: &Asked, own: &Shown, least_bits: usize) -> Option<Objection> {
    match own.key {
        Key::Rsa { bits } if bits < least_bits => Some(Objection {
            why: format!("the RSA key has {bits} bits, and no key under {least_bits} is loaded"),
            decides: asked.places.whole.clone(),
        }),
        _ => None,
    }
}

/// The leaf is signed with SHA-1; what signed itself is not held to it.
pub(super) fn signed_with_sha1(asked: &Asked, own: &Shown) -> Option<Objection> {
    let leaf = own.leaf()?;
    let algorithm = &leaf.signature_algorithm;
    let is_old = matches!(algorithm.as_str(), "ecdsa-with-SHA1" | "sha1WithRSAEncryption");
    (is_old && !leaf.is_self_issued()).then(|| Objection {
        why: format!("the certificate is signed with {algorithm}, and SHA-1 is too weak to be loaded"),
        decides: asked.places.whole.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Taste = Taste {
        ties_curve_in_12: false,
        takes_sha1_in_12: false,
        takes_ecdsa_sha1_in_13: false,
    };

    #[test]
    fn a_scheme_fits_a_key_by_version_and_curve() {
        let p256 = Key::Ec { bits: 256 };
        let rsa = Key::Rsa { bits: 2048 };
        let strict = Taste {
            ties_curve_in_12: true,
            ..PLAIN
        };
        let cases = [
            ("ecdsa_secp256r1_sha256", p256, true, PLAIN, true),
            ("ecdsa_secp384r1_sha384", p256, true, PLAIN, false),
            ("ecdsa_secp384r1_sha384", p256, false, PLAIN, true),
            ("ecdsa_secp384r1_sha384", p256, false, strict, false),
            ("rsa_pkcs1_sha256", rsa, true, PLAIN, false),
            ("rsa_pkcs1_sha256", rsa, false, PLAIN, true),
            ("rsa_pss_rsae_sha256", rsa, true, PLAIN, true),
            ("rsa_pss_pss_sha256", rsa, true, PLAIN, false),
            ("rsa_pss_rsae_sha512", Key::Rsa { bits: 1024 }, true, PLAIN, false),
            ("ed25519", Key::Ed25519, true, PLAIN, true),
            ("ed25519", p256, true, PLAIN, false),
            ("rsa_pkcs1_sha1", rsa, false, PLAIN, false),
        ];
        for (scheme, key, is_13, taste, expected) in cases {
            assert_eq!(
                can_sign(scheme, key, is_13, taste),
                expected,
                "{scheme} by {key:?}, 1.3: {is_13}"
            );
        }
        let old = Taste {
            takes_sha1_in_12: true,
            ..PLAIN
        };
        assert!(can_sign("ecdsa_sha1", p256, false, old) && !can_sign("ecdsa_sha1", p256, true, old));
    }

    #[test]
    fn small_rsa_keys_are_not_loaded() {
        let asked = Asked::default();
        let own = |key| Shown {
            chain: Vec::new(),
            key,
        };
        assert!(key_too_small(&asked, &own(Key::Rsa { bits: 1024 }), 2048).is_some());
        assert!(key_too_small(&asked, &own(Key::Rsa { bits: 1024 }), 1024).is_none());
        assert!(key_too_small(&asked, &own(Key::Ec { bits: 256 }), 2048).is_none());
    }

    #[test]
    fn names_that_mean_the_same_are_the_same() {
        assert_eq!(plain("CN=Lens  Root"), plain("CN=LENS ROOT"));
        assert_ne!(plain("CN=Lens Root"), plain("CN=Lens Root 2"));
    }

    #[test]
    fn an_rsa_key_has_room_for_a_salted_hash_from_so_many_bits_on() {
        for (scheme, least) in [
            ("rsa_pss_rsae_sha256", 528),
            ("rsa_pss_rsae_sha384", 784),
            ("rsa_pss_rsae_sha512", 1040),
        ] {
            for (bits, wanted) in [(least - 1, false), (least, true)] {
                assert_eq!(
                    can_sign(scheme, Key::Rsa { bits }, true, PLAIN),
                    wanted,
                    "{scheme} {bits}"
                );
            }
        }
        let own = Shown {
            chain: Vec::new(),
            key: Key::Rsa { bits: 2047 },
        };
        assert!(key_too_small(&Asked::default(), &own, 2048).is_some());
        assert!(key_too_small(&Asked::default(), &own, 2047).is_none());
    }

    #[test]
    fn four_are_named_and_the_rest_is_counted() {
        let words = |count: usize| some(["a", "b", "c", "d", "e", "f"].into_iter().take(count), ", ");
        assert_eq!(words(4), "a, b, c, d");
        assert_eq!(words(5), "a, b, c, d, and 1 more");
        assert_eq!(words(6), "a, b, c, d, and 2 more");
    }

    /// What signed itself is loaded whatever its hash is, and an issuer that stands twice in a chain is named once.
    #[test]
    fn sha1_is_held_against_what_another_signed() {
        use crate::pki::{CertificateFacts, Recipe, mint};
        let recipe = |name: &str, issuer: Option<&str>| {
            let mut recipe: Recipe =
                ron::from_str(&format!("(name: {name:?}, subject: {name:?}, is_ca: true)"))
                    .expect("a recipe");
            recipe.issuer = issuer.map(str::to_owned);
            recipe
        };
        let minted = mint(
            &[recipe("root", None), recipe("leaf", Some("root"))],
            1_700_000_000,
        )
        .expect("minted");
        let facts = |name: &str| {
            let der = &minted.find(name).expect("minted").certificate.der;
            let mut facts = CertificateFacts::from_der(der).expect("facts");
            facts.signature_algorithm = "ecdsa-with-SHA1".to_owned();
            facts
        };
        let own = |chain| Shown {
            chain,
            key: Key::Ec { bits: 256 },
        };
        assert!(signed_with_sha1(&Asked::default(), &own(vec![facts("leaf")])).is_some());
        assert!(signed_with_sha1(&Asked::default(), &own(vec![facts("root")])).is_none());
        let both = own(vec![facts("leaf"), facts("root")]);
        assert_eq!(both.issuers_words(), "CN=root");
    }
}
