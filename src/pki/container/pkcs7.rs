//! PKCS#7 and CMS SignedData (RFC 5652 §5) as a bag of certificates and revocation lists: `openssl crl2pkcs7`, Windows' .p7b.
//! Signatures are not looked at.

use super::super::der::Walk;
use super::super::facts::CertificateFacts;
use super::ber::rewritten;
use super::opened::{Fault, Opened};

const SEQUENCE: u8 = 0x30;
/// id-signedData, 1.2.840.113549.1.7.2; the others of its family differ in the last number.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// ContentInfo: a sequence that begins with an OID of PKCS#7's family.
pub fn is_pkcs7(bytes: &[u8]) -> bool {
    // The length may be an indefinite one.
    let begin = bytes.get(..16).unwrap_or(bytes);
    bytes.first() == Some(&SEQUENCE)
        && SIGNED_DATA.get(..8).is_some_and(|family| {
            begin
                .windows(10)
                .any(|window| window.starts_with(&[0x06, 0x09]) && window.get(2..) == Some(family))
        })
}

/// The certificates and lists in a SignedData.
pub fn open_pkcs7(bytes: &[u8]) -> Result<Opened, Fault> {
    let damaged = || {
        Fault::other(
            "this PKCS#7 container is truncated or damaged",
            "take the certificates out: openssl pkcs7 -inform DER -in {file} -print_certs -out chain.pem",
        )
    };
    let in_der = rewritten(bytes);
    let bytes = in_der.as_deref().map_or(bytes, Vec::as_slice);
    let mut outer = Walk(Walk(bytes).take(SEQUENCE).ok_or_else(damaged)?);
    let kind = outer.take(0x06).ok_or_else(damaged)?;
    if kind != SIGNED_DATA {
        return Err(Fault::other(
            "this PKCS#7 message is enveloped or encrypted data, not a bag of certificates",
            "load the certificate and the key themselves",
        ));
    }
    let content = outer.take(0xa0).ok_or_else(damaged)?;
    let mut parts = Walk(Walk(content).take(SEQUENCE).ok_or_else(damaged)?);
    // version, digestAlgorithms, encapContentInfo
    parts.take(0x02).ok_or_else(damaged)?;
    parts.take(0x31).ok_or_else(damaged)?;
    parts.take(SEQUENCE).ok_or_else(damaged)?;
    let mut opened = Opened::default();
    let mut passed_over = 0;
    let mut certificates = Walk(parts.take(0xa0).unwrap_or_default());
    while !certificates.0.is_empty() {
        let element = certificates.next().ok_or_else(damaged)?;
        // CertificateChoices: the others are attribute certificates and such.
        if element.tag == SEQUENCE {
            opened.certificates.push((element.whole.to_vec(), None));
        } else {
            passed_over += 1;
        }
    }
    let mut lists = Walk(parts.take(0xa1).unwrap_or_default());
    while !lists.0.is_empty() {
        let element = lists.next().ok_or_else(damaged)?;
        if element.tag == SEQUENCE {
            opened.lists.push(element.whole.to_vec());
        } else {
            passed_over += 1;
        }
    }
    if opened.certificates.is_empty() && opened.lists.is_empty() {
        return Err(Fault::other(
            "this PKCS#7 container holds no certificate",
            "export the chain again, certificates included",
        ));
    }
    opened.certificates = in_order(opened.certificates);
    if passed_over > 0 {
        let words = format!(
            "{passed_over} of its parts are neither X.509 certificates nor revocation lists; they are not used"
        );
        opened.notes.push((words, &[], None));
    }
    Ok(opened)
}

/// Leaves first, each with its issuers behind it: the certificates are a SET, whose own order means nothing.
fn in_order(all: Vec<(Vec<u8>, Option<String>)>) -> Vec<(Vec<u8>, Option<String>)> {
    /// More are a trust store, and no chain.
    const MOST: usize = 64;
    if all.len() > MOST {
        return all;
    }
    let facts: Vec<Option<CertificateFacts>> = all
        .iter()
        .map(|(der, _)| CertificateFacts::from_der(der).ok())
        .collect();
    let of = |at: usize| facts.get(at).and_then(Option::as_ref);
    let mut order: Vec<usize> = Vec::new();
    for leaf in (0..all.len()).filter(|at| of(*at).is_some_and(|one| one.is_ca != Some(true))) {
        let mut next = Some(leaf).filter(|at| !order.contains(at));
        while let Some(at) = next {
            order.push(at);
            next = (0..all.len()).find(|other| {
                let is_issuer = of(at)
                    .zip(of(*other))
                    .is_some_and(|(one, other)| one.issuer_der == other.subject_der);
                is_issuer && !order.contains(other)
            });
        }
    }
    let rest: Vec<usize> = (0..all.len()).filter(|at| !order.contains(at)).collect();
    let mut all: Vec<Option<_>> = all.into_iter().map(Some).collect();
    order.extend(rest);
    order
        .into_iter()
        .filter_map(|at| all.get_mut(at)?.take())
        .collect()
}

#[cfg(test)]
mod tests;
