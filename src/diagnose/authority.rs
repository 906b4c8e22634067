//! authorityKeyIdentifier, as those read it who choose issuers by it (RFC 5280 §4.2.1.1).

use super::certificate::Certificate;
use super::check::oid::AUTHORITY_KEY_ID;
use super::reading::{Elements, SEQUENCE};

/// What an authorityKeyIdentifier holds (RFC 5280 §4.2.1.1).
#[derive(Clone, Default)]
pub(super) struct Authority<'a> {
    pub key: Option<&'a [u8]>,
    /// The issuer's own issuer: contents of its Name.
    pub issuer: Option<&'a [u8]>,
    pub has_issuer: bool,
    pub serial: Option<&'a [u8]>,
}

impl<'a> Authority<'a> {
    /// `None` where there is none, or it cannot be read.
    pub(super) fn of(certificate: &'a Certificate) -> Option<Self> {
        certificate.sequence(AUTHORITY_KEY_ID).ok()?.map(Self::read)
    }

    /// Out of the contents of the extension's SEQUENCE.
    pub(super) fn read(contents: &'a [u8]) -> Self {
        let mut parts = Elements::of(contents);
        let mut found = Self::default();
        while let Ok((tag, value)) = parts.next_bytes() {
            match tag {
                0x80 => found.key = Some(value),
                0xa1 => {
                    found.has_issuer = true;
                    // GeneralNames: the first directoryName, as OpenSSL takes it.
                    let mut names = Elements::of(value);
                    while let Ok((kind, name)) = names.next_bytes() {
                        if kind == 0xa4 && found.issuer.is_none() {
                            found.issuer = Elements::of(name).expect_bytes(SEQUENCE).ok();
                        }
                    }
                }
                0x82 => found.serial = Some(value),
                _ => {}
            }
        }
        found
    }
}
