//! A PKCS#12 container as it was written, and as the library reads it: in DER.
//!
//! The integrity check (RFC 7292 §4) is made over the bytes as they were written, what they say is read from those in DER.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;
use zeroize::Zeroizing;

use super::super::der::{Walk, tagged};
use super::ber::rewritten;

const SEQUENCE: u8 = 0x30;
const OID: u8 = 0x06;
const OCTETS: u8 = 0x04;
const EXPLICIT: u8 = 0xa0;

/// A container.
pub(super) struct Forms<'a> {
    /// Its frame in DER, and what is checked as it was written.
    checked: Bytes<'a>,
    /// All in DER, where what is checked was not.
    in_der: Option<Zeroizing<Vec<u8>>>,
}

enum Bytes<'a> {
    Given(&'a [u8]),
    Rewritten(Zeroizing<Vec<u8>>),
}

impl Bytes<'_> {
    fn get(&self) -> &[u8] {
        match self {
            Self::Given(bytes) => bytes,
            Self::Rewritten(bytes) => bytes,
        }
    }
}

impl<'a> Forms<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let checked = rewritten(bytes).map_or(Bytes::Given(bytes), Bytes::Rewritten);
        let in_der = contents_in_der(checked.get());
        Self { checked, in_der }
    }

    /// All in DER.
    pub(super) fn readable(&self) -> &[u8] {
        self.in_der
            .as_deref()
            .map_or_else(|| self.checked.get(), Vec::as_slice)
    }

    /// What is in it, where the passphrase is right.
    pub(super) fn open(&self, passphrase: &str) -> Result<Pkcs12Archive, Error> {
        let as_written = Pkcs12Archive::from_pkcs12(self.checked.get(), passphrase);
        let Some(in_der) = &self.in_der else {
            return as_written;
        };
        // The check comes first: past it, either it held or there is none.
        if let Err(Error::MacError(fault)) = as_written {
            return Err(Error::MacError(fault));
        }
        let unchecked = without_mac(in_der).ok_or(Error::InvalidData)?;
        Pkcs12Archive::from_pkcs12(&unchecked, passphrase)
    }

    /// What is in it, whoever vouches for it. Nothing in it may be encrypted.
    pub(super) fn open_unchecked(&self) -> Option<Pkcs12Archive> {
        Pkcs12Archive::from_pkcs12(&without_mac(self.readable())?, "").ok()
    }
}

/// The container without its integrity check.
fn without_mac(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut parts = Walk(Walk(bytes).take(SEQUENCE)?);
    let version = parts.next()?;
    let content = parts.next()?;
    let both = Zeroizing::new([version.whole, content.whole].concat());
    Some(Zeroizing::new(tagged(SEQUENCE, &both)))
}

/// The container with its contents in DER: the list of safes, and those of them that are not encrypted. `None` where they are.
fn contents_in_der(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut parts = Walk(Walk(bytes).take(SEQUENCE)?);
    let version = parts.next()?.whole;
    let mut content = Walk(parts.take(SEQUENCE)?);
    let kind = content.next()?.whole;
    let written = Walk(content.take(EXPLICIT)?).take(OCTETS)?;
    let list = rewritten(written);
    let mut is_as_it_was = list.is_none();
    let mut safes = Walk(Walk(list.as_deref().map_or(written, Vec::as_slice)).take(SEQUENCE)?);
    let mut all = Zeroizing::new(Vec::new());
    while let Some(safe) = safes.next() {
        match plain_safe(safe.whole) {
            Some(plain) => {
                is_as_it_was = false;
                all.extend_from_slice(&plain);
            }
            None => all.extend_from_slice(safe.whole),
        }
    }
    if is_as_it_was {
        return None;
    }
    let list = Zeroizing::new(tagged(SEQUENCE, &all));
    let content = Zeroizing::new([kind, &wrapped(&list)].concat());
    let content = Zeroizing::new(tagged(SEQUENCE, &content));
    let behind = parts.0;
    let all = Zeroizing::new([version, &content, behind].concat());
    Some(Zeroizing::new(tagged(SEQUENCE, &all)))
}

/// A safe that is not encrypted, where its bags were not in DER.
fn plain_safe(safe: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut parts = Walk(Walk(safe).take(SEQUENCE)?);
    let kind = parts.next().filter(|kind| kind.tag == OID)?.whole;
    let bags = Walk(parts.take(EXPLICIT)?).take(OCTETS)?;
    let bags = rewritten(bags)?;
    let safe = Zeroizing::new([kind, &wrapped(&bags)].concat());
    Some(Zeroizing::new(tagged(SEQUENCE, &safe)))
}

/// `[0]` around a string.
fn wrapped(contents: &[u8]) -> Zeroizing<Vec<u8>> {
    let string = Zeroizing::new(tagged(OCTETS, contents));
    Zeroizing::new(tagged(EXPLICIT, &string))
}
