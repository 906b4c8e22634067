//! A DER file, told apart by its content: its name says nothing.

use super::crl::looks_like_list;
use super::der::der_element;
use super::facts::CertificateFacts;
use super::key::PrivateKey;
use super::key_form::KeyFault;
use super::loaded::{Bundle, LoadError, LoadedKey, Origin, certificate, key_error, status};
use super::ocsp::looks_like_response;

pub(super) fn read_der(bytes: &[u8], origin: &Origin) -> Result<Bundle, LoadError> {
    let Some((_, rest)) = der_element(bytes) else {
        return Err(origin.error(
            None,
            "the DER file is truncated: it ends before its own length",
            "fetch or export the file again",
        ));
    };
    let quoted = origin.in_command();
    // PKCS#12 (RFC 7292 §4): SEQUENCE { INTEGER 3, … }; every other kind here starts otherwise.
    if let Some((contents, _)) = der_element(bytes)
        && contents.starts_with(&[0x02, 0x01, 0x03])
    {
        return Err(origin.error(
            None,
            "this is a PKCS#12 container, which is not read here yet",
            format!("take certificate and key out: openssl pkcs12 -in {quoted} -nodes -out both.pem"),
        ));
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
    match PrivateKey::from_der(bytes.to_vec()) {
        Ok(key) => {
            let loaded = LoadedKey {
                key,
                file: origin.file.clone(),
                line: None,
                within: None,
            };
            return Ok(Bundle {
                keys: vec![loaded],
                ..Bundle::default()
            });
        }
        Err(KeyFault::None) => {}
        Err(fault @ (KeyFault::Encrypted | KeyFault::Unusable(_))) => {
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
    Err(origin.error(
        None,
        "this DER file is neither a certificate nor a private key",
        format!("see what it is: openssl asn1parse -inform DER -in {quoted}"),
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
