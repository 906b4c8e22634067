//! A certificate as OpenSSL keeps it: its extensions read once, with flags for what is amiss
//! (`crypto/x509/v3_purp.c`, `ossl_x509v3_cache_extensions`).

use crate::diagnose::authority::Authority;
use crate::diagnose::certificate::Certificate;
use crate::diagnose::check::oid;
use crate::diagnose::reading::{Elements, SEQUENCE};
use crate::diagnose::record::general_names::{self, Constraints, Name};
use crate::diagnose::record::points::{self, Point};
use crate::diagnose::record::signature::{Algorithm, Family, Key, algorithm_of};
use crate::pki::{KeyKind, NamePart, folded_name, name_parts_of_contents};

/// The critical extensions that OpenSSL 3.0 says it supports (`X509_supported_extension`).
const SUPPORTED: [&[u8]; 14] = [
    NETSCAPE_TYPE,
    oid::KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::BASIC_CONSTRAINTS,
    oid::CERTIFICATE_POLICIES,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::EXTENDED_KEY_USAGE,
    ADDRESS_BLOCKS,
    AS_NUMBERS,
    oid::POLICY_CONSTRAINTS,
    PROXY,
    oid::NAME_CONSTRAINTS,
    oid::POLICY_MAPPINGS,
    oid::INHIBIT_ANY_POLICY,
];

const NETSCAPE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 1];
const PROXY: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 14];
const ADDRESS_BLOCKS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 7];
const AS_NUMBERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 8];
const ISSUER_ALT_NAME: &[u8] = &[0x55, 0x1d, 18];
/// Server Gated Cryptography, of Microsoft and of Netscape.
const GATED: [&[u8]; 2] = [
    &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 3],
    &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1],
];

pub(super) const DIGITAL_SIGNATURE: u16 = 0x0080;
pub(super) const KEY_ENCIPHERMENT: u16 = 0x0020;
pub(super) const KEY_AGREEMENT: u16 = 0x0008;
pub(super) const CRL_SIGN: u16 = 0x0002;
const KEY_CERT_SIGN: u16 = 0x0004;

/// basicConstraints.
#[derive(Clone, Copy)]
pub(super) struct Basic {
    pub is_ca: bool,
    pub path_length: Option<u64>,
}

/// extendedKeyUsage.
#[derive(Clone, Copy, Default)]
pub(super) struct Purposes {
    pub server: bool,
    pub client: bool,
}

/// A certificate, read.
#[derive(Clone)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "OpenSSL's own flags, each by itself"
)]
pub(super) struct Seen<'a> {
    pub certificate: &'a Certificate,
    /// An extension cannot be read, or says what it must not: it is nobody's issuer.
    pub is_invalid: bool,
    pub has_unknown_critical: bool,
    pub is_proxy: bool,
    pub is_version_1: bool,
    pub basic: Option<Basic>,
    pub usage: Option<u16>,
    pub purposes: Option<Purposes>,
    pub netscape: Option<u8>,
    /// Contents of subjectKeyIdentifier.
    key_id: Option<&'a [u8]>,
    authority: Option<Authority<'a>>,
    pub names: Vec<Name<'a>>,
    /// Where lists are that speak of it.
    pub points: Vec<Point<'a>>,
    pub constraints: Option<std::rc::Rc<Constraints<'a>>>,
    /// Addresses or AS numbers that it was given (RFC 3779).
    pub has_resources: bool,
    pub key: Option<KeySeen>,
    pub is_self_issued: bool,
    /// Issued by itself as far as names and identifiers tell; the signature is not looked at.
    pub is_self_signed: bool,
    pub subject: &'a str,
    pub issuer: &'a str,
}

/// Whether OpenSSL reads it at all: a name's value must be of a string type, or of none that is known, and its UTF-8 sound.
pub(super) fn is_loaded(certificate: &Certificate) -> bool {
    let is_name = |contents: Option<&[u8]>| {
        let parts = contents.and_then(name_parts_of_contents);
        parts.is_some_and(|parts| parts.iter().all(is_value))
    };
    certificate.reading.is_ok() && is_name(certificate.subject()) && is_name(certificate.issuer())
}

fn is_value(part: &NamePart) -> bool {
    match part.tag {
        0x0c => std::str::from_utf8(&part.bytes).is_ok(),
        0x1e => part.bytes.len().is_multiple_of(2),
        0x1c => part.bytes.len().is_multiple_of(4),
        // BOOLEAN, INTEGER, OCTET STRING, NULL, OBJECT IDENTIFIER, SET, VideotexString, dates, GraphicString to GeneralString.
        other if other & 0xc0 != 0 => false,
        0x01 | 0x02 | 0x04 | 0x05 | 0x06 | 0x31 | 0x15 | 0x17..=0x1b => false,
        _ => true,
    }
}

/// Its key, where OpenSSL can read it.
#[derive(Clone, Copy)]
pub(super) struct KeySeen {
    pub family: Family,
    /// Its curve is written out.
    pub has_explicit_curve: bool,
}

fn key_of(certificate: &Certificate) -> Option<KeySeen> {
    let key = Key::of(certificate)?;
    let family = key.family?;
    let has_explicit_curve = family == Family::Ec && key.curve().is_none();
    let is_readable = match (family, certificate.facts().map(|facts| &facts.key)) {
        (Family::Rsa | Family::RsaPss, _) => Elements::of_any_length(key.bits)
            .expect_bytes(SEQUENCE)
            .is_ok_and(|numbers| Elements::of_any_length(numbers).expect_bytes(0x02).is_ok()),
        (Family::Ec, Some(KeyKind::Ec { .. })) => is_point(&key),
        (Family::Ed25519, _) => key.bits.len() == 32 && key.parameters.is_empty(),
        (Family::Ed448, _) => key.bits.len() == 57 && key.parameters.is_empty(),
        // Parameters that are those of the issuer's key are not looked for (RFC 3279 §2.3.2).
        (Family::Dsa, _) => !key.parameters.is_empty(),
        _ => true,
    };
    is_readable.then_some(KeySeen {
        family,
        has_explicit_curve,
    })
}

/// Whether the bits have the form of a point; on one of the curves that aws-lc has, whether they are one.
fn is_point(key: &Key<'_>) -> bool {
    matches!(key.bits.first(), Some(2 | 3 | 4 | 6 | 7))
}

/// A name as OpenSSL compares it; the empty one is a name too.
pub(super) fn canonical(contents: Option<&[u8]>) -> String {
    contents.and_then(folded_name).unwrap_or_default()
}

/// The contents of a BIT STRING as the first two bytes of bits.
fn bits(value: &[u8]) -> Option<u16> {
    bits_in(Elements::of_any_length(value).expect_bytes(0x03).ok()?)
}

pub(super) fn bits_in(contents: &[u8]) -> Option<u16> {
    let (unused, bytes) = contents.split_first()?;
    if *unused > 7 || (bytes.is_empty() && *unused > 0) {
        return None;
    }
    let byte = |at: usize| bytes.get(at).copied().map_or(0, u16::from);
    Some(byte(0) | (byte(1) << 8))
}

fn basic(value: &[u8]) -> Option<Basic> {
    let mut parts = Elements::of_any_length(Elements::of_any_length(value).expect_bytes(SEQUENCE).ok()?);
    let mut found = Basic {
        is_ca: false,
        path_length: None,
    };
    if parts.peek() == Some(0x01) {
        let [byte] = parts.expect_bytes(0x01).ok()? else {
            return None;
        };
        found.is_ca = *byte != 0;
    }
    if !parts.is_at_end() {
        let number = parts.expect_bytes(0x02).ok()?;
        // A negative one is invalid; one that fits nowhere counts as no limit.
        if number.first()? & 0x80 != 0
            || (number.len() > 1 && number.starts_with(&[0]) && number.get(1)? & 0x80 == 0)
        {
            return None;
        }
        found.path_length = Some(number.iter().fold(0u64, |sum, byte| {
            sum.saturating_mul(256).saturating_add(u64::from(*byte))
        }));
    }
    parts.is_at_end().then_some(found)
}

fn purposes(value: &[u8]) -> Option<Purposes> {
    let mut list = Elements::of_any_length(Elements::of_any_length(value).expect_bytes(SEQUENCE).ok()?);
    let mut found = Purposes::default();
    while !list.is_at_end() {
        let purpose = list.expect_bytes(0x06).ok()?;
        found.server |= purpose == oid::SERVER_AUTH || GATED.contains(&purpose);
        found.client |= purpose == oid::CLIENT_AUTH;
    }
    Some(found)
}

impl<'a> Seen<'a> {
    pub(super) fn of(certificate: &'a Certificate) -> Self {
        let (subject, issuer) = (certificate.folded_subject(), certificate.folded_issuer());
        let mut seen = Self {
            certificate,
            is_invalid: certificate.reading.is_err(),
            has_unknown_critical: false,
            is_proxy: false,
            is_version_1: certificate.version() == 1,
            basic: None,
            usage: None,
            purposes: None,
            netscape: None,
            key_id: None,
            authority: None,
            names: Vec::new(),
            points: Vec::new(),
            constraints: None,
            has_resources: false,
            key: key_of(certificate),
            is_self_issued: certificate.reading.is_ok() && subject == issuer,
            is_self_signed: false,
            subject,
            issuer,
        };
        seen.read();
        seen.is_self_signed =
            seen.is_self_issued && seen.names_by_identifier(&seen) && seen.signed_by_kind_of(&seen);
        seen
    }

    fn read(&mut self) {
        let certificate = self.certificate;
        let mut met: Vec<&[u8]> = Vec::new();
        for (id, is_critical, value) in certificate.extensions() {
            self.has_unknown_critical |= is_critical && !SUPPORTED.contains(&id);
            let is_again = met.contains(&id);
            met.push(id);
            let is_read = self.take(id, value);
            // What it reads by name must stand there once and be readable.
            self.is_invalid |= is_read == Some(false) || (is_again && is_read.is_some());
        }
        self.is_invalid |= self.is_proxy
            && (self.basic.is_some_and(|basic| basic.is_ca)
                || met.contains(&oid::SUBJECT_ALT_NAME)
                || met.contains(&ISSUER_ALT_NAME));
    }

    /// Whether an extension can be read; `None` where OpenSSL does not read it.
    fn take(&mut self, id: &[u8], value: &'a [u8]) -> Option<bool> {
        Some(match id {
            oid::BASIC_CONSTRAINTS => {
                self.basic = basic(value);
                self.basic.is_some()
            }
            oid::KEY_USAGE => {
                self.usage = bits(value);
                self.usage.is_some_and(|usage| usage != 0)
            }
            oid::EXTENDED_KEY_USAGE => {
                self.purposes = purposes(value);
                self.purposes.is_some()
            }
            NETSCAPE_TYPE => {
                self.netscape = bits(value).map(|bits| bits as u8);
                self.netscape.is_some()
            }
            oid::SUBJECT_KEY_ID => {
                self.key_id = Elements::of_any_length(value).expect_bytes(0x04).ok();
                self.key_id.is_some()
            }
            oid::AUTHORITY_KEY_ID => {
                self.authority = Authority::of(self.certificate);
                self.authority.is_some()
            }
            oid::SUBJECT_ALT_NAME => {
                let names = Elements::of_any_length(value)
                    .expect_bytes(SEQUENCE)
                    .and_then(general_names::list);
                let is_read = names.is_ok();
                self.names = names.unwrap_or_default();
                is_read
            }
            oid::NAME_CONSTRAINTS => {
                let constraints = Constraints::read(value).ok();
                let is_read = constraints.is_some();
                self.constraints = constraints.map(std::rc::Rc::new);
                is_read
            }
            oid::CRL_DISTRIBUTION_POINTS => {
                let points = points::read(value);
                let is_read = points.is_ok();
                self.points = points.unwrap_or_default();
                // One that names no place and no issuer is none.
                let is_one = |point: &Point<'_>| point.name.is_some() || point.has_issuer;
                is_read && self.points.iter().all(is_one)
            }
            PROXY => {
                self.is_proxy = true;
                Elements::of_any_length(value).expect_bytes(SEQUENCE).is_ok()
            }
            ADDRESS_BLOCKS | AS_NUMBERS => {
                self.has_resources = true;
                Elements::of_any_length(value).expect_bytes(SEQUENCE).is_ok()
            }
            _ => return None,
        })
    }

    /// Whether `self` may be an issuer of `child`, which is sound: names, identifiers and the kinds of key and signature agree
    /// (`ossl_x509_likely_issued`).
    pub(super) fn likely_issued(&self, child: &Self) -> bool {
        self.subject == child.issuer
            && !self.is_invalid
            && child.names_by_identifier(self)
            && child.signed_by_kind_of(self)
    }

    /// Nothing in its authorityKeyIdentifier speaks against `issuer` (`X509_check_akid`).
    fn names_by_identifier(&self, issuer: &Self) -> bool {
        self.authority
            .as_ref()
            .is_none_or(|named| issuer.is_named_by(named))
    }

    /// Whether an authorityKeyIdentifier may mean this certificate.
    pub(super) fn is_named_by(&self, named: &Authority<'_>) -> bool {
        let agrees = |one: Option<&[u8]>, other: Option<&[u8]>| match (one, other) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        agrees(named.key, self.key_id)
            && agrees(named.serial, self.certificate.part(|at| &at.serial))
            && named
                .issuer
                .is_none_or(|name| canonical(Some(name)) == self.issuer)
    }

    /// Less than 112 bits of security: RSA below 2048 bits, curves below 224.
    pub(super) fn has_weak_key(&self) -> bool {
        match self.certificate.facts().map(|facts| &facts.key) {
            Some(KeyKind::Rsa { bits }) => *bits < 2048,
            Some(KeyKind::Ec { .. }) => {
                Key::of(self.certificate).is_some_and(|key| key.bits.len() < 1 + 2 * 28)
            }
            _ => false,
        }
    }

    /// The algorithm inside the part that is signed.
    pub(super) fn inner_algorithm(&self) -> Option<Algorithm> {
        algorithm_of(self.certificate.part(|at| &at.inner_algorithm)?)
    }

    /// Its signature is of a kind that `issuer`'s key makes (`check_sig_alg_match`).
    fn signed_by_kind_of(&self, issuer: &Self) -> bool {
        let (Some(algorithm), Some(key)) = (self.inner_algorithm(), issuer.key) else {
            return false;
        };
        algorithm.family == key.family || (algorithm.family == Family::RsaPss && key.family == Family::Rsa)
    }

    /// What `X509_check_ca` says: 0 no CA, 1 a CA, 3 a root of version 1, 4 by its keyUsage, 5 by Netscape's type.
    pub(super) fn ca_kind(&self) -> u8 {
        if self.usage.is_some_and(|usage| usage & KEY_CERT_SIGN == 0) {
            return 0;
        }
        match (self.basic, self.usage, self.netscape) {
            (Some(basic), ..) => u8::from(basic.is_ca),
            _ if self.is_version_1 && self.is_self_signed => 3,
            (None, Some(_), _) => 4,
            (None, None, Some(kind)) if kind & 0x07 != 0 => 5,
            (None, None, _) => 0,
        }
    }
}
