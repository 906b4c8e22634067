//! How TLS was carried, where it did not lie bare in a TCP stream.

use serde::{Deserialize, Serialize};

use crate::printable::quoted_value;

/// What stood around the TLS of a capture. Its own headers are taken off, as TCP's are: the bytes of a capture are TLS's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Carrier {
    /// The packets of TDS 7, SQL Server's protocol, until the handshake is over ([MS-TDS] 2.2.6.5).
    Tds {
        /// The two agreed to encrypt the login alone: after it they go on without TLS.
        login_only: bool,
    },
    /// OpenVPN's control channel.
    OpenVpn {
        /// Over TCP, each packet behind its length; else over UDP.
        is_tcp: bool,
        /// The session's keys that this handshake makes: 0 for the first, others are renegotiated.
        key_id: u8,
        /// The length of the HMAC that tls-auth puts on each packet; 0 without it.
        hmac_bytes: u8,
    },
    /// An EAP method (RFC 3748): the supplicant is TLS's client.
    Eap {
        /// Which.
        method: EapMethod,
        /// What carried EAP.
        lower: EapLower,
        /// What the supplicant answered when it was asked who it is, in the clear and unproven (RFC 3748 §5.1).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        identity: Option<String>,
        /// The access server that passes EAP on in RADIUS.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        through: Option<String>,
    },
}

/// EAP methods that shake hands with TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EapMethod {
    /// EAP-TLS (RFC 5216, RFC 9190).
    Tls,
    /// EAP-TTLS (RFC 5281).
    Ttls,
    /// PEAP.
    Peap,
    /// TEAP (RFC 7170).
    Teap,
}

impl EapMethod {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Tls, Self::Ttls, Self::Peap, Self::Teap];

    /// The number in an EAP packet (IANA, EAP method types).
    pub fn number(self) -> u8 {
        match self {
            Self::Tls => 13,
            Self::Ttls => 21,
            Self::Peap => 25,
            Self::Teap => 55,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tls => "EAP-TLS",
            Self::Ttls => "EAP-TTLS",
            Self::Peap => "PEAP",
            Self::Teap => "TEAP",
        }
    }
}

/// What carries EAP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EapLower {
    /// EAP over LAN, IEEE 802.1X.
    Eapol,
    /// EAP-Message attributes (RFC 3579).
    Radius,
}

impl Carrier {
    /// How TLS was carried, in words: `TLS inside TDS 7`, `EAP-TLS in RADIUS`.
    pub fn words(&self) -> String {
        match self {
            Self::Tds { .. } => "TLS inside TDS 7".to_owned(),
            Self::OpenVpn { is_tcp, key_id, .. } => {
                let transport = if *is_tcp { "TCP" } else { "UDP" };
                match key_id {
                    0 => format!("TLS inside OpenVPN over {transport}"),
                    key => format!("TLS inside OpenVPN over {transport}, renegotiation (key {key})"),
                }
            }
            Self::Eap { method, lower, .. } => {
                let lower = match lower {
                    EapLower::Eapol => "EAPOL",
                    EapLower::Radius => "RADIUS",
                };
                format!("{} in {lower}", method.name())
            }
        }
    }

    /// What the client said of itself in the carrier, unproven.
    pub fn identity(&self) -> Option<&str> {
        match self {
            Self::Eap { identity, .. } => identity.as_deref(),
            Self::Tds { .. } | Self::OpenVpn { .. } => None,
        }
    }

    /// All there is to say of it.
    pub fn told(&self) -> String {
        let identity = self.identity();
        let identity = identity.map(|name| format!("The client says that it is {}.", quoted_value(name)));
        let mut words = vec![format!("{}.", self.words())];
        words.extend(identity);
        words.extend(self.remarks());
        words.join(" ")
    }

    /// What else there is to say of it, in sentences.
    pub fn remarks(&self) -> Vec<String> {
        match self {
            Self::Tds { login_only: true } => vec![
                "Client and server agreed to encrypt the login alone (ENCRYPT_OFF): what follows it is not encrypted."
                    .to_owned(),
            ],
            Self::OpenVpn { hmac_bytes, .. } if *hmac_bytes > 0 => vec![format!(
                "Each packet of the control channel bears an HMAC of {hmac_bytes} bytes (tls-auth), which is not checked \
                 here."
            )],
            Self::Eap {
                through: Some(through),
                ..
            } => vec![format!("EAP was passed on in RADIUS by {through}.")],
            Self::Tds { .. } | Self::OpenVpn { .. } | Self::Eap { .. } => Vec::new(),
        }
    }
}
