//! DER that is sound and nothing of ours, named: a public key, a signing request, a question to an OCSP responder.

use super::der::Walk;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;

/// What it is, and what to do; `quoted` is the file's name in a command.
pub(super) fn named(bytes: &[u8], quoted: &str) -> Option<(&'static str, String)> {
    if is_public_key(bytes) {
        let mend = "load the certificate that carries it, or the private key";
        return Some(("this is a public key alone", mend.to_owned()));
    }
    if is_signing_request(bytes) {
        let mend = "have your CA sign it and load what it returns";
        return Some((
            "this is a certificate signing request, not a certificate",
            mend.to_owned(),
        ));
    }
    if is_ocsp_request(bytes) {
        let mend = format!(
            "load the responder's answer: openssl ocsp -reqin {quoted} -url URL -noverify -respout response.der"
        );
        return Some(("this is a question to an OCSP responder, not its answer", mend));
    }
    None
}

/// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), or a bare RSAPublicKey (RFC 8017 §A.1.1).
fn is_public_key(bytes: &[u8]) -> bool {
    let mut outer = Walk(bytes);
    let contents = outer.take(SEQUENCE).unwrap_or_default();
    let is_of_rsa = || {
        let mut parts = Walk(contents);
        let is_modulus = parts.take(INTEGER).is_some_and(|modulus| modulus.len() > 32);
        is_modulus && parts.take(INTEGER).is_some() && parts.0.is_empty()
    };
    outer.0.is_empty() && (is_info(contents) || is_of_rsa())
}

/// An algorithm and a key's bits, and no more.
fn is_info(contents: &[u8]) -> bool {
    let mut parts = Walk(contents);
    let has_algorithm = parts
        .take(SEQUENCE)
        .is_some_and(|algorithm| algorithm.first() == Some(&OID));
    has_algorithm && parts.take(BIT_STRING).is_some() && parts.0.is_empty()
}

/// CertificationRequest (RFC 2986 §4.2): version, a name, a key, attributes; an algorithm and a signature behind them.
fn is_signing_request(bytes: &[u8]) -> bool {
    let found = || {
        let mut outer = Walk(Walk(bytes).take(SEQUENCE)?);
        let mut request = Walk(outer.take(SEQUENCE)?);
        request.take(INTEGER)?;
        request.take(SEQUENCE)?;
        let has_key = is_info(request.take(SEQUENCE)?);
        outer.take(SEQUENCE)?;
        outer.take(BIT_STRING)?;
        Some(has_key && outer.0.is_empty())
    };
    found().unwrap_or_default()
}

/// OCSPRequest (RFC 6960 §4.1.1): of each certificate its issuer's two hashes and its number.
fn is_ocsp_request(bytes: &[u8]) -> bool {
    let found = || {
        let mut request = Walk(Walk(Walk(bytes).take(SEQUENCE)?).take(SEQUENCE)?);
        // Version and requestor, where they are said.
        request.take(0xa0);
        request.take(0xa1);
        let list = Walk(request.take(SEQUENCE)?).take(SEQUENCE)?;
        let mut certificate = Walk(Walk(list).take(SEQUENCE)?);
        let algorithm = certificate.take(SEQUENCE)?;
        certificate.take(OCTETS)?;
        certificate.take(OCTETS)?;
        certificate.take(INTEGER)?;
        Some(algorithm.first() == Some(&OID) && certificate.0.is_empty())
    };
    found().unwrap_or_default()
}
