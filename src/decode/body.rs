//! What a message says, typed, for those who judge.

use super::BufferId;
use crate::capture::{Der, PerSide};
use crate::iana::{CipherSuite, Group, SignatureScheme, Version};

/// A message's typed reading. What did not parse is empty here and has its error in the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// ClientHello.
    ClientHello(ClientHelloFacts),
    /// ServerHello or HelloRetryRequest.
    ServerHello(ServerHelloFacts),
    /// EncryptedExtensions: the protocol chosen.
    EncryptedExtensions {
        /// ALPN.
        alpn: Option<String>,
        /// What each side shows instead of an X.509 certificate, where the two agreed on something else (RFC 7250).
        certificate_types: PerSide<Option<u8>>,
    },
    /// CertificateRequest, either form.
    CertificateRequest(CertificateRequestFacts),
    /// Certificate, either form.
    Certificate(CertificateMessage),
    /// CertificateVerify, either form.
    CertificateVerify(CertificateVerifyFacts),
    /// TLS 1.2 ServerKeyExchange.
    ServerKeyExchange {
        /// Named group of an ECDHE exchange.
        group: Option<Group>,
        /// Signature scheme.
        scheme: Option<SignatureScheme>,
        /// Where the signed parameters lie in the message.
        params: std::ops::Range<usize>,
        /// The signature over the randoms and the parameters.
        signature: Vec<u8>,
        /// What was signed (RFC 5246 §7.4.3), where both hellos were seen.
        signed: Option<Vec<u8>>,
    },
    /// ClientKeyExchange.
    ClientKeyExchange {
        /// The premaster secret under the server's RSA key; empty in the other exchanges.
        encrypted_premaster: Vec<u8>,
    },
    /// Finished.
    Finished(FinishedFacts),
    /// NewSessionTicket.
    NewSessionTicket {
        /// Lifetime in seconds.
        lifetime_s: u32,
    },
    /// Alert.
    Alert(AlertFacts),
    /// Application data, opened.
    ApplicationData,
    /// Bytes that are no TLS, with the protocol they look like (`HTTP`, `SSH`) where known.
    NotTls {
        /// The protocol.
        looks_like: Option<&'static str>,
    },
    /// What was said before TLS began: STARTTLS and its kin.
    Preamble {
        /// `SMTP`, `PostgreSQL`, …, where it is known.
        protocol: Option<&'static str>,
        /// Who connected, as a PROXY header tells.
        client: Option<std::net::SocketAddr>,
    },
    /// A record that could not be opened.
    Encrypted,
    /// Anything else.
    Other,
}

/// What a client offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientHelloFacts {
    /// 32 bytes.
    pub random: Vec<u8>,
    /// From supported_versions, else legacy_version alone; without those of RFC 8701, as all lists here.
    pub versions: Vec<Version>,
    /// cipher_suites.
    pub cipher_suites: Vec<CipherSuite>,
    /// supported_groups.
    pub groups: Vec<Group>,
    /// Groups that a share was sent for.
    pub key_shares: Vec<Group>,
    /// signature_algorithms.
    pub signature_schemes: Vec<SignatureScheme>,
    /// Protocols.
    pub alpn: Vec<String>,
    /// server_name.
    pub server_name: Option<String>,
    /// It offers to resume (RFC 8446 §4.2.11).
    pub offers_psk: bool,
    /// It offers early data (RFC 8446 §4.2.10).
    pub offers_early_data: bool,
}

/// What a server chose.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an extension that is there or not"
)]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerHelloFacts {
    /// 32 bytes.
    pub random: Vec<u8>,
    /// From supported_versions, else legacy_version; `None` where the message is too short for one.
    pub version: Option<Version>,
    /// The suite; `None` where the message is too short for one.
    pub cipher_suite: Option<CipherSuite>,
    /// Group of the key share, or the one asked for by a HelloRetryRequest.
    pub group: Option<Group>,
    /// TLS 1.2's choice in the hello itself.
    pub alpn: Option<String>,
    /// A HelloRetryRequest (RFC 8446 §4.1.4).
    pub is_retry: bool,
    /// legacy_session_id_echo: TLS 1.2 resumes by it.
    pub session_id: Vec<u8>,
    /// It took a pre-shared key: a resumption.
    pub chose_psk: bool,
    /// What each side shows instead of an X.509 certificate, where TLS 1.2 agreed on something else (RFC 7250).
    pub certificate_types: PerSide<Option<u8>>,
    /// The master secret is bound to the handshake (RFC 7627).
    pub extended_master_secret: bool,
    /// Record MACs over the ciphertext (RFC 7366).
    pub encrypt_then_mac: bool,
    /// Record MACs of 10 bytes (RFC 6066 §7).
    pub truncated_hmac: bool,
    /// Compression of TLS 1.2 and before: 1 is DEFLATE (RFC 3749).
    pub compression: u8,
}

/// What a server asks of a client certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateRequestFacts {
    /// Distinguished names, DER, with their RFC 4514 text.
    pub authorities: Vec<(Vec<u8>, String)>,
    /// signature_algorithms.
    pub signature_schemes: Vec<SignatureScheme>,
    /// TLS 1.3's signature_algorithms_cert: for the signatures on certificates (RFC 8446 §4.2.3); empty where absent.
    pub certificate_schemes: Vec<SignatureScheme>,
    /// TLS 1.2's certificate_types: 1 is rsa_sign, 64 ecdsa_sign (RFC 5246 §7.4.4, RFC 8422 §5.5); empty in TLS 1.3.
    pub certificate_types: Vec<u8>,
}

/// A chain as sent, leaf first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateMessage {
    /// The certificates, each with the range of its DER in the message's bytes, or in `buffer`.
    pub chain: Vec<(Der, std::ops::Range<usize>)>,
    /// Where the ranges count, if not in the message itself: what it carried compressed.
    pub buffer: Option<BufferId>,
    /// A bare SubjectPublicKeyInfo in a certificate's place (RFC 7250), DER.
    pub raw_public_key: Option<Vec<u8>>,
}

/// The checksum over the handshake, and our own (RFC 8446 §4.4.4, RFC 5246 §7.4.9).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FinishedFacts {
    /// verify_data as sent.
    pub sent: Vec<u8>,
    /// verify_data as it must be by the secrets and the messages before it.
    pub computed: Option<Vec<u8>>,
    /// Why it could not be computed.
    pub why_not: Option<String>,
}

/// A proof of possession.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateVerifyFacts {
    /// How it was signed; `None` before TLS 1.2, where the key says so, and where the message is too short for one.
    pub scheme: Option<SignatureScheme>,
    /// The signature.
    pub signature: Vec<u8>,
    /// What was signed, where the transcript up to here is complete: the content of RFC 8446 §4.4.3, or 1.2's
    /// handshake messages (RFC 5246 §7.4.8).
    pub signed: Option<Vec<u8>>,
}

/// An alert (RFC 8446 §6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlertFacts {
    /// 1 warning, 2 fatal.
    pub level: u8,
    /// The description's code.
    pub code: u8,
}
