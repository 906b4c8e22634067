//! What a certificate says of itself (RFC 5280 §4), as plain data.

use x509_parser::der_parser::asn1_rs::Tag;
use x509_parser::extensions::{GeneralName as ParsedName, ParsedExtension};
use x509_parser::oid_registry::Oid;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

use super::kinds::{GeneralName, KeyKind, KeyUsage, Purpose};
use super::names;
use super::oids::{oid_dotted, oid_words};
use super::points::{DistributionPoint, access_points};

/// A certificate that cannot be read as X.509.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a readable X.509 certificate: {words}")]
pub struct Malformed {
    /// What is wrong and where.
    pub words: String,
}

/// What a certificate says of itself. Times are seconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Lowercase hex SHA-256 of the DER.
    pub sha256: String,
    /// 1, 2 or 3.
    pub version: u32,
    /// Lowercase hex of the serial number.
    pub serial: String,
    /// RFC 4514.
    pub subject: String,
    /// The last common name in the subject, else the first SAN, else the whole subject: for people.
    pub display_name: String,
    /// RFC 4514.
    pub issuer: String,
    /// The last common name in the subject.
    pub common_name: Option<String>,
    /// The issuer's common name, else the whole issuer: for people.
    pub issuer_display_name: String,
    /// Subject and issuer as DER: what chains are built by.
    pub subject_der: Vec<u8>,
    /// The issuer's name, DER.
    pub issuer_der: Vec<u8>,
    /// Seconds since the Unix epoch.
    pub not_before: i64,
    /// Seconds since the Unix epoch.
    pub not_after: i64,
    /// The public key's kind.
    pub key: KeyKind,
    /// SubjectPublicKeyInfo, DER.
    pub spki: Vec<u8>,
    /// `ecdsa-with-SHA256`, `sha256WithRSAEncryption`, `Ed25519`, or the OID.
    pub signature_algorithm: String,
    /// subjectAltName; `None` where the extension is absent.
    pub subject_alt_names: Option<Vec<GeneralName>>,
    /// basicConstraints cA; `None` where the extension is absent.
    pub is_ca: Option<bool>,
    /// basicConstraints pathLenConstraint.
    pub path_len: Option<u32>,
    /// keyUsage; `None` where absent.
    pub key_usage: Option<KeyUsage>,
    /// extendedKeyUsage; `None` where absent.
    pub purposes: Option<Vec<Purpose>>,
    /// nameConstraints permittedSubtrees.
    pub permitted_names: Vec<GeneralName>,
    /// nameConstraints excludedSubtrees.
    pub excluded_names: Vec<GeneralName>,
    /// subjectKeyIdentifier.
    pub subject_key_id: Option<Vec<u8>>,
    /// authorityKeyIdentifier keyIdentifier.
    pub authority_key_id: Option<Vec<u8>>,
    /// cRLDistributionPoints; `None` where the extension is absent.
    pub crl_distribution_points: Option<Vec<DistributionPoint>>,
    /// Where the issuer's OCSP responders are said to be (RFC 5280 §4.2.2.1). Nobody is asked.
    pub ocsp_urls: Vec<String>,
    /// Where the issuer's own certificate is said to be (caIssuers).
    pub issuer_urls: Vec<String>,
    /// OIDs (dotted, with the name where known) of critical extensions that no TLS stack here knows.
    pub unknown_critical_extensions: Vec<String>,
}

/// What a signature check needs (RFC 5280 §4.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedPart {
    /// tbsCertificate, DER: the bytes that were signed.
    pub tbs: Vec<u8>,
    /// The contents of the AlgorithmIdentifier SEQUENCE, without its header: how webpki names algorithms.
    pub algorithm: Vec<u8>,
    /// signatureValue.
    pub signature: Vec<u8>,
}

/// The signed bytes, the algorithm and the signature of a certificate.
pub fn signed_part(der: &[u8]) -> Result<SignedPart, Malformed> {
    let certificate = parse(der)?;
    let algorithm = names::algorithm_contents(der).ok_or_else(|| Malformed {
        words: "the signature algorithm cannot be read".to_owned(),
    })?;
    Ok(SignedPart {
        tbs: certificate.tbs_certificate.as_ref().to_vec(),
        algorithm,
        signature: certificate.signature_value.data.to_vec(),
    })
}

fn parse(der: &[u8]) -> Result<X509Certificate<'_>, Malformed> {
    let (rest, certificate) = X509Certificate::from_der(der).map_err(|error| Malformed {
        words: match error {
            x509_parser::nom::Err::Incomplete(_) => "the bytes end too early".to_owned(),
            x509_parser::nom::Err::Error(error) | x509_parser::nom::Err::Failure(error) => error.to_string(),
        },
    })?;
    if rest.is_empty() {
        Ok(certificate)
    } else {
        Err(Malformed {
            words: format!("{} bytes follow the end of the certificate", rest.len()),
        })
    }
}

impl CertificateFacts {
    /// Reads a DER certificate. Fails only where the bytes are no X.509.
    pub fn from_der(der: &[u8]) -> Result<Self, Malformed> {
        #[cfg(test)]
        read::count();
        let certificate = parse(der)?;
        let tbs = &certificate.tbs_certificate;
        let mut facts = Self {
            sha256: sha256_hex(der),
            version: tbs.version.0 + 1,
            serial: hex::encode(tbs.raw_serial()),
            subject: names::rfc4514(&tbs.subject),
            display_name: String::new(),
            issuer: names::rfc4514(&tbs.issuer),
            common_name: names::common_name(&tbs.subject),
            issuer_display_name: names::display_name(&tbs.issuer),
            subject_der: tbs.subject.as_raw().to_vec(),
            issuer_der: tbs.issuer.as_raw().to_vec(),
            not_before: tbs.validity.not_before.timestamp(),
            not_after: tbs.validity.not_after.timestamp(),
            key: key_kind(&tbs.subject_pki),
            spki: tbs.subject_pki.raw.to_vec(),
            signature_algorithm: names::signature_algorithm(&certificate.signature_algorithm.algorithm),
            subject_alt_names: None,
            is_ca: None,
            path_len: None,
            key_usage: None,
            purposes: None,
            permitted_names: Vec::new(),
            excluded_names: Vec::new(),
            subject_key_id: None,
            authority_key_id: None,
            crl_distribution_points: None,
            ocsp_urls: Vec::new(),
            issuer_urls: Vec::new(),
            unknown_critical_extensions: Vec::new(),
        };
        for extension in tbs.extensions() {
            facts.take_extension(extension);
        }
        let own = facts.subject_alt_names.as_ref().and_then(|names| names.first());
        facts.display_name = named(facts.common_name.as_deref(), own, || facts.subject.clone());
        Ok(facts)
    }

    fn take_extension(&mut self, extension: &x509_parser::extensions::X509Extension<'_>) {
        if extension.critical && !is_known_to_webpki(&extension.oid) {
            self.unknown_critical_extensions
                .push(oid_words(extension.oid.as_bytes()).into_owned());
        }
        match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => {
                self.subject_alt_names = Some(names.general_names.iter().map(general_name).collect());
            }
            ParsedExtension::BasicConstraints(constraints) => {
                self.is_ca = Some(constraints.ca);
                self.path_len = constraints.path_len_constraint;
            }
            ParsedExtension::KeyUsage(usage) => {
                self.key_usage = Some(KeyUsage {
                    digital_signature: usage.digital_signature(),
                    non_repudiation: usage.non_repudiation(),
                    key_encipherment: usage.key_encipherment(),
                    data_encipherment: usage.data_encipherment(),
                    key_agreement: usage.key_agreement(),
                    key_cert_sign: usage.key_cert_sign(),
                    crl_sign: usage.crl_sign(),
                });
            }
            ParsedExtension::ExtendedKeyUsage(usage) => {
                let known = [
                    (usage.server_auth, Purpose::ServerAuth),
                    (usage.client_auth, Purpose::ClientAuth),
                    (usage.any, Purpose::Any),
                    (usage.code_signing, Purpose::Other("codeSigning".to_owned())),
                    (
                        usage.email_protection,
                        Purpose::Other("emailProtection".to_owned()),
                    ),
                    (usage.time_stamping, Purpose::Other("timeStamping".to_owned())),
                    (usage.ocsp_signing, Purpose::Other("OCSPSigning".to_owned())),
                ];
                let mut purposes: Vec<Purpose> = known
                    .into_iter()
                    .filter_map(|(is_set, purpose)| is_set.then_some(purpose))
                    .collect();
                purposes.extend(
                    usage
                        .other
                        .iter()
                        .map(|oid| Purpose::Other(oid_dotted(oid.as_bytes()).into_owned())),
                );
                self.purposes = Some(purposes);
            }
            ParsedExtension::NameConstraints(constraints) => {
                let list = |subtrees: &Option<Vec<x509_parser::extensions::GeneralSubtree<'_>>>| {
                    subtrees
                        .iter()
                        .flatten()
                        .map(|subtree| general_name(&subtree.base))
                        .collect()
                };
                self.permitted_names = list(&constraints.permitted_subtrees);
                self.excluded_names = list(&constraints.excluded_subtrees);
            }
            ParsedExtension::SubjectKeyIdentifier(identifier) => {
                self.subject_key_id = Some(identifier.0.to_vec());
            }
            ParsedExtension::AuthorityKeyIdentifier(identifier) => {
                self.authority_key_id = identifier.key_identifier.as_ref().map(|id| id.0.to_vec());
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                let points = points.iter().map(DistributionPoint::read);
                self.crl_distribution_points = Some(points.collect());
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                (self.ocsp_urls, self.issuer_urls) = access_points(access);
            }
            // Points that cannot be read are points that no list matches.
            _ if oid_dotted(extension.oid.as_bytes()) == "2.5.29.31" => {
                self.crl_distribution_points = Some(Vec::new());
            }
            _ => {}
        }
    }

    /// Within its validity, both ends included (RFC 5280 §4.1.2.5).
    pub fn is_valid_at(&self, unix_s: i64) -> bool {
        (self.not_before..=self.not_after).contains(&unix_s)
    }

    /// Subject and issuer are the same name (RFC 5280 §3.2: self-issued).
    pub fn is_self_issued(&self) -> bool {
        self.subject_der == self.issuer_der
    }
}

/// What to call a certificate, which is read for nothing else: its [`CertificateFacts::display_name`].
pub fn display_name(der: &[u8]) -> Result<String, Malformed> {
    let certificate = parse(der)?;
    let tbs = &certificate.tbs_certificate;
    let common = names::common_name(&tbs.subject);
    let is_read = common.is_some();
    // Of several lists the last, as in the facts.
    let mut lists = tbs.extensions().iter().rev().filter(|_| !is_read);
    let own = lists
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => Some(names.general_names.first()),
            _ => None,
        })
        .flatten()
        .map(general_name);
    Ok(named(common.as_deref(), own.as_ref(), || {
        names::rfc4514(&tbs.subject)
    }))
}

/// By its common name, else by its first other name, else by its whole subject.
fn named(common: Option<&str>, own: Option<&GeneralName>, subject: impl FnOnce() -> String) -> String {
    match (common, own) {
        (Some(name), _) => names::display(name),
        (None, Some(GeneralName::Dns(text) | GeneralName::Uri(text))) => names::display(text),
        (None, Some(other)) => names::display(&other.to_string()),
        (None, None) => match subject() {
            subject if subject.is_empty() => "(no name)".to_owned(),
            subject => names::display(&subject),
        },
    }
}

/// The extensions that rustls-webpki 0.103 understands or deliberately ignores when critical; any other critical
/// one is refused (RFC 5280 §4.2). certificatePolicies and its kin are not among them.
fn is_known_to_webpki(oid: &Oid<'_>) -> bool {
    // keyUsage, SAN, basicConstraints, nameConstraints, cRLDistributionPoints, extKeyUsage, the SCT list
    const KNOWN: [&str; 7] = [
        "2.5.29.15",
        "2.5.29.17",
        "2.5.29.19",
        "2.5.29.30",
        "2.5.29.31",
        "2.5.29.37",
        "1.3.6.1.4.1.11129.2.4.2",
    ];
    KNOWN.contains(&&*oid_dotted(oid.as_bytes()))
}

/// SHA-256 in lowercase hexadecimal, for what may be no certificate as well.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes))
}

pub(super) fn key_kind(key: &x509_parser::x509::SubjectPublicKeyInfo<'_>) -> KeyKind {
    let oid = oid_dotted(key.algorithm.algorithm.as_bytes());
    match (&*oid, key.parsed()) {
        (_, Ok(PublicKey::RSA(rsa))) => KeyKind::Rsa {
            bits: modulus_bits(rsa.modulus),
        },
        ("1.2.840.10045.2.1", _) => KeyKind::Ec {
            curve: key
                .algorithm
                .parameters
                .as_ref()
                .filter(|parameters| parameters.tag() == Tag::Oid)
                .and_then(|parameters| parameters.as_oid().ok())
                .map_or_else(|| EXPLICIT_CURVE.to_owned(), |oid| names::curve(&oid)),
        },
        ("1.3.101.112", _) => KeyKind::Ed25519,
        ("1.3.101.113", _) => KeyKind::Ed448,
        _ => KeyKind::Other(names::signature_algorithm(&key.algorithm.algorithm)),
    }
}

/// A curve that is not named but written out (RFC 5480 §2.1.1 allows names only).
pub const EXPLICIT_CURVE: &str = "an EC key with explicit curve parameters";

fn modulus_bits(modulus: &[u8]) -> usize {
    let start = modulus
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(modulus.len());
    let significant = &modulus[start..];
    significant
        .first()
        .map_or(0, |first| significant.len() * 8 - first.leading_zeros() as usize)
}

/// More of a name that is none is not shown.
const MOST_OF_A_NAME: usize = 64;

fn general_name(name: &ParsedName<'_>) -> GeneralName {
    match name {
        ParsedName::DNSName(text) => GeneralName::Dns((*text).to_owned()),
        ParsedName::URI(text) => GeneralName::Uri((*text).to_owned()),
        ParsedName::RFC822Name(text) => GeneralName::Email((*text).to_owned()),
        ParsedName::DirectoryName(name) => GeneralName::Directory(names::rfc4514(name)),
        ParsedName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).map_or_else(
                |_| GeneralName::Other("iPAddress".to_owned()),
                |octets| GeneralName::Ip(octets.into()),
            ),
            16 => <[u8; 16]>::try_from(*bytes).map_or_else(
                |_| GeneralName::Other("iPAddress".to_owned()),
                |octets| GeneralName::Ip(octets.into()),
            ),
            8 | 32 => GeneralName::Network(names::network(bytes)),
            length => GeneralName::Other(format!("iPAddress of {length} bytes")),
        },
        ParsedName::RegisteredID(oid) => GeneralName::Other(format!("RID:{}", oid_dotted(oid.as_bytes()))),
        ParsedName::OtherName(oid, _) => {
            GeneralName::Other(format!("othername:{}", oid_dotted(oid.as_bytes())))
        }
        ParsedName::X400Address(_) => GeneralName::Other("an X.400 address".to_owned()),
        ParsedName::EDIPartyName(_) => GeneralName::Other("an EDI party name".to_owned()),
        // Its bytes are those of no IA5String: most often Latin-1 or UTF-8 where punycode belongs.
        ParsedName::Invalid(tag, bytes) => {
            let kind = match tag.0 {
                1 => "email:",
                2 => "DNS:",
                6 => "URI:",
                _ => "an unreadable name: ",
            };
            let most = bytes.get(..MOST_OF_A_NAME).unwrap_or(bytes);
            GeneralName::Other(format!("{kind}{} (not ASCII)", most.escape_ascii()))
        }
    }
}

/// How many certificates this thread has read: the work, for tests to count.
#[cfg(test)]
pub(crate) mod read {
    thread_local! {
        static DONE: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
    }

    pub(super) fn count() {
        DONE.set(DONE.get() + 1);
    }

    pub(crate) fn so_far() -> u64 {
        DONE.get()
    }
}
