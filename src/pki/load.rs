//! From files and pasted text to certificates and keys, with a sentence for whatever cannot be one.

use std::path::Path;

use rustls_pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};

use super::crl::{LoadedStatus, looks_like_list};
use super::facts::CertificateFacts;
use super::file::read_limited;
use super::key::PrivateKey;
use super::names::der_element;
use super::ocsp::looks_like_response;
use super::pem::{self, Block};

/// A larger file is none of certificates: a CA bundle of every public root has a quarter of a megabyte. Revocation lists of
/// large CAs have several.
pub const LARGEST_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// One certificate with the place where it lay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedCertificate {
    /// DER.
    pub der: Vec<u8>,
    /// The path as given, or the address it was fetched from; `None` for pasted text and minted identities.
    pub file: Option<String>,
    /// Position among the file's certificates, from 0.
    pub entry: usize,
    /// Line of its `-----BEGIN`, from 1; `None` for DER.
    pub line: Option<usize>,
}

/// One private key with the place where it lay.
#[derive(Clone, Debug)]
pub struct LoadedKey {
    /// The key.
    pub key: PrivateKey,
    /// As for certificates.
    pub file: Option<String>,
    /// As for certificates.
    pub line: Option<usize>,
}

/// What one file or one paste held, sorted out.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// In file order.
    pub certificates: Vec<LoadedCertificate>,
    /// In file order.
    pub keys: Vec<LoadedKey>,
    /// Certificate revocation lists, in file order.
    pub revocation_lists: Vec<LoadedStatus>,
    /// OCSP responses, in file order.
    pub ocsp_responses: Vec<LoadedStatus>,
}

/// Why a file or a paste gave nothing. `Display` is one sentence: file, place, what is wrong, the mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}; {mend}")]
pub struct LoadError {
    /// The file (and line, where known), or `the pasted text`.
    pub place: String,
    /// What is wrong, without a full stop.
    pub what: String,
    /// What to do about it, without a full stop; names the command where there is one.
    pub mend: String,
}

/// Where bytes come from, for sentences.
struct Origin {
    file: Option<String>,
}

impl Origin {
    fn error(&self, line: Option<usize>, what: impl Into<String>, mend: impl Into<String>) -> LoadError {
        let name = self.file.as_deref().unwrap_or("the pasted text");
        let place = line.map_or_else(|| name.to_owned(), |line| format!("{name}, line {line}"));
        LoadError {
            place,
            what: what.into(),
            mend: mend.into(),
        }
    }

    /// The file's name in a command, quoted for a shell.
    fn in_command(&self) -> String {
        super::shell_file(self.file.as_deref().unwrap_or("FILE"))
    }
}

/// Reads a file of certificates and keys, whatever the order and form.
pub fn read_file(path: &Path) -> Result<Bundle, LoadError> {
    let origin = Origin {
        file: Some(path.display().to_string()),
    };
    let bytes = read_limited(path, LARGEST_FILE_BYTES).map_err(|error| {
        let (what, mend) = error.words();
        origin.error(None, what, mend)
    })?;
    read(&bytes, &origin)
}

/// Reads pasted PEM text.
pub fn read_text(text: &str) -> Result<Bundle, LoadError> {
    read(text.as_bytes(), &Origin { file: None })
}

/// Reads bytes that arrived with a name but without a path.
pub fn read_bytes(bytes: &[u8], name: &str) -> Result<Bundle, LoadError> {
    read(
        bytes,
        &Origin {
            file: Some(name.to_owned()),
        },
    )
}

fn read(bytes: &[u8], origin: &Origin) -> Result<Bundle, LoadError> {
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
        return read_pem(&String::from_utf8_lossy(bytes), origin);
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
    let key = |der: PrivateKeyDer<'static>| {
        PrivateKey::from_der(der).ok_or_else(|| {
            origin.error(
                line,
                "the private key is damaged or of a kind that cannot be used here",
                format!("check it with: openssl pkey -in {quoted} -noout -check"),
            )
        })
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
        "PRIVATE KEY" => key(PrivatePkcs8KeyDer::from(block.bytes.clone()).into())?,
        "RSA PRIVATE KEY" if !block.is_encrypted => {
            key(PrivatePkcs1KeyDer::from(block.bytes.clone()).into())?
        }
        "EC PRIVATE KEY" if !block.is_encrypted => key(PrivateSec1KeyDer::from(block.bytes.clone()).into())?,
        "EC PARAMETERS" | "DH PARAMETERS" => return Ok(()),
        "ENCRYPTED PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" => {
            return Err(origin.error(
                line,
                "the private key is encrypted",
                format!("decrypt a copy first: openssl pkey -in {quoted} -out plain.key"),
            ));
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
            format!(
                "a block labelled “{}” is neither a certificate nor a key",
                other.chars().take(40).collect::<String>()
            ),
            "load CERTIFICATE and PRIVATE KEY blocks".to_owned(),
        ),
    }
}

/// A certificate whose outer frame holds; what is broken inside is for the checks to judge.
fn certificate(
    der: Vec<u8>,
    origin: &Origin,
    entry: usize,
    line: Option<usize>,
) -> Result<LoadedCertificate, LoadError> {
    if der_element(&der).is_none() || der.first() != Some(&0x30) {
        return Err(origin.error(
            line,
            "the certificate is truncated or damaged",
            "fetch or export the file again",
        ));
    }
    Ok(LoadedCertificate {
        der,
        file: origin.file.clone(),
        entry,
        line,
    })
}

/// A list or a response whose outer frame holds; what is broken inside is for the checks to judge.
fn status(der: &[u8], origin: &Origin, line: Option<usize>, what: &str) -> Result<LoadedStatus, LoadError> {
    if CertificateFacts::from_der(der).is_ok() {
        return Err(origin.error(
            line,
            format!("a block that is labelled as {what} holds a certificate"),
            "write CERTIFICATE in its BEGIN and END lines, or load the list itself",
        ));
    }
    if der_element(der).is_none() || der.first() != Some(&0x30) {
        return Err(origin.error(
            line,
            format!("the {what} is truncated or damaged"),
            "fetch it from the CA again",
        ));
    }
    Ok(LoadedStatus {
        der: der.to_vec(),
        file: origin.file.clone(),
        line,
    })
}

fn read_der(bytes: &[u8], origin: &Origin) -> Result<Bundle, LoadError> {
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
    let forms: [PrivateKeyDer<'static>; 3] = [
        PrivatePkcs8KeyDer::from(bytes.to_vec()).into(),
        PrivatePkcs1KeyDer::from(bytes.to_vec()).into(),
        PrivateSec1KeyDer::from(bytes.to_vec()).into(),
    ];
    for form in forms {
        if let Some(key) = PrivateKey::from_der(form) {
            let loaded = LoadedKey {
                key,
                file: origin.file.clone(),
                line: None,
            };
            return Ok(Bundle {
                keys: vec![loaded],
                ..Bundle::default()
            });
        }
    }
    let contents = der_element(bytes).map_or(&[][..], |(contents, _)| contents);
    // EncryptedPrivateKeyInfo (RFC 5958 §3) begins with an algorithm of PKCS#5: 1.2.840.113549.1.5.
    if contents
        .get(2..)
        .is_some_and(|inner| inner.starts_with(&[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05]))
    {
        return Err(origin.error(
            None,
            "the private key is encrypted",
            format!("decrypt a copy first: openssl pkey -inform DER -in {quoted} -out plain.key"),
        ));
    }
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
