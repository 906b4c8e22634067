//! Where extensions stand, and what they say to the message's typed reading.

use crate::capture::PerSide;
use crate::iana::{Group, SignatureScheme, Version};

/// In which message an extension stands: the same type reads differently in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decode) enum Place {
    ClientHello,
    ServerHello,
    HelloRetryRequest,
    EncryptedExtensions,
    CertificateRequest,
    CertificateEntry,
    NewSessionTicket,
}

/// What extensions say, for the message's typed reading.
#[derive(Debug, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an extension that is there or not"
)]
pub(in crate::decode) struct Said {
    pub server_name: Option<String>,
    pub groups: Vec<Group>,
    pub key_shares: Vec<Group>,
    pub signature_schemes: Vec<SignatureScheme>,
    pub certificate_schemes: Vec<SignatureScheme>,
    pub alpn: Vec<String>,
    /// Offered, or the one chosen.
    pub versions: Vec<Version>,
    pub authorities: Vec<(Vec<u8>, String)>,
    pub offers_psk: bool,
    pub chose_psk: bool,
    pub offers_early_data: bool,
    pub encrypt_then_mac: bool,
    pub extended_master_secret: bool,
    pub truncated_hmac: bool,
    /// Of each side's certificate, as the server chose (RFC 7250 §4).
    pub certificate_types: PerSide<Option<u8>>,
}
