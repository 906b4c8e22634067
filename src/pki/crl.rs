//! Revocation lists (RFC 5280 §5): what one says of itself and of the certificates that its issuer withdrew.

use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer;
use x509_parser::revocation_list::{CertificateRevocationList, RevokedCertificate};

use super::der::der_element;
use super::facts::{Malformed, SignedPart};
use super::names::{self, reason_words};
use super::oids::{oid_dotted, oid_words};

/// What a revocation list says. Times are seconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationListFacts {
    /// RFC 4514.
    pub issuer: String,
    /// The issuer's common name, else the whole name: for people.
    pub issuer_display_name: String,
    /// The issuer's name, DER.
    pub issuer_der: Vec<u8>,
    /// cRLNumber in decimal (RFC 5280 §5.2.3).
    pub number: Option<String>,
    /// When it was issued.
    pub this_update: i64,
    /// When the next one comes at the latest.
    pub next_update: Option<i64>,
    /// `ecdsa-with-SHA256`, or the OID.
    pub signature_algorithm: String,
    /// What it withdraws, in the order of the list.
    pub entries: Vec<RevokedEntry>,
    /// authorityKeyIdentifier keyIdentifier.
    pub authority_key_id: Option<Vec<u8>>,
    /// issuingDistributionPoint: of which certificates alone it speaks (RFC 5280 §5.2.5).
    pub scope: Option<ListScope>,
    /// It holds only what changed since another list (RFC 5280 §5.2.4).
    pub is_delta: bool,
    /// OIDs of critical extensions other than issuingDistributionPoint and deltaCRLIndicator.
    pub unknown_critical_extensions: Vec<String>,
}

/// One withdrawn certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedEntry {
    /// Lowercase hex of the serial number's bytes.
    pub serial: String,
    /// When the CA withdrew it.
    pub revoked_at: i64,
    /// `keyCompromise`; `None` where the list gives no reason.
    pub reason: Option<String>,
    /// When the key was lost, where that is known.
    pub invalid_since: Option<i64>,
}

/// An issuingDistributionPoint (RFC 5280 §5.2.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "the bits by their RFC names")]
pub struct ListScope {
    /// URIs of its full name.
    pub uris: Vec<String>,
    /// onlyContainsUserCerts.
    pub only_leaves: bool,
    /// onlyContainsCACerts.
    pub only_cas: bool,
    /// It speaks of certificates of other issuers as well.
    pub is_indirect: bool,
    /// It holds only some reasons.
    pub only_some_reasons: bool,
}

fn parse(der: &[u8]) -> Result<CertificateRevocationList<'_>, Malformed> {
    let (rest, list) = CertificateRevocationList::from_der(der).map_err(|error| Malformed {
        words: match error {
            x509_parser::nom::Err::Incomplete(_) => "the bytes end too early".to_owned(),
            x509_parser::nom::Err::Error(error) | x509_parser::nom::Err::Failure(error) => error.to_string(),
        },
    })?;
    if rest.is_empty() {
        Ok(list)
    } else {
        Err(Malformed {
            words: format!("{} bytes follow the end of the list", rest.len()),
        })
    }
}

/// The signed bytes, the algorithm and the signature of a revocation list (RFC 5280 §5.1.1).
pub fn signed_list(der: &[u8]) -> Result<SignedPart, Malformed> {
    // By hand, so that what only a reader of contents stumbles over does not stand in the way.
    let part = || {
        let (outer, _) = der_element(der)?;
        let (_, after) = der_element(outer)?;
        let (_, last) = der_element(after)?;
        let (bits, _) = der_element(last)?;
        Some(SignedPart {
            tbs: outer.get(..outer.len() - after.len())?.to_vec(),
            algorithm: names::algorithm_contents(der)?,
            signature: bits.get(1..)?.to_vec(),
        })
    };
    part().ok_or_else(|| Malformed {
        words: "the signature cannot be read".to_owned(),
    })
}

impl ListScope {
    /// Reads an issuingDistributionPoint; what is no part of one is passed over.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let mut scope = Self::default();
        let (mut rest, _) = der_element(der)?;
        while let Some(tag) = rest.first() {
            let (contents, next) = der_element(rest)?;
            let is_set = contents.first().is_some_and(|byte| *byte != 0);
            match tag {
                0xa0 if contents.first() == Some(&0xa0) => {
                    let (mut list, _) = der_element(contents)?;
                    while let Some(kind) = list.first() {
                        let (name, next) = der_element(list)?;
                        if *kind == 0x86 {
                            scope.uris.push(String::from_utf8_lossy(name).into_owned());
                        }
                        list = next;
                    }
                }
                0x81 => scope.only_leaves = is_set,
                0x82 => scope.only_cas = is_set,
                0x83 => scope.only_some_reasons = true,
                0x84 => scope.is_indirect = is_set,
                _ => {}
            }
            rest = next;
        }
        Some(scope)
    }
}

impl RevocationListFacts {
    /// Reads a DER list. Fails only where the bytes are none.
    pub fn from_der(der: &[u8]) -> Result<Self, Malformed> {
        let list = parse(der)?;
        let tbs = &list.tbs_cert_list;
        let mut facts = Self {
            issuer: names::rfc4514(&tbs.issuer),
            issuer_display_name: names::display_name(&tbs.issuer),
            issuer_der: tbs.issuer.as_raw().to_vec(),
            number: None,
            this_update: tbs.this_update.timestamp(),
            next_update: tbs.next_update.map(|time| time.timestamp()),
            signature_algorithm: names::signature_algorithm(&list.signature_algorithm.algorithm),
            entries: tbs.revoked_certificates.iter().map(entry).collect(),
            authority_key_id: None,
            scope: None,
            is_delta: false,
            unknown_critical_extensions: Vec::new(),
        };
        for extension in tbs.extensions() {
            facts.take_extension(extension);
        }
        Ok(facts)
    }

    fn take_extension(&mut self, extension: &x509_parser::extensions::X509Extension<'_>) {
        let oid = oid_dotted(extension.oid.as_bytes());
        match extension.parsed_extension() {
            ParsedExtension::CRLNumber(number) => self.number = Some(number.to_string()),
            ParsedExtension::AuthorityKeyIdentifier(identifier) => {
                self.authority_key_id = identifier.key_identifier.as_ref().map(|id| id.0.to_vec());
            }
            _ if oid == "2.5.29.28" => self.scope = ListScope::from_der(extension.value),
            _ if oid == "2.5.29.27" => self.is_delta = true,
            _ if extension.critical => {
                self.unknown_critical_extensions
                    .push(oid_words(extension.oid.as_bytes()).into_owned());
            }
            _ => {}
        }
    }

    /// Whether it is out of date at this moment: nextUpdate itself is too late, as webpki has it.
    pub fn is_stale_at(&self, unix_s: i64) -> bool {
        self.next_update.is_some_and(|next| unix_s >= next)
    }
}

fn entry(revoked: &RevokedCertificate<'_>) -> RevokedEntry {
    let mut entry = RevokedEntry {
        serial: hex::encode(revoked.raw_serial()),
        revoked_at: revoked.revocation_date.timestamp(),
        reason: None,
        invalid_since: None,
    };
    for extension in revoked.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::ReasonCode(code) => entry.reason = Some(reason_words(code.0)),
            ParsedExtension::InvalidityDate(date) => entry.invalid_since = Some(date.timestamp()),
            _ => {}
        }
    }
    entry
}

/// Whether DER looks like a list: SEQUENCE { SEQUENCE { [version 1,] SEQUENCE alg, SEQUENCE issuer, Time, … }, … }.
pub(super) fn looks_like_list(der: &[u8]) -> bool {
    let Some((outer, _)) = der_element(der) else {
        return false;
    };
    let Some((mut tbs, _)) = der_element(outer) else {
        return false;
    };
    if tbs.first() == Some(&0x02) {
        let Some((_, rest)) = der_element(tbs) else {
            return false;
        };
        tbs = rest;
    }
    let mut tags = Vec::new();
    while let (Some(tag), Some((_, rest))) = (tbs.first(), der_element(tbs)) {
        tags.push(*tag);
        tbs = rest;
        if tags.len() == 3 {
            break;
        }
    }
    matches!(*tags, [0x30, 0x30, 0x17 | 0x18])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::der::tagged;

    #[test]
    fn a_scope_is_read_with_all_its_addresses_and_bits() {
        let names = [
            tagged(0x86, b"http://a/1"),
            tagged(0x82, b"a.example"),
            tagged(0x86, b"http://a/2"),
        ]
        .concat();
        let point = tagged(0xa0, &tagged(0xa0, &names));
        let scope = |rest: &[u8]| ListScope::from_der(&tagged(0x30, &[&point[..], rest].concat()));
        let plain = ListScope {
            uris: vec!["http://a/1".to_owned(), "http://a/2".to_owned()],
            ..ListScope::default()
        };
        assert_eq!(scope(&[]), Some(plain.clone()));
        for (tag, wanted) in [
            (
                0x81,
                ListScope {
                    only_leaves: true,
                    ..plain.clone()
                },
            ),
            (
                0x82,
                ListScope {
                    only_cas: true,
                    ..plain.clone()
                },
            ),
            (
                0x83,
                ListScope {
                    only_some_reasons: true,
                    ..plain.clone()
                },
            ),
            (
                0x84,
                ListScope {
                    is_indirect: true,
                    ..plain.clone()
                },
            ),
        ] {
            assert_eq!(scope(&tagged(tag, &[0xff])), Some(wanted), "{tag:x}");
            if tag != 0x83 {
                assert_eq!(scope(&tagged(tag, &[0])), Some(plain.clone()), "{tag:x}");
            }
        }
    }

    /// With a version and without, and with a date of either kind.
    #[test]
    fn a_list_is_known_by_its_first_fields() {
        let name = tagged(0x30, &[]);
        for version in [Vec::new(), tagged(0x02, &[1])] {
            for (date, is_list) in [(0x17, true), (0x18, true), (0x30, false), (0x02, false)] {
                let tbs = [version.clone(), name.clone(), name.clone(), tagged(date, b"x")].concat();
                let whole = tagged(0x30, &tagged(0x30, &tbs));
                assert_eq!(looks_like_list(&whole), is_list, "{date:x}");
            }
        }
    }
}
