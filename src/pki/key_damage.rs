//! What is wrong in a private key that OpenSSL reads and no TLS stack signs with here, in words. OpenSSL looks at the numbers only where
//! it is asked to (`openssl pkey -check`), and not even then at all of them.

use rustls_pki_types::PrivateKeyDer;

use super::der::Walk;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
/// The parameters and the public key of an `ECPrivateKey` (RFC 5915 §3): `[0]`, `[1]`.
const PARAMETERS: u8 = 0xa0;
const PUBLIC_KEY: u8 = 0xa1;

/// What is wrong in a private key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyDamage {
    /// An `RSAPrivateKey` with a version that there is not.
    RsaVersion(String),
    /// An RSA modulus is even: one of its primes is 2.
    RsaIsEven,
    /// The public key in an `ECPrivateKey` says that some bits of its last byte are unused.
    UnusedBits(u8),
    /// The private number of an EC key is not as long as its curve's.
    ScalarLength {
        /// Bytes of the number.
        has: usize,
        /// Bytes that the curve wants.
        wants: usize,
        /// `P-256`.
        curve: &'static str,
    },
    /// The private number of an EC key is 0, or not below the order of its curve.
    ScalarRange {
        /// `P-256`.
        curve: &'static str,
    },
}

impl KeyDamage {
    /// What is wrong and who reads it nevertheless, without a full stop.
    pub(super) fn words(&self) -> String {
        match self {
            Self::RsaVersion(version) => format!(
                "the private key says version {version}, and RSA keys have 0, or 1 with more than two primes (RFC 8017 §A.1.2); OpenSSL does \
                 not look at it and reads the key"
            ),
            Self::RsaIsEven => "this is no RSA key: its modulus is even, so that one of its primes is 2 and anybody finds the other; OpenSSL \
                 reads it, and calls it valid"
                .to_owned(),
            Self::UnusedBits(bits) => format!(
                "the public half in the private key says that {bits} bits of its last byte are unused, and there are none in one \
                 (RFC 5480 §2.2); OpenSSL does not look at it and reads the key"
            ),
            Self::ScalarLength { has, wants, curve } => format!(
                "the private key's number has {has} bytes, and {curve} has numbers of {wants} (RFC 5915 §3); OpenSSL reads it{}",
                if has > wants {
                    " and finds it invalid where it is told to check it"
                } else {
                    ""
                }
            ),
            Self::ScalarRange { curve } => format!(
                "the private key's number is 0 or not below the order of {curve} (RFC 5915 §3): nothing can be signed with it; OpenSSL reads it \
                 and finds it invalid where it is told to check it"
            ),
        }
    }

    /// Whether the key itself is good, and OpenSSL writes it as it ought to be.
    pub(super) fn is_mended_by_writing_anew(&self) -> bool {
        match self {
            Self::UnusedBits(_) => true,
            Self::ScalarLength { has, wants, .. } => has < wants,
            // OpenSSL keeps the version when it writes the key.
            Self::RsaVersion(_) | Self::RsaIsEven | Self::ScalarRange { .. } => false,
        }
    }
}

/// What is wrong in a key in a form that is known.
pub(super) fn damage_of(der: &PrivateKeyDer<'_>) -> Option<KeyDamage> {
    match der {
        PrivateKeyDer::Pkcs1(key) => rsa(key.secret_pkcs1_der()),
        PrivateKeyDer::Sec1(key) => ec(key.secret_sec1_der(), None),
        PrivateKeyDer::Pkcs8(key) => {
            let mut parts = Walk(Walk(key.secret_pkcs8_der()).take(SEQUENCE)?);
            parts.take(INTEGER)?;
            let mut algorithm = Walk(parts.take(SEQUENCE)?);
            let identifier = algorithm.take(OBJECT_IDENTIFIER)?;
            let inner = parts.take(OCTET_STRING)?;
            match identifier {
                EC_PUBLIC_KEY => ec(inner, algorithm.take(OBJECT_IDENTIFIER)),
                RSA => rsa(inner),
                _ => None,
            }
        }
        _ => None,
    }
}

/// id-ecPublicKey, 1.2.840.10045.2.1.
pub(super) const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// rsaEncryption, 1.2.840.113549.1.1.1.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// `RSAPrivateKey` (RFC 8017 §A.1.2).
pub(super) fn rsa(bytes: &[u8]) -> Option<KeyDamage> {
    let mut parts = Walk(Walk(bytes).take(SEQUENCE)?);
    let version = parts.take(INTEGER)?;
    let modulus = parts.take(INTEGER)?;
    for _ in 0..7 {
        parts.take(INTEGER)?;
    }
    if !parts.0.is_empty() && parts.peek() != Some(SEQUENCE) {
        return None;
    }
    match version {
        [0 | 1] => {}
        [small] if *small < 0x80 => return Some(KeyDamage::RsaVersion(small.to_string())),
        other => {
            return Some(KeyDamage::RsaVersion(format!(
                "0x{}",
                hex::encode(other.get(..8).unwrap_or(other))
            )));
        }
    }
    modulus
        .last()
        .is_some_and(|last| last % 2 == 0)
        .then_some(KeyDamage::RsaIsEven)
}

/// `ECPrivateKey` (RFC 5915 §3); `curve` is what stands outside of it.
fn ec(bytes: &[u8], curve: Option<&[u8]>) -> Option<KeyDamage> {
    let mut parts = Walk(Walk(bytes).take(SEQUENCE)?);
    parts.take(INTEGER)?;
    let number = parts.take(OCTET_STRING)?;
    let own = if parts.peek() == Some(PARAMETERS) {
        Walk(parts.take(PARAMETERS)?).take(OBJECT_IDENTIFIER)
    } else {
        None
    };
    let curve = CURVES.iter().find(|one| Some(one.identifier) == curve.or(own))?;
    let wants = curve.order.len();
    if number.len() != wants {
        return Some(KeyDamage::ScalarLength {
            has: number.len(),
            wants,
            curve: curve.name,
        });
    }
    if number >= curve.order || number.iter().all(|byte| *byte == 0) {
        return Some(KeyDamage::ScalarRange { curve: curve.name });
    }
    let point = Walk(parts.take(PUBLIC_KEY)?).take(BIT_STRING)?;
    let unused = *point.first()?;
    (unused != 0).then_some(KeyDamage::UnusedBits(unused))
}

/// A curve that is signed with (SEC 2 §2.4.2, §2.5.1, §2.6.1).
struct Curve {
    name: &'static str,
    identifier: &'static [u8],
    /// Private numbers are below it.
    order: &'static [u8],
}

const CURVES: [Curve; 3] = [
    Curve {
        name: "P-256",
        identifier: &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
        order: &[
            0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
        ],
    },
    Curve {
        name: "P-384",
        identifier: &[0x2b, 0x81, 0x04, 0x00, 0x22],
        order: &[
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
            0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
        ],
    },
    Curve {
        name: "P-521",
        identifier: &[0x2b, 0x81, 0x04, 0x00, 0x23],
        order: &[
            0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xff, 0xfa, 0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09,
            0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8, 0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38,
            0x64, 0x09,
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::der::tagged;
    use crate::pki::key::PrivateKey;
    use crate::pki::key_form::KeyFault;

    fn of(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
        tagged(tag, &parts.concat())
    }

    fn number(bytes: &[u8]) -> Vec<u8> {
        tagged(INTEGER, bytes)
    }

    fn fault(bytes: Vec<u8>) -> Option<KeyFault> {
        PrivateKey::from_der(bytes).err()
    }

    #[test]
    fn only_a_key_that_is_good_itself_is_written_anew() {
        use crate::pki::loaded::{Origin, key_error};

        let length = |has, wants| KeyDamage::ScalarLength {
            has,
            wants,
            curve: "P-256",
        };
        let origin = Origin {
            file: Some("own.key".to_owned()),
            within: None,
        };
        for (damage, is_good) in [
            (KeyDamage::UnusedBits(3), true),
            (length(31, 32), true),
            (length(33, 32), false),
            (KeyDamage::RsaVersion("17".to_owned()), false),
            (KeyDamage::RsaIsEven, false),
            (KeyDamage::ScalarRange { curve: "P-256" }, false),
        ] {
            let words = damage.words();
            let error = key_error(&KeyFault::Damaged(damage), &origin, None, "");
            let mend = if is_good {
                "have OpenSSL write it anew: openssl pkey -in own.key -out new.key"
            } else {
                "make a new key and have its certificate issued for it"
            };
            assert_eq!((error.what.as_str(), error.mend.as_str()), (words.as_str(), mend));
        }
    }

    #[test]
    fn an_rsa_key_says_what_is_wrong_in_it() {
        let key = |version: &[u8], modulus: &[u8]| {
            let mut parts = vec![number(version), number(modulus)];
            parts.extend((0..7).map(|_| number(&[5])));
            of(SEQUENCE, &parts)
        };
        let damaged = |damage| Some(KeyFault::Damaged(damage));
        assert_eq!(
            fault(key(&[17], &[0x55; 256])),
            damaged(KeyDamage::RsaVersion("17".to_owned()))
        );
        assert_eq!(
            fault(key(&[0x80], &[0x55; 256])),
            damaged(KeyDamage::RsaVersion("0x80".to_owned()))
        );
        assert_eq!(fault(key(&[0], &[0x54; 256])), damaged(KeyDamage::RsaIsEven));
        let modulus = [&[0][..], &[0xd5; 256]].concat();
        assert_eq!(
            fault(key(&[0], &modulus)),
            Some(KeyFault::Unusable(None)),
            "not known what"
        );
        // Five numbers behind a version are a DSA key.
        let dsa = of(
            SEQUENCE,
            &[vec![number(&[2])], (0..5).map(|_| number(&[5])).collect()].concat(),
        );
        assert_eq!(fault(dsa), Some(KeyFault::None));
    }

    #[test]
    fn an_ec_key_says_what_is_wrong_in_it_in_both_forms() {
        for curve in &CURVES {
            let (order, name) = (curve.order, curve.name);
            let identifier = tagged(OBJECT_IDENTIFIER, curve.identifier);
            let outside = of(
                SEQUENCE,
                &[tagged(OBJECT_IDENTIFIER, EC_PUBLIC_KEY), identifier.clone()],
            );
            let both = |scalar: &[u8], more: Vec<u8>| {
                let begin = [number(&[1]), tagged(OCTET_STRING, scalar)].concat();
                let sec1 = of(
                    SEQUENCE,
                    &[begin.clone(), tagged(PARAMETERS, &identifier), more.clone()],
                );
                let inner = of(SEQUENCE, &[begin, more]);
                let pkcs8 = of(
                    SEQUENCE,
                    &[number(&[0]), outside.clone(), tagged(OCTET_STRING, &inner)],
                );
                [fault(sec1), fault(pkcs8)]
            };
            let expect = |got: [Option<KeyFault>; 2], damage: KeyDamage| {
                assert_eq!(got, [(); 2].map(|()| Some(KeyFault::Damaged(damage.clone()))));
            };
            let mut below = order.to_vec();
            *below.last_mut().expect("a byte") -= 1;
            let (has, wants) = (115, order.len());
            expect(
                both(&[1; 115], vec![]),
                KeyDamage::ScalarLength {
                    has,
                    wants,
                    curve: name,
                },
            );
            for scalar in [order.to_vec(), vec![0; wants], vec![0xff; wants]] {
                expect(both(&scalar, vec![]), KeyDamage::ScalarRange { curve: name });
            }
            let point = tagged(BIT_STRING, &[&[3, 4][..], &vec![8; 2 * wants]].concat());
            expect(both(&below, tagged(PUBLIC_KEY, &point)), KeyDamage::UnusedBits(3));
        }
    }
}
