//! PKCS#12 containers (RFC 7292): `.p12`, `.pfx`, and the key stores that Java writes today.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;
use zeroize::Zeroizing;

use super::super::der::{Walk, tagged};
use super::super::facts::CertificateFacts;
use super::super::key::PrivateKey;
use super::super::passphrase::Passphrases;
use super::limits::MOST_ROUNDS_OF_A_FILE;
use super::opened::{Fault, Opened};
use super::pkcs12_forms::Forms;
use super::pkcs12_outline::{Outline, outline};
use crate::printable::quoted_value;
use crate::stack::Stack;

const WHAT: &str = "the PKCS#12 container";
/// The programs here that stand on OpenSSL 3, which opens RC2, RC4 and DES only where its legacy provider is loaded.
const ON_OPENSSL: &[Stack] = &[Stack::OpenSsl, Stack::Node];
/// Writes the container as OpenSSL 3 does, with a passphrase of one's own choice.
const NEW_FORM: &str = "openssl pkcs12 -legacy -in {file} -nodes -out {new}.tmp && openssl pkcs12 -export -in {new}.tmp -out {new}.p12 && rm -f {new}.tmp";
/// Makes a store of authorities that Java takes for one, of a container that openssl made.
const FOR_JAVA: &str = "openssl pkcs12 -in {file} -nokeys -out {new}.pem && keytool -importcert -noprompt -alias ca -file {new}.pem -keystore {new}.p12 -storetype PKCS12";

/// PFX: a sequence that begins with version 3, then the sequence of a ContentInfo.
pub fn is_pkcs12(bytes: &[u8]) -> bool {
    let begin = bytes.get(..12).unwrap_or(bytes);
    let version = [0x02, 0x01, 0x03, 0x30];
    bytes.first() == Some(&0x30) && (2..=6).any(|at| begin.get(at..at + 4) == Some(&version[..]))
}

/// Whether OpenSSL 3 opens it with `-legacy` only.
pub fn is_legacy_pkcs12(bytes: &[u8]) -> bool {
    outline(Forms::of(bytes).readable()).is_some_and(|outline| outline.is_legacy())
}

/// What is in the container.
pub fn open_pkcs12(bytes: &[u8], passphrases: &Passphrases) -> Result<Opened, Fault> {
    let forms = Forms::of(bytes);
    let Some(outline) = outline(forms.readable()) else {
        return Err(Fault::other(
            "this PKCS#12 container is truncated or damaged",
            "export it again, or see where it breaks: openssl asn1parse -inform DER -in {file}",
        ));
    };
    refuse_what_is_not_read(&outline)?;
    let mut out = Opened::default();
    let mut archive = match opened(&forms, &outline, passphrases) {
        // Nothing in it is encrypted: the passphrase only vouches for it, as in Java's store of public authorities.
        Err(closed @ (Fault::Needed { .. } | Fault::Wrong { .. })) if outline.ciphers.is_empty() => {
            let words = "nothing in the container is encrypted, and its integrity was not checked for want of its passphrase";
            out.notes.push((words.to_owned(), &[], None));
            forms.open_unchecked().ok_or(closed)?
        }
        other => other?,
    };
    let certificates: Vec<Certificate> = archive
        .certs
        .iter()
        .map(|bag| Certificate {
            der: bag.cert.as_der().to_vec(),
            name: bag.friendly_name.clone(),
            facts: CertificateFacts::from_der(bag.cert.as_der()).ok(),
        })
        .collect();
    let keys: Vec<(Zeroizing<Vec<u8>>, Option<String>)> = archive
        .keys
        .iter()
        .map(|bag| {
            (
                Zeroizing::new(bag.key.as_der().to_vec()),
                bag.friendly_name.clone(),
            )
        })
        .collect();
    if !archive.secrets.is_empty() {
        let words = format!("{} secret keys in it are not used", archive.secrets.len());
        out.notes.push((words, &[], None));
    }
    let is_empty_for_java = holds_nobody_for_java(&archive);
    archive.keys.clear();
    let place = |name: Option<&String>, kind: &str, at: usize| {
        Some(match name.filter(|name| !name.is_empty()) {
            Some(name) => format!("entry “{}”", quoted_value(name)),
            None => format!("{kind} {}", at + 1),
        })
    };
    for (at, leaf) in in_order(&certificates, &keys) {
        if let (Some(one), Some(named)) = (certificates.get(at), certificates.get(leaf)) {
            out.certificates
                .push((one.der.clone(), place(named.name.as_ref(), "certificate", leaf)));
        }
    }
    for (at, (key, name)) in keys.into_iter().enumerate() {
        out.keys.push((key, place(name.as_ref(), "key", at)));
    }
    if out.certificates.is_empty() && out.keys.is_empty() {
        return Err(Fault::other(
            "this PKCS#12 container holds no certificate and no private key",
            "export it again, certificates included",
        ));
    }
    if is_empty_for_java {
        let words = "it holds no private key and no certificate that is marked as trusted (Oracle's trustedKeyUsage): as a trust store \
                     Java finds it empty (the trustAnchors parameter must be non-empty)";
        out.notes.push((words.to_owned(), &[Stack::Java], Some(FOR_JAVA)));
    }
    if outline.is_legacy() {
        let words = format!(
            "the container is encrypted with {}, which OpenSSL 3 opens only with -legacy",
            outline.ciphers.join(" and ")
        );
        out.notes.push((words, ON_OPENSSL, Some(NEW_FORM)));
    }
    Ok(out)
}

/// A store of authorities as openssl writes it: Java takes no certificate for trusted that is not marked so.
fn holds_nobody_for_java(archive: &Pkcs12Archive) -> bool {
    archive.keys.is_empty() && !archive.certs.is_empty() && !archive.certs.iter().any(|bag| bag.trusted)
}

struct Certificate {
    der: Vec<u8>,
    name: Option<String>,
    facts: Option<CertificateFacts>,
}

fn opened(forms: &Forms<'_>, outline: &Outline, passphrases: &Passphrases) -> Result<Pkcs12Archive, Fault> {
    let is_closed = outline.has_mac || !outline.ciphers.is_empty();
    // Many containers of authorities alone have the empty passphrase.
    for passphrase in passphrases.iter().chain([""]) {
        match forms.open(passphrase) {
            Ok(archive) => return Ok(archive),
            Err(Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm) => {
                return Err(Fault::other(
                    format!(
                        "this PKCS#12 container is encrypted in a way that is not read here ({})",
                        outline.ciphers.join(", ")
                    ),
                    rewrite(outline),
                ));
            }
            Err(Error::InvalidParameters) => return Err(too_much(outline)),
            Err(Error::MacError(_)) => {}
            // Without an integrity check, a wrong passphrase leaves noise.
            Err(_) if !outline.has_mac && is_closed => {}
            Err(_) => {
                return Err(Fault::other(
                    "this PKCS#12 container is damaged inside",
                    rewrite(outline),
                ));
            }
        }
    }
    Err(Fault::closed(WHAT, !passphrases.is_empty()))
}

fn refuse_what_is_not_read(outline: &Outline) -> Result<(), Fault> {
    if outline.is_for_a_public_key {
        return Err(Fault::other(
            "this PKCS#12 container is encrypted or signed with a certificate, not with a passphrase",
            "export it again with a passphrase",
        ));
    }
    if outline.rounds > MOST_ROUNDS_OF_A_FILE {
        return Err(too_much(outline));
    }
    if let Some(mac) = outline.odd_mac {
        return Err(Fault::other(
            format!("this PKCS#12 container is protected with {mac}, which is not read here"),
            rewrite(outline),
        ));
    }
    let unread = outline
        .ciphers
        .iter()
        .find(|name| !["3DES", "RC2-40", "PBES2"].contains(name));
    match unread {
        None => Ok(()),
        Some(cipher) => Err(Fault::other(
            format!("this PKCS#12 container is encrypted with {cipher}, which is not read here"),
            rewrite(outline),
        )),
    }
}

fn too_much(outline: &Outline) -> Fault {
    Fault::other(
        "this PKCS#12 container asks for more work per passphrase than is done here",
        rewrite(outline),
    )
}

/// What takes certificate and key out. The file appears only where it succeeds, and its owner alone may read it.
fn rewrite(outline: &Outline) -> String {
    let legacy = if outline.is_legacy() { "-legacy " } else { "" };
    format!(
        "take certificate and key out: (umask 077; openssl pkcs12 {legacy}-in {{file}} -nodes > both.tmp && mv both.tmp both.pem)"
    )
}

/// Each key's certificate first, then its issuers, which belong to its entry; then what belongs to no key, as it lay. Containers
/// have any order, and a chain has its leaf first. Each with the place of its leaf.
fn in_order(
    certificates: &[Certificate],
    keys: &[(Zeroizing<Vec<u8>>, Option<String>)],
) -> Vec<(usize, usize)> {
    let mut order: Vec<(usize, usize)> = Vec::with_capacity(certificates.len());
    for (key, _) in keys {
        let Ok(key) = PrivateKey::from_der(key.to_vec()) else {
            continue;
        };
        let leaf = find(certificates, &order, |facts| facts.spki == key.public_key);
        let mut next = leaf;
        while let (Some(at), Some(leaf)) = (next, leaf) {
            order.push((at, leaf));
            let issuer = certificates
                .get(at)
                .and_then(|one| one.facts.as_ref())
                .filter(|facts| facts.issuer_der != facts.subject_der)
                .map(|facts| facts.issuer_der.clone());
            next = issuer.and_then(|issuer| find(certificates, &order, |facts| facts.subject_der == issuer));
        }
    }
    let is_taken = |at: &usize| order.iter().any(|(taken, _)| taken == at);
    let rest: Vec<usize> = (0..certificates.len()).filter(|at| !is_taken(at)).collect();
    order.extend(rest.into_iter().map(|at| (at, at)));
    order
}

fn find(
    certificates: &[Certificate],
    taken: &[(usize, usize)],
    is_it: impl Fn(&CertificateFacts) -> bool,
) -> Option<usize> {
    certificates
        .iter()
        .enumerate()
        .find(|(at, one)| {
            taken.iter().all(|(taken, _)| taken != at) && one.facts.as_ref().is_some_and(&is_it)
        })
        .map(|(at, _)| at)
}

/// A key alone that is encrypted as in a PKCS#12 container: the library opens containers, so it gets one with just this key.
pub fn open_key_of_pkcs12(encrypted: &[u8], passphrases: &Passphrases) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let what = "the private key";
    let algorithm = Walk(encrypted).take(0x30).unwrap_or_default();
    let container = with_just(encrypted);
    let outline = outline(&container).unwrap_or_default();
    let unread = || {
        Fault::other(
            format!(
                "the private key is encrypted with {}, which is not read here",
                outline.ciphers.join(", ")
            ),
            "write it anew: openssl pkcs8 -provider legacy -provider default -topk8 -in {file} -out new.key",
        )
    };
    if algorithm.is_empty() || !matches!(outline.ciphers.as_slice(), ["3DES" | "RC2-40"]) {
        return Err(unread());
    }
    if outline.rounds > MOST_ROUNDS_OF_A_FILE {
        return Err(unread());
    }
    for passphrase in passphrases.iter() {
        if let Ok(archive) = Pkcs12Archive::from_pkcs12(&container, passphrase)
            && let Some(bag) = archive.keys.first()
        {
            return Ok(Zeroizing::new(bag.key.as_der().to_vec()));
        }
    }
    Err(Fault::closed(what, !passphrases.is_empty()))
}

/// A PFX without integrity check around one pkcs-8ShroudedKeyBag.
fn with_just(encrypted: &[u8]) -> Vec<u8> {
    const DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
    const SHROUDED_KEY: &[u8] = &[
        0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02,
    ];
    let sequence = |parts: &[&[u8]]| tagged(0x30, &parts.concat());
    let data = |contents: &[u8]| sequence(&[DATA, &tagged(0xa0, &tagged(0x04, contents))]);
    let bag = sequence(&[SHROUDED_KEY, &tagged(0xa0, encrypted)]);
    let safe = data(&sequence(&[&bag]));
    sequence(&[&[0x02, 0x01, 0x03], &data(&sequence(&[&safe]))])
}
