//! From files and pasted text to certificates and keys, with a sentence for whatever cannot be one.

use std::path::Path;

use zeroize::Zeroizing;

use super::container::{is_java_store, is_pkcs7, is_pkcs12, open_java_store};
use super::document::{Document, foreign, is_json, is_openvpn, is_yaml, openvpn, tree};
use super::file::read_limited;
use super::load_der::read_der;
use super::load_note::LoadNote;
use super::load_opened::opened;
use super::load_pem::read_pem;
use super::load_text::{from_base64, from_utf16, with_five_hyphens};
use super::load_wrapping::tell_wrappings;
use super::loaded::{Bundle, LoadError, LoadReason, Origin};
use super::passphrase::Passphrases;
use super::pem;
use super::quirk::Quirk;

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
        within: None,
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
    read(
        text.as_bytes(),
        &Origin {
            file: None,
            within: None,
        },
        passphrases,
    )
}

/// Reads bytes that arrived with a name but without a path.
pub fn read_bytes(bytes: &[u8], name: &str) -> Result<Bundle, LoadError> {
    read_bytes_with(bytes, name, &Passphrases::NONE)
}

/// The same, with passphrases for what in it is encrypted.
pub fn read_bytes_with(bytes: &[u8], name: &str, passphrases: &Passphrases) -> Result<Bundle, LoadError> {
    let origin = Origin {
        file: Some(name.to_owned()),
        within: None,
    };
    read(bytes, &origin, passphrases)
}

fn read(bytes: &[u8], origin: &Origin, passphrases: &Passphrases) -> Result<Bundle, LoadError> {
    let mut bundle = content(bytes, origin, passphrases, 0)?;
    tell_wrappings(&mut bundle, bytes);
    Ok(bundle)
}

/// As often as something is written within something: base64 of a Secret that holds a kubeconfig, and so on.
const DEEPEST: usize = 6;

fn content(
    bytes: &[u8],
    origin: &Origin,
    passphrases: &Passphrases,
    depth: usize,
) -> Result<Bundle, LoadError> {
    if depth > DEEPEST {
        return Err(origin.error(
            None,
            "it is wrapped in too many layers",
            "take the certificate or the key out and load that",
        ));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(origin.foreign(
            None,
            "it is empty",
            "choose the file that holds the certificate or the key",
        ));
    }
    if let Some(text) = from_utf16(bytes) {
        let bundle = content(text.as_bytes(), origin, passphrases, depth + 1)?;
        return Ok(with_quirk(bundle, Quirk::Utf16));
    }
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        let bundle = content(rest, origin, passphrases, depth + 1)?;
        return Ok(with_quirk(bundle, Quirk::ByteOrderMark));
    }
    if is_java_store(bytes) {
        let what = if bytes.starts_with(&[0xfe]) {
            "JKS"
        } else {
            "JCEKS"
        };
        return opened(
            open_java_store(bytes, passphrases),
            &format!("a Java key store ({what})"),
            origin,
        );
    }
    if let Some((text, line, quirk)) = with_five_hyphens(bytes) {
        let mut bundle = content(text.as_bytes(), origin, passphrases, depth + 1)?;
        bundle.notes.insert(0, quirk.note(Some(line)));
        return Ok(bundle);
    }
    let has_pem = pem::looks_like_pem(bytes);
    // A message may be about a PEM file, which then stands in it.
    let is_container = is_pkcs7(bytes) || is_pkcs12(bytes);
    if bytes.first() == Some(&0x30) && (!has_pem || is_container) {
        return read_der(bytes, origin, passphrases);
    }
    if let Some((what, mend)) = foreign(bytes).filter(|_| !has_pem) {
        return Err(origin.foreign(None, what, mend));
    }
    let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
    if is_openvpn(&text) {
        return pieces(openvpn(&text), origin, passphrases, depth);
    }
    if is_json(&text) || is_yaml(&text) {
        match tree(&text) {
            Ok(document) if !document.pieces.is_empty() => {
                return pieces(document, origin, passphrases, depth);
            }
            Ok(document) if !has_pem && is_document(&text) => {
                return Err(origin.foreign(
                    None,
                    format!(
                        "this is {}, and it holds no certificate and no key",
                        document.what
                    ),
                    "choose the file that does; a certificate stands in it as PEM or as base64",
                ));
            }
            Err((line, what)) if !has_pem && is_document(&text) => {
                return Err(origin.error(line, what, "mend the syntax there, or export the object again"));
            }
            // Other text with blocks in it.
            Ok(_) | Err(_) => {}
        }
    }
    if has_pem {
        return read_pem(&text, origin, passphrases);
    }
    if let Some(inner) = from_base64(bytes) {
        let mut bundle = content(&inner, origin, passphrases, depth + 1)?;
        if let Some(first) = bundle.recognised.first_mut() {
            *first = format!("base64 of {first}");
        }
        return Ok(bundle);
    }
    Err(unrecognised(&text, origin))
}

/// It says of itself that it is one: a line with a colon may be anybody's.
fn is_document(text: &str) -> bool {
    is_json(text) || text.contains("apiVersion:") || text.contains("kind:")
}

fn with_quirk(mut bundle: Bundle, quirk: Quirk) -> Bundle {
    bundle.notes.insert(0, quirk.note(None));
    bundle
}

/// What the pieces of a document hold, each under its place. What is nothing of ours is passed over, as in any Secret; what is
/// ours and broken is said.
fn pieces(
    document: Document,
    origin: &Origin,
    passphrases: &Passphrases,
    depth: usize,
) -> Result<Bundle, LoadError> {
    let mut bundle = Bundle::default();
    let mut refused: Option<LoadError> = None;
    bundle.notes.extend(
        document
            .notes
            .into_iter()
            .map(|what| LoadNote::remark(None, what)),
    );
    for piece in document.pieces {
        let within = match &origin.within {
            Some(outer) => format!("{outer}, {}", piece.within),
            None => piece.within,
        };
        let place = Origin {
            file: origin.file.clone(),
            within: Some(within.clone()),
        };
        let mut with_own = passphrases.clone();
        with_own.extend(piece.passphrases);
        match content(&piece.bytes, &place, &with_own, depth + 1) {
            Ok(mut found) => {
                // Lines within a value are not the file's.
                for certificate in &mut found.certificates {
                    certificate.line = piece.line;
                }
                for key in &mut found.keys {
                    key.line = piece.line;
                }
                let (lists, responses) = (&mut found.revocation_lists, &mut found.ocsp_responses);
                for status in lists.iter_mut().chain(responses) {
                    status.line = piece.line;
                }
                for note in &mut found.notes {
                    note.line = None;
                    note.what = format!("{within}: {}", note.what);
                }
                bundle.append(found);
            }
            Err(error) => match error.reason {
                LoadReason::Other => return Err(error),
                LoadReason::KeyKind => {
                    let what = format!("{within}: {}; it was left aside", error.what);
                    bundle.notes.push(LoadNote::remark(None, what));
                    bundle.unusable_key.get_or_insert(Box::new(error));
                }
                LoadReason::PassphraseNeeded | LoadReason::PassphraseWrong => {
                    bundle.notes.push(LoadNote::remark(
                        None,
                        format!("{within}: {}; it was passed over", error.what),
                    ));
                    refused = Some(error);
                }
                LoadReason::Foreign => {
                    refused.get_or_insert(error);
                }
            },
        }
    }
    if bundle.is_empty() {
        let refused = bundle.unusable_key.take().map(|error| *error).or(refused);
        return Err(refused.unwrap_or_else(|| {
            origin.foreign(
                None,
                format!("{} holds no certificate and no key", document.what),
                "choose the file that does",
            )
        }));
    }
    bundle.recognised = vec![format!("{}: {}", document.what, bundle.contents_words())];
    bundle.meant_for = document.meant_for;
    Ok(bundle)
}

fn unrecognised(text: &str, origin: &Origin) -> LoadError {
    let is_text = !text.contains('\0') && !text.contains('\u{fffd}');
    if text.starts_with("MII") {
        return origin.error(
            None,
            "this is base64 without its BEGIN and END lines, damaged or incomplete",
            "copy it again, whole",
        );
    }
    let what = if is_text {
        "the text holds no “-----BEGIN CERTIFICATE-----” and no key"
    } else {
        "these bytes are neither PEM nor DER nor a container that is known here"
    };
    origin.foreign(
        None,
        what,
        "choose a file that holds a certificate or a private key",
    )
}
