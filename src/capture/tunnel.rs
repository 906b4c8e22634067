//! What a connection's packets travelled in, where they were recorded inside other packets.

use std::fmt::{Display, Formatter};
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// One way in which packets were wrapped into others, between two ends of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tunnel {
    /// The protocol of the wrapping.
    pub kind: TunnelKind,
    /// Who wrapped them.
    pub from: IpAddr,
    /// Who unwraps them.
    pub to: IpAddr,
    /// The virtual network, session or key, where the wrapping names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<u32>,
}

/// The protocol that wraps packets into packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TunnelKind {
    /// IPv4 or IPv6 in either of them (RFC 2003, RFC 4213, RFC 2473).
    IpInIp,
    /// RFC 2784, RFC 2890.
    Gre,
    /// A switch's copy of what passed through it, inside GRE.
    Erspan,
    /// RFC 7348.
    Vxlan,
    /// RFC 8926.
    Geneve,
    /// A phone network's user plane (3GPP TS 29.281).
    GtpU,
    /// RFC 2661.
    L2tp,
    /// IPv6 through IPv4's address translation (RFC 4380).
    Teredo,
}

impl TunnelKind {
    /// Its usual name.
    pub fn word(self) -> &'static str {
        match self {
            Self::IpInIp => "IP in IP",
            Self::Gre => "GRE",
            Self::Erspan => "ERSPAN",
            Self::Vxlan => "VXLAN",
            Self::Geneve => "Geneve",
            Self::GtpU => "GTP-U",
            Self::L2tp => "L2TP",
            Self::Teredo => "Teredo",
        }
    }

    /// What its number is called.
    fn number(self) -> &'static str {
        match self {
            Self::Gre => "key",
            Self::Erspan | Self::L2tp => "session",
            Self::GtpU => "tunnel",
            Self::IpInIp | Self::Vxlan | Self::Geneve | Self::Teredo => "network",
        }
    }
}

impl Display for Tunnel {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.word())?;
        if let Some(network) = self.network {
            write!(f, " ({} {network})", self.kind.number())?;
        }
        write!(f, " from {} to {}", self.from, self.to)
    }
}
