//! What Go's parser takes of a certificate, and what it refuses (`crypto/x509/parser.go`): names' strings, keys, and the
//! extensions that it knows must all be sound, or there is no certificate at all.

use super::super::general_names::{self, Constraints, DNS, EMAIL, IP, Name, URI};
use super::super::given::Refusal;
use super::super::points::{self, PointName};
use super::super::signature::{Family, Hash, Key, algorithm_of};
use super::super::times::{self, Form};
use super::text::{attribute_fault, labels, mailbox, uri_host};
use crate::diagnose::authority::Authority;
use crate::diagnose::certificate::Certificate;
use crate::diagnose::check::oid;
use crate::diagnose::memo::Digest;
use crate::diagnose::reading::{Elements, SEQUENCE};
use crate::pki::name_parts_of_contents;

/// The bit for keyCertSign.
pub(super) const CERT_SIGN: u16 = 0x0004;

/// authorityInfoAccess, its OID's contents.
const AUTHORITY_INFO: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];

/// basicConstraints.
#[derive(Clone, Copy)]
pub(super) struct Basic {
    pub is_ca: bool,
    /// A negative one counts as none.
    pub path_length: Option<i128>,
}

/// extendedKeyUsage that names any.
#[derive(Clone, Copy, Default)]
pub(super) struct Purposes {
    pub server: bool,
    pub client: bool,
    pub any: bool,
}

/// A certificate, parsed.
pub(super) struct Parsed<'a> {
    pub certificate: &'a Certificate,
    pub not_before: i64,
    pub not_after: i64,
    pub basic: Option<Basic>,
    pub usage: Option<u16>,
    pub purposes: Option<Purposes>,
    pub key_id: &'a [u8],
    /// The key in authorityKeyIdentifier; empty where it names none.
    pub authority: &'a [u8],
    pub names: Vec<Name<'a>>,
    /// The alternative names as they are written.
    pub alternative_names: Option<&'a [u8]>,
    pub dns_names: Vec<&'a [u8]>,
    pub addresses: Vec<&'a [u8]>,
    pub constraints: Option<Constraints<'a>>,
    pub has_unhandled_critical: bool,
    /// It was signed by an algorithm that Go accepts for certificates.
    pub is_signature_accepted: bool,
}

impl Parsed<'_> {
    pub(super) fn digest(&self) -> Digest {
        self.certificate.digest
    }
}

type Fault = &'static str;

/// Parses one, or says why Go does not.
pub(super) fn parse(certificate: &Certificate) -> Result<Parsed<'_>, Refusal> {
    try_parse(certificate).map_err(|words| format!("x509: {words}").into())
}

fn try_parse(certificate: &Certificate) -> Result<Parsed<'_>, Fault> {
    let reading = certificate
        .reading
        .as_ref()
        .map_err(|_| "malformed certificate")?;
    let part =
        |range: &std::ops::Range<usize>| certificate.der.as_bytes().get(range.clone()).unwrap_or_default();
    let version = certificate.version();
    if !(1..=3).contains(&version) {
        return Err("invalid version");
    }
    if !is_integer(part(&reading.serial)) {
        return Err("malformed serial number");
    }
    let algorithm = part(&reading.inner_algorithm);
    if algorithm != part(&reading.outer_algorithm) {
        return Err("inner and outer signature algorithm identifiers don't match");
    }
    for name in [&reading.issuer, &reading.subject] {
        let parts = name_parts_of_contents(part(name)).ok_or("invalid RDNSequence")?;
        if let Some(words) = parts.iter().find_map(|one| attribute_fault(one.tag, &one.bytes)) {
            return Err(words);
        }
    }
    let (not_before, not_after) =
        times::validity(certificate, Form::Lax).ok_or("malformed UTCTime or GeneralizedTime")?;
    key(certificate)?;
    let signed = algorithm_of(algorithm);
    let is_signature_accepted = signed.is_some_and(|one| {
        matches!(
            (one.family, one.hash),
            (
                Family::Rsa | Family::RsaPss | Family::Ec,
                Hash::Sha256 | Hash::Sha384 | Hash::Sha512
            )
        ) && !one.has_odd_parameters
            || (one.family == Family::Ed25519 && algorithm.len() == 5)
    });
    let mut parsed = Parsed {
        certificate,
        not_before,
        not_after,
        basic: None,
        usage: None,
        purposes: None,
        key_id: &[],
        authority: &[],
        names: Vec::new(),
        alternative_names: None,
        dns_names: Vec::new(),
        addresses: Vec::new(),
        constraints: None,
        has_unhandled_critical: false,
        is_signature_accepted,
    };
    if version == 3 {
        let mut met: Vec<&[u8]> = Vec::new();
        for (id, is_critical, value) in certificate.extensions() {
            if met.contains(&id) {
                return Err("certificate contains duplicate extensions");
            }
            met.push(id);
            let is_handled = parsed.take(id, value)?;
            parsed.has_unhandled_critical |= is_critical && !is_handled;
        }
    }
    Ok(parsed)
}

/// Written in the shortest way, and not empty.
fn is_integer(bytes: &[u8]) -> bool {
    match bytes {
        [] => false,
        [0x00, next, ..] => next & 0x80 != 0,
        [0xff, next, ..] => next & 0x80 == 0,
        _ => true,
    }
}

fn key(certificate: &Certificate) -> Result<(), Fault> {
    let key = Key::of(certificate).ok_or("malformed subjectPublicKey")?;
    match key.family {
        Some(Family::Rsa) => {
            if key.parameters != [0x05, 0x00] {
                return Err("RSA key missing NULL parameters");
            }
            let invalid = |_| "invalid RSA public key";
            let mut numbers = Elements::of_any_length(
                Elements::of_any_length(key.bits)
                    .expect_bytes(SEQUENCE)
                    .map_err(invalid)?,
            );
            for _ in 0..2 {
                let number = numbers.expect_bytes(0x02).map_err(invalid)?;
                let is_positive = number.first().is_some_and(|byte| byte & 0x80 == 0) && number != [0];
                if !is_integer(number) || !is_positive {
                    return Err("RSA modulus or public exponent is not a positive number");
                }
            }
            Ok(())
        }
        Some(Family::Ec) => {
            let bytes = match key.curve() {
                Some([0x2b, 0x81, 4, 0, 0x21]) => 28,
                Some([0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]) => 32,
                Some([0x2b, 0x81, 4, 0, 0x22]) => 48,
                Some([0x2b, 0x81, 4, 0, 0x23]) => 66,
                Some(_) => return Err("unsupported elliptic curve"),
                None => return Err("invalid ECDSA parameters"),
            };
            if key.bits.first() != Some(&4) || key.bits.len() != 1 + 2 * bytes {
                return Err("failed to unmarshal elliptic curve point");
            }
            Ok(())
        }
        Some(Family::Ed25519) if !key.parameters.is_empty() => {
            Err("Ed25519 key encoded with illegal parameters")
        }
        Some(Family::Ed25519) if key.bits.len() != 32 => Err("wrong Ed25519 public key size"),
        Some(Family::Ed25519 | Family::Ed448 | Family::Dsa | Family::RsaPss) | None => Ok(()),
    }
}

/// The contents of the SEQUENCE that an extension's value begins with.
fn sequence(value: &[u8], words: Fault) -> Result<&[u8], Fault> {
    Elements::of_any_length(value)
        .expect_bytes(SEQUENCE)
        .map_err(|_| words)
}

impl<'a> Parsed<'a> {
    /// Takes an extension; whether it is one that Go handles.
    fn take(&mut self, id: &[u8], value: &'a [u8]) -> Result<bool, Fault> {
        match id {
            oid::KEY_USAGE => {
                let bits = Elements::of_any_length(value)
                    .expect_bytes(0x03)
                    .map_err(|_| "invalid key usage")?;
                self.usage = Some(usage(bits).ok_or("invalid key usage")?);
            }
            oid::BASIC_CONSTRAINTS => self.basic = Some(basic(value)?),
            oid::SUBJECT_ALT_NAME => return self.take_names(value),
            oid::NAME_CONSTRAINTS => return self.take_constraints(value),
            oid::CRL_DISTRIBUTION_POINTS => {
                let points = points::read(value).map_err(|_| "invalid CRL distribution points")?;
                // A name relative to the issuer's is none that it knows.
                if points.iter().any(|point| point.name == Some(PointName::Relative)) {
                    return Err("invalid CRL distribution point");
                }
            }
            oid::AUTHORITY_KEY_ID => {
                sequence(value, "invalid authority key identifier")?;
                let named = Authority::of(self.certificate).unwrap_or_default();
                self.authority = named.key.unwrap_or_default();
            }
            oid::SUBJECT_KEY_ID => {
                self.key_id = Elements::of_any_length(value)
                    .expect_bytes(0x04)
                    .map_err(|_| "invalid subject key identifier")?;
            }
            oid::EXTENDED_KEY_USAGE => {
                let words = "invalid extended key usages";
                let mut found = Purposes::default();
                let mut count = 0;
                all(sequence(value, words)?, |tag, purpose| {
                    count += 1;
                    found.server |= purpose == oid::SERVER_AUTH;
                    found.client |= purpose == oid::CLIENT_AUTH;
                    found.any |= purpose == oid::ANY_PURPOSE;
                    tag == 0x06
                })
                .map_err(|()| words)?;
                // An empty list restricts nothing.
                self.purposes = (count > 0).then_some(found);
            }
            oid::CERTIFICATE_POLICIES => {
                let words = "invalid certificate policies";
                all(sequence(value, words)?, |tag, policy| {
                    tag == SEQUENCE && Elements::of_any_length(policy).expect_bytes(0x06).is_ok()
                })
                .map_err(|()| words)?;
            }
            AUTHORITY_INFO => {
                let words = "invalid authority info access";
                all(sequence(value, words)?, |tag, access| {
                    tag == SEQUENCE && Elements::of_any_length(access).expect_bytes(0x06).is_ok()
                })
                .map_err(|()| words)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn take_names(&mut self, value: &'a [u8]) -> Result<bool, Fault> {
        let contents = sequence(value, "invalid subject alternative names")?;
        self.alternative_names = Some(value);
        self.names = general_names::list(contents).map_err(|_| "invalid subject alternative name")?;
        let mut has_known = false;
        for (tag, bytes) in self.names.iter().copied() {
            match tag {
                DNS | EMAIL | URI if !bytes.is_ascii() => return Err("a SAN is malformed"),
                DNS => self.dns_names.push(bytes),
                IP if !matches!(bytes.len(), 4 | 16) => return Err("cannot parse IP address"),
                IP => self.addresses.push(bytes),
                URI => {
                    let host = uri_host(bytes).ok_or("cannot parse URI")?;
                    if !host.is_empty() && labels(host).is_none() {
                        return Err("cannot parse URI: invalid domain");
                    }
                }
                _ => {}
            }
            has_known |= matches!(tag, DNS | EMAIL | URI | IP);
        }
        Ok(has_known)
    }

    fn take_constraints(&mut self, value: &'a [u8]) -> Result<bool, Fault> {
        let found = Constraints::read(value).map_err(|_| "invalid NameConstraints extension")?;
        if found.count() == 0 {
            return Err("empty name constraints extension");
        }
        let mut is_handled = true;
        for subtree in found.permitted.iter().chain(&found.excluded) {
            let (tag, base) = subtree.base;
            let domain = base.strip_prefix(b".").unwrap_or(base);
            let is_sound = match tag {
                DNS => labels(domain).is_some(),
                EMAIL if base.contains(&b'@') => base.is_ascii() && mailbox(base).is_some(),
                EMAIL => labels(domain).is_some(),
                URI => !is_address(base) && labels(domain).is_some(),
                IP => matches!(base.len(), 8 | 32) && is_mask(base.get(base.len() / 2..).unwrap_or_default()),
                _ => {
                    is_handled = false;
                    true
                }
            };
            if !is_sound {
                return Err("invalid constraint value");
            }
        }
        self.constraints = Some(found);
        Ok(is_handled)
    }
}

/// Every element of a list satisfies this.
fn all(contents: &[u8], mut is_sound: impl FnMut(u8, &[u8]) -> bool) -> Result<(), ()> {
    let mut list = Elements::of_any_length(contents);
    while !list.is_at_end() {
        let (tag, value) = list.next_bytes().map_err(|_| ())?;
        if !is_sound(tag, value) {
            return Err(());
        }
    }
    Ok(())
}

fn usage(bits: &[u8]) -> Option<u16> {
    let (unused, bytes) = bits.split_first()?;
    let last = bytes.last().copied().unwrap_or_default();
    let is_padded_with_zeros = *unused <= 7
        && !(bytes.is_empty() && *unused != 0)
        && last & ((1u16 << unused) as u8).wrapping_sub(1) == 0;
    let byte = |at: usize| bytes.get(at).copied().map_or(0, u16::from);
    is_padded_with_zeros.then(|| byte(0) | (byte(1) << 8))
}

fn basic(value: &[u8]) -> Result<Basic, Fault> {
    let words = "invalid basic constraints";
    let mut parts = Elements::of_any_length(sequence(value, words)?);
    let mut found = Basic {
        is_ca: false,
        path_length: None,
    };
    if parts.peek() == Some(0x01) {
        found.is_ca = match parts.expect_bytes(0x01).map_err(|_| words)? {
            [0x00] => false,
            [0xff] => true,
            _ => return Err(words),
        };
    }
    if parts.peek() == Some(0x02) {
        let number = parts.expect_bytes(0x02).map_err(|_| words)?;
        if !is_integer(number) || number.len() > 8 {
            return Err(words);
        }
        let is_negative = number.first().is_some_and(|byte| byte & 0x80 != 0);
        let value = number
            .iter()
            .fold(0i128, |sum, byte| (sum << 8) | i128::from(*byte));
        found.path_length = (!is_negative).then_some(value);
    }
    Ok(found)
}

fn is_address(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.parse::<std::net::IpAddr>().is_ok())
}

/// Ones, and then zeros.
fn is_mask(mask: &[u8]) -> bool {
    let mut seen_zero = false;
    mask.iter().all(|byte| {
        let is_sound = if seen_zero {
            *byte == 0
        } else {
            byte.leading_ones() + byte.trailing_zeros() >= 8
        };
        seen_zero |= *byte != 0xff;
        is_sound
    })
}
