//! What each certificate and key that was loaded lies in, told once the whole file is read: commands that name it have to take
//! it out first.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::container::{is_java_store, is_legacy_pkcs12, is_pkcs7, is_pkcs12};
use super::load_text::{from_base64, from_utf16, with_five_hyphens};
use super::loaded::Bundle;
use super::pem;
use super::wrapping::{FEWEST_OF_A_VALUE, Wrapping, mark};

/// Tells it of everything in the file.
pub(super) fn tell_wrappings(bundle: &mut Bundle, bytes: &[u8]) {
    let Some(form) = form(bundle, bytes) else { return };
    for certificate in &mut bundle.certificates {
        certificate.wrapping = Some(form.of_object(&certificate.der));
    }
    for status in bundle
        .revocation_lists
        .iter_mut()
        .chain(&mut bundle.ocsp_responses)
    {
        status.wrapping = Some(form.of_object(status.der.as_bytes()));
    }
    // Of several keys nothing short tells which is meant.
    let is_only = bundle.keys.len() == 1;
    for key in &mut bundle.keys {
        key.wrapping = Some(if is_only { form.of_key() } else { Wrapping::Other });
    }
}

/// What a file is around what was loaded from it.
enum Form {
    /// The same for all.
    One(Wrapping),
    Text {
        /// The lines of the text.
        plain: Lines,
        /// The lines of what its values are the base64 of.
        encoded: Lines,
        is_pkcs7: bool,
    },
    /// Nothing but the base64 of these bytes.
    Base64 {
        inner: Zeroizing<Vec<u8>>,
        /// Their lines, where they are text.
        lines: Lines,
    },
}

/// `None` where what lies there is read as it stands.
fn form(bundle: &Bundle, bytes: &[u8]) -> Option<Form> {
    if from_utf16(bytes).is_some() || with_five_hyphens(bytes).is_some() {
        return Some(Form::One(Wrapping::Other));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    if is_java_store(bytes) {
        let is_jceks = bytes.starts_with(&[0xce]);
        return Some(Form::One(Wrapping::JavaStore { is_jceks }));
    }
    let has_pem = pem::looks_like_pem(bytes);
    if bytes.first() == Some(&0x30) && !has_pem {
        return if is_pkcs12(bytes) {
            let is_legacy = is_legacy_pkcs12(bytes);
            Some(Form::One(Wrapping::Pkcs12 { is_legacy }))
        } else if is_pkcs7(bytes) {
            Some(Form::One(Wrapping::Pkcs7 { is_pem: false }))
        } else {
            // Of several in DER, tools read the first.
            (bundle.certificates.len() > 1).then_some(Form::One(Wrapping::Other))
        };
    }
    let is_within = bundle.certificates.iter().any(|one| one.within.is_some())
        || bundle.keys.iter().any(|one| one.within.is_some())
        || bundle.revocation_lists.iter().any(|one| one.within.is_some())
        || bundle.ocsp_responses.iter().any(|one| one.within.is_some());
    if !is_within {
        return match from_base64(bytes) {
            Some(inner) if !has_pem => {
                let lines = std::str::from_utf8(&inner).map_or_else(|_| Lines::default(), Lines::of);
                Some(Form::Base64 { inner, lines })
            }
            _ => None,
        };
    }
    let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
    let mut encoded = Lines::default();
    for value in values(&text) {
        encoded.add(&value);
    }
    Some(Form::Text {
        plain: Lines::of(&text),
        encoded,
        is_pkcs7: text.matches("-----BEGIN PKCS7-----").count() == 1,
    })
}

/// The lines of a text without their indent, as hashes: a key's are kept nowhere.
#[derive(Default)]
struct Lines {
    hashes: HashSet<u64>,
    begins_key: bool,
}

impl Lines {
    fn add(&mut self, text: &str) {
        for line in text.lines().map(str::trim) {
            self.hashes.insert(hash(line));
            self.begins_key |= line.starts_with("-----BEGIN ") && line.ends_with("PRIVATE KEY-----");
        }
    }

    fn of(text: &str) -> Self {
        let mut lines = Self::default();
        lines.add(text);
        lines
    }

    fn holds(&self, line: &str) -> bool {
        self.hashes.contains(&hash(line))
    }
}

fn hash(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    hasher.finish()
}

/// What the runs of base64 in a text hold, where that is PEM.
fn values(text: &str) -> Vec<Zeroizing<String>> {
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    text.split(|c| !is_base64(c))
        .filter(|run| run.trim_end_matches('=').len() >= FEWEST_OF_A_VALUE)
        .filter_map(|run| {
            let bytes = Zeroizing::new(STANDARD.decode(run).ok()?);
            let text = std::str::from_utf8(&bytes).ok()?;
            text.contains("-----BEGIN ")
                .then(|| Zeroizing::new(text.to_owned()))
        })
        .collect()
}

impl Form {
    fn of_object(&self, der: &[u8]) -> Wrapping {
        let mark = mark(der);
        match self {
            Self::One(wrapping) => *wrapping,
            Self::Text { plain, .. } if plain.holds(&mark) => Wrapping::Text,
            Self::Text { encoded, .. } if encoded.holds(&mark) => Wrapping::Values,
            Self::Text { is_pkcs7: true, .. } => Wrapping::Pkcs7 { is_pem: true },
            Self::Base64 { inner, .. } if **inner == *der => Wrapping::Base64 { is_pem: false },
            Self::Base64 { lines, .. } if lines.holds(&mark) => Wrapping::Base64 { is_pem: true },
            Self::Text { .. } | Self::Base64 { .. } => Wrapping::Other,
        }
    }

    fn of_key(&self) -> Wrapping {
        match self {
            Self::One(wrapping) => *wrapping,
            Self::Text { plain, .. } if plain.begins_key => Wrapping::Text,
            Self::Text { encoded, .. } if encoded.begins_key => Wrapping::Values,
            Self::Text { .. } => Wrapping::Other,
            Self::Base64 { inner, .. } if inner.first() == Some(&0x30) => Wrapping::Base64 { is_pem: false },
            Self::Base64 { lines, .. } if lines.begins_key => Wrapping::Base64 { is_pem: true },
            Self::Base64 { .. } => Wrapping::Other,
        }
    }
}
