//! Java's own key stores, JKS and JCEKS, as keytool wrote them until Java 9: certificates in the clear, keys closed, and a
//! digest over all with the store's passphrase.

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};

use super::super::passphrase::Passphrases;
use super::java_keys::{KeyFault, open_key, utf16};
use super::opened::{Fault, Opened};
use crate::printable::quoted_value;

const JKS: &[u8] = &[0xfe, 0xed, 0xfe, 0xed];
const JCEKS: &[u8] = &[0xce, 0xce, 0xce, 0xce];
/// SHA-1's length: what stands at the end of the store.
const DIGEST: usize = 20;
const WHITENER: &[u8] = b"Mighty Aphrodite";

/// By its first four bytes.
pub fn is_java_store(bytes: &[u8]) -> bool {
    bytes.starts_with(JKS) || bytes.starts_with(JCEKS)
}

/// What is in the store. A store of trusted certificates alone opens without a passphrase, as in keytool.
pub fn open_java_store(bytes: &[u8], passphrases: &Passphrases) -> Result<Opened, Fault> {
    let name = if bytes.starts_with(JKS) { "JKS" } else { "JCEKS" };
    let what = format!("the Java key store ({name})");
    let damaged = || {
        Fault::other(
            format!("{what} is truncated or damaged"),
            "export or copy it again; keytool -list -keystore {file} tells whether Java reads it",
        )
    };
    let body = bytes
        .len()
        .checked_sub(DIGEST)
        .and_then(|end| bytes.get(..end))
        .ok_or_else(damaged)?;
    let digest = bytes.get(body.len()..).unwrap_or_default();
    let opens = |passphrase: &str| store_digest(passphrase, body) == digest;
    let of_store = passphrases.iter().find(|passphrase| opens(passphrase));
    if of_store.is_none() && !passphrases.is_empty() {
        return Err(Fault::closed(&what, true));
    }
    let mut store = read(body).ok_or_else(damaged)?;
    if store.has_keys && of_store.is_none() {
        return Err(Fault::closed(&what, false));
    }
    let mut opened = Opened::default();
    for entry in store.entries.drain(..) {
        let place = format!("entry “{}”", quoted_value(&entry.alias));
        for certificate in entry.certificates {
            opened
                .certificates
                .push((certificate.to_vec(), Some(place.clone())));
        }
        let Some(closed) = entry.closed_key else { continue };
        // A key may have a passphrase of its own.
        match open_key(closed, passphrases) {
            Ok(key) => opened.keys.push((key, Some(place))),
            Err(KeyFault::Wrong) => return Err(Fault::closed(&format!("the key of {place}"), true)),
            Err(KeyFault::Unknown) => {
                return Err(Fault::other(
                    format!("the key of {place} is encrypted in a way that is not read here, or damaged"),
                    "convert the store: keytool -importkeystore -srckeystore {file} -destkeystore out.p12 -deststoretype PKCS12",
                ));
            }
        }
    }
    if of_store.is_none() {
        let words = "no passphrase was given, so the store's digest was not checked";
        opened.notes.push((words.to_owned(), &[], None));
    }
    if store.is_cut_at_a_secret {
        let words = "the store holds a secret key, which is not used, nor what lies behind it";
        opened.notes.push((words.to_owned(), &[], None));
    }
    if opened.certificates.is_empty() && opened.keys.is_empty() {
        return Err(Fault::other(
            format!("{what} holds no certificate and no private key"),
            "keytool -list -keystore {file} shows what it holds",
        ));
    }
    Ok(opened)
}

fn store_digest(passphrase: &str, body: &[u8]) -> Vec<u8> {
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    context.update(&utf16(passphrase));
    context.update(WHITENER);
    context.update(body);
    context.finish().as_ref().to_vec()
}

struct Store<'a> {
    entries: Vec<Entry<'a>>,
    has_keys: bool,
    is_cut_at_a_secret: bool,
}

struct Entry<'a> {
    alias: String,
    certificates: Vec<&'a [u8]>,
    closed_key: Option<&'a [u8]>,
}

/// All entries; `None` where the frame is damaged.
fn read(body: &[u8]) -> Option<Store<'_>> {
    let mut bytes = Bytes(body.get(4..)?);
    let version = bytes.number()?;
    if !(1..=2).contains(&version) {
        return None;
    }
    let count = bytes.number()?;
    let mut store = Store {
        entries: Vec::new(),
        has_keys: false,
        is_cut_at_a_secret: false,
    };
    for _ in 0..count {
        let tag = bytes.number()?;
        let alias = bytes.text()?;
        // The time of its making.
        bytes.take(8)?;
        let mut entry = Entry {
            alias,
            certificates: Vec::new(),
            closed_key: None,
        };
        match tag {
            1 => {
                entry.closed_key = Some(bytes.block()?);
                store.has_keys = true;
                for _ in 0..bytes.number()? {
                    entry.certificates.push(bytes.certificate(version)?);
                }
            }
            2 => entry.certificates.push(bytes.certificate(version)?),
            // A serialised Java object: nothing says where it ends.
            3 => {
                store.is_cut_at_a_secret = true;
                return Some(store);
            }
            _ => return None,
        }
        store.entries.push(entry);
    }
    bytes.0.is_empty().then_some(store)
}

/// Java's DataInputStream.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (first, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(first)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn block(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(usize::try_from(length).ok()?)
    }

    /// Java's modified UTF-8, which is UTF-8 but for NUL and what lies outside the basic plane.
    fn text(&mut self) -> Option<String> {
        let length = u16::from_be_bytes(self.take(2)?.try_into().ok()?);
        Some(String::from_utf8_lossy(self.take(usize::from(length))?).into_owned())
    }

    fn certificate(&mut self, version: u32) -> Option<&'a [u8]> {
        // Version 1 knew X.509 only.
        if version == 2 && self.text()? != "X.509" {
            return None;
        }
        self.block()
    }
}

#[cfg(test)]
mod tests;
