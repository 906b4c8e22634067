//! A DER file, told apart by its content: its name says nothing.

use super::container::{is_pkcs7, is_pkcs12, open_encrypted_key, open_pkcs7, open_pkcs12};
use super::crl::looks_like_list;
use super::der::{Walk, der_element};
use super::facts::CertificateFacts;
use super::key::PrivateKey;
use super::key_form::KeyFault;
use super::load_der_other::named;
use super::load_note::LoadNote;
use super::load_opened::{closed_key, opened};
use super::loaded::{Bundle, LoadError, LoadedKey, Origin, certificate, key_error, status};
use super::ocsp::looks_like_response;
use super::passphrase::Passphrases;

pub(super) fn read_der(
    bytes: &[u8],
    origin: &Origin,
    passphrases: &Passphrases,
) -> Result<Bundle, LoadError> {
    if is_pkcs12(bytes) {
        return opened(open_pkcs12(bytes, passphrases), "a PKCS#12 container", origin);
    }
    if is_pkcs7(bytes) {
        return opened(open_pkcs7(bytes), "a PKCS#7 container", origin);
    }
    let mut bundle = object(bytes, origin, passphrases)?;
    bundle.recognised = vec![format!("DER: {}", bundle.contents_words())];
    Ok(bundle)
}

/// One certificate, list, response or key.
fn object(bytes: &[u8], origin: &Origin, passphrases: &Passphrases) -> Result<Bundle, LoadError> {
    let Some((_, rest)) = der_element(bytes) else {
        return Err(origin.error(
            None,
            "the DER file is truncated: it ends before its own length",
            "fetch or export the file again",
        ));
    };
    let quoted = origin.in_command();
    if let Some((what, mend)) = named(bytes, &quoted) {
        return Err(origin.foreign(None, what, mend));
    }
    if !rest.is_empty()
        && let Some(bundle) = one_behind_the_other(bytes, origin)?
    {
        return Ok(bundle);
    }
    if CertificateFacts::from_der(bytes).is_ok() {
        let loaded = certificate(bytes.to_vec(), origin, 0, None)?;
        return Ok(Bundle {
            certificates: vec![loaded],
            ..Bundle::default()
        });
    }
    if looks_like_list(bytes) {
        return Ok(Bundle {
            revocation_lists: vec![status(bytes, origin, None, "revocation list")?],
            ..Bundle::default()
        });
    }
    if looks_like_response(bytes) {
        return Ok(Bundle {
            ocsp_responses: vec![status(bytes, origin, None, "OCSP response")?],
            ..Bundle::default()
        });
    }
    let one_key = |key: PrivateKey| Bundle {
        keys: vec![LoadedKey {
            key,
            file: origin.file.clone(),
            line: None,
            within: origin.within.clone(),
            wrapping: None,
        }],
        ..Bundle::default()
    };
    match PrivateKey::from_der(bytes.to_vec()) {
        Ok(key) => return Ok(one_key(key)),
        Err(KeyFault::None) => {}
        Err(KeyFault::Encrypted) => {
            let key = open_encrypted_key(bytes, passphrases)
                .map_err(|fault| closed_key(&fault, origin, None, "-inform DER "))?;
            return PrivateKey::from_der(key.to_vec())
                .map(one_key)
                .map_err(|fault| key_error(&fault, origin, None, "-inform DER "));
        }
        Err(fault @ (KeyFault::Unusable(_) | KeyFault::Damaged(_))) => {
            return Err(key_error(&fault, origin, None, "-inform DER "));
        }
    }
    let contents = der_element(bytes).map_or(&[][..], |(contents, _)| contents);
    // A certificate has three parts, the first a SEQUENCE: one that looks so is loaded and judged, broken as it is.
    if rest.is_empty() && looks_like_certificate(contents) {
        let loaded = certificate(bytes.to_vec(), origin, 0, None)?;
        return Ok(Bundle {
            certificates: vec![loaded],
            ..Bundle::default()
        });
    }
    Err(origin.foreign(
        None,
        "this DER file is neither a certificate nor a private key",
        format!("see what it is: openssl asn1parse -inform DER -in {quoted}"),
    ))
}

/// Certificates that were written into one file without anything between them.
fn one_behind_the_other(bytes: &[u8], origin: &Origin) -> Result<Option<Bundle>, LoadError> {
    let mut parts = Walk(bytes);
    let mut bundle = Bundle::default();
    while let Some(part) = parts.next() {
        let is_one = part.tag == 0x30 && looks_like_certificate(part.contents);
        if !is_one {
            break;
        }
        let entry = bundle.certificates.len();
        let loaded = certificate(part.whole.to_vec(), origin, entry, None)?;
        bundle.certificates.push(loaded);
        if parts.0.is_empty() {
            let words = format!(
                "{} certificates in DER stand one behind the other, of which openssl x509 reads the first",
                entry + 1
            );
            bundle.notes.push(LoadNote::remark(None, words));
            return Ok(Some(bundle));
        }
    }
    if bundle.certificates.is_empty() {
        return Ok(None);
    }
    Err(origin.error(
        None,
        format!(
            "behind its {} in DER stand {} bytes that are none",
            bundle.contents_words(),
            bytes.len() - bundle.certificates.iter().map(|one| one.der.len()).sum::<usize>()
        ),
        format!(
            "take the first out: openssl x509 -inform DER -in {} -out first.pem",
            origin.in_command()
        ),
    ))
}

fn looks_like_certificate(contents: &[u8]) -> bool {
    let Some((first, rest)) = der_element(contents) else {
        return false;
    };
    let Some((_, rest)) = der_element(rest) else {
        return false;
    };
    contents.first() == Some(&0x30)
        && rest.first() == Some(&0x03)
        && (first.starts_with(&[0xa0, 0x03]) || first.first() == Some(&0x02))
}
