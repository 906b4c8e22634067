//! What a CertificateRequest asks, and where in its bytes.

use std::ops::Range;

use crate::capture::Side;
use crate::decode::{Field, Transcript};
use crate::iana::{SignatureScheme, Version};

/// A CertificateRequest as plain facts, each with its bytes (the message's 4-byte header included).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// TLS 1.3, not 1.2.
    pub is_13: bool,
    /// Names of acceptable authorities: DER, and RFC 4514. Empty: the server names none, and any will do (RFC 8446 §4.2.4, RFC 5246 §7.4.4).
    pub authorities: Vec<(Vec<u8>, String)>,
    /// Schemes for CertificateVerify, IANA names.
    pub schemes: Vec<String>,
    /// TLS 1.3's signature_algorithms_cert: schemes for the signatures on certificates; empty where absent, and then `schemes` holds for both.
    pub certificate_schemes: Vec<String>,
    /// TLS 1.2's certificate_types: 1 is rsa_sign, 64 ecdsa_sign.
    pub types: Vec<u8>,
    /// Where each of them stands.
    pub places: Places,
}

/// Bytes of a CertificateRequest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the place of what it is named for")]
pub struct Places {
    pub whole: Range<usize>,
    pub authorities: Range<usize>,
    pub schemes: Range<usize>,
    pub certificate_schemes: Range<usize>,
    pub types: Range<usize>,
}

impl Asked {
    /// The last CertificateRequest, with its index; `None` where there is none, or where it could not be read to its end: what it
    /// does not say then would be taken for consent.
    pub fn of(transcript: &Transcript) -> Option<(usize, Self)> {
        let (index, facts) = transcript.certificate_request()?;
        let message = transcript.messages.get(index)?;
        let mut is_broken = message.side != Side::Server;
        message.root.walk(&mut |field| is_broken |= field.error.is_some());
        let is_13 = match transcript.version {
            Some(Version::TLS_13) => true,
            Some(Version::TLS_12) => false,
            _ => return None,
        };
        if is_broken {
            return None;
        }
        let whole = 0..message.bytes.len();
        let names = |schemes: &[SignatureScheme]| schemes.iter().map(ToString::to_string).collect();
        let place = |name: &str, of_12: &str| {
            let found: Option<&Field> = if is_13 {
                message.root.find(&["extensions", name])
            } else {
                message.root.find(&[of_12])
            };
            found.map_or_else(|| whole.clone(), |field| field.range.clone())
        };
        let places = Places {
            authorities: place("certificate_authorities", "certificate_authorities"),
            schemes: place("signature_algorithms", "supported_signature_algorithms"),
            certificate_schemes: place("signature_algorithms_cert", "supported_signature_algorithms"),
            types: place("", "certificate_types"),
            whole: whole.clone(),
        };
        Some((
            index,
            Self {
                is_13,
                authorities: facts.authorities.clone(),
                schemes: names(&facts.signature_schemes),
                certificate_schemes: names(&facts.certificate_schemes),
                types: facts.certificate_types.clone(),
                places,
            },
        ))
    }

    /// The schemes that signatures on certificates are held against (RFC 8446 §4.2.3).
    pub(super) fn schemes_for_certificates(&self) -> &[String] {
        if self.certificate_schemes.is_empty() {
            &self.schemes
        } else {
            &self.certificate_schemes
        }
    }

    /// The authorities in words, few of many.
    pub(super) fn authorities_words(&self) -> String {
        some(self.authorities.iter().map(|(_, text)| text.as_str()), "; ")
    }

    /// The schemes in words, few of many.
    pub(super) fn schemes_words(&self) -> String {
        if self.schemes.is_empty() {
            return "none".to_owned();
        }
        some(self.schemes.iter().map(String::as_str), ", ")
    }
}

/// At most four, and how many more.
pub(super) fn some<'a>(items: impl ExactSizeIterator<Item = &'a str>, between: &str) -> String {
    const SHOWN: usize = 4;
    let more = items.len().saturating_sub(SHOWN);
    let mut words = items.take(SHOWN).collect::<Vec<_>>().join(between);
    if more > 0 {
        words.push_str(&format!("{between}and {more} more"));
    }
    words
}
