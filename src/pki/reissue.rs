//! What a certificate that is issued again keeps of the old one: its extensions, as OpenSSL's extension files take them
//! (x509v3_config(5), "arbitrary extensions").

use x509_parser::prelude::{FromDer, X509Certificate};

use super::oids::{oid_dotted, oid_words};

/// Extensions that are written anew: key identifiers, keyUsage, SAN, basicConstraints, extendedKeyUsage.
const STATED: [&str; 6] = [
    "2.5.29.14",
    "2.5.29.15",
    "2.5.29.17",
    "2.5.29.19",
    "2.5.29.35",
    "2.5.29.37",
];
/// Extensions that speak of this one certificate: signed timestamps, and the mark of what was never issued (RFC 6962 §3.1, §3.3).
const OF_THIS_ONE: [&str; 2] = ["1.3.6.1.4.1.11129.2.4.2", "1.3.6.1.4.1.11129.2.4.3"];
/// Extensions that speak of its issuer: issuerAltName, CRL distribution points, the freshest list, and access to the issuer.
const OF_THE_ISSUER: [&str; 4] = ["2.5.29.18", "2.5.29.31", "2.5.29.46", "1.3.6.1.5.5.7.1.1"];
/// A longer value is not put on a command line.
const LONGEST_VALUE: usize = 2 * 1024;

/// An extension to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptExtension {
    /// In words: `certificatePolicies (2.5.29.32)`.
    pub words: String,
    /// `2.5.29.32=critical,DER:3006…`; `None` where it cannot be kept.
    pub line: Option<String>,
    /// Whether it was critical.
    pub is_critical: bool,
    /// Whether it speaks of whoever issued the certificate.
    pub is_of_issuer: bool,
    /// The first bits of Netscape's certificate type (nsCertType), which states purposes beside extendedKeyUsage: 0x80 a client,
    /// 0x40 a server. `None` for any other extension.
    pub netscape_type: Option<u8>,
}

/// The extensions of a certificate beyond those that are stated anew, each once.
pub fn kept_extensions(der: &[u8]) -> Vec<KeptExtension> {
    let Ok((_, certificate)) = X509Certificate::from_der(der) else {
        return Vec::new();
    };
    let mut seen: Vec<&[u8]> = Vec::new();
    let mut kept = Vec::new();
    for extension in certificate.tbs_certificate.extensions() {
        let oid = extension.oid.as_bytes();
        let dotted = oid_dotted(oid);
        if STATED.contains(&&*dotted) || seen.contains(&oid) {
            continue;
        }
        seen.push(oid);
        let can_be_written = !OF_THIS_ONE.contains(&&*dotted)
            && !extension.value.is_empty()
            && extension.value.len() <= LONGEST_VALUE
            && dotted.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let critical = if extension.critical { "critical," } else { "" };
        kept.push(KeptExtension {
            words: oid_words(oid).into_owned(),
            line: can_be_written
                .then(|| format!("{dotted}={critical}DER:{}", hex::encode_upper(extension.value))),
            is_critical: extension.critical,
            is_of_issuer: OF_THE_ISSUER.contains(&&*dotted),
            netscape_type: (dotted == "2.16.840.1.113730.1.1").then(|| first_bits(extension.value)),
        });
    }
    kept
}

/// The first eight bits of a BIT STRING; none are set in what is no such.
fn first_bits(value: &[u8]) -> u8 {
    match value {
        [0x03, _, _, bits, ..] => *bits,
        _ => 0,
    }
}

/// Whether an extension is critical; `None` where it is absent.
pub fn is_critical(der: &[u8], wanted: &str) -> Option<bool> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let mut all = certificate.tbs_certificate.extensions().iter();
    all.find(|extension| oid_dotted(extension.oid.as_bytes()) == wanted)
        .map(|extension| extension.critical)
}

/// The names of subjectAltName that have no word of OpenSSL's for a command (otherName, directoryName, registeredID and so
/// on), each as whole DER.
pub fn names_without_words(der: &[u8]) -> Vec<Vec<u8>> {
    let Ok((_, certificate)) = X509Certificate::from_der(der) else {
        return Vec::new();
    };
    let found = certificate
        .tbs_certificate
        .extensions()
        .iter()
        .find(|extension| oid_dotted(extension.oid.as_bytes()) == "2.5.29.17");
    let Some((mut list, _)) = found.and_then(|extension| super::der_element(extension.value)) else {
        return Vec::new();
    };
    let mut names = Vec::new();
    while let Some((_, rest)) = super::der_element(list) {
        let whole = list.get(..list.len() - rest.len()).unwrap_or_default();
        // rfc822Name, dNSName, URI, iPAddress have.
        if !matches!(whole.first(), Some(0x81 | 0x82 | 0x86 | 0x87)) {
            names.push(whole.to_vec());
        }
        list = rest;
    }
    names
}

/// A subjectAltName of names in words (`DNS:a`, `IP:10.0.0.1`, `URI:…`, `email:…`) and names as DER, as `DER:30…`.
pub fn names_as_der(words: &[(&str, &str)], whole: &[Vec<u8>]) -> String {
    let mut contents = Vec::new();
    for (kind, value) in words {
        let (tag, bytes) = match *kind {
            "IP" => match value.parse::<std::net::IpAddr>() {
                Ok(std::net::IpAddr::V4(address)) => (0x87, address.octets().to_vec()),
                Ok(std::net::IpAddr::V6(address)) => (0x87, address.octets().to_vec()),
                Err(_) => continue,
            },
            "URI" => (0x86, value.as_bytes().to_vec()),
            "email" => (0x81, value.as_bytes().to_vec()),
            _ => (0x82, value.as_bytes().to_vec()),
        };
        contents.extend(super::der::tagged(tag, &bytes));
    }
    contents.extend(whole.concat());
    format!("DER:{}", hex::encode_upper(super::der::tagged(0x30, &contents)))
}
