//! PEM text, block by block: certificates, keys, lists, and what is nothing of ours, named.

use zeroize::Zeroizing;

use super::container::{is_pkcs7, open_encrypted_key, open_legacy_key, open_pkcs7};
use super::der::der_element;
use super::facts::CertificateFacts;
use super::key::PrivateKey;
use super::key_form::KeyFault;
use super::load_opened::{closed_key, fault_words, take_opened};
use super::loaded::{
    Bundle, LoadError, LoadReason, LoadedKey, Origin, SIGNS_WITH, certificate, key_error, status,
};
use super::passphrase::Passphrases;
use super::pem::{self, Block, Blocks};
use super::quirk::Quirk;

/// What a PEM text holds.
pub(super) fn read_pem(text: &str, origin: &Origin, passphrases: &Passphrases) -> Result<Bundle, LoadError> {
    let Blocks { blocks, quirks } =
        pem::blocks(text).map_err(|error| origin.error(Some(error.line), error.what, error.mend))?;
    let mut bundle = Bundle::default();
    let mut refused = None;
    let mut kinds = Vec::new();
    for block in &blocks {
        match take_block(block, origin, passphrases, &mut bundle) {
            Ok(kind) => {
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
            Err(error) if error.reason == LoadReason::KeyKind => {
                bundle.leave_key_aside(Some(block.line), error);
            }
            // A broken certificate or key is never skipped over in silence; a CSR beside a certificate may be.
            Err(error) if block.is_ours() => return Err(error),
            Err(error) => {
                refused.get_or_insert(error);
            }
        }
    }
    if bundle.is_empty() {
        let what = match kinds.as_slice() {
            ["parameters"] => "it holds parameters alone, no certificate and no key",
            _ => "it holds no certificate and no key",
        };
        let refused = bundle.unusable_key.take().map(|error| *error).or(refused);
        return Err(
            refused.unwrap_or_else(|| origin.foreign(None, what, "choose a PEM or DER file that does"))
        );
    }
    let what = match kinds.as_slice() {
        ["PKCS#7"] => "a PKCS#7 container in PEM",
        _ => "PEM text",
    };
    bundle.recognised = vec![format!("{what}: {}", bundle.contents_words())];
    for (quirk, line) in quirks {
        bundle.notes.push(quirk.note(Some(line)));
    }
    bundle.notes.sort_by_key(|note| note.line);
    Ok(bundle)
}

/// Takes what is in a block, and tells its kind.
fn take_block(
    block: &Block,
    origin: &Origin,
    passphrases: &Passphrases,
    bundle: &mut Bundle,
) -> Result<&'static str, LoadError> {
    let line = Some(block.line);
    let of_quirk = |bundle: &mut Bundle, quirk: Quirk| {
        let note = quirk.note(line);
        if bundle.notes.iter().all(|known| known.what != note.what) {
            bundle.notes.push(note);
        }
    };
    match block.label.as_str() {
        label @ ("CERTIFICATE" | "X509 CERTIFICATE") => {
            let is_certificate = CertificateFacts::from_der(&block.bytes).is_ok();
            if !is_certificate && PrivateKey::from_der(block.bytes.clone()).is_ok() {
                return Err(origin.error(
                    line,
                    "a block that is labelled as a certificate holds a private key",
                    "write PRIVATE KEY in its BEGIN and END lines",
                ));
            }
            if !is_certificate && is_pkcs7(&block.bytes) {
                let opened = open_pkcs7(&block.bytes).map_err(|fault| fault_words(&fault, origin, line))?;
                take_opened(opened, origin, line, bundle)?;
                of_quirk(bundle, Quirk::ContainerLabel);
                return Ok("PKCS#7");
            }
            let entry = bundle.certificates.len();
            let loaded = certificate(block.bytes.clone(), origin, entry, line)?;
            bundle.certificates.push(loaded);
            if label != "CERTIFICATE" {
                of_quirk(bundle, Quirk::X509Label);
            }
            Ok("certificate")
        }
        "TRUSTED CERTIFICATE" => {
            // OpenSSL appends its own trust settings after the certificate: they are no part of it.
            let length = block.bytes.len() - der_element(&block.bytes).map_or(0, |(_, rest)| rest.len());
            let entry = bundle.certificates.len();
            let der = block.bytes.get(..length).unwrap_or_default().to_vec();
            bundle.certificates.push(certificate(der, origin, entry, line)?);
            of_quirk(bundle, Quirk::TrustedLabel);
            Ok("certificate")
        }
        "X509 CRL" => {
            let list = status(&block.bytes, origin, line, "revocation list")?;
            bundle.revocation_lists.push(list);
            Ok("revocation list")
        }
        "OCSP RESPONSE" => {
            let response = status(&block.bytes, origin, line, "OCSP response")?;
            bundle.ocsp_responses.push(response);
            Ok("OCSP response")
        }
        label if pem::is_container(label) => {
            let opened = open_pkcs7(&block.bytes).map_err(|fault| fault_words(&fault, origin, line))?;
            take_opened(opened, origin, line, bundle)?;
            Ok("PKCS#7")
        }
        // The label is not believed: keys are renamed by hand, and written again under the label of another form.
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" => {
            let key = key(block, origin, passphrases)?;
            bundle.keys.push(LoadedKey {
                key,
                file: origin.file.clone(),
                line,
                within: origin.within.clone(),
                wrapping: None,
            });
            Ok("key")
        }
        "EC PARAMETERS" | "DH PARAMETERS" => Ok("parameters"),
        label => {
            let (what, mend) = other_label(label);
            Err(origin.foreign(line, what, mend))
        }
    }
}

fn key(block: &Block, origin: &Origin, passphrases: &Passphrases) -> Result<PrivateKey, LoadError> {
    let line = Some(block.line);
    if CertificateFacts::from_der(&block.bytes).is_ok() {
        return Err(origin.error(
            line,
            "a block that is labelled as a private key holds a certificate",
            "write CERTIFICATE in its BEGIN and END lines",
        ));
    }
    let opened = match (&block.encryption, block.is_encrypted) {
        (Some(header), true) => Some(open_legacy_key(header, &block.bytes, passphrases)),
        (None, true) => return Err(key_error(&KeyFault::None, origin, line, "")),
        (_, false) => None,
    };
    let bytes = match opened {
        Some(opened) => opened.map_err(|fault| closed_key(&fault, origin, line, ""))?,
        None => match PrivateKey::from_der(block.bytes.clone()) {
            Ok(key) => return Ok(key),
            Err(KeyFault::Encrypted) => open_encrypted_key(&block.bytes, passphrases)
                .map_err(|fault| closed_key(&fault, origin, line, ""))?,
            Err(fault @ (KeyFault::None | KeyFault::Unusable(_) | KeyFault::Damaged(_))) => {
                return Err(key_error(&fault, origin, line, ""));
            }
        },
    };
    open_key(&bytes, origin, line)
}

/// A key that was decrypted.
fn open_key(
    bytes: &Zeroizing<Vec<u8>>,
    origin: &Origin,
    line: Option<usize>,
) -> Result<PrivateKey, LoadError> {
    PrivateKey::from_der(bytes.to_vec()).map_err(|fault| key_error(&fault, origin, line, ""))
}

fn other_label(label: &str) -> (String, String) {
    match label {
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => (
            "this is a certificate signing request, not a certificate".to_owned(),
            "have your CA sign it and load what it returns".to_owned(),
        ),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => (
            "this is a public key alone".to_owned(),
            "load the certificate that carries it, or the private key".to_owned(),
        ),
        "DSA PRIVATE KEY" => (
            "this is a private key of the kind DSA, with which rustls does not sign".to_owned(),
            SIGNS_WITH.to_owned(),
        ),
        "OPENSSH PRIVATE KEY" => (
            "this is an SSH key".to_owned(),
            "load the private key that belongs to the TLS certificate".to_owned(),
        ),
        "OpenVPN Static key V1" => (
            "this is OpenVPN's shared key, not a certificate's".to_owned(),
            "load the certificate and its private key".to_owned(),
        ),
        "AGE ENCRYPTED FILE" => (
            "this belongs to the program age".to_owned(),
            "load the TLS certificate and its private key".to_owned(),
        ),
        label if label.starts_with("PGP ") => (
            "this is a PGP key or message".to_owned(),
            "load the TLS certificate and its private key".to_owned(),
        ),
        other => (
            format!("a {} is neither a certificate nor a key", pem::label_words(other)),
            "load CERTIFICATE and PRIVATE KEY blocks".to_owned(),
        ),
    }
}
