//! From files and pasted text to certificates and keys, with a sentence for whatever cannot be one.

use std::path::Path;

use zeroize::Zeroizing;

use super::der::der_element;
use super::facts::CertificateFacts;
use super::file::read_limited;
use super::key::PrivateKey;
use super::key_form::KeyFault;
use super::load_der::read_der;
use super::loaded::{Bundle, LoadError, LoadedKey, Origin, certificate, key_error, status};
use super::passphrase::Passphrases;
use super::pem::{self, Block};

/// A larger file is none of certificates: a CA bundle of every public root has a quarter of a megabyte. Revocation lists of
/// large CAs have several.
pub const LARGEST_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// Reads a file of certificates and keys, whatever the order and form.
pub fn read_file(path: &Path) -> Result<Bundle, LoadError> {
    read_file_with(path, &Passphrases::NONE)
}

/// The same, with passphrases for what in it is encrypted.
pub fn read_file_with(path: &Path, passphrases: &Passphrases) -> Result<Bundle, LoadError> {
    let origin = Origin {
        file: Some(path.display().to_string()),
    };
    let bytes = read_limited(path, LARGEST_FILE_BYTES).map_err(|error| {
        let (what, mend) = error.words();
        origin.error(None, what, mend)
    })?;
    // It may be a key.
    read(&Zeroizing::new(bytes), &origin, passphrases)
}

/// Reads pasted text.
pub fn read_text(text: &str) -> Result<Bundle, LoadError> {
    read_text_with(text, &Passphrases::NONE)
}

/// The same, with passphrases for what in it is encrypted.
pub fn read_text_with(text: &str, passphrases: &Passphrases) -> Result<Bundle, LoadError> {
    read(text.as_bytes(), &Origin { file: None }, passphrases)
}

/// Reads bytes that arrived with a name but without a path.
pub fn read_bytes(bytes: &[u8], name: &str) -> Result<Bundle, LoadError> {
    read_bytes_with(bytes, name, &Passphrases::NONE)
}

/// The same, with passphrases for what in it is encrypted.
pub fn read_bytes_with(bytes: &[u8], name: &str, passphrases: &Passphrases) -> Result<Bundle, LoadError> {
    let origin = Origin {
        file: Some(name.to_owned()),
    };
    read(bytes, &origin, passphrases)
}

fn read(bytes: &[u8], origin: &Origin, _passphrases: &Passphrases) -> Result<Bundle, LoadError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(origin.error(
            None,
            "it is empty",
            "choose the file that holds the certificate or the key",
        ));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(origin.error(
            None,
            "the text is in UTF-16",
            format!(
                "save it as UTF-8 (iconv -f UTF-16 -t UTF-8 {} > mended.pem)",
                origin.in_command()
            ),
        ));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    if bytes.first() == Some(&0x30) && !pem::looks_like_pem(bytes) {
        return read_der(bytes, origin);
    }
    if pem::looks_like_pem(bytes) {
        return read_pem(
            &Zeroizing::new(String::from_utf8_lossy(bytes).into_owned()),
            origin,
        );
    }
    Err(unrecognised(bytes, origin))
}

fn read_pem(text: &str, origin: &Origin) -> Result<Bundle, LoadError> {
    let blocks = pem::blocks(text).map_err(|error| origin.error(Some(error.line), error.what, error.mend))?;
    let mut bundle = Bundle::default();
    let mut refused = None;
    for block in &blocks {
        if let Err(error) = take_block(block, origin, &mut bundle) {
            // A broken certificate or key is never skipped over in silence; a CSR beside a certificate may be.
            if block.is_ours() {
                return Err(error);
            }
            refused.get_or_insert(error);
        }
    }
    if bundle.is_empty() {
        return Err(refused.unwrap_or_else(|| {
            origin.error(
                None,
                "it holds no certificate and no key",
                "choose a PEM or DER file that does",
            )
        }));
    }
    Ok(bundle)
}

fn take_block(block: &Block, origin: &Origin, bundle: &mut Bundle) -> Result<(), LoadError> {
    let line = Some(block.line);
    let quoted = origin.in_command();
    let key = || {
        if CertificateFacts::from_der(&block.bytes).is_ok() {
            return Err(origin.error(
                line,
                "a block that is labelled as a private key holds a certificate",
                "write CERTIFICATE in its BEGIN and END lines",
            ));
        }
        PrivateKey::from_der(block.bytes.clone()).map_err(|fault| key_error(&fault, origin, line, ""))
    };
    let found = match block.label.as_str() {
        "CERTIFICATE" | "X509 CERTIFICATE" => {
            let entry = bundle.certificates.len();
            bundle
                .certificates
                .push(certificate(block.bytes.clone(), origin, entry, line)?);
            return Ok(());
        }
        "TRUSTED CERTIFICATE" => {
            // OpenSSL appends its own trust settings after the certificate: they are no part of it.
            let length = block.bytes.len() - der_element(&block.bytes).map_or(0, |(_, rest)| rest.len());
            let entry = bundle.certificates.len();
            let der = block.bytes.get(..length).unwrap_or_default().to_vec();
            bundle.certificates.push(certificate(der, origin, entry, line)?);
            return Ok(());
        }
        "X509 CRL" => {
            bundle
                .revocation_lists
                .push(status(&block.bytes, origin, line, "revocation list")?);
            return Ok(());
        }
        "OCSP RESPONSE" => {
            bundle
                .ocsp_responses
                .push(status(&block.bytes, origin, line, "OCSP response")?);
            return Ok(());
        }
        // The label is not believed: keys are renamed by hand, and written again under the label of another form.
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" if !block.is_encrypted => key()?,
        "EC PARAMETERS" | "DH PARAMETERS" => return Ok(()),
        "ENCRYPTED PRIVATE KEY" | "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" => {
            return Err(key_error(&KeyFault::Encrypted, origin, line, ""));
        }
        label => {
            let (what, mend) = other_label(label, &quoted);
            return Err(origin.error(line, what, mend));
        }
    };
    bundle.keys.push(LoadedKey {
        key: found,
        file: origin.file.clone(),
        line,
        within: None,
    });
    Ok(())
}

fn other_label(label: &str, quoted: &str) -> (String, String) {
    match label {
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => (
            "this is a certificate signing request, not a certificate".to_owned(),
            "have your CA sign it and load what it returns".to_owned(),
        ),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => (
            "this is a public key alone".to_owned(),
            "load the certificate that carries it, or the private key".to_owned(),
        ),
        "PKCS7" | "CMS" => (
            "this is a PKCS#7 container, which is not read here".to_owned(),
            format!("take the certificates out: openssl pkcs7 -in {quoted} -print_certs -out chain.pem"),
        ),
        "OPENSSH PRIVATE KEY" => (
            "this is an SSH key".to_owned(),
            "load the private key that belongs to the TLS certificate".to_owned(),
        ),
        other => (
            format!("a {} is neither a certificate nor a key", pem::label_words(other)),
            "load CERTIFICATE and PRIVATE KEY blocks".to_owned(),
        ),
    }
}

fn unrecognised(bytes: &[u8], origin: &Origin) -> LoadError {
    let quoted = origin.in_command();
    if bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) {
        return origin.error(
            None,
            "this is a Java key store, which is not read here",
            format!("convert it: keytool -importkeystore -srckeystore {quoted} -destkeystore out.p12 -deststoretype PKCS12"),
        );
    }
    if bytes.starts_with(b"ssh-") {
        return origin.error(None, "this is an SSH public key", "load the TLS certificate");
    }
    let text = String::from_utf8_lossy(bytes.get(..4096).unwrap_or(bytes)).into_owned();
    if text.contains("kind: Secret")
        || text.contains("\"kind\": \"Secret\"")
        || text.contains("\"kind\":\"Secret\"")
    {
        return origin.error(
            None,
            "this is a Kubernetes Secret, which is not read here yet",
            "take the certificate out: kubectl get secret NAME -o jsonpath='{.data.tls\\.crt}' | base64 -d > tls.crt",
        );
    }
    if text.starts_with("MII") {
        return origin.error(
            None,
            "this is base64 without its BEGIN and END lines",
            format!("decode it first: base64 -d {quoted} > certificate.der"),
        );
    }
    let is_text = !text.contains('\0') && !text.contains('\u{fffd}');
    if is_text {
        origin.error(
            None,
            "the text holds no “-----BEGIN CERTIFICATE-----” and no key",
            "choose a PEM or DER file that holds a certificate or a private key",
        )
    } else {
        origin.error(
            None,
            "these bytes are neither PEM nor DER",
            "choose a PEM or DER file that holds a certificate or a private key",
        )
    }
}
