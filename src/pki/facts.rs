//! What a certificate says of itself (RFC 5280 §4), as plain data.

use std::net::IpAddr;

/// A certificate that cannot be read as X.509.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a readable X.509 certificate: {words}")]
pub struct Malformed {
    /// What is wrong and where.
    pub words: String,
}

/// A public key's kind, as people say it: `P-256`, `RSA-2048`, `Ed25519`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA, with the modulus's bits.
    Rsa {
        /// Bits of the modulus.
        bits: usize,
    },
    /// ECDSA over a named curve.
    Ec {
        /// `P-256`, `P-384`, `P-521`, `secp256k1`, or the OID.
        curve: String,
    },
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// Ed448 (RFC 8410).
    Ed448,
    /// Anything else: its name or OID.
    Other(String),
}

impl std::fmt::Display for KeyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA-{bits}"),
            Self::Ec { curve } => f.write_str(curve),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Ed448 => f.write_str("Ed448"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

/// A subject alternative name or a name constraint (RFC 5280 §4.2.1.6).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GeneralName {
    /// dNSName, verbatim.
    Dns(String),
    /// iPAddress.
    Ip(IpAddr),
    /// iPAddress in a name constraint: address and mask.
    Network(String),
    /// uniformResourceIdentifier (a SPIFFE ID is one).
    Uri(String),
    /// rfc822Name.
    Email(String),
    /// directoryName, RFC 4514.
    Directory(String),
    /// Any other form, named.
    Other(String),
}

impl std::fmt::Display for GeneralName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dns(text) => write!(f, "DNS:{text}"),
            Self::Ip(address) => write!(f, "IP:{address}"),
            Self::Network(text) => write!(f, "IP:{text}"),
            Self::Uri(text) => write!(f, "URI:{text}"),
            Self::Email(text) => write!(f, "email:{text}"),
            Self::Directory(text) => write!(f, "DirName:{text}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// keyUsage bits (RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(
    missing_docs,
    clippy::struct_excessive_bools,
    reason = "the bits by their RFC names"
)]
pub struct KeyUsage {
    pub digital_signature: bool,
    pub non_repudiation: bool,
    pub key_encipherment: bool,
    pub data_encipherment: bool,
    pub key_agreement: bool,
    pub key_cert_sign: bool,
    pub crl_sign: bool,
}

/// An extended key usage (RFC 5280 §4.2.1.12).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// id-kp-serverAuth.
    ServerAuth,
    /// id-kp-clientAuth.
    ClientAuth,
    /// anyExtendedKeyUsage.
    Any,
    /// Another, by name or OID.
    Other(String),
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
    /// OIDs (dotted, with the name where known) of critical extensions that no TLS stack here knows.
    pub unknown_critical_extensions: Vec<String>,
}

impl CertificateFacts {
    /// Subject and issuer are the same name (RFC 5280 §3.2: self-issued).
    pub fn is_self_issued(&self) -> bool {
        self.subject_der == self.issuer_der
    }
}
