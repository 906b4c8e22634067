//! A revocation list as OpenSSL keeps it (`crypto/x509/x_crl.c`, `crl_cb`).

use super::super::points::PointName;
use super::super::times::{self, Form};
use super::seen::{bits_in, canonical};
use crate::diagnose::authority::Authority;
use crate::diagnose::check::oid;
use crate::diagnose::reading::{Elements, Fault, SEQUENCE};
use crate::pki::{SignedPart, signed_list};

const DELTA: &[u8] = &[0x55, 0x1d, 27];
const SCOPE: &[u8] = &[0x55, 0x1d, 28];
const REASON: &[u8] = &[0x55, 0x1d, 21];
const ISSUER_OF_ENTRY: &[u8] = &[0x55, 0x1d, 29];

/// RFC 5280 §5.3.1, removeFromCRL.
const REMOVED: u8 = 8;

/// issuingDistributionPoint.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "the bits by their RFC names")]
pub(super) struct Scope<'a> {
    pub name: Option<(PointName, &'a [u8])>,
    pub only_leaves: bool,
    pub only_cas: bool,
    pub only_attributes: bool,
    pub has_reasons: bool,
    pub is_indirect: bool,
    pub is_invalid: bool,
}

/// A list, read.
#[allow(
    clippy::struct_excessive_bools,
    reason = "OpenSSL's own flags, each by itself"
)]
pub(super) struct List<'a> {
    pub issuer: String,
    /// The dates; `None` where one is not written as OpenSSL reads it.
    pub this_update: Option<i64>,
    pub next_update: Option<i64>,
    /// Whether it says when the next one comes.
    pub has_next_update: bool,
    /// Serial numbers, and whether the entry only takes one off.
    pub entries: Vec<(&'a [u8], bool)>,
    pub authority: Option<Authority<'a>>,
    pub scope: Option<Scope<'a>>,
    pub is_delta: bool,
    pub has_unknown_critical: bool,
    /// Both places name one algorithm.
    pub is_of_one_algorithm: bool,
    pub signed: SignedPart,
}

fn inside(bytes: &[u8]) -> Result<Elements<'_>, Fault> {
    Elements::of_any_length(bytes)
        .expect_bytes(SEQUENCE)
        .map(Elements::of_any_length)
}

/// OID, whether it is critical, and the value.
fn extension(bytes: &[u8]) -> Result<(&[u8], bool, &[u8]), Fault> {
    let mut parts = Elements::of_any_length(bytes);
    let id = parts.expect_bytes(0x06)?;
    let is_critical = match parts.peek() {
        Some(0x01) => parts.expect_bytes(0x01)?.first().is_some_and(|byte| *byte != 0),
        _ => false,
    };
    Ok((id, is_critical, parts.expect_bytes(0x04)?))
}

fn is_date(tag: Option<u8>) -> bool {
    matches!(tag, Some(0x17 | 0x18))
}

fn date(parts: &mut Elements<'_>) -> Option<i64> {
    // What is no date that it can compare is passed over all the same.
    let found = times::moment(&mut parts.clone(), Form::Strict);
    let _ = parts.next_bytes();
    found
}

fn scope(value: &[u8]) -> Result<Scope<'_>, Fault> {
    let mut parts = inside(value)?;
    let mut found = Scope::default();
    let is_set = |value: &[u8]| value.first().is_some_and(|byte| *byte != 0);
    while !parts.is_at_end() {
        match parts.next_bytes()? {
            (0xa0, name) => {
                let (kind, names) = Elements::of_any_length(name).next_bytes()?;
                found.name = Some(match kind {
                    0xa0 => (PointName::Full, names),
                    0xa1 => (PointName::Relative, names),
                    _ => return Err("a place of a kind that is none".to_owned()),
                });
            }
            (0x81, value) => found.only_leaves = is_set(value),
            (0x82, value) => found.only_cas = is_set(value),
            (0x83, value) => {
                found.has_reasons = true;
                found.is_invalid |= bits_in(value).is_none();
            }
            (0x84, value) => found.is_indirect = is_set(value),
            (0x85, value) => found.only_attributes = is_set(value),
            _ => return Err("a part that is none of an issuingDistributionPoint".to_owned()),
        }
    }
    let only = [found.only_leaves, found.only_cas, found.only_attributes];
    found.is_invalid |= only.iter().filter(|one| **one).count() > 1;
    Ok(found)
}

impl<'a> List<'a> {
    /// Reads it; fails where OpenSSL would not load it.
    pub(super) fn read(der: &'a [u8]) -> Result<Self, Fault> {
        let signed = signed_list(der).map_err(|error| error.words)?;
        let mut outer = inside(der)?;
        let mut parts = Elements::of_any_length(outer.expect_bytes(SEQUENCE)?);
        if parts.peek() == Some(0x02) {
            parts.expect_bytes(0x02)?;
        }
        let inner_algorithm = parts.expect_bytes(SEQUENCE)?;
        let issuer = canonical(Some(parts.expect_bytes(SEQUENCE)?));
        if !is_date(parts.peek()) {
            return Err("it has no date".to_owned());
        }
        let mut list = Self {
            issuer,
            this_update: date(&mut parts),
            next_update: None,
            has_next_update: false,
            entries: Vec::new(),
            authority: None,
            scope: None,
            is_delta: false,
            has_unknown_critical: false,
            is_of_one_algorithm: inner_algorithm == signed.algorithm.as_slice(),
            signed,
        };
        if is_date(parts.peek()) {
            list.has_next_update = true;
            list.next_update = date(&mut parts);
        }
        if parts.peek() == Some(SEQUENCE) {
            let mut entries = Elements::of_any_length(parts.expect_bytes(SEQUENCE)?);
            while !entries.is_at_end() {
                list.take_entry(entries.expect_bytes(SEQUENCE)?)?;
            }
        }
        if parts.peek() == Some(0xa0) {
            let mut extensions = inside(parts.expect_bytes(0xa0)?)?;
            while !extensions.is_at_end() {
                let (id, is_critical, value) = extension(extensions.expect_bytes(SEQUENCE)?)?;
                list.take(id, is_critical, value);
            }
        }
        // Nothing may follow, neither there nor behind the signature.
        outer.expect_bytes(SEQUENCE)?;
        outer.expect_bytes(0x03)?;
        if parts.is_at_end() && outer.is_at_end() {
            Ok(list)
        } else {
            Err("something follows its end".to_owned())
        }
    }

    fn take_entry(&mut self, entry: &'a [u8]) -> Result<(), Fault> {
        let mut parts = Elements::of_any_length(entry);
        let serial = parts.expect_bytes(0x02)?;
        if !is_date(parts.peek()) {
            return Err("an entry has no date".to_owned());
        }
        parts.next_bytes()?;
        let mut is_removed = false;
        if parts.peek() == Some(SEQUENCE) {
            let mut extensions = Elements::of_any_length(parts.expect_bytes(SEQUENCE)?);
            while !extensions.is_at_end() {
                let (id, is_critical, value) = extension(extensions.expect_bytes(SEQUENCE)?)?;
                self.has_unknown_critical |= is_critical && id != ISSUER_OF_ENTRY;
                is_removed |= id == REASON
                    && Elements::of_any_length(value)
                        .expect_bytes(0x0a)
                        .is_ok_and(|reason| reason == [REMOVED]);
            }
        }
        self.entries.push((serial, is_removed));
        Ok(())
    }

    fn take(&mut self, id: &[u8], is_critical: bool, value: &'a [u8]) {
        match id {
            oid::AUTHORITY_KEY_ID => {
                let contents = Elements::of_any_length(value).expect_bytes(SEQUENCE);
                self.authority = contents.ok().map(Authority::read);
            }
            SCOPE => {
                self.scope = Some(scope(value).unwrap_or(Scope {
                    is_invalid: true,
                    ..Scope::default()
                }));
            }
            DELTA => self.is_delta = true,
            _ => self.has_unknown_critical |= is_critical,
        }
    }
}
