//! The form of a private key, recognised by its content: a PEM label or a file's ending may say another.

use rustls_pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use x509_parser::der_parser::oid::Oid;
use zeroize::Zeroize;

use super::der::Walk;
use super::key_damage::{EC_PUBLIC_KEY, KeyDamage, rsa};
use super::names;

/// Why bytes give no key that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// They are no private key in any form known here.
    None,
    /// They are one, encrypted.
    Encrypted,
    /// They are one of this kind, with which no TLS stack here signs; or, without a name, one that is damaged.
    Unusable(Option<String>),
    /// They are one with this wrong in it.
    Damaged(KeyDamage),
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
/// The parameters of an `ECPrivateKey`: `[0]`.
const PARAMETERS: u8 = 0xa0;
/// PKCS#5, 1.2.840.113549.1.5: what encrypts a key.
const PKCS5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];
/// The encryption algorithms of PKCS#12, 1.2.840.113549.1.12.1, which old tools use for keys alone too.
const PKCS12_PBE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];

/// The key in the form that it has: `PrivateKeyInfo` (RFC 5958 §2), `RSAPrivateKey` (RFC 8017 §A.1.2) or `ECPrivateKey`
/// (RFC 5915 §3). All are sequences that begin with a version; what follows it tells them apart. Bytes that are none of
/// them are wiped.
pub(super) fn in_its_form(mut bytes: Vec<u8>) -> Result<PrivateKeyDer<'static>, KeyFault> {
    match form(&bytes) {
        Ok(Form::Pkcs8) => Ok(PrivatePkcs8KeyDer::from(bytes).into()),
        Ok(Form::Pkcs1) => Ok(PrivatePkcs1KeyDer::from(bytes).into()),
        Ok(Form::Sec1) => Ok(PrivateSec1KeyDer::from(bytes).into()),
        Err(fault) => {
            bytes.zeroize();
            Err(fault)
        }
    }
}

enum Form {
    Pkcs8,
    Pkcs1,
    Sec1,
}

fn form(bytes: &[u8]) -> Result<Form, KeyFault> {
    let mut outer = Walk(bytes);
    let contents = outer.take(SEQUENCE).ok_or(KeyFault::None)?;
    if !outer.0.is_empty() {
        return Err(KeyFault::None);
    }
    let mut parts = Walk(contents);
    let first = parts.next().ok_or(KeyFault::None)?;
    // EncryptedPrivateKeyInfo (RFC 5958 §3): an algorithm that encrypts, then what it made.
    if first.tag == SEQUENCE {
        let algorithm = Walk(first.contents).take(OBJECT_IDENTIFIER).unwrap_or_default();
        let encrypts = algorithm.starts_with(PKCS5) || algorithm.starts_with(PKCS12_PBE);
        return Err(if encrypts && parts.peek() == Some(OCTET_STRING) {
            KeyFault::Encrypted
        } else {
            KeyFault::None
        });
    }
    if first.tag != INTEGER {
        return Err(KeyFault::None);
    }
    match (first.contents, parts.peek()) {
        ([0 | 1], Some(SEQUENCE)) => Ok(Form::Pkcs8),
        ([0 | 1], Some(INTEGER)) => Ok(Form::Pkcs1),
        ([1], Some(OCTET_STRING)) => Ok(Form::Sec1),
        // Of a version that there is not.
        (_, Some(INTEGER)) => Err(rsa(bytes).map_or(KeyFault::None, KeyFault::Damaged)),
        _ => Err(KeyFault::None),
    }
}

/// The kinds that are signed with: what is of one of them and cannot be read is damaged.
const SIGNED_WITH: [&str; 5] = ["rsaEncryption", "EC P-256", "EC P-384", "EC P-521", "Ed25519"];

/// The name of a key's kind, where it is not one of those that are signed with.
pub(super) fn unusual_kind(der: &PrivateKeyDer<'_>) -> Option<String> {
    kind_name(der).filter(|name| !SIGNED_WITH.contains(&name.as_str()))
}

fn kind_name(der: &PrivateKeyDer<'_>) -> Option<String> {
    let mut parts = Walk(Walk(der.secret_der()).take(SEQUENCE)?);
    parts.next()?;
    match der {
        PrivateKeyDer::Pkcs8(_) => {
            let mut algorithm = Walk(parts.take(SEQUENCE)?);
            let identifier = algorithm.take(OBJECT_IDENTIFIER)?;
            if identifier == EC_PUBLIC_KEY {
                return Some(on_curve(&mut algorithm));
            }
            Some(names::signature_algorithm(&Oid::new(identifier.into())))
        }
        PrivateKeyDer::Sec1(_) => {
            parts.take(OCTET_STRING)?;
            Some(on_curve(&mut Walk(parts.take(PARAMETERS)?)))
        }
        // OpenSSL's form of a DSA key is a row of six numbers: version, p, q, g and both halves. RSA's has nine.
        PrivateKeyDer::Pkcs1(_) => {
            let is_dsa = (0..5).all(|_| parts.take(INTEGER).is_some()) && parts.0.is_empty();
            is_dsa.then(|| "DSA".to_owned())
        }
        _ => None,
    }
}

/// ECParameters (RFC 5480 §2.1.1): the curve's name, or the numbers that make one.
fn on_curve(parameters: &mut Walk<'_>) -> String {
    parameters.take(OBJECT_IDENTIFIER).map_or_else(
        || "EC on a curve without a name".to_owned(),
        |curve| format!("EC {}", names::curve(&Oid::new(curve.into()))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::der::tagged;

    fn of(parts: &[Vec<u8>]) -> Vec<u8> {
        tagged(SEQUENCE, &parts.concat())
    }

    #[test]
    fn each_form_is_known_by_its_first_two_fields() {
        let number = |value: u8| tagged(INTEGER, &[value]);
        let inside = tagged(SEQUENCE, &[]);
        let octets = tagged(OCTET_STRING, &[1]);
        for (parts, wanted) in [
            ([number(0), inside.clone()], "PKCS#8"),
            ([number(1), inside.clone()], "PKCS#8"),
            ([number(2), inside.clone()], "none"),
            ([number(0), number(5)], "PKCS#1"),
            ([number(1), number(5)], "PKCS#1"),
            ([number(1), octets.clone()], "SEC1"),
            ([number(0), octets.clone()], "none"),
            ([octets.clone(), inside.clone()], "none"),
        ] {
            let bytes = of(&parts);
            let read = match in_its_form(bytes.clone()) {
                Ok(PrivateKeyDer::Pkcs8(_)) => "PKCS#8",
                Ok(PrivateKeyDer::Pkcs1(_)) => "PKCS#1",
                Ok(PrivateKeyDer::Sec1(_)) => "SEC1",
                Ok(_) => "another",
                Err(KeyFault::None) => "none",
                Err(_) => "a fault",
            };
            assert_eq!(read, wanted, "{parts:?}");
            // What follows it is no part of a key.
            let longer = [bytes, vec![0]].concat();
            assert_eq!(in_its_form(longer).err(), Some(KeyFault::None), "{parts:?}");
        }
    }

    #[test]
    fn what_encrypts_is_pkcs5_or_pkcs12() {
        let sealed = |oid: &[u8], after: u8| {
            let algorithm = tagged(SEQUENCE, &tagged(OBJECT_IDENTIFIER, oid));
            in_its_form(of(&[algorithm, tagged(after, &[1])])).err()
        };
        for oid in [PKCS5, PKCS12_PBE] {
            let kind = [oid, &[3]].concat();
            assert_eq!(sealed(&kind, OCTET_STRING), Some(KeyFault::Encrypted));
            assert_eq!(sealed(&kind, INTEGER), Some(KeyFault::None));
        }
        assert_eq!(sealed(EC_PUBLIC_KEY, OCTET_STRING), Some(KeyFault::None));
    }
}
