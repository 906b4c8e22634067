//! Object identifiers: in decimals, however large their numbers, and by name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;

/// No identifier in use has a tenth of it; converting a larger one would cost more than linear time.
const LONGEST_BYTES: usize = 256;

/// `1.2.840.10045.4.3.2` from the contents of an OBJECT IDENTIFIER (X.690 §8.19). Numbers may be of any size: those under
/// `2.25` are UUIDs of 128 bits (ITU-T X.667).
///
/// One that has a name costs nothing.
pub fn oid_dotted(contents: &[u8]) -> Cow<'static, str> {
    match KNOWN.get(contents) {
        Some(known) => Cow::Borrowed(known.dotted),
        None => Cow::Owned(in_decimals(contents)),
    }
}

fn in_decimals(contents: &[u8]) -> String {
    if contents.len() > LONGEST_BYTES {
        return format!("an OID of {} bytes", contents.len());
    }
    let mut out = String::new();
    for arc in contents.split_inclusive(|byte| byte & 0x80 == 0) {
        if arc.last().is_some_and(|byte| byte & 0x80 != 0) {
            // The last number has no end: what is there is no part of the identifier.
            break;
        }
        let mut number = Decimal::of_base_128(arc);
        if out.is_empty() {
            let first = number.smaller_than_80().map_or(2, |small| small / 40);
            number.subtract(first * 40);
            let _ = write!(out, "{first}");
        }
        let _ = write!(out, ".{number}");
    }
    out
}

/// A whole number in groups of nine decimal digits, the lowest first.
struct Decimal(Vec<u32>);

const GROUP: u64 = 1_000_000_000;

impl Decimal {
    fn of_base_128(digits: &[u8]) -> Self {
        let mut groups: Vec<u32> = vec![0];
        for digit in digits {
            let mut carry = u64::from(digit & 0x7f);
            for group in &mut groups {
                let value = u64::from(*group) * 128 + carry;
                *group = (value % GROUP) as u32;
                carry = value / GROUP;
            }
            if carry > 0 {
                groups.push(carry as u32);
            }
        }
        Self(groups)
    }

    fn smaller_than_80(&self) -> Option<u32> {
        match self.0.as_slice() {
            [only] if *only < 80 => Some(*only),
            _ => None,
        }
    }

    /// Takes away at most what the number is.
    fn subtract(&mut self, small: u32) {
        let mut borrow = u64::from(small);
        for group in &mut self.0 {
            let value = GROUP + u64::from(*group) - borrow;
            *group = (value % GROUP) as u32;
            borrow = u64::from(value < GROUP);
            if borrow == 0 {
                break;
            }
        }
        while self.0.len() > 1 && self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut groups = self.0.iter().rev();
        write!(f, "{}", groups.next().unwrap_or(&0))?;
        groups.try_for_each(|group| write!(f, "{group:09}"))
    }
}

/// `ecdsa-with-SHA256 (1.2.840.10045.4.3.2)`, or the numbers alone.
pub fn oid_words(contents: &[u8]) -> Cow<'static, str> {
    match KNOWN.get(contents) {
        Some(known) => Cow::Borrowed(&known.words),
        None => Cow::Owned(in_decimals(contents)),
    }
}

/// One of the table.
struct Known {
    dotted: &'static str,
    /// The name and the numbers.
    words: String,
    /// The usual name, or the standard's.
    short: &'static str,
}

/// The table by the contents of the OBJECT IDENTIFIER.
static KNOWN: LazyLock<HashMap<Vec<u8>, Known>> = LazyLock::new(|| {
    let each = NAMES.iter();
    each.map(|(dotted, name, short)| {
        let known = Known {
            dotted,
            words: format!("{name} ({dotted})"),
            short: if short.is_empty() { name } else { short },
        };
        (contents_of(dotted), known)
    })
    .collect()
});

/// The contents of an OBJECT IDENTIFIER in decimals; of the table's, none of whose numbers is large.
fn contents_of(dotted: &str) -> Vec<u8> {
    let mut numbers = dotted
        .split('.')
        .map(|number| number.parse::<u64>().unwrap_or_default());
    let first = 40 * numbers.next().unwrap_or_default() + numbers.next().unwrap_or_default();
    let mut contents = Vec::new();
    for number in std::iter::once(first).chain(numbers) {
        let groups = (64 - number.leading_zeros()).div_ceil(7).max(1);
        for group in (0..groups).rev() {
            let more = if group > 0 { 0x80 } else { 0 };
            contents.push((number >> (7 * group) & 0x7f) as u8 | more);
        }
    }
    contents
}

/// The name that its standard gives it (RFC 5280, 5480, 5758, 6960, 6962, 7633, 8017, 8410, 9345; X.520; FIPS 204).
pub fn oid_name(dotted: &str) -> Option<&'static str> {
    find(dotted).map(|(_, name, _)| *name)
}

/// A shorter usual name where there is one: `CN` (RFC 4514 §3), `P-256`; else the standard's, or the numbers.
pub(super) fn oid_short(contents: &[u8]) -> Cow<'static, str> {
    match KNOWN.get(contents) {
        Some(known) => Cow::Borrowed(known.short),
        None => Cow::Owned(in_decimals(contents)),
    }
}

fn find(dotted: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    NAMES.iter().find(|(known, ..)| *known == dotted)
}

/// Numbers, the standard's name, a shorter name or nothing.
const NAMES: &[(&str, &str, &str)] = &[
    ("2.5.4.3", "commonName", "CN"),
    ("2.5.4.5", "serialNumber", ""),
    ("2.5.4.6", "countryName", "C"),
    ("2.5.4.7", "localityName", "L"),
    ("2.5.4.8", "stateOrProvinceName", "ST"),
    ("2.5.4.9", "streetAddress", "STREET"),
    ("2.5.4.10", "organizationName", "O"),
    ("2.5.4.11", "organizationalUnitName", "OU"),
    ("0.9.2342.19200300.100.1.1", "userId", "UID"),
    ("0.9.2342.19200300.100.1.25", "domainComponent", "DC"),
    ("1.2.840.113549.1.9.1", "emailAddress", ""),
    ("2.5.29.14", "subjectKeyIdentifier", ""),
    ("2.5.29.15", "keyUsage", ""),
    ("2.5.29.17", "subjectAltName", ""),
    ("2.5.29.18", "issuerAltName", ""),
    ("2.5.29.19", "basicConstraints", ""),
    ("2.5.29.21", "reasonCode", ""),
    ("2.5.29.24", "invalidityDate", ""),
    ("2.5.29.30", "nameConstraints", ""),
    ("2.5.29.31", "cRLDistributionPoints", ""),
    ("2.5.29.32", "certificatePolicies", ""),
    ("2.5.29.33", "policyMappings", ""),
    ("2.5.29.35", "authorityKeyIdentifier", ""),
    ("2.5.29.36", "policyConstraints", ""),
    ("2.5.29.37", "extKeyUsage", ""),
    ("2.5.29.37.0", "anyExtendedKeyUsage", ""),
    ("2.5.29.54", "inhibitAnyPolicy", ""),
    ("2.16.840.1.113730.1.1", "nsCertType", ""),
    ("1.3.6.1.5.5.7.1.1", "authorityInfoAccess", ""),
    ("1.3.6.1.5.5.7.1.7", "ipAddrBlocks", ""),
    ("1.3.6.1.5.5.7.1.8", "autonomousSysIds", ""),
    ("1.3.6.1.5.5.7.1.24", "tlsFeature", ""),
    ("1.3.6.1.4.1.11129.2.4.2", "signedCertificateTimestampList", ""),
    ("1.3.6.1.4.1.11129.2.4.5", "signedCertificateTimestampList", ""),
    ("1.3.6.1.4.1.44363.44", "delegationUsage", ""),
    ("1.3.6.1.5.5.7.3.1", "serverAuth", ""),
    ("1.3.6.1.5.5.7.3.2", "clientAuth", ""),
    ("1.3.6.1.5.5.7.3.3", "codeSigning", ""),
    ("1.3.6.1.5.5.7.3.4", "emailProtection", ""),
    ("1.3.6.1.5.5.7.3.8", "timeStamping", ""),
    ("1.3.6.1.5.5.7.3.9", "OCSPSigning", ""),
    ("1.3.6.1.5.5.7.48.1.1", "id-pkix-ocsp-basic", ""),
    ("1.3.6.1.5.5.7.48.1.2", "id-pkix-ocsp-nonce", ""),
    ("1.3.6.1.5.5.7.48.1.3", "id-pkix-ocsp-crl", ""),
    ("1.3.6.1.5.5.7.48.1.5", "id-pkix-ocsp-nocheck", ""),
    ("1.3.6.1.5.5.7.48.1.6", "id-pkix-ocsp-archive-cutoff", ""),
    ("1.3.6.1.5.5.7.48.1.9", "id-pkix-ocsp-extended-revoke", ""),
    ("1.2.840.10045.2.1", "ecPublicKey", ""),
    ("1.2.840.10045.3.1.7", "secp256r1", "P-256"),
    ("1.3.132.0.34", "secp384r1", "P-384"),
    ("1.3.132.0.35", "secp521r1", "P-521"),
    ("1.3.132.0.10", "secp256k1", ""),
    ("1.3.132.0.33", "secp224r1", "P-224"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", ""),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", ""),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", ""),
    ("1.2.840.10040.4.1", "DSA", ""),
    ("1.2.840.10040.4.3", "dsa-with-SHA1", ""),
    ("1.2.840.10045.4.1", "ecdsa-with-SHA1", ""),
    ("1.2.840.10045.4.3.2", "ecdsa-with-SHA256", ""),
    ("1.2.840.10045.4.3.3", "ecdsa-with-SHA384", ""),
    ("1.2.840.10045.4.3.4", "ecdsa-with-SHA512", ""),
    ("1.2.840.113549.1.1.1", "rsaEncryption", ""),
    ("1.2.840.113549.1.1.2", "md2WithRSAEncryption", ""),
    ("1.2.840.113549.1.1.3", "md4WithRSAEncryption", ""),
    ("1.2.840.113549.1.1.4", "md5WithRSAEncryption", ""),
    ("1.2.840.113549.1.1.5", "sha1WithRSAEncryption", ""),
    ("1.2.840.113549.1.1.10", "RSASSA-PSS", ""),
    ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption", ""),
    ("1.2.840.113549.1.1.12", "sha384WithRSAEncryption", ""),
    ("1.2.840.113549.1.1.13", "sha512WithRSAEncryption", ""),
    ("1.3.101.110", "X25519", ""),
    ("1.3.101.111", "X448", ""),
    ("1.3.101.112", "Ed25519", ""),
    ("1.3.101.113", "Ed448", ""),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44", ""),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65", ""),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87", ""),
    ("1.3.14.3.2.26", "sha1", ""),
    ("2.16.840.1.101.3.4.2.1", "sha256", ""),
    ("2.16.840.1.101.3.4.2.2", "sha384", ""),
    ("2.16.840.1.101.3.4.2.3", "sha512", ""),
    ("2.16.840.1.101.3.4.2.4", "sha224", ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// One number in base 128, the highest digit first.
    fn arc(mut number: u128) -> Vec<u8> {
        let mut digits = vec![(number & 0x7f) as u8];
        while number >> 7 > 0 {
            number >>= 7;
            digits.push((number & 0x7f) as u8 | 0x80);
        }
        digits.reverse();
        digits
    }

    #[test]
    fn numbers_of_any_size_are_right() {
        assert_eq!(oid_dotted(&[0x55, 0x1d, 0x11]), "2.5.29.17");
        assert_eq!(oid_dotted(&[0x88, 0x37, 0x01]), "2.999.1");
        assert_eq!(oid_dotted(&[0]), "0.0");
        assert_eq!(oid_dotted(&[39]), "0.39");
        assert_eq!(oid_dotted(&[40]), "1.0");
        assert_eq!(oid_dotted(&[79]), "1.39");
        assert_eq!(oid_dotted(&[80]), "2.0");
        assert_eq!(oid_dotted(&[]), "");
        assert_eq!(oid_dotted(&[0x55, 0x81]), "2.5", "a number without an end");
        // RFC 9562's own UUID f81d4fae-7dec-11d0-a765-00a0c91e6bf6, as ITU-T X.667 §7 writes it.
        let uuid = 0xf81d_4fae_7dec_11d0_a765_00a0_c91e_6bf6_u128;
        for number in [
            0,
            127,
            128,
            u128::from(u64::MAX),
            u128::from(u64::MAX) + 1,
            uuid,
            u128::MAX,
        ] {
            let contents = [vec![2 * 40 + 25], arc(number)].concat();
            assert_eq!(oid_dotted(&contents), format!("2.25.{number}"));
            let first = [arc(number.saturating_sub(80).saturating_add(80)), vec![1]].concat();
            if number >= 80 {
                assert_eq!(oid_dotted(&first), format!("2.{}.1", number - 80));
            }
        }
        // 2 to the power of 140, which is beyond every integer here.
        let contents = [vec![105], vec![0x81], vec![0x80; 19], vec![0]].concat();
        assert_eq!(
            oid_dotted(&contents),
            "2.25.1393796574908163946345982392040522594123776"
        );
    }

    #[test]
    fn the_longest_is_printed_and_a_longer_one_is_not() {
        assert_eq!(
            oid_dotted(&[1; LONGEST_BYTES]).split('.').count(),
            LONGEST_BYTES + 1
        );
        assert_eq!(oid_dotted(&[1; LONGEST_BYTES + 1]), "an OID of 257 bytes");
    }

    #[test]
    fn every_name_is_there_once() {
        for (index, (dotted, ..)) in NAMES.iter().enumerate() {
            assert!(
                NAMES.iter().skip(index + 1).all(|(other, ..)| other != dotted),
                "{dotted}"
            );
        }
        assert_eq!(oid_words(&[0x55, 0x1d, 0x11]), "subjectAltName (2.5.29.17)");
        assert_eq!(oid_words(&[0x88, 0x37, 0x01]), "2.999.1");
        assert_eq!(oid_short(&[0x55, 4, 3]), "CN");
        assert_eq!(oid_short(&[0x55, 4, 5]), "serialNumber");
        assert_eq!(oid_short(&[0x88, 0x37, 0x01]), "2.999.1");
    }

    #[test]
    fn the_table_is_found_by_what_is_in_certificates() {
        assert_eq!(KNOWN.len(), NAMES.len());
        for (dotted, name, _) in NAMES {
            let contents = contents_of(dotted);
            assert_eq!(in_decimals(&contents), *dotted);
            assert_eq!(oid_words(&contents), format!("{name} ({dotted})"));
        }
    }
}
