//! The words of a certificate: kinds of keys, names, and what a key may be used for.

use std::net::IpAddr;

use crate::printable::printable;

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

/// For sentences: safe to show, whatever is in it.
impl std::fmt::Display for GeneralName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, text) = match self {
            Self::Ip(address) => return write!(f, "IP:{address}"),
            Self::Dns(text) => ("DNS:", text),
            Self::Network(text) => ("IP:", text),
            Self::Uri(text) => ("URI:", text),
            Self::Email(text) => ("email:", text),
            Self::Directory(text) => ("DirName:", text),
            Self::Other(text) => ("", text),
        };
        write!(f, "{kind}{}", printable(text))
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

impl KeyUsage {
    /// The bits that are set, by their RFC names.
    pub fn words(self) -> Vec<&'static str> {
        [
            (self.digital_signature, "digitalSignature"),
            (self.non_repudiation, "nonRepudiation"),
            (self.key_encipherment, "keyEncipherment"),
            (self.data_encipherment, "dataEncipherment"),
            (self.key_agreement, "keyAgreement"),
            (self.key_cert_sign, "keyCertSign"),
            (self.crl_sign, "cRLSign"),
        ]
        .into_iter()
        .filter_map(|(is_set, word)| is_set.then_some(word))
        .collect()
    }
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

impl std::fmt::Display for Purpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ServerAuth => "serverAuth",
            Self::ClientAuth => "clientAuth",
            Self::Any => "anyExtendedKeyUsage",
            Self::Other(name) => name,
        })
    }
}
